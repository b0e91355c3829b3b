// main.c of 02-neural-bigram: the table of lesson 01, learned by gradient descent.
#include "backward.h"
#include "by_hand.h"
#include "gemm.h"
#include "generate.h"
#include "inspect.h"
#include "lesson.h"
#include "machine.h"
#include "modelfile.h"
#include "net.h"
#include "op_cross_entropy.h"
#include "op_penalty.h"
#include "progress.h"
#include "scalar.h"
#include "sgd.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char LESSON[] = "02-neural-bigram";

// --- configuration ---

typedef struct {
    Settings s;
    const char *split;
    double penalty;
    bool by_hand, walk;
} Config;

// --- training ---

typedef struct {
    const Config *c;
    const Text *text;
    Net *net;
    RunLog log;
    Progress bar;
    Rng rng;                // for the live samples
    double first, last;     // losses of the first and the last step
    size_t tokens;          // a step's
} Run;

// In every step, before its update: log, look for NaN, show how it is doing.
static void report(Run *r, int step, double loss) {
    if (!isfinite(loss)) progress_end(&r->bar);
    if (!isfinite(loss)) DIE("%s: the loss is %f at step %d: the learning rate --lr %g is too large; try a smaller one", LESSON, loss, step, r->c->s.lr);
    if (step == 0) r->first = loss;
    r->last = loss;
    bool measured = step % 10 == 0 || step == r->c->s.steps - 1;
    runlog_row(&r->log, &(LogRow){.step = step, .tokens = (double)r->tokens * (step + 1), .train_loss = loss, .lr = r->c->s.lr,
                                  .val_loss = measured && !r->c->by_hand ? net_loss(r->net, r->text->val) : NAN, .grad_norm = NAN});
    if (progress_wants_sample(&r->bar)) {
        Model face = net_model(r->net, &r->text->vocab);
        char *sample = generate_line(&face, 8, (Sampling){.temperature = 1, .top_k = 0}, &r->rng);
        progress_sample(&r->bar, sample);
        free(sample);
    }
    progress_step(&r->bar, step + 1, loss);
}

// Stage 2b: the loop that every lesson from here on is made of.
static void train_on_tape(Run *r, Stream s) {
    Net *net = r->net;
    Tape tape = tape_new(true);
    int N = (int)(s.n - 1);
    net_randomise(net, r->c->s.seed);
    for (int step = 0; step < r->c->s.steps; step++) {
        tape_reset(&tape);
        params_zero_grad(&net->params);
        Tensor *logits = net_forward(net, &tape, s.id, N);                              // (N,V)
        Tensor *loss = op_cross_entropy(&tape, logits, s.id + 1, NO_IGNORE);
        if (r->c->penalty > 0) loss = op_penalty(&tape, loss, net->w, (float)r->c->penalty);
        backward(&tape, loss);
        report(r, step, loss->data[0]);
        sgd(&net->params, (float)r->c->s.lr);
    }
    tape_free(&tape);
}

static void report_by_hand(void *ctx, int step, double loss) { report(ctx, step, loss); }

// Stage 2a: the same without a tape.
static void train_by_hand(Run *r, Stream s) {
    int V = r->net->V;
    float *w = xmalloc((size_t)(V * V) * sizeof *w);    // (before, next)
    net_draw(w, V, r->c->s.seed);
    by_hand_train(s, V, w, r->c->s.steps, (float)r->c->s.lr, (float)r->c->penalty, report_by_hand, r);
    net_set(r->net, w);
    free(w);
}

static void save(Net *net, const Vocab *vocab, const char *path) {
    Error e;
    int count;
    Array *array = params_arrays(&net->params, &count);
    must(modelfile_save(path, LESSON, vocab, array, count, json_object(), &e), &e);
    free(array);
}

static json_t *summarise(Run *r, double seconds) {
    const Text *t = r->text;
    int steps = r->c->s.steps;
    json_t *s = json_pack("{s:I, s:i, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:s}", "params", (json_int_t)r->net->params.size, "steps", steps,
                          "step0_loss", r->first, "loss_all", r->last, "train_loss", net_loss(r->net, t->train),
                          "val_loss", net_loss(r->net, t->val), "seconds", seconds, "steps_per_second", steps / seconds,
                          "tokens_per_second", (double)r->tokens * steps / seconds, "kernel", gemm_kernel());
    if (t->test.n > 1) json_object_set_new(s, "test_loss", json_real(net_loss(r->net, t->test)));
    return s;
}

