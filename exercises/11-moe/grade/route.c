// grade/route.c of 11-moe: the checks of op_route: who is chosen, with what weight, and what the router learns from it.
#include "judges.h"
#include "op_route.h"

#include <math.h>
#include <string.h>

static const double TOLERANCE = 1e-5;
enum { UNTOUCHED = -77 };

// Rows of logits, and what is to be chosen.
typedef struct {
    int N, E, K;
    const char *text;
    Tape tape;
    Tensor *logits;
    float *favour;                  // (E) or NULL
    int *choice, *want;             // (N,K) the learner's, and the right one
    Tensor *gate;
} Route;

typedef enum { RIGHT, LAST, LEAST, SAME, BY_INDEX, UPWARDS, NO_FAVOUR, FAVOUR_ONLY, MINUS_FAVOUR, TIMES_FAVOUR, BY_LOGIT } Bug;

static float score(const float *x, const float *favour, int e, Bug bug) {
    if (!favour || bug == NO_FAVOUR) return x[e];
    return bug == FAVOUR_ONLY ? favour[e] : bug == MINUS_FAVOUR ? x[e] - favour[e] : bug == TIMES_FAVOUR ? x[e] * favour[e] : x[e] + favour[e];
}

static bool before(float a, float b, Bug bug) { return bug == LAST ? a >= b : bug == LEAST ? a < b : a > b; }

// Sorts the K chosen of a row anew, so that they go up in key.
static void resort(int *c, int K, const float *key, bool down) {
    for (int i = 1; i < K; i++)
        for (int j = i; j > 0; j--) {
            float a = key ? key[c[j - 1]] : (float)c[j - 1], b = key ? key[c[j]] : (float)c[j];
            if (down ? b <= a : a <= b) break;
            int other = c[j];
            c[j] = c[j - 1];
            c[j - 1] = other;
        }
}

static int *chosen(const Route *k, Bug bug) {
    int *choice = xmalloc((size_t)(k->N * k->K) * sizeof *choice);
    for (int n = 0; n < k->N; n++) {
        const float *x = k->logits->data + n * k->E;
        int *c = choice + n * k->K;
        for (int i = 0; i < k->K; i++) {
            c[i] = -1;
            for (int e = 0; e < k->E; e++) {
                bool taken = false;
                for (int j = 0; j < i && bug != SAME; j++) taken = taken || c[j] == e;
                if (!taken && (c[i] < 0 || before(score(x, k->favour, e, bug), score(x, k->favour, c[i], bug), bug))) c[i] = e;
            }
        }
        if (bug == BY_INDEX) resort(c, k->K, NULL, false);
        if (bug == UPWARDS)
            for (int i = 0, j = k->K - 1; i < j; i++, j--) {
                int other = c[i];
                c[i] = c[j];
                c[j] = other;
            }
        if (bug == BY_LOGIT) resort(c, k->K, x, true);
    }
    return choice;
}

static Route route_of(int ndim, const int *shape, int K, uint32_t seed, float start) {
    Route k = {.K = K, .tape = used_tape(true), .logits = given_tensor("logits", ndim, shape, seed, start)};
    k.E = last_of(k.logits), k.N = rows_of(k.logits);
    for (size_t i = 0; i < k.logits->size; i++) k.logits->data[i] = 0.25f * roundf(6 * k.logits->data[i]);     // sums of them are exact, and some are equal
    k.choice = xmalloc((size_t)(k.N * K) * sizeof(int));
    for (int i = 0; i < k.N * K; i++) k.choice[i] = UNTOUCHED;
    k.text = xprintf("logits are %s, K is %d: ", shape_text(k.logits), K);
    return k;
}

// Rows as given.
static Route route_with(const float *x, int N, int E, int K, const float *favour, const char *text) {
    Route k = route_of(2, (int[]){N, E}, K, 71, 0.5f);
    memcpy(k.logits->data, x, k.logits->size * sizeof *x);
    if (favour) k.favour = copy(favour, (size_t)E);
    if (text) k.text = text;
    return k;
}

static const struct { const char *why; Bug bug; } CHOICES[] = {
    {"of equal logits the last is taken: it is the first, so a later one has to be greater, not as great", LAST},
    {"the least are chosen, not the greatest", LEAST},
    {"a token chooses the same expert again and again: whoever is among choice[0] .. choice[k-1] is passed over", SAME},
    {"the chosen ones stand in the order of the experts: the greatest comes first", BY_INDEX},
    {"the chosen ones stand with the least of them first: the greatest comes first", UPWARDS}};

