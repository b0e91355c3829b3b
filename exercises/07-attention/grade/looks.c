// grade/looks.c of 07-attention: the checks of op_attention, by one plain attention with room for every bug.
#include "judges.h"
#include "op_attention.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double TOLERANCE = 3e-5;

typedef enum {
    RIGHT,
    // the scores
    NO_SCALE, SCALE_C, SCALE_HS, SCALE_TIMES, SCALE_NH, SCALE_T, SCALE_BEHIND, RAW, EVEN, NOT_NORMALISED, OTHER_AXIS, SEES_NEXT, NOT_ITSELF, UNMASKED, MASKED_WITH_0, MASKED_BEHIND, MASK_TURNED, MASK_FINITE,
    // what is read and written where
    K_Q_V, V_K_Q, K_V_Q, V_Q_K, Q_V_K, VALUE_IS_KEY, VALUE_IS_QUERY, KEY_IS_QUERY, VALUE_OF_T, LAST_VALUE, TRANSPOSED, NEAREST, INTERLEAVED, IN_INTERLEAVED, OUT_INTERLEAVED, TRIPLES, HEADS_APART, FIRST_HEAD,
    FIRST_HEAD_OF_KEYS, ONE_SCORE, FIRST_EXAMPLE, ALL_FIRST_EXAMPLE, LAST_HEAD,
    // slopes
    NO_SLOPE, SLOPE_UP, SLOPE_FIRST, SLOPE_SCALED, SLOPE_FROM_START, SLOPE_TIMES, SLOPE_ONCE, SLOPE_FACTOR, SLOPE_BEHIND,
    // backward
    DV_TRANSPOSED, DV_UNWEIGHTED, DV_OWN, DV_AT_T, NO_MEAN, NO_WEIGHT, NO_SOFTMAX, PLAIN_MEAN, PLAIN_SUM, MEAN_OVER_C, NEGATIVE, NO_SCALE_BACK, SCALE_C_BACK, SCALE_TWICE, BY_QUERY, KEY_AT_T, QUERY_AT_S, EXCHANGED_BACK, LAST_ONLY,
    LEAK, LEAK_BEHIND, LEAK_ONE, BACK_NOT_ITSELF, DW_LAST, DY_FIRST_HEAD, DIAGONAL
} Bug;

typedef struct { Bug bug; const char *why; } Known;

static const Known KNOWN[] = {
    {NO_SCALE, "the scores are not scaled: divide q_t . k_s by the square root of HS, the numbers of one head. Without that they grow with the head, and the softmax sees little but the greatest"},
    {SCALE_C, "the scores are divided by the square root of C, the width of all heads together: a product of HS numbers is divided by the square root of HS"},
    {SCALE_HS, "the scores are divided by HS: it is the square root of HS, for the sum of HS products is about that large"},
    {SCALE_TIMES, "the scores are multiplied by the square root of HS: they are divided by it"},
    {SCALE_NH, "the scores are divided by the square root of the number of heads: it is that of HS, the numbers of one head"},
    {SCALE_T, "the scores are divided by the square root of T: it is that of HS, for they are sums of HS products"},
    {SCALE_BEHIND, "the weights are divided by the square root of HS, after the softmax: it is the scores that are, before it"},
    {RAW, "the weights are the scores: the softmax makes weights of them, exp(score) divided by the sum of all exp(score) of the row"},
    {EVEN, "all tokens that are seen have the same weight, so y is the plain mean of the past: the weights are the softmax of the scores"},
    {NOT_NORMALISED, "the weights of a token do not add up to 1: divide each by their sum"},
    {OTHER_AXIS, "the softmax goes over t, the tokens that look: for each t it goes over s, the tokens looked at, so that the weights of one row add up to 1"},
    {SEES_NEXT, "every token sees the next one, too: s goes up to t, and t is the last. What comes next is what it is to predict"},
    {NOT_ITSELF, "no token sees itself: s goes up to t, and t belongs to it"},
    {UNMASKED, "every token sees all tokens, also those behind it: s goes up to t only. A model that sees what it is to predict learns nothing"},
    {MASK_FINITE, "later tokens have a score that is great enough to count here, such as -1e4: leave them out of the softmax, or give them -INFINITY"},
    {MASKED_WITH_0, "later tokens have the score 0, and so a part of the weight: exp(0) is 1. Leave them out of the softmax"},
    {MASKED_BEHIND, "the mask comes after the softmax, so the weights that are left do not add up to 1: leave later tokens out of the sum, too"},
    {MASK_TURNED, "every token sees itself and those after it: s goes from 0 to t, not from t on"},
    {K_Q_V, "queries and keys are exchanged: the query is that of token t, which looks, the keys are those of the tokens s, which are looked at. In qkv the queries come first"},
    {V_K_Q, "queries and values are exchanged: in qkv a token has its query first, then its key, then its value"},
    {K_V_Q, "key, value, query is not the order in qkv: a token has its query first, then its key, then its value"},
    {V_Q_K, "value, query, key is not the order in qkv: a token has its query first, then its key, then its value"},
    {Q_V_K, "keys and values are exchanged: in qkv a token has its query first, then its key, then its value"},
    {VALUE_IS_KEY, "the keys are added up: the weights are for the values, y_t = sum of weight_ts v_s"},
    {VALUE_IS_QUERY, "the queries are added up: the weights are for the values, y_t = sum of weight_ts v_s"},
    {KEY_IS_QUERY, "queries are multiplied by queries: score_ts = q_t . k_s, with the key of token s"},
    {VALUE_OF_T, "token t's own value is added with every weight: y_t = sum of weight_ts v_s, with the value of token s"},
    {LAST_VALUE, "y_t holds only what the last token brings: it is the sum over all s up to t (+=, from 0)"},
    {TRANSPOSED, "the weights are read transposed: y_t is made with row t of them"},
    {NEAREST, "y_t is the value with the greatest weight: it is the sum of all, each times its weight"},
    {INTERLEAVED, "the heads are interleaved, with number i of head h at i*NH + h: the HS numbers of a head stand side by side, at h*HS + i"},
    {IN_INTERLEAVED, "the heads of qkv are read interleaved, with number i of head h at i*NH + h: the HS numbers of a head stand side by side, at h*HS + i; head_at says where they begin"},
    {OUT_INTERLEAVED, "the heads of y are interleaved, with number i of head h at i*NH + h: the HS numbers of a head stand side by side, at h*HS + i"},
    {TRIPLES, "qkv is read head by head, with query, key and value of each: others keep it like that (GPT-NeoX, BLOOM); here come the queries of all heads, then all keys, then all values; head_at says where"},
    {HEADS_APART, "y is written head by head, as (B,NH,T,HS): it is (B,T,C), with the heads of one token side by side, y[(b*T + t)*C + h*HS + i]"},
    {FIRST_HEAD, "all heads do what the first one does: head h has numbers of its own; head_at(z, part, b, t, h) says where"},
    {FIRST_HEAD_OF_KEYS, "all heads look at the keys and values of the first one: head h has its own; head_at(z, KEY, b, s, h) says where"},
    {LAST_HEAD, "only the last head is in y, and of the others nothing: each head writes HS numbers of its own"},
    {ONE_SCORE, "one score is made of all C numbers, and all heads use it: each head has scores of its own, of its HS numbers"},
    {FIRST_EXAMPLE, "all examples look at the keys and values of the first one: each of the B has its own"},
    {ALL_FIRST_EXAMPLE, "all examples have the weights or the values of the first one: each of the B has its own numbers"},
};

