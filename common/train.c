// train.c, from lesson 03: the training loop, the same for every lesson from here on.
#define _POSIX_C_SOURCE 200809L
#include "train.h"
#include "gemm.h"
#include "generate.h"
#include "progress.h"
#include "runlog.h"
#include "train_state.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOG_ROWS = 1000, SAMPLE_LENGTH = 8 };    // about so many rows of log.csv in a run

// What the loop itself has to remember from step to step; saved with the model.
typedef struct {
    long step;
    double first_loss, loss_sum;    // of step 0; of the steps since the last row of the log
    long loss_count;
    double grad_norm;               // of the last step; NAN: not measured
} State;

typedef struct {
    Train *t;
    RunLog log;
    Progress bar;
    Rng samples;                    // of its own: what is shown must not change what is learned
    State state;
    long first;                     // the step that this sitting began at
    double seconds;                 // that it spent training, not measuring or saving
} Loop;

static volatile sig_atomic_t interrupted;       // all that a signal can reach

static void on_interrupt(int signal) {
    (void)signal;
    interrupted = 1;
}

// The first Ctrl-C ends the loop in order, the second one the program.
static void listen_for_interrupt(void) {
    struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND};
    interrupted = 0;
    sigaction(SIGINT, &action, NULL);
}

void train_keep(Train *t, const char *name, void *memory, size_t bytes) {
    CHECK(t->kept_count < TRAIN_KEPT, "train_keep: \"%s\" is one more than %d pieces of state", name, TRAIN_KEPT);
    t->kept[t->kept_count++] = (Array){.name = name, .dtype = "U8", .ndim = 1, .shape = {(int)bytes}, .data = memory};
}

// --- the run ---

static void stop_at(Loop *l, const char *what, double value) {
    progress_end(&l->bar);
    DIE("%s: %s is %f at step %ld: lower --lr, or look at the data; what was saved before is in %s", l->t->settings->lesson, what, isnan(value) ? (double)NAN : value, l->state.step, l->log.dir);
}

// Never saves what is no number: the model that was saved before is worth more.
static void save(Loop *l) {
    Error e;
    double value;
    const char *bad = train_bad_number(l->t, &value);
    if (bad) stop_at(l, bad, value);
    char *path = runlog_path(&l->log, "model.safetensors");
    must(train_save(l->t, path, &e), &e);
    free(path);
}

static void open_run(Loop *l) {
    const Settings *s = l->t->settings;
    Error e;
    if (!s->resume) {
        must(runlog_start(&l->log, s->lesson, s->run, cli_options(s->option, s->options), &e), &e);
        return;
    }
    if (!s->run) DIE("%s: --resume wants --run DIR, the run to go on with", s->lesson);
    train_restore(l->t, s->run);
    must(runlog_resume(&l->log, s->run, l->state.step - 1, &e), &e);
}

// --- one step ---

static void log_row(Loop *l, double lr, double val_loss) {
    State *s = &l->state;
    runlog_row(&l->log, &(LogRow){.step = s->step, .tokens = (double)l->t->tokens * (double)(s->step + 1), .lr = lr,
                                  .train_loss = s->loss_count ? s->loss_sum / (double)s->loss_count : NAN, .val_loss = val_loss,
                                  .grad_norm = s->grad_norm});
    s->loss_sum = 0;
    s->loss_count = 0;
}

static void show_sample(Loop *l) {
    char *text = generate_line(&l->t->model, l->t->model.boundary >= 0 ? SAMPLE_LENGTH : 100, lesson_sampling(l->t->settings), &l->samples);
    progress_sample(&l->bar, text);
    free(text);
}

