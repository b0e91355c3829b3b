// inspect.c of 09-gpt: what context is worth, what surprises the model, and what the cache saves.
#include "inspect.h"
#include "crops.h"
#include "op_softmax.h"
#include "plot.h"
#include "shade.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Probabilities of what comes after each of id (B,T): (B*T,V).
static const float *probabilities(Gpt *gpt, Tape *tape, const int *id, int B, int T) {
    Tensor *logits = gpt_logits(gpt, tape, gpt_forward(gpt, tape, id, B, T, NULL, NULL, false));
    return op_softmax(tape, tape_values(tape, "logits", 2, (int[]){B * T, gpt->shape.V}, logits->data))->data;
}

// --- context ---

void inspect_context(Gpt *gpt, Stream split, const char *dir) {
    enum { ROWS = 8, MOST = 400 };
    int T = gpt->shape.T, V = gpt->shape.V, pieces = min_int(MOST, crops_count(split, T)), *x = xmalloc((size_t)(ROWS * T) * sizeof *x), *y = xmalloc((size_t)(ROWS * T) * sizeof *y);
    double *loss = xcalloc((size_t)T, sizeof *loss), *place = xcalloc((size_t)T, sizeof *place);
    Tape tape = tape_new(false);
    for (int first = 0; first < pieces; first += ROWS) {
        int B = min_int(ROWS, pieces - first);
        crops_in_order(split, first, B, T, x, y);
        tape_reset(&tape);
        const float *p = probabilities(gpt, &tape, x, B, T);
        for (int n = 0; n < B * T; n++) loss[n % T] -= log((double)p[(size_t)n * (size_t)V + (size_t)y[n]]) / pieces;
    }
    printf("loss at a place that sees so many characters, over %d pieces of the validation text:\n", pieces);
    for (int t = 0; t < T; t++) place[t] = t + 1;
    for (int seen = 1; pieces > 0 && seen <= T; seen *= 2) printf("%8d %8.4f\n", seen, loss[seen - 1]);
    char *png = xprintf("%s/context.png", dir);
    Plot plot;
    plot_begin(&plot, png, "What context is worth", "characters that it sees", "loss, nats per character");
    plot_curve(&plot, "validation", place, loss, pieces > 0 ? T : 0);
    plot_show(&plot, false);
    free(png);
    tape_free(&tape);
    free(loss);
    free(place);
    free(x);
    free(y);
}

// --- surprise ---

static void print_shaded(const Vocab *vocab, int id, int before, double part) {
    int colours = shade_in_colour(stdout);
    if (colours) printf("\033[48;5;%dm\033[38;5;%dm", shade_colour(part), part > 0.5 ? 255 : 16);
    vocab_write(vocab, id, before, stdout);
    if (colours) printf("\033[0m");
}

static void print_expected(const Vocab *vocab, const float *p, int V) {
    enum { SHOWN = 3 };
    int last = -1;
    for (int k = 0; k < SHOWN && k < V; k++) {
        int best = -1;
        for (int i = 0; i < V; i++)
            if (i != last && (last < 0 || p[i] < p[last] || (!(p[i] > p[last]) && i > last)) && (best < 0 || p[i] > p[best])) best = i;
        printf(" %c %2.0f %%", vocab_label(vocab, best), 100 * (double)p[best]);
        last = best;
    }
}

void inspect_surprise(Gpt *gpt, const Vocab *vocab, const int *id, int n) {
    enum { SHOWN = 5 };
    const double FULL = 8;      // bits that are drawn darkest
    int V = gpt->shape.V, greatest[SHOWN] = {0}, count = 0;
    if (n < 2) return;
    Tape tape = tape_new(false);
    const float *p = probabilities(gpt, &tape, id, 1, n - 1);
    double *bits = xcalloc((size_t)n, sizeof *bits), sum = 0;
    for (int t = 1; t < n; t++) sum += bits[t] = -log2((double)p[(size_t)(t - 1) * (size_t)V + (size_t)id[t]]);
    printf("\nthe text, each character the darker the more it surprised: %.2f bits per character\n", sum / (n - 1));
    for (int t = 0; t < n; t++) print_shaded(vocab, id[t], t > 0 ? id[t - 1] : -1, fmin(1, bits[t] / FULL));
    printf("\n\nwhat surprised it most:\n");
    while (count < SHOWN && count < n - 1) {
        int best = 0;
        for (int t = 1; t < n; t++) {
            bool taken = false;
            for (int k = 0; k < count; k++) taken |= greatest[k] == t;
            if (!taken && (best == 0 || bits[t] > bits[best])) best = t;
        }
        greatest[count++] = best;
        printf("  place %3d: %c, %.1f bits; it expected", best, vocab_label(vocab, id[best]), bits[best]);
        print_expected(vocab, p + (size_t)(best - 1) * (size_t)V, vocab->size);
        putchar('\n');
    }
    tape_free(&tape);
    free(bits);
}

// --- the cache ---

// Seconds to write `count` tokens behind id[0].
static double write_greedily(const Model *m, int *id, int count, float *prob) {
    double start = seconds_now();
    for (int n = 1; n <= count; n++) {
        m->next(m, id, (size_t)n, prob);
        id[n] = 0;
        for (int i = 1; i < m->vocab->size; i++)
            if (prob[i] > prob[id[n]]) id[n] = i;
    }
    return seconds_now() - start;
}

void inspect_speed(Writer *w, int count) {
    Model m = writer_model(w);
    int *with = xcalloc((size_t)count + 1, sizeof *with), *without = xcalloc((size_t)count + 1, sizeof *without), same = 1;
    float *prob = xmalloc((size_t)w->net.V * sizeof *prob);
    with[0] = without[0] = model_start(&m);
    double fast = write_greedily(&m, with, count, prob);
    w->cached = false;
    double slow = write_greedily(&m, without, count, prob);
    w->cached = true;
    while (same <= count && with[same] == without[same]) same++;
    printf("\n%d tokens, always the likeliest: %.0f a second with the cache, %.0f without; the first %d are the same\n", count, count / fast, count / slow, same - 1);
    free(prob);
    free(with);
    free(without);
}
