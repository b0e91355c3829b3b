// main.c of 11-moe: a GPT whose feed-forward nets are many, of which each token uses a few.
#include "gpt_commands.h"
#include "inspect.h"
#include "machine.h"
#include "mixtral_file.h"
#include "mixtral_options.h"
#include "mixtral_plan.h"

#include <omp.h>
#include <stdlib.h>

static const char LESSON[] = "11-moe";

typedef struct {
    Settings s;
    GptOptions o;
    MixtralOptions m;
    const char *init_from;
    char *data;             // what a saved model learned from
} Config;

// --- the model in a file ---

// Opens a model. asked: a training's dropout, capacity, balance, favour, noise and z-loss; NULL: none. *data, if not NULL: what it learned from, on the heap.
static void load(const char *path, const MixtralShape *asked, Mixtral *net, Vocab *vocab, char **data) {
    Checkpoint file;
    Error e;
    must(modelfile_open(&file, vocab, LESSON, path, &e), &e);
    MixtralShape shape = mixtral_shape(&file, vocab);
    if (asked) {
        if (shape.E > 1 && asked->E == 1) DIE("%s: %s has experts, --preset dense has none: want the preset left out", LESSON, path);
        shape.dropout = asked->dropout;
        shape.capacity = asked->capacity;
        shape.balance = asked->balance;
        shape.favour = asked->favour;
        shape.noise = asked->noise;
        shape.zloss = asked->zloss;
    }
    mixtral_load(net, shape, &file);
    if (data) *data = xprintf("%s", modelfile_data(&file) ? modelfile_data(&file) : "tales");
    checkpoint_close(&file);
}

// The saved model that the settings name; without --data, its own.
static void load_asked(Config *c, Mixtral *net, Vocab *vocab) {
    machine_threads(c->s.threads);
    load(c->s.checkpoint, NULL, net, vocab, &c->data);
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
    Mixtral net;
    Vocab vocab;
    Rng rng;
    Text t = text_of(c);
    rng_seed(&rng, (uint32_t)c->s.seed);
    MixtralShape shape = mixtral_options_shape(&c->m, &c->o, &c->s);
    if (c->init_from) {
        if (c->s.resume) DIE("%s: --resume goes on with a run, --init-from begins a new one: want one of them", LESSON);
        gpt_options_no_size(&c->o, LESSON);
        if (c->m.experts || c->m.active || c->m.hidden || c->m.kv_heads)
            DIE("%s: sizes of experts beside --init-from: the model has its sizes already; want --experts, --active, --hidden and --kv-heads left out", LESSON);
        load(c->init_from, &shape, &net, &vocab, NULL);
        lesson_same_vocab(&c->s, &t, &vocab);
    } else {
        shape.V = max_int(shape.V, t.vocab.size);
        mixtral_init(&net, shape);
        mixtral_randomise(&net, &rng);
    }
    if (net.shape.E > 1) printf("%zu parameters, of which a token uses %zu\n", net.params.size, mixtral_active(&net));
    int code = gpt_train(&c->s, &c->o, &t, mixtral_decoder(&net), rng, mixtral_settings(net.shape), NULL);
    mixtral_free(&net);
    text_free(&t);
    return code;
}

static int plan(void *config) {
    Config *c = config;
    Text t = text_of(c);
    MixtralShape shape = mixtral_options_shape(&c->m, &c->o, &c->s);
    shape.V = max_int(shape.V, t.vocab.size);
    text_free(&t);
    return gpt_show_plan(mixtral_plan_of(&shape, c->s.batch, c->o.accumulate, omp_get_max_threads()));
}

static int eval(void *config) {
    Config *c = config;
    Vocab vocab;
    Mixtral net;
    load_asked(c, &net, &vocab);
    Text t = lesson_text(&c->s);
    lesson_same_vocab(&c->s, &t, &vocab);
    int code = gpt_eval(&c->s, mixtral_decoder(&net), &vocab, &t, NULL);
    mixtral_free(&net);
    text_free(&t);
    return code;
}

// Loads the model, and hands its face to a command.
static int with_model(Config *c, int (*command)(const Settings *s, const Model *m)) {
    Vocab vocab;
    Mixtral net;
    load_asked(c, &net, &vocab);
    int code = gpt_write(&c->s, &c->o, mixtral_decoder(&net), &vocab, command);
    mixtral_free(&net);
    return code;
}

static int write_samples(void *config) { return with_model(config, lesson_generate); }
static int talk(void *config) { return with_model(config, lesson_chat); }

static int look(void *config) {
    Config *c = config;
    Vocab vocab;
    Mixtral net;
    load_asked(c, &net, &vocab);
    Text t = lesson_text(&c->s);
    lesson_same_vocab(&c->s, &t, &vocab);
    if (net.shape.E == 1) DIE("%s inspect: this model has one net for all, want one with experts to look at", LESSON);
    int *id = xmalloc((size_t)net.shape.T * sizeof *id), n = gpt_looked_at(&c->s, &vocab, &t, net.shape.T, id);
    char *dir = lesson_picture_dir(&c->s);
    Choices choices = choices_of(&net, t.val);
    int layer = inspect_choices(&choices, &vocab, dir);
    inspect_text(&net, &vocab, id, n, layer);
    inspect_loads(dir);
    choices_free(&choices);
    mixtral_free(&net);
    text_free(&t);
    free(dir);
    free(id);
    return 0;
}

int main(int argc, char **argv) {
    machine_setup(argv);
    Config c = {.s = {.lesson = LESSON}};
    CliOption own[MIXTRAL_OPTIONS + 1];
    mixtral_options(&c.m, &c.o, &c.s, own);
    own[MIXTRAL_OPTIONS] = (CliOption){"init-from", "FILE|DIR", CLI_TEXT, &c.init_from, 0, 0, "go on from a trained model, with other data: fine-tuning", "train"};
    lesson_options(&c.s, "data as run steps batch lr resume threads checkpoint prompt length temperature top-k seed", own, COUNT(own));
    lesson_options_also(&c.s, "threads", "train plan generate chat inspect");
    lesson_options_also(&c.s, "prompt", "generate inspect");
    lesson_options_also(&c.s, "data as", "train plan eval inspect");
    lesson_options_also(&c.s, "batch", "train plan");
    const CliCommand command[] = {
        {"train", "learn: dense, or with experts", train},
        {"plan", "what a size will take: parameters, memory, time", plan},
        {"eval", "the loss of a saved model on a text", eval},
        {"generate", "let it write", write_samples},
        {"chat", "type a beginning, see it go on", talk},
        {"inspect", "who goes to which expert, and how evenly", look},
    };
    const Cli cli = {LESSON, "Lesson 11: a mixture of experts: many nets, of which each token uses a few.",
                     command, c.s.option, COUNT(command), c.s.options, &c};
    int code = cli_main(&cli, argc, argv);
    free(c.data);
    return code;
}
