// gpt_run.h, from lesson 09: what a training step works on, and how it is measured.
#ifndef GPT_RUN_H
#define GPT_RUN_H

#include "batches.h"
#include "decay_groups.h"
#include "profile.h"
#include "schedule.h"
#include "train.h"
#include "writer.h"

// The best validation loss so far, and how many measurements ago.
typedef struct {
    double loss;
    long step, since;
} Best;

typedef struct {
    Decoder net;            // the model: a view, not the run's own
    Stream split[3];        // by SplitName
    int batch, accumulate;  // sequences of a batch; batches of a step
    int *x, *y;             // (B,T)
    Tape tape;
    Rng rng;
    // the training's own
    DecayGroups groups;
    Schedule schedule;
    double clip;
    int patience;           // stop after so many measurements without a better one; 0: never
    Best best;
    long step;              // how many were made
    Writer writer;          // for samples
    Profile *profile;       // NULL: nobody asks where the time goes
    json_t *settings;       // what is written into the model's file; the run's own
    double val_loss;        // as it was measured last
    double bytes[3];        // of each split's text, where a token is not a byte; 0: it is
    Train *loop;            // NULL: a saved model is measured
} GptRun;

// Cuts the text's splits into batches; the model must be there. Ends the program where the text is too short for it.
void gpt_run_data(GptRun *r, const char *lesson, const Text *t);
void gpt_run_free(GptRun *r);      // all but the training's own

// For Train, with a GptRun as ctx.
double gpt_run_gradient(void *run);
double gpt_run_update(void *run, long step);
// Keeps the best model as best.safetensors while it trains, and ends the training when it has not become better for long.
double gpt_run_evaluate(void *run, SplitName split);
// A split's loss in nats a token as bits a byte of its text: that can be compared between tokenizers.
double gpt_run_bits_per_byte(const GptRun *r, SplitName split, double loss);

#endif
