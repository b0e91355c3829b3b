// block.c, from lesson 08: a transformer block: tokens talk to each other, then each thinks for itself.
#include "block.h"
#include "init_uniform.h"
#include "op_attention.h"
#include "op_dropout.h"
#include "op_linear.h"

// --- parameters ---

Tensor *block_param(Params *p, int layer, const char *what, int ndim, const int *shape) {
    char name[64];
    snprintf(name, sizeof name, "blocks.%d.%s", layer, what);
    return params_add(p, name, ndim, shape);
}

static Residual add_residual(Params *p, BlockShape s, int layer, const char *gain, const char *bias) {
    Residual r = {.place = s.norm, .skip = s.skip};
    if (s.norm == NORM_NONE) return r;
    r.gain = block_param(p, layer, gain, 1, &s.C);
    if (s.bias) r.bias = block_param(p, layer, bias, 1, &s.C);
    return r;
}

void block_add(Block *b, Params *p, BlockShape s, int layer) {
    int C = s.C, F = max_int(s.ratio, 1) * C, C3 = 3 * C;
    *b = (Block){.shape = s, .forward.activation = s.activation};
    b->talk = add_residual(p, s, layer, "attention.norm.gain", "attention.norm.bias");
    b->qkv = block_param(p, layer, "attention.qkv", 2, (int[]){C3, C});
    if (s.qkv_bias) b->qkv_bias = block_param(p, layer, "attention.qkv.bias", 1, &C3);
    if (s.proj) b->proj = block_param(p, layer, "attention.proj", 2, (int[]){C, C});
    if (s.proj && s.bias) b->proj_bias = block_param(p, layer, "attention.proj.bias", 1, &C);
    b->think = add_residual(p, s, layer, "feed_forward.norm.gain", "feed_forward.norm.bias");
    b->forward.up = block_param(p, layer, "feed_forward.up", 2, (int[]){F, C});
    if (s.bias) b->forward.up_bias = block_param(p, layer, "feed_forward.up.bias", 1, &F);
    if (s.ratio == 0) return;
    b->forward.down = block_param(p, layer, "feed_forward.down", 2, (int[]){C, F});
    if (s.bias) b->forward.down_bias = block_param(p, layer, "feed_forward.down.bias", 1, &C);
}

void block_randomise(const Block *b, Rng *rng) {
    int C = b->shape.C, F = b->shape.ratio * C;         // how many numbers go into each matrix
    const struct { Tensor *t; int inputs; } weight[] = {{b->qkv, C}, {b->qkv_bias, C}, {b->proj, C}, {b->proj_bias, C}, {b->forward.up, C},
                                                        {b->forward.up_bias, C}, {b->forward.down, F}, {b->forward.down_bias, F}};
    for (int i = 0; i < COUNT(weight); i++)
        if (weight[i].t) init_uniform(rng, weight[i].t->data, weight[i].t->size, weight[i].inputs);
    Tensor *gain[] = {b->talk.gain, b->think.gain};
    for (int i = 0; i < COUNT(gain); i++)
        for (size_t c = 0; gain[i] && c < gain[i]->size; c++) gain[i]->data[c] = 1;
}

// --- forward ---

// What the branches need besides their input.
typedef struct {
    const Block *block;
    Rng *rng;
    bool training;
} Context;

static Tensor *talk(void *ctx, Tape *tape, Tensor *x) {
    const Context *k = ctx;
    const Block *b = k->block;
    Tensor *qkv = op_linear(tape, x, b->qkv, b->qkv_bias);                                                // (B,T,3C)
    Tensor *y = b->attend ? b->attend(b->attend_ctx, tape, qkv, b->shape.NH) : op_attention(tape, qkv, b->shape.NH, NULL);    // (B,T,C)
    if (b->proj) y = op_linear(tape, y, b->proj, b->proj_bias);
    return op_dropout(tape, y, b->shape.dropout, k->rng, k->training);
}

static Tensor *think(void *ctx, Tape *tape, Tensor *x) {
    const Context *k = ctx;
    return op_dropout(tape, feed_forward(tape, x, &k->block->forward), k->block->shape.dropout, k->rng, k->training);
}

Tensor *block_forward(Tape *tape, Tensor *x, Block *b, Rng *rng, bool training) {
    Context k = {b, rng, training};
    Tensor *y = residual(tape, x, &b->talk, talk, &k);
    return residual(tape, y, &b->think, think, &k);
}
