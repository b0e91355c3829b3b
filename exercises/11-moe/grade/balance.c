// grade/balance.c of 11-moe: the checks of op_balance, by the formula with room for every bug.
#include "judges.h"
#include "op_balance.h"

#include <math.h>

static const double TOLERANCE = 1e-5;

static const int TWO[] = {1, 0, 2, 1, 1, 4, 0, 1, 1, 2, 4, 1, 1, 0};

typedef struct {
    int N, K, E;
    const Routing *r;
    Tensor *logits;
    double weight;
    const char *text;
} Price;

static Price price_of(int capacity, double weight, bool three, float start) {
    Price k = {7, 2, 5, given_routing(TWO, 7, 2, 5, capacity), .weight = weight};
    k.logits = three ? given_tensor("logits", 3, (int[]){1, 7, 5}, 91, start) : given_tensor("logits", 2, (int[]){7, 5}, 91, start);
    for (int n = 0; n < 7; n++) k.logits->data[n * 5 + 1] += 1;         // the router likes the one that all have chosen
    k.text = xprintf("weight %g%s: ", weight, capacity ? ", some slots dropped" : "");
    return k;
}

// What may be wrong with the price.
typedef enum {
    RIGHT, NO_E, E_TWICE, COUNTS, BY_TOKEN, KEPT, KEPT_SHARE, ASKED_OF_KEPT, FIRST_CHOICES, NOT_MEAN, OF_CHOSEN, NO_WEIGHT, SHARES_TWICE, PROBS_TWICE, PROBS_SQUARED, LOGITS, K_FOR_E, LESS_1, OF_LAST
} Bug;

static double prob(const Price *k, int n, int e, Bug bug) {
    const float *x = k->logits->data + n * k->E;
    double sum = 0;
    bool in = bug != OF_CHOSEN;
    for (int j = 0; j < k->K; j++) in = in || k->r->choice[n * k->K + j] == e;
    for (int j = 0; j < k->E; j++) {
        bool counts = bug != OF_CHOSEN;
        for (int m = 0; m < k->K; m++) counts = counts || k->r->choice[n * k->K + m] == j;
        if (counts) sum += exp((double)x[j] - x[e]);
    }
    return bug == LOGITS ? x[e] : in ? 1 / sum : 0;
}

static double share(const Price *k, int e, Bug bug) {
    double count = k->r->asked[e], kept = k->r->start[e + 1] - k->r->start[e], first = 0;
    for (int n = 0; n < k->N; n++) first += k->r->choice[n * k->K] == e;
    switch (bug) {
    case COUNTS: return count;
    case BY_TOKEN: return count / k->N;
    case KEPT: return kept / (k->N * k->K);
    case KEPT_SHARE: return kept / k->r->start[k->E];
    case ASKED_OF_KEPT: return count / k->r->start[k->E];
    case FIRST_CHOICES: return first / k->N;
    default: return count / (k->N * k->K);
    }
}

static double mean_prob(const Price *k, int e, Bug bug) {
    double sum = 0;
    for (int n = bug == OF_LAST ? k->N - 1 : 0; n < k->N; n++) sum += prob(k, n, e, bug);
    return sum / (bug == NOT_MEAN || bug == OF_LAST ? 1 : k->N);
}

static double price(const Price *k, Bug bug) {
    double sum = 0;
    for (int e = 0; e < k->E; e++) {
        double f = share(k, e, bug), p = mean_prob(k, e, bug);
        sum += bug == SHARES_TWICE ? f * f : bug == PROBS_TWICE ? p * p : f * p;
    }
    double times = bug == NO_E ? 1 : bug == E_TWICE ? k->E * k->E : bug == K_FOR_E ? k->K : k->E;
    return (bug == NO_WEIGHT ? 1 : k->weight) * (bug == LESS_1 ? times * sum - 1 : times * sum);
}

