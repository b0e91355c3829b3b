// reader.c of 06-rnn-lstm: what a step reads: names or lines side by side, or a running text whose state is carried along.
#include "reader.h"
#include "op_cross_entropy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { AT_ONCE = 32 };      // rows of a batch when a whole split is read

void reader_init(Reader *r, int hidden) {
    int longest = r->block, B = max_int(r->B, AT_ONCE);
    for (int i = 0; i < 3; i++) longest = max_int(longest, r->data.sequence[i].longest);
    size_t room = (size_t)longest * (size_t)B;
    r->x = xmalloc(room * sizeof *r->x);
    r->y = xmalloc(room * sizeof *r->y);
    r->backwards = xmalloc(room * sizeof *r->backwards);
    r->length = xmalloc((size_t)B * sizeof *r->length);
    r->which = xmalloc((size_t)B * sizeof *r->which);
    r->streams = streams_of(r->data.id[SPLIT_TRAIN], r->data.n[SPLIT_TRAIN], r->B);
    r->hidden = hidden;
    r->state = xcalloc(2 * (size_t)r->streams.B * (size_t)hidden, sizeof *r->state);
}

void reader_free(Reader *r) {
    corpus_free(&r->data);
    void *all[] = {r->state, r->x, r->y, r->backwards, r->length, r->which};
    for (int i = 0; i < COUNT(all); i++) free(all[i]);
}

// --- names and lines ---

static Input sequence_input(Reader *r, const Sequences *s, int B) {
    Input in = {.B = B, .x = r->x, .backwards = r->backwards, .length = r->length};
    in.T = sequences_batch(s, r->which, B, r->x, r->y, r->length);
    sequences_backwards(s, r->which, B, in.T, r->backwards);
    return in;
}

static Input next_sequences(Reader *r) {
    const Sequences *s = &r->data.sequence[SPLIT_TRAIN];
    for (int b = 0; b < r->B; b++) r->which[b] = (int)rng_below(r->rng, (uint32_t)s->count);
    return sequence_input(r, s, r->B);
}

// --- a running text ---

// T is 0 behind the end. The beginning has a state of zeros; with `reset`, every batch.
static Input stream_input(Reader *r, Streams *s, float *state, bool reset) {
    Input in = {.B = s->B, .x = r->x, .state = state};
    bool fresh;
    in.T = streams_next(s, r->block, r->x, r->y, &fresh);
    if (fresh || reset) memset(state, 0, 2 * (size_t)s->B * (size_t)r->hidden * sizeof *state);
    return in;
}

static Input next_places(Reader *r) {
    Input in = stream_input(r, &r->streams, r->state, r->reset);
    return in.T > 0 ? in : stream_input(r, &r->streams, r->state, r->reset);
}

// --- either ---

Input reader_next(Reader *r) { return r->by_sequence ? next_sequences(r) : next_places(r); }

long reader_tokens(const Reader *r) {
    long sequences = max_int(1, r->data.sequence[SPLIT_TRAIN].count);
    return r->by_sequence ? (long)r->B * (long)r->data.n[SPLIT_TRAIN] / sequences : (long)r->streams.B * r->block;
}

// --- the loss of a split ---

typedef struct {
    Net *net;
    Tape tape;
    double sum;
    long count;
} Loss;

static void add_batch(Loss *l, Input in, const int *y) {
    long here = 0;
    for (int i = 0; i < in.T * in.B; i++) here += y[i] != WORD_PAD;
    tape_reset(&l->tape);
    Pass p = net_forward(l->net, &l->tape, in, 0, NULL, false);
    l->sum += (double)here * (double)op_cross_entropy(&l->tape, p.logits, y, WORD_PAD)->data[0];
    l->count += here;
}

static void add_sequences(Loss *l, Reader *r, const Sequences *s) {
    for (int from = 0; from < s->count; from += AT_ONCE) {
        int B = min_int(AT_ONCE, s->count - from);
        for (int b = 0; b < B; b++) r->which[b] = from + b;
        add_batch(l, sequence_input(r, s, B), r->y);
    }
}

static void add_places(Loss *l, Reader *r, Streams s) {
    float *state = xcalloc(2 * (size_t)s.B * (size_t)r->hidden, sizeof *state);
    for (Input in; (in = stream_input(r, &s, state, false)).T > 0;) add_batch(l, in, r->y);
    free(state);
}

double reader_loss(Reader *r, Net *net, SplitName split) {
    Loss l = {.net = net, .tape = tape_new(false)};
    if (r->by_sequence) add_sequences(&l, r, &r->data.sequence[split]);
    else add_places(&l, r, streams_of(r->data.id[split], r->data.n[split], AT_ONCE));
    tape_free(&l.tape);
    return l.count ? l.sum / (double)l.count : NAN;
}
