// test_02_tensor.c: the arena, the tape and the walk back: memory, order, gradients that add, and nothing allocated per step.
#define _GNU_SOURCE
#include "backward.h"
#include "gradcheck.h"
#include "op_cross_entropy.h"
#include "op_linear.h"
#include "op_onehot.h"
#include "op_penalty.h"
#include "op_softmax.h"
#include "params.h"
#include "sgd.h"
#include "tapeview.h"
#include "tensors.h"

#include <errno.h>
#include <math.h>
#include <omp.h>
#include <stdatomic.h>
#include <stdint.h>

// --- counting every allocation of the program and its libraries ---

static atomic_long allocations;

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define WATCHED 1
#endif

#ifdef WATCHED      // the sanitizer has malloc already, and tells of each call
typedef void OnMalloc(const volatile void *p, size_t bytes), OnFree(const volatile void *p);
extern int __sanitizer_install_malloc_and_free_hooks(OnMalloc *on_malloc, OnFree *on_free);

static void on_malloc(const volatile void *p, size_t bytes) { (void)p, (void)bytes, allocations++; }
static void on_free(const volatile void *p) { (void)p; }
static void count_allocations(void) { __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free); }

#else               // these come before the C library's, for the libraries too

extern void *__libc_malloc(size_t bytes), *__libc_calloc(size_t count, size_t size), *__libc_realloc(void *p, size_t bytes);
extern void *__libc_memalign(size_t alignment, size_t bytes);

void *malloc(size_t bytes) {
    allocations++;
    return __libc_malloc(bytes);
}
void *calloc(size_t count, size_t size) {
    allocations++;
    return __libc_calloc(count, size);
}
void *realloc(void *p, size_t bytes) {
    allocations++;
    return __libc_realloc(p, bytes);
}
void *memalign(size_t alignment, size_t bytes) {
    allocations++;
    return __libc_memalign(alignment, bytes);
}
void *aligned_alloc(size_t alignment, size_t bytes) {
    allocations++;
    return __libc_memalign(alignment, bytes);
}
int posix_memalign(void **p, size_t alignment, size_t bytes) {
    allocations++;
    *p = __libc_memalign(alignment, bytes);
    return *p ? 0 : ENOMEM;
}
static void count_allocations(void) {}

#endif

// --- the arena ---

START_TEST(arena_memory_is_aligned_and_ones_own) {
    enum { MANY = 500 };
    static unsigned char *p[MANY];
    static size_t size[MANY];
    Arena a = {0};
    unsigned seed = 1;
    for (int i = 0; i < MANY; i++) {
        size[i] = (size_t)((testing_random(&seed) + 1) * (i % 50 == 0 ? 1e6 : 2000));
        p[i] = arena_alloc(&a, size[i]);
        ck_assert(p[i] && (uintptr_t)p[i] % 64 == 0);
        memset(p[i], i % 251, size[i]);
    }
    for (int i = 0; i < MANY; i++)
        for (size_t k = 0; k < size[i]; k++)
            if (p[i][k] != i % 251) ck_abort_msg("byte %zu of allocation %d was overwritten", k, i);
    arena_free(&a);
}
END_TEST

START_TEST(a_reset_gives_the_same_addresses_again) {
    enum { MANY = 300 };
    static void *first[MANY];
    Arena a = {0};
    for (int round = 0; round < 4; round++) {
        unsigned seed = 7;
        long before = allocations;
        for (int i = 0; i < MANY; i++) {
            void *p = arena_alloc(&a, (size_t)((testing_random(&seed) + 1) * (i % 40 == 0 ? 2e6 : 20000)));
            if (round == 0) first[i] = p;
            else if (p != first[i]) ck_abort_msg("round %d, allocation %d: another address than in round 0", round, i);
        }
        if (round > 0) ck_assert_int_eq(allocations - before, 0);
        arena_reset(&a);
        ck_assert_uint_eq(a.used, 0);
    }
    arena_free(&a);
}
END_TEST

