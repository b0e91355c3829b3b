// inspect.c of 05-wavenet: the tree from outside.
#include "inspect.h"
#include "dilated.h"
#include "file.h"
#include "op_embedding.h"
#include "op_softmax.h"
#include "plot.h"
#include "windows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// --- layers ---

void inspect_layers(Net *net) {
    Shape s = net->shape;
    Tape tape = tape_new(false);
    int *window = xcalloc((size_t)s.block, sizeof *window), reach = 1;
    Tensor *x = op_embedding(&tape, net->c, window, 1, s.block);
    printf("layer            what comes out   parameters   characters seen\n");
    printf("%2d %-13s %-14s %12zu   %15d\n", 0, "embedding", shape_text(x), net->c->size, reach);
    for (int i = 0; i < net->layers.count; i++) {
        Layer *l = &net->layers.layer[i];
        x = l->forward(l, &tape, x, false);
        if (strcmp(l->kind, "flatten") == 0) reach *= l->n;
        printf("%2d %-13s %-14s %12zu   %15d\n", i + 1, l->kind, shape_text(x), layers_size(l), reach);
    }
    printf("in all %39zu\n", net->params.size);
    free(window);
    tape_free(&tape);
}

// --- the receptive field ---

enum { SHOWN = 16 };    // places in time

typedef struct {
    double x[4096], y[4096];
    int n;
} Lines;

static void line(Lines *l, double x0, double y0, double x1, double y1) {
    if (l->n + 3 > 4096) return;
    double x[] = {x0, x1, NAN}, y[] = {y0, y1, NAN};
    memcpy(l->x + l->n, x, sizeof x);
    memcpy(l->y + l->n, y, sizeof y);
    l->n += 3;
}

// The edges into place t of this level, and on down.
static void branch(Lines *l, int t, int level, int step, int fuse) {
    for (int k = 0; level > 0 && k < fuse; k++) {
        int from = t - k * step;
        if (from < 0) return;
        line(l, from, level - 1, t, level);
        branch(l, from, level - 1, step / fuse, fuse);
    }
}

void inspect_receptive_field(const Net *net) {
    Shape s = net->shape;
    Lines *grid = xcalloc(1, sizeof *grid), *tree = xcalloc(1, sizeof *tree);
    int levels = 0, shown = max_int(SHOWN, s.block + 1);
    for (int reach = 1; reach < s.block; reach *= s.fuse, levels++)
        for (int t = 0; t < shown; t++)
            for (int k = 0; k < s.fuse; k++)
                if (t - k * reach >= 0) line(grid, t - k * reach, levels, t, levels + 1);
    branch(tree, shown - 1, levels, s.block / s.fuse, s.fuse);
    Plot p;
    Error e;
    const char png[] = "runs/05-wavenet/receptive.png";
    bool ok = file_make_dirs("runs/05-wavenet", &e);
    plot_begin(&p, png, "What the last place sees, and what it shares with the places before", "place in the text", "level");
    char range[64];
    snprintf(range, sizeof range, "xrange [-0.5:%d.5]; set yrange [-0.2:%d.2]", shown - 1, levels);
    plot_set(&p, range);
    plot_set(&p, "ytics 1");
    plot_set(&p, "key above");
    plot_curve(&p, "dilated causal convolution: every place", grid->x, grid->y, grid->n);
    plot_curve(&p, "the tree of the last window", tree->x, tree->y, tree->n);
    if (ok && plot_end(&p, false, &e)) printf("picture: %s\n", png);
    else fprintf(stderr, "%s\n", e.message);
    free(grid);
    free(tree);
}

// --- a name, letter by letter ---

// Logits (n-1, V) of every character after the first, each from its window.
static Tensor *by_windows(Net *net, Tape *tape, Stream name) {
    int N = (int)name.n - 1;
    int *context = xmalloc((size_t)N * (size_t)net->shape.block * sizeof *context), *target = xmalloc((size_t)N * sizeof *target);
    windows(name, net->shape.block, context, target);
    Tensor *y = net_logits(net, tape, context, N, false);
    free(context);
    free(target);
    return y;
}

// The same from one pass over the name. Before it stand as many boundaries as a first window holds. Row r of the result is at
// place block-1 + r.
static Tensor *by_convolution(Net *net, Tape *tape, Stream name) {
    int before = net->shape.block - 1, T = before + (int)name.n - 1;
    int *id = xcalloc((size_t)T, sizeof *id);
    memcpy(id + before, name.id, (name.n - 1) * sizeof *id);
    Tensor *y = dilated_forward(&net->layers, tape, op_embedding(tape, net->c, id, 1, T));
    free(id);
    return y;
}

double inspect_score(Net *net, const Vocab *vocab, Stream name) {
    Tape tape = tape_new(false);
    int V = net->shape.V, N = (int)name.n - 1;
    Tensor *tree = by_windows(net, &tape, name), *p = op_softmax(&tape, tree);              // (N, V)
    double sum = 0, difference = 0;
    printf("letter by letter:");
    for (int n = 0; n < N; n++) {
        double prob = p->data[n * V + name.id[n + 1]];
        printf("  %c %.3f", vocab_label(vocab, name.id[n + 1]), prob);
        sum -= log(prob);
    }
    printf("   mean loss %.4f\n", sum / N);
    if (net->shape.bug) {
        printf("no convolution computes the bug: its statistics belong to a place in the window\n");
    } else {
        const float *conv = by_convolution(net, &tape, name)->data + (size_t)(net->shape.block - 1) * (size_t)V;
        for (int i = 0; i < N * V; i++) difference = fmax(difference, fabs(conv[i] - tree->data[i]) / fmax(1, fabs(tree->data[i])));
        printf("the tree, window by window, and dilated convolutions, once over the whole: logits differ by at most %.1e of their size\n", difference);
    }
    tape_free(&tape);
    return difference;
}
