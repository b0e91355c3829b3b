// grade/groups.c of 09-gpt: the checks of decay_groups: who stands where, and what two optimizers do, by plain AdamW in double.
#include "decay_groups.h"
#include "judges.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// --- tensors to be sorted ---

typedef struct {
    const char *name;
    int ndim, shape[4];
} Part;

// Names say nothing here: a matrix may be called bias_table, and a gain "scale".
static const Part NET[] = {
    {"scale", 1, {6}}, {"tokens", 2, {7, 3}}, {"positions", 2, {5, 3}}, {"norm.gain", 1, {3}}, {"norm.bias", 1, {3}}, {"qkv", 2, {9, 3}}, {"qkv_bias", 1, {9}},
    {"bias_table", 2, {2, 4}}, {"row", 2, {1, 5}}, {"kernel", 3, {2, 3, 4}}, {"long", 1, {40}}, {"heat", 0, {0}}, {"last.gain", 1, {3}}, {"head", 2, {7, 3}},
};
static const Part MATRICES[] = {{"b", 2, {3, 2}}, {"a", 2, {2, 2}}, {"c", 3, {1, 4, 2}}};
static const Part VECTORS[] = {{"b", 1, {3}}, {"a", 1, {2}}, {"c", 1, {4}}};

static Params params_of(const Part *part, int count) {
    Params p = {0};
    for (int i = 0; i < count; i++) params_add(&p, part[i].name, part[i].ndim, part[i].shape);
    params_add_buffer(&p, "kept", 2, (int[]){2, 3});
    return p;
}

static bool decays(const Tensor *t) { return t->ndim >= 2; }

// Who else may be taken for what decays.
static bool all(const Tensor *t) { return t->ndim >= 0; }
static bool vectors(const Tensor *t) { return t->ndim < 2; }
static bool no_embeddings(const Tensor *t) { return decays(t) && strcmp(t->name, "tokens") != 0 && strcmp(t->name, "positions") != 0; }
static bool no_tokens(const Tensor *t) { return decays(t) && strcmp(t->name, "tokens") != 0; }
static bool no_positions(const Tensor *t) { return decays(t) && strcmp(t->name, "positions") != 0; }
static bool not_called_bias(const Tensor *t) { return !strstr(t->name, "bias"); }
static bool not_called_gain(const Tensor *t) { return !strstr(t->name, "bias") && !strstr(t->name, "gain"); }
static bool not_called_norm(const Tensor *t) { return not_called_gain(t) && !strstr(t->name, "norm"); }
static bool only_two(const Tensor *t) { return t->ndim == 2; }
static bool above_two(const Tensor *t) { return t->ndim > 2; }
static bool from_one(const Tensor *t) { return t->ndim >= 1; }
static bool many_rows(const Tensor *t) { return decays(t) && t->shape[0] > 1; }

typedef struct {
    bool (*in_front)(const Tensor *t);
    const char *why;
} Choice;

static const Choice CHOICES[] = {
    {all, "nothing has moved: the tensors stand as they were declared. Those with two dimensions or more come first, then the others. (If you have sorted them: does n say how many there are in all?)"},
    {vectors, "the groups are exchanged: what has two dimensions or more comes first, and decays; gains and biases come behind"},
    {no_embeddings, "the embeddings stand among the vectors: they are matrices too, and decay"},
    {no_tokens, "\"tokens\", an embedding, stands among the vectors: it is a matrix too, and decays"},
    {no_positions, "\"positions\", an embedding, stands among the vectors: it is a matrix too, and decays"},
    {not_called_bias, "the names decide: what is not called bias is taken for a matrix, gains too. Ask for the dimensions, t->ndim: two or more"},
    {not_called_gain, "the names decide: what is called neither bias nor gain is taken for a matrix. Ask for the dimensions, t->ndim: two or more"},
    {not_called_norm, "the names decide: what is called neither bias nor gain nor norm is taken for a matrix. Ask for the dimensions, t->ndim: two or more"},
    {only_two, "\"kernel\" (2,3,4) stands among the vectors: it has two dimensions or more"},
    {above_two, "only what has more than two dimensions is in front: a matrix has two, and decays"},
    {from_one, "gains and biases, of one dimension, are in front, too: only what has two or more decays"},
    {many_rows, "\"row\" (1,5) stands among the vectors: it has one row, but two dimensions"},
};

