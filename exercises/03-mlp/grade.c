// grade.c of 03-mlp: what the exercises of lesson 03 are judged by.
#include "grade.h"
#include "lrfind.h"
#include "minibatch.h"
#include "op_embedding.h"
#include "op_tanh.h"
#include "windows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double TOLERANCE = 2e-5;
enum { UNSET = -77 };       // what stands where nothing was written

static int *unset(size_t n) {
    int *x = xmalloc(n * sizeof *x);
    for (size_t i = 0; i < n; i++) x[i] = UNSET;
    return x;
}

static float *as_floats(const int *x, size_t n) {
    float *f = xmalloc(n * sizeof *f);
    for (size_t i = 0; i < n; i++) f[i] = (float)x[i];
    return f;
}

// --- windows ---

// Three names over '.', a, b, c:   .abca.b.cab.   As a running text the same ids are letters, all of them.
static const int TEXT[] = {0, 1, 2, 3, 1, 0, 2, 0, 3, 1, 2, 0};
enum { LENGTH = sizeof TEXT / sizeof *TEXT };

// Plain loops, and the ways in which they go wrong.
typedef enum { RIGHT, NEWEST_FIRST, ITSELF, ONE_BEFORE, ACROSS, ZERO_ENDS, PADS_BOUNDARY, PADS_BEHIND, ALL_OF_IT } WindowBug;

static void window_plainly(const int *id, size_t n, int boundary, int block, int *window, WindowBug bug) {
    bool inside = true;
    int found = 0;
    for (int back = 1; back <= block; back++) {
        long i = (long)n - back + (bug == ITSELF) - (bug == ONE_BEFORE);
        if (i < 0 || (bug != ACROSS && id[i] == (bug == ZERO_ENDS ? 0 : boundary))) inside = false;
        window[bug == NEWEST_FIRST ? back - 1 : block - back] = inside ? id[i] : bug == PADS_BOUNDARY ? boundary : 0;
        found += inside;
    }
    for (int k = 0; k < block && bug == PADS_BEHIND; k++) window[k] = k < found ? id[n - (size_t)(found - k)] : 0;
}

static const struct { WindowBug bug; const char *why; } WINDOW_BUGS[] = {
    {NEWEST_FIRST, "the newest id comes first: the oldest does, so that a window reads like the text, and the id right before the place is the last"},
    {ITSELF, "the id of the place itself is in its window: that is the one to predict; the last of the window is the one before it"},
    {ONE_BEFORE, "the id right before the place is missing: the last of the window is id[n-1]"},
    {ACROSS, "a window reaches into the name before: from the boundary on backwards all is 0"},
    {ZERO_ENDS, "in a running text (boundary = -1) id 0 is a letter like others: only an id that equals `boundary` ends the walk back"},
    {PADS_BOUNDARY, "what lies before the beginning of a running text is -1: it is id 0 there too, for -1 is no row of the table of vectors"},
    {PADS_BEHIND, "a short window has its zeros at the end: they stand in front, where the missing letters would be"},
};
enum { BUGS = sizeof WINDOW_BUGS / sizeof *WINDOW_BUGS };

// The windows before places from .. to, one below the other: as it should be, or as a bug makes them.
static float *windows_plainly(Stream s, size_t from, size_t to, int block, WindowBug bug) {
    size_t width = (size_t)block;
    int *all = unset((to - from + 1) * width);
    for (size_t n = from; n <= to; n++) window_plainly(s.id, n, s.boundary, block, all + (n - from) * width, bug);
    return as_floats(all, (to - from + 1) * width);
}

// "(0, 1, 2)" for a window; '?' stands where nothing was written.
static char *window_text(const float *window, int block) {
    char *text = xprintf("%s", "(");
    for (int k = 0; k < block; k++) text = window[k] == UNSET ? xprintf("%s%s?", text, k ? ", " : "") : xprintf("%s%s%g", text, k ? ", " : "", (double)window[k]);
    return xprintf("%s)", text);
}

// To read before id[0] is what comes of a walk back without end.
static void before_the_first(void) {
    if_stopped("reads 4 bytes before the beginning", "before the first place there is nothing: from there on the window is filled with id 0. Ask for that with back > n; n is unsigned, so n - back is never below 0");
}

// Compares the windows before places from .. to of the stream, one below the other in got.
static void judge_rows(const char *what, const float *got, Stream s, size_t from, size_t to, int block) {
    size_t width = (size_t)block, all = (to - from + 1) * width;
    const float *want = windows_plainly(s, from, to, block, RIGHT);
    if (memcmp(got, want, all * sizeof *got) == 0) return;
    for (int i = 0; i < BUGS; i++)
        if (!(WINDOW_BUGS[i].bug == ITSELF && to == s.n) && memcmp(got, windows_plainly(s, from, to, block, WINDOW_BUGS[i].bug), all * sizeof *got) == 0)
            reject("%s: %s", what, WINDOW_BUGS[i].why);
    size_t n = from;
    while (memcmp(got + (n - from) * width, want + (n - from) * width, width * sizeof *got) == 0) n++;
    const float *bad = got + (n - from) * width;
    bool unwritten = false;
    for (int k = 0; k < block; k++) unwritten = unwritten || bad[k] == UNSET;
    reject("%s: the window before place %zu is %s, want %s%s", what, n, window_text(bad, block), window_text(want + (n - from) * width, block),
           unwritten ? "; what stands at a ? is never written, and what is missing is 0, which has to be written too" : "");
}

