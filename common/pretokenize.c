// pretokenize.c, from lesson 10: a text cut into pieces that no token crosses.
#define PCRE2_CODE_UNIT_WIDTH 8
#include "pretokenize.h"

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#define SPACE "\\t-\\r \\x{85}\\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}\\x{205F}\\x{3000}"
static const char PATTERN[] = "'(?:s|t|re|ve|m|ll|d)| ?\\p{L}+| ?\\p{N}+| ?[^" SPACE "\\p{L}\\p{N}]+|[" SPACE "]+(?![^" SPACE "])|[" SPACE "]+";

struct Pretokenizer {
    pcre2_code *code;
    pcre2_match_data *match;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
    unsigned char *kept;        // what is not yet cut
    size_t count, room;
    size_t again;               // not worth looking at it before there is so much
};

Pretokenizer *pretokenizer_new(void) {
    Pretokenizer *p = xcalloc(1, sizeof *p);
    int error_code;
    PCRE2_SIZE at;
    p->code = pcre2_compile((PCRE2_SPTR)PATTERN, PCRE2_ZERO_TERMINATED, PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF, &error_code, &at, NULL);
    CHECK(p->code, "pretokenizer_new: PCRE2 does not take the pattern: error %d at %zu", error_code, (size_t)at);
    pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE | PCRE2_JIT_PARTIAL_HARD);      // without it, it is slower, not wrong
    p->match = pcre2_match_data_create_from_pattern(p->code, NULL);
    p->context = pcre2_match_context_create(NULL);
    p->stack = pcre2_jit_stack_create(32 * 1024, 1024 * 1024, NULL);
    pcre2_jit_stack_assign(p->context, NULL, p->stack);
    return p;
}

void pretokenizer_free(Pretokenizer *p) {
    if (!p) return;
    pcre2_match_data_free(p->match);
    pcre2_match_context_free(p->context);
    pcre2_jit_stack_free(p->stack);
    pcre2_code_free(p->code);
    free(p->kept);
    free(p);
}

// How many bytes at the end may be the beginning of a character that is not all there yet.
static size_t unfinished(const unsigned char *text, size_t n) {
    for (size_t back = 1; back <= 3 && back <= n; back++) {
        unsigned char c = text[n - back];
        if ((c & 0xC0) == 0x80) continue;                           // inside of a character
        size_t length = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
        return length > back ? back : 0;
    }
    return 0;
}

// Cuts what can be cut; returns how many bytes that were.
static size_t cut(Pretokenizer *p, const unsigned char *text, size_t n, bool end, void (*each)(void *ctx, const unsigned char *start, size_t length), void *ctx) {
    size_t at = 0, all = end ? n : n - unfinished(text, n);
    while (at < all) {
        int found = pcre2_match(p->code, text, all, at, end ? 0 : PCRE2_PARTIAL_HARD, p->match, p->context);
        size_t *place = pcre2_get_ovector_pointer(p->match);
        if (found == PCRE2_ERROR_PARTIAL) {                         // more text may make it longer
            for (; at < place[0]; at++) each(ctx, text + at, 1);
            return at;
        }
        size_t start = found > 0 ? place[0] : all, stop = found > 0 ? place[1] : all;
        for (; at < start; at++) each(ctx, text + at, 1);           // no UTF-8
        if (stop > start) each(ctx, text + start, stop - start);
        at = stop;
    }
    return at;
}

void pretokenizer_feed(Pretokenizer *p, const unsigned char *text, size_t n, bool end, void (*each)(void *ctx, const unsigned char *start, size_t length), void *ctx) {
    if (p->count == 0 && n > 0) {        // straight from the caller's memory
        size_t done = cut(p, text, n, end, each, ctx);
        text += done;
        n -= done;
    }
    if (p->count + n > p->room) p->kept = xrealloc(p->kept, p->room = 2 * (p->count + n));
    if (n > 0) memcpy(p->kept + p->count, text, n);
    p->count += n;
    if (!end && (p->count == n || p->count < p->again)) return;
    size_t done = cut(p, p->kept, p->count, end, each, ctx);
    p->count -= done;
    if (p->count > 0) memmove(p->kept, p->kept + done, p->count);
    p->again = 2 * p->count;    // a piece without end is looked at again only when it has doubled: else all would be read for every little more
}
