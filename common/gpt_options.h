// gpt_options.h, from lesson 09: the options of a program whose model is a GPT.
#ifndef GPT_OPTIONS_H
#define GPT_OPTIONS_H

#include "gpt.h"
#include "lesson.h"

typedef struct {
    const char *preset, *stop;
    int vocab, block, layers, heads, width, accumulate, warmup, eval_every, patience;
    bool biases, untied, profile, no_cache;
    double dropout, decay, clip, top_p, min_p, beta2;
} GptOptions;

enum { GPT_OPTIONS = 20 };

// Sets the defaults of `o` and of the settings, and fills the table: option[0..GPT_OPTIONS). Training and plan take the sizes, generate and chat the sampling.
void gpt_options(GptOptions *o, Settings *s, CliOption *option);
// What was not asked for becomes as the recipe has it.
void gpt_options_recipe(GptOptions *o, Settings *s, Recipe r);
// After cli_main: what was not asked for becomes what the preset has. Ends the program where the sizes do not fit.
GptShape gpt_options_shape(GptOptions *o, Settings *s);
// Ends the program where a size was asked for: a model that goes on has its sizes already.
void gpt_options_no_size(const GptOptions *o, const char *lesson);

#endif