// Asks for the windows before places from .. to of the stream. `whole`: the ids from place n on are there too, as in a
// text; else there are just n, as for a model that is to go on.
static void judge_window(Stream s, size_t from, size_t to, int block, bool whole, const char *what) {
    size_t width = (size_t)block;
    float *got = filled((to - from + 1) * width, UNSET);
    before_the_first();
    for (size_t n = from; n <= to; n++) {
        int *window = unset(width);
        window_before(given_ints(s.id, whole ? s.n : n), n, s.boundary, block, window);
        memcpy(got + (n - from) * width, as_floats(window, width), width * sizeof *got);
    }
    judge_rows(what, got, s, from, to, block);
}

static Stream names(void) { return (Stream){TEXT, LENGTH, 0}; }
static Stream running(void) { return (Stream){TEXT, LENGTH, -1}; }

static void window_in_a_name(void) {
    judge_window(names(), 4, 5, 3, true, "in the name \"abca\", block 3");
    judge_window(names(), 5, 5, 4, true, "in the name \"abca\", block 4");
    judge_window(names(), 2, 5, 1, true, "in the name \"abca\", block 1");
}

static void window_at_a_boundary(void) {
    judge_window(names(), 3, 8, 3, true, "for the names abca, b, cab, block 3");
    judge_window(names(), 1, LENGTH, 5, false, "for the names abca, b, cab, block 5");
    judge_window(names(), 1, LENGTH, 1, false, "for the names abca, b, cab, block 1");
}

static void window_in_running_text(void) {
    judge_window(running(), 5, LENGTH, 4, true, "in a running text, block 4");
    judge_window(running(), 0, LENGTH, 7, false, "in a running text, block 7");
    judge_window((Stream){TEXT + 3, 3, 0}, 0, 3, 7, false, "for ids that begin without a boundary, block 7");
}

// The targets, as they should be (shift 0) or `shift` places off; the last `lost` of them unwritten.
static float *targets_plainly(Stream s, int shift, size_t lost) {
    float *t = filled(s.n - 1, UNSET);
    for (size_t i = 1; i < s.n - lost; i++) t[i - 1] = (float)s.id[(i + s.n + (size_t)shift) % s.n];
    return t;
}

// The targets without the boundaries, which leave holes, or are closed up.
static float *targets_inside(Stream s, bool closed) {
    float *t = filled(s.n - 1, UNSET);
    for (size_t i = 1, n = 0; i < s.n; i++)
        if (s.id[i] != s.boundary) t[closed ? n++ : i - 1] = (float)s.id[i];
    return t;
}

// All windows, row i-1 at context + (i-1): every one but the first number of each is overwritten by the row after it.
static float *rows_overlapping(Stream s, int block) {
    int *all = unset((s.n - 1) * (size_t)block);
    for (size_t i = 1; i < s.n; i++) window_plainly(s.id, i, s.boundary, block, all + i - 1, RIGHT);
    return as_floats(all, (s.n - 1) * (size_t)block);
}

static void judge_windows(Stream given, int block, const char *what) {
    Stream s = {given_ints(given.id, given.n), given.n, given.boundary};
    size_t N = s.n - 1, width = (size_t)block;
    int *context = unset(N * width), *target = unset(N);
    before_the_first();
    windows(s, block, context, target);
    static const char END[] = "places where a name ends are left out: that it ends there is to be predicted too";
    static const char FAR[] = "every target is one too far on: target[i-1] is id[i], the id right after its window";
    const Suspect suspects[] = {
        {"every target is the last id of its window: target[i-1] is id[i], the one that comes after it", targets_plainly(s, -1, 0)},
        {FAR, targets_plainly(s, 1, 0)},
        {FAR, targets_plainly(s, 1, 1)},
        {"the last example is missing: the places go up to i = s.n - 1", targets_plainly(s, 0, 1)},
        {END, targets_inside(s, false)},
        {END, targets_inside(s, true)},
        {NULL, NULL}};
    char *label = xprintf("%s: target (%d stands where nothing was written) ", what, UNSET);
    expect_floats(label, as_floats(target, N), targets_plainly(s, 0, 0), N, NULL, 0, suspects);
    const float *rows = as_floats(context, N * width);
    if (block > 1 && N > 1 && memcmp(rows, rows_overlapping(s, block), N * width * sizeof *rows) == 0)
        reject("%s: every row of context begins one number after the row before, and overwrites it: a row is block numbers, so row i-1 begins at context + (i-1) * block", what);
    judge_rows(what, rows, s, 1, N, block);
    if (memcmp(s.id, given.id, s.n * sizeof *s.id) != 0) reject("%s: the ids of the stream were changed: they are only to be read", what);
}

static void windows_of_names(void) {
    judge_windows(names(), 3, "for the names abca, b, cab, block 3");
    judge_windows(names(), 1, "for the names abca, b, cab, block 1");
}

static void windows_of_running_text(void) {
    judge_windows(running(), 3, "for a running text, block 3");
    judge_windows((Stream){TEXT + 2, 4, -1}, 7, "for a running text of 4, block 7");
    judge_windows((Stream){TEXT, 2, 0}, 5, "for two ids, block 5");
    windows((Stream){given_ints(TEXT, 1), 1, -1}, 3, unset(0), unset(0));       // nothing comes after it: no example
}

// --- minibatch ---

enum { EXAMPLES = 7, BLOCK = 3, LARGEST = 20, ROUNDS = 60 };

static int context_of(int i, int k) { return 100 * (i + 1) + k; }
static int target_of(int i) { return 1000 + 7 * i; }

// Is number k of row x that of an example, for every k?
static bool is_mixed(const int *x) {
    int found = 0;
    for (int k = 0; k < BLOCK; k++)
        for (int i = 0; i < EXAMPLES; i++) found += x[k] == context_of(i, k);
    return found == BLOCK;
}

