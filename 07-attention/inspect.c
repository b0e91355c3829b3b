// inspect.c of 07-attention: what attention does, in figures and pictures.
#include "inspect.h"
#include "averages.h"
#include "backward.h"
#include "heads.h"
#include "op_attention.h"
#include "op_linear.h"
#include "plot.h"
#include "progress.h"
#include "shade.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// --- averages of the past ---

void inspect_averages(const Net *net, const int *id, int n) {
    int C = net->shape.C;
    size_t size = (size_t)n * (size_t)C;
    Tape tape = tape_new(false);
    const float *x = net_forward(net, &tape, id, 1, n).x->data;         // (1,n,C)
    float *loops = tape_floats(&tape, size), *triangle = tape_floats(&tape, size), *softmax = tape_floats(&tape, size);
    averages_by_loops(n, C, x, loops);
    averages_by_triangle(n, C, x, triangle);
    averages_by_softmax(n, C, x, softmax);
    double far = 0;
    for (size_t i = 0; i < size; i++) far = fmax(far, fmax(fabs((double)(triangle[i] - loops[i])), fabs((double)(softmax[i] - loops[i]))));
    printf("the mean of all places up to each, by loops, by a triangle, by a softmax: at most %.7f apart\n\n", far);
    tape_free(&tape);
}

// --- the scale of scores ---

enum { PLACES = 64, MOST_SIZE = 256 };

static double variance(const double *x, int n) {
    double mean = 0, sum = 0;
    for (int i = 0; i < n; i++) mean += x[i] / n;
    for (int i = 0; i < n; i++) sum += (x[i] - mean) * (x[i] - mean);
    return sum / n;
}

// The mean, over rows of `columns` scores times `by`, of the largest weight of their softmax.
static double largest_weight(const double *score, int rows, int columns, double by) {
    double mean = 0;
    for (int r = 0; r < rows; r++) {
        const double *s = score + r * columns;
        double most = s[0], sum = 0;
        for (int i = 1; i < columns; i++) most = fmax(most, s[i]);
        for (int i = 0; i < columns; i++) sum += exp(by * (s[i] - most));
        mean += 1 / sum / rows;
    }
    return mean;
}

static void print_scale(const char *what, const double *score, int columns, int HS) {
    double v = variance(score, PLACES * columns), by = 1 / sqrt(HS);
    printf("%-22s %5d %14.3f %16.3f %18.3f %16.3f\n", what, HS, v, v * by * by, largest_weight(score, PLACES, columns, 1), largest_weight(score, PLACES, columns, by));
}

void inspect_scale(const Net *net, Stream text) {
    enum { KEYS = 8 };
    static const int SIZE[] = {4, 16, 64, 256};
    double score[PLACES * PLACES];
    float query[MOST_SIZE], key[MOST_SIZE];
    Rng rng;
    rng_seed(&rng, 1);
    printf("%-22s %5s %31s %35s\n", "", "", "variance of a score", "largest weight of 8");
    printf("%-22s %5s %14s %16s %18s %16s\n", "queries times keys", "HS", "as it is", "by sqrt HS", "as it is", "by sqrt HS");
    for (int i = 0; i < COUNT(SIZE); i++) {
        for (int k = 0; k < PLACES * KEYS; k++) {
            rng_normal(&rng, query, (size_t)SIZE[i]);
            rng_normal(&rng, key, (size_t)SIZE[i]);
            score[k] = 0;
            for (int j = 0; j < SIZE[i]; j++) score[k] += (double)query[j] * (double)key[j];
        }
        print_scale("normal numbers", score, KEYS, SIZE[i]);
    }
    int n = min_int(net->shape.block, (int)text.n), columns = min_int(n, KEYS), HS = net->shape.C / net->shape.heads, rows = 0;
    if (text.n < (size_t)(PLACES + n)) return;
    Tape tape = tape_new(false);
    for (; rows < PLACES; rows++) {         // the last query of each piece, head 0, with the keys up to it
        tape_reset(&tape);
        Pass p = net_forward(net, &tape, text.id + rows, 1, n);
        const Tensor *qkv = p.y->in[0];
        Heads z = heads_of("inspect_scale", qkv, net->shape.heads);
        for (int s = 0; s < columns; s++) {
            const float *q = qkv->data + head_at(z, QUERY, 0, n - 1, 0), *k = qkv->data + head_at(z, KEY, 0, n - columns + s, 0);
            double sum = 0;
            for (int i = 0; i < HS; i++) sum += (double)q[i] * (double)k[i];
            score[rows * columns + s] = sum;
        }
    }
    print_scale("the model's, head 0", score, columns, HS);
    putchar('\n');
    tape_free(&tape);
}

