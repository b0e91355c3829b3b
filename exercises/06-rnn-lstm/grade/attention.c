// grade/attention.c of 06-rnn-lstm: the checks of op_additive_attention.
#include "judges.h"
#include "op_additive_attention.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double TOLERANCE = 3e-5;

typedef struct { int T, B, A, H; } Size;
typedef struct { float *weight, *y, *dquery, *dkey, *dv, *dvalue; } Made;
enum { OF_WEIGHT, OF_Y, OF_QUERY, OF_KEY, OF_V, OF_VALUE };

typedef enum {
    RIGHT,
    // the weights
    SELF, FUTURE, MASKED_WITH_0, OTHER_AXIS, NO_V, NO_TANH, TANH_OUTSIDE, TANH_OF_PRODUCT, DOT, EXCHANGED, RAW_SCORES, NOT_NORMALISED, SCALED, BATCH_FIRST, FIRST_EXAMPLE, ONE_BEFORE, EVEN, FIRST_PLACE_ITSELF,
    // what they add up to
    MEAN, TRANSPOSED, NEAREST, FIRST_VALUE, EARLIER_AND_ITSELF,
    // backward
    DVALUE_TRANSPOSED, DVALUE_UNWEIGHTED, DVALUE_OF_SELF, NO_MEAN, NO_WEIGHT, SCORE_ONLY, NOT_BENT, BENT_BY_SUM, BENT_BY_TANH, SQUARE_FORGOTTEN, DWEIGHT_WITHOUT_VALUE, NO_V_BACK, LAST_ONLY, DV_BENT, DV_BY_SUM, KEY_AT_T, QUERY_AT_S, NEGATIVE
} Bug;

typedef struct { Bug bug; const char *why; } Known;

static const Known WEIGHT_KNOWN[] = {
    {SELF, "every place sees itself: only places s < t are looked at, for its own state is at hand anyway"},
    {FUTURE, "every place sees the places after it: only places s < t are looked at. A model that sees what it is to predict learns nothing"},
    {MASKED_WITH_0, "the places s >= t have the score 0, and so a part of the weight: leave them out of the softmax, and set their weights to 0 after it"},
    {OTHER_AXIS, "the softmax goes over t: for each t it goes over s, so that the weights of one place add up to 1"},
    {NO_V, "v is left out: score = sum over a of v_a tanh(query_ta + key_sa)"},
    {NO_TANH, "tanh is left out. Then the query would change nothing, for the softmax leaves out what all scores of a place have in common"},
    {TANH_OUTSIDE, "tanh stands around v times the sum: score = sum over a of v_a tanh(query_ta + key_sa)"},
    {TANH_OF_PRODUCT, "query and key are multiplied inside of tanh: they are added there, score = sum over a of v_a tanh(query_ta + key_sa)"},
    {DOT, "query and key are multiplied: that is the attention of lesson 07; here they are added, and go through tanh"},
    {EXCHANGED, "query and key are exchanged: the query is that of place t, the keys are those of the places s before it"},
    {RAW_SCORES, "the weights are the scores: the softmax makes weights of them, exp(score) divided by the sum of all exp(score) of the row"},
    {NOT_NORMALISED, "the weights of a row do not add up to 1: divide by their sum"},
    {SCALED, "the scores are divided by the square root of A: that belongs to the attention of lesson 07"},
    {BATCH_FIRST, "query and key are read as (B,T,A): time comes first here, query[(t*B + b)*A + a]"},
    {FIRST_EXAMPLE, "all examples look at the keys of the first one: each of the B has its own"},
    {ONE_BEFORE, "the place right before t is left out: all s < t are looked at"},
    {EVEN, "all earlier places have the same weight: the softmax is to be one of the scores"},
    {FIRST_PLACE_ITSELF, "place 0 looks at itself: nothing is earlier, so all its weights are 0"},
};