typedef struct { int example[LARGEST]; } Drawn;

// The example whose context row x holds, or -1.
static int example_of(const int *x) {
    for (int i = 0; i < EXAMPLES; i++) {
        int same = 0;
        for (int k = 0; k < BLOCK; k++) same += x[k] == context_of(i, k);
        if (same == BLOCK) return i;
    }
    return -1;
}

// A minibatch of B, of which every row must be an example: which ones they are.
static Drawn drawn(Rng *rng, int B) {
    int *context = unset(EXAMPLES * BLOCK), *target = unset(EXAMPLES), *x = unset((size_t)B * BLOCK), *y = unset((size_t)B);
    for (int i = 0; i < EXAMPLES; i++) {
        target[i] = target_of(i);
        for (int k = 0; k < BLOCK; k++) context[i * BLOCK + k] = context_of(i, k);
    }
    minibatch(rng, context, target, EXAMPLES, BLOCK, B, x, y);
    Drawn d;
    for (int b = 0; b < B; b++) {
        const int *row = x + b * BLOCK;
        int i = d.example[b] = example_of(row);
        if (row[0] == UNSET || y[b] == UNSET) reject("N = 7, block = 3, B = %d: %s[%d] is never written: each of the B draws fills a row of x and one y", B, y[b] == UNSET ? "y" : "x", b);
        if (i < 0 && is_mixed(row))
            reject("N = 7, block = 3, B = %d: row %d of x is %d, %d, %d, each number from another example: the row mixes several examples; draw once a row, before its numbers are copied", B, b, row[0], row[1], row[2]);
        if (i < 0)
            reject("N = 7, block = 3, B = %d: row %d of x is %d, %d, %d, which is no context: example i begins at context + i*block, and row b of x at x + b*block", B, b, row[0], row[1], row[2]);
        if (y[b] != target_of(i) && (y[b] < target_of(0) || (y[b] - 1000) % 7))
            reject("N = 7, block = 3, B = %d: y[%d] is %d, which is no target: want target[i] of the example i that was drawn", B, b, y[b]);
        if (y[b] != target_of(i))
            reject("N = 7, block = 3, B = %d: row %d of x is example %d, but y[%d] is the target of example %d: draw once, and use that index for both", B, b, i, b, (y[b] - 1000) / 7);
    }
    for (int i = 0; i < EXAMPLES; i++)
        if (target[i] != target_of(i) || example_of(context + i * BLOCK) != i) reject("the examples themselves were changed (example %d): they are only to be read", i);
    return d;
}

static void batch_of_examples(void) {
    Rng rng;
    rng_seed(&rng, 3);
    drawn(&rng, 5);
    drawn(&rng, 1);
    drawn(&rng, LARGEST);
}

static void batch_with_replacement(void) {
    Rng rng;
    int seen[EXAMPLES] = {0}, with_repeats = 0, same_again = 0, in_order = 0, one_example = 0;
    Drawn before = {{-1}};
    rng_seed(&rng, 11);
    for (int round = 0; round < ROUNDS; round++) {
        Drawn d = drawn(&rng, EXAMPLES);
        int here[EXAMPLES] = {0}, repeats = 0, same = 0, straight = 0;
        for (int b = 0; b < EXAMPLES; b++) {
            repeats += here[d.example[b]]++ > 0;
            same += d.example[b] == before.example[b];
            straight += d.example[b] == b;
            seen[d.example[b]]++;
        }
        with_repeats += repeats > 0;
        same_again += same == EXAMPLES;
        in_order += straight == EXAMPLES;
        one_example += repeats == EXAMPLES - 1;
        before = d;
    }
    if (in_order == ROUNDS) reject("a minibatch is always the first B examples: which ones they are must be drawn, each time anew");
    if (one_example == ROUNDS) reject("all rows of a minibatch are the same example: draw one for every row");
    if (same_again == ROUNDS - 1) reject("one call draws the same examples as the call before: draw from the generator that was given (rng itself, not a copy of it, nor one seeded here), so that it moves on");
    if (with_repeats == 0) reject("in %d minibatches of 7 out of 7 no example ever came twice: each draw is from all of them, also from those drawn already (with replacement)", ROUNDS);
    for (int i = 0; i < EXAMPLES; i++)
        if (seen[i] == 0) reject("in %d draws out of 7, example %d never came: every one from 0 to N-1 must be as likely", ROUNDS * EXAMPLES, i);
    for (int i = 0; i < EXAMPLES; i++)
        if (seen[i] > ROUNDS * 2) reject("in %d draws out of 7, example %d came %d times, want about %d: every one must be as likely", ROUNDS * EXAMPLES, i, seen[i], ROUNDS);
}

typedef enum { ONE_CALL_EACH, PYTHON, SCALED, ONE_LESS, BACKWARDS, TWO_EACH } DrawBug;

static float *drawn_wrongly(uint32_t seed, int B, DrawBug bug) {
    Rng rng;
    float *x = filled((size_t)B, 0);
    rng_seed(&rng, seed);
    for (int b = 0; b < B; b++) {
        uint32_t i = bug == PYTHON ? rng_below_python(&rng, EXAMPLES) : bug == SCALED ? (uint32_t)(rng_uniform(&rng) * EXAMPLES) : rng_below(&rng, EXAMPLES - (bug == ONE_LESS));
        if (bug == TWO_EACH) rng_bits(&rng);
        x[bug == BACKWARDS ? B - 1 - b : b] = (float)i;
    }
    return x;
}

