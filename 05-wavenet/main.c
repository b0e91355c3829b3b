// main.c of 05-wavenet: a hierarchy over a longer context.
#include "backward.h"
#include "evaluate.h"
#include "inspect.h"
#include "lesson.h"
#include "machine.h"
#include "modelfile.h"
#include "op_cross_entropy.h"
#include "sgd.h"
#include "train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char LESSON[] = "05-wavenet";
static const double SAME = 1e-6;        // tree and convolution differ by less, relative to the largest logit
enum { LARGEST = 4096 };

// --- configuration ---

typedef struct {
    Settings s;
    const char *variant, *score;
    int block, fuse, embedding, hidden;
    double drop_at;
} Config;

// The shape that --variant names, as the other options change it.
static Shape shape_of(const Config *c, int V) {
    Shape s = variant_named(c->variant)->shape;
    s.V = V;
    if (c->block) s.block = c->block;
    if (c->fuse) s.fuse = c->fuse;
    if (c->embedding) s.embedding = c->embedding;
    if (c->hidden) s.hidden = c->hidden;
    if (s.fuse < 2) DIE("%s: --fuse %d joins nothing: want 2 or more", LESSON, s.fuse);
    int T = s.block;
    while (T % s.fuse == 0) T /= s.fuse;
    if (T != 1) DIE("%s: --block %d is no power of --fuse %d: want one, such as --block 8 --fuse 2", LESSON, s.block, s.fuse);
    if (c->s.batch < 2) DIE("%s: --batch 1 has no variance to normalise by: want 2 or more", LESSON);
    return s;
}

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
    Tensor *logits = net_logits(&r->net, &r->tape, r->data.x, r->data.B, true);     // (B, V)
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
    return net_logits(&((Run *)ctx)->net, tape, context, N, false);
}

static double evaluate_split(void *ctx, SplitName split) {
    Run *r = ctx;
    return evaluate(logits, r, &r->data.split[split]);
}

static void run_free(Run *r) {
    batches_free(&r->data);
    net_free(&r->net);
    tape_free(&r->tape);
}

// --- the model in a file ---

// Each part of the shape is kept as a whole number under its name.
static const ModelSetting SHAPE[] = {{"block", 2, LARGEST}, {"fuse", 2, LARGEST}, {"embedding", 1, LARGEST}, {"hidden", 1, LARGEST}, {"bug", 0, 1}};

static json_t *shape_settings(Shape s) {
    return modelfile_settings(SHAPE, (int[]){s.block, s.fuse, s.embedding, s.hidden, s.bug}, COUNT(SHAPE));
}

static void load(const Config *c, Net *net, Vocab *vocab) {
    Checkpoint file;
    Error e;
    int v[COUNT(SHAPE)];
    must(modelfile_open(&file, vocab, LESSON, c->s.checkpoint, &e), &e);
    must(modelfile_values(&file, SHAPE, v, COUNT(SHAPE), &e), &e);
    net_init(net, (Shape){vocab->size, v[0], v[1], v[2], v[3], v[4]});
    must(params_load(&net->params, &file, &e), &e);
    checkpoint_close(&file);
}

// --- commands ---

static int train(void *config) {
    const Config *c = config;
    machine_threads(c->s.threads);
    Text t = lesson_text(&c->s);
    Shape shape = shape_of(c, t.vocab.size);
    Run r = {.c = c, .tape = tape_new(true), .data = batches_of(&t, shape.block, c->s.batch, c->s.seed)};
    net_init(&r.net, shape);
    net_randomise(&r.net, &r.data.rng);
    batches_print(&r.data, t.name);
    Train loop = {.settings = &c->s, .params = &r.net.params, .model = net_model(&r.net, &t.vocab), .ctx = &r, .gradient = gradient,
                  .update = update, .evaluate = evaluate_split, .tokens = c->s.batch, .evaluate_every = max_int(1, c->s.steps / 20),
                  .grad_norm = NAN, .model_settings = shape_settings(shape)};
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

// A name between its boundaries, as ids.
static Stream stream_of(const char *name, const Vocab *vocab) {
    size_t n = strlen(name);
    int *id = xcalloc(n + 2, sizeof *id);
    for (size_t i = 0; i < n; i++) {
        id[i + 1] = vocab->id[(unsigned char)name[i]];
        if (id[i + 1] < 0) DIE("%s: --score \"%s\": the model has never seen '%c'; want characters of its text", LESSON, name, name[i]);
    }
    return (Stream){id, n + 2, vocab->names ? 0 : -1};
}

static int look(void *config) {
    const Config *c = config;
    Vocab vocab;
    Net net;
    load(c, &net, &vocab);
    inspect_layers(&net);
    inspect_receptive_field(&net);
    Stream score = stream_of(c->score, &vocab);
    bool same = inspect_score(&net, &vocab, score) <= SAME;
    free((int *)score.id);
    net_free(&net);
    return same ? 0 : 1;
}

int main(int argc, char **argv) {
    machine_setup(argv);
    Config c = {.s = {.lesson = LESSON, .data = "given-names", .temperature = 1, .seed = 42, .steps = 200000, .batch = 32, .lr = 0.1, .threads = 1},
                .variant = "tree128", .drop_at = 0.75, .score = "emma"};
    const CliOption own[] = {
        {"variant", "flat3|flat8|tree68-bug|tree68|tree128", CLI_CHOICE, &c.variant, 0, 0, "which net", "train"},
        {"block", "N", CLI_INT, &c.block, 0, LARGEST, "characters of context, a power of --fuse; 0: as the variant has it", "train"},
        {"fuse", "N", CLI_INT, &c.fuse, 0, LARGEST, "neighbours that become one at each level; 0: as the variant has it", "train"},
        {"embedding", "N", CLI_INT, &c.embedding, 0, LARGEST, "numbers per character; 0: as the variant has it", "train"},
        {"hidden", "N", CLI_INT, &c.hidden, 0, LARGEST, "units of each level; 0: as the variant has it", "train"},
        {"drop-at", "X", CLI_REAL, &c.drop_at, 0, 1, "after this share of the steps the learning rate is a tenth", "train"},
        {"score", "NAME", CLI_TEXT, &c.score, 0, 0, "the name to go through letter by letter", "inspect"},
    };
    lesson_options(&c.s, "data as run steps batch lr resume threads checkpoint prompt length temperature top-k seed", own, COUNT(own));
    const CliCommand command[] = {
        {"train", "learn from windows of eight characters", train},
        {"eval", "the loss of a saved model on a text", eval},
        {"generate", "let it write", write_samples},
        {"chat", "type a beginning, see it go on", talk},
        {"inspect", "the layers, what each sees, and a name letter by letter", look},
    };
    const Cli cli = {LESSON, "Lesson 05: a hierarchy over a longer context, which is a dilated causal convolution.",
                     command, c.s.option, COUNT(command), c.s.options, &c};
    return cli_main(&cli, argc, argv);
}
