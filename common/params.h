// params.h, from lesson 02: what a model learns: named tensors, all in one buffer.
#ifndef PARAMS_H
#define PARAMS_H

#include "checkpoint.h"
#include "tensor.h"

enum { PARAMS_MOST = 1024 };

// All values lie in one buffer, and all gradients in another, so that an optimizer, a norm or a copy is one loop.
// Buffers (running statistics) are named and saved too, but have no gradient and are not learned.
// First declare, then allocate; parameters stay where they are until params_free.
typedef struct {
    Tensor *param[PARAMS_MOST];     // in the order of declaration
    int count;
    Tensor *buffer[PARAMS_MOST];
    int buffers;
    float *data, *grad;             // (size) each: every parameter, one behind the other
    float *buffer_data;
    size_t size;                    // how many numbers there are to learn
    bool allocated;
} Params;

// Declares a parameter; its data is there after params_allocate. `name` is copied. Returns the tensor.
Tensor *params_add(Params *p, const char *name, int ndim, const int *shape);
Tensor *params_add_buffer(Params *p, const char *name, int ndim, const int *shape);
void params_allocate(Params *p);
void params_free(Params *p);
void params_zero_grad(Params *p);

// All parameters and buffers as arrays for a checkpoint; free the result. *count: how many.
Array *params_arrays(const Params *p, int *count);
// Copies every parameter and buffer out of an open checkpoint; all must be there in the same shape.
bool params_load(Params *p, const Checkpoint *c, Error *e);

#endif