static void judge_draws(uint32_t seed, int B) {
    Rng rng, other;
    rng_seed(&rng, seed);
    rng_seed(&other, seed);
    Drawn d = drawn(&rng, B);
    for (int b = 0; b < B; b++) rng_bits(&other);
    const Suspect suspects[] = {
        {"the draws are Python's (rng_below_python): here they are PyTorch's, rng_below", drawn_wrongly(seed, B, PYTHON)},
        {"the draws are rng_uniform times N: PyTorch's randint is the remainder, rng_below", drawn_wrongly(seed, B, SCALED)},
        {"the draws are among N-1 examples: rng_below(rng, N) is one of 0 .. N-1 already", drawn_wrongly(seed, B, ONE_LESS)},
        {"the first draw goes into the last row: row 0 takes the first", drawn_wrongly(seed, B, BACKWARDS)},
        {"two draws are made for each row, and one of them is not used: one call of rng_below a row", drawn_wrongly(seed, B, TWO_EACH)},
        {NULL, NULL}};
    char *what = xprintf("N = 7, B = %d, seed %u: the example in row ", B, seed);
    expect_floats(what, as_floats(d.example, (size_t)B), drawn_wrongly(seed, B, ONE_CALL_EACH), (size_t)B, NULL, 0, suspects);
    if (rng_bits(&rng) != rng_bits(&other)) reject("after the call the generator stands elsewhere: want B calls of rng_below, no more and no fewer");
}

static void batch_as_torch(void) {
    judge_draws(42, 5);
    judge_draws(2147483647, LARGEST);
}

// --- operations ---

// Calls an operation's own backward function with a gradient that comes from behind.
static void go_back(Tape *tape, Tensor *y, const float *dy) {
    tape_want_grad(tape, y);
    memcpy(y->grad, dy, y->size * sizeof *dy);
    y->backward(y);
}

// start + more[i] must be in t's gradient.
static void judge_added(const char *what, const Tensor *t, float start, const float *more) {
    float *sum = filled(t->size, start);
    for (size_t i = 0; i < t->size; i++) sum[i] += more[i];
    char *why = xprintf("%s is overwritten: a gradient is added to what is there (+=), for the same tensor may be used elsewhere too", what);
    expect_floats(what, t->grad, sum, t->size, t, TOLERANCE, (const Suspect[]){{why, more}, {NULL, NULL}});
}

static void judge_unchanged(const Tensor *t, const float *before) {
    if (memcmp(t->data, before, t->size * sizeof *t->data) != 0) reject("the values of \"%s\" were changed: an operation only reads its inputs", t->name);
}

// --- op_embedding ---

enum { V = 9, C = 5, B = 3, T = 2, N = B * T };
static const int APART[N] = {4, 8, 0, 7, 2, 5}, REPEATED[N] = {4, 8, 4, 0, 4, 8};

typedef enum { FINE, COLUMNS, NOT_TIMES_C, BY_PLACE, T_FIRST, LAST_WINS, FIRST_WINS, MEAN } EmbeddingBug;

static int id_at(const int *id, int n, EmbeddingBug bug) { return bug == BY_PLACE ? n : bug == T_FIRST ? id[n % T * B + n / T] : id[n]; }

// Where in w number c of place n comes from.
static int in_table(const int *id, int n, int c, EmbeddingBug bug) {
    return bug == COLUMNS ? c * V + id[n] : bug == NOT_TIMES_C ? id[n] + c : id_at(id, n, bug) * C + c;
}

static float *embedding_plainly(const Tensor *w, const int *id, EmbeddingBug bug) {
    float *y = filled(N * C, 0);
    for (int n = 0; n < N; n++)
        for (int c = 0; c < C; c++) y[n * C + c] = w->data[in_table(id, n, c, bug)];
    return y;
}

static float *embedding_dw(const float *dy, const int *id, EmbeddingBug bug) {
    float *dw = filled(V * C, 0);
    int times[V] = {0};
    for (int n = 0; n < N; n++) times[id[n]]++;
    int met[V] = {0};
    for (int n = 0; n < N; n++) {
        met[id[n]]++;
        for (int c = 0; c < C; c++) {
            float *to = dw + in_table(id, n, c, bug), from = dy[n * C + c];
            if (bug == LAST_WINS) *to = from;
            else if (bug != FIRST_WINS || met[id[n]] == 1) *to += bug == MEAN ? from / (float)times[id[n]] : from;
        }
    }
    return dw;
}

static void embedding_forward(void) {
    Tape tape = tape_new(true);
    Tensor *w = given_tensor("w", 2, (int[]){V, C}, 61, 0);
    Tensor *y = op_embedding(&tape, w, given_ints(REPEATED, N), B, T);
    if (y->ndim != 3 || y->shape[0] != B || y->shape[1] != T || y->shape[2] != C) reject("y is %s, want (B,T,C) = (3,2,5)", shape_text(y));
    const Suspect suspects[] = {
        {"y holds columns of w: the vector of an id is its row, w[id*C + c]", embedding_plainly(w, REPEATED, COLUMNS)},
        {"y holds w[id + c]: a row is C numbers, so that of an id begins at id * C; w[id*C + c]", embedding_plainly(w, REPEATED, NOT_TIMES_C)},
        {"y holds the rows of w in order, whatever the ids are: place n takes row id[n]", embedding_plainly(w, REPEATED, BY_PLACE)},
        {"the ids are read as (T,B): they are (B,T), so that place (b,t) has id[b*T + t]", embedding_plainly(w, REPEATED, T_FIRST)},
        {NULL, NULL}};
    expect_floats("y", y->data, embedding_plainly(w, REPEATED, FINE), N * C, y, 0, suspects);
    judge_unchanged(w, given_floats(V * C, 61));
}

