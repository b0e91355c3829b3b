// main.c of 09-gpt: train it on your own text, stop it, resume it, talk to it.
#include "decay_groups_keep.h"
#include "evaluate.h"
#include "inspect.h"
#include "lesson.h"
#include "machine.h"
#include "modelfile.h"
#include "plan.h"
#include "gpt_run.h"

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

// --- the model in a file ---

// Opens a model. *data, if not NULL: what it learned from, on the heap.
static void load(const char *path, double dropout, Gpt *gpt, Vocab *vocab, char **data) {
    Checkpoint file;
    Error e;
    must(modelfile_open(&file, vocab, LESSON, path, &e), &e);
    GptShape shape = gpt_run_shape(&file, vocab, &e);
    must(shape.V > 0, &e);
    shape.dropout = dropout;
    gpt_init(gpt, shape);
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

// A fresh model, or the one to go on from with another text.
static void begin(GptRun *r, Config *c, GptShape shape, const Text *t) {
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
    Profile profile;
    machine_threads(c->s.threads);
    Text t = lesson_text(&c->s);
    GptRun r = {.batch = c->s.batch, .accumulate = c->accumulate, .clip = c->clip, .patience = c->patience, .best = {.loss = INFINITY},
             .tape = tape_new(true), .schedule = {c->s.lr, c->s.lr / 10, c->warmup, c->s.steps}};
    r.tape.recycle = true;
    begin(&r, c, shape, &t);
    gpt_run_data(&r, LESSON, &t);
    writer_init(&r.writer, &r.gpt, &t.vocab);
    r.groups = decay_groups_new(&r.gpt.params, r.gpt.matrices, c->decay, gpt_preset(c->preset)->beta2);
    if (c->profile) profile_attach(r.profile = &profile, &r.tape);
    printf("%s: vocabulary %d, %zu characters to learn from, %zu for validation\n", t.name, t.vocab.size, t.train.n, t.val.n);
    Train loop = {.settings = &c->s, .params = &r.gpt.params, .model = writer_model(&r.writer), .ctx = &r, .gradient = gpt_run_gradient,
                  .update = gpt_run_update, .evaluate = gpt_run_evaluate, .tokens = (long)r.batch * r.gpt.shape.T * r.accumulate,
                  .evaluate_every = c->eval_every, .grad_norm = NAN, .model_settings = gpt_run_settings(r.gpt.shape), .summary = json_object()};
    r.loop = &loop;
    train_keep(&loop, "rng", &r.rng, sizeof r.rng);
    train_keep(&loop, "best", &r.best, sizeof r.best);
    decay_groups_keep(&r.groups, &loop);
    int code = train_run(&loop);
    if (c->profile) profile_print(&profile, r.step - 1);
    decay_groups_free(&r.groups);
    writer_free(&r.writer);
    gpt_run_free(&r);
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
    GptRun r = {.batch = 16, .tape = tape_new(false)};
    load_asked(c, &r.gpt, &vocab);
    Text t = lesson_text(&c->s);
    lesson_same_vocab(&c->s, &t, &vocab);
    gpt_run_data(&r, LESSON, &t);
    evaluate_print(gpt_run_evaluate, &r, &vocab);
    gpt_run_free(&r);
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

// The text that is looked at: the prompt's, or the beginning of the validation split; as much as the model reads at once.
static int ids_of(const Config *c, const Gpt *gpt, const Vocab *vocab, const Text *t, int *id) {
    int most = gpt->shape.T;
    if (!c->s.prompt) {
        int n = min_int(most, (int)t->val.n);
        memcpy(id, t->val.id, (size_t)n * sizeof *id);
        return n;
    }
    Error e;
    size_t length = strlen(c->s.prompt);
    int *all = xmalloc((length + 1) * sizeof *all), n = vocab_encode(vocab, c->s.prompt, length, all, &e);
    must(n > 1 || (n >= 0 && error(&e, "--prompt has %d characters: want two or more to look at", n)), &e);
    if (n > most) printf("the prompt has %d characters; the first %d are looked at, as many as the model reads at once\n", n, most);
    memcpy(id, all, (size_t)min_int(n, most) * sizeof *id);
    free(all);
    return min_int(n, most);
}

static int look(void *config) {
    Config *c = config;
    Vocab vocab;
    Gpt gpt;
    Writer w;
    machine_threads(c->s.threads);
    load_asked(c, &gpt, &vocab);
    Text t = lesson_text(&c->s);
    lesson_same_vocab(&c->s, &t, &vocab);
    int *id = xmalloc((size_t)gpt.shape.T * sizeof *id), n = ids_of(c, &gpt, &vocab, &t, id);
    char *dir = lesson_picture_dir(&c->s);
    inspect_context(&gpt, t.val, dir);
    inspect_surprise(&gpt, &vocab, id, n);
    writer_init(&w, &gpt, &vocab);
    inspect_speed(&w, 200);
    writer_free(&w);
    gpt_free(&gpt);
    text_free(&t);
    free(dir);
    free(id);
    return 0;
}

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
    lesson_options_also(&c.s, "threads", "train plan generate chat inspect");
    lesson_options_also(&c.s, "prompt", "generate inspect");
    lesson_options_also(&c.s, "data as", "train plan eval inspect");
    lesson_options_also(&c.s, "batch", "train plan");
    const CliCommand command[] = {
        {"train", "learn: a GPT of any size, on any text", train},
        {"plan", "what a size will take: parameters, memory, time", plan},
        {"eval", "the loss of a saved model on a text", eval},
        {"generate", "let it write", write_samples},
        {"chat", "type a beginning, see it go on", talk},
        {"inspect", "what context is worth, what surprises it, what the cache saves", look},
    };
    const Cli cli = {LESSON, "Lesson 09: GPT: train it, stop it, resume it, talk to it.",
                     command, c.s.option, COUNT(command), c.s.options, &c};
    int code = cli_main(&cli, argc, argv);
    free(c.data);
    return code;
}