static int matrices_of(const Tensor *const *t, int count, bool (*in_front)(const Tensor *), size_t *numbers) {
    int n = 0;
    *numbers = 0;
    for (int i = 0; i < count; i++)
        if (in_front(t[i])) {
            n++;
            *numbers += t[i]->size;
        }
    return n;
}

// Do those that are chosen stand in front of all others?
static bool stand_in_front(const Params *p, bool (*chosen)(const Tensor *)) {
    bool behind = false;
    for (int i = 0; i < p->count; i++) {
        if (chosen(p->param[i]) && behind) return false;
        behind |= !chosen(p->param[i]);
    }
    return true;
}

static bool in_order(const Params *p, Tensor *const *before) { return memcmp(p->param, before, (size_t)p->count * sizeof *before) == 0; }

// Is everything that was declared still there, once?
static void expect_all_there(const Params *p, const Params *before) {
    if (p->count != before->count) reject("p->count is %d after the sorting, it was %d: no tensor is added or taken away", p->count, before->count);
    for (int i = 0; i < before->count; i++) {
        int times = 0;
        for (int k = 0; k < p->count; k++) times += p->param[k] == before->param[i];
        if (times != 1)
            reject("\"%s\" stands in p->param %s: every tensor once, first those that decay, then the others", before->param[i]->name, times ? xprintf("%d times", times) : "no more");
    }
    if (p->buffers != before->buffers || p->buffer[0] != before->buffer[0]) reject("the buffers are changed: only p->param is sorted");
    if (p->size != before->size) reject("p->size is %zu after the sorting, it was %zu: that is how many numbers there are in all", p->size, before->size);
}

static void expect_size(const Params *p, size_t got) {
    size_t want, rest = 0, rows = 0, products = 0, matrices = (size_t)matrices_of((const Tensor *const *)p->param, p->count, decays, &want);
    for (int i = 0; i < p->count; i++) {
        const Tensor *t = p->param[i];
        rest += decays(t) ? 0 : t->size;
        rows += decays(t) ? (size_t)t->shape[0] : 0;
        products += decays(t) ? (size_t)(t->shape[0] * t->shape[1]) : 0;
    }
    if (got == want) return;
    char *text = xprintf("the order is right, but decay_groups returns %zu, want %zu: ", got, want);
    if (got == matrices) reject("%sthat is how many matrices there are. It is how many numbers they have in all, the sum of t->size", text);
    if (got == p->size) reject("%sthat is how many numbers all tensors have: only those of the matrices count", text);
    if (got == rest) reject("%sthat is how many numbers the others have: it is those of the matrices that count", text);
    if (got == rows) reject("%sthat is how many rows the matrices have: t->size is the product of all dimensions", text);
    if (got == products) reject("%sthat is rows times columns, and \"kernel\" has three dimensions: t->size is the product of all of them", text);
    if (got == want * sizeof(float)) reject("%sthat is in bytes: it is how many numbers, the sum of t->size", text);
    reject("%sthe sum of t->size of those with two dimensions or more", text);
}

static Params sorted_net(const Part *part, int count, Params *before, size_t *size) {
    Params p = params_of(part, count);
    *before = p;
    *size = decay_groups(&p);
    expect_all_there(&p, before);
    return p;
}

// First those that are chosen, then the others, each in the order of declaration; `turned`: the one group or the other backwards.
static void order_of(const Params *before, bool (*chosen)(const Tensor *), bool turned_front, bool turned_rest, Tensor **out) {
    int n = 0;
    for (int front = 1; front >= 0; front--)
        for (int i = 0; i < before->count; i++) {
            Tensor *t = before->param[(front ? turned_front : turned_rest) ? before->count - 1 - i : i];
            if (chosen(t) == front) out[n++] = t;
        }
}

static void expect_in_front(const Params *p, const Params *before) {
    if (stand_in_front(p, decays)) return;
    Tensor *order[PARAMS_MOST];
    for (int i = 0; i < COUNT(CHOICES); i++) {
        order_of(before, CHOICES[i].in_front, false, false, order);
        if (in_order(p, order)) reject("%s", CHOICES[i].why);
    }
    bool behind = false;
    for (int i = 0; i < p->count; i++) {
        const Tensor *t = p->param[i];
        if (decays(t) && behind) reject("p->param[%d] is \"%s\" %s, which has two dimensions or more, and yet stands behind \"%s\" %s: those that decay come first", i, t->name, shape_text(t), p->param[i - 1]->name, shape_text(p->param[i - 1]));
        behind |= !decays(t);
    }
}

