// grade/cuts.c of 09-gpt: the checks of sampler, with probabilities that are whole 64ths, so that sums are exact.
#include "judges.h"
#include "sampler.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef enum {
    RIGHT,
    // top-p: how many
    DROPS_CROSSING, ONE_MORE, ALWAYS_ONE_MORE, ABOVE_P, TAIL, SHARE, SUM_BY_PLACE, BY_PLACE,
    // min-p
    OF_1, OF_1_STRICT, STRICT, BELOW, OF_MEAN, OF_FIRST, OF_LAST, OF_LEAST, REST_OF, OF_SECOND, SO_FAR,
    // top-k
    K_PLUS_1, K_MINUS_1,
    // the order
    ASCENDING, BY_ID, BY_ID_BACK, TIES_LARGER, TIES_ALL,
    // what becomes of them
    TURNED, RENORMALISED, TIMES_P, NONE_GO, LAST_ONLY
} Bug;

typedef struct { Bug bug; const char *why; } Known;

// Of top-p and top-k, which sort.
static const Known SORTED_KNOWN[] = {
    {ASCENDING, "the least likely come first: sort the likeliest to the front (below 0 where x->prob is greater)"},
    {BY_ID, "they are taken as they stand, by id: the likeliest first, so go through the sorted tokens. The i-th likeliest is prob[token[i].id], not prob[i]. (And a comparison that returns a difference as an int returns 0)"},
    {BY_ID_BACK, "they are taken by id, from the last one: the likeliest first, so go through the sorted tokens"},
    {TIES_LARGER, "of two that are equally likely the one with the larger id comes first: it is the smaller one, likelier_first is to be below 0 where x->id is smaller"},
    {TURNED, "it is the wrong way round: those that are to stay are 0, and the others stay"},
    {RENORMALISED, "what stays is divided by its sum: here it is left as it is, so that several cuts can follow one another; sampler_normalise comes last"},
    {NONE_GO, "nothing is dropped: what does not stay gets the probability 0"},
};
static const Known P_KNOWN[] = {
    {DROPS_CROSSING, "the token that crosses p is dropped: without it the sum is below p, and it is to be p or more. A token stays if what comes before it does not reach p"},
    {ONE_MORE, "the sum is p exactly, and one more stays: p is reached already. A token goes if what comes before it sums to p or more (>=, not >)"},
    {SUM_BY_PLACE, "it is prob[i] that is added up: the i-th likeliest is token[i], so add token[i].prob"},
    {BY_PLACE, "as many stay as should, but it is prob[i] that becomes 0: the i-th likeliest is prob[token[i].id]"},
    {ALWAYS_ONE_MORE, "one more stays than is needed: compare the sum of those before a token with p, and only then add its own"},
    {ABOVE_P, "those stay that are each as likely as p: it is their sum that reaches p"},
    {TAIL, "those stay that sum to 1 - p: the sum is to be p or more"},
    {SHARE, "p of the tokens stay: p is a sum of probabilities, not a share of how many there are"},
    {TIES_ALL, "all that are as likely as the last one stay, too: the fewest that reach p, so of equally likely ones those of the smaller ids"},
    {TIMES_P, "what stays is divided by p: it is left as it is. (The sum is p or more; sampler_normalise knows how much)"},
    {LAST_ONLY, "only the token that crosses p stays: those before it do, too"},
};
static const Known MIN_KNOWN[] = {
    {OF_1, "those stay that are at least p: it is p times the likeliest, so that more stay where the model is in doubt"},
    {OF_1_STRICT, "those stay that are above p: it is at least p times the likeliest, so that more stay where the model is in doubt"},
    {STRICT, "what is just p times as likely as the likeliest is dropped: at least p times, so only what is less goes (<, not <=)"},
    {BELOW, "it is the wrong way round: those that are less than p times as likely as the likeliest go, the others stay"},
    {OF_MEAN, "they are compared with p times the mean: it is p times the likeliest"},
    {OF_FIRST, "they are compared with p times prob[0]: it is p times the likeliest, wherever that stands"},
    {OF_LAST, "they are compared with p times the last one: it is p times the likeliest, wherever that stands"},
    {OF_LEAST, "they are compared with p times the least likely: it is p times the likeliest"},
    {OF_SECOND, "they are compared with p times the second likeliest: it is p times the likeliest"},
    {SO_FAR, "each is compared with p times the likeliest so far: find the likeliest of all first, and then go through them again"},
    {REST_OF, "they are compared with 1 - p times the likeliest: it is p times"},
    {RENORMALISED, "what stays is divided by its sum: here it is left as it is, so that several cuts can follow one another; sampler_normalise comes last"},
    {TIMES_P, "what stays is divided by the likeliest: it is left as it is"},
    {NONE_GO, "nothing is dropped: what is less than p times as likely as the likeliest gets the probability 0"},
};
static const Known K_KNOWN[] = {
    {TIES_ALL, "more than k stay, for all that are as likely as the k-th do: never more than k, and of equally likely ones those of the smaller ids. A threshold does not do; take the first k of the sorted tokens"},
    {K_PLUS_1, "k + 1 stay: the sorted tokens 0 to k - 1 do, so from k on they go"},
    {K_MINUS_1, "k - 1 stay: the sorted tokens 0 to k - 1 do, so from k on they go"},
    {LAST_ONLY, "only the k-th stays: the first k do"},
};

