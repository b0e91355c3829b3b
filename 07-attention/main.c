// main.c of 07-attention: every place looks back, at what it chooses.
#include "adamw_keep.h"
#include "backward.h"
#include "batches.h"
#include "crops.h"
#include "evaluate.h"
#include "inspect.h"
#include "lesson.h"
#include "machine.h"
#include "modelfile.h"
#include "net.h"
#include "op_cross_entropy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char LESSON[] = "07-attention", DATA[] = "tales";
enum { LARGEST = 65536, EVAL_PLACES = 8192 };

// --- configuration ---

typedef struct {
    Settings s;
    const char *variant, *positions;
    int width, heads, block, pieces;
    bool cost;
    char *data;             // what a saved model learned from
} Config;

static Shape shape_of(const Config *c, int V) {
    Shape s = {.V = V, .C = c->width, .heads = c->heads, .block = c->block};
    if (s.heads == 0) s.heads = strcmp(c->variant, "one-head") == 0 ? 1 : 4;
    while (strcmp(c->positions, POSITION_NAME[s.positions]) != 0) s.positions++;
    if (s.C % s.heads != 0) DIE("%s: --width %d cannot be cut into %d heads: want a multiple", LESSON, s.C, s.heads);
    if (s.positions == POSITIONS_ROPE && s.C / s.heads % 2 != 0) DIE("%s: --positions rope turns pairs, and a head has %d numbers: want an even number of them", LESSON, s.C / s.heads);
    return s;
}

// --- training ---

// What a step works on.
typedef struct {
    const Config *c;
    Stream split[3];        // by SplitName
    Net net;
    AdamW adamw;
    Tape tape;
    Rng rng;
    int *x, *y;             // (B,T) of a training batch, or of a part of a split
    int T;                  // places that are read at once
} Run;

static double gradient(void *ctx) {
    Run *r = ctx;
    int B = r->c->s.batch;
    crops_draw(r->split[SPLIT_TRAIN], B, r->T, &r->rng, r->x, r->y);
    tape_reset(&r->tape);
    params_zero_grad(&r->net.params);
    Pass p = net_forward(&r->net, &r->tape, r->x, B, r->T);
    Tensor *loss = op_cross_entropy(&r->tape, p.logits, r->y, NO_IGNORE);
    backward(&r->tape, loss);
    return loss->data[0];
}

static double update(void *ctx, long step) {
    (void)step;
    Run *r = ctx;
    adamw_step(&r->adamw, &r->net.params, r->c->s.lr);
    return r->c->s.lr;
}

// The mean loss over all pieces of a split, one behind the other.
static double evaluate_split(void *ctx, SplitName split) {
    Run *r = ctx;
    int pieces = crops_count(r->split[split], r->T), at_once = max_int(1, EVAL_PLACES / r->T);
    Tape tape = tape_new(false);
    double sum = 0;
    for (int first = 0; first < pieces; first += at_once) {
        int B = min_int(at_once, pieces - first);
        crops_in_order(r->split[split], first, B, r->T, r->x, r->y);
        tape_reset(&tape);
        sum += B * (double)op_cross_entropy(&tape, net_forward(&r->net, &tape, r->x, B, r->T).logits, r->y, NO_IGNORE)->data[0];
    }
    tape_free(&tape);
    return pieces ? sum / pieces : NAN;
}

// T: places that are read at once.
static void run_data(Run *r, const Text *t, int T) {
    Stream split[] = {t->train, t->val, t->test};
    memcpy(r->split, split, sizeof split);
    r->T = T;
    if (t->train.n <= (size_t)T) DIE("%s: %s has %zu characters to learn from, want more than a block of %d", LESSON, t->name, t->train.n, T);
    size_t room = (size_t)max_int(r->c->s.batch * T, EVAL_PLACES + T);
    r->x = xmalloc(room * sizeof *r->x);
    r->y = xmalloc(room * sizeof *r->y);
}

static void run_free(Run *r) {
    net_free(&r->net);
    adamw_free(&r->adamw);
    tape_free(&r->tape);
    free(r->x);
    free(r->y);
}

// --- the model in a file ---

static const ModelSetting SHAPE[] = {{"width", 1, LARGEST}, {"heads", 1, LARGEST}, {"block", 1, LARGEST}, {"positions", 0, POSITION_KINDS - 1}};

static json_t *shape_settings(Shape s) { return modelfile_settings(SHAPE, (int[]){s.C, s.heads, s.block, (int)s.positions}, COUNT(SHAPE)); }

// Opens the model that the settings name. Where they name no data, it is what the model learned from.
static void load(Config *c, Net *net, Vocab *vocab) {
    Checkpoint file;
    Error e;
    int v[COUNT(SHAPE)];
    must(modelfile_open(&file, vocab, LESSON, c->s.checkpoint, &e), &e);
    must(modelfile_values(&file, SHAPE, v, COUNT(SHAPE), &e), &e);
    must(v[0] % v[1] == 0 || error(&e, "%s: a width of %d cannot be cut into %d heads", file.path, v[0], v[1]), &e);
    net_init(net, (Shape){vocab->size, v[0], v[1], v[2], (PositionKind)v[3]});
    must(params_load(&net->params, &file, &e), &e);
    if (!c->s.data) c->s.data = c->data = xprintf("%s", modelfile_data(&file) ? modelfile_data(&file) : DATA);
    checkpoint_close(&file);
}

// --- commands ---

