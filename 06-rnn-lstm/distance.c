// distance.c of 06-rnn-lstm: how far back a loss can be felt.
#include "backward.h"
#include "inspect.h"
#include "op_cross_entropy.h"
#include "plot.h"

#include <math.h>
#include <stdlib.h>

enum { FAR = 100, WINDOWS = 64, ROOM = FAR + 1 };
static const int SHOWN[] = {0, 1, 2, 5, 10, 20, 50, 100};

// norm[k]: of the gradient at what was read k places before the last, mean over B windows (T,B) of which only the last place has a loss.
static void measure(Net *net, const int *x, const int *y, double *norm) {
    Tape tape = tape_new(true);
    Pass p = net_forward(net, &tape, (Input){.T = ROOM, .B = WINDOWS, .x = x}, 0, NULL, false);
    backward(&tape, op_cross_entropy(&tape, p.logits, y, WORD_PAD));
    int E = net->shape.embedding;
    for (int t = 0; t < ROOM; t++) {
        norm[FAR - t] = 0;
        for (int b = 0; b < WINDOWS; b++) {
            const float *d = p.e->grad + ((size_t)t * WINDOWS + (size_t)b) * (size_t)E;
            double sum = 0;
            for (int i = 0; i < E; i++) sum += (double)d[i] * d[i];
            norm[FAR - t] += sqrt(sum);         // the loss is a mean over the windows, so this sum is their mean norm
        }
    }
    tape_free(&tape);
}

// Windows that stand evenly in ids[0..n); only the last place of each has a target.
static void windows_of(const int *id, size_t n, int *x, int *y) {
    size_t apart = (n - ROOM - 1) / WINDOWS;
    for (int b = 0; b < WINDOWS; b++)
        for (int t = 0; t < ROOM; t++) {
            const int *at = id + (size_t)b * apart + (size_t)t;
            x[t * WINDOWS + b] = at[0];
            y[t * WINDOWS + b] = t == FAR ? at[1] : WORD_PAD;
        }
}

static void draw(double (*norm)[ROOM], const char *const *name, int nets, const char *dir) {
    double distance[ROOM];
    for (int k = 0; k < ROOM; k++) distance[k] = k;
    char *png = xprintf("%s/distance.png", dir);
    Plot p;
    plot_begin(&p, png, "How far back a loss is felt", "places before", "norm of the gradient at what was read there");
    plot_set(&p, "logscale y");
    plot_set(&p, "key bottom left");
    plot_set(&p, "format y \"%.0e\"");
    for (int i = 0; i < nets; i++) plot_curve(&p, name[i], distance, norm[i], ROOM);
    plot_show(&p, false);
    free(png);
}

void inspect_distance(Net *const *net, const char *const *name, int nets, const Corpus *data, const char *dir) {
    if (data->n[1] < 2 * ROOM) {
        printf("the validation split has %zu places, too few to look %d back\n", data->n[1], FAR);
        return;
    }
    int x[ROOM * WINDOWS], y[ROOM * WINDOWS];
    double(*norm)[ROOM] = xmalloc((size_t)nets * sizeof *norm);
    windows_of(data->id[1], data->n[1], x, y);
    printf("the gradient of the loss at one place, at what was read so many places before\n%-16s", "");
    for (int k = 0; k < COUNT(SHOWN); k++) printf(" %8d", SHOWN[k]);
    for (int i = 0; i < nets; i++) {
        measure(net[i], x, y, norm[i]);
        printf("\n%-16s", name[i]);
        for (int k = 0; k < COUNT(SHOWN); k++) printf(" %8.1e", norm[i][SHOWN[k]]);
    }
    putchar('\n');
    draw(norm, name, nets, dir);
    free(norm);
}
