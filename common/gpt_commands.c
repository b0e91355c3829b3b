// gpt_commands.c, from lesson 09: train, plan and write with a GPT.
#include "gpt_commands.h"
#include "crops.h"
#include "decay_groups_keep.h"
#include "evaluate.h"
#include "machine.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

// --- train ---

void gpt_fresh(Gpt *g, Settings *s, GptOptions *o, const Text *t, Rng *rng) {
    GptShape shape = gpt_options_shape(o, s);
    shape.V = max_int(shape.V, t->vocab.size);
    gpt_init(g, shape);
    gpt_randomise(g, rng);
}

int gpt_train(Settings *s, GptOptions *o, const Text *t, Decoder net, Rng rng, json_t *settings, const double *bytes) {
    Profile profile;
    GptRun r = {.net = net, .rng = rng, .batch = s->batch, .accumulate = o->accumulate, .clip = o->clip, .patience = o->patience, .best = {.loss = INFINITY},
                .settings = settings, .tape = tape_new(true), .schedule = {s->lr, s->lr / 10, o->warmup, s->steps}};
    for (int i = 0; i < 3 && bytes; i++) r.bytes[i] = bytes[i];
    r.tape.recycle = true;
    gpt_run_data(&r, s->lesson, t);
    writer_init(&r.writer, net, &t->vocab);
    r.groups = decay_groups_new(net.params, net.matrices, o->decay, o->beta2);
    if (o->profile) profile_attach(r.profile = &profile, &r.tape);
    printf("%s: vocabulary %d, %zu %ss to learn from, %zu for validation\n", t->name, t->vocab.size, t->train.n, vocab_unit(&t->vocab), t->val.n);
    Train loop = {.settings = s, .params = net.params, .model = writer_model(&r.writer), .ctx = &r, .gradient = gpt_run_gradient,
                  .update = gpt_run_update, .evaluate = gpt_run_evaluate, .tokens = (long)r.batch * net.T * r.accumulate,
                  .evaluate_every = o->eval_every, .grad_norm = NAN, .model_settings = json_copy(settings), .summary = json_object()};
    r.loop = &loop;
    train_keep(&loop, "rng", &r.rng, sizeof r.rng);
    train_keep(&loop, "best", &r.best, sizeof r.best);
    decay_groups_keep(&r.groups, &loop);
    int code = train_run(&loop);
    if (o->profile) profile_print(&profile, r.step - 1);
    decay_groups_free(&r.groups);
    writer_free(&r.writer);
    gpt_run_free(&r);
    return code;
}

// --- plan ---

int gpt_show_plan(Plan p) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    p.other = 1024.0 * (double)usage.ru_maxrss;
    plan_measure(&p);
    plan_print(&p);
    return 0;
}

// --- a saved model ---

int gpt_eval(const Settings *s, Decoder net, const Vocab *vocab, const Text *t, const double *bytes) {
    GptRun r = {.net = net, .batch = 16, .tape = tape_new(false)};
    for (int i = 0; i < 3 && bytes; i++) r.bytes[i] = bytes[i];
    gpt_run_data(&r, s->lesson, t);
    evaluate_print(gpt_run_evaluate, &r, vocab);
    if (bytes) printf("validation   %.4f bits per byte\n", gpt_run_bits_per_byte(&r, SPLIT_VAL, r.val_loss));
    gpt_run_free(&r);
    return 0;
}

int gpt_looked_at(const Settings *s, const Vocab *vocab, const Text *t, int T, int *id) {
    if (crops_count(t->val, T) == 0) DIE("%s inspect: %s has %zu characters for validation, want more than a block of %d", s->lesson, t->name, t->val.n, T);
    if (!s->prompt) {
        int n = min_int(T, (int)t->val.n);
        memcpy(id, t->val.id, (size_t)n * sizeof *id);
        return n;
    }
    Error e;
    size_t length = strlen(s->prompt);
    int *all = xmalloc((length + 1) * sizeof *all), n = vocab_encode(vocab, s->prompt, length, all, &e);
    must(n > 1 || (n >= 0 && error(&e, "--prompt has %d characters: want two or more to look at", n)), &e);
    if (n > T) printf("the prompt has %d characters; the first %d are looked at, as many as the model reads at once\n", n, T);
    memcpy(id, all, (size_t)min_int(n, T) * sizeof *id);
    free(all);
    return min_int(n, T);
}

int gpt_write(Settings *s, const GptOptions *o, Decoder net, const Vocab *vocab, int (*command)(const Settings *s, const Model *m)) {
    Writer w;
    writer_init(&w, net, vocab);
    w.cached = !o->no_cache;
    w.top_p = o->top_p;
    w.min_p = o->min_p;
    w.stop = o->stop ? xprintf("%s", o->stop) : NULL;
    const ChatSetting further[] = {
        {.name = "top-p", .most = 1, .help = "pick among the likeliest that sum to p; 1: among all", .number = &w.top_p},
        {.name = "min-p", .most = 1, .help = "leave out what is less than p times as likely as the likeliest", .number = &w.min_p},
        {.name = "stop", .help = "stop when this has been written; nothing behind it: never", .text = &w.stop},
    };
    s->chat = further;
    s->chat_count = COUNT(further);
    s->sampling = (Sampling){.cut = writer_cut, .cutter = &w};
    Model face = writer_model(&w);
    int code = command(s, &face);
    writer_free(&w);
    return code;
}