static const struct { const char *why; Bug bug; } KNOWN[] = {
    {"the factor E is missing: with it even loads cost `weight`, however many experts there are", NO_E},
    {"f is counted by the slots that found room: it is r->asked, the dropped ones too. Where experts are full, all of them would look even", KEPT},
    {"f is the share of the slots that found room: it is r->asked, the dropped ones too, of all N*K. Where experts are full, all of them would look even", KEPT_SHARE},
    {"f is divided by the slots that found room, start[E]: it is divided by all, N*K, or the shares sum to more than 1", ASKED_OF_KEPT},
    {"f is divided by N: there are N*K slots, and the shares of all experts sum to 1", BY_TOKEN},
    {"f is a count: it is divided by all slots, N*K", COUNTS},
    {"f counts first choices only: it is r->asked, of all N*K slots", FIRST_CHOICES},
    {"P is a sum over the tokens: it is their mean", NOT_MEAN},
    {"P is the softmax of the chosen ones alone: here it is that of all E logits, so that those who were not chosen are drawn too", OF_CHOSEN},
    {"the weight is missing", NO_WEIGHT},
    {"that is the sum of f times f: then nothing could be learned, for f has no gradient. One factor is P", SHARES_TWICE},
    {"that is the sum of P times P: one factor is f, what was really chosen", PROBS_TWICE},
    {"P is a mean of logits: it is that of their softmax", LOGITS},
    {"the factor is K: it is E, the number of experts", K_FOR_E},
    {"the factor E is there twice", E_TWICE},
    {"1 is taken away: even loads cost `weight`, not 0", LESS_1},
    {"P holds the last token's probabilities: it is the mean of all", OF_LAST}};

static void judge_price(const Price *k, Tape *tape) {
    float *before = copy(k->logits->data, k->logits->size), *asked = filled((size_t)k->E, 0);
    for (int e = 0; e < k->E; e++) asked[e] = (float)k->r->asked[e];
    Tensor *loss = op_balance(tape, k->logits, k->r, k->weight);
    expect_shape("the result", loss, "()");
    expect_floats("the logits are to be left alone: after the call logits", k->logits->data, before, k->logits->size, k->logits, 0, NULL);
    for (int e = 0; e < k->E; e++)
        if ((float)k->r->asked[e] != asked[e]) reject("r->asked is to be left alone");
    float got = loss->data[0];
    if (isnan(got)) reject("%sthe price is NaN: begin the sums at 0, for the tape's memory was used before", k->text);
    Suspect suspects[COUNT(KNOWN) + 1] = {{NULL, NULL}};
    for (int i = 0; i < COUNT(KNOWN); i++) suspects[i] = (Suspect){xprintf("%s%s", k->text, KNOWN[i].why), filled(1, (float)price(k, KNOWN[i].bug))};
    if (got == 0) reject("%sthe price is 0: in C, a quotient of two int is cut off, and asked / (N*K) is below 1", k->text);
    expect_floats(xprintf("%sthe price", k->text), &got, filled(1, (float)price(k, RIGHT)), 1, NULL, TOLERANCE, suspects);
}

void balance_price(void) {
    Tape tape = used_tape(true), plain = used_tape(false);
    Price one = price_of(0, 1.5, false, 0), full = price_of(2, 3.25, true, 0), small = price_of(0, 0.75, true, 0);
    if_stopped("reaches outside", "the logits are N rows of E; r->asked has E numbers");
    judge_price(&one, &tape);
    judge_price(&full, &tape);
    judge_price(&small, &plain);
    Price great = price_of(0, 1.5, false, 0);
    for (size_t i = 0; i < great.logits->size; i++) great.logits->data[i] *= 400;
    Tensor *loss = op_balance(&tape, great.logits, great.r, 1.5);
    if (!isfinite(loss->data[0])) reject("for logits of a thousand the price is not finite: take the greatest of a row away before e^x, as in lesson 02");
    judge_price(&great, &tape);
}

// --- backward ---

typedef enum {
    DONE, THROUGH_F, BOTH, NO_SOFTMAX, DIAGONAL, NO_SUM, NO_P, NOT_DIVIDED, WITHOUT_E, WITHOUT_WEIGHT, WITHOUT_LOSS, OF_KEPT, MINUS, MEAN_NOT_WEIGHTED, OF_COUNTS, MEAN_OF_ALL, WEIGHT_TWICE
} Slip;

// What d loss / d P_e is taken for, without its scale.
static double pull(const Price *k, int e, Slip slip) {
    double f = share(k, e, slip == OF_KEPT ? KEPT : slip == OF_COUNTS ? COUNTS : RIGHT), p = mean_prob(k, e, RIGHT);
    return slip == THROUGH_F ? p : slip == BOTH ? f + p : f;
}

static float *to_logits(const Price *k, double from, Slip slip) {
    float *dx = filled(k->logits->size, 0);
    double weight = slip == WITHOUT_WEIGHT ? 1 : slip == WEIGHT_TWICE ? k->weight * k->weight : k->weight;
    double scale = (slip == MINUS ? -weight : weight) * (slip == WITHOUT_E ? 1 : k->E) / (slip == NOT_DIVIDED ? 1 : k->N) * (slip == WITHOUT_LOSS ? 1 : from);
    for (int n = 0; n < k->N; n++) {
        double mean = 0;
        for (int e = 0; e < k->E; e++) mean += pull(k, e, slip) * (slip == MEAN_NOT_WEIGHTED ? 1.0 / k->E : slip == MEAN_OF_ALL ? mean_prob(k, e, RIGHT) : prob(k, n, e, RIGHT));
        for (int e = 0; e < k->E; e++) {
            double p = prob(k, n, e, RIGHT), f = pull(k, e, slip);
            dx[n * k->E + e] += (float)(scale * (slip == NO_SOFTMAX ? f : slip == DIAGONAL ? p * (1 - p) * f : slip == NO_SUM ? p * f : slip == NO_P ? f - mean : p * (f - mean)));
        }
    }
    return dx;
}

