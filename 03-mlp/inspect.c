// inspect.c of 03-mlp: the map of letters, and the learning rates.
#include "inspect.h"
#include "plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 300, NEAREST = 3 };

// x (V,C) minus the mean of each column.
static double *centred(const Tensor *c) {
    int V = c->shape[0], C = c->shape[1];
    double *x = xmalloc(c->size * sizeof *x);
    for (int j = 0; j < C; j++) {
        double mean = 0;
        for (int v = 0; v < V; v++) mean += c->data[v * C + j] / (double)V;
        for (int v = 0; v < V; v++) x[v * C + j] = c->data[v * C + j] - mean;
    }
    return x;
}

// The direction in which the rows of x vary most, by power iteration: d <- x'(x d), made of length 1. Then takes it out of x.
// Writes to along[v] how far row v goes in it.
static void principal_direction(double *x, int V, int C, double *along) {
    double *d = xmalloc((size_t)C * sizeof *d), *next = xmalloc((size_t)C * sizeof *next);
    for (int j = 0; j < C; j++) d[j] = 1 + 0.1 * j;
    for (int round = 0; round <= ROUNDS; round++) {
        double length = 0;
        for (int j = 0; j < C; j++) length += d[j] * d[j];
        for (int j = 0; j < C; j++) d[j] /= sqrt(length) + 1e-30;
        memset(next, 0, (size_t)C * sizeof *next);
        for (int v = 0; v < V; v++) {
            along[v] = 0;
            for (int j = 0; j < C; j++) along[v] += x[v * C + j] * d[j];
            for (int j = 0; j < C; j++) next[j] += x[v * C + j] * along[v];
        }
        if (round < ROUNDS) memcpy(d, next, (size_t)C * sizeof *d);
    }
    for (int v = 0; v < V; v++)
        for (int j = 0; j < C; j++) x[v * C + j] -= along[v] * d[j];
    free(d);
    free(next);
}

static double distance(const Tensor *c, int a, int b) {
    double sum = 0;
    for (int j = 0; j < c->shape[1]; j++) sum += pow(c->data[a * c->shape[1] + j] - c->data[b * c->shape[1] + j], 2);
    return sqrt(sum);
}

static void print_nearest(const Tensor *c, const Vocab *vocab) {
    int V = c->shape[0];
    printf("the nearest other characters, by their vectors\n");
    for (int a = 0; a < V; a++) {
        printf("   %c:", vocab_label(vocab, a));
        bool *taken = xcalloc((size_t)V, sizeof *taken);
        for (int k = 0; k < min_int(NEAREST, V - 1); k++) {
            int best = -1;
            for (int b = 0; b < V; b++)
                if (b != a && !taken[b] && (best < 0 || distance(c, a, b) < distance(c, a, best))) best = b;
            taken[best] = true;
            printf("  %c %.2f", vocab_label(vocab, best), distance(c, a, best));
        }
        printf("\n");
        free(taken);
    }
}

// The vowels among the characters, or all others. (The model is never told which are which.)
static void plot_letters(Plot *p, const double *first, const double *second, const Vocab *vocab, int V, bool vowels) {
    char (*letter)[2] = xcalloc((size_t)V, sizeof *letter);
    const char **word = xmalloc((size_t)V * sizeof *word);
    double *x = xmalloc((size_t)V * sizeof *x), *y = xmalloc((size_t)V * sizeof *y);
    int n = 0;
    for (int v = 0; v < V; v++) {
        char c = vocab_label(vocab, v);
        if ((strchr("aeiouAEIOU", c) != NULL) != vowels) continue;
        letter[n][0] = c;
        word[n] = letter[n];
        x[n] = first[v];
        y[n++] = second[v];
    }
    if (n) plot_words(p, x, y, word, n);
    free(y);
    free(x);
    free(word);
    free(letter);
}

void inspect_embeddings(const Net *net, const Vocab *vocab, const char *dir) {
    const Tensor *c = net->c;
    int V = c->shape[0], C = c->shape[1];
    double *x = centred(c), *first = xcalloc((size_t)V, sizeof *first), *second = xcalloc((size_t)V, sizeof *second);
    if (C == 2)
        for (int v = 0; v < V; v++) { first[v] = c->data[2 * v]; second[v] = c->data[2 * v + 1]; }
    else {
        principal_direction(x, V, C, first);
        if (C > 1) principal_direction(x, V, C, second);
    }
    print_nearest(c, vocab);
    char *png = xprintf("%s/letters.png", dir);
    Plot p;
    plot_begin(&p, png, "Where the model puts the characters; the vowels have another colour",
               C == 2 ? "first number of the vector" : "first principal component", C == 2 ? "second number" : "second principal component");
    plot_set(&p, "offsets graph 0.05, graph 0.05, graph 0.05, graph 0.05");
    plot_letters(&p, first, second, vocab, V, false);
    plot_letters(&p, first, second, vocab, V, true);
    plot_show(&p, false);
    free(png);
    free(second);
    free(first);
    free(x);
}

void inspect_rates(const double *rate, const double *loss, int n, double best) {
    double *smooth = xmalloc((size_t)n * sizeof *smooth), average = 0;
    for (int i = 0; i < n; i++) {
        average = 0.98 * average + 0.02 * fmin(loss[i], 100);
        smooth[i] = average / (1 - pow(0.98, i + 1));
    }
    Plot p;
    plot_begin(&p, "runs/03-mlp/rates.png", "One short run, a larger learning rate at every step", "learning rate", "loss of the step, smoothed");
    plot_set(&p, "logscale x");
    char *top = xprintf("yrange [0:%g]", 1.25 * smooth[0]);      // what explodes leaves the picture
    char *mark = xprintf("arrow from %g, graph 0 to %g, graph 1 nohead dt 2 lc rgb \"#444444\"", best, best);
    char *label = xprintf("label \"lowest: %.2g \" at %g, graph 0.93 right", best, best);
    plot_set(&p, top);
    plot_set(&p, mark);
    plot_set(&p, label);
    free(label);
    free(mark);
    free(top);
    plot_curve(&p, NULL, rate, smooth, n);
    printf("smoothed loss is lowest at a learning rate of %.3g\n", best);
    plot_show(&p, true);
    free(smooth);
}

void inspect_sizes(const int *block, int blocks, const int *embedding, int embeddings, const double *loss) {
    printf("validation loss\n                ");
    for (int b = 0; b < blocks; b++) printf("  context %d", block[b]);
    for (int e = 0; e < embeddings; e++) {
        printf("\nembedding %3d   ", embedding[e]);
        for (int b = 0; b < blocks; b++) printf("%11.4f", loss[e * blocks + b]);
    }
    printf("\n");
    Plot p;
    double *x = xmalloc((size_t)blocks * sizeof *x);
    for (int b = 0; b < blocks; b++) x[b] = block[b];
    plot_begin(&p, "runs/03-mlp/sizes.png", "More context, larger vectors: the same number of steps", "characters of context", "validation loss");
    plot_set(&p, "key outside above horizontal");
    plot_set(&p, "xtics 1");
    for (int e = 0; e < embeddings; e++) {
        char label[32];
        snprintf(label, sizeof label, "embedding %d", embedding[e]);
        plot_curve(&p, label, x, loss + e * blocks, blocks);
    }
    free(x);
    plot_show(&p, true);
}