static const Known SUM_KNOWN[] = {
    {FIRST_VALUE, "y_0 is value_0: nothing is earlier than place 0, so y_0 = 0"},
    {EARLIER_AND_ITSELF, "the value of place t itself is added: y_t is the sum over s < t of weight_ts value_s"},
    {MEAN, "y is the plain mean of the earlier values: each has the weight weight_ts"},
    {TRANSPOSED, "the weights are read transposed: row t of weight holds those of place t, weight[(b*T + t)*T + s]"},
    {NEAREST, "y_t is the value with the greatest weight: it is the sum of all, each times its weight"},
    {BATCH_FIRST, "value and y are read as (B,T,H): time comes first here, value[(s*B + b)*H + h]"},
    {FIRST_EXAMPLE, "all examples look at the values of the first one: each of the B has its own"},
};

static const Known BACK_KNOWN[] = {
    {DWEIGHT_WITHOUT_VALUE, "dweight lacks the value: dweight_ts is the sum over j of dy_tj value_sj. Without it, it is the same for all s, and the softmax has nothing to choose by: all that comes back through the scores is 0"},
    {DVALUE_TRANSPOSED, "it takes the weights transposed: value_s went into y_t with weight_ts, so it gets weight_ts dy_t, from every t > s"},
    {DVALUE_UNWEIGHTED, "it gets dy without the weight: value_s went into y_t with weight_ts, so it gets weight_ts dy_t"},
    {DVALUE_OF_SELF, "place t gets dy_t: y_t was made of the values at s < t, so it is they that get it"},
    {NO_MEAN, "the softmax's gradient lacks its second part: a weight only grows if others shrink, dscore_ts = weight_ts (dweight_ts - sum over s of weight_ts dweight_ts)"},
    {NO_WEIGHT, "the softmax's gradient lacks its factor: dscore_ts = weight_ts (dweight_ts - sum over s of weight_ts dweight_ts)"},
    {SCORE_ONLY, "the softmax is passed as if it were not there: dscore_ts = weight_ts (dweight_ts - sum over s of weight_ts dweight_ts)"},
    {NOT_BENT, "tanh' is missing on the way to query and key: v_a (1 - tanh²(query_ta + key_sa))"},
    {BENT_BY_SUM, "tanh' is taken from what goes into tanh: it is 1 - tanh²(query_ta + key_sa), with tanh around the sum"},
    {BENT_BY_TANH, "tanh itself stands where its slope belongs: it is 1 - tanh²(query_ta + key_sa)"},
    {SQUARE_FORGOTTEN, "tanh' is 1 - tanh², not 1 - tanh: the square is forgotten"},
    {NO_V_BACK, "v is missing on the way to query and key: v_a (1 - tanh²(query_ta + key_sa))"},
    {LAST_ONLY, "it holds only what came last: every query meets many keys, every key many queries, and v all of them, so what they give adds up (+=)"},
    {DV_BENT, "it takes tanh': v_a was multiplied by tanh(query_ta + key_sa), so it gets dscore_ts times that"},
    {DV_BY_SUM, "it takes query + key: v_a was multiplied by tanh(query_ta + key_sa), so it gets dscore_ts times that"},
    {KEY_AT_T, "the keys' gradient goes to place t: place t looked at the keys of the places s, so those get it"},
    {QUERY_AT_S, "the queries' gradient goes to the places s: the query was that of place t"},
    {NEGATIVE, "the sign is wrong: the mean is subtracted from dweight, not the other way round"},
};
enum { ROOM = 32 };

typedef struct {
    Size z;
    Tape tape;
    Tensor *in[4], *y;      // query, key, v, value
    float *dy;
    char *text;
} Run;

// --- attention in plain loops, with every bug ---

typedef struct { const float *q, *k, *v, *value; } Inputs;

static int row_of(Size z, int t, int b, Bug bug) { return bug == BATCH_FIRST ? b * z.T + t : t * z.B + b; }

static double score(Size z, Inputs in, int t, int s, int b, Bug bug) {
    double sum = 0;
    int at = row_of(z, bug == EXCHANGED ? s : t, b, bug), from = row_of(z, bug == EXCHANGED ? t : s, bug == FIRST_EXAMPLE ? 0 : b, bug);
    for (int a = 0; a < z.A; a++) {
        double q = in.q[at * z.A + a], k = in.k[from * z.A + a];
        sum += bug == DOT ? q * k : (bug == NO_V ? 1 : in.v[a]) * (bug == NO_TANH || bug == TANH_OUTSIDE ? q + k : bug == TANH_OF_PRODUCT ? tanh(q * k) : tanh(q + k));
    }
    return bug == TANH_OUTSIDE ? tanh(sum) : bug == SCALED ? sum / sqrt(z.A) : bug == EVEN ? 0 : sum;
}

