// wrong: it multiplies in int and makes a size_t of it only at the end, so the place overflows for tensors of more than 2^31 numbers.
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
    return (size_t)((b * z.T + t) * 3 * z.C + (int)part * z.C + h * z.HS);
}