static void one_step(Loop *l) {
    Train *t = l->t;
    State *s = &l->state;
    const Settings *set = t->settings;
    double started = seconds_now(), loss = t->gradient(t->ctx);
    if (!isfinite(loss)) stop_at(l, "the loss", loss);
    if (s->step == 0) s->first_loss = loss;
    s->loss_sum += loss;
    s->loss_count++;
    bool measure = t->evaluate_every > 0 && s->step % t->evaluate_every == 0;
    double lr = t->update(t->ctx, s->step);
    s->grad_norm = t->grad_norm;
    l->seconds += seconds_now() - started;
    long every = set->steps > LOG_ROWS ? set->steps / LOG_ROWS : 1;
    if (measure || s->step % every == 0) log_row(l, lr, measure ? t->evaluate(t->ctx, SPLIT_VAL) : NAN);
    s->step++;
    if (measure && s->step > 1) save(l);
    if (t->model.next && progress_wants_sample(&l->bar)) show_sample(l);
    progress_step(&l->bar, s->step, loss);
}

// --- the end ---

static void put_loss(json_t *summary, const char *key, const char *label, double loss, const char *unit) {
    if (isnan(loss)) return;
    json_object_set_new(summary, key, json_real(loss));
    lesson_print_loss_per(label, loss, unit);
}

static void finish(Loop *l) {
    Train *t = l->t;
    State *s = &l->state;
    char *dir = xprintf("%s", l->log.dir);
    double rate = l->seconds > 0 ? (double)(s->step - l->first) / l->seconds : 0;
    json_t *summary = json_pack("{s:I, s:I, s:f, s:f, s:f, s:f}", "params", (json_int_t)t->params->size, "steps", (json_int_t)s->step,
                                "step0_loss", s->first_loss, "seconds", runlog_seconds(&l->log), "steps_per_second", rate,
                                "tokens_per_second", rate * (double)t->tokens);
    printf("%zu parameters   step 0: loss %.4f   %.0f steps a second\n", t->params->size, s->first_loss, rate);
    const char *unit = vocab_unit(t->model.vocab);
    put_loss(summary, "train_loss", "training", t->evaluate(t->ctx, SPLIT_TRAIN), unit);
    put_loss(summary, "val_loss", "validation", t->evaluate(t->ctx, SPLIT_VAL), unit);
    put_loss(summary, "test_loss", "test", t->evaluate(t->ctx, SPLIT_TEST), unit);
    json_object_set_new(summary, "kernel", json_string(gemm_kernel()));
    if (t->summary) json_object_update(summary, t->summary);
    save(l);        // before the row, which begins the sums anew: a finished run that is resumed writes the same row again
    log_row(l, NAN, json_real_value(json_object_get(summary, "val_loss")));
    if (t->model.next) lesson_show_sample(t->settings, &t->model, &l->log, s->step);
    Error e;
    must(runlog_finish(&l->log, summary, &e), &e);
    lesson_show_curve(dir, "Loss while training", "step");
    free(dir);
}

static void break_off(Loop *l) {
    save(l);
    printf("stopped at step %ld, saved in %s; go on with: build/%s train --resume --run %s and the same options\n", l->state.step,
           l->log.dir, l->t->settings->lesson, l->log.dir);
    runlog_close(&l->log);
    if (!l->t->model.next || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) return;
    printf("chat with it as it is? [y/N] ");
    fflush(stdout);
    char answer[8];
    if (fgets(answer, sizeof answer, stdin) && (answer[0] == 'y' || answer[0] == 'Y')) lesson_chat(l->t->settings, &l->t->model);
}

int train_run(Train *t) {
    Loop l = {.t = t};
    rng_seed(&l.samples, (uint32_t)t->settings->seed);
    train_keep(t, "train.state", &l.state, sizeof l.state);
    open_run(&l);
    t->dir = l.log.dir;
    listen_for_interrupt();
    l.first = l.state.step;
    progress_start(&l.bar, stderr, l.first, t->settings->steps);
    while (l.state.step < t->settings->steps && !interrupted && !t->stop) one_step(&l);
    progress_end(&l.bar);
    signal(SIGINT, SIG_DFL);
    if (interrupted) break_off(&l);
    else finish(&l);
    json_decref(t->model_settings);
    json_decref(t->summary);
    return interrupted ? 130 : 0;
}