static const struct { const char *why; Bug bug; } FAVOURED[] = {
    {"the favour is left out: it is added to the logits when they are compared", NO_FAVOUR},
    {"the favour alone decides: it is added to the logits", FAVOUR_ONLY},
    {"the favour is subtracted: it is added to the logits", MINUS_FAVOUR},
    {"the logits are multiplied by the favour: it is added to them", TIMES_FAVOUR},
    {"the chosen ones are ordered by the logits alone: first comes who was chosen first, favour and all", BY_LOGIT}};

static const char *row_text(const Route *k, int n) {
    const char *text = "";
    for (int e = 0; e < k->E; e++) text = xprintf("%s%s%g", text, e ? " " : "", (double)k->logits->data[n * k->E + e]);
    return text;
}

static void ask(Route *k) {
    float *x = copy(k->logits->data, k->logits->size);
    const char *null = "favour may be NULL, where nobody is favoured: ask for that before it is used";
    if (!k->favour) if_stopped("null pointer", null);
    if (!k->favour) if_stopped("address that is not there", null);
    if_stopped("reaches outside", "row n of the logits begins at n * E; its K choices, and its K gates, at n * K. Or was nobody found, and the choice left at -1? Where all logits are below 0, a greatest that begins at 0 finds none");
    k->gate = op_route(&k->tape, k->logits, k->K, k->favour, k->choice);
    k->want = chosen(k, RIGHT);
    expect_floats(xprintf("%sthe logits are to be left alone: whoever is taken already is found in choice. After the call logits", k->text), k->logits->data, x, k->logits->size, k->logits, 0, NULL);
}

static void judge_choice(Route k) {
    int size = k.N * k.K;
    ask(&k);
    if (same_ints(k.choice, k.want, size)) return;
    for (int i = 0; i < COUNT(CHOICES); i++)
        if (same_ints(k.choice, chosen(&k, CHOICES[i].bug), size)) reject("%s%s", k.text, CHOICES[i].why);
    for (int i = 0; i < COUNT(FAVOURED) && k.favour; i++)
        if (same_ints(k.choice, chosen(&k, FAVOURED[i].bug), size)) reject("%s%s", k.text, FAVOURED[i].why);
    for (int i = 0; i < size; i++) {
        int n = i / k.K;
        if (k.choice[i] == UNTOUCHED) reject("%schoice[%d] was not written: row n's are choice[n*K] to choice[n*K + K-1]", k.text, i);
        if (k.choice[i] == k.want[i]) continue;
        float most = -INFINITY;
        for (int e = 0; e < k.E; e++) most = fmaxf(most, k.logits->data[n * k.E + e]);
        const char *row = row_text(&k, n), *list = ints_text(k.choice + n * k.K, k.K), *want = ints_text(k.want + n * k.K, k.K);
        if (most < 0 && !k.favour) reject("%sof the logits %s, all below 0, are chosen %s, want %s: does the greatest so far begin at 0? Begin with the first that is not taken", k.text, row, list, want);
        reject("%sof the logits %s are chosen %s, want %s", k.text, row, list, want);
    }
}

static const float PLAIN[] = {0.5f, 2,     -1, 1.5f, 0,          //
                              -3,   -0.5f, 4,  0.25f, 3,         //
                              1,    0.75f, 0,  -2,    2.5f};
static const float EQUAL[] = {1, 3, 2, 3, 0, 2, 2, 2, 2, 2, -1, 0, 4, 0, 0};
static const float BELOW[] = {-3, -1, -2, -5, -4, -9, -8, -1.5f, -8, -0.5f};
static const float DEEP[] = {-1e38f, -3e38f, -2e38f, 0};

// The one that is not far below 0 first, then the others in their order.
static void judge_deep(void) {
    Route k = route_with(DEEP, 1, 4, 3, NULL, NULL);
    ask(&k);
    if (!same_ints(k.choice, k.want, 3)) reject("of the logits %s are chosen %s, want %s: a logit can be lower than any number that marks who is taken, or that the greatest so far begins at; -INFINITY alone is below all", row_text(&k, 0), ints_text(k.choice, 3), ints_text(k.want, 3));
}

