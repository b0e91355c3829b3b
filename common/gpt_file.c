// gpt_file.c, from lesson 09: a GPT in a model file.
#include "gpt_file.h"
#include "lesson.h"

enum { LARGEST = 1 << 24 };
static const ModelSetting SHAPE[] = {{"vocab", 1, LARGEST}, {"block", 1, LARGEST}, {"layers", 1, GPT_LAYERS}, {"heads", 1, LARGEST},
                                     {"width", 1, LARGEST}, {"bias", 0, 1}, {"untied", 0, 1}};

json_t *gpt_settings(GptShape s) { return modelfile_settings(SHAPE, (int[]){s.V, s.T, s.L, s.NH, s.C, s.bias, s.untied}, COUNT(SHAPE)); }

void gpt_load(Gpt *g, const Checkpoint *file, const Vocab *vocab, double dropout) {
    int v[COUNT(SHAPE)];
    Error e;
    must(modelfile_values(file, SHAPE, v, COUNT(SHAPE), &e), &e);
    if (v[4] % v[3] != 0 || v[0] < vocab->size)
        DIE("%s: a width of %d, %d heads, %d rows for %d characters: these do not fit", file->path, v[4], v[3], v[0], vocab->size);
    gpt_init(g, (GptShape){.V = v[0], .T = v[1], .L = v[2], .NH = v[3], .C = v[4], .bias = v[5], .untied = v[6], .dropout = dropout});
    must(params_load(&g->params, file, &e), &e);
}