static const struct { const char *why; Slip slip; } SLOPES[] = {
    {"the gradient goes through the wrong factor: P stands where f should. f is fixed, and P moves: d loss / d P_e is weight E f_e", THROUGH_F},
    {"the gradient goes through both factors: f counts choices, and has none. d loss / d P_e is weight E f_e alone", BOTH},
    {"the softmax is left out on the way back: d loss / d P is not yet that of the logits. dx = scale p (f - sum over j of p_j f_j)", NO_SOFTMAX},
    {"only each logit's own probability is thought of, p (1 - p): a logit that grows makes the others' smaller. dx = scale p (f - sum over j of p_j f_j)", DIAGONAL},
    {"the sum is not taken away: a probability that grows takes from the others. dx = scale p (f - sum over j of p_j f_j)", NO_SUM},
    {"p before the bracket is missing: dx = scale p (f - sum over j of p_j f_j)", NO_P},
    {"the gradient is not divided by N: P is a mean over the tokens", NOT_DIVIDED},
    {"the gradient lacks the factor E", WITHOUT_E},
    {"the gradient lacks the weight", WITHOUT_WEIGHT},
    {"the gradient has the weight twice", WEIGHT_TWICE},
    {"the gradient lacks what comes from behind: loss->grad[0]", WITHOUT_LOSS},
    {"in the gradient f is counted by the slots that found room: it is the f of forward, s->share", OF_KEPT},
    {"in the gradient f is a count: it is the share, s->share", OF_COUNTS},
    {"the sign is wrong: that draws tokens to the busy experts", MINUS},
    {"in the sum the probabilities are missing: the sum over j of p_j f_j", MEAN_NOT_WEIGHTED},
    {"in the sum stand the mean probabilities: they are the token's own, the sum over j of p_nj f_j", MEAN_OF_ALL}};

static void judge_back(Price k, float start) {
    const double from = 1.75;
    Tape tape = used_tape(true), other = used_tape(true);
    Price next = price_of(2, 0.5, true, 0);
    Tensor *loss = op_balance(&tape, k.logits, k.r, k.weight);
    if (!(fabs(loss->data[0] - price(&k, RIGHT)) <= TOLERANCE * (1 + price(&k, RIGHT)))) reject("%sthe price is not right yet, so its gradient cannot be: see the check above", k.text);
    op_balance(&other, next.logits, next.r, next.weight);
    go_back_reading(&tape, loss, filled(1, (float)from));
    float *want = to_logits(&k, from, DONE);
    Suspect suspects[COUNT(SLOPES) + 3] = {
        {"the logits' gradient stays as it was: P has one, and through it the router learns to spread the tokens", filled(k.logits->size, start)},
        {"the logits' gradient is overwritten: it is added to what is there (+=), for op_route adds to it too", want}};
    for (int i = 0; i < COUNT(SLOPES); i++) suspects[2 + i] = (Suspect){SLOPES[i].why, plus(start, to_logits(&k, from, SLOPES[i].slip), k.logits->size)};
    for (size_t i = 0; i < k.logits->size; i++)
        if (isnan(k.logits->grad[i])) reject("%sthe logits' gradient is NaN: has forward written s->prob and s->share?", k.text);
    expect_floats(xprintf("%s%sthe logits' gradient", k.text, was(start)), k.logits->grad, plus(start, want, k.logits->size), k.logits->size, k.logits, TOLERANCE, suspects);
}

void balance_back(void) {
    judge_back(price_of(0, 1.5, false, 0.5f), 0.5f);
    judge_back(price_of(2, 3.25, true, 0.5f), 0.5f);
    judge_back(price_of(0, 0.75, true, 0), 0);
    Price k = price_of(0, 1.5, false, 0);
    Tape tape = used_tape(true);
    unwanted(k.logits);
    Tensor *loss = op_balance(&tape, k.logits, k.r, k.weight);
    loss->grad = filled(1, 1);
    if_stopped("null pointer", "the logits' grad may be NULL, where nobody wants that gradient: ask for that first");
    loss->backward(loss);
}