void route_choice(void) {
    judge_choice(route_with(PLAIN, 3, 5, 2, NULL, NULL));
    judge_choice(route_with(BELOW, 2, 5, 3, NULL, NULL));
    judge_choice(route_with(EQUAL, 3, 5, 2, NULL, NULL));
    judge_choice(route_of(3, (int[]){3, 4, 7}, 3, 72, 0));
    judge_choice(route_of(2, (int[]){9, 6}, 1, 73, 0));
    judge_choice(route_of(2, (int[]){5, 4}, 4, 74, 0));
    judge_choice(route_of(1, (int[]){6}, 2, 75, 0));
    judge_deep();
    Route k = route_of(3, (int[]){3, 4, 7}, 3, 72, 0);
    k.tape = used_tape(false);
    k.text = "on a tape that does not record (evaluation): ";
    judge_choice(k);
}

// --- gates ---

typedef enum { CHOSEN, OF_ALL, OF_SOFTMAX, OF_SIGMOIDS, SIGMOIDS, POWERS, EVEN, LOGITS, SHARES, TURNED, OVER_TOKENS, WITH_FAVOUR } Gate;

static double raw_gate(const Route *k, int n, int i, Gate g) {
    const float *row = k->logits->data + n * k->E;
    const int *c = k->want + n * k->K;
    double x = row[c[i]] + (g == WITH_FAVOUR && k->favour ? k->favour[c[i]] : 0), sum = 0, most = row[c[0]];
    for (int j = 0; j < k->K; j++) most = fmax(most, row[c[j]]);
    if (g == OF_SOFTMAX || g == OF_ALL) {
        for (int e = 0; e < k->E; e++) sum += exp(row[e] - x);
        return g == OF_ALL ? 1 / sum : exp(1 / sum);
    }
    return g == EVEN ? 1 : g == LOGITS || g == SHARES ? x : g == SIGMOIDS || g == OF_SIGMOIDS ? 1 / (1 + exp(-x)) : exp(x - (g == POWERS || g == OVER_TOKENS ? 0 : most));
}

static float *gates(const Route *k, Gate g) {
    float *gate = filled((size_t)(k->N * k->K), 0);
    bool divided = g != OF_ALL && g != SIGMOIDS && g != POWERS && g != LOGITS;
    for (int n = 0; n < k->N; n++)
        for (int i = 0; i < k->K; i++) {
            double sum = 0;
            int j = g == TURNED ? k->K - 1 - i : i;
            for (int m = 0; m < k->K && g != OVER_TOKENS; m++) sum += raw_gate(k, n, m, g);
            for (int m = 0; m < k->N && g == OVER_TOKENS; m++) sum += raw_gate(k, m, i, g);
            gate[n * k->K + i] = (float)(raw_gate(k, n, j, g) / (divided ? sum : 1));
        }
    return gate;
}

static const struct { const char *why; Gate gate; } GATES[] = {
    {"the gates are the softmax of all E logits, and those of a token do not sum to 1: that is the other published variant, softmax before top-k, as in Switch transformers. Here, as in Mixtral, the softmax is that of the K chosen logits alone (or divide by the sum of the chosen, which is the same)", OF_ALL},
    {"the gates are a softmax of a softmax: of the K chosen logits, not of their probabilities", OF_SOFTMAX},
    {"the gates are sigmoids of the logits, divided by their sum: here they are a softmax, e^x over the sum of e^x", OF_SIGMOIDS},
    {"the gates are sigmoids of the logits: here they are the softmax of the chosen ones, and sum to 1", SIGMOIDS},
    {"the gates are e^x, not divided by their sum", POWERS},
    {"all gates are 1 / K: they are the softmax of the chosen logits, or the router could learn nothing", EVEN},
    {"the gates are the logits themselves: want their softmax", LOGITS},
    {"the gates are the logits, divided by their sum: want e^x over the sum of e^x, for a logit may be below 0", SHARES},
    {"the gates stand in the opposite order: gate k belongs to choice k", TURNED},
    {"the gates sum to 1 over the tokens: over the K experts of a token they should", OVER_TOKENS}};

static void need_choice(const Route *k) {
    if (!same_ints(k->choice, k->want, k->N * k->K)) reject("%sthe choice is not right yet: see the check for that", k->text);
}

static void judge_gates(Route k) {
    ask(&k);
    need_choice(&k);
    Suspect suspects[COUNT(GATES) + 2] = {{NULL, NULL}};
    int count = 0;
    if (k.favour) suspects[count++] = (Suspect){"the favour is in the gates: it counts for the choice, and the gates are the softmax of the logits without it", gates(&k, WITH_FAVOUR)};
    for (int i = 0; i < COUNT(GATES); i++) suspects[count++] = (Suspect){xprintf("%s%s", k.text, GATES[i].why), gates(&k, GATES[i].gate)};
    Tensor like = *k.logits;
    like.shape[like.ndim - 1] = k.K;
    expect_shape("the result", k.gate, xprintf("%s", shape_text(&like)));
    expect_floats(xprintf("%sgate", k.text), k.gate->data, gates(&k, CHOSEN), k.gate->size, k.gate, TOLERANCE, suspects);
}

