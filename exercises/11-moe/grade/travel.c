// grade/travel.c of 11-moe: the checks of op_dispatch and op_combine, by plain loops over slots.
#include "judges.h"
#include "op_combine.h"
#include "op_dispatch.h"

#include <math.h>
#include <string.h>

static const double TOLERANCE = 1e-5;

// Everybody wants expert 1, nobody 3; in THREE each token has three.
static const int TWO[] = {1, 0, 2, 1, 1, 4, 0, 1, 1, 2, 4, 1, 1, 0};
static const int THREE[] = {5, 2, 0, 5, 1, 3, 2, 5, 6, 0, 5, 2, 3, 5, 1, 5, 0, 2};
static const int ONE[] = {2, 0, 2, 1, 2};

typedef struct {
    const Routing *r;
    int N, K, C, rows, size;        // rows that there are; and all of them, N*K
    const char *text;
} Trip;

static Trip trip_of(const int *choice, int N, int K, int E, int C, int capacity) {
    const Routing *r = given_routing(choice, N, K, E, capacity);
    return (Trip){r, N, K, C, r->start[E], N * K, xprintf("%d tokens, K = %d%s: ", N, K, capacity ? ", some slots dropped" : "")};
}

static const char OUTSIDE[] = "row, slot and token are three things: slot i belongs to token i / K, and stands in row r->place[i]; in row j stands slot r->slot[j], and there are r->start[E] rows; a place of -1 is no row";

// --- dispatch ---

typedef enum { RIGHT, UNSORTED, MODULO, MODULO_K, INVERSE, FIRST_ONLY, IN_TURNS } Bug;

// Of which token row j holds the numbers; -1: none.
static int token_in(const Trip *t, int j, Bug bug) {
    int i = j < t->rows ? t->r->slot[j] : -1;
    switch (bug) {
    case UNSORTED: return j / t->K;
    case MODULO: return i < 0 ? -1 : i % t->N;
    case MODULO_K: return i < 0 ? -1 : i % t->K;
    case INVERSE: return t->r->place[j] < 0 ? -1 : t->r->place[j] / t->K;
    case FIRST_ONLY: return i < 0 || i % t->K ? -1 : i / t->K;
    case IN_TURNS: return j % t->N;
    default: return i < 0 ? -1 : i / t->K;
    }
}

static float *sent(const Trip *t, const float *x, Bug bug) {
    float *y = filled((size_t)(t->size * t->C), 0);
    for (int j = 0; j < t->size; j++)
        for (int c = 0, n = token_in(t, j, bug); n >= 0 && c < t->C; c++) y[j * t->C + c] = x[n * t->C + c];
    return y;
}

static const struct { const char *why; Bug bug; } SENT[] = {
    {"the rows stand in the order of the tokens: row j holds what slot r->slot[j] asks for", UNSORTED},
    {"the token of a slot is slot % N there: slots are numbered n*K + k, so it is slot / K", MODULO},
    {"the token of a slot is slot % K there, which is the number of the choice: it is slot / K", MODULO_K},
    {"r->place is taken for r->slot: place says in which row a slot stands, slot which slot stands in a row", INVERSE},
    {"only first choices travel: each token goes to all its K experts", FIRST_ONLY},
    {"the rows hold all tokens again and again, unsorted: row j holds what slot r->slot[j] asks for", IN_TURNS}};

static Tensor *tokens(const Trip *t, bool three, float start) {
    return three ? given_tensor("x", 3, (int[]){1, t->N, t->C}, 81, start) : given_tensor("x", 2, (int[]){t->N, t->C}, 81, start);
}

