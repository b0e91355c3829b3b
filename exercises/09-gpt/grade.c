// grade.c of 09-gpt: what the exercises of lesson 09 are judged by. The checks are in grade/.
#include "grade/judges.h"

static const GradeCheck CHECKS[] = {
    {"schedule", "the way up", 1, true, rate_rises, "A schedule", 0},
    {"schedule", "the way down", 1, true, rate_falls, "A schedule", 0},
    {"schedule", "no way up, no way down, and behind the end", 1, false, rate_elsewhere, "A schedule", 0},
    {"decay_groups", "matrices in front, and counted", 1, true, groups_sorted, "What decays", 0},
    {"decay_groups", "one piece decays, the other does not, and both move", 1, true, groups_stepped, "What decays", 0},
    {"decay_groups", "each piece in its order, whatever there is", 1, false, groups_in_order, "What decays", 0},
    {"accumulate", "the mean of the parts' gradients", 1, true, parts_gradients, "Large batches in small parts", 0},
    {"accumulate", "the mean of their losses", 1, false, parts_loss, "Large batches in small parts", 0},
    {"accumulate", "one part, many parts, and whatever was there before", 1, false, parts_one_and_many, "Large batches in small parts", 0},
    {"sampler", "top-p: the fewest that sum to p", 1, true, cut_top_p, "Sampling", 0},
    {"sampler", "top-p: p 0 and 1, and tokens that are equally likely", 1, false, cut_top_p_edges, "Sampling", 0},
    {"sampler", "min-p: not much less likely than the likeliest", 1, false, cut_min_p, "Sampling", 0},
    {"sampler", "top-k: k, and never more", 1, false, cut_top_k, "Sampling", 0},
    {"sampler", "a sum of 1 again", 1, true, cut_normalise, "Sampling", 0},
    {"kvcache", "keys and values go behind those that are there", 1, true, cache_stores, "A cache", 0},
    {"kvcache", "one new token looks at all, and at itself", 1, true, cache_one_token, "A cache", 0},
    {"kvcache", "several at once: none sees a later one", 1, true, cache_tokens, "A cache", 0},
    {"kvcache", "scores of a thousand", 1, false, cache_great, "A cache", 0},
    {"kvcache", "other layers, and what lies behind", 1, false, cache_rows, "A cache", 0},
    {"kvcache", "a text piece by piece, as all at once", 1, false, cache_text, "A cache", 0},
};

int main(int argc, char **argv) { return grade_main(argc, argv, "09-gpt", CHECKS, sizeof CHECKS / sizeof *CHECKS); }
