// questions.c of 06-rnn-lstm: what a net remembers of a story, asked at its end.
#include "questions.h"
#include "op_softmax.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { AT_ONCE = 32 };

// The first place from `i` on, on this line, where the word `id` stands; n: nowhere.
static size_t on_this_line(const int *ids, size_t n, size_t i, int id) {
    while (i < n && ids[i] != id && ids[i] != WORD_EOS) i++;
    return i < n && ids[i] == id ? i : n;
}

int questions_find(const Words *w, const int *id, size_t n, int *place) {
    int who = words_find(w, "Who", 3), what = words_find(w, "What", 4), mark = words_find(w, "?", 1), stop = words_find(w, ".", 1), count = 0;
    for (size_t i = 1; i < n; i++) {
        if (id[i - 1] != WORD_EOS || id[i] == WORD_UNK || (id[i] != who && id[i] != what)) continue;
        size_t asked = on_this_line(id, n, i, mark), end = on_this_line(id, n, asked, stop);
        if (end < n) place[count++] = (int)(id[i] == who ? asked + 1 : end - 1);
    }
    return count;
}

// Adds up the answers at the B places.
static void ask(Net *net, Tape *tape, const int *id, const int *place, int B, int T, int *x, Answers *a) {
    int V = net->shape.V;
    for (int b = 0; b < B; b++)
        for (int t = 0; t < T; t++) x[t * B + b] = id[place[b] - T + t];
    tape_reset(tape);
    Tensor *logits = net_forward(net, tape, (Input){.T = T, .B = B, .x = x}, 0, NULL, false).logits;                              // (T,B,V)
    Tensor *p = op_softmax(tape, tape_values(tape, "last", 2, (int[]){B, V}, logits->data + (size_t)(T - 1) * (size_t)(B * V)));  // (B,V)
    for (int b = 0; b < B; b++) {
        const float *row = p->data + b * V;
        int best = 0;
        for (int v = 1; v < V; v++)
            if (row[v] > row[best]) best = v;
        a->asked++;
        a->right += best == id[place[b]];
        a->loss -= log((double)row[id[place[b]]]);
    }
}

Answers questions_ask(Net *net, const Words *w, const int *id, size_t n, int window) {
    int *place = xmalloc((n + 1) * sizeof *place), *x = xmalloc((size_t)AT_ONCE * (size_t)window * sizeof *x);
    int count = questions_find(w, id, n, place), first = 0;
    while (first < count && place[first] < window) first++;         // too little stands before these
    Tape tape = tape_new(false);
    Answers a = {0};
    for (int i = first; i < count; i += AT_ONCE) ask(net, &tape, id, place + i, min_int(AT_ONCE, count - i), window, x, &a);
    a.loss = a.asked ? a.loss / a.asked : NAN;
    tape_free(&tape);
    free(place);
    free(x);
    return a;
}
