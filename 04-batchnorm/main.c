// main.c of 04-batchnorm: why training gets stuck, and what mends it.
#include "backward.h"
#include "evaluate.h"
#include "init.h"
#include "inspect.h"
#include "lesson.h"
#include "machine.h"
#include "modelfile.h"
#include "net.h"
#include "op_cross_entropy.h"
#include "sgd.h"
#include "train.h"
#include "update_ratio.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char LESSON[] = "04-batchnorm";
static const char VARIANTS[] = "original|softmax|tanh|kaiming|batchnorm|deep";
enum { LARGEST = 4096 };

// --- configuration ---

typedef struct {
    Settings s;
    const char *variant, *activation;
    int block, embedding, hidden, layers, after, sweep_steps;
    double drop_at, gain;
    bool no_norm, variants;
} Config;

// The variant that --variant names, as the other options change it.
static Variant variant_of(const Config *c) {
    Variant v = *variant_named(c->variant);
    bool relu = strcmp(c->activation, "relu") == 0;
    if (c->layers) v.layers = c->layers;
    if (c->hidden) v.hidden = c->hidden;
    if (c->no_norm && v.norm) {
        v.norm = v.norm_last = false;
        v.gain = init_gain(relu ? GAIN_RELU : GAIN_TANH);
    }
    if (c->gain > 0) v.gain = c->gain;
    if (v.norm && c->s.batch < 2) DIE("%s: --batch 1 has no variance to normalise by: want 2 or more, or --no-norm", LESSON);
    return v;
}

// --- training ---

// What a step works on.
typedef struct {
    const Config *c;
    Net net;
    Batches data;
    Tape tape;
    Pass pass;              // of the last step
} Run;

static double gradient(void *ctx) {
    Run *r = ctx;
    batches_next(&r->data);
    tape_reset(&r->tape);
    params_zero_grad(&r->net.params);
    r->pass = net_forward(&r->net, &r->tape, r->data.x, r->data.B, true);
    Tensor *loss = op_cross_entropy(&r->tape, r->pass.logits, r->data.y, NO_IGNORE);
    backward(&r->tape, loss);
    return loss->data[0];
}

static double update(void *ctx, long step) {
    Run *r = ctx;
    const Settings *s = &r->c->s;
    double lr = (double)step < r->c->drop_at * s->steps ? s->lr : s->lr / 10;
    sgd(&r->net.params, (float)lr);
    return lr;
}

static Tensor *logits(void *ctx, Tape *tape, const int *context, int N) {
    return net_forward(&((Run *)ctx)->net, tape, context, N, false).logits;
}

static double evaluate_split(void *ctx, SplitName split) {
    Run *r = ctx;
    return evaluate(logits, r, &r->data.split[split]);
}

static void run_init(Run *r, const Config *c, const Text *t) {
    Variant v = variant_of(c);
    *r = (Run){.c = c, .tape = tape_new(true), .data = batches_of(t, c->block, c->s.batch, c->s.seed)};
    net_init(&r->net, (Shape){t->vocab.size, c->block, c->embedding, v.hidden, v.layers, v.norm, v.norm_last, strcmp(c->activation, "relu") == 0}, v.momentum);
    net_randomise(&r->net, &v, &r->data.rng);
}

static void run_free(Run *r) {
    batches_free(&r->data);
    net_free(&r->net);
    tape_free(&r->tape);
}

// --- looking inside ---

// What the pictures of this net are called: the variant, and every option that changes it.
static char *label(const Config *c) {
    char gain[32] = "", size[32] = "";
    if (c->gain > 0) snprintf(gain, sizeof gain, "-gain%g", c->gain);
    if (c->hidden || c->layers) snprintf(size, sizeof size, "-%dx%d", c->layers, c->hidden);
    return xprintf("%s%s%s%s%s-after%d", c->variant, c->no_norm ? "-no-norm" : "", strcmp(c->activation, "relu") == 0 ? "-relu" : "", gain, size, c->after);
}

