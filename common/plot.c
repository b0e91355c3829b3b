// plot.c, from lesson 01: pictures, drawn by gnuplot.
#define _GNU_SOURCE
#include "plot.h"
#include "file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

// Okabe and Ito's palette, the darker ones first.
static const char *COLOUR[] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999"};

static void put_quoted(FILE *out, const char *text) {
    putc('"', out);
    for (; *text; text++) {
        if (strchr("\"\\", *text)) putc('\\', out);
        putc(*text, out);
    }
    putc('"', out);
}

static void set_text(FILE *out, const char *what, const char *text) {
    fprintf(out, "set %s ", what);
    put_quoted(out, text);
    fprintf(out, " noenhanced\n");
}

void plot_begin(Plot *p, const char *png, const char *title, const char *x_label, const char *y_label) {
    *p = (Plot){.png = xprintf("%s", png)};
    p->script = open_memstream(&p->script_text, &p->script_size);
    p->data = open_memstream(&p->data_text, &p->data_size);
    p->plots = open_memstream(&p->plots_text, &p->plots_size);
    CHECK(p->script && p->data && p->plots, "plot_begin: no memory for %s", png);
    set_text(p->script, "title", title);
    set_text(p->script, "xlabel", x_label);
    set_text(p->script, "ylabel", y_label);
    fputs("set key noenhanced\nset grid lt 1 lw 1 lc rgb \"#e0e0e0\"\nset border lc rgb \"#444444\"\nset tics nomirror noenhanced\n", p->script);
}

void plot_set(Plot *p, const char *setting) { fprintf(p->script, "set %s\n", setting); }

static void put_number(FILE *out, double x) {
    if (isfinite(x)) fprintf(out, "%.9g ", x);
    else fputs("NaN ", out);
}

static void next_series(Plot *p) { fputs(p->series++ ? ", \\\n     " : "plot ", p->plots); }

void plot_curve(Plot *p, const char *label, const double *x, const double *y, int n) {
    fprintf(p->data, "$d%d << EOD\n", p->series);
    for (int i = 0; i < n; i++) {
        put_number(p->data, x[i]);
        put_number(p->data, y[i]);
        putc('\n', p->data);
    }
    fputs("EOD\n", p->data);
    int c = p->series;
    next_series(p);
    fprintf(p->plots, "$d%d using 1:2 with %s lw 2 dt %d lc rgb \"%s\" ", c, n > 24 ? "lines" : "linespoints pt 7 ps 0.8",
            c / 4 % 5 + 1, COLOUR[c % 8]);
    fputs(label ? "title " : "notitle", p->plots);
    if (label) put_quoted(p->plots, label);
}

void plot_level(Plot *p, const char *label, double y) {
    next_series(p);
    fprintf(p->plots, "%.9g with lines lw 1.5 dt 2 lc rgb \"#444444\" title ", y);
    put_quoted(p->plots, label);
}

static void put_tics(FILE *out, const char *axis, const char *const *label, int n) {
    fprintf(out, "set %stics (", axis);
    for (int i = 0; i < n; i++) {
        if (i) fputs(", ", out);
        put_quoted(out, label[i]);
        fprintf(out, " %d", i);
    }
    fputs(") scale 0\n", out);
}

void plot_map(Plot *p, const double *value, int rows, int columns, const char *const *row_label,
              const char *const *column_label, const char *const *text, const char *bar_label) {
    FILE *s = p->script;
    fprintf(s, "unset key\nunset grid\nset xrange [-0.5:%d.5]\nset yrange [%d.5:-0.5]\n", columns - 1, rows - 1);
    fputs("set palette defined (0 \"#fdf6d8\", 0.15 \"#e6d16b\", 0.4 \"#a69d75\", 0.65 \"#6a6e78\", 0.85 \"#37476b\", 1 \"#00224e\")\n", s);
    set_text(s, "cblabel", bar_label);
    put_tics(s, "x", column_label, columns);
    put_tics(s, "y", row_label, rows);
    double most = -INFINITY, least = INFINITY;
    for (int i = 0; i < rows * columns; i++)
        if (isfinite(value[i])) { most = fmax(most, value[i]); least = fmin(least, value[i]); }
    fputs("$map << EOD\n", p->data);
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < columns; c++) {
            double v = value[r * columns + c];
            fprintf(p->data, "%d %d ", c, r);
            put_number(p->data, v);
            put_quoted(p->data, text ? text[r * columns + c] : "");
            fprintf(p->data, " %d\n", v > least + 0.5 * (most - least) ? 0xffffff : 0x222222);
        }
    fputs("EOD\n", p->data);
    next_series(p);
    fputs("$map using 1:2:3 with image notitle", p->plots);
    if (!text) return;
    next_series(p);
    fputs("$map using 1:2:4:5 with labels tc rgb variable font \",7\" notitle", p->plots);
}

