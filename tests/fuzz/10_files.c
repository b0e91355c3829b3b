// 10_files.c: fuzzes lesson 10's files: a vocab.json and a merges.txt of any bytes.
#define _GNU_SOURCE
#include "bpe_decode.h"
#include "bpe_encode.h"
#include "bpe_files.h"
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The 256 single bytes as JSON: a vocabulary must have them, and few changes leave all of them whole.
static size_t single_bytes(char *json) {
    char *at = json;
    for (int i = 0; i < 256; i++) {
        at += sprintf(at, "%c\"", i ? ',' : '{');
        if (i == '"' || i == '\\') *at++ = '\\';
        at += bpe_visible((unsigned char)i, at);
        at += sprintf(at, "\":%d", i);
    }
    return (size_t)(at - json);
}

static void same(const Bpe *a, const Bpe *b) {
    CHECK(a->size == b->size && a->merges == b->merges, "%d tokens and %d merges, want %d and %d", b->size, b->merges, a->size, a->merges);
    for (int i = 0; i < a->size; i++) {
        CHECK(a->length[i] == b->length[i] && a->special[i] == b->special[i], "token %d is another one", i);
        CHECK(a->length[i] == 0 || memcmp(a->token[i], b->token[i], (size_t)a->length[i]) == 0, "token %d has other bytes", i);
    }
    for (int i = 0; i < a->merges; i++)
        CHECK(a->pair[i][0] == b->pair[i][0] && a->pair[i][1] == b->pair[i][1] && a->merged[i] == b->merged[i], "merge %d is another one", i);
}

// What was read can be written, and is the same when it is read again.
static void written_and_read(const Bpe *b) {
    static char *dir, *vocab, *merges;
    Error e = {""};
    Bpe again;
    if (!dir) {
        dir = xprintf("%s/files-%ld", getenv("TMPDIR") ? getenv("TMPDIR") : P_tmpdir, (long)getpid());
        vocab = xprintf("%s/vocab.json", dir);
        merges = xprintf("%s/merges.txt", dir);
    }
    CHECK(bpe_write(b, dir, &e), "%s", e.message);
    CHECK(bpe_read(&again, vocab, merges, &e), "what bpe_write wrote is refused: %s", e.message);
    same(b, &again);
    bpe_free(&again);
}

// Each merge makes of two tokens the one that their bytes are, and every text comes back.
static void holds(const Bpe *b, const uint8_t *text, size_t n, bool special) {
    for (int i = 0; i < b->merges; i++) {
        int left = b->pair[i][0], right = b->pair[i][1], id = b->merged[i], l = b->length[left];
        CHECK(b->length[id] == l + b->length[right] && memcmp(b->token[id], b->token[left], (size_t)l) == 0, "merge %d makes another token", i);
        CHECK(memcmp(b->token[id] + l, b->token[right], (size_t)b->length[right]) == 0, "merge %d makes another token", i);
    }
    Error e = {""};
    int *id = xmalloc((n + 1) * sizeof *id);
    size_t length, count = bpe_encode(b, text, n, special, id);
    unsigned char *back = bpe_decode(b, id, count, &length, &e);
    CHECK(back && length == n && memcmp(back, text, n) == 0, "the text is another one after encode and decode");
    free(back);
    free(id);
}

// The vocabulary, up to the first NUL, and the merges behind it. A '+' in front: the single bytes are put before it.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const uint8_t *end = memchr(data, 0, size);
    size_t n = end ? (size_t)(end - data) : size, rest = end ? size - n - 1 : 0, known = 0;
    char *json = xmalloc(n + 256 * 12);
    if (n > 0 && data[0] == '+') {
        known = single_bytes(json);
        memcpy(json + known, data + 1, n - 1);
        known--;
    } else memcpy(json, data, n);
    const char *vocab = fuzz_file(0, json, known + n), *merges = fuzz_file(1, end ? end + 1 : data, rest);
    Error e = {""};
    Bpe b;
    if (bpe_read(&b, vocab, merges, &e)) {
        holds(&b, data, size, size % 2);
        if (b.size < 1000) written_and_read(&b);
        bpe_free(&b);
    } else fuzz_refused(&e);
    free(json);
    return 0;
}