// --- the cuts, with every bug ---

typedef struct { float prob; int id; } One;

static Bug order;       // of what `before` compares, which qsort does not hand on

static int before(const void *a, const void *b) {
    const One *x = a, *y = b;
    int by_id = (x->id > y->id) - (x->id < y->id), by_prob = (x->prob < y->prob) - (x->prob > y->prob);
    if (order == BY_ID) return by_id;
    if (order == BY_ID_BACK) return -by_id;
    if (order == ASCENDING) by_prob = -by_prob;
    return by_prob ? by_prob : order == TIES_LARGER ? -by_id : by_id;
}

static One *ordered(const float *prob, int V, Bug bug) {
    One *one = xmalloc((size_t)V * sizeof *one);
    for (int i = 0; i < V; i++) one[i] = (One){prob[i], i};
    order = bug;
    qsort(one, (size_t)V, sizeof *one, before);
    return one;
}

// The first n of them, or what is left of the others by that bug. divisor: what TIMES_P divides by
static float *first_ones(const float *prob, int V, const One *one, int n, double divisor, Bug bug) {
    float *out = filled((size_t)V, 0);
    double sum = 0;
    for (int i = 0; i < V; i++) sum += i < n ? (double)one[i].prob : 0;
    for (int i = 0; i < V; i++) {
        bool stays = i < n;
        if (bug == TURNED) stays = !stays;
        if (bug == TIES_ALL && n > 0) stays |= one[i].prob >= one[n - 1].prob;
        if (bug == LAST_ONLY) stays = i == n - 1;
        if (bug == NONE_GO) stays = true;
        if (stays) out[one[i].id] = (float)(prob[one[i].id] / (bug == RENORMALISED ? sum : bug == TIMES_P ? divisor : 1));
    }
    return out;
}

static float *p_plainly(const float *prob, int V, double p, Bug bug) {
    One *one = ordered(prob, V, bug);
    double sum = 0, goal = bug == TAIL ? 1 - p : p;
    int n = 0;
    for (int i = 0; i < V; i++) {
        double with = sum + (bug == SUM_BY_PLACE ? prob[i] : one[i].prob);
        bool stays = i == 0 || sum < goal;
        if (bug == DROPS_CROSSING) stays = with <= goal;
        if (bug == ONE_MORE) stays = sum <= goal;
        if (bug == ABOVE_P) stays = one[i].prob >= goal;
        if (!stays) break;
        n = i + 1;
        sum = with;
    }
    for (int i = 0; i < V && bug == BY_PLACE; i++) one[i] = (One){prob[i], i};
    if (bug == ALWAYS_ONE_MORE) n = min_int(n + 1, V);
    if (bug == SHARE) n = min_int(V, (int)ceil(p * V));
    return first_ones(prob, V, one, p >= 1 ? V : n, p > 0 ? p : 1, bug);
}