static Tensor *judge_sent(const Trip *t, Tensor *x, Tape *tape) {
    if_stopped("reaches outside", OUTSIDE);
    if_stopped("address that is not there", OUTSIDE);
    float *before = copy(x->data, x->size);
    Tensor *y = op_dispatch(tape, x, t->r);
    Suspect suspects[COUNT(SENT) + 1] = {{NULL, NULL}};
    for (int i = 0; i < COUNT(SENT); i++) suspects[i] = (Suspect){xprintf("%s%s", t->text, SENT[i].why), sent(t, x->data, SENT[i].bug)};
    expect_shape("y", y, xprintf("(%d,%d)", t->size, t->C));
    expect_floats("x is to be left alone: after the call x", x->data, before, x->size, x, 0, NULL);
    const float *want = sent(t, x->data, RIGHT);
    for (int j = 0; j < t->rows; j++)
        for (int c = 0; c < t->C; c++)
            if (isnan(y->data[j * t->C + c])) reject("%sy[%d][%d] was never written: there are r->start[E] = %d rows, and slot %d, of token %d, stands in that one", t->text, j, c, t->rows, t->r->slot[j], t->r->slot[j] / t->K);
    if (t->rows < t->size && memcmp(y->data, want, (size_t)(t->rows * t->C) * sizeof *want) == 0)
        for (int i = t->rows * t->C; i < t->size * t->C; i++)
            if (y->data[i] != 0) reject("%sbehind the last of the %d rows y is %s, and has to be 0: the memory was used before", t->text, t->rows, isnan(y->data[i]) ? "NaN" : "something");
    expect_floats(xprintf("%sy", t->text), y->data, want, y->size, y, 0, suspects);
    return y;
}

void dispatch_rows(void) {
    Tape tape = used_tape(true), plain = used_tape(false);
    Trip two = trip_of(TWO, 7, 2, 5, 3, 0), three = trip_of(THREE, 6, 3, 7, 5, 0), one = trip_of(ONE, 5, 1, 4, 2, 0), dropped = trip_of(TWO, 7, 2, 5, 3, 2);
    judge_sent(&two, tokens(&two, false, 0), &tape);
    judge_sent(&three, tokens(&three, true, 0), &tape);
    judge_sent(&one, tokens(&one, false, 0), &tape);
    judge_sent(&dropped, tokens(&dropped, true, 0), &tape);
    judge_sent(&two, tokens(&two, false, 0), &plain);
}

typedef enum { SUM, LAST_ROW, LAST_SLOT, FIRST_SLOT, MEAN, BY_TOKEN } Way;

static float *sent_back(const Trip *t, const float *dy, Way way) {
    float *dx = filled((size_t)(t->N * t->C), 0);
    for (int j = 0; j < t->size; j++) {
        int i = j < t->rows ? t->r->slot[j] : -1, n = way == BY_TOKEN ? j / t->K : i < 0 ? -1 : i / t->K;
        bool later = false;
        for (int m = 0; m < t->K && i >= 0; m++) {
            int other = t->r->place[n * t->K + m];
            if (other >= 0 && (way == LAST_ROW ? other > j : way == LAST_SLOT ? n * t->K + m > i : way == FIRST_SLOT && n * t->K + m < i)) later = true;
        }
        if (n < 0 || later) continue;
        for (int c = 0; c < t->C; c++) dx[n * t->C + c] += dy[j * t->C + c] / (way == MEAN ? (float)t->K : 1);
    }
    return dx;
}

static const struct { const char *why; Way way; } SENT_BACK[] = {
    {"dx holds what one expert wants, the first choice: a token that went to several gets the sum (+=)", FIRST_SLOT},
    {"dx holds the mean of what its experts want: it is the sum, for all of them saw the same x", MEAN},
    {"dx is as if the rows stood in the order of the tokens: row j is that of token r->slot[j] / K", BY_TOKEN}};

