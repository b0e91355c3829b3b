// spelled.h of 06-rnn-lstm: ids as text again, with a number for each, ready for a heat map.
#ifndef SPELLED_H
#define SPELLED_H

#include "heatmap.h"
#include "text.h"

typedef struct {
    char *text;
    double *value;
    size_t n;
} Spelled;

// The text of id[0..n) as the vocabulary writes it, a newline for what has no text, such as the end of a name; each of its characters
// has the value of its id. Free with spelled_free.
Spelled spelled(const Vocab *v, const int *id, const double *value, size_t n);
void spelled_free(Spelled *s);
// On stdout, and as dir/name.png.
void spelled_show(const Spelled *s, double least, double most, const char *dir, const char *name, const char *title, const char *bar_label);

#endif