static bool seen(int t, int s, Bug bug) {
    if (bug == SELF) return s <= t;
    if (bug == FUTURE || bug == MASKED_WITH_0) return true;
    if (bug == ONE_BEFORE) return s < t - 1;
    if (bug == FIRST_PLACE_ITSELF && t == 0) return s == 0;
    return s < t;
}

static double *weights_plainly(Size z, Inputs in, Bug bug) {
    double *weight = xcalloc((size_t)(z.B * z.T * z.T), sizeof *weight);
    for (int b = 0; b < z.B; b++)
        for (int line = 0; line < z.T; line++) {
            double most = -INFINITY, sum = 0;
            for (int turn = 0; turn < 3; turn++)
                for (int other = 0; other < z.T; other++) {
                    int t = bug == OTHER_AXIS ? other : line, s = bug == OTHER_AXIS ? line : other;
                    if (!seen(t, s, bug)) continue;
                    double one = bug == MASKED_WITH_0 && s >= t ? 0 : score(z, in, t, s, b, bug), *w = &weight[(b * z.T + t) * z.T + s];
                    if (turn == 0) most = fmax(most, one);
                    if (bug == NOT_NORMALISED) most = 0;
                    if (turn == 1) sum += exp(one - most);
                    if (turn == 2) *w = bug == RAW_SCORES ? one : bug == NOT_NORMALISED ? exp(one) : bug == MASKED_WITH_0 && s >= t ? 0 : exp(one - most) / sum;
                }
        }
    return weight;
}

static float *sums_plainly(Size z, Inputs in, const double *weight, Bug bug) {
    float *y = filled((size_t)(z.T * z.B * z.H), 0);
    for (int b = 0; b < z.B; b++)
        for (int t = 0; t < z.T; t++) {
            int best = 0;
            for (int s = 0; s < t; s++)
                if (weight[(b * z.T + t) * z.T + s] > weight[(b * z.T + t) * z.T + best]) best = s;
            for (int h = 0; h < z.H; h++) {
                double sum = 0;
                for (int s = 0; s < z.T; s++) {
                    double w = weight[(b * z.T + t) * z.T + s];
                    if (bug == MEAN) w = s < t ? 1.0 / t : 0;
                    if (bug == TRANSPOSED) w = weight[(b * z.T + s) * z.T + t];
                    if (bug == NEAREST) w = s == best && t > 0;
                    if (bug == EARLIER_AND_ITSELF && s == t && t > 0) w = 1;
                    if ((bug == FIRST_VALUE || bug == EARLIER_AND_ITSELF) && t == 0 && s == 0) w = 1;
                    sum += w * in.value[row_of(z, s, bug == FIRST_EXAMPLE ? 0 : b, bug) * z.H + h];
                }
                y[row_of(z, t, b, bug) * z.H + h] = (float)sum;
            }
        }
    return y;
}

