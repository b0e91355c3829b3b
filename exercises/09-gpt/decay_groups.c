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

    TODO("into `sorted`: those of the p->count tensors p->param[i] that decay, then the others; n: how many tensors, size: how many numbers decay");

    memcpy(p->param, sorted, (size_t)n * sizeof *sorted);
    return size;
}

DecayGroups decay_groups_new(const Params *p, size_t matrices, double decay, double beta2) {
    DecayGroups d = {0};
    (void)p;
    (void)matrices;
    (void)decay;
    (void)beta2;
    TODO("d.group[0] and d.group[1]: data, grad and size of the two pieces of p; d.adamw[0] and d.adamw[1]: by adamw_new, with beta2");

    return d;
}

void decay_groups_free(DecayGroups *d) {
    for (int i = 0; i < 2; i++) adamw_free(&d->adamw[i]);
}

void decay_groups_step(DecayGroups *d, double lr) {
    (void)d;
    (void)lr;
    TODO("one step of each group, with its own AdamW");
}
