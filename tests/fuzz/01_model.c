// 01_model.c: fuzzes lesson 01's model files: a safetensors header of any bytes never leads outside of the file.
#include "fuzz.h"
#include "modelfile.h"

#include <stdlib.h>
#include <string.h>

unsigned kept;      // so that the compiler leaves the reading in

// Every byte of every array is read.
static void all_bytes(const Checkpoint *c) {
    for (int i = 0; i < c->count; i++) {
        const Array *a = &c->array[i];
        size_t n = dtype_size(a->dtype);
        CHECK((uintptr_t)a->data % n == 0, "the numbers of \"%s\" do not lie where they may", a->name);
        for (int d = 0; d < a->ndim; d++) n *= (size_t)a->shape[d];
        for (size_t k = 0; k < n; k++) kept += ((unsigned char *)a->data)[k];
    }
}

static void opened(const char *path) {
    static const ModelSetting setting[] = {{"order", 2, 4}, {"width", 1, 1 << 20}};
    Checkpoint c;
    Vocab vocab;
    Error e = {""};
    int value[COUNT(setting)], id[256];
    if (!modelfile_open(&c, &vocab, "01-bigram", path, &e)) {
        fuzz_refused(&e);
        return;
    }
    if (!modelfile_values(&c, setting, value, COUNT(setting), &e)) fuzz_refused(&e);
    if (!checkpoint_find(&c, "counts", "I64", 2, (int[]){-1, 27}, &e)) fuzz_refused(&e);
    for (int b = 0; b < vocab.size; b++) CHECK(vocab.id[vocab.byte[b]] >= 0 && vocab.id[vocab.byte[b]] < vocab.size, "character %d is not in its own vocabulary", b);
    if (!vocab.pieces && vocab.size > 0 && vocab_encode(&vocab, "emma\n", 5, id, &e) < 0) fuzz_refused(&e);
    checkpoint_close(&c);
}

// A file; or behind a '+' its header up to the first NUL, to which its length is still missing, and the data.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    unsigned char *bytes = xmalloc(size + 8);
    size_t n = 0;
    if (size > 0 && data[0] == '+') {
        const uint8_t *end = memchr(data, 0, size);
        uint64_t header = end ? (uint64_t)(end - data) - 1 : size - 1;
        memcpy(bytes, &header, 8);
        n = 8;
        memcpy(bytes + n, data + 1, header);
        n += header;
        if (end) memcpy(bytes + n, end + 1, size - header - 2), n += size - header - 2;
    } else memcpy(bytes, data, n = size);
    const char *path = fuzz_file(0, bytes, n);
    free(bytes);
    Checkpoint c;
    Error e = {""};
    if (checkpoint_open(&c, path, &e)) {
        all_bytes(&c);
        checkpoint_close(&c);
        opened(path);
    } else fuzz_refused(&e);
    return 0;
}