START_TEST(an_allocation_may_be_larger_than_a_block) {
    Arena a = {0};
    char *small = arena_alloc(&a, 10), *large = arena_alloc(&a, 50000000), *next = arena_alloc(&a, 10);
    memset(large, 1, 50000000);
    memset(small, 2, 10);
    memset(next, 3, 10);
    ck_assert_int_eq(large[0] + large[49999999] + small[9] + next[0], 7);
    ck_assert_uint_ge(a.peak, 50000020);
    arena_reset(&a);
    ck_assert_ptr_eq(arena_alloc(&a, 10), small);
    ck_assert_uint_ge(a.peak, 50000020);
    arena_free(&a);
    ck_assert_ptr_null(a.first);
}
END_TEST

START_TEST(an_empty_arena_can_be_reset_and_freed) {
    Arena a = {0};
    arena_reset(&a);
    arena_free(&a);
    ck_assert_ptr_nonnull(arena_alloc(&a, 0));
    arena_free(&a);
}
END_TEST

#ifdef WATCHED
static int write_beyond(void *ctx) {
    (void)ctx;
    Tape tape = tape_new(false);
    float *x = tape_floats(&tape, 16);
    tape_floats(&tape, 16);
    x[16] = 1;      // the first float after it
    return 0;
}

static int read_after_reset(void *ctx) {
    (void)ctx;
    Tape tape = tape_new(false);
    float *x = tape_floats(&tape, 16);
    x[0] = 1;
    tape_reset(&tape);
    return (int)((volatile float *)x)[0];
}

START_TEST(the_sanitizer_sees_the_ends_of_arena_memory) {
    Ending end = testing_run(write_beyond, NULL);
    ck_assert_int_ne(end.code, 0);
    ck_assert_ptr_nonnull(strstr(end.err, "AddressSanitizer"));
    end = testing_run(read_after_reset, NULL);
    ck_assert_int_ne(end.code, 0);
    ck_assert_ptr_nonnull(strstr(end.err, "AddressSanitizer"));
}
END_TEST

START_TEST(stale_floats_read_nan) {
    Arena a = {0};
    float *x = arena_alloc(&a, 400);
    for (int i = 0; i < 100; i++) x[i] = 1;
    arena_reset(&a);
    x = arena_alloc(&a, 400);
    for (int i = 0; i < 100; i++) ck_assert(isnan(x[i]));
    arena_free(&a);
}
END_TEST
#endif

// --- small operations for strange graphs ---

static void add_backward(Tensor *y) {
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; y->in[k]->grad && i < y->size; i++) y->in[k]->grad[i] += y->grad[i];
}

static Tensor *add(Tape *tape, Tensor *a, Tensor *b) {
    Tensor *y = tape_tensor(tape, "add", a->ndim, a->shape, add_backward, (Tensor *[]){a, b, NULL});
    for (size_t i = 0; i < y->size; i++) y->data[i] = a->data[i] + b->data[i];
    return y;
}

static void multiply_backward(Tensor *y) {
    Tensor *a = y->in[0], *b = y->in[1];
    for (size_t i = 0; a->grad && i < y->size; i++) a->grad[i] += y->grad[i] * b->data[i];
    for (size_t i = 0; b->grad && i < y->size; i++) b->grad[i] += y->grad[i] * a->data[i];
}

static Tensor *multiply(Tape *tape, Tensor *a, Tensor *b) {
    Tensor *y = tape_tensor(tape, "multiply", a->ndim, a->shape, multiply_backward, (Tensor *[]){a, b, NULL});
    for (size_t i = 0; i < y->size; i++) y->data[i] = a->data[i] * b->data[i];
    return y;
}

// y[i] = x[i mod size of x]: into a tensor of another size.
static void wrap_backward(Tensor *y) {
    Tensor *x = y->in[0];
    for (size_t i = 0; x->grad && i < y->size; i++) x->grad[i % x->size] += y->grad[i];
}

