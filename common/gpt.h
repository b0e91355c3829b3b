// gpt.h, from lesson 09: a GPT: embeddings, blocks, a last norm, and the embeddings again as the head.
#ifndef GPT_H
#define GPT_H

#include "block.h"
#include "decoder.h"

enum { GPT_LAYERS = 64 };

typedef struct {
    int V, T;               // tokens that it knows; places that it can read at once
    int L, NH, C;           // blocks, heads of each, numbers a place
    bool bias;              // do linear layers and norms have biases?
    bool untied;            // has the head weights of its own? If not, it uses those of the embedding
    double dropout;         // of the embeddings and of each branch, in training
} GptShape;

typedef struct {
    GptShape shape;
    Params params;                      // matrices first, then vectors: see decay_groups.h
    size_t matrices;                    // how many of params' numbers are in matrices
    Tensor *tokens, *positions;         // (V,C), (T,C)
    Block block[GPT_LAYERS];
    Tensor *gain, *norm_bias;           // (C), (C) or NULL: of the last norm
    Tensor *head;                       // (V,C): the same as tokens, unless untied
} Gpt;

// How a size is trained.
typedef struct {
    int batch, steps, warmup;
    double lr, beta2;
} Recipe;

// A well-known size.
typedef struct {
    const char *name;
    GptShape shape;                     // V 0: as many tokens as the text has
    Recipe recipe;
} GptPreset;

// char, baby, starter, gpt2, medium; NULL: there is none of that name.
// Source: nanoGPT's configurations for the first two; Radford et al., "Language models are unsupervised multitask learners", 2019.
const GptPreset *gpt_preset(const char *name);

void gpt_init(Gpt *g, GptShape shape);  // all weights zero
void gpt_free(Gpt *g);
// As GPT-2 begins: all weights normal with deviation 0.02; those that end a branch 0.02 / sqrt(2 L), since 2 L branches add up; gains 1, biases 0.
void gpt_randomise(Gpt *g, Rng *rng);

// What the blocks make of id (B,T): (B,T,C), normalised. cache: holds what was read before, and takes in id too (then B is 1); NULL: nothing was read
// before. rng: for dropout, used in training only.
Tensor *gpt_forward(Gpt *g, Tape *tape, const int *id, int B, int T, const KvCache *cache, Rng *rng, bool training);
//     x (...,C)   ->   logits (...,V)
Tensor *gpt_logits(Gpt *g, Tape *tape, Tensor *x);
// For those who train models and let them write.
Decoder gpt_decoder(Gpt *g);

#endif
