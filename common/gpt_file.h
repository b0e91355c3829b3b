// gpt_file.h, from lesson 09: a GPT in a model file.
#ifndef GPT_FILE_H
#define GPT_FILE_H

#include "gpt.h"
#include "modelfile.h"

// The shape, as the settings that are written into a model's file; the caller's reference.
json_t *gpt_settings(GptShape s);
// The model out of an open file; its vocabulary must be there already. dropout: that of the training to come. Ends the program where it is none.
void gpt_load(Gpt *g, const Checkpoint *file, const Vocab *vocab, double dropout);

#endif
