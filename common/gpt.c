// gpt.c, from lesson 09: a GPT: embeddings, blocks, a last norm, and the embeddings again as the head.
#include "gpt.h"
#include "decay_groups.h"
#include "op_dropout.h"
#include "op_embedding.h"
#include "op_gelu.h"
#include "op_layernorm.h"
#include "op_linear.h"
#include "op_positions.h"

#include <math.h>
#include <string.h>

static const GptPreset PRESET[] = {
    {"char", {.T = 64, .L = 4, .NH = 4, .C = 128}, {12, 2000, 100, 1e-3, 0.99}},
    {"baby", {.T = 256, .L = 6, .NH = 6, .C = 384, .dropout = 0.2}, {16, 5000, 100, 1e-3, 0.99}},
    {"starter", {.V = 32768, .T = 512, .L = 6, .NH = 8, .C = 512, .bias = true, .untied = true}, {8, 20000, 200, 6e-4, 0.95}},
    {"gpt2", {.V = 50257, .T = 1024, .L = 12, .NH = 12, .C = 768, .bias = true}, {4, 20000, 700, 6e-4, 0.95}},
    {"medium", {.V = 50257, .T = 1024, .L = 24, .NH = 16, .C = 1024, .bias = true}, {2, 20000, 700, 3e-4, 0.95}},
    {.name = NULL},
};

const GptPreset *gpt_preset(const char *name) {
    for (const GptPreset *p = PRESET; p->name; p++)
        if (strcmp(p->name, name) == 0) return p;
    return NULL;
}

void gpt_init(Gpt *g, GptShape s) {
    *g = (Gpt){.shape = s};
    Params *p = &g->params;
    BlockShape block = {.C = s.C, .NH = s.NH, .ratio = 4, .norm = NORM_PRE, .skip = true, .proj = true, .qkv_bias = s.bias, .bias = s.bias,
                        .activation = op_gelu, .dropout = s.dropout};
    g->tokens = params_add(p, "tokens", 2, (int[]){s.V, s.C});
    g->positions = params_add(p, "positions", 2, (int[]){s.T, s.C});
    for (int l = 0; l < s.L; l++) block_add(&g->block[l], p, block, l);
    g->gain = params_add(p, "norm.gain", 1, &s.C);
    if (s.bias) g->norm_bias = params_add(p, "norm.bias", 1, &s.C);
    g->head = s.untied ? params_add(p, "head", 2, (int[]){s.V, s.C}) : g->tokens;
    g->matrices = decay_groups(p);
    params_allocate(p);
}

void gpt_free(Gpt *g) { params_free(&g->params); }

static void ones(Tensor *t) {
    for (size_t i = 0; i < t->size; i++) t->data[i] = 1;
}

void gpt_randomise(Gpt *g, Rng *rng) {
    float last = 0.02f / sqrtf(2 * (float)g->shape.L);
    for (int i = 0; i < g->params.count; i++) {
        Tensor *t = g->params.param[i];
        if (t->ndim < 2) continue;
        rng_normal(rng, t->data, t->size);
        for (size_t k = 0; k < t->size; k++) t->data[k] *= 0.02f;
    }
    for (int l = 0; l < g->shape.L; l++) {
        Block *b = &g->block[l];
        Tensor *end[] = {b->proj, b->forward.down};
        for (int i = 0; i < COUNT(end); i++)
            for (size_t k = 0; k < end[i]->size; k++) end[i]->data[k] *= last / 0.02f;
        ones(b->talk.gain);
        ones(b->think.gain);
    }
    ones(g->gain);
}

// --- forward ---

// A layer that looks into the cache, too.
typedef struct {
    const KvCache *cache;
    int layer;
} Recall;

static Tensor *recall(void *ctx, Tape *tape, Tensor *qkv, int NH) {
    const Recall *k = ctx;
    kvcache_store(k->cache, k->layer, qkv);
    return kvcache_attend(k->cache, k->layer, tape, qkv, NH);
}

static Tensor *layer(Gpt *g, int l, Tape *tape, Tensor *x, const KvCache *cache, Rng *rng, bool training) {
    Block block = g->block[l];
    Recall ctx = {cache, l};
    if (cache) block.attend = recall, block.attend_ctx = &ctx;
    return block_forward(tape, x, &block, rng, training);
}

Tensor *gpt_forward(Gpt *g, Tape *tape, const int *id, int B, int T, const KvCache *cache, Rng *rng, bool training) {
    Tensor *x = op_embedding(tape, g->tokens, id, B, T);                                    // (B,T,C)
    x = op_positions(tape, x, g->positions, cache ? cache->used : 0);
    x = op_dropout(tape, x, g->shape.dropout, rng, training);
    for (int l = 0; l < g->shape.L; l++) x = layer(g, l, tape, x, cache, rng, training);
    return op_layernorm(tape, x, g->gain, g->norm_bias);
}

Tensor *gpt_logits(Gpt *g, Tape *tape, Tensor *x) { return op_linear(tape, x, g->head, NULL); }

// --- the view ---

static Tensor *forward(void *self, Tape *tape, const int *id, int B, int T, const KvCache *cache, Rng *rng, bool training) {
    return gpt_forward(self, tape, id, B, T, cache, rng, training);
}

static Tensor *logits(void *self, Tape *tape, Tensor *x) { return gpt_logits(self, tape, x); }

Decoder gpt_decoder(Gpt *g) {
    return (Decoder){.self = g, .V = g->shape.V, .T = g->shape.T, .L = g->shape.L, .key = g->shape.C, .params = &g->params, .matrices = g->matrices,
                     .forward = forward, .logits = logits};
}
