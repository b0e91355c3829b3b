// lesson.h, from lesson 01: what every lesson's program has in common: its options, and measuring, writing and talking.
#ifndef LESSON_H
#define LESSON_H

#include "chat.h"
#include "cli.h"
#include "model.h"
#include "runlog.h"
#include "sampling.h"

// The options that have the same name and meaning in every lesson, with their values. A lesson sets its defaults, calls
// lesson_options, and reads the values after cli_main has run.
typedef struct {
    const char *lesson;         // "01-bigram"
    const char *data, *as, *run, *checkpoint, *prompt;
    int steps, batch, length, top_k, seed, threads;
    double lr, temperature;
    bool resume;
    Sampling sampling;          // how to cut off what is too unlikely: see sampling.h. temperature and top_k are above
    const ChatSetting *chat;    // settings of the lesson's own for its chat
    int chat_count;
    CliOption option[64];       // these, and the lesson's own
    int options;
} Settings;

// Fills s->option with those common options that `which` names ("data run seed ..."), and the lesson's own after them.
void lesson_options(Settings *s, const char *which, const CliOption *own, int count);

// After that: the common options `which` are also for `commands` ("train inspect"), where a lesson's own work needs them.
void lesson_options_also(Settings *s, const char *which, const char *commands);

// Ends the program with exit code 2 and the error's line unless ok.
void must(bool ok, const Error *e);
// The text that --data names, or exit code 2.
Text lesson_text(const Settings *s);
// Exit code 2 unless the text has just the characters that the model learned.
void lesson_same_vocab(const Settings *s, const Text *text, const Vocab *model);
// One line: a loss in nats, as perplexity and as bits per unit, such as "word". A NAN (not measured) prints nothing.
void lesson_print_loss_per(const char *label, double loss, const char *unit);
// The same, per character.
void lesson_print_loss(const char *label, double loss);
Sampling lesson_sampling(const Settings *s);
// The commands generate and chat: on stdout, with the settings' prompt, length, seed and sampling. They return 0.
int lesson_generate(const Settings *s, const Model *m);
int lesson_chat(const Settings *s, const Model *m);
// The end of a training run: a sample on stdout and in the run's samples.txt; the training curve as DIR/curve.png and
// on stdout against `x` (a column of the log); where the run is.
void lesson_show_sample(const Settings *s, const Model *m, RunLog *log, long step);
void lesson_show_curve(const char *dir, const char *title, const char *x);
// Where pictures of a model go: its run directory. Free it.
char *lesson_picture_dir(const Settings *s);

#endif
