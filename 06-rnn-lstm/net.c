// net.c of 06-rnn-lstm: embeddings, a recurrent cell, perhaps attention over its states, and the next word.
#include "net.h"
#include "init.h"
#include "init_uniform.h"
#include "op_additive_attention.h"
#include "op_concat.h"
#include "op_dropout.h"
#include "op_embedding.h"
#include "op_gru.h"
#include "op_linear.h"
#include "op_lstm.h"
#include "op_reverse.h"
#include "op_rnn.h"
#include "op_softmax.h"
#include "op_tanh.h"

#include <stdlib.h>
#include <string.h>

enum { SCORE_GAIN = 4 };

const char *const CELL_NAME[CELLS] = {"rnn", "lstm", "gru"};

static const struct {
    int gates;
    Tensor *(*op)(Tape *tape, Tensor *x, Tensor *wx, Tensor *wh, Tensor *b, float *state);
} CELL[CELLS] = {{1, op_rnn}, {4, op_lstm}, {3, op_gru}};

static CellWeights add_cell(Params *p, Shape s, const char *wx, const char *wh, const char *b) {
    int G = CELL[s.cell].gates * s.hidden;
    return (CellWeights){params_add(p, wx, 2, (int[]){G, s.embedding}), params_add(p, wh, 2, (int[]){G, s.hidden}), params_add(p, b, 1, &G)};
}

void net_init(Net *net, Shape s) {
    *net = (Net){.shape = s, .ask = tape_new(false)};
    Params *p = &net->params;
    net->c = params_add(p, "C", 2, (int[]){s.V, s.embedding});
    net->forward = add_cell(p, s, "wx", "wh", "b");
    if (s.bidirectional) net->backward = add_cell(p, s, "backward.wx", "backward.wh", "backward.b");
    if (s.attention) {
        net->wq = params_add(p, "attention.query", 2, (int[]){s.attention, s.hidden});
        net->wk = params_add(p, "attention.key", 2, (int[]){s.attention, s.hidden});
        net->v = params_add(p, "attention.v", 1, (int[]){s.attention});
        net->wc = params_add(p, "attention.combine", 2, (int[]){s.hidden, 2 * s.hidden});
        net->bc = params_add(p, "attention.bias", 1, (int[]){s.hidden});
    }
    net->wo = params_add(p, "wo", 2, (int[]){s.V, s.bidirectional ? 2 * s.hidden : s.hidden});
    net->bo = params_add(p, "bo", 1, &s.V);
    params_allocate(p);
    net->state = xcalloc(2 * (size_t)s.hidden, sizeof *net->state);
}

void net_free(Net *net) {
    params_free(&net->params);
    tape_free(&net->ask);
    free(net->state);
    free(net->seen);
}

void net_randomise(Net *net, Rng *rng, double forget_bias) {
    Shape s = net->shape;
    rng_normal(rng, net->c->data, net->c->size);
    init_uniform(rng, net->c->data + net->c->size, net->params.size - net->c->size, s.hidden);      // all that comes after C
    Tensor *score[] = {net->wq, net->wk, net->v};
    for (int i = 0; i < COUNT(score) && s.attention; i++) init_scale(score[i], SCORE_GAIN);
    const CellWeights *cell[] = {&net->forward, &net->backward};
    for (int i = 0; i < COUNT(cell) && s.cell == CELL_LSTM; i++)
        for (int j = s.hidden; cell[i]->b && j < 2 * s.hidden; j++) cell[i]->b->data[j] += (float)forget_bias;
}

static Tensor *run_cell(const Net *net, Tape *tape, Tensor *x, CellWeights w, float *state) {
    return CELL[net->shape.cell].op(tape, x, w.wx, w.wh, w.b, state);
}

// h beside what attention found among the states before it, made one vector of H again.
static Tensor *attend(Net *net, Tape *tape, Pass *p) {
    Tensor *query = op_linear(tape, p->h, net->wq, NULL), *key = op_linear(tape, p->h, net->wk, NULL);         // (T,B,A)
    p->context = op_additive_attention(tape, query, key, net->v, p->h);                                        // (T,B,H)
    return op_tanh(tape, op_linear(tape, op_concat(tape, p->h, p->context), net->wc, net->bc));
}

Pass net_forward(Net *net, Tape *tape, Input in, double dropout, Rng *rng, bool training) {
    Pass p = {.e = op_embedding(tape, net->c, in.x, in.T, in.B)};                       // (T,B,embedding)
    p.h = run_cell(net, tape, p.e, net->forward, in.state);                             // (T,B,H)
    Tensor *y = net->shape.attention ? attend(net, tape, &p) : p.h;
    if (net->shape.bidirectional) {
        Tensor *e = op_embedding(tape, net->c, in.backwards, in.T, in.B);
        Tensor *back = op_reverse(tape, run_cell(net, tape, e, net->backward, NULL), in.length);
        y = op_concat(tape, y, back);                                                   // (T,B,2H)
    }
    p.logits = op_linear(tape, op_dropout(tape, y, dropout, rng, training), net->wo, net->bo);       // (T,B,V)
    return p;
}

// --- the face ---

// Does the model know the state after the first ids already? Then it reads on from there; else it begins anew. With attention it needs
// the states themselves, and begins anew every time, at most `window` ids back.
static size_t known(const Net *net, const int *id, size_t n) {
    if (net->shape.attention) return n > (size_t)net->shape.window ? n - (size_t)net->shape.window : 0;
    bool same = net->seen_count > 0 && net->seen_count < n && memcmp(net->seen, id, net->seen_count * sizeof *id) == 0;
    return same ? net->seen_count : 0;
}

static void remember(Net *net, const int *id, size_t n) {
    if (n > net->seen_room) net->seen = xrealloc(net->seen, (net->seen_room = 2 * n) * sizeof *net->seen);
    memcpy(net->seen, id, n * sizeof *id);
    net->seen_count = n;
}

static void next(const Model *m, const int *id, size_t n, float *prob) {
    Net *net = m->self;
    int V = net->shape.V;
    size_t from = known(net, id, n);
    if (from == 0 || net->shape.attention) memset(net->state, 0, 2 * (size_t)net->shape.hidden * sizeof *net->state);
    tape_reset(&net->ask);
    int T = (int)(n - from);
    Tensor *logits = net_forward(net, &net->ask, (Input){.T = T, .B = 1, .x = id + from, .state = net->state}, 0, NULL, false).logits;
    Tensor *last = tape_values(&net->ask, "last", 2, (int[]){1, V}, logits->data + (size_t)(T - 1) * (size_t)V);
    memcpy(prob, op_softmax(&net->ask, last)->data, (size_t)V * sizeof *prob);
    remember(net, id, n);
}

Model net_model(Net *net, const Vocab *vocab, int boundary) {
    return (Model){.vocab = vocab, .boundary = boundary, .self = net, .next = next};
}
