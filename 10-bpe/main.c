// main.c of 10-bpe: tokens: learned from a text, read from GPT-2's files, and a GPT that reads them.
#include "bpe_encode.h"
#include "bpe_files.h"
#include "gpt_commands.h"
#include "inspect.h"
#include "machine.h"
#include "modelfile.h"
#include "streams.h"
#include "tokens.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char LESSON[] = "10-bpe";
enum { SIZE = 512 };

typedef struct {
    Settings s;
    GptOptions o;
    const char *tokenizer, *out, *vocab, *merges, *ties;
    bool allow_special;
    char *data;             // what a saved model learned from
} Config;

static const char *data_of(Config *c) { return c->s.data = c->s.data ? c->s.data : "tales"; }

static BpeTies ties_of(const Config *c) { return strcmp(c->ties, "first") == 0 ? TIES_FIRST : TIES_GREATER; }

// --- a vocabulary ---

static int size_of(const Config *c) {
    int size = c->o.vocab ? c->o.vocab : SIZE;
    if (size < 256) DIE("%s: --vocab-size %d: the single bytes alone are 256 tokens, so want as many or more", LESSON, size);
    return size;
}

static Bpe learned(const Config *c, const unsigned char *text, size_t n) {
    BpeWords words = bpe_words_new();
    bpe_words_add_text(&words, text, n);
    Bpe b = bpe_train(&words, size_of(c), ties_of(c));
    bpe_words_free(&words);
    return b;
}

// Learns one from the whole text, and writes it.
static int train_vocabulary(Config *c) {
    if (c->o.block || c->o.layers || c->o.heads || c->o.width || c->s.resume)
        DIE("%s: --out learns a vocabulary, and no net: want --resume and the sizes of a net left out", LESSON);
    Error e;
    unsigned char *text;
    size_t size;
    must(text_read(data_of(c), &text, &size, &e), &e);
    int asked = size_of(c);
    double start = seconds_now();
    Bpe b = learned(c, text, size);
    double seconds = seconds_now() - start;
    must(bpe_write(&b, c->out, &e), &e);
    int *id = xmalloc(size * sizeof *id);
    size_t n = bpe_encode(&b, text, size, false, id);
    printf("%s: %zu bytes; %d tokens learned in %.2f seconds\n", c->s.data, size, b.size, seconds);
    if (b.size < asked) printf("%d were asked for: no pair of tokens stands side by side twice any more\n", asked);
    printf("the text has %zu tokens: %.3f bytes a token\nwritten: %s/vocab.json, %s/merges.txt\n", n, (double)size / (double)n, c->out, c->out);
    free(id);
    free(text);
    bpe_free(&b);
    return 0;
}

static Bpe bpe_asked(const Config *c) {
    Bpe b;
    Error e;
    if (!c->vocab || !c->merges) DIE("%s: want --vocab FILE and --merges FILE, such as datasets/gpt2-vocab.json and datasets/gpt2-merges.txt (datasets/fetch.sh gpt2-tokenizer)", LESSON);
    must(bpe_read(&b, c->vocab, c->merges, &e), &e);
    return b;
}

// --- encode and decode ---

static int encode(void *config) {
    const Config *c = config;
    Bpe b = bpe_asked(c);
    stream_encode(LESSON, &b, c->allow_special);
    bpe_free(&b);
    return 0;
}

static int decode(void *config) {
    Bpe b = bpe_asked(config);
    stream_decode(LESSON, &b);
    bpe_free(&b);
    return 0;
}

// --- a GPT ---

static int train(void *config) {
    Config *c = config;
    if (c->out) return train_vocabulary(c);
    data_of(c);
    machine_threads(c->s.threads);
    Text t = lesson_text(&c->s);
    Tokens tokens;
    double bytes[3];
    Gpt gpt;
    Rng rng;
    Error e;
    must(tokens_of_text(&tokens, c->tokenizer, strcmp(c->tokenizer, "bpe") == 0 ? size_of(c) : SIZE, ties_of(c), &t, bytes, &e), &e);
    printf("%.3f bytes a token\n", bytes[SPLIT_VAL] / (double)t.val.n);
    rng_seed(&rng, (uint32_t)c->s.seed);
    gpt_fresh(&gpt, &c->s, &c->o, &t, &rng);
    json_t *settings = gpt_settings(gpt.shape);
    json_object_set_new(settings, "tokens", json_sprintf("%d", (int)tokens.kind));
    int code = gpt_train(&c->s, &c->o, &t, gpt_decoder(&gpt), rng, settings, bytes);
    gpt_free(&gpt);
    text_free(&t);
    tokens_free(&tokens);
    return code;
}

// Opens the saved model that the settings name, its tokens with it. Without --data, its own.
static void load(Config *c, Gpt *gpt, Vocab *vocab, Tokens *tokens) {
    Checkpoint file;
    Error e;
    int kind;
    machine_threads(c->s.threads);
    must(modelfile_open(&file, vocab, LESSON, c->s.checkpoint, &e), &e);
    must(modelfile_values(&file, &(ModelSetting){"tokens", 0, TOKENS_KINDS - 1}, &kind, 1, &e), &e);
    const Array *bytes = checkpoint_find(&file, "vocab", "U8", 1, (int[]){-1}, &e);
    must(bytes && tokens_restore(tokens, kind, bytes->data, (size_t)bytes->shape[0], vocab, &e), &e);
    gpt_load(gpt, &file, vocab, 0);
    if (!c->s.data) c->s.data = c->data = xprintf("%s", modelfile_data(&file) ? modelfile_data(&file) : "tales");
    checkpoint_close(&file);
}

