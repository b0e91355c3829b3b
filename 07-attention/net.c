// net.c of 07-attention: embeddings, positions, attention, and the next character.
#include "net.h"
#include "alibi.h"
#include "draw.h"
#include "init_uniform.h"
#include "op_attention.h"
#include "op_embedding.h"
#include "op_linear.h"
#include "op_positions.h"
#include "op_rope.h"
#include "op_softmax.h"
#include "sinusoid.h"

#include <string.h>

const char *const POSITION_NAME[POSITION_KINDS] = {"none", "learned", "sinusoidal", "rope", "alibi"};
static const float ROPE_BASE = 10000;

void net_init(Net *net, Shape s) {
    *net = (Net){.shape = s, .ask = tape_new(false)};
    Params *p = &net->params;
    net->tokens = params_add(p, "tokens", 2, (int[]){s.V, s.C});
    if (s.positions == POSITIONS_LEARNED) net->positions = params_add(p, "positions", 2, (int[]){s.block, s.C});
    net->qkv = params_add(p, "attention.qkv", 2, (int[]){3 * s.C, s.C});
    net->last = params_add(p, "last", 2, (int[]){s.V, s.C});
    net->bias = params_add(p, "last.bias", 1, &s.V);
    params_allocate(p);
}

void net_free(Net *net) {
    params_free(&net->params);
    tape_free(&net->ask);
}

void net_randomise(Net *net, Rng *rng) {
    draw_normal(rng, net->tokens);
    if (net->positions) draw_normal(rng, net->positions);
    Tensor *rest[] = {net->qkv, net->last, net->bias};
    for (int i = 0; i < COUNT(rest); i++) init_uniform(rng, rest[i]->data, rest[i]->size, net->shape.C);
}

bool net_reads(const Net *net, int T) { return net->shape.positions != POSITIONS_LEARNED || T <= net->shape.block; }

static Tensor *with_positions(const Net *net, Tape *tape, Tensor *x) {
    int T = x->shape[1], C = net->shape.C;
    if (net->shape.positions == POSITIONS_LEARNED) return op_positions(tape, x, net->positions, 0);
    if (net->shape.positions != POSITIONS_SINUSOIDAL) return x;
    float *waves = tape_floats(tape, (size_t)T * (size_t)C);
    sinusoid(T, C, waves);
    return op_positions(tape, x, tape_values(tape, "waves", 2, (int[]){T, C}, waves), 0);
}

Pass net_forward(const Net *net, Tape *tape, const int *id, int B, int T) {
    Shape s = net->shape;
    float slope[s.heads];
    if (s.positions == POSITIONS_ALIBI) alibi_slopes(s.heads, slope);
    Pass p = {.x = with_positions(net, tape, op_embedding(tape, net->tokens, id, B, T))};       // (B,T,C)
    Tensor *qkv = op_linear(tape, p.x, net->qkv, NULL);                                         // (B,T,3C)
    if (s.positions == POSITIONS_ROPE) qkv = op_rope(tape, qkv, s.heads, 0, ROPE_BASE);
    p.y = op_attention(tape, qkv, s.heads, s.positions == POSITIONS_ALIBI ? slope : NULL);      // (B,T,C)
    p.logits = op_linear(tape, p.y, net->last, net->bias);                                      // (B,T,V)
    return p;
}

static void next(const Model *m, const int *id, size_t n, float *prob) {
    Net *net = m->self;
    int V = net->shape.V, T = (int)(n < (size_t)net->shape.block ? n : (size_t)net->shape.block);
    tape_reset(&net->ask);
    Tensor *logits = net_forward(net, &net->ask, id + n - T, 1, T).logits;                      // (1,T,V)
    Tensor *last = tape_values(&net->ask, "last", 2, (int[]){1, V}, logits->data + (size_t)(T - 1) * (size_t)V);
    memcpy(prob, op_softmax(&net->ask, last)->data, (size_t)V * sizeof *prob);
}

Model net_model(Net *net, const Vocab *vocab) {
    return (Model){.vocab = vocab, .boundary = vocab->names ? 0 : -1, .self = net, .next = next};
}
