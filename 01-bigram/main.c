// main.c of 01-bigram: a language model made by counting.
#include "chat.h"
#include "cli.h"
#include "curve.h"
#include "file.h"
#include "generate.h"
#include "inspect.h"
#include "modelfile.h"
#include "ngram.h"
#include "runlog.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char LESSON[] = "01-bigram";
enum { LARGEST_TABLE = 1 << 27, POINTS = 8 };

// --- configuration ---

typedef struct {
    const char *data, *as, *run, *checkpoint, *prompt, *word;
    int order, length, top_k, seed;
    double add, temperature;
    const CliOption *option;        // all of them, for config.json
    int options;
} Config;

static void try(bool ok, const Error *e) {
    if (!ok) DIE("%s: %s", LESSON, e->message);
}

static Sampling sampling_of(const Config *c) { return (Sampling){c->temperature, c->top_k}; }

// --- the model in a file ---

static void save(const Ngram *m, const Vocab *vocab, const char *path) {
    Array count = {.name = "count", .dtype = "U32", .ndim = m->order, .data = m->count};
    for (int d = 0; d < m->order; d++) count.shape[d] = m->V;       // (V,V) for bigrams
    Array prob = count;
    prob.name = "prob";
    prob.dtype = "F32";
    prob.data = m->prob;
    char order[8];
    snprintf(order, sizeof order, "%d", m->order);
    Error e;
    try(modelfile_save(path, LESSON, vocab, (Array[]){count, prob}, 2, json_pack("{s:s}", "order", order), &e), &e);
}

// Both tables are copied out of the file, so that the model lives on its own.
static Ngram load(const Config *c, Vocab *vocab) {
    Checkpoint file;
    Error e;
    Ngram m = {0};
    try(modelfile_open(&file, vocab, LESSON, c->checkpoint, &e), &e);
    try(modelfile_int(&file, "order", 2, 4, &m.order, &e), &e);
    m.V = vocab->size;
    m.contexts = ngram_contexts(m.order, m.V);
    int shape[4] = {m.V, m.V, m.V, m.V};
    const Array *count = checkpoint_find(&file, "count", "U32", m.order, shape, &e);
    try(count, &e);
    const Array *prob = checkpoint_find(&file, "prob", "F32", m.order, shape, &e);
    try(prob, &e);
    size_t cells = m.contexts * (size_t)m.V;
    m.count = memcpy(xmalloc(cells * sizeof *m.count), count->data, cells * sizeof *m.count);
    m.prob = memcpy(xmalloc(cells * sizeof *m.prob), prob->data, cells * sizeof *m.prob);
    checkpoint_close(&file);
    return m;
}

// --- train: count, measure, save ---

// Fits on ever longer beginnings of the training text: what does more text bring?
static void learning_curve(const Config *c, const Text *t, RunLog *log) {
    for (int i = POINTS - 1; i >= 0; i--) {
        Stream some = t->train;
        some.n = some.n >> i;
        if (some.n < 2) continue;
        Ngram m = ngram_fit(some, c->order, t->vocab.size, c->add);
        runlog_row(log, &(LogRow){.step = POINTS - i, .tokens = (double)(some.n - 1), .train_loss = ngram_loss(&m, some),
                                  .val_loss = ngram_loss(&m, t->val), .lr = NAN, .grad_norm = NAN});
        ngram_free(&m);
    }
}

static void put(json_t *summary, const char *prefix, const char *key, double value) {
    char name[64];
    snprintf(name, sizeof name, "%s%s", prefix, key);
    json_object_set_new(summary, name, isfinite(value) ? json_real(value) : json_null());
}

// Fits n-grams of one order on the training split, and puts their losses on every split into the summary.
static void measure(json_t *summary, const char *prefix, const Text *t, int order, double add) {
    Ngram m = ngram_fit(t->train, order, t->vocab.size, add);
    put(summary, prefix, "train_loss", ngram_loss(&m, t->train));
    put(summary, prefix, "val_loss", ngram_loss(&m, t->val));
    if (t->test.n > 1) put(summary, prefix, "test_loss", ngram_loss(&m, t->test));
    ngram_free(&m);
}

// Fitted and measured on everything, as the lecture does before it speaks of splits.
static double loss_on_all(const Text *t, double add) {
    Ngram m = ngram_fit(t->all, 2, t->vocab.size, add);
    double loss = ngram_loss(&m, t->all);
    ngram_free(&m);
    return loss;
}