static void back_plainly(Size z, Inputs in, const double *weight, const float *dy, Made m, Bug bug) {
    double *d = xcalloc((size_t)z.T, sizeof *d);
    for (int b = 0; b < z.B; b++)
        for (int t = 0; t < z.T; t++) {
            const double *w = weight + (b * z.T + t) * z.T;
            int at = t * z.B + b;
            double mean = 0;
            for (int s = 0; s < t; s++) {
                d[s] = 0;
                for (int h = 0; h < z.H; h++) {
                    float one = dy[at * z.H + h], *dvalue = &m.dvalue[((bug == DVALUE_OF_SELF || bug == DVALUE_TRANSPOSED ? t : s) * z.B + b) * z.H + h];
                    d[s] += one * (bug == DWEIGHT_WITHOUT_VALUE ? 1 : in.value[(s * z.B + b) * z.H + h]);
                    if (bug == DVALUE_OF_SELF) *dvalue = one;
                    else if (bug == DVALUE_TRANSPOSED) *dvalue += (float)w[s] * dy[(s * z.B + b) * z.H + h];
                    else *dvalue = (bug == LAST_ONLY ? 0 : *dvalue) + (float)(bug == DVALUE_UNWEIGHTED ? 1 : w[s]) * one;
                }
                mean += w[s] * d[s];
            }
            for (int s = 0; s < t; s++) {
                double dscore = w[s] * (d[s] - mean);
                if (bug == NO_MEAN) dscore = w[s] * d[s];
                if (bug == NO_WEIGHT) dscore = d[s] - mean;
                if (bug == SCORE_ONLY) dscore = d[s];
                if (bug == NEGATIVE) dscore = -dscore;
                for (int a = 0; a < z.A; a++) {
                    double sum = (double)in.q[at * z.A + a] + in.k[(s * z.B + b) * z.A + a], bent = tanh(sum);
                    double through = dscore * (bug == NO_V_BACK ? 1 : in.v[a]) * (bug == NOT_BENT ? 1 : bug == BENT_BY_SUM ? 1 - sum * sum : bug == BENT_BY_TANH ? bent : bug == SQUARE_FORGOTTEN ? 1 - bent : 1 - bent * bent);
                    float *dq = &m.dquery[((bug == QUERY_AT_S ? s : t) * z.B + b) * z.A + a], *dk = &m.dkey[((bug == KEY_AT_T ? t : s) * z.B + b) * z.A + a];
                    if (bug == LAST_ONLY) *dq = *dk = m.dv[a] = 0;
                    *dq += (float)through;
                    *dk += (float)through;
                    m.dv[a] += (float)(dscore * (bug == DV_BENT ? 1 - bent * bent : bug == DV_BY_SUM ? sum : bent));
                }
            }
        }
}

static const float *made(const Run *r, int part, Bug bug) {
    Size z = r->z;
    Inputs in = {r->in[0]->data, r->in[1]->data, r->in[2]->data, r->in[3]->data};
    size_t n = (size_t)(z.T * z.B), TT = n * (size_t)z.T;
    double *weight = weights_plainly(z, in, bug);
    Made m = {filled(TT, 0), sums_plainly(z, in, weight, bug), filled(n * (size_t)z.A, 0), filled(n * (size_t)z.A, 0), filled((size_t)z.A, 0), filled(n * (size_t)z.H, 0)};
    for (size_t i = 0; i < TT; i++) m.weight[i] = (float)weight[i];
    if (part >= OF_QUERY) back_plainly(z, in, weight, r->dy, m, bug);
    return ((const float *[]){m.weight, m.y, m.dquery, m.dkey, m.dv, m.dvalue})[part];
}

static void known_suspects(const Run *r, int part, const Known *known, int count, Suspect *s) {
    for (int i = 0; i < count; i++) s[i] = (Suspect){known[i].why, made(r, part, known[i].bug)};
}

// --- runs ---

static Run new_run(Size z, float start) {
    Run r = {.z = z, .tape = used_tape(true), .dy = given_floats((size_t)(z.T * z.B * z.H), 55)};
    r.in[0] = given_tensor("query", 3, (int[]){z.T, z.B, z.A}, 51, start);
    r.in[1] = given_tensor("key", 3, (int[]){z.T, z.B, z.A}, 52, start);
    r.in[2] = given_tensor("v", 1, (int[]){z.A}, 53, start);
    r.in[3] = given_tensor("value", 3, (int[]){z.T, z.B, z.H}, 54, start);
    r.text = xprintf("T = %d, B = %d, A = %d, H = %d: ", z.T, z.B, z.A, z.H);
    return r;
}

static void go(Run *r) {
    r->y = op_additive_attention(&r->tape, r->in[0], r->in[1], r->in[2], r->in[3]);
    expect_shape(xprintf("%sy", r->text), r->y, xprintf("(%d,%d,%d)", r->z.T, r->z.B, r->z.H));
}