static int train(void *config) {
    Config *c = config;
    if (!c->s.data) c->s.data = DATA;
    machine_threads(c->s.threads);
    Text t = lesson_text(&c->s);
    Run r = {.c = c, .tape = tape_new(true)};
    run_data(&r, &t, c->block);
    net_init(&r.net, shape_of(c, t.vocab.size));
    rng_seed(&r.rng, (uint32_t)c->s.seed);
    net_randomise(&r.net, &r.rng);
    r.adamw = adamw_new(&r.net.params, 0.01);
    printf("%s: vocabulary %d, %zu characters to learn from, %zu for validation\n", t.name, t.vocab.size, t.train.n, t.val.n);
    Train loop = {.settings = &c->s, .params = &r.net.params, .model = net_model(&r.net, &t.vocab), .ctx = &r, .gradient = gradient,
                  .update = update, .evaluate = evaluate_split, .tokens = (long)c->s.batch * c->block, .evaluate_every = max_int(1, c->s.steps / 20),
                  .grad_norm = NAN, .model_settings = shape_settings(r.net.shape)};
    train_keep(&loop, "rng", &r.rng, sizeof r.rng);
    adamw_keep(&r.adamw, &loop);
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
    int T = c->pieces ? c->pieces : r.net.shape.block;
    if (!net_reads(&r.net, T)) DIE("%s: --pieces %d: this model has learned %d positions and knows no others; want %d or less, or another kind of --positions", LESSON, T, r.net.shape.block, r.net.shape.block);
    run_data(&r, &t, T);
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

// The ids that are looked at: the beginning of the prompt, or of the validation split.
static int ids_of(const Config *c, const Net *net, const Vocab *vocab, const Text *t, int *id) {
    int most = net->shape.block;
    if (!c->s.prompt) {
        int n = min_int(most, (int)t->val.n);
        memcpy(id, t->val.id, (size_t)n * sizeof *id);
        return n;
    }
    Error e;
    size_t length = strlen(c->s.prompt);
    int *all = xmalloc((length + 1) * sizeof *all), n = vocab_encode(vocab, c->s.prompt, length, all, &e);
    must(n > 0 || (n == 0 && error(&e, "--prompt is empty: want some characters")), &e);
    if (n > most) printf("only the first %d of %d characters: the model reads %d\n", most, n, most);
    memcpy(id, all, (size_t)min_int(n, most) * sizeof *id);
    free(all);
    return min_int(n, most);
}

static int look(void *config) {
    Config *c = config;
    machine_threads(c->s.threads);
    if (c->cost) {
        inspect_cost();
        return 0;
    }
    Vocab vocab;
    Net net;
    load(c, &net, &vocab);
    Text t = lesson_text(&c->s);
    lesson_same_vocab(&c->s, &t, &vocab);
    int *id = xmalloc((size_t)net.shape.block * sizeof *id), n = ids_of(c, &net, &vocab, &t, id);
    char *dir = lesson_picture_dir(&c->s);
    inspect_averages(&net, id, n);
    inspect_scale(&net, t.val);
    inspect_distances(&net, t.val);
    inspect_maps(&net, &vocab, id, n, dir);
    free(dir);
    free(id);
    net_free(&net);
    text_free(&t);
    return 0;
}

int main(int argc, char **argv) {
    machine_setup(argv);
    Config c = {.s = {.lesson = LESSON, .temperature = 1, .seed = 1337, .steps = 5000, .batch = 32, .lr = 1e-3, .threads = 1},
                .variant = "multi-head", .positions = "learned", .width = 32, .block = 8};
    const CliOption own[] = {
        {"variant", "one-head|multi-head", CLI_CHOICE, &c.variant, 0, 0, "one head, or four narrower ones", "train"},
        {"heads", "N", CLI_INT, &c.heads, 0, LARGEST, "how many heads; 0: as the variant has it", "train"},
        {"width", "C", CLI_INT, &c.width, 1, LARGEST, "numbers per character", "train"},
        {"block", "T", CLI_INT, &c.block, 1, LARGEST, "places that are read at once", "train"},
        {"pieces", "T", CLI_INT, &c.pieces, 0, LARGEST, "measure in pieces of so many places; 0: as it was trained", "eval"},
        {"positions", "none|learned|sinusoidal|rope|alibi", CLI_CHOICE, &c.positions, 0, 0, "how it knows where a character stands", "train"},
        {"prompt", "TEXT", CLI_TEXT, &c.s.prompt, 0, 0, "the text to look at; without it: the beginning of the validation text", "inspect"},
        {"cost", NULL, CLI_FLAG, &c.cost, 0, 0, "what attention costs in longer and longer texts", "inspect"},
    };
    lesson_options(&c.s, "data as run steps batch lr resume threads checkpoint prompt length temperature top-k seed", own, COUNT(own));
    lesson_options_also(&c.s, "threads", "train inspect");
    const CliCommand command[] = {
        {"train", "learn where to look", train},
        {"eval", "the loss of a saved model on a text; --pieces 16: in pieces of another length", eval},
        {"generate", "let it write", write_samples},
        {"chat", "type a beginning, see it go on", talk},
        {"inspect", "averages three ways, scores and their scale, maps of every head; --cost: what it costs", look},
    };
    const Cli cli = {LESSON, "Lesson 07: attention: every place looks back, at what it chooses.",
                     command, c.s.option, COUNT(command), c.s.options, &c};
    int code = cli_main(&cli, argc, argv);
    free(c.data);
    return code;
}