static float *min_plainly(const float *prob, int V, double p, Bug bug) {
    float *out = filled((size_t)V, 0);
    One *one = ordered(prob, V, RIGHT);
    double most = one[0].prob, sum = 0, so_far = 0;
    double least = p * (bug == OF_1 || bug == OF_1_STRICT ? 1 : bug == OF_MEAN ? 1.0 / V : bug == OF_FIRST ? prob[0] : bug == OF_LAST ? prob[V - 1] : bug == OF_LEAST ? one[V - 1].prob : bug == OF_SECOND ? one[V > 1].prob : most);
    if (bug == REST_OF) least = (1 - p) * most;
    for (int i = 0; i < V; i++) {
        bool stays = prob[i] >= least;
        if (bug == STRICT || bug == OF_1_STRICT) stays = prob[i] > least;
        so_far = fmax(so_far, prob[i]);
        if (bug == SO_FAR) stays = prob[i] >= p * so_far;
        if (bug == BELOW) stays = !stays;
        if (bug == NONE_GO) stays = true;
        out[i] = stays ? prob[i] : 0;
        sum += out[i];
    }
    for (int i = 0; i < V; i++) out[i] = (float)(out[i] / (bug == RENORMALISED ? sum : bug == TIMES_P ? most : 1));
    return out;
}

static float *k_plainly(const float *prob, int V, double k, Bug bug) {
    int n = k <= 0 || k >= V ? V : (int)k + (bug == K_PLUS_1) - (bug == K_MINUS_1);
    return first_ones(prob, V, ordered(prob, V, bug), n, 1, bug);
}

// --- judging ---

typedef struct {
    const char *name;
    void (*cut)(float *prob, int V, double p);
    float *(*plainly)(const float *prob, int V, double p, Bug bug);
    const Known *known;
    int count;
    bool sorts;
} Cut;

static void cut_k(float *prob, int V, double k) { sampler_top_k(prob, V, (int)k); }

static const Cut TOP_P = {"p", sampler_top_p, p_plainly, P_KNOWN, COUNT(P_KNOWN), true};
static const Cut MIN_P = {"p", sampler_min_p, min_plainly, MIN_KNOWN, COUNT(MIN_KNOWN), false};
static const Cut TOP_K = {"k", cut_k, k_plainly, K_KNOWN, COUNT(K_KNOWN), true};

static const char *kept_text(const float *prob, int V) {
    const char *text = "";
    int n = 0;
    for (int i = 0; i < V; i++)
        if (prob[i] != 0 && n++ < 12) text = xprintf("%s%s%d", text, *text ? " " : "", i);
    return n == 0 ? "none" : n > 12 ? xprintf("%s ... (%d in all)", text, n) : text;
}

static bool same(const float *got, const float *want, int V) {
    for (int i = 0; i < V; i++)
        if (!(fabsf(got[i] - want[i]) <= 1e-6f * fabsf(want[i]))) return false;
    return true;
}

static void judge_cut(Cut c, const float *prob, int V, double p) {
    float *got = copy(prob, (size_t)V), *want = c.plainly(prob, V, p, RIGHT);
    c.cut(got, V, p);
    if (same(got, want, V)) return;
    const char *text = xprintf("prob is %s, %s is %.6g: ", numbers_text(prob, (size_t)V), c.name, p);
    bool nothing = strcmp(kept_text(got, V), "none") == 0;
    if (nothing && c.sorts) reject("%snothing stays: the likeliest always does%s", text, p == 0 ? ", though the sum before it, 0, reaches p already" : "");
    for (int i = 0; i < c.count + (c.sorts ? COUNT(SORTED_KNOWN) : 0); i++) {
        Known known = i < c.count ? c.known[i] : SORTED_KNOWN[i - c.count];
        if (same(got, c.plainly(prob, V, p, known.bug), V)) reject("%s%s", text, known.why);
    }
    for (int i = 0; i < V; i++) {
        if (!isfinite(got[i])) reject("%sprob[%d] becomes %s", text, i, number_text((double)got[i]));
        if (got[i] != 0 && !(fabsf(got[i] - prob[i]) <= 1e-6f * prob[i])) reject("%sprob[%d] was %.6g and becomes %.6g: what stays is left as it is, what goes gets 0", text, i, (double)prob[i], (double)got[i]);
    }
    if (nothing) reject("%snothing stays: the likeliest always does", text);
    reject("%sthe tokens %s stay, want %s", text, kept_text(got, V), kept_text(want, V));
}

