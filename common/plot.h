// plot.h, from lesson 01: pictures, drawn by gnuplot.
#ifndef PLOT_H
#define PLOT_H

#include "util.h"

// A picture is a gnuplot script with its data inside, written as NAME.gp beside NAME.png: change it and run it again.
// Colours are Okabe and Ito's, which colour-blind people can tell apart, with a dash pattern and a mark of their own.
typedef struct {
    char *png;
    FILE *script;           // header and settings go here at once ...
    FILE *data;             // ... the data blocks here ...
    FILE *plots;            // ... and the list of what to plot here; put together by plot_end
    char *data_text, *plots_text, *script_text;
    size_t data_size, plots_size, script_size;
    int series;
} Plot;

// png: where the picture goes; the directory must be there.
void plot_begin(Plot *p, const char *png, const char *title, const char *x_label, const char *y_label);
// Any further gnuplot setting: plot_set(&p, "logscale x");
void plot_set(Plot *p, const char *setting);
// A curve through n points; a NAN leaves a gap.
void plot_curve(Plot *p, const char *label, const double *x, const double *y, int n);
// A horizontal dashed line, such as a floor that no model can go below.
void plot_level(Plot *p, const char *label, double y);
// A map of rows x columns values, each a coloured square; row 0 at the top. Labels: one string a row or column; text,
// if not NULL, is what is written into each square. The colours are cividis, light for small; bar_label names them.
void plot_map(Plot *p, const double *value, int rows, int columns, const char *const *row_label,
              const char *const *column_label, const char *const *text, const char *bar_label);
// Points with a word beside each.
void plot_words(Plot *p, const double *x, const double *y, const char *const *word, int n);
// Draws. Where gnuplot is missing or fails: false, and e says so; the script is there all the same.
// in_terminal: curves are drawn on stdout too, with letters.
bool plot_end(Plot *p, bool in_terminal, Error *e);
// Makes the picture's directory where it is missing, draws, and says on stdout where the picture is, or on stderr why there is none.
void plot_show(Plot *p, bool in_terminal);
// Gives up on a picture that was begun.
void plot_discard(Plot *p);

#endif