void groups_sorted(void) {
    Params before;
    size_t size;
    Params p = sorted_net(NET, COUNT(NET), &before, &size);
    expect_in_front(&p, &before);
    expect_size(&p, size);
}

// --- in their order ---

static int by_size_falling(const void *a, const void *b) {
    const Tensor *x = *(Tensor *const *)a, *y = *(Tensor *const *)b;
    return decays(x) != decays(y) ? decays(y) - decays(x) : (x->size < y->size) - (x->size > y->size);
}
static int by_size(const void *a, const void *b) {
    const Tensor *x = *(Tensor *const *)a, *y = *(Tensor *const *)b;
    return decays(x) != decays(y) ? decays(y) - decays(x) : (x->size > y->size) - (x->size < y->size);
}
static int by_name(const void *a, const void *b) {
    const Tensor *x = *(Tensor *const *)a, *y = *(Tensor *const *)b;
    return decays(x) != decays(y) ? decays(y) - decays(x) : strcmp(x->name, y->name);
}

static bool sorted_by(const Params *p, int (*compare)(const void *a, const void *b)) {
    for (int i = 1; i < p->count; i++)
        if (compare(&p->param[i - 1], &p->param[i]) > 0) return false;
    return true;
}

static void judge_order(const char *what, const Part *part, int count) {
    Params before;
    size_t size;
    Params p = sorted_net(part, count, &before, &size);
    if (!stand_in_front(&p, decays)) reject("%sthe matrices do not stand in front: see the checks above", what);
    Tensor *want[PARAMS_MOST], *turned[PARAMS_MOST];
    order_of(&before, decays, false, false, want);
    if (!in_order(&p, want)) {
        order_of(&before, decays, true, true, turned);
        if (in_order(&p, turned)) reject("%sboth groups stand backwards: each keeps the order in which its tensors were declared", what);
        order_of(&before, decays, false, true, turned);
        if (in_order(&p, turned)) reject("%sthe vectors stand backwards: each group keeps the order in which its tensors were declared. Walk through p->param twice, from the first to the last", what);
        order_of(&before, decays, true, false, turned);
        if (in_order(&p, turned)) reject("%sthe matrices stand backwards: each group keeps the order in which its tensors were declared", what);
        if (sorted_by(&p, by_size_falling) || sorted_by(&p, by_size)) reject("%seach group is sorted by size: it keeps the order in which its tensors were declared", what);
        if (sorted_by(&p, by_name)) reject("%seach group is sorted by name: it keeps the order in which its tensors were declared", what);
        for (int i = 0; i < p.count; i++)
            if (p.param[i] != want[i])
                reject("%sp->param[%d] is \"%s\", want \"%s\": each group keeps the order in which its tensors were declared. If two are exchanged where they stand (qsort does that, too), those between them are passed over", what, i, p.param[i]->name, want[i]->name);
    }
    expect_size(&p, size);
    params_allocate(&p);
}

// --- two optimizers ---

enum { MATRIX = 22, MANY = 30 };

// 22 numbers in matrices, then 8 in vectors.
static Params given_params(void) {
    static const Part PART[] = {{"w", 2, {4, 3}}, {"u", 2, {2, 5}}, {"gain", 1, {5}}, {"bias", 1, {3}}};
    Params p = params_of(PART, COUNT(PART));
    params_allocate(&p);
    memcpy(p.data, given_floats(MANY, 61), MANY * sizeof *p.data);
    return p;
}

// What each group does; index 0: the matrices.
typedef struct {
    double decay[2], beta1, beta2[2];
    int times[2];           // steps of its to one
    bool whole[2];          // it is all of the parameters
} How;

static How right_of(double decay, double beta2) { return (How){{decay, 0}, 0.9, {beta2, beta2}, {1, 1}, {false, false}}; }

