// inspect.c of 01-bigram: looking into the table.
#include "inspect.h"
#include "backoff.h"
#include "ngram_count.h"
#include "plot.h"
#include "shade.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COMMONEST = 10, NUMBERS_FIT = 30 };

static void draw_pairs(const uint32_t *count, const Vocab *v, const char *png) {
    int V = v->size;
    double *value = xmalloc((size_t)(V * V) * sizeof *value);
    char (*number)[12] = xmalloc((size_t)(V * V) * sizeof *number), (*letter)[2] = xcalloc((size_t)V, sizeof *letter);
    const char **text = xmalloc((size_t)(V * V) * sizeof *text), **label = xmalloc((size_t)V * sizeof *label);
    for (int i = 0; i < V; i++) {
        letter[i][0] = vocab_label(v, i);
        label[i] = letter[i];
    }
    for (int i = 0; i < V * V; i++) {
        value[i] = count[i];
        snprintf(number[i], sizeof number[i], "%u", count[i]);
        text[i] = number[i];
    }
    Plot p;
    plot_begin(&p, png, "How often one character follows another", "the next character", "the character before");
    plot_set(&p, "terminal pngcairo size 1200,1000 font \",12\"");
    plot_map(&p, value, V, V, label, label, V <= NUMBERS_FIT ? text : NULL, "how often");
    plot_show(&p, false);
    free(value);
    free(number);
    free(letter);
    free(text);
    free(label);
}

static void print_pairs(const uint32_t *count, const Vocab *v) {
    int V = v->size, zero = 0;
    bool *shown = xcalloc((size_t)(V * V), sizeof *shown);
    printf("\nthe commonest pairs:");
    for (int k = 0; k < min_int(COMMONEST, V * V); k++) {
        int best = -1;
        for (int i = 0; i < V * V; i++)
            if (!shown[i] && (best < 0 || count[i] > count[best])) best = i;
        shown[best] = true;
        printf("  %c%c %u", vocab_label(v, best / V), vocab_label(v, best % V), count[best]);
    }
    for (int i = 0; i < V * V; i++) zero += count[i] == 0;
    printf("\nnever seen: %d of %d pairs, among them:", zero, V * V);
    for (int i = 0, k = 0; i < V * V && k < COMMONEST; i++)
        if (count[i] == 0) {
            printf("  %c%c", vocab_label(v, i / V), vocab_label(v, i % V));
            k++;
        }
    printf("\n");
    free(shown);
}

void inspect_pairs(const Text *t, const char *dir) {
    int V = t->vocab.size;
    uint32_t *count = xcalloc((size_t)(V * V), sizeof *count);
    double *root = xmalloc((size_t)(V * V) * sizeof *root);
    char *labels = xcalloc((size_t)V + 1, 1);
    ngram_count(t->all, 2, V, count);
    for (int i = 0; i < V * V; i++) root[i] = sqrt(count[i]);       // so that the small ones show as well
    for (int i = 0; i < V; i++) labels[i] = vocab_label(&t->vocab, i);
    printf("which character (column) follows which (row) in %s; darker is more often\n", t->name);
    shade_map(stdout, root, V, V, labels, labels);
    print_pairs(count, &t->vocab);
    char *png = xprintf("%s/pairs.png", dir);
    draw_pairs(count, &t->vocab, png);
    free(png);
    free(labels);
    free(root);
    free(count);
}

void inspect_word(const Ngram *m, const Vocab *vocab, int boundary, const char *word) {
    size_t n = strlen(word);
    int *id = xmalloc((n + 2) * sizeof *id);
    Error e;
    Model face = {.vocab = vocab, .boundary = boundary};
    id[0] = model_start(&face);
    if (vocab_encode(vocab, word, n, id + 1, &e) < 0) DIE("01-bigram: --word %s: %s", word, e.message);
    if (boundary >= 0) id[++n] = boundary;      // a name's end is part of the name
    printf("\nhow likely is \"%s\"?\n   character   probability   -ln p\n", word);
    double sum = 0;
    for (size_t i = 1; i <= n; i++) {
        double p = m->prob[ngram_context(id, i, m->order, m->V, boundary) * (size_t)m->V + (size_t)id[i]];
        printf("   %c           %.4f        %.4f\n", vocab_label(vocab, id[i]), p, -log(p));
        sum -= log(p);
    }
    printf("   the product of all: %.3g; -ln of it: %.4f; per character: %.4f\n", exp(-sum), sum, sum / (double)(n ? n : 1));
    free(id);
}

void inspect_orders(const Text *t) {
    Backoff b = backoff_fit(t->train, BACKOFF_MOST, t->vocab.size);
    printf("\nlonger contexts, each leaning on the shorter ones (Witten and Bell)\n");
    printf("   order   contexts seen   training   validation\n");
    double best = INFINITY;
    int best_order = 0;
    for (int order = 1; order <= BACKOFF_MOST; order++) {
        double loss = backoff_loss(&b, t->val, order);
        if (loss < best) {
            best = loss;
            best_order = order;
        }
        printf("   %5d   %13zu   %8.4f   %10.4f\n", order, backoff_contexts(&b, order), backoff_loss(&b, t->train, order), loss);
    }
    printf("on text it has not counted, order %d is the best; longer ones only remember\n", best_order);
    backoff_free(&b);
}
