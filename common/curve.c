// curve.c, from lesson 01: the training curves of one or several runs in one picture.
#define _GNU_SOURCE
#include "curve.h"
#include "file.h"
#include "plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SMOOTHED = 200 };    // a longer curve is averaged down to this many points

typedef struct {
    double *x, *y;
    int n;
} Series;

// The place of a name in a line of comma-separated names, or -1.
static int column_of(const char *head, const char *name) {
    size_t length = strlen(name);
    for (int column = 0;; column++) {
        size_t n = strcspn(head, ",\n");
        if (n == length && strncmp(head, name, n) == 0) return column;
        if (head[n] != ',') return -1;
        head += n + 1;
    }
}

static double cell(const char *row, int column) {
    for (; column > 0 && *row && *row != '\n'; row++) column -= *row == ',';
    char *end;
    double value = strtod(row, &end);
    return end == row || column > 0 ? NAN : value;
}

// The points at which both columns of the log have a value.
static Series read_series(const char *log, const char *x, const char *y) {
    int rows = 0, cx = column_of(log, x), cy = column_of(log, y);
    for (const char *c = log; *c; c++) rows += *c == '\n';
    Series s = {xmalloc((size_t)rows * sizeof(double) + 8), xmalloc((size_t)rows * sizeof(double) + 8), 0};
    if (cx < 0 || cy < 0) return s;
    for (const char *row = strchr(log, '\n'); row && row[1]; row = strchr(row + 1, '\n')) {
        double vx = cell(row + 1, cx), vy = cell(row + 1, cy);
        if (!isfinite(vx) || !isfinite(vy)) continue;
        s.x[s.n] = vx;
        s.y[s.n++] = vy;
    }
    return s;
}

// Minibatch losses jump from step to step: means of neighbours show where they go.
static void smooth(Series *s) {
    if (s->n <= SMOOTHED) return;
    for (int k = 0; k < SMOOTHED; k++) {
        int from = (int)((long)k * s->n / SMOOTHED), to = (int)((long)(k + 1) * s->n / SMOOTHED);
        double x = 0, y = 0;
        for (int i = from; i < to; i++) { x += s->x[i]; y += s->y[i]; }
        s->x[k] = x / (to - from);
        s->y[k] = y / (to - from);
    }
    s->n = SMOOTHED;
}

static bool add_run(Plot *p, const char *dir, const char *x, bool named, Error *e) {
    char *path = xprintf("%s/log.csv", dir);
    unsigned char *log;
    size_t size;
    bool ok = file_read(path, &log, &size, e);
    free(path);
    if (!ok) return false;
    static const struct { const char *column, *label; } LOSS[] = {{"train_loss", "training"}, {"val_loss", "validation"}};
    for (int i = 0; i < 2; i++) {
        Series s = read_series((char *)log, x, LOSS[i].column);
        smooth(&s);
        char *label = named ? xprintf("%s, %s", dir, LOSS[i].label) : xprintf("%s", LOSS[i].label);
        if (s.n > 0) plot_curve(p, label, s.x, s.y, s.n);
        free(label);
        free(s.x);
        free(s.y);
    }
    free(log);
    return true;
}

bool curve_draw(const char *png, const char *title, const char *const *run, int runs, const char *x, double floor,
                bool in_terminal, Error *e) {
    Plot p;
    plot_begin(&p, png, title, x, "loss, nats per character");
    plot_set(&p, "rmargin 4");      // room for the last number of the axis
    bool ok = true;
    for (int i = 0; i < runs && ok; i++) ok = add_run(&p, run[i], x, runs > 1, e);
    if (ok && isfinite(floor)) plot_level(&p, "entropy of the source", floor);
    if (ok && p.series == 0) ok = error(e, "%s/log.csv has no measured loss in it yet", run[0]);
    if (!ok) {
        plot_discard(&p);
        return false;
    }
    return plot_end(&p, in_terminal, e);
}
