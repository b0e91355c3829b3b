// tensor.c, from lesson 02: numbers with a shape, and the tape that remembers what was made from what.
#include "tensor.h"
#include "rows.h"

#include <stdlib.h>
#include <string.h>

// Gradient memory that waits for another tensor of the same size.
struct FreeGrad {
    struct FreeGrad *next;
    size_t size;
};

Tape tape_new(bool record) { return (Tape){.record = record}; }

void tape_free(Tape *tape) {
    arena_free(&tape->arena);
    free(tape->node);
    memset(tape, 0, sizeof *tape);
}

void tape_reset(Tape *tape) {
    arena_reset(&tape->arena);
    tape->count = 0;
    tape->spare = NULL;
}

float *tape_floats(Tape *tape, size_t n) { return arena_alloc(&tape->arena, n * sizeof(float)); }

int *tape_copy_ints(Tape *tape, const int *values, size_t n) {
    return memcpy(arena_alloc(&tape->arena, n * sizeof(int)), values, n * sizeof(int));
}

static void append(Tape *tape, Tensor *t) {
    if (tape->count == tape->room) {
        tape->room = tape->room ? 2 * tape->room : 64;
        tape->node = xrealloc(tape->node, (size_t)tape->room * sizeof *tape->node);
    }
    tape->node[tape->count++] = t;
}

Tensor *tape_tensor(Tape *tape, const char *name, int ndim, const int *shape, void (*backward)(Tensor *), Tensor *const *in) {
    CHECK(ndim >= 0 && ndim <= TENSOR_DIMS, "%s: %d dimensions, want 0 to %d", name, ndim, TENSOR_DIMS);
    Tensor *t = arena_alloc(&tape->arena, sizeof *t);
    *t = (Tensor){.name = name, .ndim = ndim, .size = 1, .backward = backward};
    for (int i = 0; i < ndim; i++) {
        CHECK(shape[i] > 0, "%s: dimension %d is %d, want at least 1", name, i, shape[i]);
        t->shape[i] = shape[i];
        t->size *= (size_t)shape[i];
    }
    for (int i = 0; in && in[i]; i++) {
        CHECK(i < TENSOR_INPUTS, "%s: more than %d inputs", name, TENSOR_INPUTS);
        t->in[i] = in[i];
        t->wants_grad |= tape->record && in[i]->wants_grad;
    }
    t->data = tape_floats(tape, t->size);
    append(tape, t);
    if (tape->watch) tape->watch(tape->watcher, t, false);
    return t;
}

Tensor *tape_values(Tape *tape, const char *name, int ndim, const int *shape, const float *values) {
    Tensor *t = tape_tensor(tape, name, ndim, shape, NULL, NULL);
    memcpy(t->data, values, t->size * sizeof *values);
    return t;
}

// --- gradients ---

static float *take_spare(Tape *tape, size_t size) {
    for (struct FreeGrad **link = &tape->spare; *link; link = &(*link)->next)
        if ((*link)->size == size) {
            struct FreeGrad *found = *link;
            *link = found->next;
            return (float *)(void *)found;
        }
    return NULL;
}

// Each thread its part of what it will add to later, if there is much.
static void zero(float *x, size_t n) {
    enum { PIECE = 16384 };
    if (!rows_worth_threads(n)) {
        memset(x, 0, n * sizeof *x);
        return;
    }
#pragma omp parallel for
    for (size_t i = 0; i < n; i += PIECE) memset(x + i, 0, (n - i < PIECE ? n - i : PIECE) * sizeof *x);
}

void tape_want_grad(Tape *tape, Tensor *t) {
    if (!t->wants_grad || t->grad) return;
    t->grad = take_spare(tape, t->size);
    if (!t->grad) t->grad = tape_floats(tape, t->size);
    zero(t->grad, t->size);
}

void tape_grad_done(Tape *tape, Tensor *t) {
    if (!tape->recycle || !t->grad || t->size * sizeof(float) < sizeof(struct FreeGrad)) return;
    struct FreeGrad *spare = (void *)t->grad;
    *spare = (struct FreeGrad){tape->spare, t->size};
    tape->spare = spare;
    t->grad = NULL;
}

const char *shape_text(const Tensor *t) {
    static _Thread_local char text[8][64];
    static _Thread_local int turn;
    char *out = text[turn++ % 8];
    int n = snprintf(out, sizeof text[0], "(");
    for (int i = 0; i < t->ndim; i++) n += snprintf(out + n, sizeof text[0] - (size_t)n, "%s%d", i ? "," : "", t->shape[i]);
    snprintf(out + n, sizeof text[0] - (size_t)n, ")");
    return out;
}
