// inspect.c of 08-transformer: what a block is made of, and what its parts do to gradients.
#include "inspect.h"
#include "backward.h"
#include "lines.h"
#include "op_cross_entropy.h"
#include "plot.h"

#include <math.h>
#include <stdlib.h>

// --- parameters and multiply-adds ---

static void print_part(const char *what, size_t params, double products) { printf("%-34s %12zu %14.0f\n", what, params, products); }

static size_t size_of(const Tensor *t) { return t ? t->size : 0; }

void inspect_parts(Shape s, int V) {
    Net net;
    s.V = V;
    net_init(&net, s);
    const Block *b = &net.block[0];
    size_t C = (size_t)s.block.C, norms = 2 * (size_of(b->talk.gain) + size_of(b->talk.bias));
    size_t attention = size_of(b->qkv) + size_of(b->proj), forward = size_of(b->forward.up) + size_of(b->forward.down);
    size_t biases = size_of(b->qkv_bias) + size_of(b->proj_bias) + size_of(b->forward.up_bias) + size_of(b->forward.down_bias);
    printf("%-34s %12s %14s\n", "part", "parameters", "multiply-adds");
    print_part("embeddings: characters, positions", net.tokens->size + net.positions->size, 0);
    print_part("a block: matrices of attention", attention, (double)attention);
    print_part("a block: scores and mean of values", 0, (double)((size_t)s.T + 1) * (double)C);       // T/2 places on average, twice
    print_part("a block: feed-forward", forward, (double)forward);
    print_part("a block: norms and biases", norms + biases, 0);
    print_part("the last norm and the head", size_of(net.gain) + size_of(net.norm_bias) + net.head->size + size_of(net.head_bias), (double)net.head->size);
    print_part("in all", net.params.size, (double)s.layers * ((double)(attention + forward) + (double)((size_t)s.T + 1) * (double)C) + (double)net.head->size);
    printf("(multiply-adds for each character, forward; back takes twice as many)\n\n");
    net_free(&net);
}

// --- gradients by depth ---

static double root_mean_square(const float *x, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (double)x[i] * (double)x[i];
    return sqrt(sum / (double)n);
}

// How much of x (B,T,C) differs from text to text: the variance over the B texts at the same place, as a share of the mean square.
static double share_of_text(const Tensor *x) {
    int B = x->shape[0];
    size_t place = x->size / (size_t)B;
    double variance = 0, square = 0;
    for (size_t i = 0; i < place; i++) {
        double sum = 0, squares = 0;
        for (int b = 0; b < B; b++) {
            double v = (double)x->data[(size_t)b * place + i];
            sum += v;
            squares += v * v;
        }
        variance += fmax(squares - sum * sum / B, 0);
        square += squares;
    }
    return square > 0 ? variance / square : NAN;
}

void inspect_depth(Net *net, const int *id, const int *target, int B, int T, DepthCurve *c) {
    Tape tape = tape_new(true);
    Pass p = net_forward(net, &tape, id, B, T, NULL, false);
    Tensor *loss = op_cross_entropy(&tape, p.logits, target, LINES_IGNORE);
    backward(&tape, loss);
    for (int l = 0; l <= net->shape.layers; l++) {
        c->value[l] = root_mean_square(p.x[l]->data, p.x[l]->size);
        c->text[l] = share_of_text(p.x[l]);
        c->grad[l] = root_mean_square(p.x[l]->grad, p.x[l]->size) * B * T;      // the loss is a mean over the places
    }
    tape_free(&tape);
}

typedef enum { VALUE, TEXT, GRAD } What;

static void print_curves(const char *title, const DepthCurve *c, int count, int layers, What what) {
    printf("%s\nblock", title);
    for (int i = 0; i < count; i++) printf(" %10s", c[i].name);
    for (int l = 0; l <= layers; l++) {
        printf("\n%5d", l);
        for (int i = 0; i < count; i++) {
            double x = (what == VALUE ? c[i].value : what == TEXT ? c[i].text : c[i].grad)[l];
            printf(x > 0 && x < 9.95 ? " %#10.2g" : " %10.2g", x);     // 1.0, but 12
        }
    }
    printf("\n\n");
}

void inspect_draw_depth(const DepthCurve *c, int count, int layers) {
    print_curves("the size of what goes into each block, and (last row) comes out", c, count, layers, VALUE);
    print_curves("the share of it that differs from text to text", c, count, layers, TEXT);
    print_curves("the gradient of the loss there, times the number of places", c, count, layers, GRAD);
    double depth[LAYERS_MOST + 1];
    for (int l = 0; l <= layers; l++) depth[l] = l;
    Plot p;
    const char png[] = "runs/08-transformer/depth.png";
    plot_begin(&p, png, "Gradients on their way down", "block that it goes into", "root mean square of the gradient");
    plot_set(&p, "key bottom right");
    char *axis = xprintf("xrange [0:%d]; set xtics %d", layers, (layers + 15) / 16);
    plot_set(&p, axis);
    free(axis);
    plot_set(&p, "logscale y");
    plot_set(&p, "format y \"%.0e\"");
    for (int i = 0; i < count; i++) plot_curve(&p, c[i].name, depth, c[i].grad, layers + 1);
    plot_show(&p, false);
}
