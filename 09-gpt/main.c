// main.c of 09-gpt: train it on your own text, stop it, resume it, talk to it.
#include "accumulate.h"
#include "backward.h"
#include "batches.h"
#include "clip.h"
#include "crops.h"
#include "decay_groups_keep.h"
#include "evaluate.h"
#include "gpt.h"
#include "lesson.h"
#include "machine.h"
#include "modelfile.h"
#include "op_cross_entropy.h"
#include "plan.h"
#include "profile.h"
#include "schedule.h"
#include "writer.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static const char LESSON[] = "09-gpt";
enum { LARGEST = 1 << 24 };

// --- configuration ---

typedef struct {
    Settings s;
    const char *preset, *init_from, *stop;
    int vocab, block, layers, heads, width, accumulate, warmup, eval_every, patience;
    bool biases, untied, profile, no_cache;
    double dropout, decay, clip, top_p, min_p;
    char *data;             // what a saved model learned from
} Config;

// What was not asked for is as the preset has it.
static GptShape resolve(Config *c) {
    const GptPreset *p = gpt_preset(c->preset);
    GptShape s = p->shape;
    if (!c->s.data) c->s.data = "tales";
    if (!c->s.batch) c->s.batch = p->batch;
    if (!c->s.steps) c->s.steps = p->steps;
    if (c->s.lr < 0) c->s.lr = p->lr;
    if (c->warmup < 0) c->warmup = p->warmup;
    if (c->vocab) s.V = c->vocab;
    if (c->block) s.T = c->block;
    if (c->layers) s.L = c->layers;
    if (c->heads) s.NH = c->heads;
    if (c->width) s.C = c->width;
    if (c->dropout >= 0) s.dropout = c->dropout;
    s.bias |= c->biases;
    s.untied |= c->untied;
    if (s.C % s.NH != 0) DIE("%s: --width %d cannot be cut into %d heads: want a multiple", LESSON, s.C, s.NH);
    return s;
}

// --- training ---

// The best validation loss so far, and how many measurements ago.
typedef struct {
    double loss;
    long step, since;
} Best;

// What a step works on.
typedef struct {
    const Config *c;
    Stream split[3];        // by SplitName
    Gpt gpt;
    DecayGroups groups;
    Schedule schedule;
    Tape tape;
    Rng rng;
    Best best;
    long step;              // how many were made
    int *x, *y;             // (B,T)
    Writer writer;
    Profile profile;
    Train *loop;            // NULL: a saved model is measured
} Run;

static void mark(Run *r, const char *what) {
    if (r->c->profile) profile_mark(&r->profile, what);
}

// One batch forward and backward: adds its gradient, returns its loss.
static double one_batch(void *ctx) {
    Run *r = ctx;
    int B = r->c->s.batch, T = r->gpt.shape.T;
    mark(r, "the batch");
    crops_draw(r->split[SPLIT_TRAIN], B, T, &r->rng, r->x, r->y);
    tape_reset(&r->tape);
    Tensor *x = gpt_forward(&r->gpt, &r->tape, r->x, B, T, 0, &r->rng, true);                                           // (B,T,C)
    Tensor *loss = op_cross_entropy(&r->tape, gpt_logits(&r->gpt, &r->tape, x), r->y, NO_IGNORE);
    backward(&r->tape, loss);
    mark(r, NULL);
    return loss->data[0];
}

static double gradient(void *ctx) {
    Run *r = ctx;
    mark(r, "gradients to 0");
    return accumulate(&r->gpt.params, r->c->accumulate, one_batch, r);
}

static double update(void *ctx, long step) {
    Run *r = ctx;
    double lr = schedule(&r->schedule, step);
    mark(r, "clip");
    r->loop->grad_norm = clip(&r->gpt.params, r->c->clip);
    mark(r, "AdamW");
    decay_groups_step(&r->groups, lr);
    mark(r, NULL);
    writer_forget(&r->writer);
    r->step = step + 1;
    return lr;
}

// --- evaluation ---

