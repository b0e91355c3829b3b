// modelfile.c, from lesson 01: a checkpoint with all that is needed to use it: vocabulary and settings.
#include "modelfile.h"
#include "file.h"
#include "newest.h"

#include <stdlib.h>
#include <string.h>

bool modelfile_save(const char *path, const char *lesson, const Vocab *vocab, const Array *array, int count,
                    json_t *settings, Error *e) {
    Array *all = xmalloc(((size_t)count + 1) * sizeof *all);
    Vocab copy = *vocab;
    memcpy(all, array, (size_t)count * sizeof *array);     // bytes come last, so that all others stand at multiples of their size
    all[count] = (Array){.name = "vocab", .dtype = "U8", .ndim = 1, .shape = {vocab->size}, .data = copy.byte};
    if (vocab->pieces) {
        all[count].shape[0] = (int)vocab->pieces->size;
        all[count].data = (void *)vocab->pieces->bytes;
    }
    json_object_set_new(settings, "lesson", json_string(lesson));
    json_object_set_new(settings, "kind", json_string(vocab->pieces ? "pieces" : vocab->names ? "names" : "text"));
    bool ok = checkpoint_save(path, all, count + 1, settings, e);
    json_decref(settings);
    free(all);
    return ok;
}

static bool read_vocab(const Checkpoint *c, Vocab *v, Error *e) {
    const Array *a = checkpoint_find(c, "vocab", "U8", 1, (int[]){-1}, e);
    const char *kind = checkpoint_text(c, "kind");
    memset(v, 0, sizeof *v);
    if (!a) return false;
    if (kind && strcmp(kind, "pieces") == 0) return true;       // the lesson makes them itself, of the array's bytes
    if (a->shape[0] < 1 || a->shape[0] > 256) return error(e, "%s: a vocabulary of %d bytes, want 1 to 256", c->path, a->shape[0]);
    v->names = kind && strcmp(kind, "names") == 0;
    v->size = a->shape[0];
    for (int b = 0; b < 256; b++) v->id[b] = -1;
    for (int i = 0; i < v->size; i++) {
        v->byte[i] = ((unsigned char *)a->data)[i];
        v->id[v->byte[i]] = i;
    }
    return true;
}

// The file that `given` means. Free it. NULL: there is none, and e says so.
static char *locate(const char *lesson, const char *given, Error *e) {
    if (!given) {
        char *dir = newest_run(lesson), *path = dir ? xprintf("%s/model.safetensors", dir) : NULL;
        if (!dir) error(e, "there is no trained model in runs/%s yet: run build/%s train first, or name one with --checkpoint", lesson, lesson);
        free(dir);
        return path;
    }
    return xprintf(file_is_dir(given) ? "%s/model.safetensors" : "%s", given);
}

bool modelfile_open(Checkpoint *c, Vocab *vocab, const char *lesson, const char *given, Error *e) {
    char *path = locate(lesson, given, e);
    bool ok = path && checkpoint_open(c, path, e);
    free(path);
    if (!ok) return false;
    const char *saved_by = checkpoint_text(c, "lesson");
    if (!saved_by || strcmp(saved_by, lesson) != 0)
        ok = error(e, "%s was saved by %.60s, want a model of %s", c->path, saved_by ? saved_by : "another program", lesson);
    ok = ok && read_vocab(c, vocab, e);
    if (!ok) checkpoint_close(c);
    return ok;
}

const char *modelfile_data(const Checkpoint *c) { return checkpoint_text(c, "data"); }

json_t *modelfile_settings(const ModelSetting *setting, const int *value, int count) {
    json_t *settings = json_object();
    for (int i = 0; i < count; i++) {
        char number[12];
        snprintf(number, sizeof number, "%d", value[i]);
        json_object_set_new(settings, setting[i].key, json_string(number));
    }
    return settings;
}

static bool read_value(const Checkpoint *c, ModelSetting s, int *value, Error *e) {
    const char *text = checkpoint_text(c, s.key);
    char *end = NULL;
    long n = text ? strtol(text, &end, 10) : 0;
    if (!text || end == text || *end || n < s.least || n > s.most)
        return error(e, "%s: its setting \"%s\" is \"%.60s\", want a whole number from %d to %d", c->path, s.key, text ? text : "(not there)", s.least, s.most);
    *value = (int)n;
    return true;
}

bool modelfile_values(const Checkpoint *c, const ModelSetting *setting, int *value, int count, Error *e) {
    for (int i = 0; i < count; i++)
        if (!read_value(c, setting[i], &value[i], e)) return false;
    return true;
}
