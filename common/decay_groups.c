// decay_groups.c, from lesson 09: which weights decay, and which do not.
#include "decay_groups.h"

#include <string.h>

static bool decays(const Tensor *t) { return t->ndim >= 2; }

size_t decay_groups(Params *p) {
    CHECK(!p->allocated, "decay_groups: called after params_allocate, want it before");
    Tensor *sorted[PARAMS_MOST];
    int n = 0;
    size_t size = 0;
    for (int first = 1; first >= 0; first--)
        for (int i = 0; i < p->count; i++) {
            if (decays(p->param[i]) != first) continue;
            sorted[n++] = p->param[i];
            if (first) size += p->param[i]->size;
        }
    memcpy(p->param, sorted, (size_t)n * sizeof *sorted);
    return size;
}

DecayGroups decay_groups_new(const Params *p, size_t matrices, double decay, double beta2) {
    CHECK(p->allocated && matrices <= p->size, "decay_groups_new: %zu numbers in matrices, of %zu in all%s", matrices, p->size, p->allocated ? "" : "; call params_allocate first");
    DecayGroups d = {.group = {{.data = p->data, .grad = p->grad, .size = matrices},
                               {.data = p->data + matrices, .grad = p->grad + matrices, .size = p->size - matrices}}};
    for (int i = 0; i < 2; i++) {
        d.adamw[i] = adamw_new(&d.group[i], i == 0 ? decay : 0);
        d.adamw[i].beta2 = beta2;
    }
    return d;
}

void decay_groups_free(DecayGroups *d) {
    for (int i = 0; i < 2; i++) adamw_free(&d->adamw[i]);
}

void decay_groups_step(DecayGroups *d, double lr) {
    for (int i = 0; i < 2; i++) adamw_step(&d->adamw[i], &d->group[i], lr);
}