static Tensor *wrap(Tape *tape, Tensor *x, int size) {
    Tensor *y = tape_tensor(tape, "wrap", 1, &size, wrap_backward, (Tensor *[]){x, NULL});
    for (size_t i = 0; i < y->size; i++) y->data[i] = x->data[i % x->size];
    return y;
}

static Tensor *sum(Tape *tape, Tensor *x) {
    float ones[100];
    for (int i = 0; i < 100; i++) ones[i] = 1;
    return weigh(tape, x, ones);
}

// --- the tape ---

START_TEST(the_tape_holds_tensors_in_order) {
    Tape tape = tape_new(true);
    Tensor *w = leaf_new("w", 1, (int[]){4}, 1, 1);
    Tensor *x = tape_values(&tape, "x", 1, (int[]){4}, (float[]){1, 2, 3, 4});
    Tensor *a = multiply(&tape, x, w), *b = add(&tape, a, x), *c = multiply(&tape, b, a);
    Tensor *want[] = {x, a, b, c};
    ck_assert_int_eq(tape.count, 4);
    for (int i = 0; i < 4; i++) ck_assert_ptr_eq(tape.node[i], want[i]);
    ck_assert(c->in[0] == b && c->in[1] == a && !c->in[2]);
    tape_reset(&tape);
    ck_assert_int_eq(tape.count, 0);
    ck_assert_ptr_eq(tape_values(&tape, "x", 1, (int[]){4}, (float[]){1, 2, 3, 4}), x);
    tape_free(&tape);
    leaf_free(w);
}
END_TEST

START_TEST(a_tensor_has_its_shape_and_memory) {
    Tape tape = tape_new(true);
    Tensor *t = tape_tensor(&tape, "thing", 4, (int[]){2, 3, 5, 7}, NULL, NULL), *one = tape_tensor(&tape, "one", 0, NULL, NULL, NULL);
    ck_assert_str_eq(t->name, "thing");
    ck_assert_uint_eq(t->size, 210);
    ck_assert_int_eq(rows_of(t), 30);
    ck_assert_int_eq(last_of(t), 7);
    ck_assert_uint_eq(one->size, 1);
    ck_assert_int_eq(rows_of(one), 1);
    ck_assert_int_eq(last_of(one), 1);
    ck_assert(!t->grad && !t->wants_grad && !t->in[0] && !t->backward && !t->saved);
    memset(t->data, 0, t->size * sizeof(float));
    tape_free(&tape);
}
END_TEST

START_TEST(values_and_ints_are_copied) {
    Tape tape = tape_new(true);
    float values[] = {1, 2};
    int ids[] = {3, 4};
    Tensor *x = tape_values(&tape, "x", 1, (int[]){2}, values);
    int *copy = tape_copy_ints(&tape, ids, 2);
    values[0] = 9;
    ids[1] = 9;
    ck_assert(x->data[0] == 1 && x->data[1] == 2 && copy[0] == 3 && copy[1] == 4);
    tape_free(&tape);
}
END_TEST

START_TEST(gradients_are_wanted_where_a_parameter_is_behind) {
    Tensor *w = leaf_new("w", 1, (int[]){2}, 1, 1);
    for (int record = 0; record <= 1; record++) {
        Tape tape = tape_new(record);
        Tensor *x = tape_values(&tape, "x", 1, (int[]){2}, (float[]){1, 2});
        Tensor *from_x = add(&tape, x, x), *from_w = add(&tape, x, w), *further = add(&tape, from_w, from_x);
        ck_assert(!x->wants_grad && !from_x->wants_grad);
        ck_assert(from_w->wants_grad == record && further->wants_grad == record);
        tape_free(&tape);
    }
    leaf_free(w);
}
END_TEST