static const Known SLOPES_KNOWN[] = {
    {NO_SLOPE, "the slopes change nothing: score_ts loses slope[h] * (t - s)"},
    {SLOPE_UP, "the slopes make what is far away more interesting: score_ts loses slope[h] * (t - s), it does not gain it"},
    {SLOPE_FIRST, "all heads have the slope of the first one: head h has slope[h]"},
    {SLOPE_SCALED, "the slopes are divided by the square root of HS: only the product q_t . k_s is"},
    {SLOPE_FROM_START, "the slope is that of s, the distance from the beginning: what counts is how far s is behind t, t - s"},
    {SLOPE_TIMES, "the score is multiplied by the slope and the distance: slope[h] * (t - s) is subtracted from it"},
    {SLOPE_ONCE, "every earlier token loses the same: the loss grows with the distance, slope[h] * (t - s)"},
    {SLOPE_FACTOR, "the distance is divided by the slope: it is multiplied by it, slope[h] * (t - s)"},
    {SLOPE_BEHIND, "the slope is subtracted from the weights, after the softmax: it is the scores that lose it, before"},
};

// Those that a gradient inherits are told by the checks of y.
static const Known BACK_KNOWN[] = {
    {DV_TRANSPOSED, "it takes the weights transposed: v_s went into y_t with weight_ts, so it gets weight_ts dy_t, from every t that sees s"},
    {DV_UNWEIGHTED, "it gets dy without the weights: v_s went into y_t with weight_ts, so it gets weight_ts dy_t"},
    {DV_OWN, "v_t gets of y_t only: every later token looked at it too; v_s gets weight_ts dy_t from all t >= s"},
    {DV_AT_T, "all of it goes to token t: y_t was made of the values of the tokens s, so it is they that get weight_ts dy_t"},
    {NO_MEAN, "the softmax's gradient lacks its sum: a weight only grows if others shrink, dscore_ts = weight_ts (dweight_ts - sum over s of weight_ts dweight_ts)"},
    {NO_WEIGHT, "the softmax's gradient lacks its factor: dscore_ts = weight_ts (dweight_ts - sum over s of weight_ts dweight_ts)"},
    {NO_SOFTMAX, "the softmax is passed as if it were not there: dscore_ts = weight_ts (dweight_ts - sum over s of weight_ts dweight_ts)"},
    {PLAIN_MEAN, "the plain mean of dweight is subtracted: it is the mean by weights, the sum over s of weight_ts dweight_ts"},
    {PLAIN_SUM, "the plain sum of dweight is subtracted: it is the mean by weights, the sum over s of weight_ts dweight_ts"},
    {MEAN_OVER_C, "dy_t . y_t is taken over all C numbers: each head has a softmax of its own, so it is the product of this head's HS numbers"},
    {NEGATIVE, "the sign is wrong: the mean is subtracted from dweight, not the other way round"},
    {NO_SCALE_BACK, "the scale is missing on the way back: the score is q_t . k_s / sqrt(HS), so both get dscore_ts / sqrt(HS)"},
    {SCALE_C_BACK, "it is divided by the square root of C, the width of all heads together: the score is q_t . k_s / sqrt(HS), so both get dscore_ts / sqrt(HS)"},
    {SCALE_TWICE, "it is scaled twice: dscore_ts / sqrt(HS), once"},
    {BY_QUERY, "it is multiplied by itself: of a product, each factor gets the other one; dq_t = sum of dscore_ts k_s, dk_s = sum of dscore_ts q_t"},
    {KEY_AT_T, "the keys' gradient goes to token t: token t looked at the keys of the tokens s, so those get it"},
    {QUERY_AT_S, "the queries' gradient goes to the tokens s: the query was that of token t"},
    {EXCHANGED_BACK, "the gradients of queries and keys are exchanged: dq belongs where q is, dk where k is"},
    {LAST_ONLY, "it holds only what came last: a query meets many keys, and a key and a value many queries, so what they give adds up (+=)"},
    {LEAK, "tokens behind t get a gradient: backward makes the weights again without the mask, and what was not seen has no part in y_t"},
    {LEAK_BEHIND, "tokens behind t get a gradient: their weights are 0, so no sum goes beyond t. What was not seen has no part in y_t"},
    {BACK_NOT_ITSELF, "token t's own part is missing: s goes up to t, in backward too"},
    {DW_LAST, "dweight_ts is only the last product of dy_t and v_s: it is the sum of all HS"},
    {DY_FIRST_HEAD, "all heads take the dy of the first one: head h's is at h*HS of y->grad's row"},
    {DIAGONAL, "the softmax's gradient is taken from its diagonal only, weight (1 - weight): a weight also shrinks when others grow; dscore_ts = weight_ts (dweight_ts - sum over s of weight_ts dweight_ts)"},
    {LEAK_ONE, "the token right behind t gets a gradient: s goes up to t, in backward too"},
};
enum { ROOM = 80, OF_QUERY = QUERY, OF_KEY = KEY, OF_VALUE = VALUE, OF_Y, OF_WEIGHT };

