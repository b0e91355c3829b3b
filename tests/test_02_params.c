// test_02_params.c: parameters in one buffer, saved and loaded; and a step of SGD.
#include "params.h"
#include "sgd.h"
#include "testing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Two parameters of odd sizes and a buffer, with values that tell them apart.
static Params make(int hidden) {
    Params p = {.count = 0};
    char name[] = "w1";
    params_add(&p, name, 2, (int[]){hidden, 5});
    strcpy(name, "xx");                                     // names are copied
    params_add(&p, "b1", 1, (int[]){hidden});
    params_add_buffer(&p, "mean", 1, (int[]){3});
    params_add(&p, "gain", 4, (int[]){1, 2, 3, 1});
    params_allocate(&p);
    testing_fill(p.data, p.size, 1, 1);
    testing_fill(p.buffer[0]->data, 3, 1, 2);
    return p;
}

static float *copy(const float *x, size_t n) { return memcpy(xmalloc(n * sizeof *x), x, n * sizeof *x); }

START_TEST(all_parameters_lie_in_one_buffer) {
    Params p = make(7);
    ck_assert_int_eq(p.count, 3);
    ck_assert_uint_eq(p.size, 35 + 7 + 6);
    const char *name[] = {"w1", "b1", "gain"};
    const size_t at[] = {0, 35, 42};
    for (int i = 0; i < 3; i++) {
        ck_assert_str_eq(p.param[i]->name, name[i]);
        ck_assert_ptr_eq(p.param[i]->data, p.data + at[i]);
        ck_assert_ptr_eq(p.param[i]->grad, p.grad + at[i]);
        ck_assert(p.param[i]->wants_grad);
    }
    ck_assert_uint_eq(p.param[2]->size, 6);
    ck_assert_int_eq(p.param[2]->ndim, 4);
    ck_assert_uint_eq((uintptr_t)p.data % 64, 0);
    ck_assert_uint_eq((uintptr_t)p.grad % 64, 0);
    params_free(&p);
    ck_assert_int_eq(p.count, 0);
}
END_TEST

START_TEST(buffers_are_kept_apart) {
    Params p = make(7);
    ck_assert_int_eq(p.buffers, 1);
    ck_assert_str_eq(p.buffer[0]->name, "mean");
    ck_assert(!p.buffer[0]->wants_grad && !p.buffer[0]->grad);
    ck_assert(p.buffer[0]->data < p.data || p.buffer[0]->data >= p.data + p.size);
    params_free(&p);
}
END_TEST

START_TEST(all_begin_at_zero) {
    Params p = {.count = 0};
    Tensor *w = params_add(&p, "w", 1, (int[]){33}), *b = params_add_buffer(&p, "b", 1, (int[]){5});
    params_allocate(&p);
    testing_same_bits("w", w->data, (float[33]){0}, 33);
    testing_same_bits("gradient", w->grad, (float[33]){0}, 33);
    testing_same_bits("b", b->data, (float[5]){0}, 5);
    params_free(&p);
    Params none = {.count = 0};
    params_allocate(&none);
    params_zero_grad(&none);
    sgd(&none, 1);
    params_free(&none);
}
END_TEST

START_TEST(zero_grad_empties_the_gradients_only) {
    Params p = make(7);
    float *before = copy(p.data, p.size), *zeros = xcalloc(p.size, sizeof *zeros);
    testing_fill(p.grad, p.size, 1, 3);
    params_zero_grad(&p);
    testing_same_bits("gradient", p.grad, zeros, p.size);
    testing_same_bits("data", p.data, before, p.size);
    free(before);
    free(zeros);
    params_free(&p);
}
END_TEST

// --- save and load ---

static char *save(const Params *p) {
    char *path = testing_path("params.safetensors");
    int count;
    Array *array = params_arrays(p, &count);
    Error e;
    ck_assert_int_eq(count, p->count + p->buffers);
    bool ok = checkpoint_save(path, array, count, NULL, &e);
    ck_assert_msg(ok, "%s", ok ? "" : e.message);
    free(array);
    return path;
}

static Checkpoint open_saved(const Params *p) {
    char *path = save(p);
    Checkpoint c;
    Error e;
    bool ok = checkpoint_open(&c, path, &e);
    ck_assert_msg(ok, "%s", ok ? "" : e.message);
    free(path);
    return c;
}

START_TEST(what_was_saved_is_loaded) {
    Params p = make(7), q = make(7);
    float *grad = copy(q.grad, q.size);
    p.data[3] = -INFINITY;
    p.data[4] = 1e-45f;
    memset(q.data, 0, q.size * sizeof(float));
    memset(q.buffer[0]->data, 0, 3 * sizeof(float));
    Checkpoint c = open_saved(&p);
    Error e;
    ck_assert(params_load(&q, &c, &e));
    testing_same_bits("data", q.data, p.data, p.size);
    testing_same_bits("buffer", q.buffer[0]->data, p.buffer[0]->data, 3);
    testing_same_bits("gradient", q.grad, grad, q.size);
    checkpoint_close(&c);
    free(grad);
    params_free(&p);
    params_free(&q);
}
END_TEST

// Loading is refused, and every value is as it was.
static void check_refused(Params *p, const Checkpoint *c, const char *word) {
    float *data = copy(p->data, p->size), *buffer = copy(p->buffer[0]->data, p->buffer[0]->size);
    Error e;
    ck_assert(!params_load(p, c, &e));
    testing_one_line(e.message, word);
    testing_same_bits("data", p->data, data, p->size);
    testing_same_bits("buffer", p->buffer[0]->data, buffer, p->buffer[0]->size);
    free(data);
    free(buffer);
}