static int train(void *config) {
    const Config *c = config;
    machine_threads(c->s.threads);
    Text t = lesson_text(&c->s);
    Stream s = strcmp(c->split, "all") == 0 ? t.all : t.train;
    Net net;
    net_init(&net, t.vocab.size);
    Run r = {.c = c, .text = &t, .net = &net, .tokens = s.n - 1};
    rng_seed(&r.rng, (uint32_t)c->s.seed);
    Error e;
    must(runlog_start(&r.log, LESSON, c->s.run, cli_options(c->s.option, c->s.options), &e), &e);
    char *dir = xprintf("%s", r.log.dir), *path = runlog_path(&r.log, "model.safetensors");
    printf("%s: learning a %d x %d table from %zu pairs, %d steps%s\n", t.name, net.V, net.V, r.tokens, c->s.steps,
           c->by_hand ? ", by hand" : "");

    double started = seconds_now();
    progress_start(&r.bar, stderr, 0, c->s.steps);
    if (c->by_hand) train_by_hand(&r, s);
    else train_on_tape(&r, s);
    progress_end(&r.bar);
    double seconds = seconds_now() - started;

    save(&net, &t.vocab, path);
    json_t *summary = summarise(&r, seconds);
    printf("step 0: loss %.4f   step %d: loss %.4f\n", r.first, c->s.steps - 1, r.last);
    lesson_print_loss("validation", json_real_value(json_object_get(summary, "val_loss")));
    Model face = net_model(&net, &t.vocab);
    lesson_show_sample(&c->s, &face, &r.log, c->s.steps);
    must(runlog_finish(&r.log, summary, &e), &e);
    lesson_show_curve(dir, "Loss while training", "step");

    free(path);
    free(dir);
    net_free(&net);
    text_free(&t);
    return 0;
}

// --- eval, generate, chat, inspect ---

static void load(const Config *c, Net *net, Vocab *vocab) {
    Checkpoint file;
    Error e;
    must(modelfile_open(&file, vocab, LESSON, c->s.checkpoint, &e), &e);
    net_init(net, vocab->size);
    must(params_load(&net->params, &file, &e), &e);
    checkpoint_close(&file);
}

static int eval(void *config) {
    const Config *c = config;
    Vocab vocab;
    Net net;
    load(c, &net, &vocab);
    Text t = lesson_text(&c->s);
    lesson_same_vocab(&c->s, &t, &vocab);
    lesson_print_loss("training", net_loss(&net, t.train));
    lesson_print_loss("validation", net_loss(&net, t.val));
    if (t.test.n > 1) lesson_print_loss("test", net_loss(&net, t.test));
    text_free(&t);
    net_free(&net);
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
    machine_threads(1);
    if (c->walk) return inspect_walk(stdin), 0;
    scalar_show();
    Vocab vocab;
    Net net;
    load(c, &net, &vocab);
    Text t = lesson_text(&c->s);
    lesson_same_vocab(&c->s, &t, &vocab);
    char *dir = lesson_picture_dir(&c->s);
    inspect_tape(&net, &t, dir);
    inspect_gradients(&net, &t);
    inspect_table(&net, &t, dir);
    free(dir);
    text_free(&t);
    net_free(&net);
    return 0;
}

int main(int argc, char **argv) {
    machine_setup(argv);
    Config c = {.s = {.lesson = LESSON, .data = "given-names", .temperature = 1, .seed = 2147483647, .steps = 200, .lr = 50, .threads = 1},
                .split = "all"};
    const CliOption own[] = {
        {"split", "all|train", CLI_CHOICE, &c.split, 0, 0, "learn from everything, as the lecture does, or from the training split only", "train"},
        {"penalty", "X", CLI_REAL, &c.penalty, 0, 1e6, "regularisation: X times the mean of w² is added to the loss", "train"},
        {"by-hand", NULL, CLI_FLAG, &c.by_hand, 0, 0, "stage 2a: without the tape, the gradient written out", "train"},
        {"step", NULL, CLI_FLAG, &c.walk, 0, 0, "walk along a small tape node by node, forwards and back", "inspect"},
    };
    lesson_options(&c.s, "data as run steps lr threads checkpoint prompt length temperature top-k seed", own, COUNT(own));
    const CliCommand command[] = {
        {"train", "learn the table by gradient descent", train},
        {"eval", "the loss of a saved model on a text", eval},
        {"generate", "let it write", write_samples},
        {"chat", "type a beginning, see it go on", talk},
        {"inspect", "the tape, its gradients, and the learned table beside the counted one", look},
    };
    const Cli cli = {LESSON, "Lesson 02: the table of lesson 01, learned by gradient descent instead of counted.",
                     command, c.s.option, COUNT(command), c.s.options, &c};
    return cli_main(&cli, argc, argv);
}