// --- attention in plain loops, with every bug ---

typedef struct {
    Size z;
    const float *qkv, *slope, *dy;
} Given;

// From which part each is read, by bug.
static const int ORDER[][3] = {{QUERY, KEY, VALUE}, {KEY, QUERY, VALUE}, {VALUE, KEY, QUERY}, {VALUE, QUERY, KEY}, {KEY, VALUE, QUERY}, {QUERY, VALUE, KEY},
                               {QUERY, KEY, KEY}, {QUERY, KEY, QUERY}, {QUERY, QUERY, VALUE}};

// Where number i is.
static int in_at(Size z, int part, int b, int t, int h, int i, Bug bug) {
    int HS = z.C / z.NH;
    if (bug >= K_Q_V && bug <= KEY_IS_QUERY) part = ORDER[bug - K_Q_V + 1][part];
    if (bug == FIRST_HEAD || (bug == FIRST_HEAD_OF_KEYS && part != QUERY)) h = 0;
    if ((bug == FIRST_EXAMPLE && part != QUERY) || bug == ALL_FIRST_EXAMPLE) b = 0;
    int token = (b * z.T + t) * 3;
    if (bug == TRIPLES) return token * z.C + (h * 3 + part) * HS + i;
    return (token + part) * z.C + (bug == INTERLEAVED || bug == IN_INTERLEAVED ? i * z.NH + h : h * HS + i);
}

static int out_at(Size z, int b, int t, int h, int i, Bug bug) {
    int HS = z.C / z.NH;
    if (bug == HEADS_APART) return ((b * z.NH + h) * z.T + t) * HS + i;
    return (b * z.T + t) * z.C + (bug == INTERLEAVED || bug == OUT_INTERLEAVED ? i * z.NH + h : h * HS + i);
}

static double scale_of(Size z, Bug bug) {
    double HS = (double)z.C / z.NH;
    if (bug == NO_SCALE || bug == SCALE_BEHIND) return 1;
    return bug == SCALE_C ? 1 / sqrt(z.C) : bug == SCALE_HS ? 1 / HS : bug == SCALE_TIMES ? sqrt(HS) : bug == SCALE_NH ? 1 / sqrt(z.NH) : bug == SCALE_T ? 1 / sqrt(z.T) : 1 / sqrt(HS);
}

static double score(Given g, int b, int h, int t, int s, Bug bug) {
    double sum = 0, scale = scale_of(g.z, bug);
    int HS = g.z.C / g.z.NH, heads = bug == ONE_SCORE ? g.z.NH : 1;
    for (int k = 0; k < heads; k++)
        for (int i = 0; i < HS; i++) {
            int head = bug == ONE_SCORE ? k : h;
            sum += (double)g.qkv[in_at(g.z, QUERY, b, t, head, i, bug)] * (double)g.qkv[in_at(g.z, KEY, b, s, head, i, bug)];
        }
    if (bug == ONE_SCORE) scale = 1 / sqrt(g.z.C);
    if (bug == EVEN) sum = 0;
    double slope = g.slope && bug != NO_SLOPE && bug != SLOPE_BEHIND ? g.slope[bug == SLOPE_FIRST ? 0 : h] : 0, away = t - s;
    if (bug == SLOPE_UP) slope = -slope;
    if (bug == SLOPE_SCALED) slope *= scale;
    if (bug == SLOPE_FROM_START) away = s;
    if (bug == SLOPE_ONCE) away = away > 0;
    if (bug == SLOPE_TIMES) return sum * scale * (slope * away);
    if (bug == SLOPE_FACTOR && slope != 0) slope = 1 / slope;
    return sum * scale - slope * away;
}

static bool seen(int t, int s, Bug bug) {
    if (bug == UNMASKED || bug == MASKED_WITH_0 || bug == MASKED_BEHIND || bug == MASK_FINITE || bug == LEAK) return true;
    if (bug == MASK_TURNED) return s >= t;
    if (bug == SEES_NEXT) return s <= t + 1;
    if (bug == NOT_ITSELF) return s < t || t == 0;
    return s <= t;
}

// (B,NH,T,T)
static double *weights_plainly(Given g, Bug bug) {
    Size z = g.z;
    double *weight = xcalloc((size_t)(z.B * z.NH * z.T * z.T), sizeof *weight);
    for (int pair = 0; pair < z.B * z.NH; pair++)
        for (int line = 0; line < z.T; line++) {
            double most = -INFINITY, sum = 0, *rows = weight + pair * z.T * z.T;
            for (int turn = 0; turn < 3; turn++)
                for (int other = 0; other < z.T; other++) {
                    int t = bug == OTHER_AXIS ? other : line, s = bug == OTHER_AXIS ? line : other;
                    if (!seen(t, s, bug)) continue;
                    double one = bug == MASKED_WITH_0 && s > t ? 0 : bug == MASK_FINITE && s > t ? 1e6 : score(g, pair / z.NH, pair % z.NH, t, s, bug);
                    if (turn == 0) most = fmax(most, one);
                    if (bug == NOT_NORMALISED) most = 0;
                    if (turn == 1) sum += exp(one - most);
                    if (turn < 2) continue;
                    double w = bug == RAW ? one : exp(one - most) / (bug == NOT_NORMALISED ? 1 : sum);
                    if (bug == MASKED_BEHIND && s > t) w = 0;
                    if (bug == SCALE_BEHIND) w *= scale_of(z, RIGHT);
                    if (bug == SLOPE_BEHIND) w -= g.slope ? (double)g.slope[pair % z.NH] * (t - s) : 0;
                    rows[t * z.T + s] = w;
                }
        }
    return weight;
}

