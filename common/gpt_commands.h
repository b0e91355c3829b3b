// gpt_commands.h, from lesson 09: train, plan and write with a GPT.
#ifndef GPT_COMMANDS_H
#define GPT_COMMANDS_H

#include "gpt_options.h"
#include "gpt_run.h"

// Trains a fresh model of the options' shape on the text, or goes on with *from, whose weights become the training's; NULL: fresh. settings: what the
// model's file needs besides its shape, or NULL; the reference is taken over. bytes (3): how many each split has, where tokens are not bytes, or NULL. Returns
// the exit code.
int gpt_train(Settings *s, GptOptions *o, const Text *t, const Gpt *from, json_t *settings, const double *bytes);
// Prints what training on this text would take. Returns 0.
int gpt_plan(Settings *s, GptOptions *o, const Text *t);
// Calls `command` (lesson_generate, lesson_chat) with the model's face, sampling as the options say. Returns its result.
int gpt_write(Settings *s, const GptOptions *o, const Gpt *gpt, const Vocab *vocab, int (*command)(const Settings *s, const Model *m));
// The model out of an open file; its vocabulary must be there already. Ends the program where it is none.
void gpt_load(Gpt *gpt, const Checkpoint *file, const Vocab *vocab, double dropout);

#endif
