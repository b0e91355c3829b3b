// gpt_options.c, from lesson 09: the options of a program whose model is a GPT.
#include "gpt_options.h"

#include <string.h>

enum { LARGEST = 1 << 24 };

void gpt_options(GptOptions *o, Settings *s, CliOption *option) {
    s->temperature = 1;
    s->seed = 1337;
    s->lr = -1;
    *o = (GptOptions){.preset = "char", .accumulate = 1, .warmup = -1, .eval_every = 250, .dropout = -1, .decay = 0.1, .clip = 1, .top_p = 1};
    const CliOption table[] = {
        {"preset", "char|baby|starter|gpt2|medium", CLI_CHOICE, &o->preset, 0, 0, "a well-known size", "train plan"},
        {"vocab-size", "V", CLI_INT, &o->vocab, 0, LARGEST, "tokens that it has room for; 0: as the preset and the text have", "train plan"},
        {"block", "T", CLI_INT, &o->block, 0, LARGEST, "places that are read at once; 0: the preset's", "train plan"},
        {"layers", "N", CLI_INT, &o->layers, 0, GPT_LAYERS, "blocks; 0: the preset's", "train plan"},
        {"heads", "N", CLI_INT, &o->heads, 0, LARGEST, "heads of each attention; 0: the preset's", "train plan"},
        {"width", "C", CLI_INT, &o->width, 0, LARGEST, "numbers per place; 0: the preset's", "train plan"},
        {"biases", NULL, CLI_FLAG, &o->biases, 0, 0, "linear layers and norms have biases", "train plan"},
        {"untied", NULL, CLI_FLAG, &o->untied, 0, 0, "the head has weights of its own", "train plan"},
        {"dropout", "P", CLI_REAL, &o->dropout, -1, 0.99, "forget this share; -1: as the preset has it", "train plan"},
        {"accumulate", "N", CLI_INT, &o->accumulate, 1, 1e6, "batches to one step", "train plan"},
        {"warmup", "N", CLI_INT, &o->warmup, -1, 1e9, "steps until the rate is at its highest; -1: as the preset has it", "train"},
        {"decay", "X", CLI_REAL, &o->decay, 0, 1e3, "weight decay, of matrices only", "train"},
        {"clip", "X", CLI_REAL, &o->clip, 0, 1e30, "no gradient longer than this; 0: any", "train"},
        {"eval-every", "N", CLI_INT, &o->eval_every, 1, 1e9, "steps from one measurement of the validation loss to the next", "train"},
        {"patience", "N", CLI_INT, &o->patience, 0, 1e9, "stop after so many measurements without a better one; 0: never", "train"},
        {"profile", NULL, CLI_FLAG, &o->profile, 0, 0, "where the time goes, operation by operation", "train"},
        {"top-p", "P", CLI_REAL, &o->top_p, 0, 1, "pick among the likeliest that sum to P; 1: among all", "generate chat"},
        {"min-p", "P", CLI_REAL, &o->min_p, 0, 1, "leave out what is less than P times as likely as the likeliest", "generate chat"},
        {"stop", "TEXT", CLI_TEXT, &o->stop, 0, 0, "stop when this has been written", "generate chat"},
        {"no-cache", NULL, CLI_FLAG, &o->no_cache, 0, 0, "read everything again for every token", "generate chat"},
    };
    CHECK(COUNT(table) == GPT_OPTIONS, "gpt_options: %d options, GPT_OPTIONS says %d", COUNT(table), GPT_OPTIONS);
    memcpy(option, table, sizeof table);
}

void gpt_options_recipe(GptOptions *o, Settings *s, Recipe r) {
    if (!s->batch) s->batch = r.batch;
    if (!s->steps) s->steps = r.steps;
    if (s->lr < 0) s->lr = r.lr;
    if (o->warmup < 0) o->warmup = r.warmup;
    o->beta2 = r.beta2;
}

GptShape gpt_options_shape(GptOptions *o, Settings *s) {
    const GptPreset *p = gpt_preset(o->preset);
    GptShape shape = p->shape;
    gpt_options_recipe(o, s, p->recipe);
    if (o->vocab) shape.V = o->vocab;
    if (o->block) shape.T = o->block;
    if (o->layers) shape.L = o->layers;
    if (o->heads) shape.NH = o->heads;
    if (o->width) shape.C = o->width;
    if (o->dropout >= 0) shape.dropout = o->dropout;
    shape.bias |= o->biases;
    shape.untied |= o->untied;
    if (shape.C % shape.NH != 0) DIE("%s: --width %d cannot be cut into %d heads: want a multiple", s->lesson, shape.C, shape.NH);
    return shape;
}

void gpt_options_no_size(const GptOptions *o, const char *lesson) {
    const struct { const char *name; bool asked; } size[] = {{"vocab-size", o->vocab > 0}, {"block", o->block > 0}, {"layers", o->layers > 0}, {"heads", o->heads > 0},
                                                             {"width", o->width > 0}, {"biases", o->biases}, {"untied", o->untied}};
    for (int i = 0; i < COUNT(size); i++)
        if (size[i].asked) DIE("%s: --%s beside --init-from: the model has its sizes already; want --%s left out", lesson, size[i].name, size[i].name);
}