static float *sums_plainly(Given g, const double *weight, Bug bug) {
    Size z = g.z;
    int HS = z.C / z.NH;
    float *y = filled((size_t)(z.B * z.T * z.C), 0);
    for (int b = 0; b < z.B; b++)
        for (int h = 0; h < z.NH; h++)
            for (int t = 0; t < z.T; t++) {
                const double *rows = weight + (b * z.NH + h) * z.T * z.T;
                int best = 0;
                for (int s = 0; s < z.T; s++)
                    if (rows[t * z.T + s] > rows[t * z.T + best]) best = s;
                for (int i = 0; i < HS; i++) {
                    double sum = 0;
                    for (int s = 0; s < z.T; s++) {
                        double w = bug == TRANSPOSED ? rows[s * z.T + t] : bug == NEAREST ? s == best : rows[t * z.T + s];
                        sum += w * (double)g.qkv[in_at(z, VALUE, b, bug == VALUE_OF_T ? t : s, h, i, bug)];
                    }
                    if (bug == LAST_VALUE) sum = rows[t * z.T + z.T - 1] * (double)g.qkv[in_at(z, VALUE, b, z.T - 1, h, i, RIGHT)];
                    if (bug == LAST_HEAD && h < z.NH - 1) sum = 0;
                    y[out_at(z, b, t, h, i, bug)] = (float)sum;
                }
            }
    return y;
}

// One token t of one head: what goes back to the others. like: one row of weights; d: room for T.
static void token_back(Given g, int b, int h, int t, const double *rows, double *d, float *dqkv, Bug bug) {
    Size z = g.z;
    int HS = z.C / z.NH, last = bug == LEAK || bug == LEAK_BEHIND ? z.T - 1 : bug == LEAK_ONE ? min_int(t + 1, z.T - 1) : bug == BACK_NOT_ITSELF ? t - 1 : t;
    const double *w = rows + t * z.T;
    double mean = 0, scale = bug == NO_SCALE_BACK ? 1 : bug == SCALE_TWICE ? 1.0 / HS : scale_of(z, bug == SCALE_C_BACK ? SCALE_C : RIGHT);
    for (int s = 0; s <= last; s++) {
        d[s] = 0;
        for (int i = 0; i < HS; i++) {
            double dy = g.dy[out_at(z, b, t, bug == DY_FIRST_HEAD ? 0 : h, i, RIGHT)], by = bug == DV_UNWEIGHTED ? 1 : w[s];
            float *dv = &dqkv[in_at(z, VALUE, b, bug == DV_TRANSPOSED || bug == DV_AT_T ? t : s, h, i, RIGHT)];
            d[s] = (bug == DW_LAST ? 0 : d[s]) + dy * (double)g.qkv[in_at(z, VALUE, b, s, h, i, RIGHT)];
            if (bug == DV_TRANSPOSED) dy = g.dy[out_at(z, b, s, h, i, RIGHT)];
            if (bug == DV_OWN && s != t) by = 0;
            if (bug == LAST_ONLY) *dv = 0;
            *dv += (float)(by * dy);
        }
        mean += s <= t || bug == LEAK ? w[s] * d[s] : 0;
    }
    if (bug == PLAIN_MEAN || bug == PLAIN_SUM) {
        mean = 0;
        for (int s = 0; s <= t; s++) mean += d[s] / (bug == PLAIN_MEAN ? t + 1 : 1);
    }
    if (bug == MEAN_OVER_C) {
        mean = 0;
        const float *y = sums_plainly(g, rows - (b * z.NH + h) * z.T * z.T, RIGHT);
        for (int c = 0; c < z.C; c++) mean += (double)y[(b * z.T + t) * z.C + c] * (double)g.dy[(b * z.T + t) * z.C + c];
    }
    for (int s = 0; s <= last; s++) {
        double dscore = (bug == NO_WEIGHT || bug == NO_SOFTMAX ? 1 : w[s]) * (d[s] - (bug == NO_MEAN || bug == NO_SOFTMAX ? 0 : mean)) * scale;
        if (bug == DIAGONAL) dscore = w[s] * (1 - w[s]) * d[s] * scale;
        if (bug == NEGATIVE) dscore = -dscore;
        for (int i = 0; i < HS; i++) {
            double q = g.qkv[in_at(z, QUERY, b, t, h, i, RIGHT)], k = g.qkv[in_at(z, KEY, b, s, h, i, RIGHT)];
            float *dq = &dqkv[in_at(z, bug == EXCHANGED_BACK ? KEY : QUERY, b, bug == QUERY_AT_S ? s : t, h, i, RIGHT)];
            float *dk = &dqkv[in_at(z, bug == EXCHANGED_BACK ? QUERY : KEY, b, bug == KEY_AT_T ? t : s, h, i, RIGHT)];
            if (bug == LAST_ONLY) *dq = *dk = 0;
            *dq += (float)(dscore * (bug == BY_QUERY ? q : k));
            *dk += (float)(dscore * (bug == BY_QUERY ? k : q));
        }
    }
}