// The mean loss over pieces of a split, one behind the other; of the training split, over as many as the validation split has.
static double split_loss(Run *r, SplitName split) {
    int B = r->c->s.batch, T = r->gpt.shape.T, all = crops_count(r->split[split], T), pieces = all;
    if (split == SPLIT_TRAIN) pieces = min_int(all, max_int(B, crops_count(r->split[SPLIT_VAL], T)));
    double sum = 0;
    r->tape.record = false;
    for (int first = 0; first < pieces; first += B) {
        int n = min_int(B, pieces - first), from = (int)((long)first * (all - n) / max_int(1, pieces - n));     // spread over the split
        crops_in_order(r->split[split], from, n, T, r->x, r->y);
        tape_reset(&r->tape);
        Tensor *logits = gpt_logits(&r->gpt, &r->tape, gpt_forward(&r->gpt, &r->tape, r->x, n, T, 0, NULL, false));
        sum += n * (double)op_cross_entropy(&r->tape, logits, r->y, NO_IGNORE)->data[0];
    }
    r->tape.record = true;
    return pieces ? sum / pieces : NAN;
}

static json_t *shape_settings(GptShape s);

static void save_best(Run *r) {
    int count;
    Error e;
    Array *array = params_arrays(&r->gpt.params, &count);
    json_t *settings = shape_settings(r->gpt.shape);
    json_object_set_new(settings, "data", json_string(r->c->s.data));
    char *path = xprintf("%s/best.safetensors", r->loop->dir);
    must(modelfile_save(path, LESSON, r->writer.vocab, array, count, settings, &e), &e);
    free(path);
    free(array);
}

// While it trains: keeps the best, and stops when it has not become better for long.
static double evaluate_split(void *ctx, SplitName split) {
    Run *r = ctx;
    mark(r, NULL);
    double loss = split_loss(r, split);
    if (!r->loop || split != SPLIT_VAL || r->step < 2 || r->best.step == r->step) return loss;
    r->best.since++;
    if (loss < r->best.loss) {
        r->best = (Best){loss, r->step, 0};
        save_best(r);
    }
    json_object_set_new(r->loop->summary, "best_val_loss", json_real(r->best.loss));
    json_object_set_new(r->loop->summary, "best_step", json_integer(r->best.step));
    r->loop->stop = r->c->patience > 0 && r->best.since >= r->c->patience;
    return loss;
}

// --- the model in a file ---

static const ModelSetting SHAPE[] = {{"vocab", 1, LARGEST}, {"block", 1, LARGEST}, {"layers", 1, GPT_LAYERS}, {"heads", 1, LARGEST}, {"width", 1, LARGEST}, {"bias", 0, 1}, {"untied", 0, 1}};

static json_t *shape_settings(GptShape s) { return modelfile_settings(SHAPE, (int[]){s.V, s.T, s.L, s.NH, s.C, s.bias, s.untied}, COUNT(SHAPE)); }

// Opens a model. *data, if not NULL: what it learned from, on the heap.
static void load(const char *path, double dropout, Gpt *gpt, Vocab *vocab, char **data) {
    Checkpoint file;
    Error e;
    int v[COUNT(SHAPE)];
    must(modelfile_open(&file, vocab, LESSON, path, &e), &e);
    must(modelfile_values(&file, SHAPE, v, COUNT(SHAPE), &e), &e);
    must((v[4] % v[3] == 0 && v[0] >= vocab->size) || error(&e, "%s: a width of %d, %d heads, %d rows for %d characters: these do not fit", file.path, v[4], v[3], v[0], vocab->size), &e);
    gpt_init(gpt, (GptShape){.V = v[0], .T = v[1], .L = v[2], .NH = v[3], .C = v[4], .bias = v[5], .untied = v[6], .dropout = dropout});
    must(params_load(&gpt->params, &file, &e), &e);
    if (data) *data = xprintf("%s", modelfile_data(&file) ? modelfile_data(&file) : "tales");
    checkpoint_close(&file);
}

// The saved model that the settings name; without --data, its own.
static void load_asked(Config *c, Gpt *gpt, Vocab *vocab) {
    load(c->s.checkpoint, 0, gpt, vocab, &c->data);
    if (!c->s.data) c->s.data = c->data;
}

// --- commands ---

static void run_data(Run *r, const Text *t) {
    Stream split[] = {t->train, t->val, t->test};
    int T = r->gpt.shape.T;
    memcpy(r->split, split, sizeof split);
    if (t->train.n <= (size_t)T) DIE("%s: %s has %zu characters to learn from, want more than a block of %d", LESSON, t->name, t->train.n, T);
    r->x = xmalloc((size_t)r->c->s.batch * (size_t)T * sizeof *r->x);
    r->y = xmalloc((size_t)r->c->s.batch * (size_t)T * sizeof *r->y);
}

static void run_free(Run *r) {
    gpt_free(&r->gpt);
    tape_free(&r->tape);
    free(r->x);
    free(r->y);
}

