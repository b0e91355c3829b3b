// main.c of 08-transformer: the block, part by part: feed-forward, residual connections, layer norm, dropout.
#include "adamw_keep.h"
#include "backward.h"
#include "clip.h"
#include "evaluate.h"
#include "inspect.h"
#include "lesson.h"
#include "machine.h"
#include "modelfile.h"
#include "net.h"
#include "op_cross_entropy.h"
#include "op_gelu.h"
#include "op_relu.h"
#include "reader.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char LESSON[] = "08-transformer";
enum { LARGEST = 65536 };

// --- configuration ---

typedef struct {
    Settings s;
    const char *variant, *norm, *activation, *split;
    int width, heads, layers, block;
    double dropout, clip;
    bool no_residual, no_norm;
    char *data;             // what a saved model learned from
    bool makemore;          // and whether by makemore's split
} Config;

// What was not asked for is as the variant has it; so config.json says which net it was.
static Shape resolve(Config *c) {
    const Variant *v = variant_named(c->variant);
    Shape s = v->shape;
    if (c->norm && c->no_norm) DIE("%s: --norm %s and --no-norm: want one of the two", LESSON, c->norm);
    if (!c->s.data) c->s.data = v->data;
    if (!c->s.batch) c->s.batch = v->batch;
    if (c->s.lr < 0) c->s.lr = v->lr;
    if (c->clip < 0) c->clip = v->clip;
    if (!c->width) c->width = s.block.C;
    if (!c->heads) c->heads = s.block.NH;
    if (!c->layers) c->layers = s.layers;
    if (!c->block) c->block = s.T;
    if (!c->split) c->split = "honest";
    if (!c->activation) c->activation = s.block.activation == op_gelu ? "gelu" : "relu";
    c->no_residual = c->no_residual || !s.block.skip;
    c->no_norm = c->no_norm || (!c->norm && s.block.norm == NORM_NONE);
    if (!c->norm && !c->no_norm) c->norm = "pre";
    if (c->width % c->heads != 0) DIE("%s: --width %d cannot be cut into %d heads: want a multiple", LESSON, c->width, c->heads);
    s.T = c->block, s.layers = c->layers, s.block.C = c->width, s.block.NH = c->heads, s.block.dropout = c->dropout, s.block.skip = !c->no_residual;
    s.block.activation = strcmp(c->activation, "gelu") == 0 ? op_gelu : op_relu;
    s.block.norm = c->no_norm ? NORM_NONE : strcmp(c->norm, "post") == 0 ? NORM_POST : NORM_PRE;
    return s;
}

static bool is_makemore(const Config *c) { return strcmp(c->split, "makemore") == 0; }

// --- training ---

// The best validation loss so far, where, and the test loss of the same weights.
typedef struct {
    double val, test;
    long step;
} Best;

// What a step works on.
typedef struct {
    const Config *c;
    Reader reader;
    Net net;
    AdamW adamw;
    Tape tape;
    Rng rng;
    Best best;
    long step;              // how many were made
    bool training;          // a run, not the measuring of a saved model
    Train *loop;
} Run;

static double gradient(void *ctx) {
    Run *r = ctx;
    reader_draw(&r->reader, &r->rng);
    tape_reset(&r->tape);
    params_zero_grad(&r->net.params);
    Pass p = net_forward(&r->net, &r->tape, r->reader.x, r->reader.B, r->reader.T, &r->rng, true);
    Tensor *loss = op_cross_entropy(&r->tape, p.logits, r->reader.y, LINES_IGNORE);
    backward(&r->tape, loss);
    return loss->data[0];
}

static double update(void *ctx, long step) {
    Run *r = ctx;
    r->loop->grad_norm = clip(&r->net.params, r->c->clip);
    adamw_step(&r->adamw, &r->net.params, r->c->s.lr);
    r->step = step + 1;
    return r->c->s.lr;
}

// --- evaluation ---

// The mean loss over all places of a split that have one.
static double split_loss(Run *r, SplitName split) {
    int rows = reader_rows(&r->reader, split), T = r->reader.T;
    Tape tape = tape_new(false);
    double sum = 0;
    long count = 0;
    for (int first = 0; first < rows; first += READER_ROWS) {
        int B = min_int(READER_ROWS, rows - first);
        long here = 0;
        reader_rows_at(&r->reader, split, first, B);
        for (int i = 0; i < B * T; i++) here += r->reader.y[i] != LINES_IGNORE;
        tape_reset(&tape);
        Pass p = net_forward(&r->net, &tape, r->reader.x, B, T, NULL, false);
        sum += (double)here * (double)op_cross_entropy(&tape, p.logits, r->reader.y, LINES_IGNORE)->data[0];
        count += here;
    }
    tape_free(&tape);
    return count ? sum / (double)count : NAN;
}

static void put(json_t *summary, const char *key, double value) { json_object_set_new(summary, key, json_real(value)); }

