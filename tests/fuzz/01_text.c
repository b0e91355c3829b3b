// 01_text.c: fuzzes lesson 01's texts: any bytes are a list of names or a running text, and their ids are these bytes.
#include "fuzz.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

static void in_range(const Text *t, Stream s) {
    for (size_t i = 0; i < s.n; i++) CHECK(s.id[i] >= 0 && s.id[i] < t->vocab.size, "id %zu is %d of %d", i, s.id[i], t->vocab.size);
}

// Without boundaries, the ids are the file's bytes; of names, all but line ends and what stands before them.
static void comes_back(const Text *t, const uint8_t *data, size_t size) {
    size_t at = 0;
    for (size_t i = 0; i < t->all.n; i++) {
        unsigned char byte = t->vocab.byte[t->all.id[i]];
        if (t->names && t->all.id[i] == 0) continue;
        while (t->names && at < size && data[at] != byte && (data[at] == '\n' || data[at] == '\r')) at++;
        CHECK(at < size && data[at] == byte, "id %zu is the byte %d, which does not stand there", i, byte);
        at++;
    }
    CHECK(t->names || at == size, "%zu of %zu bytes", at, size);
    CHECK(t->train.n + t->val.n + t->test.n == t->all.n + (t->names ? 2 : 0), "the splits have %zu, %zu and %zu of %zu ids", t->train.n, t->val.n, t->test.n, t->all.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const as[] = {NULL, "names", "text"};
    const char *path = fuzz_file(0, data, size);
    for (int i = 0; i < COUNT(as); i++) {
        Text t;
        Error e = {""};
        if (!text_load(&t, path, as[i], &e)) {
            fuzz_refused(&e);
            continue;
        }
        Stream split[] = {t.all, t.train, t.val, t.test};
        for (int k = 0; k < COUNT(split); k++) in_range(&t, split[k]);
        comes_back(&t, data, size);
        int *id = xmalloc((size + 1) * sizeof *id);
        if (vocab_encode(&t.vocab, (const char *)data, size, id, &e) < 0) fuzz_refused(&e);
        free(id);
        text_free(&t);
    }
    return 0;
}
