// heatmap.c, from lesson 06: a text whose characters are light and dark, each by a number of its own.
#include "heatmap.h"
#include "plot.h"
#include "shade.h"

#include <math.h>
#include <stdlib.h>

// Where the line that begins at `from` ends; its newline is not counted.
static size_t line_end(Heatmap m, size_t from, int width) {
    size_t end = from;
    while (end < m.n && m.text[end] != '\n' && end - from < (size_t)width) end++;
    return end;
}

// Where the next line begins.
static size_t next_line(Heatmap m, size_t end) { return end < m.n && m.text[end] == '\n' ? end + 1 : end; }

static double part_of(Heatmap m, size_t i) {
    double part = (m.value[i] - m.least) / (m.most - m.least);
    return part > 0 ? fmin(part, 1) : 0;
}

static void print_coloured(FILE *out, Heatmap m, size_t from, size_t end) {
    for (size_t i = from; i < end; i++) {
        int colour = shade_colour(part_of(m, i));
        if (i == from || colour != shade_colour(part_of(m, i - 1))) fprintf(out, "\033[48;5;%d;38;5;%dm", colour, part_of(m, i) > 0.5 ? 231 : 16);
        putc(m.text[i], out);
    }
    fputs("\033[0m\n", out);
}

static void print_marked(FILE *out, Heatmap m, size_t from, size_t end) {
    fprintf(out, "%.*s\n", (int)(end - from), m.text + from);
    for (size_t i = from; i < end; i++) putc(shade_mark(part_of(m, i)), out);
    putc('\n', out);
}

void heatmap_print(FILE *out, Heatmap m, int width) {
    bool colour = shade_in_colour(out);
    for (size_t from = 0, end; from < m.n; from = next_line(m, end)) {
        end = line_end(m, from, width);
        (colour ? print_coloured : print_marked)(out, m, from, end);
    }
}

// A character as gnuplot writes it. What is not ASCII has no picture of its own.
static const char *label_of(char c, char label[2]) {
    label[0] = c > 32 && c < 127 ? c : ' ';
    label[1] = 0;
    return label;
}

void heatmap_draw(const char *png, const char *title, const char *bar_label, Heatmap m, int width) {
    int rows = 0;
    for (size_t from = 0; from < m.n; from = next_line(m, line_end(m, from, width))) rows++;
    size_t cells = (size_t)rows * (size_t)width;
    double *value = xmalloc(cells * sizeof *value);
    char(*label)[2] = xcalloc(cells, sizeof *label);
    const char **text = xmalloc(cells * sizeof *text), **none = xmalloc((size_t)max_int(rows, width) * sizeof *none);
    for (size_t i = 0; i < cells; i++) value[i] = NAN, text[i] = label[i];
    for (int i = 0; i < max_int(rows, width); i++) none[i] = "";
    size_t from = 0;
    for (int r = 0; r < rows; r++) {
        size_t end = line_end(m, from, width), cell = (size_t)r * (size_t)width;
        for (size_t i = from; i < end; i++, cell++) {
            value[cell] = fmin(fmax(m.value[i], m.least), m.most);
            text[cell] = label_of(m.text[i], label[cell]);
        }
        from = next_line(m, end);
    }
    Plot p;
    plot_begin(&p, png, title, "", "");
    plot_map(&p, value, rows, width, none, none, text, bar_label);
    char range[64];
    snprintf(range, sizeof range, "cbrange [%g:%g]", m.least, m.most);
    plot_set(&p, range);
    plot_show(&p, false);
    free(value);
    free(label);
    free(text);
    free(none);
}