// dw after backward, from a gradient that stood at `start`.
static Tensor *embedding_back(const int *id, float start, const float *dy) {
    Tape tape = tape_new(true);
    Tensor *w = given_tensor("w", 2, (int[]){V, C}, 62, start);
    go_back(&tape, op_embedding(&tape, w, given_ints(id, N), B, T), dy);
    return w;
}

static void judge_dw(const int *id, const char *what) {
    float *dy = given_floats(N * C, 63);
    Tensor *w = embedding_back(id, 0, dy);
    const Suspect suspects[] = {
        {"the gradient goes into columns: it goes to the row whose copy it belongs to, dw[id*C + c]", embedding_dw(dy, id, COLUMNS)},
        {"the gradient goes to dw[id + c]: a row is C numbers, so that of an id begins at id * C; dw[id*C + c]", embedding_dw(dy, id, NOT_TIMES_C)},
        {"the gradient of place n goes to row n: it goes to row id[n], where the values came from", embedding_dw(dy, id, BY_PLACE)},
        {"the ids are read as (T,B): they are (B,T)", embedding_dw(dy, id, T_FIRST)},
        {"of an id that occurs several times only the last place counts: all of them used the same row, so their gradients add (+=)", embedding_dw(dy, id, LAST_WINS)},
        {"of an id that occurs several times only the first place counts: all of them used the same row, so their gradients add (+=)", embedding_dw(dy, id, FIRST_WINS)},
        {"the gradients of an id that occurs several times are averaged: they add; the mean over the examples is in the loss already", embedding_dw(dy, id, MEAN)},
        {"dw stays as it was: the table is learned too", filled(V * C, 0)},
        {NULL, NULL}};
    expect_floats(what, w->grad, embedding_dw(dy, id, FINE), V * C, w, TOLERANCE, suspects);
    judge_unchanged(w, given_floats(V * C, 62));
}

static void embedding_to_rows(void) { judge_dw(APART, "for ids that are all different, dw"); }
static void embedding_repeated(void) { judge_dw(REPEATED, "for ids 4, 8, 4, 0, 4, 8, dw"); }

static void embedding_adds(void) {
    float *dy = given_floats(N * C, 63), *more = embedding_dw(dy, APART, FINE), *want = filled(V * C, 0.5f), *replaced = filled(V * C, 0.5f);
    for (int i = 0; i < V * C; i++) want[i] += more[i];
    for (int n = 0; n < N; n++) memcpy(replaced + APART[n] * C, dy + n * C, C * sizeof *dy);
    Tensor *w = embedding_back(APART, 0.5f, dy);
    const char *why = "dw is overwritten: a gradient is added to what is there (+=), for the same table may be used elsewhere too";
    expect_floats("where dw stood at 0.5, dw", w->grad, want, V * C, w, TOLERANCE, (const Suspect[]){{why, replaced}, {why, more}, {NULL, NULL}});

    Tape tape = tape_new(true);
    w = given_tensor("w", 2, (int[]){V, C}, 62, 0);
    Tensor *y = op_embedding(&tape, w, given_ints(APART, N), B, T);
    w->grad = NULL;                                     // a table that is not to be learned
    go_back(&tape, y, dy);
}

// --- op_tanh ---

enum { ROWS = 3, COLUMNS_OF_X = 7, ALL = ROWS * COLUMNS_OF_X };

typedef enum { GOOD, SIGMOID, UPSIDE_DOWN, RECIPROCAL, HALVED, CUT } TanhBug;

static float *tanh_plainly(const Tensor *x, TanhBug bug) {
    float *y = filled(x->size, 0);
    for (size_t i = 0; i < x->size; i++) {
        double v = x->data[i];
        y[i] = (float)(bug == SIGMOID ? 1 / (1 + exp(-v)) : bug == UPSIDE_DOWN ? -tanh(v) : bug == RECIPROCAL ? 1 / tanh(v) : bug == HALVED ? tanh(v / 2) : bug == CUT && fabs(v) >= 5 ? copysign(1, v) : tanh(v));
    }
    return y;
}

static void judge_tanh(Tensor *x, const char *what) {
    Tape tape = tape_new(true);
    float *before = memcpy(xmalloc(x->size * sizeof *before), x->data, x->size * sizeof *before);
    Tensor *y = op_tanh(&tape, x);
    judge_unchanged(x, before);
    for (size_t i = 0; i < y->size; i++)
        if (isnan(y->data[i]) && fabsf(x->data[i]) > 40) reject("tanh(%g) is NaN, want %d: e^x of a large number is infinite, and inf/inf is NaN. tanhf of math.h knows that", (double)x->data[i], x->data[i] > 0 ? 1 : -1);
    const Suspect suspects[] = {
        {"y is the sigmoid 1 / (1 + e^-x), between 0 and 1: tanh lies between -1 and 1", tanh_plainly(x, SIGMOID)},
        {"the sign of y is wrong: tanh rises, so it has the sign of x", tanh_plainly(x, UPSIDE_DOWN)},
        {"y is 1/tanh: sum and difference are exchanged, the difference e^x - e^-x stands above the line", tanh_plainly(x, RECIPROCAL)},
        {"y is tanh(x/2): with e^2x instead of e^x, or e^x and e^-x, on both sides of the line", tanh_plainly(x, HALVED)},
        {"y is x: nothing was bent", x->data},
        {"y is exactly 1 or -1 where tanh is not there yet: tanh(5.1) is 0.99993", tanh_plainly(x, CUT)},
        {NULL, NULL}};
    expect_floats(what, y->data, tanh_plainly(x, GOOD), x->size, y, TOLERANCE, suspects);
}