// A fresh model, or the one to go on from with another text.
static void begin(Run *r, Config *c, GptShape shape, const Text *t) {
    rng_seed(&r->rng, (uint32_t)c->s.seed);
    if (c->init_from) {
        Vocab vocab;
        load(c->init_from, shape.dropout, &r->gpt, &vocab, NULL);
        lesson_same_vocab(&c->s, t, &vocab);
        return;
    }
    shape.V = max_int(shape.V, t->vocab.size);
    gpt_init(&r->gpt, shape);
    gpt_randomise(&r->gpt, &r->rng);
}

static int train(void *config) {
    Config *c = config;
    GptShape shape = resolve(c);
    machine_threads(c->s.threads);
    Text t = lesson_text(&c->s);
    Run r = {.c = c, .tape = tape_new(true), .best = {.loss = INFINITY}, .schedule = {c->s.lr, c->s.lr / 10, c->warmup, c->s.steps}};
    r.tape.recycle = true;
    begin(&r, c, shape, &t);
    run_data(&r, &t);
    writer_init(&r.writer, &r.gpt, &t.vocab);
    r.groups = decay_groups_new(&r.gpt.params, r.gpt.matrices, c->decay, gpt_preset(c->preset)->beta2);
    if (c->profile) profile_attach(&r.profile, &r.tape);
    printf("%s: vocabulary %d, %zu characters to learn from, %zu for validation\n", t.name, t.vocab.size, t.train.n, t.val.n);
    Train loop = {.settings = &c->s, .params = &r.gpt.params, .model = writer_model(&r.writer), .ctx = &r, .gradient = gradient, .update = update,
                  .evaluate = evaluate_split, .tokens = (long)c->s.batch * r.gpt.shape.T * c->accumulate, .evaluate_every = c->eval_every,
                  .grad_norm = NAN, .model_settings = shape_settings(r.gpt.shape), .summary = json_object()};
    r.loop = &loop;
    train_keep(&loop, "rng", &r.rng, sizeof r.rng);
    train_keep(&loop, "best", &r.best, sizeof r.best);
    decay_groups_keep(&r.groups, &loop);
    int code = train_run(&loop);
    if (c->profile) profile_print(&r.profile, r.step);
    decay_groups_free(&r.groups);
    writer_free(&r.writer);
    run_free(&r);
    text_free(&t);
    return code;
}

static int plan(void *config) {
    Config *c = config;
    struct rusage usage;
    GptShape shape = resolve(c);
    machine_threads(c->s.threads);
    Text t = lesson_text(&c->s);
    shape.V = max_int(shape.V, t.vocab.size);
    getrusage(RUSAGE_SELF, &usage);
    Plan p = plan_of(shape, c->s.batch, c->accumulate, omp_get_max_threads());
    p.other = 1024.0 * (double)usage.ru_maxrss;
    plan_measure(&p);
    plan_print(&p);
    text_free(&t);
    return 0;
}

static int eval(void *config) {
    Config *c = config;
    Vocab vocab;
    Run r = {.c = c, .tape = tape_new(false)};
    load_asked(c, &r.gpt, &vocab);
    Text t = lesson_text(&c->s);
    lesson_same_vocab(&c->s, &t, &vocab);
    if (!c->s.batch) c->s.batch = 16;
    run_data(&r, &t);
    evaluate_print(evaluate_split, &r, &vocab);
    run_free(&r);
    text_free(&t);
    return 0;
}

// Loads the model, and hands its face to a command.
static int with_writer(Config *c, int (*command)(const Settings *s, const Model *m)) {
    Vocab vocab;
    Gpt gpt;
    Writer w;
    load_asked(c, &gpt, &vocab);
    writer_init(&w, &gpt, &vocab);
    w.cached = !c->no_cache;
    w.top_p = c->top_p;
    w.min_p = c->min_p;
    w.stop = c->stop ? xprintf("%s", c->stop) : NULL;
    const ChatSetting further[] = {
        {.name = "top-p", .most = 1, .help = "pick among the likeliest that sum to p; 1: among all", .number = &w.top_p},
        {.name = "min-p", .most = 1, .help = "leave out what is less than p times as likely as the likeliest", .number = &w.min_p},
        {.name = "stop", .help = "stop when this has been written; nothing behind it: never", .text = &w.stop},
    };
    c->s.chat = further;
    c->s.chat_count = COUNT(further);
    c->s.sampling = (Sampling){.cut = writer_cut, .cutter = &w};
    machine_threads(c->s.threads);
    Model face = writer_model(&w);
    int code = command(&c->s, &face);
    writer_free(&w);
    gpt_free(&gpt);
    return code;
}

