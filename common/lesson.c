// lesson.c, from lesson 01: what every lesson's program has in common: its options, and measuring, writing and talking.
#include "lesson.h"
#include "curve.h"
#include "file.h"
#include "generate.h"
#include "newest.h"
#include "runlog.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void lesson_options(Settings *s, const char *which, const CliOption *own, int count) {
    const CliOption common[] = {
        {"data", "NAME|FILE", CLI_TEXT, &s->data, 0, 0, "what to learn from: given-names, tales, names, shakespeare, ... or a file", "train eval inspect"},
        {"as", "names|text", CLI_CHOICE, &s->as, 0, 0, "read the file as a list of names, or as a running text; without it: by its looks", "train eval inspect"},
        {"run", "DIR", CLI_TEXT, &s->run, 0, 0, "where the run goes; without it: the next free runs/LESSON/run-N", "train"},
        {"steps", "N", CLI_INT, &s->steps, 1, 1e9, "how many steps to train", "train"},
        {"batch", "N", CLI_INT, &s->batch, 1, 1e6, "examples a step", "train"},
        {"lr", "X", CLI_REAL, &s->lr, 0, 1e30, "learning rate", "train"},
        {"resume", NULL, CLI_FLAG, &s->resume, 0, 0, "go on with the run that --run names", "train"},
        {"threads", "N", CLI_INT, &s->threads, 0, 1024, "processor cores to use; 0: all", "train"},
        {"checkpoint", "FILE|DIR", CLI_TEXT, &s->checkpoint, 0, 0, "the model, or its run; without it: the newest run", "eval generate chat inspect"},
        {"prompt", "TEXT", CLI_TEXT, &s->prompt, 0, 0, "what to begin with", "generate"},
        {"length", "N", CLI_INT, &s->length, 1, 1e6, "how many names, or how many characters of a text", "generate chat"},
        {"temperature", "T", CLI_REAL, &s->temperature, 0, 100, "1: as the model says; lower: safer; 0: always the likeliest", "train generate chat"},
        {"top-k", "K", CLI_INT, &s->top_k, 0, 1e6, "pick among the K likeliest only; 0: among all", "train generate chat"},
        {"seed", "N", CLI_INT, &s->seed, 0, 2147483647, "where the random numbers start", "train generate chat"},
    };
    for (int i = 0; i < COUNT(common); i++)
        if (has_word(which, common[i].name)) s->option[s->options++] = common[i];
    CHECK(s->options + count <= COUNT(s->option), "lesson_options: %d options, room for %d", s->options + count, COUNT(s->option));
    memcpy(s->option + s->options, own, (size_t)count * sizeof *own);
    s->options += count;
}

void lesson_options_also(Settings *s, const char *which, const char *commands) {
    for (int i = 0; i < s->options; i++)
        if (has_word(which, s->option[i].name)) s->option[i].commands = commands;
}

void must(bool ok, const Error *e) {
    if (!ok) DIE("%s", e->message);
}

Text lesson_text(const Settings *s) {
    Text t;
    Error e;
    must(text_load(&t, s->data, s->as, &e), &e);
    return t;
}

void lesson_same_vocab(const Settings *s, const Text *text, const Vocab *model) {
    if (!vocab_equal(&text->vocab, model))
        DIE("%s: %s has other characters (%d of them) than the text that the model learned from (%d): want the same; --data names it",
            s->lesson, s->data, text->vocab.size, model->size);
}

void lesson_print_loss_per(const char *label, double loss, const char *unit) {
    if (isinf(loss)) printf("%-12s loss infinite: something came that the model called impossible\n", label);
    else if (!isnan(loss)) printf("%-12s loss %.6f   perplexity %8.4f   bits per %s %.4f\n", label, loss, exp(loss), unit, loss / log(2));
}

void lesson_print_loss(const char *label, double loss) { lesson_print_loss_per(label, loss, "character"); }

Sampling lesson_sampling(const Settings *s) { return (Sampling){s->temperature, s->top_k, s->sampling.cut, s->sampling.cutter}; }

int lesson_generate(const Settings *s, const Model *m) {
    Rng rng;
    Error e;
    rng_seed(&rng, (uint32_t)s->seed);
    int length = s->length ? s->length : m->boundary >= 0 ? 10 : 500;
    must(generate(m, s->prompt ? s->prompt : "", length, lesson_sampling(s), &rng, stdout, &e), &e);
    if (m->boundary < 0) putchar('\n');
    return 0;
}

int lesson_chat(const Settings *s, const Model *m) {
    ChatSettings settings = {lesson_sampling(s), s->length ? s->length : m->boundary >= 0 ? 3 : 200, (uint32_t)s->seed, s->chat, s->chat_count};
    chat(m, settings, stdin, stdout);
    return 0;
}

void lesson_show_sample(const Settings *s, const Model *m, RunLog *log, long step) {
    Rng rng;
    rng_seed(&rng, (uint32_t)s->seed);
    char *sample = generate_line(m, m->boundary >= 0 ? 10 : 300, lesson_sampling(s), &rng);
    printf("it writes: %s\n", sample);
    runlog_sample(log, step, sample);
    free(sample);
}

void lesson_show_curve(const char *dir, const char *title, const char *x) {
    Error e;
    char *png = xprintf("%s/curve.png", dir);
    if (!curve_draw(png, title, (const char *[]){dir}, 1, x, NAN, true, &e)) fprintf(stderr, "%s\n", e.message);
    printf("the run is in %s\n", dir);
    free(png);
}

char *lesson_picture_dir(const Settings *s) {
    char *dir = s->checkpoint ? xprintf("%s", s->checkpoint) : newest_run(s->lesson);
    if (dir && !file_is_dir(dir)) {         // a file: its directory
        char *slash = strrchr(dir, '/');
        if (slash) *slash = 0;
        else strcpy(dir, ".");
    }
    CHECK(dir, "lesson_picture_dir: there is no run of %s", s->lesson);
    return dir;
}
