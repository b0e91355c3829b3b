// grade.c of 07-attention: what the exercises of lesson 07 are judged by. The checks are in grade_*.c.
#include "grade/judges.h"

#include <math.h>
#include <string.h>

size_t count_of(Size z) { return (size_t)(z.B * z.T * z.C) * 3; }

Tensor *given_qkv(Size z, uint32_t seed, float start) { return given_tensor("qkv", 3, (int[]){z.B, z.T, 3 * z.C}, seed, start); }

const char *number_text(double x) { return isnan(x) ? "NaN" : isinf(x) ? x > 0 ? "infinity" : "-infinity" : xprintf("%g", x); }

void expect_untouched(const char *what, const Tensor *x, const float *before) {
    if (memcmp(x->data, before, x->size * sizeof *before) != 0) reject("%sqkv itself is changed: write to the result only, for others may read qkv too", what);
}

static const GradeCheck CHECKS[] = {
    {"heads", "where the numbers of a head begin", 1, true, heads_begin, "Where a head is", 0},
    {"op_attention", "one head: the values, mixed by how well keys fit queries", 1, true, look_one_head, "Attention", 0},
    {"op_attention", "whatever comes later changes nothing", 1, true, look_later, "Attention", 0},
    {"op_attention", "scores of a thousand", 1, true, look_great, "Attention", 0},
    {"op_attention", "many heads, each by itself", 1, true, look_heads, "Many heads", 0},
    {"op_attention", "the weights, to be looked at", 1, true, look_weights, "Attention", 0},
    {"op_attention", "the gradient of the values", 1, true, look_to_values, "Backward", 0},
    {"op_attention", "the gradient of the queries", 1, false, look_to_queries, "Backward", 0},
    {"op_attention", "the gradient of the keys", 1, false, look_to_keys, "Backward", 0},
    {"op_attention", "gradients add up, and unwanted ones are skipped", 1, false, look_adds, "Backward", 0},
    {"op_attention", "a slope for each head, where there are slopes", 1, false, look_slopes, "ALiBi", 0},
    {"sinusoid", "a sine and a cosine, side by side", 1, true, sinusoid_pairs, "Positions", 0},
    {"sinusoid", "each pair slower than the one before", 1, true, sinusoid_lengths, "Positions", 0},
    {"op_rope", "turns the pairs of queries and keys", 1, true, rope_turns, "RoPE", 0},
    {"op_rope", "every head and every example alike", 1, false, rope_heads, "RoPE", 0},
    {"op_rope", "from any position, with any base", 1, false, rope_elsewhere, "RoPE", 0},
    {"op_rope", "the gradient", 1, false, rope_back, "RoPE", 0},
    {"op_rope", "the gradient adds up, and is skipped where nobody wants it", 1, false, rope_adds, "RoPE", 0},
    {"alibi", "as many heads as a power of two", 1, false, alibi_powers, "ALiBi", 0},
    {"alibi", "any other number of heads", 1, false, alibi_others, "ALiBi", 0},
};

int main(int argc, char **argv) { return grade_main(argc, argv, "07-attention", CHECKS, sizeof CHECKS / sizeof *CHECKS); }