static void tanh_forward(void) {
    judge_tanh(given_tensor("x", 2, (int[]){ROWS, COLUMNS_OF_X}, 71, 0), "y");
    judge_tanh(given_tensor("x", 4, (int[]){2, 1, 3, 5}, 72, 0), "for x of (2,1,3,5), y");
}

static void tanh_large(void) {
    Tensor *x = given_tensor("x", 1, (int[]){8}, 73, 0);
    const float given[] = {100, -100, 45, 0, -1e4f, 3e4f, 5.1f, -6};
    memcpy(x->data, given, sizeof given);
    judge_tanh(x, "for x = 100, -100, 45, 0, -10,000, 30,000, 5.1 and -6, y");
}

typedef enum { SLOPE, OF_INPUT, NOT_SQUARED, TWICE_TANH, NO_DY, SIGMOID_SLOPE, SQUARE_ONLY, NO_BRACKETS } SlopeBug;

static float *tanh_dx(const Tensor *x, const float *dy, SlopeBug bug) {
    float *dx = filled(x->size, 0);
    for (size_t i = 0; i < x->size; i++) {
        double v = x->data[i], y = tanh(v);
        double slope = bug == OF_INPUT ? 1 - v * v : bug == NOT_SQUARED ? 1 - y : bug == TWICE_TANH ? 1 - pow(tanh(y), 2) : bug == SIGMOID_SLOPE ? y * (1 - y) : bug == SQUARE_ONLY ? y * y : 1 - y * y;
        dx[i] = (float)(bug == NO_BRACKETS ? dy[i] - y * y : slope * (bug == NO_DY ? 1 : dy[i]));
    }
    return dx;
}

static Tensor *tanh_back(float start, const float *dy) {
    Tape tape = tape_new(true);
    Tensor *x = given_tensor("x", 2, (int[]){ROWS, COLUMNS_OF_X}, 74, start);
    go_back(&tape, op_tanh(&tape, x), dy);
    return x;
}

static void tanh_gradient(void) {
    float *dy = given_floats(ALL, 75);
    Tensor *x = tanh_back(0, dy);
    const Suspect suspects[] = {
        {"the slope is 1 - x² of the input: it is 1 - y² of the output, y = tanh(x)", tanh_dx(x, dy, OF_INPUT)},
        {"the slope is 1 - y: y is squared in it, 1 - y²", tanh_dx(x, dy, NOT_SQUARED)},
        {"the slope is 1 - tanh(y)²: y is tanh(x) already, so 1 - y²", tanh_dx(x, dy, TWICE_TANH)},
        {"what comes in is not used: multiply the slope by y->grad", tanh_dx(x, dy, NO_DY)},
        {"the slope is y (1 - y), that of the sigmoid: tanh's is 1 - y²", tanh_dx(x, dy, SIGMOID_SLOPE)},
        {"the slope is y²: it is 1 - y², steepest where y is 0", tanh_dx(x, dy, SQUARE_ONLY)},
        {"the brackets are missing: dy * 1 - y*y is dy - y²; want dy * (1 - y*y)", tanh_dx(x, dy, NO_BRACKETS)},
        {"what comes in is passed on as it is: it has to be multiplied by the slope, 1 - y²", dy},
        {NULL, NULL}};
    expect_floats("dx", x->grad, tanh_dx(x, dy, SLOPE), ALL, x, TOLERANCE, suspects);
}

static void tanh_adds(void) {
    float *dy = given_floats(ALL, 75);
    Tensor *x = tanh_back(0.5f, dy);
    judge_added("dx", x, 0.5f, tanh_dx(x, dy, SLOPE));
    Tape tape = tape_new(true);
    x = given_tensor("x", 2, (int[]){ROWS, COLUMNS_OF_X}, 74, 0);
    Tensor *y = op_tanh(&tape, x);
    x->grad = NULL;
    go_back(&tape, y, dy);
}

// --- lrfind ---

typedef enum { GEOMETRIC, LINEAR, NEVER_HIGH, ONE_ON, DOWNWARDS, FACTOR_OF_N, WHOLE_ROOT, WHOLE_SHARE } RateBug;

static double rate_at(double low, double high, int n, int i, RateBug bug) {
    switch (bug) {
    case LINEAR: return low + (high - low) * i / (n - 1);
    case NEVER_HIGH: return low * pow(high / low, (double)i / n);
    case ONE_ON: return low * pow(high / low, (double)(i + 1) / n);
    case DOWNWARDS: return high * pow(low / high, (double)i / (n - 1));
    case FACTOR_OF_N: return low * pow(high / low, i);
    case WHOLE_ROOT: return low;
    case WHOLE_SHARE: return i < n - 1 ? low : high;
    default: return low * pow(high / low, (double)i / (n - 1));
    }
}

static bool rates_are(const double *rate, double low, double high, int n, RateBug bug) {
    for (int i = 0; i < n; i++)
        if (!(fabs(rate[i] - rate_at(low, high, n, i, bug)) <= 1e-6 * fabs(rate_at(low, high, n, i, bug)))) return false;
    return true;
}

