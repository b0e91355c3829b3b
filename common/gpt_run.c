// gpt_run.c, from lesson 09: what a training step works on, and how it is measured.
#include "gpt_run.h"
#include "accumulate.h"
#include "backward.h"
#include "clip.h"
#include "crops.h"
#include "modelfile.h"
#include "op_add.h"
#include "op_cross_entropy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

void gpt_run_data(GptRun *r, const char *lesson, const Text *t) {
    Stream split[] = {t->train, t->val, t->test};
    int T = r->net.T;
    memcpy(r->split, split, sizeof split);
    if (t->train.n <= (size_t)T) DIE("%s: %s has %zu characters to learn from, want more than a block of %d", lesson, t->name, t->train.n, T);
    r->x = xmalloc((size_t)r->batch * (size_t)T * sizeof *r->x);
    r->y = xmalloc((size_t)r->batch * (size_t)T * sizeof *r->y);
}

void gpt_run_free(GptRun *r) {
    tape_free(&r->tape);
    json_decref(r->settings);
    free(r->x);
    free(r->y);
}

// --- a step ---

static void mark(GptRun *r, const char *what) {
    if (r->profile) profile_mark(r->profile, what);
}

// Forward and back: adds its gradient, returns its loss.
static double one_batch(void *run) {
    GptRun *r = run;
    int B = r->batch, T = r->net.T;
    mark(r, "the batch");
    crops_draw(r->split[SPLIT_TRAIN], B, T, &r->rng, r->x, r->y);
    tape_reset(&r->tape);
    Tensor *x = r->net.forward(r->net.self, &r->tape, r->x, B, T, NULL, &r->rng, true);         // (B,T,C)
    Tensor *loss = op_cross_entropy(&r->tape, r->net.logits(r->net.self, &r->tape, x), r->y, NO_IGNORE);
    Tensor *price = r->net.price ? r->net.price(r->net.self) : NULL;
    backward(&r->tape, price ? op_add(&r->tape, loss, price) : loss);
    mark(r, NULL);
    return loss->data[0];
}

double gpt_run_gradient(void *run) {
    GptRun *r = run;
    if (r->profile && r->step == 1) profile_clear(r->profile);      // the first step takes its memory from the system, which takes long
    mark(r, "gradients to 0");
    return accumulate(r->net.params, r->accumulate, one_batch, r);
}

double gpt_run_update(void *run, long step) {
    GptRun *r = run;
    double lr = schedule(&r->schedule, step);
    mark(r, "clip");
    r->loop->grad_norm = clip(r->net.params, r->clip);
    mark(r, "AdamW");
    decay_groups_step(&r->groups, lr);
    mark(r, NULL);
    writer_forget(&r->writer);
    r->step = step + 1;
    return lr;
}

// --- evaluation ---

// The mean loss over pieces of a split, one behind the other; of the training split, over as many as the validation split has, spread over it.
static double split_loss(GptRun *r, SplitName split) {
    int B = r->batch, T = r->net.T, all = crops_count(r->split[split], T), pieces = all;
    if (split == SPLIT_TRAIN) pieces = min_int(all, max_int(B, crops_count(r->split[SPLIT_VAL], T)));
    Tape *tape = &r->tape;
    bool record = tape->record;
    void (*watch)(void *, const Tensor *, bool) = tape->watch;
    double sum = 0;
    tape->record = false;           // the training's memory, but nobody wants gradients, and nobody looks at the clock
    tape->watch = NULL;
    for (int first = 0; first < pieces; first += B) {
        int n = min_int(B, pieces - first), from = (int)((long)first * (all - n) / max_int(1, pieces - n));
        crops_in_order(r->split[split], from, n, T, r->x, r->y);
        tape_reset(tape);
        Tensor *logits = r->net.logits(r->net.self, tape, r->net.forward(r->net.self, tape, r->x, n, T, NULL, NULL, false));
        sum += n * (double)op_cross_entropy(tape, logits, r->y, NO_IGNORE)->data[0];
    }
    tape->record = record;
    tape->watch = watch;
    return pieces ? sum / pieces : NAN;
}

static void save_best(GptRun *r) {
    int count;
    Error e;
    Array *array = params_arrays(r->net.params, &count);
    json_t *settings = json_copy(r->settings);
    json_object_set_new(settings, "data", json_string(r->loop->settings->data));
    char *path = xprintf("%s/best.safetensors", r->loop->dir);
    must(modelfile_save(path, r->loop->settings->lesson, r->writer.vocab, array, count, settings, &e), &e);
    free(path);
    free(array);
}

double gpt_run_bits_per_byte(const GptRun *r, SplitName split, double loss) {
    double tokens = (double)r->split[split].n, bytes = r->bytes[split] > 0 ? r->bytes[split] : tokens;
    return loss / log(2) * tokens / bytes;
}

double gpt_run_evaluate(void *run, SplitName split) {
    GptRun *r = run;
    if (r->net.report) r->net.report(r->net.self, NULL, NULL, 0);
    double loss = split_loss(r, split);
    mark(r, NULL);
    if (split == SPLIT_VAL) r->val_loss = loss;
    if (!r->loop || split != SPLIT_VAL) return loss;
    if (r->net.report) r->net.report(r->net.self, r->loop->dir, r->loop->summary, r->step);
    if (r->step < 2 || r->best.step == r->step) return loss;
    r->best.since++;
    if (loss < r->best.loss) {
        r->best = (Best){loss, r->step, 0};
        save_best(r);
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    json_object_set_new(r->loop->summary, "peak_megabytes", json_real(1024e-6 * (double)usage.ru_maxrss));      // ru_maxrss is in KiB
    json_object_set_new(r->loop->summary, "bits_per_byte", json_real(gpt_run_bits_per_byte(r, SPLIT_VAL, loss)));
    json_object_set_new(r->loop->summary, "best_val_loss", json_real(r->best.loss));
    json_object_set_new(r->loop->summary, "best_step", json_integer(r->best.step));
    r->loop->stop = r->patience > 0 && r->best.since >= r->patience;
    return loss;
}
