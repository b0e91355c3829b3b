// main.c of 03-mlp: a window of context, embeddings, and a hidden layer.
#include "backward.h"
#include "evaluate.h"
#include "inspect.h"
#include "lesson.h"
#include "lrfind.h"
#include "machine.h"
#include "minibatch.h"
#include "modelfile.h"
#include "net.h"
#include "op_cross_entropy.h"
#include "sgd.h"
#include "train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char LESSON[] = "03-mlp";
enum { LARGEST = 4096 };

// --- configuration ---

typedef struct {
    Settings s;
    int block, embedding, hidden, rates;
    double drop_at;
    bool lrfind;
} Config;

// --- training ---

// What a step works on.
typedef struct {
    const Config *c;
    Net net;
    Examples split[3];      // train, validation, test
    Tape tape;
    Rng rng;                // draws the weights, then the minibatches, as the lecture does
    int *x, *y;             // (B, block), (B)
} Run;

static double gradient(void *ctx) {
    Run *r = ctx;
    int B = r->c->s.batch;
    const Examples *e = &r->split[SPLIT_TRAIN];
    minibatch(&r->rng, e->context, e->target, e->N, e->block, B, r->x, r->y);
    tape_reset(&r->tape);
    params_zero_grad(&r->net.params);
    Tensor *logits = net_logits(&r->net, &r->tape, r->x, B);                // (B, V)
    Tensor *loss = op_cross_entropy(&r->tape, logits, r->y, NO_IGNORE);
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
    return evaluate(logits, r, &r->split[split]);
}

static void run_init(Run *r, const Config *c, const Text *t) {
    *r = (Run){.c = c, .tape = tape_new(true)};
    r->split[SPLIT_TRAIN] = examples_of(t->train, c->block);
    r->split[SPLIT_VAL] = examples_of(t->val, c->block);
    r->split[SPLIT_TEST] = examples_of(t->test, c->block);
    r->x = xmalloc((size_t)c->s.batch * (size_t)c->block * sizeof *r->x);
    r->y = xmalloc((size_t)c->s.batch * sizeof *r->y);
    net_init(&r->net, (Shape){t->vocab.size, c->block, c->embedding, c->hidden});
    rng_seed(&r->rng, (uint32_t)c->s.seed);
    net_randomise(&r->net, &r->rng);
}

static void run_free(Run *r) {
    for (int i = 0; i < 3; i++) examples_free(&r->split[i]);
    net_free(&r->net);
    tape_free(&r->tape);
    free(r->x);
    free(r->y);
}

// --- the learning-rate finder ---

// A short run whose rate rises from step to step; then the weights are what they were.
static void find_rate(Run *r) {
    int n = r->c->rates;
    double *rate = xmalloc((size_t)n * sizeof *rate), *loss = xmalloc((size_t)n * sizeof *loss);
    float *weights = memcpy(xmalloc(r->net.params.size * sizeof(float)), r->net.params.data, r->net.params.size * sizeof(float));
    Rng rng = r->rng;
    lrfind_rates(0.001, 10, n, rate);
    for (int i = 0; i < n; i++) {
        loss[i] = gradient(r);
        sgd(&r->net.params, (float)rate[i]);
    }
    memcpy(r->net.params.data, weights, r->net.params.size * sizeof(float));
    r->rng = rng;
    inspect_rates(rate, loss, n, lrfind_best(rate, loss, n));
    free(weights);
    free(rate);
    free(loss);
}

// --- the model in a file ---

static json_t *shape_settings(Shape s) {
    char block[12], embedding[12], hidden[12];
    snprintf(block, sizeof block, "%d", s.block);
    snprintf(embedding, sizeof embedding, "%d", s.embedding);
    snprintf(hidden, sizeof hidden, "%d", s.hidden);
    return json_pack("{s:s, s:s, s:s}", "block", block, "embedding", embedding, "hidden", hidden);
}

static void load(const Config *c, Net *net, Vocab *vocab) {
    Checkpoint file;
    Error e;
    Shape s;
    must(modelfile_open(&file, vocab, LESSON, c->s.checkpoint, &e), &e);
    must(modelfile_int(&file, "block", 1, LARGEST, &s.block, &e), &e);
    must(modelfile_int(&file, "embedding", 1, LARGEST, &s.embedding, &e), &e);
    must(modelfile_int(&file, "hidden", 1, LARGEST, &s.hidden, &e), &e);
    s.V = vocab->size;
    net_init(net, s);
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
    printf("%s: %d training examples, %d for validation, %d for test; %zu parameters\n", t.name, r.split[SPLIT_TRAIN].N,
           r.split[SPLIT_VAL].N, r.split[SPLIT_TEST].N, r.net.params.size);
    Train loop = {.settings = &c->s, .params = &r.net.params, .model = net_model(&r.net, &t.vocab), .ctx = &r, .gradient = gradient,
                  .update = update, .evaluate = evaluate_split, .tokens = c->s.batch, .evaluate_every = max_int(1, c->s.steps / 20),
                  .grad_norm = NAN, .model_settings = shape_settings(r.net.shape)};
    train_keep(&loop, "rng", &r.rng, sizeof r.rng);
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
    const Stream split[] = {t.train, t.val, t.test};
    const char *name[] = {"training", "validation", "test"};
    for (int i = 0; i < 3; i++) {
        r.split[i] = examples_of(split[i], r.net.shape.block);
        lesson_print_loss(name[i], evaluate_split(&r, (SplitName)i));
    }
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
    if (c->lrfind) {
        Text t = lesson_text(&c->s);
        Run r;
        run_init(&r, c, &t);
        find_rate(&r);
        run_free(&r);
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
                .block = 3, .embedding = 10, .hidden = 200, .drop_at = 0.5, .rates = 1000};
    const CliOption own[] = {
        {"block", "N", CLI_INT, &c.block, 1, LARGEST, "how many characters of context", "train inspect"},
        {"embedding", "N", CLI_INT, &c.embedding, 1, LARGEST, "numbers per character", "train inspect"},
        {"hidden", "N", CLI_INT, &c.hidden, 1, LARGEST, "hidden units", "train inspect"},
        {"drop-at", "X", CLI_REAL, &c.drop_at, 0, 1, "after this share of the steps the learning rate is a tenth", "train"},
        {"lrfind", NULL, CLI_FLAG, &c.lrfind, 0, 0, "try a thousand learning rates in one short run", "inspect"},
    };
    lesson_options(&c.s, "data as run steps batch lr resume threads checkpoint prompt length temperature top-k seed", own, COUNT(own));
    const CliCommand command[] = {
        {"train", "learn from windows of a few characters", train},
        {"eval", "the loss of a saved model on a text", eval},
        {"generate", "let it write", write_samples},
        {"chat", "type a beginning, see it go on", talk},
        {"inspect", "the map of letters; --lrfind: which learning rate", look},
    };
    const Cli cli = {LESSON, "Lesson 03: a window of context, a vector for every character, and a hidden layer.",
                     command, c.s.option, COUNT(command), c.s.options, &c};
    return cli_main(&cli, argc, argv);
}
