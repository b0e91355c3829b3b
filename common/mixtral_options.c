// mixtral_options.c, from lesson 11: the options of a program whose model has experts.
#include "mixtral_options.h"

#include <string.h>

enum { LARGEST = 1 << 24 };

void mixtral_options(MixtralOptions *m, GptOptions *o, Settings *s, CliOption *option) {
    CliOption gpt[GPT_OPTIONS];
    int count = 0;
    gpt_options(o, s, gpt);
    *m = (MixtralOptions){.preset = "moe", .capacity = -1, .balance = -1};
    const CliOption own[] = {
        {"preset", "dense|moe|moe-small|mixtral-tiny", CLI_CHOICE, &m->preset, 0, 0, "a size", "train plan"},
        {"experts", "E", CLI_INT, &m->experts, 0, 1024, "experts of each block; 1: none, one net for all; 0: the preset's", "train plan"},
        {"active", "K", CLI_INT, &m->active, 0, 1024, "experts that each token uses; 0: the preset's", "train plan"},
        {"hidden", "F", CLI_INT, &m->hidden, 0, LARGEST, "hidden units of an expert; 0: the preset's", "train plan"},
        {"kv-heads", "N", CLI_INT, &m->kv_heads, 0, LARGEST, "heads of keys and values, which those of queries share; 0: the preset's", "train plan"},
        {"capacity", "X", CLI_REAL, &m->capacity, -1, 1e6, "in training, room for so many fair shares; 0: for any number; -1: as the preset has it", "train"},
        {"balance", "X", CLI_REAL, &m->balance, -1, 1e6, "what uneven loads cost; 0: nothing; -1: as the preset has it", "train"},
        {"favour", "X", CLI_REAL, &m->favour, 0, 1e6, "balance without a price: so far each batch moves the favour of an expert", "train"},
        {"noise", "X", CLI_REAL, &m->noise, 0, 1e6, "the deviation of noise on the router's logits", "train"},
        {"z-loss", "X", CLI_REAL, &m->zloss, 0, 1e6, "what large logits of the router cost", "train"},
    };
    memcpy(option, own, sizeof own);
    count = COUNT(own);
    for (int i = 0; i < GPT_OPTIONS; i++)
        if (!has_word("preset biases untied", gpt[i].name)) option[count++] = gpt[i];
    CHECK(count == MIXTRAL_OPTIONS, "mixtral_options: %d options, MIXTRAL_OPTIONS says %d", count, MIXTRAL_OPTIONS);
}

MixtralShape mixtral_options_shape(const MixtralOptions *m, GptOptions *o, Settings *s) {
    const MixtralPreset *p = mixtral_preset(m->preset);
    MixtralShape z = p->shape;
    gpt_options_recipe(o, s, p->recipe);
    if (o->vocab) z.V = o->vocab;
    if (o->block) z.T = o->block;
    if (o->layers) z.L = o->layers;
    if (o->heads) z.NH = o->heads;
    if (o->width) z.C = o->width;
    if (o->dropout >= 0) z.dropout = o->dropout;
    if (m->kv_heads) z.KV = m->kv_heads;
    if (m->hidden) z.F = m->hidden;
    if (m->experts) z.E = m->experts;
    if (m->active) z.K = m->active;
    if (m->capacity >= 0) z.capacity = m->capacity;
    if (m->balance >= 0) z.balance = m->balance;
    z.favour = m->favour;
    z.noise = m->noise;
    z.zloss = m->zloss;
    if (z.C % z.NH != 0 || z.C / z.NH % 2 != 0) DIE("%s: --width %d in %d heads: want a width that --heads divides, into an even number each", s->lesson, z.C, z.NH);
    if (z.NH % z.KV != 0) DIE("%s: --kv-heads %d cannot be shared by %d heads: want a divisor of --heads", s->lesson, z.KV, z.NH);
    if (z.E == 1 && !m->active) z.K = 1;
    if (z.E == 1 && (m->capacity > 0 || m->balance > 0 || m->favour > 0 || m->noise > 0 || m->zloss > 0))
        DIE("%s: one net for all has no router: want --capacity, --balance, --favour, --noise and --z-loss left out", s->lesson);
    if (p->shape.E == 1 && z.E > 1 && (!m->active || m->capacity < 0 || m->balance < 0))
        DIE("%s: --experts %d beside --preset %s, which has none: want --active, --capacity and --balance too, or --preset moe", s->lesson, z.E, p->name);
    if (z.K > z.E) DIE("%s: --active %d of --experts %d: want no more than there are", s->lesson, z.K, z.E);
    return z;
}