static void judge_sent_back(const Trip *t, bool three, float start) {
    Tape tape = used_tape(true);
    Tensor *x = tokens(t, three, start), *y = op_dispatch(&tape, x, t->r);
    if (!is_close(y->data, sent(t, x->data, RIGHT), y->size)) reject("%sy is not right yet, so its gradient cannot be: see the check above", t->text);
    float *dy = given_floats(y->size, 82), *want = sent_back(t, dy, SUM);
    if_stopped("reaches outside", OUTSIDE);
    if_stopped("address that is not there", OUTSIDE);
    go_back_reading(&tape, y, dy);
    Suspect suspects[COUNT(SENT_BACK) + 7] = {
        {"dx stays as it was: what the experts want has to come back to the tokens", filled(x->size, start)},
        {"dx is overwritten by each expert (=), so a token that went to two experts keeps the last one's only: it is added (+=)", sent_back(t, dy, LAST_ROW)},
        {"dx is overwritten by each expert (=), so a token that went to two experts keeps the last one's only: it is added (+=)", sent_back(t, dy, LAST_SLOT)},
        {"dx begins at 0 anew: it is added to what is there (+=), for x is used elsewhere too", want},
        {"of what its experts want, a token gets the last one's only: they add up", plus(start, sent_back(t, dy, LAST_SLOT), x->size)},
        {"of what its experts want, a token gets the last one's only: they add up", plus(start, sent_back(t, dy, LAST_ROW), x->size)}};
    for (int i = 0; i < COUNT(SENT_BACK); i++) suspects[6 + i] = (Suspect){SENT_BACK[i].why, plus(start, sent_back(t, dy, SENT_BACK[i].way), x->size)};
    expect_floats(xprintf("%s%sdx", t->text, was(start)), x->grad, plus(start, want, x->size), x->size, x, TOLERANCE, suspects);
}

void dispatch_back(void) {
    Trip two = trip_of(TWO, 7, 2, 5, 3, 0), three = trip_of(THREE, 6, 3, 7, 5, 0), one = trip_of(ONE, 5, 1, 4, 2, 0), dropped = trip_of(TWO, 7, 2, 5, 3, 2);
    judge_sent_back(&two, false, 0.5f);
    judge_sent_back(&three, true, 0.5f);
    judge_sent_back(&one, false, 0.5f);
    judge_sent_back(&dropped, true, 0.5f);
    Tape tape = used_tape(true);
    Tensor *x = tokens(&two, false, 0);
    unwanted(x);
    Tensor *y = op_dispatch(&tape, x, two.r);
    y->grad = filled(y->size, 1);
    if_stopped("null pointer", "x->grad may be NULL, where nobody wants that gradient: ask for that first");
    y->backward(y);
}

// --- combine ---

typedef enum { WEIGHED, UNWEIGHED, AVERAGED, OTHER_GATE, ROW_GATE, IN_ORDER, INVERTED, LAST_ONLY, FIRST_CHOICE, RENORMALISED, FROM_ROW_0 } Sum;

typedef struct {
    Trip t;
    Tensor *x, *gate;
    float *dy;
} Talk;

static Talk talk_of(Trip t, bool three, float start) {
    Talk k = {.t = t, .x = given_tensor("x", 2, (int[]){t.size, t.C}, 83, start)};
    k.gate = three ? given_tensor("gate", 3, (int[]){1, t.N, t.K}, 84, start) : given_tensor("gate", 2, (int[]){t.N, t.K}, 84, start);
    for (int n = 0; n < t.N; n++) {         // positive, and a token's sum to 1
        float sum = 0, *g = k.gate->data + n * t.K;
        for (int i = 0; i < t.K; i++) sum += g[i] = 0.2f + fabsf(g[i]);
        for (int i = 0; i < t.K; i++) g[i] /= sum;
    }
    k.dy = given_floats((size_t)(t.N * t.C), 85);
    return k;
}

// The weight of slot i, and the row that is read for it; -1: none.
static float weight_of(const Talk *k, int i, Sum sum) {
    int K = k->t.K, n = i / K, row = k->t.r->place[i];
    float kept = 0;
    for (int m = n * K; m < (n + 1) * K; m++) kept += k->t.r->place[m] < 0 ? 0 : k->gate->data[m];
    switch (sum) {
    case UNWEIGHED: return 1;
    case AVERAGED: return 1 / (float)K;
    case OTHER_GATE: return k->gate->data[n * K + K - 1 - i % K];
    case ROW_GATE: return k->gate->data[row < 0 ? i : row];
    case RENORMALISED: return k->gate->data[i] / kept;
    default: return k->gate->data[i];
    }
}

