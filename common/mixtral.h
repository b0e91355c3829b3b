// mixtral.h, from lesson 11: a GPT with newer parts: RMSNorm, rotary positions, shared keys and values, and experts.
#ifndef MIXTRAL_H
#define MIXTRAL_H

#include "gpt.h"
#include "moe.h"

enum { MIXTRAL_LAYERS = GPT_LAYERS };

typedef struct {
    int V, T;                   // tokens that it knows; places that it can read at once
    int L, NH, KV, C;           // blocks; heads of queries, and of keys and values; numbers a place
    int F, E, K;                // hidden units of an expert; experts, and how many of them each token uses
    double capacity, balance, favour, noise, zloss;     // see moe.h
    double dropout;             // of the embeddings and of each branch, in training
} MixtralShape;

typedef struct {
    Tensor *talk_gain;          // (C)
    Tensor *qkv;                // ((NH+2KV)HS,C)
    Tensor *proj;               // (C,C)
    Tensor *think_gain;         // (C)
    Moe moe;
} MixtralLayer;

typedef struct {
    MixtralShape shape;
    Params params;              // matrices first, then vectors: see decay_groups.h
    size_t matrices;
    Tensor *tokens;             // (V,C): the embeddings, and the head
    MixtralLayer layer[MIXTRAL_LAYERS];
    Tensor *gain;               // (C) of the last norm
    Tensor *price;              // what the last forward in training costs besides, or NULL
} Mixtral;

typedef struct {
    const char *name;
    MixtralShape shape;         // V 0: as many tokens as the text has
    Recipe recipe;
} MixtralPreset;

// dense, moe, moe-small, mixtral-tiny; NULL: there is none of that name.
const MixtralPreset *mixtral_preset(const char *name);

// All weights zero. The shape is one that mixtral_options_shape or mixtral_shape has checked. Free with mixtral_free.
void mixtral_init(Mixtral *m, MixtralShape shape);
void mixtral_free(Mixtral *m);
// As lesson 09's GPT begins: all weights normal with deviation 0.02, those that end a branch 0.02 / sqrt(2 L); gains 1.
void mixtral_randomise(Mixtral *m, Rng *rng);
// How many numbers take part in what is done for one token: all but the experts that it does not use.
size_t mixtral_active(const Mixtral *m);

// What the blocks make of id (B,T): (B,T,C), normalised; see decoder.h.
// Source: Jiang et al., "Mixtral of experts", 2024; the head is tied to the embeddings here.
Tensor *mixtral_forward(Mixtral *m, Tape *tape, const int *id, int B, int T, const KvCache *cache, Rng *rng, bool training);
//     x (...,C)   ->   logits (...,V)
Tensor *mixtral_logits(Mixtral *m, Tape *tape, Tensor *x);
// For those who train models and let them write.
Decoder mixtral_decoder(Mixtral *m);

#endif