// While it trains: remembers the best, for the summary.
static double evaluate_split(void *ctx, SplitName split) {
    Run *r = ctx;
    double loss = split_loss(r, split);
    if (!r->training || split != SPLIT_VAL || r->step < 2) return loss;
    if (loss < r->best.val) r->best = (Best){loss, split_loss(r, SPLIT_TEST), r->step};
    put(r->loop->summary, "best_val_loss", r->best.val);
    put(r->loop->summary, "best_step", (double)r->best.step);
    if (!isnan(r->best.test)) put(r->loop->summary, "test_loss_at_best", r->best.test);
    return loss;
}

// --- the model in a file ---

// Opens the model that the settings name. Where they name no data and no split, they are those that the model learned from.
static void load(Config *c, Net *net, Vocab *vocab) {
    Checkpoint file;
    Error e;
    Shape shape;
    must(modelfile_open(&file, vocab, LESSON, c->s.checkpoint, &e), &e);
    must(shape_read(&shape, &file, &e), &e);
    shape.V = vocab->size;
    net_init(net, shape);
    must(params_load(&net->params, &file, &e), &e);
    if (!c->s.data) c->s.data = c->data = xprintf("%s", modelfile_data(&file) ? modelfile_data(&file) : "given-names");
    const char *split = checkpoint_text(&file, "split");
    c->makemore = split && strcmp(split, "makemore") == 0;
    if (!c->split) c->split = c->makemore ? "makemore" : "honest";
    checkpoint_close(&file);
}

// --- commands ---

static void run_init(Run *r, const Config *c, const Text *t, Shape shape) {
    *r = (Run){.c = c, .tape = tape_new(true), .best = {INFINITY, NAN, 0}};
    shape.V = t->vocab.size;
    reader_init(&r->reader, LESSON, t, c->s.batch, shape.T, is_makemore(c));
    net_init(&r->net, shape);
    rng_seed(&r->rng, (uint32_t)c->s.seed);
    net_randomise(&r->net, &r->rng);
    r->adamw = adamw_new(&r->net.params, 0.01);
    r->adamw.beta2 = variant_named(c->variant)->beta2;
}

static void run_free(Run *r) {
    reader_free(&r->reader);
    net_free(&r->net);
    adamw_free(&r->adamw);
    tape_free(&r->tape);
}

static int train(void *config) {
    Config *c = config;
    Shape shape = resolve(c);
    machine_threads(c->s.threads);
    Text t = lesson_text(&c->s);
    Run r;
    run_init(&r, c, &t, shape);
    r.training = true;
    printf("%s: vocabulary %d, %d rows of %d to learn from, %d for validation\n", t.name, t.vocab.size, reader_rows(&r.reader, SPLIT_TRAIN), shape.T, reader_rows(&r.reader, SPLIT_VAL));
    Train loop = {.settings = &c->s, .params = &r.net.params, .model = net_model(&r.net, &t.vocab), .ctx = &r, .gradient = gradient,
                  .update = update, .evaluate = evaluate_split, .tokens = (long)c->s.batch * shape.T, .evaluate_every = max_int(100, c->s.steps / 30),
                  .grad_norm = NAN, .model_settings = shape_settings(r.net.shape), .summary = json_object()};
    json_object_set_new(loop.model_settings, "split", json_string(c->split));
    r.loop = &loop;
    train_keep(&loop, "rng", &r.rng, sizeof r.rng);
    adamw_keep(&r.adamw, &loop);
    train_keep(&loop, "best", &r.best, sizeof r.best);
    int code = train_run(&loop);
    run_free(&r);
    text_free(&t);
    return code;
}

static int eval(void *config) {
    Config *c = config;
    Vocab vocab;
    Run r = {.c = c};
    load(c, &r.net, &vocab);
    Text t = lesson_text(&c->s);
    lesson_same_vocab(&c->s, &t, &vocab);
    if (t.names && c->makemore != is_makemore(c)) printf("(this model learned by the other split: it knows most of these validation and test names)\n");
    reader_init(&r.reader, LESSON, &t, 1, r.net.shape.T, is_makemore(c));
    evaluate_print(evaluate_split, &r, &vocab);
    run_free(&r);
    text_free(&t);
    return 0;
}