static int row_of(const Talk *k, int i, Sum sum) {
    int row = k->t.r->place[i];
    if (sum == IN_ORDER) return i;
    if (sum == INVERTED) return i < k->t.rows ? k->t.r->slot[i] : -1;
    if (sum == FIRST_CHOICE && i % k->t.K > 0) return -1;
    if (sum == LAST_ONLY && i % k->t.K < k->t.K - 1) return -1;
    return row < 0 && sum == FROM_ROW_0 ? 0 : row;
}

static float *heard(const Talk *k, Sum sum) {
    int C = k->t.C;
    float *y = filled((size_t)(k->t.N * C), 0);
    for (int i = 0; i < k->t.size; i++)
        for (int c = 0, row = row_of(k, i, sum); row >= 0 && c < C; c++) y[i / k->t.K * C + c] += weight_of(k, i, sum) * k->x->data[row * C + c];
    return y;
}

static const struct { const char *why; Sum sum; } HEARD[] = {
    {"the gates are left out: each expert's word is weighted by its gate, or the router could learn nothing", UNWEIGHED},
    {"the mean of what the experts say is taken: the gates weigh it", AVERAGED},
    {"each expert has the gate of the other slot: gate k belongs to the row of slot n*K + k", OTHER_GATE},
    {"the gates are taken by row: they stand by token and choice, gate[n*K + k], and only x stands by row", ROW_GATE},
    {"x is read in the order of the slots: what slot i hears stands in row r->place[i]", IN_ORDER},
    {"r->slot is taken for r->place: place says in which row a slot stands, slot which slot stands in a row", INVERTED},
    {"each token hears its last expert only: what they say is added up (+=)", LAST_ONLY},
    {"each token hears its first choice only: all its experts speak", FIRST_CHOICE}};

static const struct { const char *why; Sum sum; } HEARD_WITHOUT[] = {
    {"for a slot that was dropped row 0 is heard, which belongs to another: a place of -1 is no row, and says nothing", FROM_ROW_0},
    {"the gates that are left are divided by their sum: they stay as they are, and a token with a dropped slot hears less", RENORMALISED}};

static Tensor *judge_heard(const Talk *k, Tape *tape) {
    if_stopped("reaches outside", k->t.rows < k->t.size ? "a place of -1 is no row: that slot was dropped, and says nothing" : OUTSIDE);
    if_stopped("address that is not there", OUTSIDE);
    float *x = copy(k->x->data, k->x->size), *gate = copy(k->gate->data, k->gate->size);
    Tensor *y = op_combine(tape, k->x, k->gate, k->t.r), like = *k->gate;
    like.shape[like.ndim - 1] = k->t.C;
    Suspect suspects[COUNT(HEARD) + COUNT(HEARD_WITHOUT) + 1] = {{NULL, NULL}};
    int count = 0;
    for (int i = 0; i < COUNT(HEARD_WITHOUT) && k->t.rows < k->t.size; i++) suspects[count++] = (Suspect){HEARD_WITHOUT[i].why, heard(k, HEARD_WITHOUT[i].sum)};
    for (int i = 0; i < COUNT(HEARD); i++) suspects[count++] = (Suspect){xprintf("%s%s", k->t.text, HEARD[i].why), heard(k, HEARD[i].sum)};
    expect_shape("y", y, xprintf("%s", shape_text(&like)));
    expect_floats("x is to be left alone: after the call x", k->x->data, x, k->x->size, k->x, 0, NULL);
    expect_floats("the gates are to be left alone: after the call gate", k->gate->data, gate, k->gate->size, k->gate, 0, NULL);
    for (size_t i = 0; i < y->size; i++)
        if (isnan(y->data[i])) reject("%sy is NaN: the memory was used before, so begin every sum at 0, that of a token whose slots were all dropped too", k->t.text);
    expect_floats(xprintf("%sy", k->t.text), y->data, heard(k, WEIGHED), y->size, y, TOLERANCE, suspects);
    return y;
}

