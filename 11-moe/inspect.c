// inspect.c of 11-moe: who goes to which expert, and how evenly.
#define _POSIX_C_SOURCE 200809L
#include "inspect.h"
#include "crops.h"
#include "file.h"
#include "plot.h"
#include "shade.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// --- choices ---

// The K experts of each token in this layer, as the last forward on the tape chose them.
static const int *choice_of(const Tape *tape, int layer) {
    for (int i = 0; i < tape->count; i++)
        if (strcmp(tape->node[i]->name, "op_route") == 0 && layer-- == 0) return tape->node[i]->saved;
    return NULL;
}

static double *at(const Choices *c, int layer, int id) { return c->count + ((size_t)layer * (size_t)c->V + (size_t)id) * (size_t)c->E; }

Choices choices_of(Mixtral *m, Stream split) {
    enum { ROWS = 8, MOST = 400 };
    MixtralShape s = m->shape;
    Choices c = {s.L, s.V, s.E, xcalloc((size_t)s.L * (size_t)s.V * (size_t)s.E, sizeof(double))};
    int pieces = min_int(MOST, crops_count(split, s.T)), *x = xmalloc((size_t)(ROWS * s.T) * sizeof *x), *y = xmalloc((size_t)(ROWS * s.T) * sizeof *y);
    Tape tape = tape_new(false);
    for (int first = 0; first < pieces; first += ROWS) {
        int B = min_int(ROWS, pieces - first);
        crops_in_order(split, first, B, s.T, x, y);
        tape_reset(&tape);
        mixtral_forward(m, &tape, x, B, s.T, NULL, NULL, false);
        for (int l = 0; l < s.L; l++) {
            const int *choice = choice_of(&tape, l);
            for (int i = 0; i < B * s.T * s.K; i++) at(&c, l, x[i / s.K])[choice[i]]++;
        }
    }
    tape_free(&tape);
    free(x);
    free(y);
    return c;
}

void choices_free(Choices *c) { free(c->count); }

// Sums over all of them: of expert e (token -1), of a token (expert -1), or of the layer.
static double sum_of(const Choices *c, int layer, int id, int e) {
    double sum = 0;
    for (int i = id < 0 ? 0 : id; i < (id < 0 ? c->V : id + 1); i++)
        for (int k = e < 0 ? 0 : e; k < (e < 0 ? c->E : e + 1); k++) sum += at(c, layer, i)[k];
    return sum;
}

// How many bits the character tells of the choice: the mutual information of the two.
static double bits_told(const Choices *c, int layer) {
    double all = sum_of(c, layer, -1, -1), bits = 0;
    for (int e = 0; e < c->E; e++) {
        double expert = sum_of(c, layer, -1, e);
        for (int i = 0; i < c->V; i++) {
            double both = at(c, layer, i)[e];
            if (both > 0) bits += both / all * log2(both * all / (expert * sum_of(c, layer, i, -1)));
        }
    }
    return bits;
}

static double bits_of_loads(const Choices *c, int layer) {
    double all = sum_of(c, layer, -1, -1), bits = 0;
    for (int e = 0; e < c->E; e++) {
        double p = sum_of(c, layer, -1, e) / all;
        if (p > 0) bits -= p * log2(p);
    }
    return bits;
}

// The share of the token's slots that go to the expert.
static double share(const Choices *c, int layer, int id, int e) { return at(c, layer, id)[e] / sum_of(c, layer, id, -1); }

// Those with more than one slot in 500, most frequent first; returns how many.
static int frequent(const Choices *c, int layer, int *id, int most) {
    int count = 0;
    double all = sum_of(c, layer, -1, -1);
    for (int i = 0; i < c->V; i++) {
        double n = sum_of(c, layer, i, -1);
        int k = count;
        if (n < all / 500) continue;
        for (; k > 0 && sum_of(c, layer, id[k - 1], -1) < n; k--)
            if (k < most) id[k] = id[k - 1];
        if (k < most) id[k] = i;
        count = min_int(count + 1, most);
    }
    return count;
}

static void print_favourites(const Choices *c, const Vocab *vocab, int layer, const int *id, int count, int e) {
    enum { SHOWN = 10 };
    bool shown[256] = {false};
    for (int k = 0; k < SHOWN; k++) {
        int best = -1;
        for (int i = 0; i < count; i++)
            if (!shown[i] && share(c, layer, id[i], e) * c->E > 1.5 && (best < 0 || share(c, layer, id[i], e) > share(c, layer, id[best], e))) best = i;
        if (best < 0) break;
        shown[best] = true;
        printf(" %c %.0f%%", vocab_label(vocab, id[best]), 100 * share(c, layer, id[best], e));
    }
    putchar('\n');
}

static void draw_choices(const Choices *c, const Vocab *vocab, int layer, const int *id, int count, const char *dir) {
    double *value = xmalloc((size_t)(c->E * count) * sizeof *value);
    char **row = xmalloc((size_t)c->E * sizeof *row), (*column)[2] = xcalloc((size_t)count, sizeof *column);
    const char **names = xmalloc((size_t)count * sizeof *names);
    for (int i = 0; i < count; i++) column[i][0] = vocab_label(vocab, id[i]), names[i] = column[i];
    for (int e = 0; e < c->E; e++) {
        row[e] = xprintf("%d", e);
        for (int i = 0; i < count; i++) value[e * count + i] = share(c, layer, id[i], e);
    }
    char *png = xprintf("%s/experts.png", dir), *title = xprintf("Which characters go where, layer %d", layer);
    Plot plot;
    plot_begin(&plot, png, title, "character, the most frequent first", "expert");
    plot_map(&plot, value, c->E, count, (const char *const *)row, names, NULL, "share of the character's slots");
    plot_show(&plot, false);
    for (int e = 0; e < c->E; e++) free(row[e]);
    free(row);
    free(column);
    free(names);
    free(value);
    free(png);
    free(title);
}

