// checkpoint.h, from lesson 01: a model in a file, as safetensors, the format that other people's tools read too.
#ifndef CHECKPOINT_H
#define CHECKPOINT_H

#include "util.h"

#include <jansson.h>
#include <stdint.h>

// The format (github.com/huggingface/safetensors, "Format"): 8 bytes: N, little-endian; N bytes of JSON, which names each
// array, its type, its shape and where its bytes lie; then the bytes of all arrays, one behind the other.
typedef struct {
    const char *name;
    const char *dtype;      // "F32", "I32", "U32", "I64", "U8": the format's own names
    int ndim, shape[4];
    void *data;
} Array;

// Saves arrays and metadata (an object of strings, may be NULL) at `path`, atomically (file.h).
bool checkpoint_save(const char *path, const Array *array, int count, json_t *metadata, Error *e);

typedef struct {
    char *path;
    unsigned char *bytes;   // the whole file; the arrays' data lies in it
    json_t *header, *metadata;
    Array *array;
    int count;
} Checkpoint;

// Opens a checkpoint and checks it from end to end: a file that is cut off, has no header, or names bytes that are not
// there is refused with one line in e.
bool checkpoint_open(Checkpoint *c, const char *path, Error *e);
void checkpoint_close(Checkpoint *c);
// The array of that name, type and shape (shape[i] = -1: any); NULL, and e says what was found instead.
const Array *checkpoint_find(const Checkpoint *c, const char *name, const char *dtype, int ndim, const int *shape, Error *e);
// A metadata string, or NULL.
const char *checkpoint_text(const Checkpoint *c, const char *key);

// Bytes of one element of a type; 0: a type that this course does not use.
size_t dtype_size(const char *dtype);

#endif
