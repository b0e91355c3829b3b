// train.h, from lesson 03: the training loop, the same for every lesson from here on.
#ifndef TRAIN_H
#define TRAIN_H

#include "batches.h"
#include "checkpoint.h"
#include "lesson.h"
#include "params.h"

enum { TRAIN_KEPT = 16 };

// What a lesson gives to the loop. The loop calls, in every step: gradient, then update.
typedef struct {
    const Settings *settings;       // steps, run, resume, seed, sampling
    Params *params;
    Model model;                    // its face, for samples and for the chat after Ctrl-C; next NULL: it cannot write
    void *ctx;                      // handed to the functions
    double (*gradient)(void *ctx);  // one step forward and backward: leaves the gradient in params, returns the loss
    double (*update)(void *ctx, long step);             // moves the parameters; returns the learning rate that it used
    double (*evaluate)(void *ctx, SplitName split);     // the loss of a whole split; NAN: there is none
    long tokens;                    // predictions a step
    long evaluate_every;            // steps from one measurement of val_loss to the next; 0: only at the end
    double grad_norm;               // for the log; an update that measures the gradient's norm sets it. Begin with NAN
    json_t *model_settings;         // strings that the model file needs, or NULL
    const char *dir;                // set by the loop: the run's directory
    bool stop;                      // whoever sets it ends the training after this step, in order
    json_t *summary;                // what to put into summary.json besides its usual figures, or NULL
    Array kept[TRAIN_KEPT];         // see train_keep
    int kept_count;
} Train;

// Names memory that belongs to the state of the run besides the parameters (a random generator, an optimizer's averages):
// saved with the model, and restored on --resume. `name` and the memory must live as long as the training.
void train_keep(Train *t, const char *name, void *memory, size_t bytes);

// Trains from step 0, or with --resume on from the last save, to settings->steps; logs, evaluates, saves, shows progress and
// a live sample; at the end measures every split, writes summary.json and draws the curve. Ctrl-C saves and, at a
// terminal, offers to chat with the half-trained model; a second Ctrl-C ends the program at once. A loss that is not
// finite ends it with exit code 2 and one line; what was saved before stays. Returns the exit code.
int train_run(Train *t);

#endif
