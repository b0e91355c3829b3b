// params.c, from lesson 02: what a model learns: named tensors, all in one buffer.
#define _POSIX_C_SOURCE 200809L
#include "params.h"

#include <stdlib.h>
#include <string.h>

static Tensor *nth(const Params *p, int i) { return i < p->count ? p->param[i] : p->buffer[i - p->count]; }

static Tensor *declare(Params *p, const char *name, int ndim, const int *shape) {
    CHECK(!p->allocated, "params: \"%s\" is declared after params_allocate, want it before", name);
    CHECK(p->count < PARAMS_MOST && p->buffers < PARAMS_MOST, "params: more than %d parameters", PARAMS_MOST);
    CHECK(ndim >= 0 && ndim <= TENSOR_DIMS, "params: \"%s\" has %d dimensions, want 0 to %d", name, ndim, TENSOR_DIMS);
    for (int i = 0; i < p->count + p->buffers; i++)
        CHECK(strcmp(nth(p, i)->name, name) != 0, "params: \"%s\" is declared twice, want a name of its own", name);
    Tensor *t = xcalloc(1, sizeof *t);
    t->name = xprintf("%s", name);
    t->ndim = ndim;
    t->size = 1;
    for (int i = 0; i < ndim; i++) {
        CHECK(shape[i] > 0, "params: \"%s\" has a dimension of %d, want at least 1", name, shape[i]);
        t->shape[i] = shape[i];
        t->size *= (size_t)shape[i];
    }
    return t;
}

Tensor *params_add(Params *p, const char *name, int ndim, const int *shape) {
    Tensor *t = declare(p, name, ndim, shape);
    p->param[p->count++] = t;
    p->size += t->size;
    t->wants_grad = true;
    return t;
}

Tensor *params_add_buffer(Params *p, const char *name, int ndim, const int *shape) {
    Tensor *t = declare(p, name, ndim, shape);
    return p->buffer[p->buffers++] = t;
}

static float *zeros(size_t n) {
    void *p = NULL;
    if (posix_memalign(&p, 64, n * sizeof(float) + 64) != 0) DIE("out of memory: %zu numbers to learn, %.1f GB; want a smaller model", n, (double)n * sizeof(float) / 1e9);
    memset(p, 0, n * sizeof(float));
    return p;
}

void params_allocate(Params *p) {
    CHECK(!p->allocated, "params_allocate: called twice");
    size_t buffer_size = 0, at = 0;
    for (int i = 0; i < p->buffers; i++) buffer_size += p->buffer[i]->size;
    p->data = zeros(p->size);
    p->grad = zeros(p->size);
    p->buffer_data = zeros(buffer_size);
    for (int i = 0; i < p->count; at += p->param[i++]->size) {
        p->param[i]->data = p->data + at;
        p->param[i]->grad = p->grad + at;
    }
    at = 0;
    for (int i = 0; i < p->buffers; at += p->buffer[i++]->size) p->buffer[i]->data = p->buffer_data + at;
    p->allocated = true;
}

static void free_tensors(Tensor **t, int count) {
    for (int i = 0; i < count; i++) {
        free((char *)t[i]->name);
        free(t[i]);
    }
}

void params_free(Params *p) {
    free_tensors(p->param, p->count);
    free_tensors(p->buffer, p->buffers);
    free(p->data);
    free(p->grad);
    free(p->buffer_data);
    memset(p, 0, sizeof *p);
}

void params_zero_grad(Params *p) { memset(p->grad, 0, p->size * sizeof *p->grad); }

Array *params_arrays(const Params *p, int *count) {
    *count = p->count + p->buffers;
    Array *array = xmalloc((size_t)(*count + 1) * sizeof *array);
    for (int i = 0; i < *count; i++) {
        Tensor *t = nth(p, i);
        array[i] = (Array){.name = t->name, .dtype = "F32", .ndim = t->ndim, .data = t->data};
        memcpy(array[i].shape, t->shape, sizeof t->shape);
    }
    return array;
}

bool params_load(Params *p, const Checkpoint *c, Error *e) {
    const Array *found[2 * PARAMS_MOST];
    int count = p->count + p->buffers;
    for (int i = 0; i < count; i++) {       // all are there, before any is changed
        Tensor *t = nth(p, i);
        found[i] = checkpoint_find(c, t->name, "F32", t->ndim, t->shape, e);
        if (!found[i]) return false;
    }
    for (int i = 0; i < count; i++) memcpy(nth(p, i)->data, found[i]->data, nth(p, i)->size * sizeof(float));
    return true;
}