// Trains for a moment, remembers how far each step moved each matrix, and draws the net as the last step left it.
static void diagnose(const Config *c, const Text *t) {
    Run r;
    run_init(&r, c, t);
    int matrices = r.net.shape.layers + 1;
    double *ratio = xmalloc((size_t)matrices * (size_t)(c->after + 1) * sizeof *ratio), loss = NAN;
    for (int step = 0; step <= c->after; step++) {
        loss = gradient(&r);
        for (int l = 0; l < matrices; l++) ratio[l * (c->after + 1) + step] = update_ratio(r.net.layer[l].w, c->s.lr);
        if (step < c->after) update(&r, step);
    }
    char *name = label(c);
    printf("variant %s, the pass of step %d: loss %.4f\n", c->variant, c->after, loss);
    inspect_layers(&r.net, &r.pass, name);
    inspect_weights(&r.net, name);
    inspect_updates(ratio, matrices, c->after + 1, name);
    free(name);
    free(ratio);
    run_free(&r);
}

// A short run: the mean loss of every hundredth of it, and the validation loss in the end.
static void short_run(const Config *c, const Text *t, VariantRun *v) {
    Run r;
    run_init(&r, c, t);
    for (int i = 0; i < VARIANT_POINTS; i++) {
        long from = (long)c->s.steps * i / VARIANT_POINTS, to = (long)c->s.steps * (i + 1) / VARIANT_POINTS;
        double sum = 0;
        for (long step = from; step < to; step++) {
            double loss = gradient(&r);
            if (step == 0) v->first = loss;
            sum += loss;
            update(&r, step);
        }
        v->step[i] = (double)(from + to) / 2;
        v->loss[i] = sum / (double)(to - from);
    }
    v->val = evaluate_split(&r, SPLIT_VAL);
    run_free(&r);
}

static void compare_variants(const Config *c, const Text *t) {
    static const struct { const char *variant; bool no_norm; } which[VARIANT_RUNS] = {
        {"original", false}, {"softmax", false}, {"tanh", false}, {"kaiming", false}, {"batchnorm", false}, {"deep", true}, {"deep", false}};
    VariantRun run[VARIANT_RUNS];
    for (int i = 0; i < VARIANT_RUNS; i++) {
        Config one = *c;
        one.variant = which[i].variant;
        one.no_norm = which[i].no_norm;
        one.s.steps = c->sweep_steps;
        run[i].name = which[i].no_norm ? "deep --no-norm" : which[i].variant;
        short_run(&one, t, &run[i]);
    }
    inspect_variants(run);
}

// --- the model in a file ---

// Each shape is kept as a whole number under its name.
static const ModelSetting SHAPE[] = {{"block", 1, LARGEST}, {"embedding", 1, LARGEST}, {"hidden", 1, LARGEST}, {"layers", 1, HIDDEN_MOST},
                                     {"norm", 0, 1}, {"norm_last", 0, 1}, {"relu", 0, 1}};

static json_t *shape_settings(Shape s) {
    return modelfile_settings(SHAPE, (int[]){s.block, s.embedding, s.hidden, s.layers, s.norm, s.norm_last, s.relu}, COUNT(SHAPE));
}

static void load(const Config *c, Net *net, Vocab *vocab) {
    Checkpoint file;
    Error e;
    int v[COUNT(SHAPE)];
    must(modelfile_open(&file, vocab, LESSON, c->s.checkpoint, &e), &e);
    must(modelfile_values(&file, SHAPE, v, COUNT(SHAPE), &e), &e);
    net_init(net, (Shape){vocab->size, v[0], v[1], v[2], v[3], v[4], v[5], v[6]}, 0);
    must(params_load(&net->params, &file, &e), &e);
    checkpoint_close(&file);
}

// --- commands ---

static int train(void *config) {
    const Config *c = config;
    machine_threads(c->s.threads);
    Text t = lesson_text(&c->s);
    Run r;
    run_init(&r, c, &t);
    batches_print(&r.data, t.name);
    Train loop = {.settings = &c->s, .params = &r.net.params, .model = net_model(&r.net, &t.vocab), .ctx = &r, .gradient = gradient,
                  .update = update, .evaluate = evaluate_split, .tokens = c->s.batch, .evaluate_every = max_int(1, c->s.steps / 20),
                  .grad_norm = NAN, .model_settings = shape_settings(r.net.shape)};
    train_keep(&loop, "rng", &r.data.rng, sizeof r.data.rng);
    int code = train_run(&loop);
    run_free(&r);
    text_free(&t);
    return code;
}

static int eval(void *config) {
    const Config *c = config;
    Vocab vocab;
    Run r = {.c = c};
    load(c, &r.net, &vocab);
    Text t = lesson_text(&c->s);
    lesson_same_vocab(&c->s, &t, &vocab);
    r.data = batches_of(&t, r.net.shape.block, 1, 0);
    evaluate_print(evaluate_split, &r, &vocab);
    run_free(&r);
    text_free(&t);
    return 0;
}

