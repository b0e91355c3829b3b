// tensor.h, from lesson 02: numbers with a shape, and the tape that remembers what was made from what.
#ifndef TENSOR_H
#define TENSOR_H

#include "arena.h"
#include "util.h"

enum { TENSOR_DIMS = 4, TENSOR_INPUTS = 8 };

typedef struct Tensor Tensor;
struct Tensor {
    const char *name;               // of the operation or parameter that it is, for messages
    int ndim, shape[TENSOR_DIMS];   // row-major, without gaps: the last index runs fastest
    size_t size;                    // product of shape
    float *data;                    // the values
    float *grad;                    // d loss / d data, the same shape; NULL: nobody wants it (or not yet, see backward.h)
    bool wants_grad;
    Tensor *in[TENSOR_INPUTS];      // what it was made from; NULL after the last
    void (*backward)(Tensor *out);  // adds to in[i]->grad what out->grad says; skips inputs whose grad is NULL
    void *saved;                    // what forward leaves for backward, in the arena
};

// Everything that one training step makes. A value exists as soon as the call that makes it returns: print it, or look
// at it in gdb. The order in which tensors are made is an order in which every tensor comes after its inputs.
typedef struct {
    Arena arena;
    Tensor **node;
    int count, room;
    bool record;                    // false: nothing will want gradients (evaluation)
    bool recycle;                   // true: a gradient's memory is used again once it has been passed on (big models)
    struct FreeGrad *spare;         // such memory
    // Somebody who measures; NULL: nobody. Told of each tensor as it is made, and again before it passes its gradient on (back).
    void (*watch)(void *watcher, const Tensor *t, bool back);
    void *watcher;
} Tape;

// An empty tape; record: shall there be gradients? Free with tape_free.
Tape tape_new(bool record);
void tape_free(Tape *tape);
// Forgets all tensors of the step; their memory is used again for the next.
void tape_reset(Tape *tape);

// A new tensor made from `in` (up to 8 tensors, then NULL; NULL: from nothing), its values not yet set. It wants a gradient if
// the tape records and any of its inputs wants one.
//     Tensor *y = tape_tensor(tape, "op_tanh", 2, (int[]){N, C}, backward, (Tensor *[]){x, NULL});
Tensor *tape_tensor(Tape *tape, const char *name, int ndim, const int *shape, void (*backward)(Tensor *), Tensor *const *in);
// Values from outside as a tensor on the tape, copied; without gradient.
Tensor *tape_values(Tape *tape, const char *name, int ndim, const int *shape, const float *values);
// Room for n floats (ints) that live as long as the step.
float *tape_floats(Tape *tape, size_t n);
int *tape_copy_ints(Tape *tape, const int *values, size_t n);

// Makes room for t's gradient, all zeros, unless it has some already or does not want one.
void tape_want_grad(Tape *tape, Tensor *t);
// t's gradient has been passed on to its inputs: with tape->recycle its memory is free for others.
void tape_grad_done(Tape *tape, Tensor *t);

// "(32,27)", for messages; the text is good until the eighth next call.
const char *shape_text(const Tensor *t);
// The product of all dimensions but the last: many operations see a tensor as that many rows of C.
static inline int rows_of(const Tensor *t) { return t->ndim ? (int)(t->size / (size_t)t->shape[t->ndim - 1]) : 1; }
static inline int last_of(const Tensor *t) { return t->ndim ? t->shape[t->ndim - 1] : 1; }

#endif
