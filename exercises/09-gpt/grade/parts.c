// grade/parts.c of 09-gpt: the checks of accumulate, with batches whose gradients and losses are known.
#include "accumulate.h"
#include "judges.h"

#include <math.h>
#include <string.h>

static const double TOLERANCE = 2e-5;

// Parameters "a" (3,2), "b" (4), "c" (1): 11 numbers.
enum { MANY = 11, FIRST = 6 };

// What part() is called with.
typedef struct {
    int parts, calls, most;     // most: as many calls as there are batches
    Params p;
    float *g;                   // (most,MANY) the gradient of each batch
    double loss[70];
    float *data;                // the weights, which nobody is to change
} Batches;

static const Batches *expected;         // what ctx must be

static double one_batch(void *ctx) {
    Batches *b = ctx;
    if (b != expected) reject("part is called with another ctx: hand on the one that accumulate is given");
    if (b->calls >= b->most) reject("part is called more often than %d times, want %d: once for each part", b->most, b->parts);
    for (int i = 0; i < MANY; i++) b->p.grad[i] += b->g[b->calls * MANY + i];
    return b->loss[b->calls++];
}

static Batches *batches_of(int parts, float before) {
    Batches *b = xcalloc(1, sizeof *b);
    b->parts = parts;
    b->most = parts + 3;
    CHECK(b->most <= COUNT(b->loss), "batches_of: %d parts are too many", parts);
    params_add(&b->p, "a", 2, (int[]){3, 2});
    params_add(&b->p, "b", 1, (int[]){4});
    params_add(&b->p, "c", 1, (int[]){1});
    params_allocate(&b->p);
    memcpy(b->p.data, given_floats(MANY, 71), MANY * sizeof(float));
    b->data = copy(b->p.data, MANY);
    b->g = given_floats((size_t)b->most * MANY, 72);
    for (int i = 0; i < b->most; i++) b->loss[i] = 3.3 - 0.37 * (i % 5) + 0.011 * i;
    for (int i = 0; i < MANY; i++) b->p.grad[i] = before * (float)(i + 1);
    expected = b;
    return b;
}

static double run(Batches *b) { return accumulate(&b->p, b->parts, one_batch, b); }

static void expect_calls(const Batches *b) {
    if (b->calls != b->parts) reject("parts is %d, and part is called %d times: once for each part", b->parts, b->calls);
}

typedef enum {
    MEAN, SUM, LAST, LAST_PART, FIRST_SUM, FIRST_PART, EACH_TIME, EACH_AFTER, BEFORE_TOO, BEFORE_DIVIDED, NOTHING, ALL_0, TWICE, MULTIPLIED, FIRST_TENSOR, BY_SIZE, BY_LESS, RUNNING, HALVED, PART_CLEARED
} Bug;

static const struct { Bug bug; const char *why; } KNOWN[] = {
    {SUM, "the gradient is the sum of those of the parts: divide it by `parts`. The loss is a mean over the examples, so with parts of equal size it is the mean of the parts' means"},
    {LAST, "the gradient is that of the last part: it is set to 0 before every part. Set it to 0 once, before the first: each part adds its own"},
    {LAST_PART, "the gradient is that of the last part, divided: it is set to 0 before every part. Set it to 0 once, before the first: each part adds its own"},
    {FIRST_SUM, "the gradient is that of the first part: each of the parts adds its own to it"},
    {FIRST_PART, "the gradient is that of the first part, divided: each of the parts adds its own to it"},
    {EACH_TIME, "after every part all that is there is divided, so the earlier a part came, the more often: add all, and divide once, behind the last"},
    {EACH_AFTER, "before every part all that is there is divided, so the earlier a part came, the more often: add all, and divide once, behind the last"},
    {RUNNING, "after every part all that is there is divided by how many parts there were, so the earlier a part came, the more often: add all, and divide once, behind the last"},
    {HALVED, "after every part but the first all that is there is halved, so the later a part came, the more it counts: add all, and divide once by `parts`, behind the last"},
    {PART_CLEARED, "what was in p->grad before is still in most of it: memset counts bytes, and p->size floats are p->size * sizeof(float) of them (params_zero_grad)"},
    {BEFORE_TOO, "what was in p->grad before is still in it: the parts add, so set it to 0 first (params_zero_grad)"},
    {BEFORE_DIVIDED, "what was in p->grad before takes part in the mean: the parts add, so set it to 0 first (params_zero_grad)"},
    {ALL_0, "the gradient is 0 everywhere: either it is set to 0 behind the parts (want: before them), or the factor is 1 / parts of two int, which is 0"},
    {NOTHING, "the gradient is as it was before: what the parts add is to stay in p->grad"},
    {TWICE, "the gradient is divided twice: by `parts`, once"},
    {MULTIPLIED, "the gradient is multiplied by `parts`: it is divided by it"},
    {FIRST_TENSOR, "only the first tensor's gradient is divided: p->grad holds those of all, p->size numbers"},
    {BY_SIZE, "the gradient is divided by how many numbers it has: it is divided by how many parts there are"},
    {BY_LESS, "the gradient is divided by parts - 1: by `parts`"},
};

