// progress.h, from lesson 01: show how far a run is, how well it does, and what it writes by now.
#ifndef PROGRESS_H
#define PROGRESS_H

#include "util.h"

typedef struct {
    FILE *out;
    bool terminal;          // a bar that moves and a sample under it; elsewhere plain lines, about ten in a run
    long steps, first;      // the run ends at `steps`; this sitting began at `first`
    long next_line;
    double started, last_drawn, last_sample;
    char sample[160];
} Progress;

// steps: where the run ends; first: 0, or the step that a resumed run goes on from.
void progress_start(Progress *p, FILE *out, long first, long steps);
// Call after every step; it draws at most ten times a second. `loss` may be NAN: not shown.
void progress_step(Progress *p, long step, double loss);
// A few words that the model has just written; shown under the bar until the next ones.
void progress_sample(Progress *p, const char *text);
// True every few seconds on a terminal: time to show a new sample.
bool progress_wants_sample(const Progress *p);
void progress_end(Progress *p);

#endif