static float *sixty_fourths(const int *parts, int V) {
    float *prob = filled((size_t)V, 0);
    for (int i = 0; i < V; i++) prob[i] = (float)parts[i] / 64;
    return prob;
}

// Nearly every mistake that is known leaves others of MIXED, with p = 43/64; and of STEEP, with min-p 0.6.
static const int MIXED[] = {10, 4, 2, 6, 9, 5, 21, 7}, STEEP[] = {7, 13, 28, 8, 1, 5, 2};
static const int UNEVEN[] = {6, 26, 3, 16, 13}, TIED[] = {8, 16, 8, 16, 8, 8}, EVEN[] = {8, 8, 8, 8, 8, 8, 8, 8}, SURE[] = {0, 0, 64, 0}, LATER[] = {3, 2, 1, 2, 4, 5, 7, 9, 12, 19};

// Probabilities as a model gives them: many, of very different size.
static float *as_of_a_model(int V) {
    float *prob = given_floats((size_t)V, 81);
    double sum = 0;
    for (int i = 0; i < V; i++) sum += exp(2.5 * (double)prob[i]);
    for (int i = 0; i < V; i++) prob[i] = (float)(exp(2.5 * (double)prob[i]) / sum);
    return prob;
}

// p in the middle between the sum of n tokens and that of n + 1.
static double between(const float *prob, int V, int n) {
    One *one = ordered(prob, V, RIGHT);
    double sum = 0;
    for (int i = 0; i < n; i++) sum += one[i].prob;
    return sum + (double)one[n].prob / 2;
}

void cut_top_p(void) {
    const float *uneven = sixty_fourths(UNEVEN, 5), *later = sixty_fourths(LATER, 10);
    judge_cut(TOP_P, sixty_fourths(MIXED, 8), 8, 43 / 64.0);
    judge_cut(TOP_P, uneven, 5, 50 / 64.0);
    judge_cut(TOP_P, uneven, 5, 42 / 64.0);
    judge_cut(TOP_P, uneven, 5, 0.9);
    judge_cut(TOP_P, uneven, 5, 26 / 64.0);
    judge_cut(TOP_P, uneven, 5, 0.25);
    judge_cut(TOP_P, uneven, 5, 63.5 / 64);
    judge_cut(TOP_P, later, 10, 0.5);
    judge_cut(TOP_P, later, 10, 40 / 64.0);
    enum { V = 300 };
    const float *prob = as_of_a_model(V);
    judge_cut(TOP_P, prob, V, between(prob, V, 40));
    judge_cut(TOP_P, prob, V, between(prob, V, 3));
}

// n equal probabilities whose sum is a little less than 1, for 1/n is rounded down.
static void judge_rounded(void) {
    int n = 3;
    while (!((double)(1 / (float)n) * n < 1 - 1e-8)) n++;
    const float *prob = filled((size_t)n, 1 / (float)n);
    double p = ((double)prob[0] * n + 1) / 2;
    if_stopped("past the end", xprintf("The %d probabilities sum to %.10f, by rounding, and p is %.10f: the sum never gets there. Stop at V, too", n, (double)prob[0] * n, p));
    judge_cut(TOP_P, prob, n, p);
    float few[] = {0.5f, 1e-9f, 0.5f};
    float *got = copy(few, 3);
    sampler_top_p(got, 3, 1);
    if (got[1] == 0) reject("prob is 0.5 1e-09 0.5, p is 1: token 1 is dropped, for the others sum to 1 already. With p 1 all stay, however unlikely: ask for that first");
    judge_cut(TOP_P, few, 3, 1);
    judge_cut(TOP_P, few, 3, 2);
}

