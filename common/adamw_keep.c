// adamw_keep.c, from lesson 06: an optimizer that goes on where its training was broken off.
#include "adamw_keep.h"

void adamw_keep(AdamW *a, Train *t) {
    train_keep(t, "adamw.m", a->m, a->size * sizeof *a->m);
    train_keep(t, "adamw.v", a->v, a->size * sizeof *a->v);
    train_keep(t, "adamw.step", &a->step, sizeof a->step);
}
