// expect: If two are exchanged where they stand
#include "decay_groups.h"

#include <string.h>

static bool decays(const Tensor *t) { return t->ndim >= 2; }

size_t decay_groups(Params *p) {
    CHECK(!p->allocated, "decay_groups: called after params_allocate, want it before");
    int n = 0;
    size_t size = 0;
    for (int i = 0; i < p->count; i++)
        if (decays(p->param[i])) {
            Tensor *kept = p->param[n];
            p->param[n++] = p->param[i];
            p->param[i] = kept;
            size += p->param[n - 1]->size;
        }
    return size;
}

DecayGroups decay_groups_new(const Params *p, size_t matrices, double decay, double beta2) {
    DecayGroups d = {0};
    d.group[0] = (Params){.data = p->data, .grad = p->grad, .size = matrices};
    d.group[1] = (Params){.data = p->data + matrices, .grad = p->grad + matrices, .size = p->size - matrices};
    d.adamw[0] = adamw_new(&d.group[0], decay);
    d.adamw[1] = adamw_new(&d.group[1], 0);
    d.adamw[0].beta2 = d.adamw[1].beta2 = beta2;
    return d;
}

void decay_groups_free(DecayGroups *d) {
    for (int i = 0; i < 2; i++) adamw_free(&d->adamw[i]);
}

void decay_groups_step(DecayGroups *d, double lr) {
    for (int i = 0; i < 2; i++) adamw_step(&d->adamw[i], &d->group[i], lr);
}
