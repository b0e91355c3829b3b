// mixtral.c, from lesson 11: a GPT with newer parts: RMSNorm, rotary positions, shared keys and values, and experts.
#include "mixtral.h"
#include "block.h"
#include "decay_groups.h"
#include "gqa_cache.h"
#include "loads.h"
#include "op_add.h"
#include "op_attention.h"
#include "op_dropout.h"
#include "op_embedding.h"
#include "op_gqa.h"
#include "op_linear.h"
#include "op_rmsnorm.h"
#include "op_rope.h"

#include <math.h>
#include <string.h>

static const float BASE = 10000;        // of the rotary positions

// A token of `dense` and of `moe` passes as many weights; `dense` and `moe-small` have as many in all.
static const MixtralPreset PRESET[] = {
    {"dense", {.T = 64, .L = 4, .NH = 4, .KV = 2, .C = 128, .F = 384, .E = 1, .K = 1}, {12, 2000, 100, 1e-3, 0.99}},
    {"moe", {.T = 64, .L = 4, .NH = 4, .KV = 2, .C = 128, .F = 192, .E = 8, .K = 2, .capacity = 1.25, .balance = 0.01}, {12, 2000, 100, 1e-3, 0.99}},
    {"moe-small", {.T = 64, .L = 4, .NH = 4, .KV = 2, .C = 128, .F = 48, .E = 8, .K = 2, .capacity = 1.25, .balance = 0.01}, {12, 2000, 100, 1e-3, 0.99}},
    {"mixtral-tiny", {.T = 128, .L = 6, .NH = 8, .KV = 2, .C = 256, .F = 512, .E = 8, .K = 2, .capacity = 1.25, .balance = 0.01}, {12, 2000, 100, 1e-3, 0.99}},
    {.name = NULL},
};

const MixtralPreset *mixtral_preset(const char *name) {
    for (const MixtralPreset *p = PRESET; p->name; p++)
        if (strcmp(p->name, name) == 0) return p;
    return NULL;
}

// --- parameters ---

static void add_layer(MixtralLayer *b, Params *p, MixtralShape s, int l) {
    int HS = s.C / s.NH;
    b->talk_gain = block_param(p, l, "attention.norm.gain", 1, &s.C);
    b->qkv = block_param(p, l, "attention.qkv", 2, (int[]){(s.NH + 2 * s.KV) * HS, s.C});
    b->proj = block_param(p, l, "attention.proj", 2, (int[]){s.C, s.C});
    b->think_gain = block_param(p, l, "experts.norm.gain", 1, &s.C);
    moe_add(&b->moe, p, (MoeShape){s.C, s.F, s.E, s.K, s.capacity, s.balance, s.favour, s.noise, s.zloss}, l);
}

void mixtral_init(Mixtral *m, MixtralShape s) {
    *m = (Mixtral){.shape = s};
    m->tokens = params_add(&m->params, "tokens", 2, (int[]){s.V, s.C});
    for (int l = 0; l < s.L; l++) add_layer(&m->layer[l], &m->params, s, l);
    m->gain = params_add(&m->params, "norm.gain", 1, &s.C);
    m->matrices = decay_groups(&m->params);
    params_allocate(&m->params);
}

void mixtral_free(Mixtral *m) {
    for (int l = 0; l < m->shape.L; l++) moe_free(&m->layer[l].moe);
    params_free(&m->params);
}

static void scale(Tensor *t, float by) {
    for (size_t i = 0; i < t->size; i++) t->data[i] *= by;
}

void mixtral_randomise(Mixtral *m, Rng *rng) {
    for (int i = 0; i < m->params.count; i++) {
        Tensor *t = m->params.param[i];
        if (t->ndim >= 2) {
            rng_normal(rng, t->data, t->size);
            scale(t, 0.02f);
        } else {
            for (size_t c = 0; c < t->size; c++) t->data[c] = 1;
        }
    }
    for (int l = 0; l < m->shape.L; l++) {
        scale(m->layer[l].proj, 1 / sqrtf(2 * (float)m->shape.L));
        scale(m->layer[l].moe.down, 1 / sqrtf(2 * (float)m->shape.L));
    }
}

size_t mixtral_active(const Mixtral *m) {
    size_t unused = (size_t)(m->shape.E - m->shape.K) * 3 * (size_t)m->shape.C * (size_t)m->shape.F;
    return m->params.size - (size_t)m->shape.L * unused;
}

// --- forward ---

static Tensor *talk(Mixtral *m, int l, Tape *tape, Tensor *x, const KvCache *cache) {
    MixtralShape s = m->shape;
    const MixtralLayer *b = &m->layer[l];
    Tensor *y, *qkv = op_linear(tape, x, b->qkv, NULL);                         // (B,T,(NH+2KV)HS)
    qkv = op_gqa(tape, qkv, s.NH, s.KV);                                        // (B,T,3C)
    qkv = op_rope(tape, qkv, s.NH, cache ? cache->used : 0, BASE);
    if (cache) {
        gqa_cache_store(cache, l, qkv, s.NH);
        y = gqa_cache_attend(cache, l, tape, qkv, s.NH);                        // (B,T,C)
    } else {
        y = op_attention(tape, qkv, s.NH, NULL);
    }
    return op_linear(tape, y, b->proj, NULL);
}

static Tensor *think(Mixtral *m, int l, Tape *tape, Tensor *x, Rng *rng, bool training) {
    Tensor *price, *y = moe_forward(tape, x, &m->layer[l].moe, rng, training, &price);
    if (price) m->price = m->price ? op_add(tape, m->price, price) : price;
    return y;
}

Tensor *mixtral_forward(Mixtral *m, Tape *tape, const int *id, int B, int T, const KvCache *cache, Rng *rng, bool training) {
    double drop = m->shape.dropout;
    Tensor *x = op_dropout(tape, op_embedding(tape, m->tokens, id, B, T), drop, rng, training);         // (B,T,C)
    m->price = NULL;
    for (int l = 0; l < m->shape.L; l++) {
        Tensor *y = talk(m, l, tape, op_rmsnorm(tape, x, m->layer[l].talk_gain), cache);
        x = op_add(tape, x, op_dropout(tape, y, drop, rng, training));
        y = think(m, l, tape, op_rmsnorm(tape, x, m->layer[l].think_gain), rng, training);
        x = op_add(tape, x, op_dropout(tape, y, drop, rng, training));
    }
    return op_rmsnorm(tape, x, m->gain);
}

Tensor *mixtral_logits(Mixtral *m, Tape *tape, Tensor *x) { return op_linear(tape, x, m->tokens, NULL); }

// --- the view ---

static Tensor *forward(void *self, Tape *tape, const int *id, int B, int T, const KvCache *cache, Rng *rng, bool training) {
    return mixtral_forward(self, tape, id, B, T, cache, rng, training);
}

static Tensor *logits(void *self, Tape *tape, Tensor *x) { return mixtral_logits(self, tape, x); }
static Tensor *price(void *self) { return ((Mixtral *)self)->price; }

Decoder mixtral_decoder(Mixtral *m) {
    return (Decoder){.self = m, .V = m->shape.V, .T = m->shape.T, .L = m->shape.L, .key = m->shape.KV * (m->shape.C / m->shape.NH), .params = &m->params,
                     .matrices = m->matrices, .forward = forward, .logits = logits, .price = price, .report = m->shape.E > 1 ? loads_report : NULL};
}
