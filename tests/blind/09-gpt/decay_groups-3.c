// wrong: beta2 is given to the matrices' AdamW only, the vectors keep 0.999; shows only in the vectors, from the second step on (in the first one beta2 cancels), with a beta2 other than 0.999.
// decay_groups.c, your exercise: which weights decay, and which do not.
//
// Read decay_groups.h in common/ first, then the structs Params in params.h and AdamW in adamw.h.
#include "decay_groups.h"

#include <string.h>

size_t decay_groups(Params *p) {
    CHECK(!p->allocated, "decay_groups: called after params_allocate, want it before");
    Tensor *sorted[PARAMS_MOST];
    int n = 0;
    size_t size = 0;

    for (int i = 0; i < p->count; i++)
        if (p->param[i]->ndim >= 2) {
            sorted[n++] = p->param[i];
            size += p->param[i]->size;
        }
    for (int i = 0; i < p->count; i++)
        if (p->param[i]->ndim < 2) sorted[n++] = p->param[i];

    memcpy(p->param, sorted, (size_t)n * sizeof *sorted);
    return size;
}

DecayGroups decay_groups_new(const Params *p, size_t matrices, double decay, double beta2) {
    DecayGroups d = {0};
    d.group[0].data = p->data;
    d.group[0].grad = p->grad;
    d.group[0].size = matrices;
    d.group[1].data = p->data + matrices;
    d.group[1].grad = p->grad + matrices;
    d.group[1].size = p->size - matrices;
    d.adamw[0] = adamw_new(&d.group[0], decay);
    d.adamw[0].beta2 = beta2;
    d.adamw[1] = adamw_new(&d.group[1], 0);

    return d;
}

void decay_groups_free(DecayGroups *d) {
    for (int i = 0; i < 2; i++) adamw_free(&d->adamw[i]);
}

void decay_groups_step(DecayGroups *d, double lr) {
    for (int i = 0; i < 2; i++) adamw_step(&d->adamw[i], &d->group[i], lr);
}