// The weights after so many steps; step k has the gradients g + k*MANY and the rate lr[k].
static float *moved_plainly(const float *w, const float *g, const double *lr, int steps, How how) {
    double m[2][MANY] = {{0}}, v[2][MANY] = {{0}};
    float *now = copy(w, MANY);
    int made[2] = {0, 0};
    for (int k = 0; k < steps; k++)
        for (int group = 0; group < 2; group++)
            for (int turn = 0; turn < how.times[group]; turn++) {
                made[group]++;
                for (int i = 0; i < MANY; i++) {
                    if ((i >= MATRIX) != group && !how.whole[group]) continue;
                    double slope = g[k * MANY + i], b1 = how.beta1, b2 = how.beta2[group];
                    m[group][i] = b1 * m[group][i] + (1 - b1) * slope;
                    v[group][i] = b2 * v[group][i] + (1 - b2) * slope * slope;
                    double step = m[group][i] / (1 - pow(b1, made[group])) / (sqrt(v[group][i] / (1 - pow(b2, made[group]))) + 1e-8);
                    now[i] = (float)(now[i] - lr[k] * (step + how.decay[group] * now[i]));
                }
            }
    return now;
}

static void expect_piece(const Params *p, const Params *got, int group, size_t from, size_t size) {
    const char *name = xprintf("d.group[%d]", group), *which = group ? "the vectors, behind the matrices" : "the matrices, in front";
    if (!got->data || !got->grad) reject("%s.%s is NULL: a group is a view of a piece of p, with data, grad and size", name, got->data ? "grad" : "data");
    long at = (long)((char *)got->data - (char *)p->data), grad = (long)((char *)got->grad - (char *)p->grad), end = (long)(p->size * sizeof(float));
    if (got->data == p->grad + from) reject("%s.data points to the gradients: data is a piece of p->data, grad one of p->grad", name);
    if (at == (long)(from * sizeof(float) * sizeof(float)) && from > 0) reject("%s.data begins %zu numbers behind p->data, want %zu: a float * moves by whole numbers, so do not count in bytes", name, from * sizeof(float), from);
    if (at < 0 || at > end) reject("%s.data points elsewhere: it is a piece of p->data, not a copy, or the model would not move", name);
    if (grad < 0 || grad > end) reject("%s.grad points elsewhere: it is a piece of p->grad, not a copy, or it would not see new gradients", name);
    at /= (long)sizeof(float), grad /= (long)sizeof(float);
    if (at != (long)from) reject("%s.data begins at number %ld of p->data, want %zu: %s", name, at, from, which);
    if (grad != (long)from) reject("%s.grad begins at number %ld of p->grad, want %zu, as its data: each weight belongs to the gradient at the same place", name, grad, from);
    if (got->size != size) reject("%s.size is %zu, want %zu: %s, of %zu numbers in all", name, got->size, size, which, p->size);
}

static void expect_views(const Params *p, const DecayGroups *d, size_t matrices) {
    size_t size[] = {matrices, p->size - matrices};
    for (int i = 0; i < 2; i++) expect_piece(p, &d->group[i], i, i ? matrices : 0, size[i]);
    for (int i = 0; i < 2; i++) {
        if (!d->adamw[i].m) reject("d.adamw[%d] is not made: adamw_new(&d.group[%d], ...)", i, i);
        if (d->adamw[i].size != size[i]) reject("d.adamw[%d] is made for %zu numbers, want %zu: those of its own group, adamw_new(&d.group[%d], ...)", i, d->adamw[i].size, size[i], i);
    }
    if (d->adamw[0].m == d->adamw[1].m || d->adamw[0].v == d->adamw[1].v) reject("both groups use the same averages: each has an AdamW of its own, made by adamw_new");
}

