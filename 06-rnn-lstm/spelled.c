// spelled.c of 06-rnn-lstm: ids as text again, with a number for each, ready for a heat map.
#define _POSIX_C_SOURCE 200809L
#include "spelled.h"

#include <stdlib.h>

enum { WIDTH = 80, DRAWN = 64 };        // characters in a line: on the terminal, in the picture

Spelled spelled(const Vocab *v, const int *id, const double *value, size_t n) {
    Spelled s = {0};
    size_t size, room = 0;
    FILE *out = open_memstream(&s.text, &size);
    CHECK(out, "spelled: no memory");
    for (size_t i = 0; i < n; i++) {
        vocab_write(v, id[i], i ? id[i - 1] : -1, out);
        fflush(out);
        if (size == s.n) {
            putc('\n', out);
            fflush(out);
        }
        if (size > room) s.value = xrealloc(s.value, (room = 2 * size) * sizeof *s.value);
        while (s.n < size) s.value[s.n++] = value[i];
    }
    fclose(out);
    return s;
}

void spelled_free(Spelled *s) {
    free(s->text);
    free(s->value);
}

void spelled_show(const Spelled *s, double least, double most, const char *dir, const char *name, const char *title, const char *bar_label) {
    Heatmap m = {s->text, s->value, s->n, least, most};
    heatmap_print(stdout, m, WIDTH);
    char *png = xprintf("%s/%s.png", dir, name);
    heatmap_draw(png, title, bar_label, m, DRAWN);
    free(png);
}