static float *back_plainly(Given g, Bug bug) {
    Size z = g.z;
    float *dqkv = filled(count_of(z), 0);
    double *weight = weights_plainly(g, bug == LEAK ? LEAK : RIGHT), *d = xcalloc((size_t)z.T, sizeof *d);
    for (int b = 0; b < z.B; b++)
        for (int h = 0; h < z.NH; h++) {
            double *rows = weight + (b * z.NH + h) * z.T * z.T;
            for (int t = 0; t < z.T && (bug == LEAK_BEHIND || bug == LEAK_ONE); t++)      // what exp(score - ln of the sum) gives behind t
                for (int s = t + 1; s < z.T; s++) rows[t * z.T + s] = rows[t * z.T] * exp(score(g, b, h, t, s, RIGHT) - score(g, b, h, t, 0, RIGHT));
            for (int t = 0; t < z.T; t++) token_back(g, b, h, t, rows, d, dqkv, bug);
        }
    return dqkv;
}

// The numbers of one part, of (B,T,3C) as (B,T,C).
static float *part_of(Size z, const float *qkv, int part) {
    float *out = filled(count_of(z) / 3, 0);
    for (int n = 0; n < z.B * z.T; n++) memcpy(out + n * z.C, qkv + (3 * n + part) * z.C, (size_t)z.C * sizeof *out);
    return out;
}

static float *made(Given g, int part, Bug bug) {
    if (part <= OF_VALUE) return part_of(g.z, back_plainly(g, bug), part);
    double *weight = weights_plainly(g, bug);
    if (part == OF_Y) {
        float *y = sums_plainly(g, weight, bug);
        free(weight);
        return y;
    }
    size_t n = (size_t)(g.z.B * g.z.NH * g.z.T * g.z.T);
    float *out = filled(n, 0);
    for (size_t i = 0; i < n; i++) out[i] = (float)weight[i];
    return out;
}

static Suspect *known_suspects(Given g, int part, const Known *known, int count, Suspect *s) {
    for (int i = 0; i < count; i++) *s++ = (Suspect){known[i].why, made(g, part, known[i].bug)};
    return s;
}

// --- runs ---

typedef struct {
    Given g;
    Tape tape;
    Tensor *qkv, *y;
    const char *text;
} Run;

static Run new_run(Size z, float *slope, float start) {
    Run r = {.tape = used_tape(true), .qkv = given_qkv(z, 71, start)};
    r.g = (Given){z, r.qkv->data, slope, given_floats(count_of(z) / 3, 72)};
    r.text = xprintf("B = %d, T = %d, C = %d, NH = %d%s: ", z.B, z.T, z.C, z.NH, slope ? ", with slopes" : "");
    return r;
}

// The slopes that it is given are gone when the call is over.
static void go(Run *r) {
    Size z = r->g.z;
    float *before = plus(0, r->qkv->data, r->qkv->size), *slope = NULL;
    if (r->g.slope) slope = memcpy(xmalloc((size_t)z.NH * sizeof *slope), r->g.slope, (size_t)z.NH * sizeof *slope);
    else {
        if_stopped("uses an address that is not there", "Is that the slopes? They may be NULL: then there are none");
        if_stopped("null pointer", "Is that the slopes? They may be NULL: then there are none");
    }
    if_stopped("not there (a NULL pointer", slope ? "Is that a slope? They are read during the call only: afterwards they are gone" : "Is that the slopes? They may be NULL: then there are none");
    r->y = op_attention(&r->tape, r->qkv, z.NH, slope);
    for (int h = 0; h < z.NH && slope; h++) slope[h] = NAN;
    expect_shape(xprintf("%sy", r->text), r->y, xprintf("(%d,%d,%d)", z.B, z.T, z.C));
    expect_untouched(r->text, r->qkv, before);
}

static Run run_of(Size z, float *slope) {
    Run r = new_run(z, slope, 0);
    go(&r);
    return r;
}

static void judge_y(const Run *r) {
    Given g = r->g;
    const float *want = made(g, OF_Y, RIGHT), *got = r->y->data;
    if (is_close(got, want, r->y->size)) return;
    bool second = false, nothing = true;
    for (size_t i = 0; i < r->y->size; i++) {
        int t = (int)i / g.z.C % g.z.T;
        if (t == 0) nothing &= isnan(got[i]) || got[i] == 0;
        if (t == 1) second |= !isnan(got[i]) && got[i] != 0;
    }
    if (nothing && second) reject("%sy of token 0 is %s: it sees nothing, so it does not see itself; s goes up to t, and t belongs to it", r->text, isnan(got[0]) ? "NaN" : "0");
    for (size_t i = 0; i < r->y->size; i++)
        if (isnan(got[i]))
            reject("%sy[%zu][%zu][%zu] is NaN: was it ever written? The tape's memory is not 0 at first, so set y to 0 before you add to it (+=). Else it is 0/0, or infinity less infinity", r->text,
                   i / (size_t)(g.z.T * g.z.C), i / (size_t)g.z.C % (size_t)g.z.T, i % (size_t)g.z.C);
    Suspect s[ROOM] = {{0}}, *end = s;
    if (g.slope) end = known_suspects(g, OF_Y, SLOPES_KNOWN, COUNT(SLOPES_KNOWN), end);
    known_suspects(g, OF_Y, KNOWN, COUNT(KNOWN), end);
    expect_floats(xprintf("%sy", r->text), got, want, r->y->size, r->y, TOLERANCE, s);
}

static void judge_run(Size z) {
    Run r = run_of(z, NULL);
    judge_y(&r);
}

// Before a check says what it is there for: is y wrong anyway? Then that is told, and not a cause that the learner would look for in vain.
static void plain_first(Size z) { judge_run(z); }

void look_one_head(void) {
    judge_run((Size){2, 5, 4, 1});
    judge_run((Size){1, 6, 3, 1});
    judge_run((Size){3, 1, 2, 1});
    judge_run((Size){2, 3, 9, 1});
}

