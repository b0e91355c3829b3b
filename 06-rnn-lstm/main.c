// main.c of 06-rnn-lstm: memory: RNN, LSTM and GRU, over characters or words, with or without attention.
#include "adamw.h"
#include "backward.h"
#include "clip.h"
#include "corpus.h"
#include "lesson.h"
#include "machine.h"
#include "modelfile.h"
#include "net.h"
#include "op_cross_entropy.h"
#include "streams.h"
#include "train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char LESSON[] = "06-rnn-lstm";
enum { LARGEST = 65536, EVAL_BATCH = 32 };

// --- configuration ---

typedef struct {
    Settings s;
    const char *cell, *level;
    int embedding, hidden, block, attention, least_count, most_words;
    double dropout, clip, decay, floor;
    bool bidirectional, reset;
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
    Corpus data;
    Net net;
    AdamW adamw;
    Tape tape;
    Rng rng;
    Streams streams;        // of a running text
    float *state;           // (2,B,H) carried from batch to batch
    int *x, *y, *backwards, *length, *which;
    Train *loop;
} Run;

// Names and lines stand for themselves: no state comes from before.
static bool by_sequence(const Run *r) { return r->data.names || r->net.shape.bidirectional; }

static Input sequence_input(Run *r, const Sequences *s, int B) {
    Input in = {.B = B, .x = r->x, .backwards = r->backwards, .length = r->length};
    in.T = sequences_batch(s, r->which, B, r->x, r->y, r->length);
    sequences_backwards(s, r->which, B, in.T, r->backwards);
    return in;
}

// The next batch of the training split: names drawn with replacement, or the next places of the streams, round and round.
static Input next_batch(Run *r) {
    int B = r->c->s.batch;
    if (by_sequence(r)) {
        for (int b = 0; b < B; b++) r->which[b] = (int)rng_below(&r->rng, (uint32_t)r->data.sequence[SPLIT_TRAIN].count);
        return sequence_input(r, &r->data.sequence[SPLIT_TRAIN], B);
    }
    Input in = {.B = r->streams.B, .x = r->x, .state = r->state};
    bool fresh;
    while ((in.T = streams_next(&r->streams, r->c->block, r->x, r->y, &fresh)) == 0) {}
    if (fresh || r->c->reset) memset(r->state, 0, 2 * (size_t)in.B * (size_t)r->net.shape.hidden * sizeof *r->state);
    return in;
}