int inspect_choices(const Choices *c, const Vocab *vocab, const char *dir) {
    enum { MOST = 40 };
    int id[MOST], most = 0;
    printf("how evenly experts are used, and how much the character alone says about the choice:\n");
    for (int l = 0; l < c->L; l++) {
        printf("layer %d, loads in fair shares:", l);
        for (int e = 0; e < c->E; e++) printf(" %.2f", sum_of(c, l, -1, e) * c->E / sum_of(c, l, -1, -1));
        printf("   %.2f bits, of which the character tells %.2f\n", bits_of_loads(c, l), bits_told(c, l));
        if (bits_told(c, l) > bits_told(c, most)) most = l;
    }
    int count = frequent(c, most, id, MOST);
    printf("\nlayer %d, what each expert gets more of than its share, of the %d most frequent characters:\n", most, count);
    for (int e = 0; e < c->E; e++) {
        printf("expert %d:", e);
        print_favourites(c, vocab, most, id, count, e);
    }
    draw_choices(c, vocab, most, id, count, dir);
    return most;
}

// --- a text ---

void inspect_text(Mixtral *m, const Vocab *vocab, const int *id, int n, int layer) {
    static const int COLOUR[] = {223, 153, 194, 218, 229, 189, 158, 216};       // light backgrounds that can be told apart
    bool colours = shade_in_colour(stdout) && m->shape.E <= COUNT(COLOUR);
    int K = m->shape.K, last = -1;
    Tape tape = tape_new(false);
    mixtral_forward(m, &tape, id, 1, n, NULL, NULL, false);
    const int *choice = choice_of(&tape, layer);
    printf("\nlayer %d: each character %s of its first expert\n", layer, colours ? "in the colour" : "behind the number");
    for (int t = 0; t < n; t++) {
        int e = choice[t * K];
        if (colours) printf("\033[48;5;%dm\033[38;5;16m", COLOUR[e % COUNT(COLOUR)]);
        else if (e != last) printf("%s%d:", t > 0 ? " " : "", e);
        vocab_write(vocab, id[t], t > 0 ? id[t - 1] : -1, stdout);
        if (colours) printf("\033[0m");
        last = e;
    }
    putchar('\n');
    for (int e = 0; colours && e < m->shape.E; e++) printf("\033[48;5;%dm\033[38;5;16m %d \033[0m", COLOUR[e % COUNT(COLOUR)], e);
    if (colours) putchar('\n');
    tape_free(&tape);
}

// --- loads over training ---

enum { LAYERS_DRAWN = 8, STEPS_DRAWN = 4096 };

typedef struct {
    double step[STEPS_DRAWN], most[STEPS_DRAWN], least[STEPS_DRAWN];
    int count;
} LoadCurve;

// A line of load.csv: step, layer, dropped, and the loads. A step that stands there twice (the run was resumed) counts once.
static void read_line(char *line, LoadCurve *curve) {
    char *rest, *word = strtok_r(line, ",", &rest);
    double value[3] = {0}, most = 0, least = INFINITY;
    for (int k = 0; word; word = strtok_r(NULL, ",", &rest), k++) {
        double v = strtod(word, NULL);
        if (k < 3) value[k] = v;
        else most = fmax(most, v), least = fmin(least, v);
    }
    int layer = (int)value[1];
    if (layer < 0 || layer >= LAYERS_DRAWN || isinf(least)) return;
    LoadCurve *c = &curve[layer];
    while (c->count > 0 && c->step[c->count - 1] >= value[0]) c->count--;
    if (c->count == STEPS_DRAWN) return;
    c->step[c->count] = value[0];
    c->most[c->count] = most;
    c->least[c->count++] = least;
}

void inspect_loads(const char *dir) {
    char *path = xprintf("%s/load.csv", dir), *png = xprintf("%s/load.png", dir);
    unsigned char *text;
    size_t size;
    Error e;
    if (!file_read(path, &text, &size, &e)) {
        printf("%s: not there, so no picture of the loads over training\n", path);
    } else {
        LoadCurve *curve = xcalloc(LAYERS_DRAWN, sizeof *curve);
        char *rest, *line = strtok_r((char *)text, "\n", &rest);
        for (line = line ? strtok_r(NULL, "\n", &rest) : NULL; line; line = strtok_r(NULL, "\n", &rest)) read_line(line, curve);
        Plot plot;
        plot_begin(&plot, png, "Loads over training: the busiest expert of each layer, and the idlest", "step", "load, in fair shares");
        plot_set(&plot, "yrange [0:*]");
        plot_set(&plot, "key outside right");
        for (int idle = 0; idle < 2; idle++)        // the busiest ones first: then these have solid lines, and the others dashed ones
            for (int l = 0; l < LAYERS_DRAWN && curve[l].count; l++) {
                char *label = xprintf("layer %d, %s", l, idle ? "idlest" : "busiest");
                plot_curve(&plot, label, curve[l].step, idle ? curve[l].least : curve[l].most, curve[l].count);
                free(label);
            }
        plot_level(&plot, "a fair share", 1);
        plot_show(&plot, false);
        free(curve);
        free(text);
    }
    free(path);
    free(png);
}
