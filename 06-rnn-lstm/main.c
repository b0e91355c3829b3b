// main.c of 06-rnn-lstm: memory: RNN, LSTM and GRU, over characters or words, with or without attention.
#include "adamw_keep.h"
#include "backward.h"
#include "clip.h"
#include "evaluate.h"
#include "inspect.h"
#include "lesson.h"
#include "machine.h"
#include "modelfile.h"
#include "op_cross_entropy.h"
#include "reader.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char LESSON[] = "06-rnn-lstm";
enum { LARGEST = 65536 };

// --- configuration ---

typedef struct {
    Settings s;
    const char *cell, *level;
    int embedding, hidden, block, attention, least_count, most_words;
    double dropout, clip, decay, floor, forget_bias;
    bool bidirectional, reset;
    const char *beside;
    int unit, question;
} Config;

static Shape shape_of(const Config *c, int V) {
    Shape s = {.V = V, .embedding = c->embedding, .hidden = c->hidden, .attention = c->attention, .bidirectional = c->bidirectional, .window = c->block};
    while (strcmp(c->cell, CELL_NAME[s.cell]) != 0) s.cell++;
    return s;
}

// --- training ---

// What a step works on.
typedef struct {
    const Config *c;
    Reader reader;
    Net net;
    AdamW adamw;
    Tape tape;
    Rng rng;
    Train *loop;
    char *data_name;        // what a saved model learned from
} Run;

static double gradient(void *ctx) {
    Run *r = ctx;
    Input in = reader_next(&r->reader);
    tape_reset(&r->tape);
    params_zero_grad(&r->net.params);
    Pass p = net_forward(&r->net, &r->tape, in, r->c->dropout, &r->rng, true);
    Tensor *loss = op_cross_entropy(&r->tape, p.logits, r->reader.y, WORD_PAD);
    backward(&r->tape, loss);
    return loss->data[0];
}

static double update(void *ctx, long step) {
    Run *r = ctx;
    const Settings *s = &r->c->s;
    r->loop->grad_norm = clip(&r->net.params, r->c->clip);
    double lr = s->lr * fmax(r->c->floor, 1 - (double)step / s->steps);
    adamw_step(&r->adamw, &r->net.params, lr);
    return lr;
}

static double evaluate_split(void *ctx, SplitName split) {
    Run *r = ctx;
    return reader_loss(&r->reader, &r->net, split);
}

// --- a run ---

static void read_data(Run *r, const Config *c, const Text *t, Words *words) {
    bool word_level = strcmp(c->level, "word") == 0;
    if (word_level && t->names) DIE("%s: --level word wants a running text, %s is a list of names", LESSON, t->name);
    if (c->bidirectional && !t->names && !word_level) DIE("%s: --bidirectional wants names, or lines of words (--level word)", LESSON);
    r->reader = (Reader){.by_sequence = t->names || c->bidirectional, .reset = c->reset, .B = c->s.batch, .block = c->block, .rng = &r->rng};
    corpus_init(&r->reader.data, t, word_level, c->least_count, c->most_words, words, t->names ? LARGEST : c->block);
    if (r->reader.by_sequence && r->reader.data.sequence[SPLIT_TRAIN].count == 0)
        DIE("%s: no line of %s has %d words or less: want a larger --block", LESSON, t->name, c->block);
    reader_init(&r->reader, c->hidden);
}

static void run_free(Run *r) {
    reader_free(&r->reader);
    net_free(&r->net);
    adamw_free(&r->adamw);
    tape_free(&r->tape);
    free(r->data_name);
}

// --- the model in a file ---

static const ModelSetting SHAPE[] = {{"embedding", 1, LARGEST}, {"hidden", 1, LARGEST}, {"cell", 0, CELLS - 1}, {"attention", 0, LARGEST},
                                     {"bidirectional", 0, 1}, {"window", 1, LARGEST}, {"names", 0, 1}};

static json_t *shape_settings(Shape s, bool names) {
    return modelfile_settings(SHAPE, (int[]){s.embedding, s.hidden, (int)s.cell, s.attention, s.bidirectional, s.window, names}, COUNT(SHAPE));
}

// What else is in a model's file.
typedef struct {
    Words words;
    bool names;
    char *data;             // what it learned from
} Learned;

// Opens the model that the settings name.
static Learned load(const Config *c, Net *net) {
    Learned l;
    Checkpoint file;
    Vocab none;
    Error e;
    int v[COUNT(SHAPE)];
    must(modelfile_open(&file, &none, LESSON, c->s.checkpoint, &e), &e);
    must(modelfile_values(&file, SHAPE, v, COUNT(SHAPE), &e), &e);
    const Array *bytes = checkpoint_find(&file, "vocab", "U8", 1, (int[]){-1}, &e);
    must(bytes != NULL, &e);
    must(word_pieces_restore(&l.words, bytes->data, (size_t)bytes->shape[0], &e), &e);
    l.names = v[6];
    l.data = xprintf("%s", modelfile_data(&file) ? modelfile_data(&file) : "given-names");
    net_init(net, (Shape){l.words.size, v[0], v[1], (CellKind)v[2], v[3], v[4], v[5]});
    must(params_load(&net->params, &file, &e), &e);
    checkpoint_close(&file);
    return l;
}