static Run run_of(Size z, float start) {
    Run r = new_run(z, start);
    go(&r);
    return r;
}

static void judge_weights(const Run *r) {
    Size z = r->z;
    const float *got = additive_attention_weights(r->y);
    const float *want = made(r, OF_WEIGHT, RIGHT);
    if (!got) reject("%sthe weights are NULL: leave them in s->weight", r->text);
    Tensor shape = {.ndim = 3, .shape = {z.B, z.T, z.T}, .size = (size_t)(z.B * z.T * z.T)};
    bool below = true;
    for (size_t i = 0; i < shape.size; i++) {
        int t = (int)i / z.T % z.T, s = (int)i % z.T;
        if (s < t) below &= fabsf(got[i] - want[i]) < 1e-4f;
    }
    for (size_t i = shape.size; i-- > 0 && below;) {
        int t = (int)i / z.T % z.T, s = (int)i % z.T;
        if (s >= t && isnan(got[i]) && t > 0) reject("%sthe weight of s = %d for t = %d is NaN: the weights of s >= t are 0; write them, for the tape's memory held something else before", r->text, s, t);
        if (t == 0 && isnan(got[i]) && i < (size_t)z.T) reject("%sthe weights of place 0 are NaN: nothing is earlier, so they are all 0; write them, and divide by no sum that is 0", r->text);
    }
    Suspect s[ROOM] = {{0}};
    int known = sizeof WEIGHT_KNOWN / sizeof *WEIGHT_KNOWN;
    known_suspects(r, OF_WEIGHT, WEIGHT_KNOWN, known, s);
    static const char *LAYOUT[] = {"(b*T + s)*T + t", "(t*B + b)*T + s", "(t*T + s)*B + b", "(s*T + t)*B + b", "(s*B + b)*T + t"};
    enum { LAYOUTS = sizeof LAYOUT / sizeof *LAYOUT };
    for (int i = 0; i < LAYOUTS; i++) {
        float *other = filled(shape.size, 0);
        for (int at = 0; at < (int)shape.size; at++) {
            int b = at / (z.T * z.T), t = at / z.T % z.T, from = at % z.T;
            const int place[] = {(b * z.T + from) * z.T + t, (t * z.B + b) * z.T + from, (t * z.T + from) * z.B + b, (from * z.T + t) * z.B + b, (from * z.B + b) * z.T + t};
            other[place[i]] = want[at];
        }
        s[known + i] = (Suspect){xprintf("the weights are right, but stand in another layout, weight[%s]: want weight[(b*T + t)*T + s]", LAYOUT[i]), other};
    }
    expect_floats(xprintf("%sthe weight [b][t][s], ", r->text), got, want, shape.size, &shape, TOLERANCE, s);
}

void attention_weights(void) {
    Run r = run_of((Size){5, 3, 4, 2}, 0);
    judge_weights(&r);
    r = run_of((Size){4, 1, 3, 6}, 0);
    judge_weights(&r);
    r = run_of((Size){1, 2, 3, 2}, 0);
    judge_weights(&r);
    Run large = new_run((Size){5, 2, 4, 3}, 0);
    for (int a = 0; a < 4; a++) large.in[2]->data[a] *= 120;
    go(&large);
    const float *got = additive_attention_weights(large.y);
    for (int i = 0; i < 2 * 5 * 5; i++)
        if (isnan(got[i]) || isinf(got[i])) reject("scores of several hundred: a weight is %g. expf of that is infinity; subtract the greatest score of the row first, as in lesson 02's softmax", (double)got[i]);
    large.text = xprintf("%s", "scores of several hundred: ");
    judge_weights(&large);
}

// Is y 0 at place 0, and else the sum that the answer's own weights make, as far as they are weights?
static bool sums_of_own(const Run *r) {
    Size z = r->z;
    Inputs in = {r->in[0]->data, r->in[1]->data, r->in[2]->data, r->in[3]->data};
    const float *own = additive_attention_weights(r->y);
    double *weight = xcalloc((size_t)(z.B * z.T * z.T), sizeof *weight);
    for (int row = 0; own && row < z.B * z.T; row++) {
        double sum = 0;
        for (int s = 0; s < z.T; s++) sum += fabs(weight[row * z.T + s] = own[row * z.T + s]);
        if (row % z.T && sum < 1e-3) return false;
    }
    return own && is_close(r->y->data, filled((size_t)(z.B * z.H), 0), (size_t)(z.B * z.H)) && is_close(r->y->data, sums_plainly(z, in, weight, RIGHT), r->y->size);
}

