// inspect.c of 06-rnn-lstm: memory, looked at from outside: beside counting, and where attention looks.
#include "inspect.h"
#include "kneser_ney.h"
#include "lesson.h"
#include "op_additive_attention.h"
#include "op_softmax.h"
#include "questions.h"
#include "spelled.h"

#include <math.h>
#include <stdlib.h>

// --- words, beside counting ---

void inspect_words(Net *net, const Corpus *data) {
    static const char *const name[] = {"", "words alone", "bigrams", "trigrams"};
    printf("counted on the same words (Kneser-Ney):\n");
    for (int order = 1; order <= KN_MOST; order++) {
        KneserNey k = kneser_ney_of(data->id[0], data->n[0], data->words.size, order);
        lesson_print_loss_per(name[order], kneser_ney_loss(&k, data->id[1], data->n[1]), "word");
        kneser_ney_free(&k);
    }
    Answers a = questions_ask(net, &data->words, data->id[1], data->n[1], net->shape.window);
    if (a.asked) printf("questions    %d asked, %d answered right: %.1f %%   loss %.4f each\n", a.asked, a.right, 100.0 * a.right / a.asked, a.loss);
}

// --- attention ---

typedef struct {
    int place;
    double weight;
} Look;

static int heavier(const void *a, const void *b) {
    double x = ((const Look *)a)->weight, y = ((const Look *)b)->weight;
    return x < y ? 1 : x > y ? -1 : 0;
}

// The place before which the net is to answer: question `which`, or the end of the first window.
static int place_of(const Corpus *data, int which, int window) {
    int *place = xmalloc((data->n[1] + 1) * sizeof *place), count = questions_find(&data->words, data->id[1], data->n[1], place), first = 0;
    while (first < count && place[first] < window) first++;
    int at = first + which - 1 < count ? place[first + which - 1] : min_int(window, (int)data->n[1] - 1);
    free(place);
    return at;
}

static void print_answer(const Corpus *data, Tape *tape, const float *logits, int V, int want) {
    Tensor *p = op_softmax(tape, tape_values(tape, "last", 2, (int[]){1, V}, logits));
    int best = 0;
    for (int v = 1; v < V; v++)
        if (p->data[v] > p->data[best]) best = v;
    printf("\nnext comes \"");
    vocab_write(&data->vocab, want, -1, stdout);
    printf("\" (p = %.3f); likeliest is \"", (double)p->data[want]);
    vocab_write(&data->vocab, best, -1, stdout);
    printf("\" (p = %.3f)\n", (double)p->data[best]);
}

void inspect_attention(Net *net, const Corpus *data, int which, const char *dir) {
    int V = net->shape.V, end = place_of(data, which, net->shape.window), T = min_int(end, net->shape.window);
    const int *id = data->id[1] + end - T;
    Tape tape = tape_new(false);
    Pass p = net_forward(net, &tape, (Input){.T = T, .B = 1, .x = id}, 0, NULL, false);
    const float *weight = additive_attention_weights(p.context) + (size_t)(T - 1) * (size_t)T;      // of the last place: (T)
    Look *look = xmalloc((size_t)T * sizeof *look);
    double *value = xmalloc((size_t)T * sizeof *value);
    for (int t = 0; t < T; t++) {
        value[t] = (double)weight[t];
        look[t] = (Look){t, value[t]};
    }
    qsort(look, (size_t)T, sizeof *look, heavier);
    Spelled s = spelled(&data->vocab, id, value, (size_t)T);
    printf("where it looks from the last place, dark: %.2f\n", look[0].weight);
    spelled_show(&s, 0, look[0].weight, dir, "attention", "Where attention looks from the last place", "weight");
    print_answer(data, &tape, p.logits->data + (size_t)(T - 1) * (size_t)V, V, id[T]);
    for (int i = 0; i < min_int(5, T); i++) {
        printf("%6.3f at \"", look[i].weight);
        for (int t = max_int(0, look[i].place - 3); t <= look[i].place; t++) vocab_write(&data->vocab, id[t], t ? id[t - 1] : -1, stdout);
        printf("\"\n");
    }
    spelled_free(&s);
    free(look);
    free(value);
    tape_free(&tape);
}
