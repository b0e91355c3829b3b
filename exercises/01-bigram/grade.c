// grade.c of 01-bigram: what the exercises of lesson 01 are judged by.
#include "grade.h"
#include "ngram_count.h"
#include "ngram_prob.h"
#include "nll.h"
#include "sample.h"
#include "shuffle.h"
#include "rng.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// --- ngram_count ---

// Three names over a vocabulary of '.', a, b:    .ab.bba.a.
enum { V = 3 };
static const int NAMES[] = {0, 1, 2, 0, 2, 2, 1, 0, 1, 0};
enum { LENGTH = sizeof NAMES / sizeof *NAMES };

// Plain loops, and the ways in which they go wrong.
typedef enum { RIGHT, LAST_LOST, FIRST_LOST, ENDS_LOST, STARTS_LOST, EXCHANGED, ACROSS } CountBug;

static void count_plainly(Stream s, int order, uint32_t *count, CountBug bug) {
    size_t from = bug == FIRST_LOST ? 2 : 1, to = s.n - (bug == LAST_LOST);
    for (size_t i = from; i < to; i++) {
        int context = 0, c = s.id[i], last = s.id[i - 1];
        for (int back = order - 1; back >= 1; back--) {
            int before = i >= (size_t)back ? s.id[i - (size_t)back] : 0;
            for (int k = back - 1; k >= 1 && bug != ACROSS; k--)        // a boundary on the way hides what is before it
                if (i >= (size_t)k && s.id[i - (size_t)k] == s.boundary) before = 0;
            context = context * V + before;
        }
        if ((bug == ENDS_LOST && c == 0) || (bug == STARTS_LOST && last == 0)) continue;
        count[bug == EXCHANGED ? c * V + context : context * V + c]++;
    }
}

static float *as_floats(const uint32_t *x, size_t n) {
    float *f = xmalloc(n * sizeof *f);
    for (size_t i = 0; i < n; i++) f[i] = (float)x[i];
    return f;
}

static size_t cells_of(int order) { return order == 2 ? V * V : order == 3 ? V * V * V : V * V * V * V; }

static float *counted_with(Stream s, int order, CountBug bug) {
    size_t cells = cells_of(order);
    uint32_t *count = xcalloc(cells, sizeof *count);
    count_plainly(s, order, count, bug);
    return as_floats(count, cells);
}

static void judge_counts(Stream s, int order, const char *what) {
    size_t cells = cells_of(order);
    uint32_t *count = xcalloc(cells, sizeof *count);
    ngram_count(s, order, V, count);
    const Suspect suspects[] = {
        {"the last pair of all is not counted: does the loop stop one too early? It should reach i = n-1", counted_with(s, order, LAST_LOST)},
        {"the first pair of all is not counted: the loop should start at i = 1, with id[0] before it", counted_with(s, order, FIRST_LOST)},
        {"no pair that ends in '.' is counted: where a name ends is part of the name", counted_with(s, order, ENDS_LOST)},
        {"no pair that begins with '.' is counted: which letter a name starts with is worth knowing", counted_with(s, order, STARTS_LOST)},
        {"rows and columns are exchanged: the character before chooses the row, count[before*V + next]", order == 2 ? counted_with(s, order, EXCHANGED) : filled(cells, -1)},
        {"contexts reach across names: right after a boundary the context is all boundaries, index 0", counted_with(s, order, order > 2 ? ACROSS : RIGHT)},
        {NULL, NULL}};
    Tensor shape = {.ndim = order, .shape = {V, V, V, V}, .size = cells};
    expect_floats(what, as_floats(count, cells), counted_with(s, order, RIGHT), cells, &shape, 0, suspects);
}

static Stream names(void) { return (Stream){given_ints(NAMES, LENGTH), LENGTH, 0}; }

static void one_name(void) { judge_counts((Stream){given_ints(NAMES, 4), 4, 0}, 2, "for the name \"ab\", count"); }
static void many_names(void) { judge_counts(names(), 2, "for the names ab, bba, a, count"); }