void look_heads(void) {
    judge_run((Size){2, 5, 12, 3});
    judge_run((Size){1, 4, 6, 2});
    judge_run((Size){3, 6, 8, 4});
    judge_run((Size){2, 4, 3, 3});
    const char *why = "There may be any number of tokens, here 300: make room with tape_floats or xmalloc, not with an array of a fixed size";
    if_stopped("out of bounds", why);
    if_stopped("of a local array", why);
    if_stopped("of a global array", why);
    judge_run((Size){1, 300, 4, 2});
}

// What comes later is changed a lot; what came before must stay. way: up, where the later keys fit much better than all others; down.
static void judge_later(Size z, int t, float way) {
    Run r = run_of(z, NULL);
    float *before = plus(0, r.y->data, r.y->size);
    int HS = z.C / z.NH;
    for (int s = t; s < z.T; s++)
        for (int c = 0; c < z.C; c++) {
            float *qkv = r.qkv->data + s * 3 * z.C, query = r.qkv->data[3 * z.C * (t - 1) + c];
            qkv[c] += 100;
            qkv[z.C + c] = way * 4e5f * query * (float)HS;
            qkv[2 * z.C + c] += 1000;
        }
    tape_reset(&r.tape);
    go(&r);
    for (int n = 0; n < t * z.C; n++) {
        float is = r.y->data[n], was = before[n];
        int at = n / z.C;
        bool differs = isnan(is) || fabsf(is - was) > 1e-4f * (1 + fabsf(was));
        if (differs) plain_first(z);
        if (isnan(is)) reject("%stokens from %d on are changed, and y of token %d is NaN: the greatest score that is subtracted is the greatest of those that are seen, s <= t. That of the whole row may be so great that nothing is left", r.text, t, at);
        if (differs) reject("%stokens from %d on are changed, and y[0][%d][%d] with them: it was %g, is %g. No token sees what comes later", r.text, t, at, n % z.C, (double)was, (double)is);
    }
    for (size_t i = (size_t)(z.T * z.C); i < r.y->size; i++)
        if (fabsf(r.y->data[i] - before[i]) > 1e-4f * (1 + fabsf(before[i]))) {
            plain_first(z);
            reject("%sexample 0 is changed, and y of another example with it: each looks at its own tokens only", r.text);
        }
    if (memcmp(r.y->data + t * z.C, before + t * z.C, (size_t)z.C * sizeof *before) == 0) reject("%stoken %d is changed, and its y is not: it sees itself", r.text, t);
}

void look_later(void) {
    for (int t = 1; t < 5; t++) judge_later((Size){2, 5, 4, 1}, t, t % 2 ? 1 : -1);
    judge_later((Size){2, 7, 6, 2}, 3, 1);
    judge_later((Size){2, 7, 6, 2}, 6, -1);
    Run r = run_of((Size){2, 5, 4, 1}, NULL);       // the plain case: that it sees nothing later, and all that came before
    judge_y(&r);
}

// Scores of about `sum`, and a little to either side: all whole numbers, so that nothing is rounded.
static Run great_run(Size z, int sum) {
    Run r = new_run(z, NULL, 0);
    int HS = z.C / z.NH;
    CHECK(HS == 4, "great_run: a head has %d numbers, want 4", HS);
    for (int n = 0; n < z.B * z.T; n++)
        for (int c = 0; c < z.C; c++) {
            float *q = r.qkv->data + n * 3 * z.C + c, *k = q + z.C;
            *q = c % HS == 0 ? 16 : (float)((n * 5 + c * 3) % 3 - 1);
            *k = c % HS == 0 ? (float)(sum / 8) : (float)((n * 7 + c * 5) % 5 - 2);
        }
    r.text = xprintf("scores of about %d: ", sum);
    go(&r);
    return r;
}

static void judge_great(Size z, int sum) {
    Run r = great_run(z, sum);
    for (size_t i = 0; i < r.y->size; i++) {
        float got = r.y->data[i];
        if (!isnan(got) && !isinf(got)) continue;
        plain_first(z);
        if (sum > 0) reject("%sy is %s. exp of that is infinity; subtract the greatest score of the row first, as in lesson 02's softmax", r.text, number_text((double)got));
        reject("%sy is %s. exp of that is 0, and so is the sum; subtract the greatest score of the row first, and begin the search for it with a score that is there, or -INFINITY, not with 0", r.text, number_text((double)got));
    }
    judge_y(&r);
}

// Each row has scores of another size: query[t] * key[s] / 2, less the slope. Of whole numbers, so that nothing is rounded.
static void judge_uneven(float *slope, const float *query, const float *key, const char *why) {
    Run r = new_run((Size){1, 6, 4, 1}, slope, 0);
    for (int t = 0; t < 6; t++) {
        float *qkv = r.qkv->data + t * 12;
        memset(qkv, 0, 8 * sizeof *qkv);
        qkv[0] = query[t];
        qkv[4] = key[t];
    }
    go(&r);
    for (size_t i = 0; i < r.y->size; i++)
        if (!isfinite(r.y->data[i])) {
            plain_first(r.g.z);
            reject("%sy[0][%zu] is %s: %s", r.text, i / 4, number_text((double)r.y->data[i]), why);
        }
    judge_y(&r);
}

static void judge_uneven_rows(void) {
    static const float query[] = {40, 1, 40, 40, -40, 2}, key[] = {50, 1, 2, 60, 4, -60};
    judge_uneven(NULL, query, key, "its scores are much smaller, or greater, than another row's. The greatest score that is subtracted is that of this very row, the token itself included: look for it anew in each");
}

void look_great(void) {
    judge_great((Size){2, 5, 4, 1}, 1000);
    judge_great((Size){2, 5, 4, 1}, -1000);
    judge_great((Size){1, 6, 8, 2}, 400000);
    judge_great((Size){1, 6, 8, 2}, -400000);
    judge_uneven_rows();
}

