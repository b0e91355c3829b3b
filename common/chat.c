// chat.c, from lesson 01: type a beginning, see the model go on.
#define _GNU_SOURCE
#include "chat.h"
#include "generate.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// One setting that a line like "/temperature 0.5" changes.
typedef struct {
    const char *name;
    double least, most;
    bool whole;             // takes whole numbers only
    const char *help;
} Setting;

static const Setting SETTINGS[] = {
    {"temperature", 0, 100, false, "1: as the model says; lower: safer; higher: wilder; 0: always the likeliest"},
    {"top-k", 0, 1e6, true, "pick among the k likeliest characters only; 0: among all"},
    {"length", 1, 1e6, true, "how much to write: characters of a text, or how many names"},
    {"seed", 0, 4294967295.0, true, "start the random numbers anew from there"},
};
enum { TEMPERATURE, TOP_K, LENGTH, SEED, SETTING_COUNT };

static void show(const ChatSettings *s, FILE *out) {
    double value[] = {s->sampling.temperature, s->sampling.top_k, s->length, s->seed};
    for (int i = 0; i < SETTING_COUNT; i++)
        fprintf(out, "  /%-12s %-6.10g %s\n", SETTINGS[i].name, value[i], SETTINGS[i].help);
    fprintf(out, "  /%-12s %-6s leave (or Ctrl-D)\n", "quit", "");
}

static void set(ChatSettings *s, int which, double value, Rng *rng) {
    switch (which) {
    case TEMPERATURE: s->sampling.temperature = value; break;
    case TOP_K: s->sampling.top_k = (int)value; break;
    case LENGTH: s->length = (int)value; break;
    default:
        s->seed = (uint32_t)value;
        rng_seed(rng, s->seed);
    }
}

// Obeys one "/..." line; false: the person wants to leave.
static bool obey(ChatSettings *s, const char *line, Rng *rng, FILE *out) {
    char name[32] = "", number[64] = "", *end;
    sscanf(line, "/%31s %63[^\n]", name, number);
    if (strcmp(name, "quit") == 0 || strcmp(name, "exit") == 0) return false;
    if (strcmp(name, "help") == 0 || strcmp(name, "") == 0) {
        show(s, out);
        return true;
    }
    for (int i = 0; i < SETTING_COUNT; i++) {
        const Setting *it = &SETTINGS[i];
        if (strcmp(name, it->name) != 0) continue;
        double value = strtod(number, &end);
        bool good = end != number && !*end && value >= it->least && value <= it->most &&
                    (!it->whole || value == (double)(long long)value);
        if (good) set(s, i, value, rng);
        else fprintf(out, "/%s \"%s\": want a %snumber from %g to %.10g\n", name, number, it->whole ? "whole " : "", it->least, it->most);
        return true;
    }
    fprintf(out, "there is no /%s: /help lists what there is\n", name);
    return true;
}

void chat(const Model *m, ChatSettings settings, FILE *in, FILE *out) {
    bool person = isatty(fileno(in));
    Rng rng;
    rng_seed(&rng, settings.seed);
    if (person) fprintf(out, "Type a beginning and press Enter. /help shows the settings, /quit leaves.\n");
    char *line = NULL;
    size_t room = 0;
    for (;;) {
        if (person) fprintf(out, "> ");
        fflush(out);
        ssize_t n = getline(&line, &room, in);
        if (n < 0) break;
        while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r')) line[--n] = 0;
        if (line[0] == '/') {
            if (!obey(&settings, line, &rng, out)) break;
            continue;
        }
        Error e;
        if (!generate(m, line, settings.length, settings.sampling, &rng, out, &e)) fprintf(out, "%s\n", e.message);
        else if (m->boundary < 0) fprintf(out, "\n");
    }
    if (person) fprintf(out, "\n");
    free(line);
}