static void adds_up(void) {
    uint32_t *count = xcalloc(V * V, sizeof *count);
    Stream s = names();
    ngram_count(s, 2, V, count);
    float *once = as_floats(count, V * V), *twice = filled(V * V, 0);
    ngram_count(s, 2, V, count);
    for (int i = 0; i < V * V; i++) twice[i] = 2 * once[i];
    const Suspect suspects[] = {{"a second call begins again from zero, or changes nothing: counts are added to what is there", once}, {NULL, NULL}};
    judge_counts(s, 2, "count");
    expect_floats("after two calls count", as_floats(count, V * V), twice, V * V, NULL, 0, suspects);
}

static void running_text(void) {
    judge_counts((Stream){given_ints(NAMES, LENGTH), LENGTH, -1}, 2, "for a running text (boundary = -1), count");
}

static void trigrams(void) {
    judge_counts(names(), 3, "trigrams: count");
    judge_counts((Stream){given_ints(NAMES, LENGTH), LENGTH, -1}, 3, "trigrams of a running text: count");
    judge_counts(names(), 4, "order 4: count");
}

// --- ngram_prob ---

enum { ROWS = 4 };
static const uint32_t COUNTS[ROWS * V] = {4, 1, 3, 0, 2, 0, 7, 0, 1, 1, 1, 9};

typedef enum { FINE, COLUMNS, ALL, AFTER, NO_SHARE } ProbBug;

static float *prob_plainly(double add, ProbBug bug) {
    float *p = filled(ROWS * V, 0);
    for (int r = 0; r < ROWS; r++)
        for (int c = 0; c < V; c++) {
            double sum = 0, a = bug == AFTER ? 0 : add;
            for (int k = 0; k < V && bug != COLUMNS && bug != ALL; k++) sum += COUNTS[r * V + k] + (bug == NO_SHARE ? 0 : a);
            for (int k = 0; k < ROWS && bug == COLUMNS; k++) sum += COUNTS[k * V + c] + a;
            for (int k = 0; k < ROWS * V && bug == ALL; k++) sum += COUNTS[k] + a;
            p[r * V + c] = (float)((COUNTS[r * V + c] + a) / sum + (bug == AFTER ? add : 0));
        }
    return p;
}

static void judge_prob(double add, const char *what) {
    uint32_t *count = memcpy(xmalloc(sizeof COUNTS), COUNTS, sizeof COUNTS);
    float *p = filled(ROWS * V, NAN);
    ngram_prob(count, ROWS, V, add, p);
    const Suspect suspects[] = {
        {"the columns sum to 1, not the rows: a row holds what may follow one context", prob_plainly(add, COLUMNS)},
        {"the whole table sums to 1: every row should, on its own", prob_plainly(add, ALL)},
        {"smoothing is added after dividing: add it to the counts, then divide", add > 0 ? prob_plainly(add, AFTER) : filled(ROWS * V, -1)},
        {"the sum below the line lacks the smoothing: V*add belongs to the row's sum, or the row sums to more than 1", add > 0 ? prob_plainly(add, NO_SHARE) : filled(ROWS * V, -1)},
        {NULL, NULL}};
    Tensor shape = {.ndim = 2, .shape = {ROWS, V}, .size = ROWS * V};
    expect_floats(what, p, prob_plainly(add, FINE), ROWS * V, &shape, 1e-6, suspects);
    if (memcmp(count, COUNTS, sizeof COUNTS) != 0) reject("the counts were changed: they are only to be read");
}

// Sums of a row that no 32 bits hold.
static void large_counts(void) {
    const uint32_t given[] = {3000000000u, 2000000000u, 1000000000u};
    float *p = filled(V, NAN);
    ngram_prob(memcpy(xmalloc(sizeof given), given, sizeof given), 1, V, 0, p);
    if (fabs(p[0] - 0.5) > 1e-5) reject("for counts of 3, 2 and 1 billion prob[0] is %g, want 0.5: their sum is more than 32 bits hold; keep it in double", (double)p[0]);
}

static void without_smoothing(void) {
    judge_prob(0, "without smoothing, prob");
    large_counts();
}
static void with_smoothing(void) {
    judge_prob(1, "with add = 1, prob");
    judge_prob(0.1, "with add = 0.1, prob");
}