static void judge_weights(const Run *r, Tensor *y) {
    Size z = r->g.z;
    size_t TT = (size_t)(z.T * z.T), pairs = (size_t)(z.B * z.NH);
    float *got = filled(TT * pairs, 0);
    const float *want = made(r->g, OF_WEIGHT, RIGHT);
    for (size_t pair = pairs; pair-- > 0;) {        // in another order than they were made in
        float *weight = filled(TT, NAN);
        attention_weights(y, (int)pair / z.NH, (int)pair % z.NH, weight);
        memcpy(got + pair * TT, weight, TT * sizeof *got);
    }
    if (is_close(got, want, TT * pairs)) return;
    bool seen_right = true;
    for (size_t i = 0; i < TT * pairs; i++)
        if ((int)i % z.T <= (int)i / z.T % z.T) seen_right &= fabsf(got[i] - want[i]) < 1e-4f;
    for (size_t i = 0; i < TT * pairs && seen_right; i++)
        if ((int)i % z.T > (int)i / z.T % z.T && !(fabsf(got[i]) < 1e-4f))
            reject("%sthe weight of token %d for token %d, which comes later, is %s: write 0 there, for the memory held something else before", r->text, (int)i / z.T % z.T, (int)i % z.T, number_text((double)got[i]));
    Tensor shape = {.ndim = 4, .shape = {z.B, z.NH, z.T, z.T}, .size = TT * pairs};
    float *first = filled(TT * pairs, 0), *turned = filled(TT * pairs, 0), *mixed = filled(TT * pairs, 0), *last = filled(TT * pairs, 0);
    float *headless = filled(TT * pairs, 0), *by_b = filled(TT * pairs, 0), *by_h = filled(TT * pairs, 0);
    for (size_t i = 0; i < TT * pairs; i++) {
        size_t pair = i / TT, t = i % TT / (size_t)z.T, s = i % (size_t)z.T, b = pair / (size_t)z.NH, h = pair % (size_t)z.NH;
        first[i] = want[i % TT];
        last[i] = want[(pairs - 1) * TT + i % TT];
        headless[i] = want[b * (size_t)z.NH * TT + i % TT];
        by_b[i] = want[b * TT + i % TT];
        by_h[i] = want[h * TT + i % TT];
        turned[i] = want[pair * TT + s * (size_t)z.T + t];
        mixed[i] = want[(h * (size_t)z.B + b) % pairs * TT + i % TT];
    }
    Suspect s[ROOM] = {{"attention_weights gives those of the first head for every b and h: those of head h of example b are the (b*NH + h)-th", first},
                       {"attention_weights gives those of the last head for every b and h: each has room of its own, (B,NH,T,T)", last},
                       {"attention_weights gives those of head 0 for every h: those of head h of example b are the (b*NH + h)-th", headless},
                       {"attention_weights takes the b-th T*T numbers, and h has no part in it: those of head h of example b are the (b*NH + h)-th", by_b},
                       {"attention_weights gives those of example 0 for every b: those of head h of example b are the (b*NH + h)-th", by_h},
                       {"attention_weights gives them transposed: row t holds the weights of token t, weight[t*T + s]", turned},
                       {"attention_weights takes b and h in the wrong order: those of head h of example b are the (b*NH + h)-th", mixed}};
    known_suspects(r->g, OF_WEIGHT, KNOWN, COUNT(KNOWN), s + 7);
    expect_floats(xprintf("%sthe weight [b][h][t][s], ", r->text), got, want, shape.size, &shape, TOLERANCE, s);
}

void look_weights(void) {
    Run r = run_of((Size){3, 5, 12, 2}, NULL);
    judge_weights(&r, r.y);
    r = run_of((Size){2, 1, 6, 3}, NULL);
    judge_weights(&r, r.y);
    Run other = run_of((Size){2, 6, 4, 1}, NULL);
    judge_weights(&other, other.y);
    r.tape = used_tape(false);
    r = new_run((Size){2, 4, 9, 3}, NULL, 0);
    r.tape = used_tape(false);
    r.text = "in evaluation (the tape does not record): ";
    go(&r);
    Tensor *later = op_attention(&r.tape, given_qkv((Size){2, 4, 9, 3}, 75, 0), 3, NULL);
    judge_weights(&r, r.y);
    r.g.qkv = later->in[0]->data;
    r.text = "of the second of two: ";
    judge_weights(&r, later);
}

// --- backward ---

static void judge_part(const Run *r, int part, float start, const char *what) {
    static const char *NAME[] = {"dq", "dk", "dv"};
    Size z = r->g.z;
    size_t n = count_of(z) / 3;
    const float *want = plus(start, made(r->g, part, RIGHT), n), *got = part_of(z, r->qkv->grad, part);
    if (is_close(got, want, n)) return;
    const char *name = xprintf("%s%s%s", what, r->text, NAME[part]);
    for (size_t i = 0; i < n; i++)
        if (isnan(got[i])) reject("%s is NaN: something was used that was never written", name);
    if (memcmp(got, filled(n, start), n * sizeof *got) == 0) reject("%s stays as it was", name);
    Suspect s[ROOM] = {{0}};
    s[0] = (Suspect){xprintf("%s is overwritten: a gradient is added to what is there (+=), for the same tensor may be used elsewhere too", NAME[part]), plus(-start, want, n)};
    Suspect *end = known_suspects(r->g, part, BACK_KNOWN, COUNT(BACK_KNOWN), s + 1);
    for (Suspect *each = s + 1; each < end; each++) *each = (Suspect){xprintf("%s: %s", NAME[part], each->why), plus(start, each->values, n)};
    Tensor shape = {.ndim = 3, .shape = {z.B, z.T, z.C}, .size = n};
    expect_floats(name, got, want, n, &shape, TOLERANCE, s);
}