static void judge_sums(Size z) {
    Run r = run_of(z, 0);
    const float *own = additive_attention_weights(r.y);
    size_t n = (size_t)(z.B * z.T * z.T);
    bool weights_right = own && is_close(own, made(&r, OF_WEIGHT, RIGHT), n);
    if (!weights_right && (is_close(r.y->data, made(&r, OF_Y, RIGHT), r.y->size) || sums_of_own(&r))) return;
    for (int i = 0; i < z.B * z.H; i++)
        if (isnan(r.y->data[i])) reject("%sy_0 is NaN: nothing is earlier than place 0, so y_0 = 0; write it, and divide by no sum that is 0", r.text);
    if (!weights_right) reject("%sthe weights are not right yet, so what they add up to cannot be: see the check above", r.text);
    Suspect s[2 * ROOM] = {{0}};
    int sums = sizeof SUM_KNOWN / sizeof *SUM_KNOWN;
    known_suspects(&r, OF_Y, SUM_KNOWN, sums, s);
    known_suspects(&r, OF_Y, WEIGHT_KNOWN, sizeof WEIGHT_KNOWN / sizeof *WEIGHT_KNOWN, s + sums);
    expect_floats(xprintf("%sy", r.text), r.y->data, made(&r, OF_Y, RIGHT), r.y->size, r.y, TOLERANCE, s);
}

void attention_sums(void) {
    judge_sums((Size){5, 3, 4, 2});
    judge_sums((Size){4, 1, 3, 6});
    judge_sums((Size){1, 2, 3, 2});
    judge_sums((Size){4, 2, 3, 3});
}

// --- backward ---

// want: NULL for the right one.
static void judge_part(const Run *r, int part, float start, const float *want) {
    static const char *NAME[] = {"", "", "dquery", "dkey", "dv", "dvalue"};
    const Tensor *t = r->in[part - OF_QUERY];
    if (!want) want = made(r, part, RIGHT);
    for (size_t i = 0; i < t->size; i++)
        if (isnan(t->grad[i])) reject("%s%s is NaN: something was used that was never written, or the sum of no weights was divided by", r->text, NAME[part]);
    if (memcmp(t->grad, filled(t->size, start), t->size * sizeof(float)) == 0 && !is_close(want, filled(t->size, 0), t->size)) reject("%s%s stays as it was", r->text, NAME[part]);
    Suspect s[ROOM] = {{0}};
    s[0] = (Suspect){xprintf("%s is overwritten: a gradient is added to what is there (+=), for the same tensor may be used elsewhere too", NAME[part]), plus(-start, want, t->size)};
    known_suspects(r, part, BACK_KNOWN, sizeof BACK_KNOWN / sizeof *BACK_KNOWN, s + 1);
    for (Suspect *each = s; each->why; each++) {
        if (each > s) each->why = xprintf("%s: %s", NAME[part], each->why);
        each->values = plus(start, each->values, t->size);
    }
    expect_floats(xprintf("%s%s", r->text, NAME[part]), t->grad, plus(start, want, t->size), t->size, t, TOLERANCE, s);
}

static void judge_back(Size z, float start, int from, int to) {
    Run r = run_of(z, start);
    if (!is_close(r.y->data, made(&r, OF_Y, RIGHT), r.y->size)) reject("%sy is not right yet, so its gradients cannot be: see the checks above", r.text);
    go_back(&r.tape, r.y, r.dy);
    // dkey before dquery: what all scores of a place have in common shows in dkey only
    static const int ORDER[] = {OF_KEY, OF_QUERY, OF_V, OF_VALUE};
    for (int i = 0; i < 4; i++)
        if (from <= ORDER[i] && ORDER[i] <= to) judge_part(&r, ORDER[i], start, NULL);
}