static void empty_row(void) {
    uint32_t *count = xcalloc(2 * V, sizeof *count);
    float *p = filled(2 * V, NAN);
    count[1] = 5;
    ngram_prob(count, 2, V, 0, p);
    const float want[] = {0, 1, 0, 1.0f / V, 1.0f / V, 1.0f / V}, zeros[] = {0, 1, 0, 0, 0, 0};
    if (isnan(p[V])) reject("a row without any count becomes 0/0 = NaN: it says nothing, so all its probabilities are 1/V");
    const Suspect suspects[] = {{"a row without any count becomes all zeros, and nothing could be sampled from it: make it all 1/V", zeros}, {NULL, NULL}};
    expect_floats("with an empty row, prob", p, want, 2 * V, &(Tensor){.ndim = 2, .shape = {2, V}, .size = 2 * V}, 1e-6, suspects);
}

// --- nll ---

static void three_numbers(void) {
    const float given[] = {0.5f, 0.25f, 0.1f};
    float *p = memcpy(xmalloc(sizeof given), given, sizeof given);
    double sum = 0;
    for (int i = 0; i < 3; i++) sum -= log((double)given[i]);
    double got = nll(p, 3);
    if (fabs(got - sum) < 1e-6) reject("it is %.4f, the sum: want the mean, %.4f, divided by n", got, sum / 3);
    if (fabs(got + sum / 3) < 1e-6) reject("it is %.4f: the sign is wrong, the logarithm of a probability is negative already", got);
    if (fabs(got - sum / 3 / log(2)) < 1e-6) reject("it is %.4f, in bits (log2): want nats, the natural logarithm log()", got);
    if (fabs(got - sum / 3 / log(10)) < 1e-6) reject("it is %.4f, with log10: want the natural logarithm log()", got);
    expect_number("for p = 0.5, 0.25, 0.1 it", got, sum / 3, 1e-7);
}

static void many_numbers(void) {
    enum { N = 300000 };
    float *p = xmalloc(N * sizeof *p), in_float = 0;
    double sum = 0;
    for (int i = 0; i < N; i++) {
        p[i] = 0.05f + 0.9f * (float)(i % 977) / 977;
        sum -= log((double)p[i]);
        in_float -= logf(p[i]);
    }
    double got = nll(p, N), want = sum / N, off = fabs(got - want);
    if (isinf(got)) reject("for %d probabilities it is infinite: their product underflows to 0; add up logarithms instead", N);
    if (off > 1e-7 && off <= 4 * fabs(in_float / N - want) + 1e-6)
        reject("for %d probabilities it is %.7f, want %.7f: the sum seems to be kept in float, which loses digits; use double", N, got, want);
    expect_number("for 300,000 probabilities it", got, want, 1e-8);
}

static void impossible(void) {
    const float given[] = {0.5f, 0, 0.25f};
    double got = nll(memcpy(xmalloc(sizeof given), given, sizeof given), 3);
    if (!(isinf(got) && got > 0)) reject("with a probability of 0 it is %g, want INFINITY: what happened was said to be impossible", got);
    const float small[] = {1e-9f, 0.5f};
    double want = -(log((double)1e-9f) + log(0.5)) / 2;
    got = nll(memcpy(xmalloc(sizeof small), small, sizeof small), 2);
    if (isinf(got)) reject("for p = 1e-9 and 0.5 it is infinite, want %.4f: a small probability is not 0", want);
    expect_number("for p = 1e-9 and 0.5 it", got, want, 1e-6);
}

// --- sample ---

static void judge_sample(const float *given, int n, float u, int want) {
    float *p = memcpy(xmalloc((size_t)n * sizeof *p), given, (size_t)n * sizeof *p);
    int got = sample(p, n, u);
    free(p);
    char list[120] = "";
    for (int i = 0, at = 0; i < n; i++) at += snprintf(list + at, sizeof list - (size_t)at, "%s%g", i ? ", " : "", (double)given[i]);
    if (got == want) return;
    const char *why = "";
    if (got >= 0 && got < n && given[got] == 0) why = ": it picked an outcome of probability 0";
    else if (got == want - 1) why = ": one too early; is the test sum > u, with p[k] already in the sum?";
    else if (got == want + 1) why = ": one too late; is p[k] in the sum when it is compared?";
    else if (got < 0 || got >= n) why = ": that is no outcome at all";
    reject("p = %s, u = %.9g: it is %d, want %d%s", list, (double)u, got, want, why);
}

