// chat.h, from lesson 01: type a beginning, see the model go on.
#ifndef CHAT_H
#define CHAT_H

#include "model.h"
#include "sampling.h"

#include <stdint.h>

// A setting that a line like "/temperature 0.5" changes: a number, or a text.
typedef struct {
    const char *name;
    double least, most;
    bool whole;             // takes whole numbers only
    const char *help;
    double *number;         // where a further setting's number is kept; NULL: it is a text
    char **text;            // where that is kept: on the heap, or NULL for an empty one
} ChatSetting;

typedef struct {
    Sampling sampling;
    int length;             // characters of a running text, or how many names, per answer
    uint32_t seed;
    const ChatSetting *more;    // further settings
    int count;
} ChatSettings;

// Reads lines from `in` until its end or /quit. Each line is a prompt, answered on `out` by what the model makes of it;
// a line that starts with '/' changes a setting (/help lists them). Wrong settings and unknown characters get one
// line, and the talk goes on.
void chat(const Model *m, ChatSettings settings, FILE *in, FILE *out);

#endif
