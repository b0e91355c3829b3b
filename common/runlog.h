// runlog.h, from lesson 01: what a training run leaves behind, so that it can be plotted, compared and continued.
#ifndef RUNLOG_H
#define RUNLOG_H

#include "util.h"

#include <jansson.h>

// A run directory holds
//     config.json         every option, the seed, the commit, the machine
//     log.csv             a line per measurement: step, tokens, seconds, train_loss, val_loss, lr, grad_norm
//     summary.json        the final figures
//     model.safetensors   the model (checkpoint.h)
//     samples.txt         what it wrote on the way
typedef struct {
    char *dir;
    FILE *csv, *samples;
    double started, seconds_before;     // seconds_before: what earlier sittings of a resumed run took
} RunLog;

// One line of log.csv; a NAN is left empty: not measured at this step.
typedef struct {
    long step;
    double tokens, train_loss, val_loss, lr, grad_norm;
} LogRow;

// Starts a new run. dir NULL: runs/LESSON/run-N, the first N that is free. A directory that holds a run already is kept
// under another name (DIR.1, DIR.2, ...), and one line on stderr says so; one that holds other things is refused.
// `options` is an object of the options in force (cli.h); its reference is taken over.
bool runlog_start(RunLog *r, const char *lesson, const char *dir, json_t *options, Error *e);
// Goes on with a run at `step`: log.csv is cut back to that step, and its clock goes on.
bool runlog_resume(RunLog *r, const char *dir, long step, Error *e);
void runlog_row(RunLog *r, const LogRow *row);
void runlog_sample(RunLog *r, long step, const char *text);
double runlog_seconds(const RunLog *r);
// The path of a file in the run directory. Free it.
char *runlog_path(const RunLog *r, const char *file);
// Writes summary.json (taking over the reference to `summary`) and closes the log.
bool runlog_finish(RunLog *r, json_t *summary, Error *e);
// Closes the log without a summary.
void runlog_close(RunLog *r);

#endif