typedef struct { const float *part[OF_VALUE + 1]; } Grads;

// The gradients that the answer itself gives, from 0 on.
static Grads own_of(Size z) {
    Run r = run_of(z, 0);
    if (!is_close(r.y->data, made(&r, OF_Y, RIGHT), r.y->size)) reject("%sy is not right yet, so its gradients cannot be: see the checks above", r.text);
    go_back(&r.tape, r.y, r.dy);
    Grads own = {{0}};
    for (int part = OF_QUERY; part <= OF_VALUE; part++) {
        const Tensor *t = r.in[part - OF_QUERY];
        if (!is_close(t->grad, t->grad, t->size) || memcmp(t->grad, filled(t->size, 0), t->size * sizeof(float)) == 0)
            reject("the gradient of %s is nothing yet, or no number, so it cannot be seen whether it adds up: see the checks above", t->name);
        own.part[part] = t->grad;
    }
    return own;
}

void attention_to_values(void) {
    judge_back((Size){5, 3, 4, 2}, 0, OF_VALUE, OF_VALUE);
    judge_back((Size){4, 1, 3, 6}, 0, OF_VALUE, OF_VALUE);
}

void attention_to_scores(void) {
    judge_back((Size){5, 3, 4, 2}, 0, OF_QUERY, OF_V);
    judge_back((Size){4, 1, 3, 6}, 0, OF_QUERY, OF_V);
    judge_back((Size){1, 2, 3, 2}, 0, OF_QUERY, OF_V);
}

void attention_adds(void) {
    Grads own = own_of((Size){4, 3, 5, 2});     // right or wrong: that was the business of the checks above
    Run r = run_of((Size){4, 3, 5, 2}, 0.5f);
    go_back(&r.tape, r.y, r.dy);
    for (int part = OF_QUERY; part <= OF_VALUE; part++) judge_part(&r, part, 0.5f, own.part[part]);
    // the states are the values here, and their keys and queries, as in a net without matrices
    Size square = {4, 2, 3, 3};
    Run apart = new_run(square, 0);
    apart.in[1] = given_tensor("key", 3, (int[]){4, 2, 3}, 51, 0);
    apart.in[3] = given_tensor("value", 3, (int[]){4, 2, 3}, 51, 0);
    go(&apart);
    go_back(&apart.tape, apart.y, apart.dy);
    r = new_run(square, 0);
    Tensor *h = r.in[0];
    for (int i = 1; i < 4; i++)
        if (i != 2) r.in[i] = h;
    go(&r);
    go_back(&r.tape, r.y, r.dy);
    float *want = plus(0, apart.in[0]->grad, h->size);
    for (size_t i = 0; i < h->size; i++) want[i] += apart.in[1]->grad[i] + apart.in[3]->grad[i];
    expect_floats("one tensor is query, key and value: its gradient, against the sum of those of three tensors that hold the same,", h->grad, want, h->size, h, TOLERANCE, NULL);
    Run first = run_of((Size){4, 3, 5, 2}, 0), second = run_of((Size){3, 2, 4, 3}, 0);
    go_back(&second.tape, second.y, second.dy);
    go_back(&first.tape, first.y, first.dy);
    first.text = xprintf("two of them at once (keep what backward needs in s, not in static memory), and back through both: ");
    for (int part = OF_QUERY; part <= OF_VALUE; part++) judge_part(&first, part, 0, own.part[part]);
    for (int unwanted = 0; unwanted < 4; unwanted++) {
        r = new_run((Size){4, 3, 5, 2}, 0);
        Tensor *t = r.in[unwanted];
        r.in[unwanted] = tape_values(&r.tape, t->name, t->ndim, t->shape, t->data);
        r.text = xprintf("nobody wants the gradient of %s (its grad is NULL): ", t->name);
        go(&r);
        go_back(&r.tape, r.y, r.dy);
        for (int part = OF_QUERY; part <= OF_VALUE; part++)
            if (part - OF_QUERY != unwanted) judge_part(&r, part, 0, own.part[part]);
    }
}
