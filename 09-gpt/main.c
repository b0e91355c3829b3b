// main.c of 09-gpt: train it on your own text, stop it, resume it, talk to it.
#include "gpt_commands.h"
#include "inspect.h"
#include "machine.h"
#include "modelfile.h"

#include <omp.h>
#include <stdlib.h>

static const char LESSON[] = "09-gpt";

typedef struct {
    Settings s;
    GptOptions o;
    const char *init_from;
    char *data;             // what a saved model learned from
} Config;

// --- the model in a file ---

// Opens a model. *data, if not NULL: what it learned from, on the heap.
static void load(const char *path, double dropout, Gpt *gpt, Vocab *vocab, char **data) {
    Checkpoint file;
    Error e;
    must(modelfile_open(&file, vocab, LESSON, path, &e), &e);
    gpt_load(gpt, &file, vocab, dropout);
    if (data) *data = xprintf("%s", modelfile_data(&file) ? modelfile_data(&file) : "tales");
    checkpoint_close(&file);
}

// The saved model that the settings name; without --data, its own.
static void load_asked(Config *c, Gpt *gpt, Vocab *vocab) {
    machine_threads(c->s.threads);
    load(c->s.checkpoint, 0, gpt, vocab, &c->data);
    if (!c->s.data) c->s.data = c->data;
}

// --- commands ---

static Text text_of(Config *c) {
    if (!c->s.data) c->s.data = "tales";
    machine_threads(c->s.threads);
    return lesson_text(&c->s);
}

static int train(void *config) {
    Config *c = config;
    Gpt gpt;
    Vocab vocab;
    Rng rng;
    Text t = text_of(c);
    rng_seed(&rng, (uint32_t)c->s.seed);
    if (c->init_from) {
        if (c->s.resume) DIE("%s: --resume goes on with a run, --init-from begins a new one: want one of them", LESSON);
        gpt_options_no_size(&c->o, LESSON);
        load(c->init_from, gpt_options_shape(&c->o, &c->s).dropout, &gpt, &vocab, NULL);
        lesson_same_vocab(&c->s, &t, &vocab);
    } else {
        gpt_fresh(&gpt, &c->s, &c->o, &t, &rng);
    }
    int code = gpt_train(&c->s, &c->o, &t, gpt_decoder(&gpt), rng, gpt_settings(gpt.shape), NULL);
    gpt_free(&gpt);
    text_free(&t);
    return code;
}

static int plan(void *config) {
    Config *c = config;
    Text t = text_of(c);
    GptShape shape = gpt_options_shape(&c->o, &c->s);
    shape.V = max_int(shape.V, t.vocab.size);
    text_free(&t);
    return gpt_show_plan(gpt_plan_of(&shape, c->s.batch, c->o.accumulate, omp_get_max_threads()));
}

static int eval(void *config) {
    Config *c = config;
    Vocab vocab;
    Gpt gpt;
    load_asked(c, &gpt, &vocab);
    Text t = lesson_text(&c->s);
    lesson_same_vocab(&c->s, &t, &vocab);
    int code = gpt_eval(&c->s, gpt_decoder(&gpt), &vocab, &t, NULL);
    gpt_free(&gpt);
    text_free(&t);
    return code;
}

// Loads the model, and hands its face to a command.
static int with_model(Config *c, int (*command)(const Settings *s, const Model *m)) {
    Vocab vocab;
    Gpt gpt;
    load_asked(c, &gpt, &vocab);
    int code = gpt_write(&c->s, &c->o, gpt_decoder(&gpt), &vocab, command);
    gpt_free(&gpt);
    return code;
}

static int write_samples(void *config) { return with_model(config, lesson_generate); }
static int talk(void *config) { return with_model(config, lesson_chat); }

static int look(void *config) {
    Config *c = config;
    Vocab vocab;
    Gpt gpt;
    Writer w;
    load_asked(c, &gpt, &vocab);
    Text t = lesson_text(&c->s);
    lesson_same_vocab(&c->s, &t, &vocab);
    int *id = xmalloc((size_t)gpt.shape.T * sizeof *id), n = gpt_looked_at(&c->s, &vocab, &t, gpt.shape.T, id);
    char *dir = lesson_picture_dir(&c->s);
    inspect_context(&gpt, t.val, dir);
    inspect_surprise(&gpt, &vocab, id, n);
    writer_init(&w, gpt_decoder(&gpt), &vocab);
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
    Config c = {.s = {.lesson = LESSON}};
    CliOption own[GPT_OPTIONS + 1];
    gpt_options(&c.o, &c.s, own);
    own[GPT_OPTIONS] = (CliOption){"init-from", "FILE|DIR", CLI_TEXT, &c.init_from, 0, 0, "go on from a trained model, with other data: fine-tuning", "train"};
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
