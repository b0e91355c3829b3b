// profile.c, from lesson 09: where the time of a training step goes, operation by operation.
#include "profile.h"
#include "progress.h"

#include <stdlib.h>
#include <string.h>

// --- what a matrix product costs: two operations for each pair of numbers ---

static double linear_flops(const Tensor *y) { return 2.0 * (double)y->size * last_of(y->in[0]); }
// scores and sums of the values, of the past only
static double attention_flops(const Tensor *y) { return 2.0 * (double)y->size * (y->shape[1] + 1); }

static const struct { const char *name; double (*flops)(const Tensor *y); double back; } PRODUCTS[] = {
    {"op_linear", linear_flops, 2},             // for the input, and for the weights
    {"op_experts", linear_flops, 2},            // lesson 11's: some rows a product
    {"op_attention", attention_flops, 2.5},     // for queries, keys, values, weights; and the scores once more
};

static void count_flops(ProfileRow *row, const Tensor *t, bool back) {
    for (int i = 0; i < COUNT(PRODUCTS); i++) {
        if (strcmp(PRODUCTS[i].name, t->name) != 0) continue;
        if (back) row->backward_flops += PRODUCTS[i].back * PRODUCTS[i].flops(t);
        else row->forward_flops += PRODUCTS[i].flops(t);
    }
}

// --- the clock ---

static ProfileRow *row_named(Profile *p, const char *name) {
    for (int i = 0; i < p->rows; i++)
        if (strcmp(p->row[i].name, name) == 0) return &p->row[i];
    CHECK(p->rows < PROFILE_ROWS, "profile: more than %d kinds of work", PROFILE_ROWS);
    p->row[p->rows].name = name;
    return &p->row[p->rows++];
}

// The time until now belongs to what ran until now.
static void change_to(Profile *p, ProfileRow *next, bool back) {
    double now = seconds_now();
    if (p->now) *(p->back ? &p->now->backward : &p->now->forward) += now - p->since;
    p->now = next;
    p->back = back;
    p->since = now;
}

static void watch(void *profile, const Tensor *t, bool back) {
    Profile *p = profile;
    ProfileRow *row = row_named(p, t->name);
    change_to(p, row, back);
    if (t->in[0]) count_flops(row, t, back);
}

void profile_attach(Profile *p, Tape *tape) {
    *p = (Profile){0};
    tape->watch = watch;
    tape->watcher = p;
}

void profile_clear(Profile *p) { *p = (Profile){0}; }

void profile_mark(Profile *p, const char *what) { change_to(p, what ? row_named(p, what) : NULL, false); }

// --- the table ---

static double seconds_of(const ProfileRow *r) { return r->forward + r->backward; }

static int dearer_first(const void *a, const void *b) {
    double x = seconds_of(a), y = seconds_of(b);
    return (x < y) - (x > y);
}

static void print_row(const char *name, double forward, double backward, double flops, double all, double by) {
    printf("%-18s %9.3f %9.3f %9.3f %7.1f %%", name, forward * by, backward * by, (forward + backward) * by, 100 * (forward + backward) / all);
    if (flops > 0) printf(" %9.1f", flops / (forward + backward) / 1e9);
    putchar('\n');
}

void profile_print(Profile *p, long steps) {
    profile_mark(p, NULL);
    ProfileRow sum = {0};
    double by = 1e3 / (double)steps;
    for (int i = 0; i < p->rows; i++) {
        sum.forward += p->row[i].forward;
        sum.backward += p->row[i].backward;
        sum.forward_flops += p->row[i].forward_flops + p->row[i].backward_flops;
    }
    qsort(p->row, (size_t)p->rows, sizeof *p->row, dearer_first);
    printf("milliseconds a step   forward  backward      both    share   GFLOP/s\n");
    for (int i = 0; i < p->rows; i++) {
        const ProfileRow *r = &p->row[i];
        print_row(r->name, r->forward, r->backward, r->forward_flops + r->backward_flops, seconds_of(&sum), by);
    }
    print_row("all", sum.forward, sum.backward, sum.forward_flops, seconds_of(&sum), by);
}
