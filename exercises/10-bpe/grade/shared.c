// grade/shared.c of 10-bpe: what the files of lesson 10's grader share.
#include "judges.h"

#include <stdlib.h>
#include <string.h>

const char *ids_text(const int *id, int n) {
    enum { MOST = 36 };
    const char *text = "";
    for (int i = 0; i < n && i < MOST; i++) text = xprintf("%s%s%d", text, i ? " " : "", id[i]);
    return n <= 0 ? "nothing" : n > MOST ? xprintf("%s ... (%d in all)", text, n) : text;
}

const char *bytes_text(const unsigned char *byte, size_t n) {
    enum { MOST = 60 };
    const char *text = "\"";
    for (size_t i = 0; i < n && i < MOST; i++) text = byte[i] == '\n' ? xprintf("%s\\n", text) : byte[i] < 32 || byte[i] > 126 ? xprintf("%s\\x%02x", text, byte[i]) : xprintf("%s%c", text, byte[i]);
    return n > MOST ? xprintf("%s ...\" (%zu bytes)", text, n) : xprintf("%s\"", text);
}

bool same_ids(const int *a, int n, const int *b, int m) { return n == m && (n == 0 || memcmp(a, b, (size_t)n * sizeof *a) == 0); }

unsigned char *exact_bytes(const char *byte, size_t n) { return n > 0 ? memcpy(xmalloc(n), byte, n) : xmalloc(0); }

int token_of(const Bpe *b, const char *bytes) {
    int n = (int)strlen(bytes);
    for (int i = 0; i < b->size; i++)
        if (b->token[i] && b->length[i] == n && memcmp(b->token[i], bytes, (size_t)n) == 0) return i;
    CHECK(false, "token_of: there is no token \"%s\"", bytes);
    return -1;
}

void learn(Bpe *b, const char *merges) {
    for (const char *at = merges; *at; at += *at == ' ') {
        int left = (int)strcspn(at, "|"), right = (int)strcspn(at + left + 1, " ");
        bpe_learn(b, token_of(b, xprintf("%.*s", left, at)), token_of(b, xprintf("%.*s", right, at + left + 1)));
        at += left + 1 + right;
    }
}

void make_exact(Bpe *b) {
    b->token = xrealloc(b->token, (size_t)b->size * sizeof *b->token);
    b->length = xrealloc(b->length, (size_t)b->size * sizeof *b->length);
    b->special = xrealloc(b->special, (size_t)b->size * sizeof *b->special);
    b->room = b->size;
}