static int bad_tensor(void *ctx) {
    Tape tape = tape_new(true);
    Tensor *x = tape_values(&tape, "x", 1, (int[]){1}, (float[]){1}), *in[10] = {x, x, x, x, x, x, x, x, x, NULL};
    const int shape[5] = {2, 0, 1, 1, 1};
    switch (*(int *)ctx) {
    case 0: tape_tensor(&tape, "bad", 5, shape, NULL, NULL); break;
    case 1: tape_tensor(&tape, "bad", 2, shape, NULL, NULL); break;
    case 2: tape_tensor(&tape, "bad", -1, shape, NULL, NULL); break;
    default: tape_tensor(&tape, "bad", 1, shape, NULL, in);
    }
    return 0;
}

START_TEST(tensors_that_cannot_be_are_refused) {
    const char *word[] = {"5 dimensions", "dimension 1 is 0", "-1 dimensions", "more than 8 inputs"};
    for (int i = 0; i < 4; i++) {
        Ending end = testing_run(bad_tensor, &i);
        testing_aborted(&end, word[i]);
    }
}
END_TEST

START_TEST(shapes_as_text) {
    Tensor a = {.ndim = 2, .shape = {32, 27}}, b = {.ndim = 0}, c = {.ndim = 4, .shape = {2147483647, 2147483647, 2147483647, 2147483647}};
    const char *first = shape_text(&a);
    ck_assert_str_eq(shape_text(&b), "()");
    ck_assert_str_eq(shape_text(&c), "(2147483647,2147483647,2147483647,2147483647)");
    for (int i = 0; i < 5; i++) shape_text(&b);
    ck_assert_str_eq(first, "(32,27)");     // good until the eighth next call
}
END_TEST

START_TEST(many_tensors_fit_a_tape) {
    Tape tape = tape_new(true);
    Tensor *x = tape_values(&tape, "x", 1, (int[]){1}, (float[]){1});
    for (int i = 0; i < 5000; i++) x = add(&tape, x, x->in[0] ? x->in[0] : x);
    ck_assert_int_eq(tape.count, 5001);
    for (int i = 1; i < tape.count; i++) ck_assert_ptr_eq(tape.node[i]->in[0], tape.node[i - 1]);
    tape_free(&tape);
}
END_TEST

// --- backward ---

START_TEST(a_value_used_three_times_gets_three_shares) {
    for (int recycle = 0; recycle <= 1; recycle++) {
        Tape tape = tape_new(true);
        tape.recycle = recycle;
        Tensor *w = leaf_of("w", 1, (int[]){8}, (float[]){1, 2, 3, 4, 5, 6, 7, 8});
        Tensor *cube = multiply(&tape, multiply(&tape, w, w), w);
        backward(&tape, sum(&tape, cube));
        for (int i = 0; i < 8; i++) ck_assert_float_eq(w->grad[i], 3 * w->data[i] * w->data[i]);
        tape_free(&tape);
        leaf_free(w);
    }
}
END_TEST

START_TEST(gradients_of_parameters_add_from_step_to_step) {
    Tape tape = tape_new(true);
    Tensor *w = leaf_of("w", 1, (int[]){2}, (float[]){3, 5});
    for (int step = 1; step <= 3; step++) {
        tape_reset(&tape);
        backward(&tape, sum(&tape, multiply(&tape, w, w)));
        testing_same_bits("grad", w->grad, (float[]){6.0f * (float)step, 10.0f * (float)step}, 2);
    }
    tape_free(&tape);
    leaf_free(w);
}
END_TEST

