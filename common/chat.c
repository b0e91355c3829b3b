// chat.c, from lesson 01: type a beginning, see the model go on.
#define _GNU_SOURCE
#include "chat.h"
#include "generate.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const ChatSetting SETTINGS[] = {
    {.name = "temperature", .most = 100, .help = "1: as the model says; lower: safer; higher: wilder; 0: always the likeliest"},
    {.name = "top-k", .most = 1e6, .whole = true, .help = "pick among the k likeliest characters only; 0: among all"},
    {.name = "length", .least = 1, .most = 1e6, .whole = true, .help = "how much to write: characters of a text, or how many names"},
    {.name = "seed", .most = 4294967295.0, .whole = true, .help = "start the random numbers anew from there"},
};
enum { TEMPERATURE, TOP_K, LENGTH, SEED, SETTING_COUNT };

static void show(const ChatSettings *s, FILE *out) {
    double value[] = {s->sampling.temperature, s->sampling.top_k, s->length, s->seed};
    for (int i = 0; i < SETTING_COUNT; i++) fprintf(out, "  /%-12s %-6.10g %s\n", SETTINGS[i].name, value[i], SETTINGS[i].help);
    for (const ChatSetting *it = s->more; it < s->more + s->count; it++) {
        if (it->number) fprintf(out, "  /%-12s %-6.10g %s\n", it->name, *it->number, it->help);
        else fprintf(out, "  /%-12s %-6s %s\n", it->name, *it->text ? *it->text : "-", it->help);
    }
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

// Reads the number that a setting wants; false, with a line that says what it wants, where it is none.
static bool number_for(const ChatSetting *it, const char *word, double *value, FILE *out) {
    char *end;
    *value = strtod(word, &end);
    bool good = end != word && !*end && *value >= it->least && *value <= it->most && (!it->whole || *value == (double)(long long)*value);
    if (!good) fprintf(out, "/%s \"%s\": want a %snumber from %g to %.10g\n", it->name, word, it->whole ? "whole " : "", it->least, it->most);
    return good;
}

static void set_further(const ChatSetting *it, const char *word, FILE *out) {
    double value;
    if (it->number) {
        if (number_for(it, word, &value, out)) *it->number = value;
        return;
    }
    free(*it->text);
    *it->text = *word ? xprintf("%s", word) : NULL;
}

// Obeys one "/..." line; false: the person wants to leave.
static bool obey(ChatSettings *s, const char *line, Rng *rng, FILE *out) {
    char name[32] = "", word[64] = "";
    double value;
    sscanf(line, "/%31s %63[^\n]", name, word);
    if (strcmp(name, "quit") == 0 || strcmp(name, "exit") == 0) return false;
    if (strcmp(name, "help") == 0 || strcmp(name, "") == 0) {
        show(s, out);
        return true;
    }
    for (int i = 0; i < SETTING_COUNT; i++) {
        if (strcmp(name, SETTINGS[i].name) != 0) continue;
        if (number_for(&SETTINGS[i], word, &value, out)) set(s, i, value, rng);
        return true;
    }
    for (const ChatSetting *it = s->more; it < s->more + s->count; it++) {
        if (strcmp(name, it->name) != 0) continue;
        set_further(it, word, out);
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