// --- commands ---

static int train(void *config) {
    Config *c = config;
    if (!c->s.data) c->s.data = "given-names";
    machine_threads(c->s.threads);
    Text t = lesson_text(&c->s);
    Run r = {.c = c, .tape = tape_new(true)};
    read_data(&r, c, &t, NULL);
    Corpus *data = &r.reader.data;
    net_init(&r.net, shape_of(c, data->words.size));
    rng_seed(&r.rng, (uint32_t)c->s.seed);
    net_randomise(&r.net, &r.rng, c->forget_bias);
    r.adamw = adamw_new(&r.net.params, c->decay);
    printf("%s: vocabulary %d, %zu ids to learn from, %zu for validation, %zu for test\n", t.name, data->words.size, data->n[0], data->n[1], data->n[2]);
    Model face = net_model(&r.net, &data->vocab, t.names ? WORD_EOS : -1);
    if (c->bidirectional) face.next = NULL;         // it reads from both ends, so it cannot write
    Train loop = {.settings = &c->s, .params = &r.net.params, .model = face, .ctx = &r, .gradient = gradient, .update = update,
                  .evaluate = evaluate_split, .tokens = reader_tokens(&r.reader), .evaluate_every = max_int(1, c->s.steps / 20), .grad_norm = NAN,
                  .model_settings = shape_settings(r.net.shape, t.names)};
    r.loop = &loop;
    train_keep(&loop, "rng", &r.rng, sizeof r.rng);
    adamw_keep(&r.adamw, &loop);
    train_keep(&loop, "streams.at", &r.reader.streams.at, sizeof r.reader.streams.at);
    train_keep(&loop, "state", r.reader.state, 2 * (size_t)r.reader.streams.B * (size_t)c->hidden * sizeof(float));
    int code = train_run(&loop);
    run_free(&r);
    text_free(&t);
    return code;
}

// Loads the model, and reads the text with its words.
static void open_run(Run *r, Config *c, Text *t) {
    Learned l = load(c, &r->net);
    if (!c->s.data) c->s.data = l.data;
    *t = lesson_text(&c->s);
    if (t->names != l.names) DIE("%s: the model learned from %s, %s is %s: want the same kind; --data names it", LESSON, l.names ? "names" : "a running text", t->name, t->names ? "a list of names" : "a running text");
    r->data_name = l.data;
    c->level = l.words.characters ? "char" : "word";
    c->bidirectional = r->net.shape.bidirectional;
    c->block = r->net.shape.window;
    c->hidden = r->net.shape.hidden;
    read_data(r, c, t, &l.words);
}

static int eval(void *config) {
    Config c = *(const Config *)config;
    Run r = {.c = &c};
    Text t;
    open_run(&r, &c, &t);
    evaluate_print(evaluate_split, &r, &r.reader.data.vocab);
    if (!r.reader.data.words.characters) inspect_words(&r.net, &r.reader.data);
    run_free(&r);
    text_free(&t);
    return 0;
}

// Loads the model, and hands its face to a command.
static int with_model(const Config *c, int (*command)(const Settings *s, const Model *m)) {
    Net net;
    Corpus corpus = {0};
    Learned l = load(c, &net);
    free(l.data);
    corpus.words = l.words;
    if (net.shape.bidirectional) DIE("%s: this model reads from both ends, so it cannot write: want one trained without --bidirectional", LESSON);
    corpus_vocab(&corpus, l.names);
    Model face = net_model(&net, &corpus.vocab, l.names ? WORD_EOS : -1);
    int code = command(&c->s, &face);
    corpus_free(&corpus);
    net_free(&net);
    return code;
}

static int write_samples(void *config) { return with_model(config, lesson_generate); }
static int talk(void *config) { return with_model(config, lesson_chat); }

enum { BESIDE = 8 };

// The nets that --beside names, runs with spaces between, after the one at [0]; how many there are.
static int open_beside(const Config *c, const Words *words, Net **net, char **name) {
    char *runs = xprintf("%s", c->beside);
    int nets = 1;
    for (char *run = strtok(runs, " "); run && nets < BESIDE; run = strtok(NULL, " "), nets++) {
        Config one = *c;
        one.s.checkpoint = run;
        Learned l = load(&one, net[nets] = xcalloc(1, sizeof *net[nets]));
        if (l.words.size != words->size || l.words.characters != words->characters) DIE("%s: --beside %s: its vocabulary has %d entries, the first one's %d: want models of the same text", LESSON, run, l.words.size, words->size);
        words_free(&l.words);
        free(l.data);
        name[nets] = xprintf("%s %s", CELL_NAME[net[nets]->shape.cell], run);
    }
    free(runs);
    return nets;
}

