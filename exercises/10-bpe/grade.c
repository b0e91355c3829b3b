// grade.c of 10-bpe: what the exercises of lesson 10 are judged by. The checks are in grade/.
#include "grade/judges.h"

static const GradeCheck CHECKS[] = {
    {"pair_count", "every pair of neighbours", 1, true, count_neighbours, "Counting pairs", 0},
    {"pair_count", "of 5 5 5 two pairs; and as often as the word occurs", 1, true, count_often, "Counting pairs", 0},
    {"pair_count", "added to what is there, in their order, from short words and long ones", 1, false, count_more, "Counting pairs", 0},
    {"pair_merge", "every such pair becomes one id, the others stay", 1, true, merge_pairs, "One merge", 0},
    {"pair_merge", "of 5 5 5 the first two", 1, true, merge_overlapping, "One merge", 0},
    {"pair_merge", "at both ends, and in short words", 1, false, merge_edges, "One merge", 0},
    {"bpe_train", "the most frequent pair, again and again", 1, true, train_merges, "Learning a vocabulary", 0},
    {"bpe_train", "within words only, and as often as they occur", 1, true, train_within, "Cutting first", 0},
    {"bpe_train", "it ends: enough tokens, or no pair twice", 1, true, train_ends, "Learning a vocabulary", 0},
    {"bpe_train", "ties: the greater pair of byte strings", 1, false, train_greater, "Ties", 0},
    {"bpe_train", "ties: the pair that comes first", 1, false, train_first, "Ties", 0},
    {"bpe_word", "the lowest rank first, until nothing merges", 1, true, word_by_rank, "Encoding", 0},
    {"bpe_word", "of equal ranks the first", 1, true, word_first, "Encoding", 0},
    {"bpe_word", "ids as GPT-2 has them, special tokens, any length", 1, false, word_any, "Special tokens", 0},
    {"bpe_decode", "the bytes, one token behind the other", 1, true, decode_joins, "Decoding", 0},
    {"bpe_decode", "bytes as they are: half characters, zeros, special tokens", 1, false, decode_bytes, "Decoding", 0},
    {"bpe_decode", "an id that is no token: NULL, and e names it", 1, false, decode_refuses, "Decoding", 0},
    {"wordpiece_word", "the longest piece first", 1, false, wordpiece_longest, "WordPiece", 0},
    {"wordpiece_word", "## in front of all but the first", 1, false, wordpiece_marks, "WordPiece", 0},
    {"wordpiece_word", "one [UNK] for a word that cannot be cut", 1, false, wordpiece_unknown, "WordPiece", 0},
};

int main(int argc, char **argv) { return grade_main(argc, argv, "10-bpe", CHECKS, sizeof CHECKS / sizeof *CHECKS); }
