// inspect.c of 02-neural-bigram: looking at the tape, its gradients, and the table it learned.
#define _POSIX_C_SOURCE 200809L
#include "inspect.h"
#include "backward.h"
#include "gradcheck.h"
#include "ngram.h"
#include "op_cross_entropy.h"
#include "op_linear.h"
#include "op_onehot.h"
#include "op_penalty.h"
#include "op_softmax.h"
#include "plot.h"
#include "shade.h"
#include "tapeview.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SHORT = 6, CHECKED = 6 };

// The first few pairs of the text: enough to see, few enough to read.
static Tensor *short_loss(Net *net, Tape *tape, const Text *t) {
    Tensor *logits = net_forward(net, tape, t->all.id, SHORT);      // (6,V)
    return op_penalty(tape, op_cross_entropy(tape, logits, t->all.id + 1, NO_IGNORE), net->w, 0.01f);
}

void inspect_tape(Net *net, const Text *t, const char *dir) {
    Tape tape = tape_new(true);
    params_zero_grad(&net->params);
    backward(&tape, short_loss(net, &tape, t));
    printf("\nthe tape of one step on the first %d pairs of %s\n", SHORT, t->name);
    tapeview_print(&tape, stdout);
    char *path = xprintf("%s/tape.dot", dir);
    FILE *out = fopen(path, "w");
    if (out) {
        tapeview_dot(&tape, out);
        fclose(out);
        printf("graph: %s (a picture: dot -Tpng %s > tape.png)\n", path, path);
    } else fprintf(stderr, "cannot write %s\n", path);
    free(path);
    tape_free(&tape);
}

typedef struct {
    Net *net;
    const Text *t;
} Question;

static double ask(void *ctx) {
    Question *q = ctx;
    Tape tape = tape_new(false);
    double loss = short_loss(q->net, &tape, q->t)->data[0];
    tape_free(&tape);
    return loss;
}

void inspect_gradients(Net *net, const Text *t) {
    Tape tape = tape_new(true);
    params_zero_grad(&net->params);
    backward(&tape, short_loss(net, &tape, t));
    tape_free(&tape);
    printf("\na gradient beside its finite difference, (loss(w+h) - loss(w-h)) / 2h with h = 0.01\n");
    printf("   weight                gradient   difference\n");
    for (int i = 0; i < CHECKED; i++) {
        int before = t->all.id[i], next = t->all.id[i + 1], at = next * net->V + before;
        double slope = gradcheck_slope(ask, &(Question){net, t}, &net->w->data[at], 0.01f);
        printf("   w[%c after %c]         %9.5f   %9.5f\n", vocab_show(&t->vocab, next), vocab_show(&t->vocab, before), net->w->grad[at], slope);
    }
}

// The whole table of probabilities: (V,V), a row for each character before.
static void learned_table(Net *net, float *p) {
    Tape tape = tape_new(false);
    int *all = xmalloc((size_t)net->V * sizeof *all);
    for (int i = 0; i < net->V; i++) all[i] = i;
    Tensor *prob = op_softmax(&tape, net_forward(net, &tape, all, net->V));
    memcpy(p, prob->data, prob->size * sizeof *p);
    free(all);
    tape_free(&tape);
}

static void draw_table(const double *value, const Vocab *v, const char *png, const char *title, const char *bar) {
    char (*letter)[2] = xcalloc((size_t)v->size, sizeof *letter);
    const char **label = xmalloc((size_t)v->size * sizeof *label);
    for (int i = 0; i < v->size; i++) {
        letter[i][0] = vocab_label(v, i);
        label[i] = letter[i];
    }
    Plot p;
    plot_begin(&p, png, title, "the next character", "the character before");
    plot_map(&p, value, v->size, v->size, label, label, NULL, bar);
    plot_show(&p, false);
    free(letter);
    free(label);
}

void inspect_table(Net *net, const Text *t, const char *dir) {
    int V = net->V, cells = V * V;
    float *learned = xmalloc((size_t)cells * sizeof *learned);
    double *shown = xmalloc((size_t)cells * sizeof *shown), *apart = xmalloc((size_t)cells * sizeof *apart), most = 0, mean = 0;
    char *labels = xcalloc((size_t)V + 1, 1);
    learned_table(net, learned);
    Ngram counted = ngram_fit(t->all, 2, V, 0);
    for (int i = 0; i < cells; i++) {
        shown[i] = learned[i];
        apart[i] = fabs((double)learned[i] - counted.prob[i]);
        most = fmax(most, apart[i]);
        mean += apart[i] / cells;
    }
    for (int i = 0; i < V; i++) labels[i] = vocab_label(&t->vocab, i);
    printf("\nlearned probabilities (row: the character before)\n");
    shade_map(stdout, shown, V, V, labels, labels);
    printf("beside the counted ones of lesson 01: apart by %.4f at most, by %.5f in the mean\n", most, mean);
    printf("loss of the learned table on all of it %.4f, of the counted one %.4f\n", net_loss(net, t->all), ngram_loss(&counted, t->all));
    char *a = xprintf("%s/learned.png", dir), *b = xprintf("%s/difference.png", dir);
    draw_table(shown, &t->vocab, a, "Learned probability of the next character", "probability");
    draw_table(apart, &t->vocab, b, "How far the learned table is from the counted one", "|difference of probability|");
    free(a);
    free(b);
    free(labels);
    free(shown);
    free(apart);
    free(learned);
    ngram_free(&counted);
}

// --- the walk ---

static bool wait_for_enter(FILE *in) {
    if (isatty(fileno(in))) printf("[Enter: on, q: stop] ");
    fflush(stdout);
    char line[16];
    return fgets(line, sizeof line, in) && line[0] != 'q';
}

void inspect_walk(FILE *in) {
    float w[] = {0.5f, -1, 2, 1, 0, -0.5f}, dw[6] = {0};
    Tensor weight = {.name = "w", .ndim = 2, .shape = {3, 2}, .size = 6, .data = w, .grad = dw, .wants_grad = true};
    Tape tape = tape_new(true);
    const int id[] = {1, 0}, target[] = {2, 0};
    Tensor *logits = op_linear(&tape, op_onehot(&tape, id, 2, 2), &weight, NULL);
    Tensor *loss = op_cross_entropy(&tape, logits, target, NO_IGNORE);
    printf("two characters in, three possible out; w (3,2) is all there is to learn\n\nforwards: every value is made from those above it\n");
    for (int i = 0; i < tape.count; i++) {
        tapeview_node(&tape, i, 6, stdout);
        if (!wait_for_enter(in)) goto done;
    }
    backward(&tape, loss);
    printf("\nbackwards: every gradient is made from those below it, d loss / d loss = 1 first\n");
    for (int i = tape.count - 1; i >= 0; i--) {
        tapeview_node(&tape, i, 6, stdout);
        if (!wait_for_enter(in)) goto done;
    }
    printf("and so to w, row o for output o: d loss / d w =");
    for (int i = 0; i < 6; i++) printf(" %.4g", (double)dw[i]);
    printf("\n");
done:
    tape_free(&tape);
}
