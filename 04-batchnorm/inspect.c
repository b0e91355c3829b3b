// inspect.c of 04-batchnorm: what a net looks like from inside.
#include "inspect.h"
#include "histogram.h"
#include "plot.h"
#include "saturation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { BINS = 30 };
static const double BEYOND = 0.97, FLAT = 0.99;     // where tanh's slope is under 6 %, and under 2 %
static const char DIR[] = "runs/04-batchnorm";

static void begin(Plot *p, const char *name, const char *picture, const char *title, const char *x, const char *y) {
    char *png = xprintf("%s/%s%s.png", DIR, name, picture);
    plot_begin(p, png, title, x, y);
    free(png);
}

// --- activations and their gradients ---

// The spread of one tensor of each layer: data, or grad.
static void spread_curves(Plot *p, Tensor *const *layer, int layers, bool grad, double low, double high) {
    double centre[BINS], density[BINS];
    for (int l = 0; l < layers; l++) {
        char label[64];
        snprintf(label, sizeof label, "layer %d", l + 1);
        histogram(grad ? layer[l]->grad : layer[l]->data, layer[l]->size, low, high, BINS, centre, density);
        plot_curve(p, label, centre, density, BINS);
    }
}

// Whether a unit lets next to nothing of a gradient through: a tanh near its ends, a relu at 0.
static bool shut(float y, bool relu) { return relu ? y == 0 : fabs(y) > FLAT; }

// Units of relu that are 0 in every row.
static int dead_relu(const Tensor *y) {
    int N = rows_of(y), C = last_of(y), dead = 0;
    for (int c = 0; c < C; c++) {
        int n = 0;
        while (n < N && shut(y->data[(size_t)n * (size_t)C + (size_t)c], true)) n++;
        dead += n == N;
    }
    return dead;
}

// Rows: examples of the batch. Columns: units. Dark: shut.
static void shut_map(const Tensor *y, bool relu, const char *name) {
    int N = rows_of(y), C = last_of(y);
    double *value = xmalloc(y->size * sizeof *value);
    const char **blank = xmalloc((size_t)max_int(N, C) * sizeof *blank);
    for (int i = 0; i < max_int(N, C); i++) blank[i] = "";
    for (size_t i = 0; i < y->size; i++) value[i] = shut(y->data[i], relu);
    Plot p;
    const char *title = relu ? "First hidden layer. Dark: the activation is 0" : "First hidden layer. Dark: |activation| is above 0.99";
    begin(&p, name, "-saturated", title, "unit", "example of the batch");
    plot_set(&p, "cbrange [0:1]; unset colorbox");
    plot_map(&p, value, N, C, blank, blank, NULL, "");
    plot_show(&p, false);
    free(blank);
    free(value);
}

void inspect_layers(const Net *net, const Pass *pass, const char *name) {
    int layers = net->shape.layers;
    bool relu = net->shape.relu;
    double widest = 0;
    printf("\nlayer    mean   deviation   %s   dead units   deviation of the gradient\n", relu ? "       at 0" : "beyond 0.97");
    for (int l = 0; l < layers; l++) {
        const Tensor *y = pass->after[l];
        Moments value = moments(y->data, y->size), grad = moments(y->grad, y->size);
        double share = relu ? 1 - saturation(y, 0) : saturation(y, BEYOND);
        printf("%5d  %+.4f   %9.4f   %9.2f %%   %10d   %.3e\n", l + 1, value.mean, value.deviation, 100 * share,
               relu ? dead_relu(y) : saturation_dead(y, FLAT), grad.deviation);
        widest = fmax(widest, grad.deviation);
    }
    Plot p;
    begin(&p, name, "-activations", "What comes out of each hidden layer", "activation", "density");
    plot_set(&p, "key outside");
    plot_set(&p, "yrange [0:*]");
    spread_curves(&p, pass->after, layers, false, relu ? 0 : -1, relu ? 4 : 1);
    plot_show(&p, false);
    begin(&p, name, "-gradients", "The gradient that reaches each hidden layer", "gradient", "density");
    spread_curves(&p, pass->after, layers, true, -3 * widest, 3 * widest);
    plot_show(&p, false);
    shut_map(pass->after[0], relu, name);
}

// --- weights ---

void inspect_weights(const Net *net, const char *name) {
    double widest = 0, centre[BINS], density[BINS];
    printf("\nmatrix   shape        deviation   of the gradient   gradient : data\n");
    for (int l = 0; l <= net->shape.layers; l++) {
        const Tensor *w = net->layer[l].w;
        double value = moments(w->data, w->size).deviation, grad = moments(w->grad, w->size).deviation;
        printf("W%-6d  %-10s  %10.4f   %15.3e   %15.3e\n", l + 1, shape_text(w), value, grad, grad / value);
        widest = fmax(widest, grad);
    }
    Plot p;
    begin(&p, name, "-weights", "The gradient of the weights", "gradient", "density");
    for (int l = 0; l <= net->shape.layers; l++) {
        const Tensor *w = net->layer[l].w;
        char label[64];
        snprintf(label, sizeof label, "W%d %s", l + 1, shape_text(w));
        histogram(w->grad, w->size, -3 * widest, 3 * widest, BINS, centre, density);
        plot_curve(&p, label, centre, density, BINS);
    }
    plot_show(&p, false);
}

// --- updates ---

enum { UPDATE_POINTS = 200 };       // of a curve: more steps than that are averaged, or they hide one another

static void update_curve(Plot *p, const char *label, const double *ratio, int steps) {
    double x[UPDATE_POINTS], y[UPDATE_POINTS];
    int points = min_int(steps, UPDATE_POINTS);
    for (int i = 0; i < points; i++) {
        int from = (int)((long)i * steps / points), to = (int)((long)(i + 1) * steps / points);
        x[i] = (from + to - 1) / 2.0;
        y[i] = 0;
        for (int step = from; step < to; step++) y[i] += ratio[step] / (to - from);
    }
    plot_curve(p, label, x, y, points);
}

void inspect_updates(const double *ratio, int matrices, int steps, const char *name) {
    printf("\nlog10 of update : data, mean of the last %d steps\n", min_int(steps, 100));
    Plot p;
    begin(&p, name, "-updates", "How far a step moves each matrix, for its size", "step", "log10 of update : data");
    plot_set(&p, "key bottom right");
    plot_set(&p, "yrange [*<-4:-1<*]");
    for (int l = 0; l < matrices; l++) {
        double sum = 0;
        int last = min_int(steps, 100);
        for (int i = steps - last; i < steps; i++) sum += ratio[l * steps + i];
        char label[16];
        snprintf(label, sizeof label, "W%d", l + 1);
        printf("   %s %.2f", label, sum / last);
        update_curve(&p, label, ratio + (size_t)l * (size_t)steps, steps);
    }
    printf("\n");
    plot_level(&p, "healthy: -3", -3);
    plot_show(&p, false);
}

// --- variants ---

void inspect_variants(const VariantRun *run) {
    printf("variant          step 0    last hundredth   validation\n");
    Plot p;
    begin(&p, "", "variants", "The same steps, another beginning", "step", "training loss, mean of a hundredth of the run");
    plot_set(&p, "yrange [2:3.4]");
    for (int i = 0; i < VARIANT_RUNS; i++) {
        const VariantRun *v = &run[i];
        printf("%-14s  %7.4f   %15.4f   %10.4f\n", v->name, v->first, v->loss[VARIANT_POINTS - 1], v->val);
        plot_curve(&p, v->name, v->step, v->loss, VARIANT_POINTS);
    }
    plot_show(&p, false);
}