void combine_sum(void) {
    Tape tape = used_tape(true), plain = used_tape(false);
    Talk two = talk_of(trip_of(TWO, 7, 2, 5, 3, 0), false, 0), three = talk_of(trip_of(THREE, 6, 3, 7, 5, 0), true, 0), one = talk_of(trip_of(ONE, 5, 1, 4, 2, 0), false, 0);
    judge_heard(&two, &tape);
    judge_heard(&three, &tape);
    judge_heard(&one, &tape);
    judge_heard(&two, &plain);
}

typedef enum { DONE, NO_GATE, GATE_OF_OTHER, GATE_OF_ROW, LAST_SLOTS, ROW_I } SlipX;
typedef enum { PRODUCT, SUM_OF_DY, SUM_OF_X, MEAN_PRODUCT, TO_ROW, OTHER_ROW, TIMES_GATE, LAST_NUMBER } SlipGate;

static float *to_x(const Talk *k, SlipX slip) {
    int C = k->t.C, K = k->t.K;
    float *dx = filled(k->x->size, 0);
    for (int i = 0; i < k->t.size; i++) {
        int row = k->t.r->place[i], other = i / K * K + K - 1 - i % K;
        if (row < 0 || (slip == LAST_SLOTS && i % K < K - 1)) continue;
        float g = slip == NO_GATE ? 1 : slip == GATE_OF_OTHER ? k->gate->data[other] : slip == GATE_OF_ROW ? k->gate->data[row] : k->gate->data[i];
        for (int c = 0; c < C; c++) dx[(slip == ROW_I ? i : row) * C + c] += g * k->dy[i / K * C + c];
    }
    return dx;
}

static float *to_gate(const Talk *k, SlipGate slip) {
    int C = k->t.C, K = k->t.K;
    float *dg = filled(k->gate->size, 0);
    for (int i = 0; i < k->t.size; i++) {
        int row = k->t.r->place[i], other = k->t.r->place[i / K * K + K - 1 - i % K];
        double sum = 0;
        if (row < 0) continue;
        if (slip == OTHER_ROW && other >= 0) row = other;
        for (int c = 0; c < C; c++) {
            double one = (slip == SUM_OF_X ? 1 : k->dy[i / K * C + c]) * (slip == SUM_OF_DY ? 1 : k->x->data[row * C + c]);
            sum = slip == LAST_NUMBER ? one : sum + one;
        }
        dg[slip == TO_ROW ? row : i] += (float)(sum / (slip == MEAN_PRODUCT ? C : 1) * (slip == TIMES_GATE ? k->gate->data[i] : 1));
    }
    return dg;
}

static const struct { const char *why; SlipX slip; } TO_X[] = {
    {"dx lacks the gate: a row that was hardly heard learns hardly anything, dx_row = gate * dy", NO_GATE},
    {"dx has the gate of the other slot: gate k belongs to the row of slot n*K + k", GATE_OF_OTHER},
    {"dx has the gates by row: they stand by token and choice, gate[n*K + k]", GATE_OF_ROW},
    {"dx reaches the last expert of each token only: all were heard", LAST_SLOTS},
    {"dx is written in the order of the slots: slot i stands in row r->place[i]", ROW_I}};

static const struct { const char *why; SlipGate slip; } TO_GATE[] = {
    {"dgate is the sum of dy: it is the product of dy and what the expert said, dy . x_row", SUM_OF_DY},
    {"dgate is the sum of what the expert said: it is its product with dy, dy . x_row", SUM_OF_X},
    {"dgate is a mean over the C numbers: it is their sum", MEAN_PRODUCT},
    {"dgate is written by row: gates stand by token and choice, gate[n*K + k]", TO_ROW},
    {"dgate is the product with the other expert's row: slot i stands in row r->place[i]", OTHER_ROW},
    {"dgate has the gate in it: y is gate times row, so dgate is dy . x_row", TIMES_GATE},
    {"dgate holds the last number's part only: it is a sum over C (+=)", LAST_NUMBER}};