START_TEST(what_the_loss_was_not_made_from_gets_nothing) {
    Tape tape = tape_new(true);
    Tensor *w = leaf_of("w", 1, (int[]){2}, (float[]){3, 5}), *v = leaf_of("v", 1, (int[]){2}, (float[]){1, 1});
    Tensor *used = add(&tape, w, w), *x = tape_values(&tape, "x", 1, (int[]){2}, (float[]){1, 1});
    Tensor *aside = multiply(&tape, used, v), *loss = sum(&tape, add(&tape, used, x)), *later = multiply(&tape, loss, loss);
    backward(&tape, loss);
    testing_same_bits("w", w->grad, (float[]){2, 2}, 2);
    testing_same_bits("v", v->grad, (float[]){0, 0}, 2);
    ck_assert(!aside->grad && !later->grad && !x->grad);
    testing_same_bits("used", used->grad, (float[]){1, 1}, 2);
    tape_free(&tape);
    leaf_free(w);
    leaf_free(v);
}
END_TEST

static int bad_loss(void *ctx) {
    int which = *(int *)ctx;
    Tape tape = tape_new(which != 1);
    Tensor *w = leaf_new("w", 1, (int[]){2}, 1, 1), *x = tape_values(&tape, "x", 1, (int[]){2}, (float[]){1, 1});
    backward(&tape, which == 0 ? add(&tape, w, w) : which == 1 ? sum(&tape, w) : sum(&tape, x));
    return 0;
}

START_TEST(a_loss_that_is_none_is_refused) {
    const char *word[] = {"(2), want a single number", "does not record", "depends on no parameter"};
    for (int i = 0; i < 3; i++) {
        Ending end = testing_run(bad_loss, &i);
        testing_aborted(&end, word[i]);
    }
}
END_TEST

// A random graph over parameters of three sizes: values used many times and in any order, by operations that change the size,
// with branches that lead nowhere and inputs that want no gradient.
enum { KINDS = 3, PARAMETERS = 4, STEPS = 60 };
static const int SIZE[KINDS] = {24, 16, 3};

static Tensor *random_graph(Tape *tape, Tensor **parameter, unsigned seed) {
    Tensor *pool[PARAMETERS + STEPS + 1];
    int count = 0;
    for (int i = 0; i < PARAMETERS; i++) pool[count++] = parameter[i];
    pool[count++] = tape_values(tape, "x", 1, &SIZE[1], (float[16]){1, 0.5f, -1, 0, 2, -0.5f, 0.1f, -0.2f});
    Tensor *total = sum(tape, parameter[0]);
    for (int i = 1; i < STEPS; i++) {
        Tensor *a = pool[(int)((testing_random(&seed) + 1) / 2 * count) % count];
        Tensor *b = pool[(int)((testing_random(&seed) + 1) / 2 * count) % count];
        double choice = testing_random(&seed);
        int size = SIZE[(int)((testing_random(&seed) + 1) * KINDS / 2) % KINDS];
        if (choice < -0.4) pool[count++] = wrap(tape, a, size);
        else if (a->size != b->size) continue;
        else pool[count++] = choice < 0.3 ? add(tape, a, b) : multiply(tape, a, b);
        if (i % 9 == 0) total = add(tape, total, sum(tape, b));
    }
    return total;
}

START_TEST(recycled_gradients_are_the_same_bit_for_bit) {
    int recycled = 0;
    for (unsigned seed = 1; seed <= 300; seed++) {
        Tensor *parameter[PARAMETERS];
        float *want[PARAMETERS];
        size_t used = 0;
        for (int i = 0; i < PARAMETERS; i++) parameter[i] = leaf_new("w", 1, &SIZE[i % KINDS], 1.1, seed * 10 + (unsigned)i);
        for (int recycle = 0; recycle <= 1; recycle++) {
            Tape tape = tape_new(true);
            tape.recycle = recycle;
            backward(&tape, random_graph(&tape, parameter, seed));
            recycled += recycle && tape.arena.used < used;
            used = tape.arena.used;
            for (int i = 0; i < PARAMETERS; i++) {
                size_t bytes = parameter[i]->size * sizeof(float);
                if (!recycle) want[i] = memcpy(xmalloc(bytes), parameter[i]->grad, bytes);
                else testing_same_bits("recycled gradient", parameter[i]->grad, want[i], parameter[i]->size);
                memset(parameter[i]->grad, 0, bytes);
            }
            tape_free(&tape);
        }
        for (int i = 0; i < PARAMETERS; i++) {
            leaf_free(parameter[i]);
            free(want[i]);
        }
    }
    ck_assert_int_gt(recycled, 100);        // and memory was saved
}
END_TEST

