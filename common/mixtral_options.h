// mixtral_options.h, from lesson 11: the options of a program whose model has experts.
#ifndef MIXTRAL_OPTIONS_H
#define MIXTRAL_OPTIONS_H

#include "gpt_options.h"
#include "mixtral.h"

typedef struct {
    const char *preset;
    int kv_heads, hidden, experts, active;
    double capacity, balance, favour, noise, zloss;
} MixtralOptions;

enum { MIXTRAL_OPTIONS = GPT_OPTIONS + 7 };

// As gpt_options; those of lesson 09 that make no sense here are left out. option[0..MIXTRAL_OPTIONS)
void mixtral_options(MixtralOptions *m, GptOptions *o, Settings *s, CliOption *option);
// After cli_main: what was not asked for becomes what the preset has. Ends the program where the sizes do not fit.
MixtralShape mixtral_options_shape(const MixtralOptions *m, GptOptions *o, Settings *s);

#endif
