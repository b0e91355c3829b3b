// heatmap.h, from lesson 06: a text whose characters are light and dark, each by a number of its own.
#ifndef HEATMAP_H
#define HEATMAP_H

#include "util.h"

typedef struct {
    const char *text;           // (n)
    const double *value;        // (n) of each character
    size_t n;
    double least, most;         // the values that are shown lightest and darkest
} Heatmap;

// Prints it in lines of up to `width` characters: with coloured backgrounds on a terminal; elsewhere each line has a line of marks
// beneath it, from light to dark " .:-=+*#%@".
void heatmap_print(FILE *out, Heatmap m, int width);
// Draws it: a square for every character. bar_label says what the values are. It says where the picture is, see plot_show.
void heatmap_draw(const char *png, const char *title, const char *bar_label, Heatmap m, int width);

#endif