typedef struct {
    Tensor **parameter;
    unsigned seed;
} Question;

static double ask(void *ctx) {
    Question *q = ctx;
    Tape tape = tape_new(false);
    double loss = random_graph(&tape, q->parameter, q->seed)->data[0];
    tape_free(&tape);
    return loss;
}

// A float loss shows its slope to about three digits.
START_TEST(gradients_of_random_graphs_are_slopes) {
    for (unsigned seed = 1; seed <= 40; seed++) {
        Tensor *parameter[PARAMETERS];
        for (int i = 0; i < PARAMETERS; i++) parameter[i] = leaf_new("w", 1, &SIZE[i % KINDS], 0.7, seed * 10 + (unsigned)i);
        Question q = {parameter, seed};
        Tape tape = tape_new(true);
        tape.recycle = seed % 2;
        backward(&tape, random_graph(&tape, parameter, seed));
        tape_free(&tape);
        for (int i = 0; i < PARAMETERS; i++)
            for (size_t k = 0; k < parameter[i]->size; k++) {
                float before = parameter[i]->data[k];
                double slope = gradcheck_slope(ask, &q, &parameter[i]->data[k], 1e-2f), got = parameter[i]->grad[k];
                ck_assert_msg(fabs(got - slope) <= 2e-2 + 2e-2 * fabs(slope), "graph %u, parameter %d[%zu]: got %g, slope %g", seed, i, k,
                              got, slope);
                testing_same_bits("the value", &parameter[i]->data[k], &before, 1);
            }
        for (int i = 0; i < PARAMETERS; i++) leaf_free(parameter[i]);
    }
}
END_TEST

// --- no allocation in a training step ---

typedef struct {
    Params params;
    Tensor *w, *b;
} Net;

static void train_step(Net *net, Tape *tape, const int *id, int N) {
    tape_reset(tape);
    params_zero_grad(&net->params);
    Tensor *logits = op_linear(tape, op_onehot(tape, id, N, 27), net->w, net->b);
    Tensor *loss = op_penalty(tape, op_cross_entropy(tape, logits, id + 1, NO_IGNORE), net->w, 0.01f);
    loss = add(tape, loss, weigh(tape, op_softmax(tape, net->b), net->b->data));
    backward(tape, loss);
    sgd(&net->params, 0.1f);
}

#ifdef __clang__
enum { MOST_THREADS = 1 };      // LLVM's OpenMP allocates by itself whenever threads share a loop
#else
enum { MOST_THREADS = 2 };
#endif

// Trains on a batch of N; how many allocations ten steps made after the first.
static long allocations_of_steps(int N, int threads, bool recycle) {
    static int id[8001];
    unsigned seed = 1;
    for (int i = 0; i <= N; i++) id[i] = (int)((testing_random(&seed) + 1) * 13.4) % 27;
    omp_set_num_threads(threads);
    Net net = {.params = {.count = 0}};
    net.w = params_add(&net.params, "w", 2, (int[]){27, 27});
    net.b = params_add(&net.params, "b", 1, (int[]){27});
    params_allocate(&net.params);
    Tape tape = tape_new(true);
    tape.recycle = recycle;
    train_step(&net, &tape, id, N);
    long before = allocations;
    for (int step = 0; step < 10; step++) train_step(&net, &tape, id, N);
    long after = allocations;
    tape_free(&tape);
    params_free(&net.params);
    return after - before;
}