void plot_words(Plot *p, const double *x, const double *y, const char *const *word, int n) {
    fprintf(p->data, "$d%d << EOD\n", p->series);
    for (int i = 0; i < n; i++) {
        fprintf(p->data, "%.9g %.9g ", x[i], y[i]);
        put_quoted(p->data, word[i]);
        putc('\n', p->data);
    }
    fputs("EOD\n", p->data);
    int c = p->series;
    next_series(p);
    fprintf(p->plots, "$d%d using 1:2:3 with labels point pt 7 ps 0.6 lc rgb \"%s\" offset 0.8,0.4 font \",13\" notitle", c, COLOUR[c % 8]);
}

// Runs gnuplot on a script; its complaints go to NAME.gp.log.
static bool run_gnuplot(const char *gp, const char *before, Error *e) {
    fflush(stdout);
    char *command = xprintf("gnuplot -e '%s' '%s' 2>'%s.log'", before, gp, gp);
    int status = system(command);
    free(command);
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (code == 127) return error(e, "gnuplot is not installed, so %s is not drawn: make deps installs it", gp);
    if (code != 0) return error(e, "gnuplot failed on %s: see %s.log", gp, gp);
    char *log = xprintf("%s.log", gp);
    remove(log);
    free(log);
    return true;
}

static void close_texts(Plot *p) {
    fclose(p->script);
    fclose(p->data);
    fclose(p->plots);
}

static void free_texts(Plot *p) {
    free(p->script_text);
    free(p->data_text);
    free(p->plots_text);
    free(p->png);
}

bool plot_end(Plot *p, bool in_terminal, Error *e) {
    close_texts(p);
    int stem = (int)strlen(p->png) - (strlen(p->png) > 4 && strcmp(p->png + strlen(p->png) - 4, ".png") == 0 ? 4 : 0);
    char *gp = xprintf("%.*s.gp", stem, p->png);
    char *script = xprintf("# draw again with: gnuplot %s\n"
                           "if (!exists(\"dumb\")) { set terminal pngcairo size 960,640 font \",12\" background \"#ffffff\"; set output \"%s\" }\n"
                           "%s%sif (exists(\"dumb\")) unset grid\n%s\n", gp, p->png, p->data_text, p->script_text, p->plots_text);
    bool ok = file_write_text(gp, script, e) && run_gnuplot(gp, "", e);
    char *letters = xprintf("dumb = 1; set terminal dumb size %d,24", min_int(terminal_width(stdout, 100), 100));
    if (ok && in_terminal) ok = run_gnuplot(gp, letters, e);
    free(letters);
    free(script);
    free(gp);
    free_texts(p);
    return ok;
}

void plot_show(Plot *p, bool in_terminal) {
    Error e;
    char *png = xprintf("%s", p->png), *dir = xprintf("%s", png), *slash = strrchr(dir, '/');
    if (slash) *slash = 0;
    bool there = !slash || file_make_dirs(dir, &e);
    if (!there) plot_discard(p);
    if (there && plot_end(p, in_terminal, &e)) printf("picture: %s\n", png);
    else fprintf(stderr, "%s\n", e.message);
    free(png);
    free(dir);
}

void plot_discard(Plot *p) {
    close_texts(p);
    free_texts(p);
}
