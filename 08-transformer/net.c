// net.c of 08-transformer: a decoder of blocks: embeddings, positions, blocks, and the next character.
#include "net.h"
#include "draw.h"
#include "init_uniform.h"
#include "op_embedding.h"
#include "op_gelu.h"
#include "op_layernorm.h"
#include "op_linear.h"
#include "op_positions.h"
#include "op_relu.h"
#include "op_softmax.h"

#include <string.h>

// The GPT lecture's steps, and makemore's transformer. A feed-forward ratio of 0 is one matrix and a ReLU.
static const Variant VARIANT[] = {
    {"feed-forward", {.T = 8, .layers = 1, .head_bias = true, .block = {.C = 32, .NH = 4, .bias = true, .activation = op_relu}}, 32, 1e-3, 0.999, 0, "tales"},
    {"residual", {.T = 8, .layers = 3, .head_bias = true, .block = {.C = 32, .NH = 4, .bias = true, .ratio = 4, .skip = true, .proj = true, .activation = op_relu}}, 32, 1e-3, 0.999, 0, "tales"},
    {"layernorm", {.T = 8, .layers = 3, .head_bias = true, .block = {.C = 32, .NH = 4, .bias = true, .ratio = 4, .norm = NORM_PRE, .skip = true, .proj = true, .activation = op_relu}}, 32, 1e-3, 0.999, 0, "tales"},
    {"small", {.T = 32, .layers = 4, .head_bias = true, .block = {.C = 64, .NH = 4, .bias = true, .ratio = 4, .norm = NORM_PRE, .skip = true, .proj = true, .activation = op_relu}}, 16, 1e-3, 0.999, 0, "tales"},
    {"names", {.T = 16, .layers = 4, .block = {.C = 64, .NH = 4, .bias = true, .ratio = 4, .norm = NORM_PRE, .skip = true, .proj = true, .qkv_bias = true, .activation = op_gelu}}, 32, 5e-4, 0.99, 1, "given-names"},
    {.name = NULL},
};

const Variant *variant_named(const char *name) {
    for (const Variant *v = VARIANT; v->name; v++)
        if (strcmp(v->name, name) == 0) return v;
    return NULL;
}

// --- the shape in a model's file ---

enum { LARGEST = 65536 };
static const ModelSetting SETTING[] = {{"block", 1, LARGEST}, {"layers", 1, LAYERS_MOST}, {"width", 1, LARGEST}, {"heads", 1, LARGEST}, {"ratio", 0, LARGEST},
                                       {"norm", 0, NORM_POST}, {"skip", 0, 1}, {"qkv_bias", 0, 1}, {"proj", 0, 1}, {"gelu", 0, 1}, {"head_bias", 0, 1}};

json_t *shape_settings(Shape s) {
    BlockShape b = s.block;
    return modelfile_settings(SETTING, (int[]){s.T, s.layers, b.C, b.NH, b.ratio, (int)b.norm, b.skip, b.qkv_bias, b.proj, b.activation == op_gelu, s.head_bias}, COUNT(SETTING));
}

bool shape_read(Shape *s, const Checkpoint *file, Error *e) {
    int v[COUNT(SETTING)];
    if (!modelfile_values(file, SETTING, v, COUNT(SETTING), e)) return false;
    if (v[2] % v[3] != 0) return error(e, "%s: a width of %d cannot be cut into %d heads", file->path, v[2], v[3]);
    BlockShape block = {.C = v[2], .NH = v[3], .ratio = v[4], .norm = (NormPlace)v[5], .skip = v[6], .bias = true, .qkv_bias = v[7], .proj = v[8], .activation = v[9] ? op_gelu : op_relu};
    *s = (Shape){.T = v[0], .layers = v[1], .block = block, .head_bias = v[10]};
    return true;
}

// --- the net ---

void net_init(Net *net, Shape s) {
    *net = (Net){.shape = s, .ask = tape_new(false)};
    Params *p = &net->params;
    int C = s.block.C;
    net->tokens = params_add(p, "tokens", 2, (int[]){s.V, C});
    net->positions = params_add(p, "positions", 2, (int[]){s.T, C});
    for (int l = 0; l < s.layers; l++) block_add(&net->block[l], p, s.block, l);
    if (s.block.norm == NORM_PRE) {
        net->gain = params_add(p, "norm.gain", 1, &C);
        net->norm_bias = params_add(p, "norm.bias", 1, &C);
    }
    net->head = params_add(p, "head", 2, (int[]){s.V, C});
    if (s.head_bias) net->head_bias = params_add(p, "head.bias", 1, &s.V);
    params_allocate(p);
}

void net_free(Net *net) {
    params_free(&net->params);
    tape_free(&net->ask);
}

void net_randomise(Net *net, Rng *rng) {
    int C = net->shape.block.C;
    draw_normal(rng, net->tokens);
    draw_normal(rng, net->positions);
    for (int l = 0; l < net->shape.layers; l++) block_randomise(&net->block[l], rng);
    for (int c = 0; c < C && net->gain; c++) net->gain->data[c] = 1;
    init_uniform(rng, net->head->data, net->head->size, C);
    if (net->head_bias) init_uniform(rng, net->head_bias->data, net->head_bias->size, C);
}

Pass net_forward(Net *net, Tape *tape, const int *id, int B, int T, Rng *rng, bool training) {
    Pass p;
    int layers = net->shape.layers;
    p.x[0] = op_positions(tape, op_embedding(tape, net->tokens, id, B, T), net->positions, 0);                  // (B,T,C)
    for (int l = 0; l < layers; l++) p.x[l + 1] = block_forward(tape, p.x[l], &net->block[l], rng, training);   // (B,T,C)
    Tensor *y = net->gain ? op_layernorm(tape, p.x[layers], net->gain, net->norm_bias) : p.x[layers];
    p.logits = op_linear(tape, y, net->head, net->head_bias);                                                   // (B,T,V)
    return p;
}

// --- the face ---

// A name begins anew behind its boundary; a running text goes back as far as the net reads.
static size_t begin(const Model *m, const int *id, size_t n, int T) {
    size_t from = n > (size_t)T ? n - (size_t)T : 0, boundary = n - 1;
    if (m->boundary < 0) return from;
    while (boundary > from && id[boundary] != m->boundary) boundary--;
    return boundary;
}

static void next(const Model *m, const int *id, size_t n, float *prob) {
    Net *net = m->self;
    size_t from = begin(m, id, n, net->shape.T);
    int V = net->shape.V, T = (int)(n - from);
    tape_reset(&net->ask);
    Tensor *logits = net_forward(net, &net->ask, id + from, 1, T, NULL, false).logits;          // (1,T,V)
    Tensor *last = tape_values(&net->ask, "last", 2, (int[]){1, V}, logits->data + (size_t)(T - 1) * (size_t)V);
    memcpy(prob, op_softmax(&net->ask, last)->data, (size_t)V * sizeof *prob);
}

Model net_model(Net *net, const Vocab *vocab) {
    return (Model){.vocab = vocab, .boundary = vocab->names ? 0 : -1, .self = net, .next = next};
}