static const float GREAT[] = {1000, 999, 998.5f, -2000, -1000, -1001, -3000, -1000.5f};

void route_gates(void) {
    judge_gates(route_with(PLAIN, 3, 5, 2, NULL, NULL));
    judge_gates(route_of(3, (int[]){3, 4, 7}, 3, 72, 0));
    judge_gates(route_of(2, (int[]){9, 6}, 1, 73, 0));
    judge_gates(route_of(2, (int[]){5, 4}, 4, 74, 0));
    judge_gates(route_with(EQUAL, 3, 5, 2, NULL, NULL));
    Route k = route_with(GREAT, 2, 4, 2, NULL, "logits of a thousand: ");
    ask(&k);
    need_choice(&k);
    for (int i = 0; i < 4; i++)
        if (!isfinite(k.gate->data[i])) reject("for the logits %s a gate is %s: e^x is infinite from 89 on, and 0 from -104 on. Take the greatest of the chosen away first, as in lesson 02", row_text(&k, i / 2), isnan(k.gate->data[i]) ? "NaN" : "infinite");
    judge_gates(route_with(GREAT, 2, 4, 2, NULL, "logits of a thousand: "));
}

// --- backward ---

typedef enum { DONE, DIAGONAL, NO_SUM, NO_BRACKET, NO_GATE, DY, AS_ALL, AT_K, NOT_WEIGHTED, MEAN, PLUS, LAST_ROW, ONLY_FIRST, OF_LOGITS } Slip;

static float *to_logits(const Route *k, const float *dg, Slip slip) {
    float *dx = filled(k->logits->size, 0);
    const float *gate = gates(k, CHOSEN), *all = gates(k, OF_ALL);
    for (int n = 0; n < k->N; n++) {
        const float *g = (slip == AS_ALL ? all : gate) + n * k->K, *d = dg + n * k->K, *x = k->logits->data + n * k->E;
        const int *c = k->want + n * k->K;
        double sum = 0;
        for (int i = 0; i < k->K; i++) sum += slip == NOT_WEIGHTED ? d[i] : slip == MEAN ? d[i] / (float)k->K : g[i] * d[i];
        if (slip == LAST_ROW && n < k->N - 1) continue;
        for (int e = 0; e < k->E && slip == AS_ALL; e++) {
            double p = 0;
            for (int j = 0; j < k->E; j++) p += exp(x[j] - x[e]);
            dx[n * k->E + e] -= (float)(sum / p);
        }
        for (int i = 0; i < (slip == ONLY_FIRST ? 1 : k->K); i++) {
            double more = slip == DIAGONAL ? g[i] * (1 - g[i]) * d[i]
                        : slip == NO_SUM || slip == AS_ALL ? g[i] * d[i]
                        : slip == NO_BRACKET ? g[i] * d[i] - sum
                        : slip == NO_GATE ? d[i] - sum
                        : slip == DY ? d[i]
                        : slip == OF_LOGITS ? x[c[i]] * (d[i] - sum)
                        : slip == PLUS ? g[i] * (d[i] + sum) : g[i] * (d[i] - sum);
            dx[n * k->E + (slip == AT_K ? i : c[i])] += (float)more;
        }
    }
    return dx;
}

static const struct { const char *why; Slip slip; } SLIPS[] = {
    {"only each logit's own gate is thought of, gate (1 - gate): a logit that grows makes the other gates of its token smaller too", DIAGONAL},
    {"the sum is missing: dx_k = gate_k (dgate_k - sum over j of gate_j dgate_j)", NO_SUM},
    {"the bracket is missing: the gate multiplies both, dx_k = gate_k (dgate_k - sum over j of gate_j dgate_j)", NO_BRACKET},
    {"the gate before the bracket is missing: dx_k = gate_k (dgate_k - sum over j of gate_j dgate_j)", NO_GATE},
    {"the gates' gradient is handed on as it is: it goes through the softmax, gate_k (dgate_k - sum over j of gate_j dgate_j)", DY},
    {"that is the gradient of a softmax of all E logits: here the gates depend on the K chosen ones alone, and the others get nothing", AS_ALL},
    {"the gradient is written to the first K logits: gate k came from logit choice[k]", AT_K},
    {"in the sum the gates are missing: the sum over j of gate_j dgate_j", NOT_WEIGHTED},
    {"in the sum stands the plain mean: the gates weigh it, the sum over j of gate_j dgate_j", MEAN},
    {"the sum has the wrong sign: it is taken away", PLUS},
    {"the gradient reaches the last token only", LAST_ROW},
    {"the gradient reaches the first choice only: all K gates have one", ONLY_FIRST},
    {"the logit stands before the bracket, where its gate should", OF_LOGITS}};

