// decay_groups_keep.c, from lesson 09: both groups' averages are saved with the model.
#include "decay_groups_keep.h"

void decay_groups_keep(DecayGroups *d, Train *t) {
    static const char *const NAME[2][3] = {{"adamw.m", "adamw.v", "adamw.step"}, {"adamw.vectors.m", "adamw.vectors.v", "adamw.vectors.step"}};
    for (int i = 0; i < 2; i++) {
        AdamW *a = &d->adamw[i];
        train_keep(t, NAME[i][0], a->m, a->size * sizeof *a->m);
        train_keep(t, NAME[i][1], a->v, a->size * sizeof *a->v);
        train_keep(t, NAME[i][2], &a->step, sizeof a->step);
    }
}