// Five tokens that are nearly equally likely: each a little more than the one before.
static void judge_near(Cut c, double p) {
    float prob[5] = {0.2f - 4e-8f};
    for (int i = 1; i < 5; i++) prob[i] = nextafterf(prob[i - 1], 1);
    float *got = copy(prob, 5);
    c.cut(got, 5, p);
    if (same(got, c.plainly(prob, 5, p, BY_ID), 5))
        reject("five tokens of about 0.2, each likelier than the one before by 1e-8, %s is %g: the tokens %s stay, want %s. Compare the probabilities as they are, x->prob > y->prob: what is made an int first is cut off", c.name, p, kept_text(got, 5),
               kept_text(c.plainly(prob, 5, p, RIGHT), 5));
    judge_cut(c, prob, 5, p);
}

void cut_top_p_edges(void) {
    const float *uneven = sixty_fourths(UNEVEN, 5), *tied = sixty_fourths(TIED, 6), *even = sixty_fourths(EVEN, 8), *sure = sixty_fourths(SURE, 4);
    judge_cut(TOP_P, sixty_fourths(MIXED, 8), 8, 43 / 64.0);
    judge_cut(TOP_P, uneven, 5, 0);
    judge_cut(TOP_P, uneven, 5, 1);
    judge_cut(TOP_P, tied, 6, 0.7);
    judge_cut(TOP_P, tied, 6, 0.2);
    judge_cut(TOP_P, tied, 6, 0.5);
    judge_cut(TOP_P, tied, 6, 40 / 64.0);
    judge_cut(TOP_P, even, 8, 0.5);
    judge_cut(TOP_P, even, 8, 0.55);
    judge_near(TOP_P, 0.5);
    judge_cut(TOP_P, sure, 4, 0.9);
    judge_cut(TOP_P, sure, 4, 0);
    judge_cut(TOP_P, filled(1, 1), 1, 0.3);
    judge_rounded();
}

void cut_min_p(void) {
    const float *uneven = sixty_fourths(UNEVEN, 5), *tied = sixty_fourths(TIED, 6), *later = sixty_fourths(LATER, 10);
    judge_cut(MIN_P, sixty_fourths(STEEP, 7), 7, 0.6);
    judge_cut(MIN_P, uneven, 5, 0.3);
    judge_cut(MIN_P, uneven, 5, 0.5);
    judge_cut(MIN_P, uneven, 5, 0.05);
    judge_cut(MIN_P, later, 10, 0.4);
    judge_cut(MIN_P, uneven, 5, 0);
    judge_cut(MIN_P, uneven, 5, 1);
    judge_cut(MIN_P, tied, 6, 1);
    judge_cut(MIN_P, tied, 6, 0.5);
    judge_cut(MIN_P, sixty_fourths(SURE, 4), 4, 0.2);
    judge_cut(MIN_P, sixty_fourths(SURE, 4), 4, 0);
    judge_cut(MIN_P, as_of_a_model(300), 300, 0.07);
}

void cut_top_k(void) {
    const float *uneven = sixty_fourths(UNEVEN, 5), *tied = sixty_fourths(TIED, 6), *even = sixty_fourths(EVEN, 8);
    judge_cut(TOP_K, uneven, 5, 3);
    judge_cut(TOP_K, uneven, 5, 2);
    judge_cut(TOP_K, uneven, 5, 1);
    judge_cut(TOP_K, tied, 6, 3);
    judge_cut(TOP_K, tied, 6, 1);
    judge_cut(TOP_K, even, 8, 5);
    judge_near(TOP_K, 2);
    judge_cut(TOP_K, as_of_a_model(300), 300, 40);
    judge_cut(TOP_K, sixty_fourths(SURE, 4), 4, 2);
    judge_cut(TOP_K, uneven, 5, 5);
    float *got = copy(uneven, 5);
    sampler_top_k(got, 5, 0);
    if (!same(got, uneven, 5)) reject("with k 0 %s: it means that there is no such cut, and all stay", strcmp(kept_text(got, 5), "none") == 0 ? "nothing stays" : xprintf("only the tokens %s stay", kept_text(got, 5)));
    if_stopped("past the end", "k is greater than V here: then all stay. Ask for that first");
    judge_cut(TOP_K, uneven, 5, 9);
}