START_TEST(another_shape_is_refused_and_the_old_values_kept) {
    Params p = make(7), q = make(8);
    testing_fill(q.data, q.size, 1, 5);
    Checkpoint c = open_saved(&p);
    check_refused(&q, &c, "\"w1\" is F32 (7,5), want F32 (8,5)");
    checkpoint_close(&c);
    params_free(&p);
    params_free(&q);
}
END_TEST

// Only the last one does not fit: those before must not have been changed.
START_TEST(a_buffer_that_does_not_fit_changes_nothing) {
    const int SHAPE[] = {4, 3};
    for (int k = 0; k < 2; k++) {
        Params p = {.count = 0}, q = {.count = 0};
        params_add(&p, "w", 1, (int[]){5});
        params_add_buffer(&p, k ? "other" : "mean", 1, (int[]){SHAPE[k]});
        params_add(&q, "w", 1, (int[]){5});
        params_add_buffer(&q, "mean", 1, (int[]){3});
        params_allocate(&p);
        params_allocate(&q);
        testing_fill(p.data, 5, 1, 1);
        Checkpoint c = open_saved(&p);
        check_refused(&q, &c, "\"mean\"");
        checkpoint_close(&c);
        params_free(&p);
        params_free(&q);
    }
}
END_TEST

START_TEST(more_in_the_file_than_wanted_is_no_matter) {
    Params p = make(7), q = {.count = 0};
    params_add(&q, "b1", 1, (int[]){7});
    params_allocate(&q);
    Checkpoint c = open_saved(&p);
    Error e;
    ck_assert(params_load(&q, &c, &e));
    testing_same_bits("b1", q.data, p.data + 35, 7);
    checkpoint_close(&c);
    params_free(&p);
    params_free(&q);
}
END_TEST

// --- mistakes of a program ---

static int mistake(void *ctx) {
    Params p = {.count = 0};
    params_add(&p, "w", 1, (int[]){3});
    switch (*(int *)ctx) {
    case 0: params_add(&p, "zero", 2, (int[]){3, 0}); break;
    case 1:
        params_allocate(&p);
        params_add(&p, "late", 1, (int[]){3});
        break;
    case 2:
        params_allocate(&p);
        params_allocate(&p);
        break;
    case 3:
        for (int i = 0; i < PARAMS_MOST; i++) {
            char name[20];
            snprintf(name, sizeof name, "many%d", i);
            params_add(&p, name, 1, (int[]){3});
        }
        break;
    case 4: params_add(&p, "five", 5, (int[]){1, 1, 1, 1, 1}); break;
    case 5: params_add(&p, "w", 1, (int[]){4}); break;
    default: params_add_buffer(&p, "w", 1, (int[]){4});
    }
    params_free(&p);
    return 0;
}

static void check_mistake(int which, const char *word) {
    Ending end = testing_run(mistake, &which);
    testing_aborted(&end, word);
}

START_TEST(mistakes_are_named) {
    check_mistake(0, "\"zero\" has a dimension of 0");
    check_mistake(1, "\"late\" is declared after params_allocate");
    check_mistake(2, "called twice");
    check_mistake(3, "more than 1024");
    check_mistake(4, "\"five\" has 5 dimensions");
}
END_TEST

// In a file there is room for one array of a name: the second would be saved, and both loaded from it.
START_TEST(a_name_declared_twice_is_refused) {
    check_mistake(5, "\"w\"");
    check_mistake(6, "\"w\"");
}
END_TEST

// --- SGD ---

START_TEST(sgd_steps_against_the_gradient) {
    Params p = make(13);
    testing_fill(p.grad, p.size, 1, 3);
    float *before = copy(p.data, p.size), *grad = copy(p.grad, p.size), *buffer = copy(p.buffer[0]->data, 3);
    const float RATE[] = {0, 0.1f, 50};
    for (int k = 0; k < 3; k++) {
        memcpy(p.data, before, p.size * sizeof(float));
        sgd(&p, RATE[k]);
        for (size_t i = 0; i < p.size; i++) {
            double want = (double)before[i] - (double)RATE[k] * grad[i];
            testing_close_double("w", &p.data[i], &want, 1, 1e-7 * (1 + RATE[k]), 1e-6);
        }
    }
    testing_same_bits("gradient", p.grad, grad, p.size);
    testing_same_bits("buffer", p.buffer[0]->data, buffer, 3);
    free(before);
    free(grad);
    free(buffer);
    params_free(&p);
}
END_TEST

int main(void) {
    TCase *c = testing_start("params");
    tcase_add_test(c, all_parameters_lie_in_one_buffer);
    tcase_add_test(c, buffers_are_kept_apart);
    tcase_add_test(c, all_begin_at_zero);
    tcase_add_test(c, zero_grad_empties_the_gradients_only);
    tcase_add_test(c, what_was_saved_is_loaded);
    tcase_add_test(c, another_shape_is_refused_and_the_old_values_kept);
    tcase_add_test(c, a_buffer_that_does_not_fit_changes_nothing);
    tcase_add_test(c, more_in_the_file_than_wanted_is_no_matter);
    tcase_add_test(c, mistakes_are_named);
    tcase_add_test(c, a_name_declared_twice_is_refused);
    tcase_add_test(c, sgd_steps_against_the_gradient);
    return testing_end();
}
