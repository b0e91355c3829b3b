// streams.c of 10-bpe: encode and decode from stdin to stdout, of any length.
#include "streams.h"
#include "bpe_decode.h"
#include "bpe_encode.h"
#include "lesson.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 1 << 16 };

// Ids as text, on their way to stdout.
typedef struct {
    char text[CHUNK];
    size_t count;
    bool any;
} Ids;

static void print_ids(void *ids, const int *id, int count) {
    enum { LONGEST = 12 };
    Ids *p = ids;
    for (int i = 0; i < count; i++) {
        char digit[LONGEST];
        int at = LONGEST, number = id[i];
        if (p->count + LONGEST > CHUNK) {
            fwrite(p->text, 1, p->count, stdout);
            p->count = 0;
        }
        do digit[--at] = (char)('0' + number % 10);
        while (number /= 10);
        if (p->any) p->text[p->count++] = ' ';
        p->any = true;
        while (at < LONGEST) p->text[p->count++] = digit[at++];
    }
}

void stream_encode(const char *lesson, const Bpe *b, bool special) {
    BpeEncoder *e = bpe_encoder_new(b, special);
    unsigned char *chunk = xmalloc(CHUNK);
    Ids *ids = xcalloc(1, sizeof *ids);
    for (size_t n; (n = fread(chunk, 1, CHUNK, stdin)) > 0;) bpe_encoder_feed(e, chunk, n, false, print_ids, ids);
    if (ferror(stdin)) DIE("%s encode: cannot read the text: %s", lesson, strerror(errno));
    bpe_encoder_feed(e, NULL, 0, true, print_ids, ids);
    fwrite(ids->text, 1, ids->count, stdout);
    putchar('\n');
    if (fflush(stdout) != 0) DIE("%s encode: cannot write the ids: %s", lesson, strerror(errno));
    free(ids);
    free(chunk);
    bpe_encoder_free(e);
}

static void write_text(const Bpe *b, const int *id, size_t n) {
    Error e;
    size_t length;
    unsigned char *text = bpe_decode(b, id, n, &length, &e);
    must(text, &e);
    fwrite(text, 1, length, stdout);
    free(text);
}

void stream_decode(const char *lesson, const Bpe *b) {
    char word[32], *end;
    int *chunk = xmalloc(CHUNK * sizeof *chunk), from, to;
    size_t n = 0;
    Error e;
    for (long number = 1; scanf(" %n%31s%n", &from, word, &to) == 1; number++) {
        long id = strtol(word, &end, 10);
        bool whole = end > word && end == word + to - from && to - from < COUNT(word) - 1;     // no letters, no NUL, and not cut
        must(whole || error(&e, "%s decode: word %ld is \"%s\", want ids, whole numbers with spaces between them", lesson, number, word), &e);
        if (id < 0 || id >= b->size || !b->token[id]) DIE("%s decode: word %ld is %ld: this vocabulary has no such token (its ids go up to %d)", lesson, number, id, b->size - 1);
        chunk[n++] = (int)id;
        if (n < CHUNK) continue;
        write_text(b, chunk, n);
        n = 0;
    }
    if (ferror(stdin)) DIE("%s decode: cannot read the ids: %s", lesson, strerror(errno));
    write_text(b, chunk, n);
    if (fflush(stdout) != 0) DIE("%s decode: cannot write the text: %s", lesson, strerror(errno));
    free(chunk);
}
