// gpt_commands.h, from lesson 09: train, plan and write with a GPT.
#ifndef GPT_COMMANDS_H
#define GPT_COMMANDS_H

#include "gpt_file.h"
#include "gpt_options.h"
#include "gpt_plan.h"
#include "gpt_run.h"

// A fresh model of the options' shape, with room for the text's tokens. rng: what its weights are drawn with.
void gpt_fresh(Gpt *g, Settings *s, GptOptions *o, const Text *t, Rng *rng);
// Trains a model on the text. rng: for all that is drawn at random from now on. settings: what the model's file needs; the reference is taken over.
// bytes (3): how many each split has, where tokens are not bytes, or NULL. Returns the exit code.
int gpt_train(Settings *s, GptOptions *o, const Text *t, Decoder net, Rng rng, json_t *settings, const double *bytes);
// Prints what training with this plan would take. Returns 0.
int gpt_show_plan(Plan plan);
// Prints the losses of a saved model on the text. bytes as above. Returns 0.
int gpt_eval(const Settings *s, Decoder net, const Vocab *vocab, const Text *t, const double *bytes);
// Calls `command` (lesson_generate, lesson_chat) with the model's face, sampling as the options say. Returns its result.
int gpt_write(Settings *s, const GptOptions *o, Decoder net, const Vocab *vocab, int (*command)(const Settings *s, const Model *m));

// What is looked at: the prompt, or else the beginning of the validation text; id[0..T), as much as the model reads at once. Returns how many, two at least.
// Ends the program where the validation text is shorter than that.
int gpt_looked_at(const Settings *s, const Vocab *vocab, const Text *t, int T, int *id);

#endif
