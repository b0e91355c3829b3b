// modelfile.h, from lesson 01: a checkpoint with all that is needed to use it: vocabulary and settings.
#ifndef MODELFILE_H
#define MODELFILE_H

#include "checkpoint.h"
#include "text.h"

// Saves arrays together with the vocabulary (as an array "vocab" of bytes) and settings (an object of strings, whose
// reference is taken over) that say which lesson made them.
bool modelfile_save(const char *path, const char *lesson, const Vocab *vocab, const Array *array, int count,
                    json_t *settings, Error *e);

// A vocabulary of pieces is saved as their bytes; opening leaves it empty, and the lesson makes the pieces of the array "vocab" again.
// Opens what `given` names: a file, or a run directory; NULL: the newest run of the lesson. Refuses another lesson's
// file. On failure: false, one line in e, nothing to close.
bool modelfile_open(Checkpoint *c, Vocab *vocab, const char *lesson, const char *given, Error *e);
// The data that the model learned from, as it was named; NULL: the file does not say. It lives as long as the open file.
const char *modelfile_data(const Checkpoint *c);

// A setting that is a whole number, such as one of a net's sizes.
typedef struct {
    const char *key;
    int least, most;        // what it may be
} ModelSetting;

// The settings with these values, to be saved.
json_t *modelfile_settings(const ModelSetting *setting, const int *value, int count);
// The values again, each within its bounds. On failure: false, and e says which.
bool modelfile_values(const Checkpoint *c, const ModelSetting *setting, int *value, int count, Error *e);

#endif