static int eval(void *config) {
    Config *c = config;
    Vocab vocab;
    Tokens tokens;
    Gpt gpt;
    double bytes[3];
    load(c, &gpt, &vocab, &tokens);
    Text t = lesson_text(&c->s);
    if (tokens.kind == TOKENS_CHAR) lesson_same_vocab(&c->s, &t, &vocab);
    tokens_encode(&tokens, &vocab, &t, bytes);
    int code = gpt_eval(&c->s, gpt_decoder(&gpt), &vocab, &t, bytes);
    gpt_free(&gpt);
    text_free(&t);
    tokens_free(&tokens);
    return code;
}

static int with_model(Config *c, int (*command)(const Settings *s, const Model *m)) {
    Vocab vocab;
    Tokens tokens;
    Gpt gpt;
    load(c, &gpt, &vocab, &tokens);
    int code = gpt_write(&c->s, &c->o, gpt_decoder(&gpt), &vocab, command);
    gpt_free(&gpt);
    tokens_free(&tokens);
    return code;
}

static int write_samples(void *config) { return with_model(config, lesson_generate); }
static int talk(void *config) { return with_model(config, lesson_chat); }

// --- looking at tokens ---

// Those of a saved model, of the files that --vocab and --merges name, or learned from the text.
static Bpe bpe_shown(Config *c, const unsigned char *text, size_t n) {
    if (c->vocab || c->merges) return bpe_asked(c);
    if (!c->s.checkpoint) return learned(c, text, n);
    Vocab vocab;
    Tokens tokens;
    Gpt gpt;
    load(c, &gpt, &vocab, &tokens);
    if (tokens.kind != TOKENS_BPE) DIE("%s inspect: %s reads no byte-pair tokens, but %ss", LESSON, c->s.checkpoint, vocab_unit(&vocab));
    gpt_free(&gpt);
    Bpe b = tokens.bpe;
    tokens.bpe = bpe_empty();
    tokens_free(&tokens);
    return b;
}

static int look(void *config) {
    Config *c = config;
    Error e;
    unsigned char *text;
    size_t size;
    must(text_read(data_of(c), &text, &size, &e), &e);
    const unsigned char *shown = c->s.prompt ? (const unsigned char *)c->s.prompt : text;
    size_t length = c->s.prompt ? strlen(c->s.prompt) : size < 400 ? size : 400;
    Bpe b = bpe_shown(c, text, size);
    inspect_text(&b, shown, length, c->s.prompt != NULL);
    inspect_merges(&b, c->s.prompt ? shown : text, c->s.prompt ? length : size);
    printf("\nwhat follows is learned from %s\n", data_of(c));
    inspect_wordpiece(text, size, c->o.vocab ? c->o.vocab : SIZE, shown, length);
    inspect_sizes(text, size, ties_of(c));
    bpe_free(&b);
    free(text);
    return 0;
}

int main(int argc, char **argv) {
    machine_setup(argv);
    Config c = {.s = {.lesson = LESSON}, .tokenizer = "bpe", .ties = "greater"};
    CliOption own[GPT_OPTIONS + 6];
    gpt_options(&c.o, &c.s, own);
    const CliOption more[] = {
        {"tokenizer", "char|word|bpe|bpe:DIR", CLI_TEXT, &c.tokenizer, 0, 0, "what the GPT reads", "train"},
        {"out", "DIR", CLI_TEXT, &c.out, 0, 0, "no GPT: learn a vocabulary of --vocab-size tokens, and write it there", "train"},
        {"ties", "greater|first", CLI_CHOICE, &c.ties, 0, 0, "of equally frequent pairs: the greater one, or the first in the text", "train inspect"},
        {"vocab", "FILE", CLI_TEXT, &c.vocab, 0, 0, "a vocab.json as GPT-2's", "encode decode inspect"},
        {"merges", "FILE", CLI_TEXT, &c.merges, 0, 0, "a merges.txt as GPT-2's", "encode decode inspect"},
        {"allow-special", NULL, CLI_FLAG, &c.allow_special, 0, 0, "special tokens in the text become their ids", "encode"},
    };
    memcpy(own + GPT_OPTIONS, more, sizeof more);
    lesson_options(&c.s, "data as run steps batch lr resume threads checkpoint prompt length temperature top-k seed", own, COUNT(own));
    lesson_options_also(&c.s, "as", "train eval");
    lesson_options_also(&c.s, "threads", "train generate chat");
    lesson_options_also(&c.s, "prompt", "generate inspect");
    lesson_options_also(&c.s, "vocab-size", "train inspect");
    const CliCommand command[] = {
        {"train", "a vocabulary with --out, else a GPT that reads tokens", train},
        {"encode", "a text on stdin becomes ids on stdout", encode},
        {"decode", "ids become a text", decode},
        {"eval", "the loss of a saved model on a text, in bits per byte too", eval},
        {"generate", "let it write", write_samples},
        {"chat", "type a beginning, see it go on", talk},
        {"inspect", "a text coloured by tokens, the merges in order, what a larger vocabulary brings", look},
    };
    const Cli cli = {LESSON, "Lesson 10: tokens, exactly as GPT-2 has them.",
                     command, c.s.option, COUNT(command), c.s.options, &c};
    int code = cli_main(&cli, argc, argv);
    free(c.data);
    return code;
}
