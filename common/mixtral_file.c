// mixtral_file.c, from lesson 11: a Mixtral in a model file.
#include "mixtral_file.h"
#include "lesson.h"

enum { LARGEST = 1 << 24 };
static const ModelSetting SHAPE[] = {{"vocab", 1, LARGEST}, {"block", 1, LARGEST}, {"layers", 1, MIXTRAL_LAYERS}, {"heads", 1, LARGEST}, {"kv_heads", 1, LARGEST},
                                     {"width", 1, LARGEST}, {"hidden", 1, LARGEST}, {"experts", 1, 1024}, {"active", 1, 1024}};

json_t *mixtral_settings(MixtralShape s) {
    return modelfile_settings(SHAPE, (int[]){s.V, s.T, s.L, s.NH, s.KV, s.C, s.F, s.E, s.K}, COUNT(SHAPE));
}

MixtralShape mixtral_shape(const Checkpoint *file, const Vocab *vocab) {
    int v[COUNT(SHAPE)];
    Error e;
    must(modelfile_values(file, SHAPE, v, COUNT(SHAPE), &e), &e);
    MixtralShape s = {.V = v[0], .T = v[1], .L = v[2], .NH = v[3], .KV = v[4], .C = v[5], .F = v[6], .E = v[7], .K = v[8]};
    if (s.C % s.NH != 0 || s.C / s.NH % 2 != 0 || s.NH % s.KV != 0 || s.K > s.E || s.V < vocab->size)
        DIE("%s: a width of %d, %d heads with %d keys, %d of %d experts, %d rows for %d characters: these do not fit", file->path, s.C, s.NH, s.KV, s.K, s.E, s.V, vocab->size);
    return s;
}

void mixtral_load(Mixtral *m, MixtralShape s, const Checkpoint *file) {
    Error e;
    mixtral_init(m, s);
    must(params_load(&m->params, file, &e), &e);
}