// --- a sum of 1 ---

static void judge_sum(const float *prob, int V) {
    float *got = copy(prob, (size_t)V), *want = copy(prob, (size_t)V), *by_most = copy(prob, (size_t)V), *by_count = copy(prob, (size_t)V), *by_v = copy(prob, (size_t)V), *as_exp = copy(prob, (size_t)V), *meanwhile = copy(prob, (size_t)V),
          *times = copy(prob, (size_t)V), *shared = copy(prob, (size_t)V), *equal = copy(prob, (size_t)V), *running = copy(prob, (size_t)V);
    double sum = 0, most = 0, exps = 0, so_far = 0;
    int count = 0;
    for (int i = 0; i < V; i++) {
        sum += prob[i];
        most = fmax(most, prob[i]);
        exps += exp((double)prob[i]);
        count += prob[i] > 0;
    }
    for (int i = 0; i < V; i++) {
        want[i] = (float)(prob[i] / sum);
        by_most[i] = (float)(prob[i] / most);
        by_count[i] = (float)prob[i] / (float)count;
        by_v[i] = (float)prob[i] / (float)V;
        as_exp[i] = (float)(exp((double)prob[i]) / exps);
        times[i] = (float)(prob[i] * sum);
        shared[i] = (float)(prob[i] > 0 ? prob[i] + (1 - sum) / count : 0);
        equal[i] = (float)(prob[i] > 0 ? 1.0 / count : 0);
        so_far += prob[i];
        running[i] = (float)(prob[i] / so_far);
        double now = 0;
        for (int k = 0; k < V; k++) now += meanwhile[k];
        meanwhile[i] = (float)(meanwhile[i] / now);
    }
    sampler_normalise(got, V);
    const char *text = xprintf("prob is %s: ", numbers_text(prob, (size_t)V));
    const Suspect suspects[] = {
        {xprintf("%sthey stay as they are: divide each by the sum of all", text), prob},
        {xprintf("%sthey are divided by the greatest: it is the sum of all that makes them sum to 1", text), by_most},
        {xprintf("%sthey are divided by how many stay: it is their sum that makes them sum to 1", text), by_count},
        {xprintf("%sthey are divided by V: it is their sum that makes them sum to 1", text), by_v},
        {xprintf("%sthat is a softmax: they are probabilities already, and those that are 0 stay so. Divide by the sum", text), as_exp},
        {xprintf("%sthe sum changes while they are divided: add up all of them first", text), meanwhile},
        {xprintf("%seach is divided by the sum up to itself: add up all of them first", text), running},
        {xprintf("%sthey are multiplied by their sum: divide by it", text), times},
        {xprintf("%swhat is missing is added in equal parts: all grow by the same factor, so that those twice as likely stay so. Divide by the sum", text), shared},
        {xprintf("%sall that stay are equally likely now: all grow by the same factor. Divide by the sum", text), equal},
        {NULL, NULL}};
    for (int i = 0; i < V; i++)
        if (!isfinite(got[i])) reject("%sprob[%d] becomes %s: those that are 0 stay so, and the sum is not 0 (in a double)", text, i, number_text((double)got[i]));
    expect_floats(xprintf("%sprob", text), got, want, (size_t)V, NULL, 1e-6, suspects);
}

void cut_normalise(void) {
    judge_sum(sixty_fourths((int[]){0, 26, 0, 16, 13}, 5), 5);
    judge_sum(sixty_fourths((int[]){6, 3, 1, 2}, 4), 4);
    judge_sum(sixty_fourths((int[]){0, 2, 0}, 3), 3);
    judge_sum(sixty_fourths(UNEVEN, 5), 5);
    judge_sum(filled(1, 0.25f), 1);
    enum { V = 300 };
    float *prob = as_of_a_model(V);
    sampler_normalise(prob, V);
    for (int i = 0; i < V; i++) prob[i] = i % 3 ? 0 : prob[i];
    judge_sum(prob, V);
}
