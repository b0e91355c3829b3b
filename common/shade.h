// shade.h, from lesson 01: a table of numbers as light and dark, in a terminal.
#ifndef SHADE_H
#define SHADE_H

#include <stdio.h>

// Prints rows x columns values, the greatest darkest: in colour on a terminal, elsewhere with the characters " .:-=+*#%@".
// Every row and column is labelled by one character.
void shade_map(FILE *out, const double *value, int rows, int columns, const char *row_label, const char *column_label);

// How such maps show a part of the greatest value, from 0 to 1: does `out` show colours; the 256-colour code of a background; the character.
int shade_in_colour(FILE *out);
int shade_colour(double part);
char shade_mark(double part);

#endif