static void judge_rates(double low, double high, int n) {
    static const struct { RateBug bug; const char *why; } BUG[] = {
        {LINEAR, "the rates are equally far apart: multiply by the same factor each time instead, so that 0.001 to 0.01 gets as many as 1 to 10"},
        {NEVER_HIGH, "the last rate falls short of `high`: from the first to the last there are n - 1 steps, not n"},
        {ONE_ON, "the first rate is one step above `low`: rate[0] is low itself"},
        {DOWNWARDS, "the rates fall from `high` to `low`: they rise"},
        {FACTOR_OF_N, "every rate is high/low times the one before: after n - 1 steps it should be `high`, so the factor is the (n-1)th root of that"},
        {WHOLE_ROOT, "all rates are equal: 1 / (n-1) of two ints is 0, and any number to the power of 0 is 1; write 1.0 / (n-1)"},
        {WHOLE_SHARE, "all rates but the last are equal: i / (n-1) of two ints is 0 until i is n-1; write (double)i / (n-1)"},
    };
    double *rate = xmalloc((size_t)n * sizeof *rate);
    for (int i = 0; i < n; i++) rate[i] = NAN;
    lrfind_rates(low, high, n, rate);
    if (rates_are(rate, low, high, n, GEOMETRIC)) return;
    for (size_t i = 0; i < sizeof BUG / sizeof *BUG; i++)
        if (rates_are(rate, low, high, n, BUG[i].bug)) reject("%d rates from %g to %g: %s", n, low, high, BUG[i].why);
    for (int i = 0; i < n; i++)
        if (isnan(rate[i])) reject("%d rates from %g to %g: rate[%d] is NaN, or was never written", n, low, high, i);
    for (int i = 0; i < n; i++)
        if (!(fabs(rate[i] - rate_at(low, high, n, i, GEOMETRIC)) <= 1e-6 * rate[i])) reject("%d rates from %g to %g: rate[%d] is %.8g, want %.8g", n, low, high, i, rate[i], rate_at(low, high, n, i, GEOMETRIC));
}

static void lrfind_same_factor(void) {
    judge_rates(0.001, 10, 5);
    judge_rates(0.02, 3, 38);
    judge_rates(0.5, 0.7, 2);
}

enum { STEPS = 900 };

typedef enum { SMOOTHED, RAW, NOT_CORRECTED, ONE_POWER_LESS, FROM_FIRST_LOSS, LESS_SMOOTH, SWAPPED, GOES_ON, STOPS_ON_RAW, STOPS_ON_RISE, LAST_READ, ONE_EARLIER, ONE_LATER, INDEX, LOSS } BestBug;

static double best_plainly(const double *rate, const double *loss, int n, BestBug bug) {
    double s = bug == FROM_FIRST_LOSS ? loss[0] : 0, keep = bug == LESS_SMOOTH ? 0.9 : bug == SWAPPED ? 0.02 : 0.98, lowest = INFINITY;
    int best = 0, last = 0;
    for (int i = 0; i < n; i++) {
        s = keep * s + (1 - keep) * loss[i];
        double smooth = bug == RAW ? loss[i] : bug == NOT_CORRECTED || bug == FROM_FIRST_LOSS ? s : s / (1 - pow(keep, i + (bug != ONE_POWER_LESS)));
        double watched = bug == STOPS_ON_RAW ? loss[i] : smooth;
        if (bug != GOES_ON && !(watched <= 4 * lowest)) break;
        if (bug == STOPS_ON_RISE && smooth > lowest) break;
        last = i;
        if (smooth < lowest) {
            lowest = smooth;
            best = i;
        }
    }
    return bug == LAST_READ ? rate[last] : bug == INDEX ? best : bug == LOSS ? lowest : rate[bug == ONE_EARLIER && best > 0 ? best - 1 : bug == ONE_LATER && best < n - 1 ? best + 1 : best];
}

static const struct { BestBug bug; const char *why; } BEST_BUGS[] = {
    {RAW, "that is where a single loss was lowest: one lucky minibatch is no good rate; smooth the losses first"},
    {NOT_CORRECTED, "the average began at 0, so the first smoothed losses are far too small: divide by 1 - 0.98^(i+1)"},
    {ONE_POWER_LESS, "the average is divided by 1 - 0.98^i, which is 0 for the first: the power is i + 1, the number of losses read"},
    {FROM_FIRST_LOSS, "the average began at the first loss, which then weighs too much: begin at 0, and divide by 1 - 0.98^(i+1)"},
    {GOES_ON, "reading goes on after the explosion: stop where the smoothed loss is no number, or more than four times the lowest so far"},
    {STOPS_ON_RAW, "reading stops too early: a single high loss is no explosion; stop where the smoothed loss is more than four times the lowest so far"},
    {STOPS_ON_RISE, "reading stops as soon as the smoothed loss rises a little: it may fall again; stop at four times the lowest so far"},
    {LAST_READ, "that is the rate at which reading ended: want the one where the smoothed loss was lowest"},
    {SWAPPED, "the average keeps 0.02 of itself and takes 0.98 of the new loss: it is the other way round"},
    {LESS_SMOOTH, "the average keeps 0.9 of itself: want 0.98"},
    {ONE_EARLIER, "that is the rate one step before the one where the smoothed loss was lowest"},
    {ONE_LATER, "that is the rate one step after the one where the smoothed loss was lowest"},
    {INDEX, "that is the step at which the smoothed loss was lowest: want its rate"},
    {LOSS, "that is the lowest smoothed loss itself: want the rate of that step"},
};