static int write_samples(void *config) { return with_writer(config, lesson_generate); }
static int talk(void *config) { return with_writer(config, lesson_chat); }

int main(int argc, char **argv) {
    machine_setup(argv);
    Config c = {.s = {.lesson = LESSON, .temperature = 1, .seed = 1337, .lr = -1}, .preset = "char", .accumulate = 1, .warmup = -1, .eval_every = 250,
                .dropout = -1, .decay = 0.1, .clip = 1, .top_p = 1};
    const CliOption own[] = {
        {"preset", "char|baby|starter|gpt2|medium", CLI_CHOICE, &c.preset, 0, 0, "a well-known size", "train plan"},
        {"vocab-size", "V", CLI_INT, &c.vocab, 0, LARGEST, "tokens that it has room for; 0: as the preset and the text have", "train plan"},
        {"block", "T", CLI_INT, &c.block, 0, LARGEST, "places that are read at once; 0: as the preset has it, as below", "train plan"},
        {"layers", "N", CLI_INT, &c.layers, 0, GPT_LAYERS, "blocks", "train plan"},
        {"heads", "N", CLI_INT, &c.heads, 0, LARGEST, "heads of each attention", "train plan"},
        {"width", "C", CLI_INT, &c.width, 0, LARGEST, "numbers per place", "train plan"},
        {"biases", NULL, CLI_FLAG, &c.biases, 0, 0, "linear layers and norms have biases", "train plan"},
        {"untied", NULL, CLI_FLAG, &c.untied, 0, 0, "the head has weights of its own", "train plan"},
        {"dropout", "P", CLI_REAL, &c.dropout, -1, 0.99, "forget this share; -1: as the preset has it", "train"},
        {"accumulate", "N", CLI_INT, &c.accumulate, 1, 1e6, "batches to one step", "train plan"},
        {"warmup", "N", CLI_INT, &c.warmup, -1, 1e9, "steps until the rate is at its highest; -1: as the preset has it", "train"},
        {"decay", "X", CLI_REAL, &c.decay, 0, 1e3, "weight decay, of matrices only", "train"},
        {"clip", "X", CLI_REAL, &c.clip, 0, 1e30, "no gradient longer than this; 0: any", "train"},
        {"eval-every", "N", CLI_INT, &c.eval_every, 1, 1e9, "steps from one measurement of the validation loss to the next", "train"},
        {"patience", "N", CLI_INT, &c.patience, 0, 1e9, "stop after so many measurements without a better one; 0: never", "train"},
        {"init-from", "FILE|DIR", CLI_TEXT, &c.init_from, 0, 0, "go on from a trained model, with other data: fine-tuning", "train"},
        {"profile", NULL, CLI_FLAG, &c.profile, 0, 0, "where the time goes, operation by operation", "train"},
        {"top-p", "P", CLI_REAL, &c.top_p, 0, 1, "pick among the likeliest that sum to P; 1: among all", "generate chat"},
        {"min-p", "P", CLI_REAL, &c.min_p, 0, 1, "leave out what is less than P times as likely as the likeliest", "generate chat"},
        {"stop", "TEXT", CLI_TEXT, &c.stop, 0, 0, "stop when this has been written", "generate chat"},
        {"no-cache", NULL, CLI_FLAG, &c.no_cache, 0, 0, "read everything again for every token", "generate chat"},
    };
    lesson_options(&c.s, "data as run steps batch lr resume threads checkpoint prompt length temperature top-k seed", own, COUNT(own));
    lesson_options_also(&c.s, "threads", "train plan generate chat");
    lesson_options_also(&c.s, "data as", "train plan eval");
    lesson_options_also(&c.s, "batch", "train plan");
    const CliCommand command[] = {
        {"train", "learn: a GPT of any size, on any text", train},
        {"plan", "what a size will take: parameters, memory, time", plan},
        {"eval", "the loss of a saved model on a text", eval},
        {"generate", "let it write", write_samples},
        {"chat", "type a beginning, see it go on", talk},
    };
    const Cli cli = {LESSON, "Lesson 09: GPT: train it, stop it, resume it, talk to it.",
                     command, c.s.option, COUNT(command), c.s.options, &c};
    int code = cli_main(&cli, argc, argv);
    free(c.data);
    return code;
}
