// main.c of 01-bigram: a language model made by counting.
#include "inspect.h"
#include "lesson.h"
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
    Settings s;
    int order;
    double add;
    const char *word;
} Config;

// --- the model in a file ---

static const ModelSetting ORDER = {"order", 2, 4};

static void save(const Ngram *m, const Vocab *vocab, const char *path) {
    Array count = {.name = "count", .dtype = "U32", .ndim = m->order, .data = m->count};
    for (int d = 0; d < m->order; d++) count.shape[d] = m->V;       // (V,V) for bigrams
    Array prob = count;
    prob.name = "prob";
    prob.dtype = "F32";
    prob.data = m->prob;
    Error e;
    must(modelfile_save(path, LESSON, vocab, (Array[]){count, prob}, 2, modelfile_settings(&ORDER, &m->order, 1), &e), &e);
}

// Both tables are copied out of the file, so that the model lives on its own.
static Ngram load(const Config *c, Vocab *vocab) {
    Checkpoint file;
    Error e;
    Ngram m = {0};
    must(modelfile_open(&file, vocab, LESSON, c->s.checkpoint, &e), &e);
    must(modelfile_values(&file, &ORDER, &m.order, 1, &e), &e);
    m.V = vocab->size;
    m.contexts = ngram_contexts(m.order, m.V);
    int shape[4] = {m.V, m.V, m.V, m.V};
    const Array *count = checkpoint_find(&file, "count", "U32", m.order, shape, &e);
    must(count, &e);
    const Array *prob = checkpoint_find(&file, "prob", "F32", m.order, shape, &e);
    must(prob, &e);
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

// JSON has no infinity: a loss that is infinite becomes null.
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

static double loss_in(json_t *summary, const char *key) {
    json_t *loss = json_object_get(summary, key);
    return !loss ? NAN : json_is_null(loss) ? INFINITY : json_real_value(loss);
}

static void print_losses(json_t *summary) {
    lesson_print_loss("training", loss_in(summary, "train_loss"));
    lesson_print_loss("validation", loss_in(summary, "val_loss"));
    lesson_print_loss("test", loss_in(summary, "test_loss"));
}

static void describe(const Text *t) {
    if (t->names) printf("%s: %d names, %zu characters with their ends, %d different\n", t->name, t->examples, t->all.n - 1, t->vocab.size);
    else printf("%s: a text of %zu characters, %d different\n", t->name, t->all.n, t->vocab.size);
}

static void check_table(const Config *c, const Text *t) {
    double cells = pow(t->vocab.size, max_int(c->order, 3));
    if (cells > LARGEST_TABLE)
        DIE("%s: --order %d on %d different characters needs a table of %.0f numbers: want at most %d; lower --order",
            LESSON, c->order, t->vocab.size, cells, LARGEST_TABLE);
}

// Every figure of the lesson: the model asked for, and those that the text compares it with.
static json_t *summarise(const Config *c, const Text *t, double seconds) {
    json_t *s = json_pack("{s:f, s:i}", "params", pow(t->vocab.size, c->order), "steps", 1);
    measure(s, "", t, c->order, c->add);
    put(s, "", "nll_all", loss_on_all(t, 0));
    put(s, "", "nll_all_add1", loss_on_all(t, 1));
    measure(s, "trigram_add1_", t, 3, 1);
    measure(s, "trigram_add0.1_", t, 3, 0.1);
    put(s, "", "seconds", seconds);
    return s;
}

static int train(void *config) {
    Config *c = config;
    Text t = lesson_text(&c->s);
    check_table(c, &t);
    describe(&t);
    RunLog log;
    Error e;
    must(runlog_start(&log, LESSON, c->s.run, cli_options(c->s.option, c->s.options), &e), &e);
    char *dir = xprintf("%s", log.dir), *path = runlog_path(&log, "model.safetensors");

    Ngram m = ngram_fit(t.train, c->order, t.vocab.size, c->add);
    double seconds = runlog_seconds(&log);
    save(&m, &t.vocab, path);
    learning_curve(c, &t, &log);
    json_t *summary = summarise(c, &t, seconds);
    print_losses(summary);
    Model face = ngram_model(&m, &t.vocab, t.train.boundary);
    lesson_show_sample(&c->s, &face, &log, 1);
    must(runlog_finish(&log, summary, &e), &e);
    lesson_show_curve(dir, "Loss against characters counted", "tokens");

    ngram_free(&m);
    free(path);
    free(dir);
    text_free(&t);
    return 0;
}

// --- eval, generate, chat, inspect ---

static int eval(void *config) {
    Config *c = config;
    Vocab vocab;
    Ngram m = load(c, &vocab);
    Text t = lesson_text(&c->s);
    lesson_same_vocab(&c->s, &t, &vocab);
    lesson_print_loss("training", ngram_loss(&m, t.train));
    lesson_print_loss("validation", ngram_loss(&m, t.val));
    if (t.test.n > 1) lesson_print_loss("test", ngram_loss(&m, t.test));
    text_free(&t);
    ngram_free(&m);
    return 0;
}

// Loads the model, and hands its face to a command.
static int with_model(void *config, int (*command)(const Settings *s, const Model *m)) {
    Config *c = config;
    Vocab vocab;
    Ngram m = load(c, &vocab);
    Model face = ngram_model(&m, &vocab, vocab.names ? 0 : -1);
    int code = command(&c->s, &face);
    ngram_free(&m);
    return code;
}

static int write_samples(void *config) { return with_model(config, lesson_generate); }
static int talk(void *config) { return with_model(config, lesson_chat); }

static int look(void *config) {
    Config *c = config;
    Vocab vocab;
    Ngram m = load(c, &vocab);
    Text t = lesson_text(&c->s);
    lesson_same_vocab(&c->s, &t, &vocab);
    char *dir = lesson_picture_dir(&c->s);
    inspect_pairs(&t, dir);
    inspect_word(&m, &t.vocab, t.train.boundary, c->word);
    inspect_orders(&t);
    free(dir);
    text_free(&t);
    ngram_free(&m);
    return 0;
}

int main(int argc, char **argv) {
    Config c = {.s = {.lesson = LESSON, .data = "given-names", .temperature = 1, .seed = 1}, .order = 2, .add = 1, .word = "emma"};
    const CliOption own[] = {
        {"order", "N", CLI_INT, &c.order, 2, 4, "2: bigrams, 3: trigrams, 4", "train"},
        {"add", "X", CLI_REAL, &c.add, 0, 1e6, "added to every count: smoothing", "train"},
        {"word", "WORD", CLI_TEXT, &c.word, 0, 0, "whose likelihood to show, letter by letter", "inspect"},
    };
    lesson_options(&c.s, "data as run checkpoint prompt length temperature top-k seed", own, COUNT(own));
    const CliCommand command[] = {
        {"train", "count, turn counts into probabilities, measure, save", train},
        {"eval", "the loss of a saved model on a text", eval},
        {"generate", "let it write", write_samples},
        {"chat", "type a beginning, see it go on", talk},
        {"inspect", "the table as a picture; likely and impossible pairs; longer contexts", look},
    };
    const Cli cli = {LESSON, "Lesson 01: a language model made by counting which character follows which.",
                     command, c.s.option, COUNT(command), c.s.options, &c};
    return cli_main(&cli, argc, argv);
}