static void print_losses(json_t *summary) {
    static const char *SPLIT[][2] = {{"train_loss", "training"}, {"val_loss", "validation"}, {"test_loss", "test"}};
    printf("%-12s %10s %12s %14s\n", "", "loss", "perplexity", "bits per char");
    for (int i = 0; i < 3; i++) {
        double loss = json_real_value(json_object_get(summary, SPLIT[i][0]));
        if (loss > 0) printf("%-12s %10.6f %12.4f %14.4f\n", SPLIT[i][1], loss, exp(loss), loss / log(2));
    }
}

static void describe(const Text *t) {
    if (t->names) printf("%s: %d names, %zu characters with their ends, %d different\n", t->name, t->examples, t->all.n - 1, t->vocab.size);
    else printf("%s: a text of %zu characters, %d different\n", t->name, t->all.n, t->vocab.size);
}

static Text load_text(const Config *c) {
    Text t;
    Error e;
    try(text_load(&t, c->data, c->as, &e), &e);
    return t;
}

static void check_table(const Config *c, const Text *t) {
    double cells = pow(t->vocab.size, max_int(c->order, 3));
    if (cells > LARGEST_TABLE)
        DIE("%s: --order %d on %d different characters needs a table of %.0f numbers: want at most %d; lower --order",
            LESSON, c->order, t->vocab.size, cells, LARGEST_TABLE);
}

static int train(void *config) {
    Config *c = config;
    Text t = load_text(c);
    check_table(c, &t);
    describe(&t);
    RunLog log;
    Error e;
    try(runlog_start(&log, LESSON, c->run, cli_options(c->option, c->options), &e), &e);
    char *dir = xprintf("%s", log.dir), *path = runlog_path(&log, "model.safetensors"), *png = runlog_path(&log, "curve.png");

    Ngram m = ngram_fit(t.train, c->order, t.vocab.size, c->add);
    save(&m, &t.vocab, path);
    learning_curve(c, &t, &log);

    json_t *s = json_pack("{s:I, s:I}", "params", (json_int_t)(m.contexts * (size_t)m.V), "steps", (json_int_t)1);
    measure(s, "", &t, c->order, c->add);
    put(s, "", "nll_all", loss_on_all(&t, 0));
    put(s, "", "nll_all_add1", loss_on_all(&t, 1));
    measure(s, "trigram_add1_", &t, 3, 1);
    measure(s, "trigram_add0.1_", &t, 3, 0.1);
    put(s, "", "seconds", runlog_seconds(&log));
    print_losses(s);

    Rng rng;
    rng_seed(&rng, (uint32_t)c->seed);
    Model face = ngram_model(&m, &t.vocab, t.train.boundary);
    char *sample = generate_line(&face, t.names ? 10 : 300, sampling_of(c), &rng);
    printf("it writes: %s\n", sample);
    runlog_sample(&log, 1, sample);
    try(runlog_finish(&log, s, &e), &e);
    if (!curve_draw(png, "Loss against characters counted", (const char *[]){dir}, 1, "tokens", NAN, true, &e))
        fprintf(stderr, "%s\n", e.message);
    printf("the run is in %s\n", dir);
    free(sample);
    free(png);
    free(path);
    free(dir);
    ngram_free(&m);
    text_free(&t);
    return 0;
}

// --- eval, generate, chat ---

static int eval(void *config) {
    Config *c = config;
    Vocab vocab;
    Ngram m = load(c, &vocab);
    Text t = load_text(c);
    if (t.vocab.size != vocab.size || memcmp(t.vocab.byte, vocab.byte, (size_t)vocab.size) != 0)
        DIE("%s: %s has other characters (%d) than the text the model learned from (%d): want the same vocabulary", LESSON, c->data, t.vocab.size, vocab.size);
    json_t *s = json_object();
    put(s, "", "train_loss", ngram_loss(&m, t.train));
    put(s, "", "val_loss", ngram_loss(&m, t.val));
    if (t.test.n > 1) put(s, "", "test_loss", ngram_loss(&m, t.test));
    print_losses(s);
    json_decref(s);
    text_free(&t);
    ngram_free(&m);
    return 0;
}