START_TEST(a_training_step_allocates_nothing_after_the_first) {
    const int BATCH[] = {1, 32, 8000};
    for (int i = 0; i < 3; i++)
        for (int threads = 1; threads <= MOST_THREADS; threads++)
            for (int recycle = 0; recycle <= 1; recycle++) {
                long count = allocations_of_steps(BATCH[i], threads, recycle);
                ck_assert_msg(count == 0, "batch %d, %d threads, recycle %d: %ld allocations in 10 steps", BATCH[i], threads, recycle,
                              count);
            }
}
END_TEST

START_TEST(the_count_counts) {
    long before = allocations;
    void *volatile p = malloc(10), *volatile q = NULL;
    free(p);
    ck_assert_int_eq(posix_memalign((void **)&q, 64, 10), 0);
    free(q);
    p = calloc(1, 10);
    p = realloc(p, 100000);
    free(p);
    ck_assert_int_ge(allocations - before, 4);
}
END_TEST

// --- the tape, to look at ---

START_TEST(the_tape_is_printed) {
    Tape tape = tape_new(true);
    Tensor *w = leaf_of("w", 1, (int[]){3}, (float[]){1, 2, 3});
    backward(&tape, sum(&tape, multiply(&tape, w, tape_values(&tape, "x", 1, (int[]){3}, (float[]){0.5f, 0, -1}))));
    char *text = NULL, *dot = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    tapeview_print(&tape, out);
    fclose(out);
    const char *want[] = {"#0  x", "(3)", "from outside", "value 0.5 0 -1", "#1  multiply", "from w(3), #0", "gradient 1 1 1", "#2  weigh"};
    for (int i = 0; i < 8; i++) ck_assert_msg(strstr(text, want[i]) != NULL, "no \"%s\" in %s", want[i], text);
    out = open_memstream(&dot, &size);
    tapeview_dot(&tape, out);
    fclose(out);
    const char *graph[] = {"digraph", "n0 [label=\"#0 x", "n0 -> n1;", "n1 -> n2;", "\"w\" -> n1;", "}\n"};
    for (int i = 0; i < 6; i++) ck_assert_msg(strstr(dot, graph[i]) != NULL, "no %s in %s", graph[i], dot);
    free(text);
    free(dot);
    tape_free(&tape);
    leaf_free(w);
}
END_TEST

int main(void) {
    count_allocations();
    TCase *c = testing_start("tensor");
    tcase_add_test(c, arena_memory_is_aligned_and_ones_own);
    tcase_add_test(c, a_reset_gives_the_same_addresses_again);
    tcase_add_test(c, an_allocation_may_be_larger_than_a_block);
    tcase_add_test(c, an_empty_arena_can_be_reset_and_freed);
#ifdef WATCHED
    tcase_add_test(c, the_sanitizer_sees_the_ends_of_arena_memory);
    tcase_add_test(c, stale_floats_read_nan);
#endif
    tcase_add_test(c, the_tape_holds_tensors_in_order);
    tcase_add_test(c, a_tensor_has_its_shape_and_memory);
    tcase_add_test(c, values_and_ints_are_copied);
    tcase_add_test(c, gradients_are_wanted_where_a_parameter_is_behind);
    tcase_add_test(c, tensors_that_cannot_be_are_refused);
    tcase_add_test(c, shapes_as_text);
    tcase_add_test(c, many_tensors_fit_a_tape);
    tcase_add_test(c, a_value_used_three_times_gets_three_shares);
    tcase_add_test(c, gradients_of_parameters_add_from_step_to_step);
    tcase_add_test(c, what_the_loss_was_not_made_from_gets_nothing);
    tcase_add_test(c, a_loss_that_is_none_is_refused);
    tcase_add_test(c, recycled_gradients_are_the_same_bit_for_bit);
    tcase_add_test(c, gradients_of_random_graphs_are_slopes);
    tcase_add_test(c, a_training_step_allocates_nothing_after_the_first);
    tcase_add_test(c, the_count_counts);
    tcase_add_test(c, the_tape_is_printed);
    return testing_end();
}