static int look(void *config) {
    Config c = *(const Config *)config;
    Run r = {.c = &c};
    Text t;
    open_run(&r, &c, &t);
    const Corpus *data = &r.reader.data;
    char *dir = lesson_picture_dir(&c.s), *name[BESIDE] = {xprintf("%s", CELL_NAME[r.net.shape.cell])};
    Net *net[BESIDE] = {&r.net};
    int nets = open_beside(&c, &data->words, net, name);
    if (!r.reader.by_sequence) inspect_distance(net, (const char *const *)name, nets, data, dir);
    inspect_unit(&r.net, data, r.reader.by_sequence, c.unit, dir);
    if (r.net.shape.attention && !r.reader.by_sequence) inspect_attention(&r.net, data, c.question, dir);
    for (int i = 0; i < nets; i++) {
        free(name[i]);
        if (i) net_free(net[i]), free(net[i]);
    }
    free(dir);
    run_free(&r);
    text_free(&t);
    return 0;
}

int main(int argc, char **argv) {
    machine_setup(argv);
    Config c = {.s = {.lesson = LESSON, .temperature = 1, .seed = 42, .steps = 9000, .batch = 32, .lr = 4e-3, .threads = 0},
                .cell = "lstm", .level = "char", .embedding = 64, .hidden = 256, .block = 64, .dropout = 0.1, .clip = 1, .decay = 0.01, .floor = 0.05, .least_count = 2, .most_words = 20000, .beside = "", .unit = -1, .question = 1};
    const CliOption own[] = {
        {"cell", "rnn|lstm|gru", CLI_CHOICE, &c.cell, 0, 0, "how the state is made", "train"},
        {"level", "char|word", CLI_CHOICE, &c.level, 0, 0, "read characters or words", "train"},
        {"embedding", "N", CLI_INT, &c.embedding, 1, LARGEST, "numbers per character or word", "train"},
        {"hidden", "N", CLI_INT, &c.hidden, 1, LARGEST, "numbers of the state", "train"},
        {"block", "N", CLI_INT, &c.block, 1, LARGEST, "steps of a running text in one batch: how far gradients go back", "train"},
        {"attention", "N", CLI_INT, &c.attention, 0, LARGEST, "look back at the states of the batch, with queries of N numbers; 0: no", "train"},
        {"bidirectional", NULL, CLI_FLAG, &c.bidirectional, 0, 0, "cloze: every place from both sides", "train"},
        {"reset", NULL, CLI_FLAG, &c.reset, 0, 0, "begin every batch with a state of zeros", "train"},
        {"dropout", "P", CLI_REAL, &c.dropout, 0, 0.99, "forget this share of the states before the last matrix", "train"},
        {"clip", "X", CLI_REAL, &c.clip, 0, 1e30, "no gradient longer than this; 0: any", "train"},
        {"decay", "X", CLI_REAL, &c.decay, 0, 1e3, "weight decay", "train"},
        {"floor", "X", CLI_REAL, &c.floor, 0, 1, "the learning rate falls evenly, to this share of --lr", "train"},
        {"forget-bias", "X", CLI_REAL, &c.forget_bias, -100, 100, "added to the bias of an LSTM's forget gate, to begin with", "train"},
        {"least-count", "N", CLI_INT, &c.least_count, 1, LARGEST, "words that occur less often become <unk>", "train"},
        {"words", "N", CLI_INT, &c.most_words, 1, 1000000, "the most frequent words, at most so many", "train"},
        {"beside", "RUNS", CLI_TEXT, &c.beside, 0, 0, "other runs of the same text, for the gradient's picture: \"DIR DIR\"", "inspect"},
        {"unit", "N", CLI_INT, &c.unit, -1, LARGEST, "show this number of the state; -1: one that follows something", "inspect"},
        {"question", "N", CLI_INT, &c.question, 1, 1000000, "show where attention looks for the answer to this question", "inspect"},
    };
    lesson_options(&c.s, "data as run steps batch lr resume threads checkpoint prompt length temperature top-k seed", own, COUNT(own));
    const CliCommand command[] = {
        {"train", "learn, with a state that is carried along", train},
        {"eval", "the loss of a saved model on a text", eval},
        {"generate", "let it write", write_samples},
        {"chat", "type a beginning, see it go on", talk},
        {"inspect", "how far back it feels, what its units follow, where its attention looks", look},
    };
    const Cli cli = {LESSON, "Lesson 06: memory: RNN, LSTM, GRU, words, and a first attention.",
                     command, c.s.option, COUNT(command), c.s.options, &c};
    return cli_main(&cli, argc, argv);
}