// --- where heads look ---

void inspect_distances(const Net *net, Stream text) {
    enum { FAR = 8, PIECES = 200 };
    int T = net->shape.block, shown = min_int(FAR, T), pieces = min_int(PIECES, (int)((text.n - 1) / (size_t)T));
    float *weight = xmalloc((size_t)T * (size_t)T * sizeof *weight);
    double *share = xcalloc((size_t)net->shape.heads * (FAR + 1), sizeof *share);      // the last: all that is further
    Tape tape = tape_new(false);
    for (int i = 0; i < pieces; i++) {
        tape_reset(&tape);
        Tensor *y = net_forward(net, &tape, text.id + (size_t)i * (size_t)T, 1, T).y;
        for (int h = 0; h < net->shape.heads; h++) {
            attention_weights(y, 0, h, weight);
            for (int away = 0; away < T; away++) share[h * (FAR + 1) + min_int(away, FAR)] += (double)weight[(T - 1) * T + T - 1 - away] / pieces;
        }
    }
    printf("where the last place looks, so many back:");
    for (int away = 0; away < shown; away++) printf(" %6d", away);
    if (T > FAR) printf(" further");
    for (int h = 0; h < net->shape.heads; h++) {
        printf("\nhead %-36d", h);
        for (int away = 0; away < shown; away++) printf(" %6.3f", share[h * (FAR + 1) + away]);
        if (T > FAR) printf(" %7.3f", share[h * (FAR + 1) + FAR]);
    }
    printf("\n\n");
    tape_free(&tape);
    free(share);
    free(weight);
}

// --- maps ---

enum { MAP = 24 };          // places in a map, at most

// Where the map of a head stands among the others, as near to a square as can be.
typedef struct {
    int n, across, rows, columns;
} Grid;

static Grid grid_of(int heads, int n) {
    int across = (int)ceil(sqrt(heads)), down = (heads + across - 1) / across;
    return (Grid){n, across, down * (n + 1) - 1, across * (n + 1) - 1};
}

static int grid_at(Grid g, int h, int t, int s) { return (h / g.across * (g.n + 1) + t) * g.columns + h % g.across * (g.n + 1) + s; }

// The nine levels of a map, from light to dark, each between the weights where it begins and ends.
static void print_key(void) {
    enum { LEVELS = 9 };
    printf("a weight, from 0 to 1: 0");
    for (int i = 1; i <= LEVELS; i++) {
        double inside = (i - 0.5) / LEVELS;
        if (shade_in_colour(stdout)) printf(" \033[48;5;%dm  \033[0m %.2f", shade_colour(inside), (double)i / LEVELS);
        else printf(" %c%c %.2f", shade_mark(inside), shade_mark(inside), (double)i / LEVELS);
    }
    printf("\nin the labels, _ is a space and ~ the end of a line\n");
}

// A map (n,n) up to its diagonal. What lies behind stays empty: nobody could see it.
static void print_map(const float *weight, int n, const char *label) {
    bool colour = shade_in_colour(stdout);
    printf("   ");
    for (int s = 0; s < n; s++) printf("%c ", label[s]);
    for (int t = 0; t < n; t++) {
        printf("\n %c ", label[t]);
        for (int s = 0; s <= t; s++) {
            double w = fmax((double)weight[t * n + s], 1e-9);
            if (colour) printf("\033[48;5;%dm  ", shade_colour(w));
            else printf("%c%c", shade_mark(w), shade_mark(w));
        }
        if (colour) printf("\033[0m");
    }
    putchar('\n');
}