static void judge_grads(const Talk *k, const char *when, float start) {
    float *x = to_x(k, DONE), *gate = to_gate(k, PRODUCT);
    Suspect of_x[COUNT(TO_X) + 3] = {{"dx stays as it was: the experts learn nothing", k->x->grad ? filled(k->x->size, start) : NULL}, {"dx is overwritten: a gradient is added to what is there (+=)", x}};
    Suspect of_gate[COUNT(TO_GATE) + 3] = {{"dgate stays as it was: the router learns through the gates alone, dgate = dy . x_row", filled(k->gate->size, start)}, {"dgate is overwritten: a gradient is added to what is there (+=)", gate}};
    for (int i = 0; i < COUNT(TO_X); i++) of_x[2 + i] = (Suspect){TO_X[i].why, plus(start, to_x(k, TO_X[i].slip), k->x->size)};
    for (int i = 0; i < COUNT(TO_GATE); i++) of_gate[2 + i] = (Suspect){TO_GATE[i].why, plus(start, to_gate(k, TO_GATE[i].slip), k->gate->size)};
    float *one = to_gate(k, LAST_NUMBER);
    for (int i = 0; i < k->t.size; i++)
        if (k->t.r->place[i] < 0) one[i] = start;       // nobody writes there
    if (k->gate->grad && start != 0 && is_close(k->gate->grad, one, k->gate->size)) reject("%sdgate is overwritten by each of the C numbers (=): it is their sum, added to what is there (+=)", when);
    float *half = plus(start, x, k->x->size);               // where a row is: without what was there
    for (int i = 0; i < k->t.rows * k->t.C; i++) half[i] -= start;
    if (k->x->grad && is_close(k->x->grad, half, k->x->size)) reject("%sdx is overwritten: a gradient is added to what is there (+=)", when);
    if (k->x->grad) expect_floats(xprintf("%s%sdx", when, was(start)), k->x->grad, plus(start, x, k->x->size), k->x->size, k->x, TOLERANCE, of_x);
    if (k->gate->grad) expect_floats(xprintf("%s%sdgate", when, was(start)), k->gate->grad, plus(start, gate, k->gate->size), k->gate->size, k->gate, TOLERANCE, of_gate);
}

static void talk_back(Talk k, const char *when, float start) {
    Tape tape = used_tape(true);
    Tensor *y = op_combine(&tape, k.x, k.gate, k.t.r);
    if (!is_close(y->data, heard(&k, WEIGHED), y->size)) reject("%sy is not right yet, so its gradients cannot be: see the checks for that", k.t.text);
    if_stopped("reaches outside", k.t.rows < k.t.size ? "a place of -1 is no row: that slot was dropped, in backward too" : OUTSIDE);
    go_back_reading(&tape, y, k.dy);
    judge_grads(&k, when ? when : k.t.text, start);
}

void combine_back(void) {
    talk_back(talk_of(trip_of(TWO, 7, 2, 5, 3, 0), false, 0.5f), NULL, 0.5f);
    talk_back(talk_of(trip_of(THREE, 6, 3, 7, 5, 0), true, 0.5f), NULL, 0.5f);
    talk_back(talk_of(trip_of(ONE, 5, 1, 4, 2, 0), false, 0.5f), NULL, 0.5f);
    Talk k = talk_of(trip_of(TWO, 7, 2, 5, 3, 0), false, 0.5f);
    unwanted(k.x);
    talk_back(k, "x wants no gradient (its grad is NULL): ", 0.5f);
    k = talk_of(trip_of(TWO, 7, 2, 5, 3, 0), false, 0.5f);
    k.gate->data[2] = 0, k.gate->data[3] = 1;
    talk_back(k, "a gate is 0, and has a gradient all the same: ", 0.5f);
    k = talk_of(trip_of(TWO, 7, 2, 5, 3, 0), false, 0.5f);
    unwanted(k.gate);
    talk_back(k, "the gates want no gradient (their grad is NULL): ", 0.5f);
}

void combine_dropped(void) {
    Tape tape = used_tape(true);
    for (int capacity = 3; capacity >= 1; capacity--) {         // with 1, some tokens lose both
        Talk k = talk_of(trip_of(TWO, 7, 2, 5, 3, capacity), true, 0);
        judge_heard(&k, &tape);
        talk_back(talk_of(trip_of(TWO, 7, 2, 5, 3, capacity), true, 0.5f), NULL, 0.5f);
    }
}
