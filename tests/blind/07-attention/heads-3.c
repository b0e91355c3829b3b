// wrong: it takes the tokens as (T,B), time first, so b and t change places; right for B = 1 or T = 1 (and wherever b = t and B = T).
// heads.c, your exercise: where the numbers of a head are.
//
// Read heads.h in common/ first. heads_of is there already; head_at is yours.
#include "heads.h"

Heads heads_of(const char *op, const Tensor *qkv, int NH) {
    int C = last_of(qkv) / 3;
    CHECK(qkv->ndim == 3 && last_of(qkv) == 3 * C && NH > 0 && C % NH == 0, "%s: qkv is %s from \"%s\", with %d heads; want (B,T,3C), C a multiple of the heads",
          op, shape_text(qkv), qkv->name, NH);
    return (Heads){qkv->shape[0], qkv->shape[1], C, NH, C / NH};
}

size_t head_at(Heads z, HeadPart part, int b, int t, int h) {
    size_t row = (size_t)t * (size_t)z.B + (size_t)b;

    return row * 3 * (size_t)z.C + (size_t)part * (size_t)z.C + (size_t)h * (size_t)z.HS;
}