static float *plainly(const Batches *b, float before, Bug bug) {
    float *out = filled(MANY, 0);
    int n = b->parts;
    for (int i = 0; i < MANY; i++) {
        double was = before * (float)(i + 1), sum = 0, shrinking = 0, shrunk = 0, running = 0, halved = b->g[i];
        float left[MANY];
        for (int k = 0; k < MANY; k++) left[k] = before * (float)(k + 1);
        memset(left, 0, b->p.size);         // bytes
        for (int k = 0; k < n; k++) {
            double g = b->g[k * MANY + i];
            sum += g;
            shrinking = (shrinking + g) / n;
            shrunk = shrunk / n + g;
            running = (running + g) / (k + 1);
            if (k > 0) halved = (halved + g) / 2;
        }
        double first = b->g[i], last = b->g[(n - 1) * MANY + i];
        const double result[] = {[MEAN] = sum / n, [SUM] = sum, [LAST] = last, [LAST_PART] = last / n, [FIRST_SUM] = first, [FIRST_PART] = first / n, [EACH_TIME] = shrinking, [EACH_AFTER] = shrunk,
                                 [BEFORE_TOO] = was + sum / n, [BEFORE_DIVIDED] = (was + sum) / n, [NOTHING] = was, [ALL_0] = 0, [TWICE] = sum / n / n, [MULTIPLIED] = sum * n,
                                 [FIRST_TENSOR] = i < FIRST ? sum / n : sum, [BY_SIZE] = sum / MANY, [BY_LESS] = n > 1 ? sum / (n - 1) : NAN, [RUNNING] = running, [HALVED] = halved, [PART_CLEARED] = (left[i] + sum) / n};
        out[i] = (float)result[bug];
    }
    return out;
}

static void judge_gradients(int parts, float before) {
    Batches *b = batches_of(parts, before);
    run(b);
    Suspect suspects[COUNT(KNOWN) + 1] = {{NULL, NULL}};
    const char *text = xprintf("%d part%s: ", parts, parts > 1 ? "s" : "");
    for (int i = 0; i < COUNT(KNOWN); i++) suspects[i] = (Suspect){xprintf("%s%s", text, KNOWN[i].why), plainly(b, before, KNOWN[i].bug)};
    if (memcmp(b->p.data, b->data, MANY * sizeof *b->data) != 0) reject("p->data is changed, which holds the weights: only the gradients are to change, p->grad");
    expect_calls(b);
    expect_floats(xprintf("%sthe gradient ", text), b->p.grad, plainly(b, before, MEAN), MANY, NULL, TOLERANCE, suspects);
}

void parts_gradients(void) {
    judge_gradients(4, 0);
    judge_gradients(3, 0.7f);
}

void parts_loss(void) {
    for (int parts = 3; parts >= 1; parts--) {
        Batches *b = batches_of(parts, 0);
        double got = run(b), sum = 0, shrinking = 0;
        expect_calls(b);
        for (int i = 0; i < parts; i++) {
            sum += b->loss[i];
            shrinking = (shrinking + b->loss[i]) / parts;
        }
        double want = sum / parts, last = b->loss[parts - 1];
        const char *text = xprintf("%d part%s: the loss is %s, want %.6g: ", parts, parts > 1 ? "s" : "", number_text(got), want);
        const struct { double value; const char *why; } known[] = {
            {sum, "that is the sum of the parts' losses. Divide it by `parts`"},
            {last, "that is the last part's: it is the mean of all"},
            {b->loss[0], "that is the first part's: it is the mean of all"},
            {last / parts, "that is the last part's, divided: add them all (+=) first"},
            {b->loss[0] / parts, "that is the first part's, divided: add them all (+=) first"},
            {want / parts, "it is divided twice"},
            {shrinking, "after every part all that is there is divided, so the earlier a part came, the more often. Add all, and divide once"},
            {0, "return the mean of what the calls of part return"},
            {floor(want), "it is cut off to a whole number: a loss is a double"},
            {floor(sum) / parts, "the sum is cut off to a whole number: a loss is a double"},
        };
        for (int i = 0; i < COUNT(known) && !(fabs(got - want) <= 1e-5); i++)
            if (fabs(got - known[i].value) <= 1e-5) reject("%s%s", text, known[i].why);
        if (!(fabs(got - want) <= 1e-5)) reject("%sthe mean of what the %d call%s of part return%s", text, parts, parts > 1 ? "s" : "", parts > 1 ? "" : "s");
    }
}

void parts_one_and_many(void) {
    judge_gradients(1, 0);
    judge_gradients(1, 0.7f);
    judge_gradients(60, 0);
    Batches *b = batches_of(2, 0);
    b->p.grad[3] = NAN;
    b->p.grad[7] = INFINITY;
    double loss = run(b), again;
    for (int i = 0; i < MANY; i++)
        if (!isfinite(b->p.grad[i])) reject("a gradient was %s before, and is still: 0 times that is no 0. Write zeros (params_zero_grad)", number_text((double)b->p.grad[i]));
    expect_floats("after a step with an infinite gradient, the gradient ", b->p.grad, plainly(b, 0, MEAN), MANY, NULL, TOLERANCE, NULL);
    b->calls = 0;
    again = run(b);
    expect_floats("a second step with the same batches: the gradient ", b->p.grad, plainly(b, 0, MEAN), MANY, NULL, TOLERANCE, NULL);
    if (!(fabs(again - loss) <= 1e-9)) reject("a second step with the same batches gives the loss %s, the first gave %.6g: the sum begins at 0 in every step", number_text(again), loss);
    expect_calls(b);
}