static void inside(void) {
    const float p[] = {0.25f, 0.5f, 0.25f};
    const float u[] = {0.1f, 0.3f, 0.7f, 0.8f};
    const int want[] = {0, 1, 1, 2};
    for (int i = 0; i < 4; i++) judge_sample(p, 3, u[i], want[i]);
}

static void at_the_borders(void) {
    const float p[] = {0.25f, 0.5f, 0.25f};
    judge_sample(p, 3, 0.25f, 1);       // the sum must be greater than u, so 0.25 belongs to the next
    judge_sample(p, 3, 0.75f, 2);
    judge_sample(p, 3, 0, 0);
    judge_sample(p, 3, 0x1.fffffep-1f, 2);
}

static void never_impossible(void) {
    judge_sample((float[]){0, 0, 1, 0}, 4, 0, 2);
    judge_sample((float[]){0, 0.5f, 0, 0.5f, 0}, 5, 0.5f, 3);
    judge_sample((float[]){0, 0.5f, 0, 0.5f, 0}, 5, 0x1.fffffep-1f, 3);
}

static void rounding(void) {
    judge_sample((float[]){0.3f, 0.3f, 0.3999f, 0}, 4, 0x1.fffffep-1f, 2);     // the sum stays below u
    judge_sample((float[]){0.5f, 0.4999f, 0, 0}, 4, 0.99999f, 1);
    judge_sample((float[]){0.5f, 0.25f, 0.2499f}, 3, 0.5f, 1);                 // and the borders stay where they are
}

// --- shuffle ---

static const int PYTHON_10[] = {7, 3, 2, 8, 5, 6, 9, 4, 0, 1};                         // seed 42
static const int PYTHON_13[] = {3, 10, 12, 7, 9, 4, 11, 8, 1, 0, 6, 2, 5};      // seed 7

static int *shuffled(int n, uint32_t seed) {
    int *order = xmalloc((size_t)n * sizeof *order);
    for (int i = 0; i < n; i++) order[i] = -1;
    shuffle_split(order, n, seed);
    return order;
}

static void permutation(void) {
    enum { N = 1000 };
    int *order = shuffled(N, 42), seen[N] = {0};
    for (int i = 0; i < N; i++) {
        if (order[i] < 0 || order[i] >= N) reject("order[%d] is %d, want 0 to %d", i, order[i], N - 1);
        if (seen[order[i]]++) reject("%d stands in the order twice: a shuffle loses nothing and doubles nothing; swap, do not copy", order[i]);
    }
    bool still = true;
    for (int i = 0; i < N; i++) still = still && order[i] == i;
    if (still) reject("the order is 0, 1, 2, ...: nothing was shuffled");
}

typedef enum { FROM_FRONT, MODULO, OTHER_SEED, WHOLE_RANGE, SHORT_RANGE, TWICE } ShuffleBug;

static float *shuffle_wrongly(int n, uint32_t seed, ShuffleBug bug) {
    Rng rng;
    float *x = filled((size_t)n, 0);
    for (int i = 0; i < n; i++) x[i] = (float)i;
    for (int round = 0; round < 1 + (bug == TWICE); round++) {
        if (bug == OTHER_SEED) rng_seed(&rng, seed);
        else rng_seed_python(&rng, seed);
        for (int k = 1; k < n; k++) {
            int i = bug == FROM_FRONT ? k : n - k;
            uint32_t range = bug == WHOLE_RANGE ? (uint32_t)n : bug == SHORT_RANGE ? (uint32_t)i : (uint32_t)i + 1;
            uint32_t j = bug == MODULO ? rng_below(&rng, range) : rng_below_python(&rng, range);
            float swap = x[i];
            x[i] = x[j];
            x[j] = swap;
        }
    }
    return x;
}