static int write_samples(void *config) {
    Config *c = config;
    Vocab vocab;
    Error e;
    Rng rng;
    Ngram m = load(c, &vocab);
    Model face = ngram_model(&m, &vocab, vocab.names ? 0 : -1);
    rng_seed(&rng, (uint32_t)c->seed);
    int length = c->length ? c->length : vocab.names ? 10 : 500;
    try(generate(&face, c->prompt, length, sampling_of(c), &rng, stdout, &e), &e);
    if (!vocab.names) putchar('\n');
    ngram_free(&m);
    return 0;
}

static int talk(void *config) {
    Config *c = config;
    Vocab vocab;
    Ngram m = load(c, &vocab);
    Model face = ngram_model(&m, &vocab, vocab.names ? 0 : -1);
    chat(&face, (ChatSettings){sampling_of(c), c->length ? c->length : vocab.names ? 3 : 200, c->seed}, stdin, stdout);
    ngram_free(&m);
    return 0;
}

static int look(void *config) {
    Config *c = config;
    Vocab vocab;
    Ngram m = load(c, &vocab);
    Text t = load_text(c);
    if (t.vocab.size != vocab.size) DIE("%s: the model knows %d characters, %s has %d: want the text it learned from", LESSON, vocab.size, c->data, t.vocab.size);
    char *given = c->checkpoint ? xprintf("%s", c->checkpoint) : runlog_newest(LESSON);
    char *dir = file_is_dir(given) ? given : xprintf("runs/%s", LESSON);
    Error e;
    try(file_make_dirs(dir, &e), &e);
    inspect_pairs(&t, dir);
    inspect_word(&m, &t.vocab, t.train.boundary, c->word);
    inspect_orders(&t);
    if (dir != given) free(dir);
    free(given);
    text_free(&t);
    ngram_free(&m);
    return 0;
}

int main(int argc, char **argv) {
    Config c = {.data = "given-names", .order = 2, .add = 1, .temperature = 1, .prompt = "", .seed = 1, .word = "emma"};
    const CliOption option[] = {
        {"data", "NAME|FILE", CLI_TEXT, &c.data, 0, 0, "what to learn from: given-names, tales, names, ... or a file", "train eval inspect"},
        {"as", "names|text", CLI_CHOICE, &c.as, 0, 0, "read the file as a list of names, or as a running text", "train eval inspect"},
        {"order", "N", CLI_INT, &c.order, 2, 4, "2: bigrams, 3: trigrams, 4", "train"},
        {"add", "X", CLI_REAL, &c.add, 0, 1e6, "added to every count: smoothing", "train"},
        {"run", "DIR", CLI_TEXT, &c.run, 0, 0, "where the run goes; without it: a new one under runs/01-bigram", "train"},
        {"checkpoint", "FILE|DIR", CLI_TEXT, &c.checkpoint, 0, 0, "the model; without it: the newest run", "eval generate chat inspect"},
        {"prompt", "TEXT", CLI_TEXT, &c.prompt, 0, 0, "what to begin with", "generate"},
        {"length", "N", CLI_INT, &c.length, 1, 1e6, "how many names, or characters of a text", "generate chat"},
        {"temperature", "T", CLI_REAL, &c.temperature, 0, 100, "1: as the model says; 0: always the likeliest", "train generate chat"},
        {"top-k", "K", CLI_INT, &c.top_k, 0, 1e6, "among the K likeliest only; 0: all", "train generate chat"},
        {"seed", "N", CLI_INT, &c.seed, 0, 2147483647, "where the random numbers start", "train generate chat"},
        {"word", "WORD", CLI_TEXT, &c.word, 0, 0, "whose likelihood to show, letter by letter", "inspect"},
    };
    const CliCommand command[] = {
        {"train", "count, turn counts into probabilities, measure, save", train},
        {"eval", "the loss of a saved model on a text", eval},
        {"generate", "let it write", write_samples},
        {"chat", "type a beginning, see it go on", talk},
        {"inspect", "the table as a picture; likely and impossible pairs; longer contexts", look},
    };
    const Cli cli = {LESSON, "Lesson 01: a language model made by counting which character follows which.",
                     command, option, COUNT(command), COUNT(option), &c};
    c.option = option;
    c.options = COUNT(option);
    return cli_main(&cli, argc, argv);
}
