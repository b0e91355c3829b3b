// generate.c, from lesson 01: let a model write, one character at a time.
#define _GNU_SOURCE
#include "generate.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST_NAME = 100, LONGEST_LINE = 4000 };

// Continues id[0..n) by one more id; the heart of it all.
static int continue_by_one(const Model *m, const int *id, size_t n, float *prob, Sampling how, Rng *rng) {
    m->next(m, id, n, prob);
    return sampling_pick(how, prob, m->vocab->size, rng);
}

// id[0] is what a text starts from, and not a part of it.
static void write_prompt(const Model *m, const int *id, size_t n, FILE *out) {
    for (size_t i = 1; i < n; i++) vocab_write(m->vocab, id[i], i > 1 ? id[i - 1] : -1, out);
}

static void write_name(const Model *m, int *id, size_t n, float *prob, Sampling how, Rng *rng, FILE *out) {
    write_prompt(m, id, n, out);
    for (; n <= LONGEST_NAME; n++) {
        id[n] = continue_by_one(m, id, n, prob, how, rng);
        if (id[n] == m->boundary) break;
        vocab_write(m->vocab, id[n], id[n - 1], out);
    }
    putc('\n', out);
    fflush(out);
}

static void write_text(const Model *m, int *id, size_t n, int length, float *prob, Sampling how, Rng *rng, FILE *out) {
    write_prompt(m, id, n, out);
    for (int i = 0; i < length; i++, n++) {
        id[n] = continue_by_one(m, id, n, prob, how, rng);
        vocab_write(m->vocab, id[n], id[n - 1], out);
        fflush(out);
        if (m->over && m->over(m, id, n + 1)) break;
    }
}

bool generate(const Model *m, const char *prompt, int length, Sampling how, Rng *rng, FILE *out, Error *e) {
    size_t given = strlen(prompt), room = given + 2 + (size_t)(m->boundary >= 0 ? LONGEST_NAME : length);
    int *id = xmalloc(room * sizeof *id);
    float *prob = xmalloc((size_t)m->vocab->size * sizeof *prob);
    id[0] = model_start(m);
    int ids = vocab_encode(m->vocab, prompt, given, id + 1, e);
    if (ids >= 0 && m->boundary < 0) write_text(m, id, (size_t)ids + 1, length, prob, how, rng, out);
    if (ids >= 0 && m->boundary >= 0)
        for (int i = 0; i < length; i++) write_name(m, id, (size_t)ids + 1, prob, how, rng, out);
    free(prob);
    free(id);
    return ids >= 0;
}

char *generate_line(const Model *m, int length, Sampling how, Rng *rng) {
    char *line = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&line, &size);
    CHECK(out, "generate_line: no memory for a sample");
    generate(m, "", min_int(length, LONGEST_LINE), how, rng, out, NULL);
    fclose(out);
    if (size > LONGEST_LINE) line[LONGEST_LINE] = 0;
    for (char *c = line; *c; c++)
        if (*c == '\n' || *c == '\r') *c = ' ';
    return line;
}