static void judge_best(const double *loss, int n, const char *what) {
    double *rate = xmalloc((size_t)n * sizeof *rate), *given = memcpy(xmalloc((size_t)n * sizeof *given), loss, (size_t)n * sizeof *given);
    for (int i = 0; i < n; i++) rate[i] = rate_at(0.001, 10, n, i, GEOMETRIC);
    double got = lrfind_best(rate, given, n), want = best_plainly(rate, loss, n, SMOOTHED);
    if (fabs(got - want) <= 1e-9 * want) return;
    for (size_t i = 0; i < sizeof BEST_BUGS / sizeof *BEST_BUGS; i++)
        if (fabs(got - best_plainly(rate, loss, n, BEST_BUGS[i].bug)) <= 1e-9 * fabs(got)) reject("%s the answer is %.6g, want %.6g: %s", what, got, want, BEST_BUGS[i].why);
    int at = -1, right = 0;
    for (int i = 0; i < n; i++) {
        if (fabs(rate[i] - got) <= 1e-9 * got) at = i;
        if (rate[i] == want) right = i;
    }
    if (at < 0) reject("%s the answer is %.6g, want %.6g: it is none of the rates", what, got, want);
    reject("%s the answer is %.6g, that of step %d; want %.6g, of step %d", what, got, at, want, right);
}

// A valley of losses, lowest at step `valley`, with noise; after it a wall.
static double *valley_of(int n, int valley, double noise, uint32_t seed) {
    double *loss = xmalloc((size_t)n * sizeof *loss);
    float *normal = given_floats((size_t)n, seed);
    for (int i = 0; i < n; i++) loss[i] = 2 + pow((i - valley) / (0.3 * n), 2) + noise * fabs((double)normal[i]);
    return loss;
}

static void lrfind_valley(void) {
    double *loss = valley_of(STEPS, 500, 0.02, 81);
    judge_best(loss, STEPS, "for losses that fall to step 500 and rise again");
    loss = valley_of(STEPS, 500, 0.4, 82);
    loss[120] = 0.5;                        // one lucky minibatch, and an unlucky one
    loss[200] = 30;
    judge_best(loss, STEPS, "for noisy losses, among them one of 0.5 and one of 30,");
    loss = valley_of(STEPS, STEPS + 300, 0.3, 83);
    judge_best(loss, STEPS, "for losses that fall to the end");
}

// A short run, in which how the average begins still matters.
static void lrfind_correction(void) {
    double *loss = valley_of(60, 20, 0.1, 84);
    judge_best(loss, 60, "for 60 losses that fall to step 20 and rise again");
    for (int i = 0; i < 60; i++) loss[i] = 5 - 0.04 * i;
    loss[0] = 2;
    judge_best(loss, 60, "for 60 losses, the first of them low,");
}

static void lrfind_explosion(void) {
    double *loss = valley_of(STEPS, 300, 0.1, 85);
    for (int i = 400; i < STEPS; i++) loss[i] = i < 420 ? 30 : 0.1;
    judge_best(loss, STEPS, "for losses of about 2, then twenty of 30, then of 0.1");
    loss = valley_of(STEPS, 300, 0.1, 86);
    for (int i = 400; i < STEPS; i++) loss[i] = i < 420 ? 12 : 1;
    judge_best(loss, STEPS, "for losses of about 2, then twenty of 12, then of 1");
    for (int i = 400; i < STEPS; i++) loss[i] = i < 420 ? NAN : 0.1;
    judge_best(loss, STEPS, "for losses of about 2, then NaN, then 0.1");
    for (int i = 400; i < STEPS; i++) loss[i] = INFINITY;
    judge_best(loss, STEPS, "for losses of about 2, then infinite ones,");
}

static const GradeCheck CHECKS[] = {
    {"windows", "window_before: the ids before a place, the oldest first", 1, true, window_in_a_name, "Windows", 0},
    {"windows", "window_before: nothing of another name", 1, true, window_at_a_boundary, "Windows", 0},
    {"windows", "window_before: a running text, and where it begins", 1, false, window_in_running_text, "Windows", 0},
    {"windows", "windows: a window and a target for every place", 1, true, windows_of_names, "Windows", 0},
    {"windows", "windows: of a running text, and of very short ones", 1, false, windows_of_running_text, "Windows", 0},
    {"minibatch", "every row is an example: its context and its target", 1, true, batch_of_examples, "Minibatches", 0},
    {"minibatch", "drawn from all of them, each time", 1, true, batch_with_replacement, "Minibatches", 0},
    {"minibatch", "the same draws as PyTorch's", 1, false, batch_as_torch, "Minibatches", 0},
    {"op_embedding", "every place gets the row of its id", 1, true, embedding_forward, "Embeddings", 0},
    {"op_embedding", "the gradient goes back to that row", 1, true, embedding_to_rows, "Embeddings", 0},
    {"op_embedding", "ids that occur several times", 1, true, embedding_repeated, "Embeddings", 0},
    {"op_embedding", "the gradient adds up, and is skipped where nobody wants it (grad is NULL)", 1, false, embedding_adds, "Embeddings", 0},
    {"op_tanh", "tanh, number by number", 1, true, tanh_forward, "The bend", 0},
    {"op_tanh", "numbers of 100 and more", 1, false, tanh_large, "The bend", 0},
    {"op_tanh", "the gradient", 1, true, tanh_gradient, "The bend", 0},
    {"op_tanh", "the gradient adds up", 1, false, tanh_adds, "The bend", 0},
    {"lrfind", "rates that rise by the same factor", 1, false, lrfind_same_factor, "The learning rate", 0},
    {"lrfind", "the rate at the bottom of the smoothed losses", 1, false, lrfind_valley, "The learning rate", 0},
    {"lrfind", "the smoothing is right from the first loss on", 1, false, lrfind_correction, "The learning rate", 0},
    {"lrfind", "nothing after the explosion counts", 1, false, lrfind_explosion, "The learning rate", 0},
};

int main(int argc, char **argv) { return grade_main(argc, argv, "03-mlp", CHECKS, sizeof CHECKS / sizeof *CHECKS); }