static void judge_order(const int *want, int n, uint32_t seed, const char *what) {
    float *got = filled((size_t)n, 0), *right = filled((size_t)n, 0);
    int *order = shuffled(n, seed);
    for (int i = 0; i < n; i++) {
        got[i] = (float)order[i];
        right[i] = (float)want[i];
    }
    const Suspect suspects[] = {
        {"the loop goes from the front: Python's goes from the last place down to place 1", shuffle_wrongly(n, seed, FROM_FRONT)},
        {"the draw is modulo (rng_below): Python draws again until it fits (rng_below_python)", shuffle_wrongly(n, seed, MODULO)},
        {"the generator is seeded as PyTorch does (rng_seed): Python's seeding is rng_seed_python", shuffle_wrongly(n, seed, OTHER_SEED)},
        {"every place swaps with one among all n: it should be one among itself and those before it, i + 1 choices; else some orders are likelier than others", shuffle_wrongly(n, seed, WHOLE_RANGE)},
        {"a place never stays where it is: draw among i + 1 places, itself included, not i", shuffle_wrongly(n, seed, SHORT_RANGE)},
        {"it shuffles more than once: one pass is the whole of it", shuffle_wrongly(n, seed, TWICE)},
        {NULL, NULL}};
    expect_floats(what, got, right, (size_t)n, NULL, 0, suspects);
}

static void pythons_order(void) {
    judge_order(PYTHON_10, 10, 42, "for n = 10 and seed 42, order");
    judge_order(PYTHON_13, 13, 7, "for n = 13 and seed 7, order");
}

static void sizes(void) {
    static const int CASE[][4] = {{32033, 25626, 3203, 3204}, {10, 8, 1, 1}, {13, 10, 1, 2}, {7, 5, 1, 1}};
    for (int i = 0; i < 4; i++) {
        const int *c = CASE[i];
        Split s = shuffle_split(xmalloc((size_t)c[0] * sizeof(int)), c[0], 42);
        if (s.train + s.val + s.test != c[0])
            reject("n = %d: train %d, val %d and test %d add up to %d: every example belongs to just one split", c[0], s.train, s.val, s.test, s.train + s.val + s.test);
        if (s.train != c[1] || s.val != c[2] || s.test != c[3])
            reject("n = %d: train, val, test are %d, %d, %d, want %d, %d, %d: cut at (int)(0.8*n) and (int)(0.9*n)", c[0], s.train, s.val, s.test, c[1], c[2], c[3]);
    }
}

static const GradeCheck CHECKS[] = {
    {"ngram_count", "counts the pairs of one name", 1, true, one_name, "Counting", 0},
    {"ngram_count", "counts the pairs of many names, from the first to the last", 1, true, many_names, "Counting", 0},
    {"ngram_count", "adds to the counts that are there", 1, true, adds_up, "Counting", 0},
    {"ngram_count", "counts in a running text, which has no boundaries", 1, true, running_text, "Counting", 0},
    {"ngram_count", "order 3 and 4: longer contexts, and none across names", 2, false, trigrams, "Longer contexts", 0},
    {"ngram_prob", "every row becomes probabilities", 1, true, without_smoothing, "From counts to probabilities", 0},
    {"ngram_prob", "smoothing is added to every count", 2, true, with_smoothing, "Smoothing", 0},
    {"ngram_prob", "a row without counts says nothing", 1, false, empty_row, "Smoothing", 0},
    {"nll", "the mean of -ln p", 1, true, three_numbers, "One number: the loss", 0},
    {"nll", "300,000 terms without losing digits", 1, false, many_numbers, "One number: the loss", 0},
    {"nll", "infinite for what was called impossible, and for nothing else", 1, false, impossible, "One number: the loss", 0},
    {"sample", "finds the outcome that u falls into", 1, true, inside, "Writing", 0},
    {"sample", "right at the borders between outcomes", 1, true, at_the_borders, "Writing", 0},
    {"sample", "never picks what has probability 0", 1, false, never_impossible, "Writing", 0},
    {"sample", "right even when the sum is a little short of 1", 1, false, rounding, "Writing", 0},
    {"shuffle", "an order of all examples, each once", 1, false, permutation, "Three splits", 0},
    {"shuffle", "the same order as Python's", 1, false, pythons_order, "Three splits", 0},
    {"shuffle", "cut at 80 and 90 percent", 1, false, sizes, "Three splits", 0},
};

int main(int argc, char **argv) { return grade_main(argc, argv, "01-bigram", CHECKS, sizeof CHECKS / sizeof *CHECKS); }
