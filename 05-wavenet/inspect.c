// inspect.c of 05-wavenet: the tree from outside.
#include "inspect.h"
#include "dilated.h"
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
    size_t a_window = 0, a_place = 0;       // multiply-adds: of the tree, and of a convolution
    Tensor *x = op_embedding(&tape, net->c, window, 1, s.block);
    printf("layer            what comes out   parameters   characters seen   multiply-adds a window   a place\n");
    printf("%2d %-13s %-14s %12zu   %15d\n", 0, "embedding", shape_text(x), net->c->size, reach);
    for (int i = 0; i < net->layers.count; i++) {
        Layer *l = &net->layers.layer[i];
        x = l->forward(l, &tape, x, false);
        if (strcmp(l->kind, "flatten") == 0) reach *= l->n;
        printf("%2d %-13s %-14s %12zu   %15d", i + 1, l->kind, shape_text(x), layers_size(l), reach);
        if (l->w) {
            printf("   %22zu   %7zu", l->w->size * (size_t)rows_of(x), l->w->size);
            a_window += l->w->size * (size_t)rows_of(x);
            a_place += l->w->size;
        }
        putchar('\n');
    }
    printf("in all %39zu   %15d   %22zu   %7zu\n", net->params.size, reach, a_window, a_place);
    free(window);
    tape_free(&tape);
}

// --- the receptive field ---

enum { SHOWN = 16, EDGES = 1000 };      // places in time; edges in the picture at most

typedef struct {
    double x[3 * EDGES], y[3 * EDGES];
    int n;
} Lines;

// The edges into place t of this level, and on down.
static void branch(Lines *l, int t, int level, int step, int fuse) {
    for (int k = 0; level > 0 && k < fuse; k++) {
        int from = t - k * step;
        if (l->n + 3 > 3 * EDGES) return;
        double x[] = {from, t, NAN}, y[] = {level - 1, level, NAN};
        memcpy(l->x + l->n, x, sizeof x);
        memcpy(l->y + l->n, y, sizeof y);
        l->n += 3;
        branch(l, from, level - 1, step / fuse, fuse);
    }
}

// The edges of the convolution out of a level, thin and grey.
static void grid(Plot *p, int level, int dilation, int fuse, int shown) {
    char text[96];
    snprintf(text, sizeof text, "ytics add (\"level %d: dilation %d\" %d)", level + 1, dilation, level + 1);
    plot_set(p, text);
    for (int i = 0; i < shown * fuse && i < EDGES; i++) {
        int t = i / fuse, from = t - i % fuse * dilation;
        snprintf(text, sizeof text, "arrow from %d,%d to %d,%d nohead back lw 1 lc rgb \"#aaaaaa\"", from, level, t, level + 1);
        if (from >= 0) plot_set(p, text);
    }
}

void inspect_receptive_field(const Net *net) {
    Shape s = net->shape;
    Lines *tree = xcalloc(1, sizeof *tree);
    int levels = 0, shown = max_int(SHOWN, s.block + 1);
    Plot p;
    const char png[] = "runs/05-wavenet/receptive.png";
    plot_begin(&p, png, "Thin: the convolution, every level once a place.   Thick: what the last place sees, its tree.", "place in the text", "");
    plot_set(&p, "ytics (\"embeddings\" 0)");
    for (int reach = 1; reach < s.block; reach *= s.fuse) grid(&p, levels++, reach, s.fuse, shown);
    branch(tree, shown - 1, levels, s.block / s.fuse, s.fuse);
    char range[96];
    snprintf(range, sizeof range, "xrange [-0.5:%d.5]; set yrange [-0.2:%d.2]; unset grid; unset key", shown - 1, levels);
    plot_set(&p, range);
    if (shown <= 2 * SHOWN) plot_set(&p, "xtics 1");
    plot_curve(&p, "the tree of the last window", tree->x, tree->y, tree->n);
    plot_show(&p, false);
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

// The bug's estimates at each place of the first level: the mean of the variances there.
static void places(const Net *net) {
    const Tensor *var = NULL;           // (T*C)
    for (int i = 0; i < net->layers.count && !var; i++) var = net->layers.layer[i].bn.var;
    printf("no convolution computes the bug: its statistics belong to a place in the window\n");
    if (!var) return;
    int C = net->shape.hidden, T = (int)var->size / C;
    printf("running variance by place, mean over the %d units of the first level:", C);
    for (int t = 0; t < T; t++) {
        double sum = 0;
        for (int c = 0; c < C; c++) sum += var->data[t * C + c];
        printf("   %.2f", sum / C);
    }
    putchar('\n');
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
    double sum = 0, difference = 0, largest = 0;
    printf("letter by letter:");
    for (int n = 0; n < N; n++) {
        double prob = p->data[n * V + name.id[n + 1]];
        printf("  %c %.3f", vocab_label(vocab, name.id[n + 1]), prob);
        sum -= log(prob);
    }
    printf("   mean loss %.4f\n", sum / N);
    if (net->shape.bug) {
        places(net);
    } else {
        const float *conv = by_convolution(net, &tape, name)->data + (size_t)(net->shape.block - 1) * (size_t)V;
        for (int i = 0; i < N * V; i++) {
            difference = fmax(difference, fabs(conv[i] - tree->data[i]));
            largest = fmax(largest, fabs(tree->data[i]));
        }
        difference /= largest;
        printf("the tree, window by window, and dilated convolutions, once over the whole: logits differ by at most %.1e of the largest\n", difference);
    }
    tape_free(&tape);
    return difference;
}