static void draw_maps(const double *value, Grid g, int heads, const char *label, const char *dir) {
    enum { PIXELS = 545, READABLE = 9 };            // of the picture's side; of the smallest letters
    char text[MAP + 1][2] = {0}, setting[120];
    int pixels = PIXELS / max_int(g.rows, g.columns), letters = max_int(1, min_int(12, pixels * 3 / 4)), names = max_int(1, min_int(12, pixels * g.n / 10));
    const char **row = xmalloc((size_t)g.rows * sizeof *row), **column = xmalloc((size_t)g.columns * sizeof *column);
    for (int t = 0; t < g.n && pixels >= READABLE; t++) text[t][0] = label[t];      // text[n] stays empty, for the gap behind each map
    for (int i = 0; i < g.rows; i++) row[i] = text[i % (g.n + 1)];
    for (int i = 0; i < g.columns; i++) column[i] = text[i % (g.n + 1)];
    char *png = xprintf("%s/heads.png", dir);
    Plot p;
    plot_begin(&p, png, "Who looks at whom: rows look at columns", "", "");
    plot_map(&p, value, g.rows, g.columns, row, column, NULL, "weight");
    for (int h = 0; h < heads; h++) {
        int at = grid_at(g, h, g.n / 8, g.n - 1);   // behind the diagonal
        snprintf(setting, sizeof setting, "label \"head %d\" at %d,%d right font \",%d\" front tc rgb \"%s\"", h, at % g.columns, at / g.columns, names, g.n > 1 ? "#000000" : "#ffffff");
        plot_set(&p, setting);
    }
    snprintf(setting, sizeof setting, "tics font \",%d\"", letters);
    plot_set(&p, setting);
    plot_set(&p, "cbtics font \",12\"");
    plot_set(&p, "cbrange [0:1]");
    plot_set(&p, "size ratio -1");
    plot_show(&p, false);
    free(png);
    free(row);
    free(column);
}

void inspect_maps(const Net *net, const Vocab *vocab, const int *id, int n, const char *dir) {
    int heads = net->shape.heads, shown = min_int(n, MAP);
    Grid g = grid_of(heads, shown);
    char label[MAP];
    for (int t = 0; t < shown; t++) label[t] = vocab_label(vocab, id[t]);
    Tape tape = tape_new(false);
    Tensor *y = net_forward(net, &tape, id, 1, shown).y;
    float *weight = xmalloc((size_t)shown * (size_t)shown * sizeof *weight);
    double *all = xmalloc((size_t)g.rows * (size_t)g.columns * sizeof *all);
    for (int i = 0; i < g.rows * g.columns; i++) all[i] = NAN;
    if (shown < n) printf("the maps show the first %d of %d characters\n", shown, n);
    print_key();
    for (int h = 0; h < heads; h++) {
        attention_weights(y, 0, h, weight);
        for (int t = 0; t < shown; t++)
            for (int s = 0; s <= t; s++) all[grid_at(g, h, t, s)] = (double)weight[t * shown + s];
        printf("head %d: each row looks at the columns\n", h);
        print_map(weight, shown, label);
    }
    draw_maps(all, g, heads, label, dir);
    free(weight);
    free(all);
    tape_free(&tape);
}

// --- cost ---

void inspect_cost(void) {
    enum { C = 64, HEADS = 4, TOKENS = 8192, ROUNDS = 3 };
    printf("%d characters in pieces of T, width %d, %d heads: milliseconds, forward and back\n%6s %12s %12s\n", TOKENS, C, HEADS, "T", "matrix", "attention");
    float *x = xcalloc((size_t)TOKENS * C, sizeof *x);
    Params p = {0};
    Tensor *w = params_add(&p, "qkv", 2, (int[]){3 * C, C});
    params_allocate(&p);
    Rng rng;
    rng_seed(&rng, 1);
    rng_normal(&rng, x, (size_t)TOKENS * C);
    rng_normal(&rng, w->data, w->size);
    for (int T = 32; T <= 2048; T *= 2) {
        Tape tape = tape_new(true);
        double matrix = INFINITY, attention = INFINITY;
        for (int round = 0; round <= ROUNDS; round++) {       // round 0 only takes the memory
            tape_reset(&tape);
            double start = seconds_now();
            Tensor *qkv = op_linear(&tape, tape_values(&tape, "x", 3, (int[]){TOKENS / T, T, C}, x), w, NULL);
            double made = seconds_now();
            Tensor *y = op_attention(&tape, qkv, HEADS, NULL);
            tape_want_grad(&tape, y);
            tape_want_grad(&tape, qkv);
            for (size_t i = 0; i < y->size; i++) y->grad[i] = 1;
            y->backward(y);
            double looked = seconds_now();
            qkv->backward(qkv);
            if (round == 0) continue;
            matrix = fmin(matrix, seconds_now() - looked + made - start);
            attention = fmin(attention, looked - made);
        }
        printf("%6d %12.2f %12.2f\n", T, 1e3 * matrix, 1e3 * attention);
        tape_free(&tape);
    }
    params_free(&p);
    free(x);
}