// Loads the model, and hands its face to a command.
static int with_model(const Config *c, int (*command)(const Settings *s, const Model *m)) {
    Vocab vocab;
    Net net;
    load(c, &net, &vocab);
    Model face = net_model(&net, &vocab);
    int code = command(&c->s, &face);
    net_free(&net);
    return code;
}

static int write_samples(void *config) { return with_model(config, lesson_generate); }
static int talk(void *config) { return with_model(config, lesson_chat); }

// One batch through a saved model, forward and back.
static void diagnose_saved(const Config *c, const Text *t) {
    Vocab vocab;
    Run r = {.c = c, .tape = tape_new(true)};
    load(c, &r.net, &vocab);
    lesson_same_vocab(&c->s, t, &vocab);
    r.data = batches_of(t, r.net.shape.block, c->s.batch, c->s.seed);
    printf("%s, one batch of %d: loss %.4f\n", c->s.checkpoint, c->s.batch, gradient(&r));
    inspect_layers(&r.net, &r.pass, "saved");
    inspect_weights(&r.net, "saved");
    run_free(&r);
}

static int look(void *config) {
    const Config *c = config;
    machine_threads(c->s.threads);
    Text t = lesson_text(&c->s);
    if (c->variants) compare_variants(c, &t);
    else if (c->s.checkpoint) diagnose_saved(c, &t);
    else diagnose(c, &t);
    text_free(&t);
    return 0;
}

int main(int argc, char **argv) {
    machine_setup(argv);
    Config c = {.s = {.lesson = LESSON, .data = "given-names", .temperature = 1, .seed = 2147483647, .steps = 200000, .batch = 32, .lr = 0.1, .threads = 1},
                .variant = "batchnorm", .activation = "tanh", .block = 3, .embedding = 10, .drop_at = 0.5, .after = 1000, .sweep_steps = 20000};
    const CliOption own[] = {
        {"variant", VARIANTS, CLI_CHOICE, &c.variant, 0, 0, "which net, and how its weights begin", "train inspect"},
        {"no-norm", NULL, CLI_FLAG, &c.no_norm, 0, 0, "the same net without its batch normalisation", "train inspect"},
        {"activation", "tanh|relu", CLI_CHOICE, &c.activation, 0, 0, "what follows each hidden layer", "train inspect"},
        {"gain", "X", CLI_REAL, &c.gain, 0, 100, "hidden weights times X / sqrt(inputs); 0: as the variant has it", "train inspect"},
        {"layers", "N", CLI_INT, &c.layers, 0, HIDDEN_MOST, "hidden layers; 0: as the variant has it", "train inspect"},
        {"hidden", "N", CLI_INT, &c.hidden, 0, LARGEST, "units in each; 0: as the variant has it", "train inspect"},
        {"block", "N", CLI_INT, &c.block, 1, LARGEST, "how many characters of context", "train inspect"},
        {"embedding", "N", CLI_INT, &c.embedding, 1, LARGEST, "numbers per character", "train inspect"},
        {"drop-at", "X", CLI_REAL, &c.drop_at, 0, 1, "after this share of the steps the learning rate is a tenth", "train inspect"},
        {"after", "N", CLI_INT, &c.after, 0, 100000, "look after so many steps", "inspect"},
        {"variants", NULL, CLI_FLAG, &c.variants, 0, 0, "a short run of every variant, on one plot", "inspect"},
        {"sweep-steps", "N", CLI_INT, &c.sweep_steps, 100, 1000000, "how long each of those", "inspect"},
    };
    lesson_options(&c.s, "data as run steps batch lr resume threads checkpoint prompt length temperature top-k seed", own, COUNT(own));
    lesson_options_also(&c.s, "batch lr", "train inspect");
    lesson_options_also(&c.s, "seed", "train generate chat inspect");
    const CliCommand command[] = {
        {"train", "learn from windows of a few characters", train},
        {"eval", "the loss of a saved model on a text", eval},
        {"generate", "let it write", write_samples},
        {"chat", "type a beginning, see it go on", talk},
        {"inspect", "activations, gradients, weights and updates after some steps; --variants: all on one plot", look},
    };
    const Cli cli = {LESSON, "Lesson 04: how weights should begin, and batch normalisation.",
                     command, c.s.option, COUNT(command), c.s.options, &c};
    return cli_main(&cli, argc, argv);
}