static double gradient(void *ctx) {
    Run *r = ctx;
    Input in = next_batch(r);
    tape_reset(&r->tape);
    params_zero_grad(&r->net.params);
    Pass p = net_forward(&r->net, &r->tape, in, r->c->dropout, &r->rng, true);
    Tensor *loss = op_cross_entropy(&r->tape, p.logits, r->y, WORD_PAD);
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

// --- evaluation ---

// The sum of the losses of one batch, and how many there were.
static double batch_loss(Run *r, Tape *tape, Input in, long *count) {
    long here = 0;
    for (int i = 0; i < in.T * in.B; i++) here += r->y[i] != WORD_PAD;
    *count += here;
    tape_reset(tape);
    Pass p = net_forward(&r->net, tape, in, 0, NULL, false);
    return (double)here * (double)op_cross_entropy(tape, p.logits, r->y, WORD_PAD)->data[0];
}

static double evaluate_split(void *ctx, SplitName split) {
    Run *r = ctx;
    Tape tape = tape_new(false);
    double sum = 0;
    long count = 0;
    if (by_sequence(r)) {
        const Sequences *s = &r->data.sequence[split];
        for (int from = 0; from < s->count; from += EVAL_BATCH) {
            int B = min_int(EVAL_BATCH, s->count - from);
            for (int b = 0; b < B; b++) r->which[b] = from + b;
            sum += batch_loss(r, &tape, sequence_input(r, s, B), &count);
        }
    } else {
        Streams streams = streams_of(r->data.id[split], r->data.n[split], EVAL_BATCH);
        float *state = xcalloc(2 * (size_t)streams.B * (size_t)r->net.shape.hidden, sizeof *state);
        Input in = {.B = streams.B, .x = r->x, .state = state};
        bool fresh;
        while ((in.T = streams_next(&streams, r->c->block, r->x, r->y, &fresh)) > 0) sum += batch_loss(r, &tape, in, &count);
        free(state);
    }
    tape_free(&tape);
    return count ? sum / (double)count : NAN;
}

// --- a run ---

static void run_data(Run *r, const Config *c, const Text *t, Words *words) {
    bool word_level = strcmp(c->level, "word") == 0;
    if (word_level && t->names) DIE("%s: --level word wants a running text, %s is a list of names", LESSON, t->name);
    if (c->bidirectional && !t->names && !word_level) DIE("%s: --bidirectional wants names, or lines of words (--level word)", LESSON);
    corpus_init(&r->data, t, word_level, c->least_count, c->most_words, words, t->names ? LARGEST : c->block);
    int longest = c->block, B = max_int(c->s.batch, EVAL_BATCH);
    for (int i = 0; i < 3; i++) longest = max_int(longest, r->data.sequence[i].longest);
    if (c->bidirectional && r->data.sequence[SPLIT_TRAIN].count == 0) DIE("%s: no line of %s has %d words or less: want a larger --block", LESSON, t->name, c->block);
    size_t room = (size_t)longest * (size_t)B;
    r->x = xmalloc(room * sizeof *r->x);
    r->y = xmalloc(room * sizeof *r->y);
    r->backwards = xmalloc(room * sizeof *r->backwards);
    r->length = xmalloc((size_t)B * sizeof *r->length);
    r->which = xmalloc((size_t)B * sizeof *r->which);
    r->streams = streams_of(r->data.id[SPLIT_TRAIN], r->data.n[SPLIT_TRAIN], c->s.batch);
}

static void run_free(Run *r) {
    corpus_free(&r->data);
    net_free(&r->net);
    adamw_free(&r->adamw);
    tape_free(&r->tape);
    void *all[] = {r->state, r->x, r->y, r->backwards, r->length, r->which};
    for (int i = 0; i < COUNT(all); i++) free(all[i]);
}

// --- the model in a file ---

static const char *const KEY[] = {"embedding", "hidden", "cell", "attention", "bidirectional", "window", "names"};

static json_t *shape_settings(Shape s, bool names) {
    int value[] = {s.embedding, s.hidden, (int)s.cell, s.attention, s.bidirectional, s.window, names};
    json_t *settings = json_object();
    for (int i = 0; i < COUNT(KEY); i++) {
        char number[12];
        snprintf(number, sizeof number, "%d", value[i]);
        json_object_set_new(settings, KEY[i], json_string(number));
    }
    return settings;
}

// Opens the model that the settings name: its weights, its words and whether it knows names. words may be NULL.
static void load(const Config *c, Net *net, Words *words, bool *names) {
    static const int least[] = {1, 1, 0, 0, 0, 1, 0}, most[] = {LARGEST, LARGEST, CELLS - 1, LARGEST, 1, LARGEST, 1};
    Checkpoint file;
    Vocab none;
    Error e;
    int v[COUNT(KEY)];
    must(modelfile_open(&file, &none, LESSON, c->s.checkpoint, &e), &e);
    for (int i = 0; i < COUNT(KEY); i++) must(modelfile_int(&file, KEY[i], least[i], most[i], &v[i], &e), &e);
    const Array *bytes = checkpoint_find(&file, "vocab", "U8", 1, (int[]){-1}, &e);
    must(bytes != NULL, &e);
    must(word_pieces_restore(words, bytes->data, (size_t)bytes->shape[0], &e), &e);
    *names = v[6];
    net_init(net, (Shape){words->size, v[0], v[1], (CellKind)v[2], v[3], v[4], v[5]});
    must(params_load(&net->params, &file, &e), &e);
    checkpoint_close(&file);
}

// --- commands ---

static int train(void *config) {
    const Config *c = config;
    machine_threads(c->s.threads);
    Text t = lesson_text(&c->s);
    Run r = {.c = c, .tape = tape_new(true)};
    run_data(&r, c, &t, NULL);
    net_init(&r.net, shape_of(c, r.data.words.size));
    rng_seed(&r.rng, (uint32_t)c->s.seed);
    net_randomise(&r.net, &r.rng);
    r.adamw = adamw_new(&r.net.params, c->decay);
    size_t state = 2 * (size_t)r.streams.B * (size_t)c->hidden;
    r.state = xcalloc(state, sizeof *r.state);
    printf("%s: vocabulary %d, %zu ids to learn from, %zu for validation, %zu for test\n", t.name, r.data.words.size, r.data.n[0], r.data.n[1], r.data.n[2]);
    Model face = net_model(&r.net, &r.data.vocab, t.names ? WORD_EOS : -1);
    if (c->bidirectional) face.next = NULL;         // it reads from both ends, so it cannot write
    Train loop = {.settings = &c->s, .params = &r.net.params, .model = face, .ctx = &r, .gradient = gradient, .update = update,
                  .evaluate = evaluate_split, .tokens = by_sequence(&r) ? (long)c->s.batch * (long)r.data.n[0] / max_int(1, r.data.sequence[0].count) : (long)r.streams.B * c->block,
                  .evaluate_every = max_int(1, c->s.steps / 20), .grad_norm = NAN, .model_settings = shape_settings(r.net.shape, t.names)};
    r.loop = &loop;
    train_keep(&loop, "rng", &r.rng, sizeof r.rng);
    train_keep(&loop, "adamw.m", r.adamw.m, r.adamw.size * sizeof(float));
    train_keep(&loop, "adamw.v", r.adamw.v, r.adamw.size * sizeof(float));
    train_keep(&loop, "adamw.step", &r.adamw.step, sizeof r.adamw.step);
    train_keep(&loop, "streams.at", &r.streams.at, sizeof r.streams.at);
    train_keep(&loop, "state", r.state, state * sizeof(float));
    int code = train_run(&loop);
    run_free(&r);
    text_free(&t);
    return code;
}

static int eval(void *config) {
    Config c = *(const Config *)config;
    Run r = {.c = &c};
    Words words;
    bool names;
    load(&c, &r.net, &words, &names);
    Text t = lesson_text(&c.s);
    c.level = words.characters ? "char" : "word";
    c.bidirectional = r.net.shape.bidirectional;
    c.block = r.net.shape.window;
    run_data(&r, &c, &t, &words);
    const char *name[] = {"training", "validation", "test"};
    for (int i = 0; i < 3; i++) lesson_print_loss(name[i], evaluate_split(&r, (SplitName)i));
    run_free(&r);
    text_free(&t);
    return 0;
}

// Loads the model, and hands its face to a command.
static int with_model(const Config *c, int (*command)(const Settings *s, const Model *m)) {
    Net net;
    Corpus corpus = {0};
    bool names;
    load(c, &net, &corpus.words, &names);
    if (net.shape.bidirectional) DIE("%s: this model reads from both ends, so it cannot write: want one trained without --bidirectional", LESSON);
    corpus_vocab(&corpus, names);
    Model face = net_model(&net, &corpus.vocab, names ? WORD_EOS : -1);
    int code = command(&c->s, &face);
    corpus_free(&corpus);
    net_free(&net);
    return code;
}

static int write_samples(void *config) { return with_model(config, lesson_generate); }
static int talk(void *config) { return with_model(config, lesson_chat); }

int main(int argc, char **argv) {
    machine_setup(argv);
    Config c = {.s = {.lesson = LESSON, .data = "given-names", .temperature = 1, .seed = 42, .steps = 5000, .batch = 32, .lr = 4e-3, .threads = 0},
                .cell = "lstm", .level = "char", .embedding = 64, .hidden = 256, .block = 64, .dropout = 0.1, .clip = 1, .decay = 0.01, .floor = 0.05, .least_count = 2, .most_words = 20000};
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
        {"least-count", "N", CLI_INT, &c.least_count, 1, LARGEST, "words that occur less often become <unk>", "train"},
        {"words", "N", CLI_INT, &c.most_words, 1, 1000000, "the most frequent words, at most so many", "train"},
    };
    lesson_options(&c.s, "data as run steps batch lr resume threads checkpoint prompt length temperature top-k seed", own, COUNT(own));
    const CliCommand command[] = {
        {"train", "learn, with a state that is carried along", train},
        {"eval", "the loss of a saved model on a text", eval},
        {"generate", "let it write", write_samples},
        {"chat", "type a beginning, see it go on", talk},
    };
    const Cli cli = {LESSON, "Lesson 06: memory: RNN, LSTM, GRU, words, and a first attention.",
                     command, c.s.option, COUNT(command), c.s.options, &c};
    return cli_main(&cli, argc, argv);
}