static void y_first(const Run *r) {
    if (!is_close(r->y->data, made(r->g, OF_Y, RIGHT), r->y->size)) reject("%sy is not right yet, so its gradients cannot be: see the checks above", r->text);
}

static void judge_back(Size z, float *slope, float start, int from, int to) {
    Run r = new_run(z, slope, start);
    go(&r);
    y_first(&r);
    go_back(&r.tape, r.y, r.g.dy);
    for (int part = from; part <= to; part++) judge_part(&r, part, start, "");
}

static void judge_all_back(int part) {
    judge_back((Size){2, 5, 12, 3}, NULL, 0, part, part);
    judge_back((Size){1, 6, 4, 1}, NULL, 0, part, part);
    judge_back((Size){3, 4, 6, 2}, NULL, 0, part, part);
    judge_back((Size){2, 4, 3, 3}, NULL, 0, part, part);
    judge_back((Size){1, 67, 6, 2}, NULL, 0, part, part);
}

void look_to_values(void) { judge_all_back(OF_VALUE); }
void look_to_queries(void) { judge_all_back(OF_QUERY); }
void look_to_keys(void) { judge_all_back(OF_KEY); }

// Backward adds to qkv->grad and changes nothing else.
static void judge_kept(Size z) {
    Run r = run_of(z, NULL);
    float *in = plus(0, r.qkv->data, r.qkv->size), *out = plus(0, r.y->data, r.y->size);
    int pairs = z.B * z.NH, TT = z.T * z.T;
    float *before = filled((size_t)(pairs * TT), 0), *after = filled((size_t)(pairs * TT), 0);
    for (int pair = 0; pair < pairs; pair++) attention_weights(r.y, pair / z.NH, pair % z.NH, before + pair * TT);
    go_back(&r.tape, r.y, r.g.dy);
    for (int pair = 0; pair < pairs; pair++) attention_weights(r.y, pair / z.NH, pair % z.NH, after + pair * TT);
    for (int i = 0; i < pairs * TT; i++)
        if (i % z.T > i / z.T % z.T) before[i] = after[i] = 0;         // what lies behind the diagonal is another check's
    if (!is_close(after, before, (size_t)(pairs * TT))) reject("%sbackward changes the weights: they may be looked at afterwards. Give what it makes room of its own", r.text);
    if (memcmp(in, r.qkv->data, r.qkv->size * sizeof *in) != 0 || memcmp(out, r.y->data, r.y->size * sizeof *out) != 0) reject("%sbackward changes the values of qkv or y: it adds to qkv->grad only", r.text);
    if (memcmp(r.y->grad, r.g.dy, r.y->size * sizeof *out) != 0) reject("%sbackward changes y->grad: it adds to qkv->grad only", r.text);
}

void look_adds(void) {
    Size z = {2, 5, 12, 3};
    judge_back(z, NULL, 0.5f, OF_QUERY, OF_VALUE);
    judge_kept(z);
    for (int sum = -1000; sum <= 1000; sum += 2000) {
        Run great = great_run((Size){2, 5, 8, 2}, sum);
        y_first(&great);
        go_back(&great.tape, great.y, great.g.dy);
        for (size_t i = 0; i < great.qkv->size; i++)
            if (!isfinite(great.qkv->grad[i])) reject("%sdqkv is %s: backward makes the weights again without subtracting the greatest score of the row. Keep those of forward", great.text, number_text((double)great.qkv->grad[i]));
    }
    Run first = run_of(z, NULL), second = run_of((Size){3, 4, 6, 2}, NULL);
    go_back(&second.tape, second.y, second.g.dy);
    go_back(&first.tape, first.y, first.g.dy);
    for (int part = OF_QUERY; part <= OF_VALUE; part++) judge_part(&first, part, 0, "two of them at once (keep what backward needs in s, not in static memory), and back through both: ");
    Run r = new_run(z, NULL, 0);                    // twice the same input: the gradient is the sum of both
    go(&r);
    Tensor *again = op_attention(&r.tape, r.qkv, z.NH, NULL);
    go_back(&r.tape, again, r.g.dy);
    go_back(&r.tape, r.y, r.g.dy);
    const float *once = back_plainly(r.g, RIGHT);
    float *twice = filled(r.qkv->size, 0);
    for (size_t i = 0; i < r.qkv->size; i++) twice[i] = 2 * once[i];
    expect_floats("qkv is used twice: its gradient", r.qkv->grad, twice, r.qkv->size, r.qkv, TOLERANCE, NULL);
    r = run_of(z, NULL);
    r.qkv->grad = NULL;
    const char *why = "qkv->grad may be NULL: then nobody wants that gradient, and there is nothing to do. Ask for that first";
    if_stopped("not there (a NULL pointer", why);
    if_stopped("null pointer", why);
    go_back(&r.tape, r.y, r.g.dy);
}

void look_slopes(void) {
    float slope[] = {0.5f, 0.125f, 0.75f}, none[] = {0, 0, 0};
    Run r = run_of((Size){2, 6, 12, 3}, slope);
    judge_y(&r);
    judge_weights(&r, r.y);
    r = run_of((Size){1, 5, 4, 1}, slope);
    judge_y(&r);
    static const float query[] = {1, 1, 1, 1, 1, 40}, key[] = {12, 0, 2, 4, 2, 0};
    float steep[] = {60};
    judge_uneven(steep, query, key, "the greatest score is that after the slope is subtracted: before it, one that is far away may be so great that nothing is left");
    r = run_of((Size){2, 6, 12, 3}, none);
    judge_y(&r);
    r = run_of((Size){2, 6, 12, 3}, NULL);
    judge_y(&r);
    judge_back((Size){2, 6, 12, 3}, slope, 0, OF_QUERY, OF_VALUE);
}
