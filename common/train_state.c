// train_state.c, from lesson 03: a training in a file, so that it can go on as if nothing had been.
#include "train_state.h"
#include "modelfile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// --- saving ---

static bool all_finite(const Tensor *t, double *value) {
    for (size_t i = 0; i < t->size; i++)
        if (!isfinite(t->data[i])) {
            *value = (double)t->data[i];
            return false;
        }
    return true;
}

const char *train_bad_number(const Train *t, double *value) {
    for (int i = 0; i < t->params->count; i++)
        if (!all_finite(t->params->param[i], value)) return t->params->param[i]->name;
    for (int i = 0; i < t->params->buffers; i++)
        if (!all_finite(t->params->buffer[i], value)) return t->params->buffer[i]->name;
    return NULL;
}

bool train_save(const Train *t, const char *path, Error *e) {
    int count;
    Array *array = params_arrays(t->params, &count);
    array = xrealloc(array, (size_t)(count + t->kept_count) * sizeof *array);
    memcpy(array + count, t->kept, (size_t)t->kept_count * sizeof *array);
    json_t *settings = t->model_settings ? json_copy(t->model_settings) : json_object();
    json_object_set_new(settings, "data", json_string(t->settings->data));
    bool saved = modelfile_save(path, t->settings->lesson, t->model.vocab, array, count + t->kept_count, settings, e);
    free(array);
    return saved;
}

// --- going on ---

static bool same_vocab(const Checkpoint *c, const Vocab *saved, const Vocab *now) {
    if (!now->pieces) return vocab_equal(saved, now);
    const Array *a = checkpoint_find(c, "vocab", "U8", 1, (int[]){(int)now->pieces->size}, NULL);
    return a && memcmp(a->data, now->pieces->bytes, now->pieces->size) == 0;
}

// Weights of the same shapes may still belong to another net, such as one with other heads.
static void check_settings(const Checkpoint *c, json_t *settings) {
    const char *key;
    json_t *now;
    json_object_foreach(settings, key, now) {
        const char *then = checkpoint_text(c, key);
        if (then && strcmp(then, json_string_value(now)) != 0)
            DIE("--resume %s: that model has %s %s, these options ask for %s: want the same options as before", c->path, key, then, json_string_value(now));
    }
}

void train_restore(Train *t, const char *dir) {
    Checkpoint c;
    Vocab vocab;
    Error e;
    must(modelfile_open(&c, &vocab, t->settings->lesson, dir, &e), &e);
    if (!same_vocab(&c, &vocab, t->model.vocab)) DIE("--resume %s: that run learned from other characters: want the same --data", dir);
    check_settings(&c, t->model_settings);
    must(params_load(t->params, &c, &e), &e);
    for (int i = 0; i < t->kept_count; i++) {
        const Array *a = checkpoint_find(&c, t->kept[i].name, "U8", 1, t->kept[i].shape, &e);
        must(a != NULL, &e);
        memcpy(t->kept[i].data, a->data, (size_t)a->shape[0]);
    }
    checkpoint_close(&c);
}