static void judge_steps(double decay, double beta2) {
    static const double lr[] = {0.1, 0.04, 0.07};
    enum { STEPS = COUNT(lr) };
    Params p = given_params();
    float *w = copy(p.data, MANY), *g = given_floats(STEPS * MANY, 62);
    if_stopped("adamw_step: made for", "Each group has an AdamW of its own: adamw_step(&d->adamw[i], &d->group[i], lr)");
    DecayGroups d = decay_groups_new(&p, MATRIX, decay, beta2);
    if (memcmp(w, p.data, MANY * sizeof *w) != 0) reject("decay_groups_new changes the weights: it only makes ready");
    expect_views(&p, &d, MATRIX);
    How right = right_of(decay, beta2), how[12];
    static const char *WHY[] = {
        "both groups decay: only the matrices do, the second AdamW is made with decay 0",
        "the decay is exchanged: the first group, the matrices, decays, and the second does not",
        "nothing decays: adamw_new takes the decay, and the first group's is that which decay_groups_new is given",
        "only the first group moves: the second one is to be stepped, too. Vectors do not decay, but they learn",
        "only the second group moves: both are stepped",
        "neither group moves: adamw_step of both",
        "the first group is stepped twice: each once",
        "beta2 is 0.999 in both, as adamw_new leaves it: set it in both, d.adamw[i].beta2 = beta2",
        "beta2 is 0.999 in the first group, as adamw_new leaves it: set it in both, d.adamw[i].beta2 = beta2",
        "beta2 is 0.999 in the second group, as adamw_new leaves it: set it in both, d.adamw[i].beta2 = beta2",
        "beta1 is changed: it is beta2 that is given",
        "the second group is stepped twice: each once",
    };
    for (int i = 0; i < COUNT(how); i++) how[i] = right;
    how[0].decay[1] = decay;
    how[1].decay[0] = 0, how[1].decay[1] = decay;
    how[2].decay[0] = 0;
    how[3].times[1] = 0;
    how[4].times[0] = 0;
    how[5].times[0] = how[5].times[1] = 0;
    how[6].times[0] = 2;
    how[7].beta2[0] = how[7].beta2[1] = 0.999;
    how[8].beta2[0] = 0.999;
    how[9].beta2[1] = 0.999;
    how[10].beta1 = beta2, how[10].beta2[0] = how[10].beta2[1] = 0.999;
    how[11].times[1] = 2;
    const char *text = xprintf("decay %g, beta2 %g: ", decay, beta2);
    for (int k = 0; k < STEPS; k++) {
        memcpy(p.grad, g + k * MANY, MANY * sizeof *g);
        decay_groups_step(&d, lr[k]);
        Suspect suspects[COUNT(how) + 1] = {{NULL, NULL}};
        for (int i = 0; i < COUNT(how); i++) suspects[i] = (Suspect){xprintf("%s%s", text, WHY[i]), moved_plainly(w, g, lr, k + 1, how[i])};
        const char *what = xprintf("%safter %d step%s (%d numbers in matrices, then %d in vectors) weight ", text, k + 1, k ? "s" : "", MATRIX, MANY - MATRIX);
        expect_floats(what, p.data, moved_plainly(w, g, lr, k + 1, right), MANY, NULL, 2e-5, suspects);
        if (memcmp(p.grad, g + k * MANY, MANY * sizeof *g) != 0) reject("a step changes the gradients: it only reads them");
    }
    decay_groups_free(&d);
}

void groups_stepped(void) {
    judge_steps(0.4, 0.9);
    judge_steps(0.1, 0.99);
    judge_steps(0, 0.95);
}

// One group has no numbers at all.
static void judge_empty(size_t matrices) {
    Params p = given_params();
    float *w = copy(p.data, MANY), *g = given_floats(MANY, 63), *want = filled(MANY, 0);
    memcpy(p.grad, g, MANY * sizeof *g);
    for (int i = 0; i < MANY; i++) want[i] = (float)(w[i] - 0.1 * (g[i] / (fabs((double)g[i]) + 1e-8)));
    DecayGroups d = decay_groups_new(&p, matrices, 0, 0.9);
    expect_views(&p, &d, matrices);
    decay_groups_step(&d, 0.1);
    const char *text = matrices ? "all are matrices, the decay is 0: after a step " : "there are no matrices, the decay is 0: after a step ";
    const Suspect suspects[] = {{xprintf("%sthe weights are as they were: both groups are stepped, however many numbers they have", text), w}, {NULL, NULL}};
    expect_floats(xprintf("%sweight ", text), p.data, want, MANY, NULL, 2e-5, suspects);
    decay_groups_free(&d);
}

void groups_in_order(void) {
    judge_order("", NET, COUNT(NET));
    judge_order("all are matrices: ", MATRICES, COUNT(MATRICES));
    judge_order("all are vectors: ", VECTORS, COUNT(VECTORS));
    judge_order("there is nothing to learn: ", NULL, 0);
    static Part many[500];
    for (int i = 0; i < COUNT(many); i++) many[i] = (Part){xprintf("part%d", i), 1 + (i * 7 % 5 < 2), {2, 3}};
    judge_order("500 tensors: ", many, COUNT(many));
    judge_empty(MANY);
    judge_empty(0);
}