// Loads the model, and hands its face to a command.
static int with_model(Config *c, int (*command)(const Settings *s, const Model *m)) {
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

static const struct { const char *name; NormPlace norm; bool skip; } FORM[] = {
    {"neither", NORM_NONE, false}, {"norm alone", NORM_PRE, false}, {"residual", NORM_NONE, true}, {"pre-norm", NORM_PRE, true}, {"post-norm", NORM_POST, true}};

// Fresh nets with and without their parts: parameters, multiply-adds, and how gradients fare on their way down. A saved model comes last.
static int look(void *config) {
    Config *c = config;
    Vocab vocab;
    Net trained;
    if (c->s.checkpoint && (c->width || c->heads || c->layers || c->block || c->activation)) DIE("%s inspect: a saved model has sizes of its own: with --checkpoint no --width, --heads, --layers, --block or --activation", LESSON);
    if (c->s.checkpoint) load(c, &trained, &vocab);
    Shape asked = resolve(c), shape = c->s.checkpoint ? trained.shape : asked;
    machine_threads(c->s.threads);
    Text t = lesson_text(&c->s);
    if (c->s.checkpoint) lesson_same_vocab(&c->s, &t, &vocab);
    inspect_parts(shape, t.vocab.size);
    DepthCurve curve[COUNT(FORM) + 1];
    int count = COUNT(FORM) + (c->s.checkpoint ? 1 : 0);
    for (int i = 0; i < count; i++) {
        bool fresh = i < COUNT(FORM);
        Run r;
        if (fresh) shape.block.norm = FORM[i].norm, shape.block.skip = FORM[i].skip;
        run_init(&r, c, &t, shape);
        curve[i] = (DepthCurve){.name = fresh ? FORM[i].name : "trained"};
        reader_draw(&r.reader, &r.rng);
        inspect_depth(fresh ? &r.net : &trained, r.reader.x, r.reader.y, r.reader.B, r.reader.T, &curve[i]);
        run_free(&r);
    }
    inspect_draw_depth(curve, count, shape.layers);
    if (c->s.checkpoint) net_free(&trained);
    text_free(&t);
    return 0;
}

int main(int argc, char **argv) {
    machine_setup(argv);
    Config c = {.s = {.lesson = LESSON, .temperature = 1, .seed = 1, .steps = 5000, .lr = -1}, .variant = "small", .clip = -1};
    const CliOption own[] = {
        {"variant", "feed-forward|residual|layernorm|small|names", CLI_CHOICE, &c.variant, 0, 0, "which net of the ladder", "train inspect"},
        {"batch", "N", CLI_INT, &c.s.batch, 0, 1e6, "examples a step; 0: the variant's", "train inspect"},
        {"lr", "X", CLI_REAL, &c.s.lr, -1, 1e30, "learning rate; -1: the variant's", "train"},
        {"clip", "X", CLI_REAL, &c.clip, -1, 1e30, "no gradient longer than this; 0: any length will do; -1: the variant's", "train"},
        {"width", "C", CLI_INT, &c.width, 0, LARGEST, "numbers per character; 0: the variant's", "train inspect"},
        {"heads", "N", CLI_INT, &c.heads, 0, LARGEST, "heads of each attention; 0: the variant's", "train inspect"},
        {"layers", "N", CLI_INT, &c.layers, 0, LAYERS_MOST, "blocks; 0: the variant's", "train inspect"},
        {"block", "T", CLI_INT, &c.block, 0, LARGEST, "places that are read at once; 0: the variant's", "train inspect"},
        {"norm", "pre|post", CLI_CHOICE, &c.norm, 0, 0, "where the layer norm stands", "train"},
        {"no-norm", NULL, CLI_FLAG, &c.no_norm, 0, 0, "no layer norm", "train"},
        {"no-residual", NULL, CLI_FLAG, &c.no_residual, 0, 0, "no way round the branches", "train"},
        {"activation", "relu|gelu", CLI_CHOICE, &c.activation, 0, 0, "what bends in the feed-forward nets", "train inspect"},
        {"dropout", "P", CLI_REAL, &c.dropout, 0, 0.99, "forget this share of what a branch says", "train"},
        {"split", "honest|makemore", CLI_CHOICE, &c.split, 0, 0, "names: 80/10/10, or makemore's, where validation and test are one; eval: without it, as the model learned", "train eval"},
        {"checkpoint", "FILE|DIR", CLI_TEXT, &c.s.checkpoint, 0, 0, "the model, or its run; without it: the newest run", "eval generate chat"},
        {"checkpoint", "FILE|DIR", CLI_TEXT, &c.s.checkpoint, 0, 0, "a saved model, or its run, to look at beside fresh ones", "inspect"},
    };
    lesson_options(&c.s, "data as run steps resume threads prompt length temperature top-k seed", own, COUNT(own));
    lesson_options_also(&c.s, "threads", "train inspect");
    lesson_options_also(&c.s, "seed", "train generate chat inspect");
    const CliCommand command[] = {
        {"train", "learn with a stack of blocks", train},
        {"eval", "the loss of a saved model on a text", eval},
        {"generate", "let it write", write_samples},
        {"chat", "type a beginning, see it go on", talk},
        {"inspect", "parameters, multiply-adds, and gradients by depth, with and without residuals and norms", look},
    };
    const Cli cli = {LESSON, "Lesson 08: the transformer block, part by part.",
                     command, c.s.option, COUNT(command), c.s.options, &c};
    int code = cli_main(&cli, argc, argv);
    free(c.data);
    return code;
}
