// main.c of 03-mlp: a window of context, embeddings, and a hidden layer.
#include "backward.h"
#include "evaluate.h"
#include "inspect.h"
#include "lesson.h"
#include "lrfind.h"
#include "machine.h"
#include "modelfile.h"
#include "net.h"
#include "op_cross_entropy.h"
#include "sgd.h"
#include "train.h"

#include <math.h>
#include <stdlib.h>

static const char LESSON[] = "03-mlp";
enum { LARGEST = 4096, RATES = 1000 };

// --- configuration ---

typedef struct {
    Settings s;
    int block, embedding, hidden, sweep_steps;
    double drop_at;
    bool lrfind, sizes;
} Config;

// --- training ---

// What a step works on.
typedef struct {
    const Config *c;
    Net net;
    Batches data;
    Tape tape;
} Run;

static double gradient(void *ctx) {
    Run *r = ctx;
    batches_next(&r->data);
    tape_reset(&r->tape);
    params_zero_grad(&r->net.params);
    Tensor *logits = net_logits(&r->net, &r->tape, r->data.x, r->data.B);           // (B, V)
    Tensor *loss = op_cross_entropy(&r->tape, logits, r->data.y, NO_IGNORE);
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
    return net_logits(&((Run *)ctx)->net, tape, context, N);
}

static double evaluate_split(void *ctx, SplitName split) {
    Run *r = ctx;
    return evaluate(logits, r, &r->data.split[split]);
}

static void run_init(Run *r, const Config *c, const Text *t) {
    *r = (Run){.c = c, .tape = tape_new(true), .data = batches_of(t, c->block, c->s.batch, c->s.seed)};
    net_init(&r->net, (Shape){t->vocab.size, c->block, c->embedding, c->hidden});
    net_randomise(&r->net, &r->data.rng);
}

static void run_free(Run *r) {
    batches_free(&r->data);
    net_free(&r->net);
    tape_free(&r->tape);
}

// --- the learning-rate finder ---

// A short run whose rate rises from step to step.
static void find_rate(const Config *c, const Text *t) {
    double rate[RATES], loss[RATES];
    Run r;
    run_init(&r, c, t);
    lrfind_rates(0.001, 10, RATES, rate);
    for (int i = 0; i < RATES; i++) {
        loss[i] = gradient(&r);
        sgd(&r.net.params, (float)rate[i]);
    }
    inspect_rates(rate, loss, RATES, lrfind_best(rate, loss, RATES));
    run_free(&r);
}

// --- loss against embedding and context size ---

// A short run for every size, as long for each: the validation loss it ends with.
static double loss_of_size(const Config *c, const Text *t, int block, int embedding) {
    Config small = *c;
    small.block = block;
    small.embedding = embedding;
    small.s.steps = c->sweep_steps;
    Run r;
    run_init(&r, &small, t);
    for (long step = 0; step < small.s.steps; step++) {
        gradient(&r);
        update(&r, step);
    }
    double loss = evaluate_split(&r, SPLIT_VAL);
    run_free(&r);
    return loss;
}

static void sweep_sizes(const Config *c, const Text *t) {
    static const int block[] = {1, 2, 3, 4, 5, 8}, embedding[] = {2, 5, 10, 20};
    double loss[COUNT(embedding) * COUNT(block)];
    for (int e = 0; e < COUNT(embedding); e++)
        for (int b = 0; b < COUNT(block); b++) loss[e * COUNT(block) + b] = loss_of_size(c, t, block[b], embedding[e]);
    inspect_sizes(block, COUNT(block), embedding, COUNT(embedding), loss);
}

// --- the model in a file ---

static const ModelSetting SHAPE[] = {{"block", 1, LARGEST}, {"embedding", 1, LARGEST}, {"hidden", 1, LARGEST}};

static json_t *shape_settings(Shape s) { return modelfile_settings(SHAPE, (int[]){s.block, s.embedding, s.hidden}, COUNT(SHAPE)); }

static void load(const Config *c, Net *net, Vocab *vocab) {
    Checkpoint file;
    Error e;
    int v[COUNT(SHAPE)];
    must(modelfile_open(&file, vocab, LESSON, c->s.checkpoint, &e), &e);
    must(modelfile_values(&file, SHAPE, v, COUNT(SHAPE), &e), &e);
    net_init(net, (Shape){vocab->size, v[0], v[1], v[2]});
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

static int look(void *config) {
    const Config *c = config;
    if (c->lrfind || c->sizes) {
        Text t = lesson_text(&c->s);
        machine_threads(c->s.threads);
        if (c->lrfind) find_rate(c, &t);
        if (c->sizes) sweep_sizes(c, &t);
        text_free(&t);
        return 0;
    }
    Vocab vocab;
    Net net;
    load(c, &net, &vocab);
    char *dir = lesson_picture_dir(&c->s);
    inspect_embeddings(&net, &vocab, dir);
    free(dir);
    net_free(&net);
    return 0;
}

int main(int argc, char **argv) {
    machine_setup(argv);
    Config c = {.s = {.lesson = LESSON, .data = "given-names", .temperature = 1, .seed = 2147483647, .steps = 200000, .batch = 32, .lr = 0.1, .threads = 1},
                .block = 3, .embedding = 10, .hidden = 200, .drop_at = 0.5, .sweep_steps = 20000};
    const CliOption own[] = {
        {"block", "N", CLI_INT, &c.block, 1, LARGEST, "how many characters of context", "train inspect"},
        {"embedding", "N", CLI_INT, &c.embedding, 1, LARGEST, "numbers per character", "train inspect"},
        {"hidden", "N", CLI_INT, &c.hidden, 1, LARGEST, "hidden units", "train inspect"},
        {"drop-at", "X", CLI_REAL, &c.drop_at, 0, 1, "after this share of the steps the learning rate is a tenth", "train"},
        {"lrfind", NULL, CLI_FLAG, &c.lrfind, 0, 0, "try a thousand learning rates in one short run", "inspect"},
        {"sizes", NULL, CLI_FLAG, &c.sizes, 0, 0, "short runs with other sizes of context and embedding", "inspect"},
        {"sweep-steps", "N", CLI_INT, &c.sweep_steps, 1, 1000000, "how long each of those", "inspect"},
    };
    lesson_options(&c.s, "data as run steps batch lr resume threads checkpoint prompt length temperature top-k seed", own, COUNT(own));
    const CliCommand command[] = {
        {"train", "learn from windows of a few characters", train},
        {"eval", "the loss of a saved model on a text", eval},
        {"generate", "let it write", write_samples},
        {"chat", "type a beginning, see it go on", talk},
        {"inspect", "the map of letters; --lrfind: which learning rate; --sizes: how much context", look},
    };
    const Cli cli = {LESSON, "Lesson 03: a window of context, a vector for every character, and a hidden layer.",
                     command, c.s.option, COUNT(command), c.s.options, &c};
    return cli_main(&cli, argc, argv);
}
