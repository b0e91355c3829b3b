// shade.c, from lesson 01: a table of numbers as light and dark, in a terminal.
#define _POSIX_C_SOURCE 200809L
#include "shade.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// From light to dark: 256-colour codes from pale yellow to dark blue.
static const int COLOUR[] = {230, 229, 228, 186, 144, 102, 66, 60, 24, 17};
static const char MARK[] = " .:-=+*#%@";
enum { LEVELS = 10 };

int shade_in_colour(FILE *out) {
    const char *term = getenv("TERM");
    return isatty(fileno(out)) && term && strcmp(term, "dumb") != 0;
}

// Level 0 is for nothing at all.
static int level(double part) { return part > 0 ? 1 + (int)(part * (LEVELS - 1.001)) : 0; }

int shade_colour(double part) { return COLOUR[level(part)]; }
char shade_mark(double part) { return MARK[level(part)]; }

void shade_map(FILE *out, const double *value, int rows, int columns, const char *row_label, const char *column_label) {
    int colour = shade_in_colour(out);
    double most = 0;
    for (int i = 0; i < rows * columns; i++)
        if (value[i] > most) most = value[i];
    fprintf(out, "   ");
    for (int c = 0; c < columns; c++) fprintf(out, "%c ", column_label[c]);
    putc('\n', out);
    for (int r = 0; r < rows; r++) {
        fprintf(out, " %c ", row_label[r]);
        for (int c = 0; c < columns; c++) {
            double v = value[r * columns + c], part = v > 0 ? v / most : 0;
            if (colour) fprintf(out, "\033[48;5;%dm  ", shade_colour(part));
            else fprintf(out, "%c%c", shade_mark(part), shade_mark(part));
        }
        fputs(colour ? "\033[0m\n" : "\n", out);
    }
}