// between: is another one made before the way back?
static void judge_back(Route k, float start, bool between) {
    float *dg = given_floats((size_t)(k.N * k.K), 77);
    Route next = route_of(2, (int[]){3, 4}, 2, 78, 0);
    ask(&k);
    need_choice(&k);
    if (!is_close(k.gate->data, gates(&k, CHOSEN), k.gate->size)) reject("%sthe gates are not right yet, so the gradient cannot be: see the check for them", k.text);
    if (between) ask(&next);
    memset(k.choice, 0, (size_t)(k.N * k.K) * sizeof *k.choice);        // the caller's, who may use it again
    go_back_reading(&k.tape, k.gate, dg);
    float *want = to_logits(&k, dg, DONE);
    Suspect suspects[COUNT(SLIPS) + 3] = {
        {"the gradient does not reach the router: the choice has none, but the gates do, and through them the logits that were chosen", filled(k.logits->size, start)},
        {"the logits' gradient is overwritten: it is added to what is there (+=)", want}};
    for (int i = 0; i < COUNT(SLIPS); i++) suspects[2 + i] = (Suspect){SLIPS[i].why, plus(start, to_logits(&k, dg, SLIPS[i].slip), k.logits->size)};
    float *set = plus(start, want, k.logits->size);
    for (int n = 0; n < k.N; n++)
        for (int i = 0; i < k.K; i++) set[n * k.E + k.want[n * k.K + i]] -= start;
    if (is_close(k.logits->grad, set, k.logits->size)) reject("the gradient of the chosen logits is overwritten: it is added to what is there (+=), for op_balance adds to it too");
    const char *when = between ? "two of them at once (keep nothing in static memory), and back through the first: " : k.text;
    expect_floats(xprintf("%s%sthe logits' gradient", when, was(start)), k.logits->grad, plus(start, want, k.logits->size), k.logits->size, k.logits, TOLERANCE, suspects);
}

void route_back(void) {
    judge_back(route_of(3, (int[]){2, 4, 7}, 3, 76, 0.5f), 0.5f, false);
    judge_back(route_with(PLAIN, 3, 5, 2, NULL, NULL), 0.5f, false);
    judge_back(route_of(2, (int[]){5, 4}, 4, 74, 0.5f), 0.5f, false);
    judge_back(route_of(2, (int[]){5, 4}, 2, 79, 0.5f), 0.5f, true);
    Route k = route_with(PLAIN, 3, 5, 2, NULL, NULL);
    unwanted(k.logits);
    ask(&k);
    k.gate->grad = filled(k.gate->size, 1);
    if_stopped("null pointer", "the logits' grad may be NULL, where nobody wants that gradient: ask for that first");
    k.gate->backward(k.gate);
}

// --- favour ---

static const float FAVOUR[] = {2.25f, -1, 0, 0.25f, 1}, TO_THE_SMALL[] = {0, 0, 0, 5000};

void route_favour(void) {
    judge_choice(route_with(PLAIN, 3, 5, 2, FAVOUR, "with a favour: "));
    judge_choice(route_with(EQUAL, 3, 5, 3, FAVOUR, "with a favour: "));
    judge_gates(route_with(PLAIN, 3, 5, 2, FAVOUR, "with a favour: "));
    judge_gates(route_with(EQUAL, 3, 5, 3, FAVOUR, "with a favour: "));
    Route k = route_with(GREAT, 1, 4, 2, TO_THE_SMALL, NULL);
    ask(&k);
    need_choice(&k);
    for (int i = 0; i < 2; i++)
        if (!isfinite(k.gate->data[i])) reject("a favour of 5000 for the logit -2000, beside 1000: a gate is not finite. With a favour, the first choice need not have the greatest logit of the chosen: look for it");
    judge_gates(route_with(GREAT, 1, 4, 2, TO_THE_SMALL, "a favour of 5000 for the logit -2000: "));
    judge_back(route_with(PLAIN, 3, 5, 2, FAVOUR, "with a favour: "), 0.5f, false);
}
