// grade.c of 06-rnn-lstm: what the exercises of lesson 06 are judged by. The checks are in grade_*.c.
#include "grade/judges.h"

static const GradeCheck CHECKS[] = {
    {"op_rnn", "one step, from a state of zeros", 1, true, rnn_one_step, "The recurrent net", 'a'},
    {"op_rnn", "step by step, each from the state before it", 1, true, rnn_steps, "The recurrent net", 'a'},
    {"op_rnn", "a state comes in, and the last one goes out", 1, true, rnn_state, "The recurrent net", 'a'},
    {"op_rnn", "the gradient of x, back through time", 1, true, rnn_to_x, "Backpropagation through time", 'a'},
    {"op_rnn", "the gradients of the weights, from all steps", 1, true, rnn_to_weights, "Backpropagation through time", 'a'},
    {"op_rnn", "gradients add up, and unwanted ones are skipped", 1, false, rnn_adds, "Backpropagation through time", 'a'},
    {"clip", "the length of all gradients together", 1, true, clip_length, "Clipping", 'a'},
    {"clip", "makes the too long shorter, and leaves the others alone", 1, true, clip_scales, "Clipping", 'a'},
    {"op_lstm", "one step, from states of zeros", 1, true, lstm_one_step, "LSTM", 'b'},
    {"op_lstm", "step by step, with h and c from the step before", 1, true, lstm_steps, "LSTM", 'b'},
    {"op_lstm", "h and c come in, and the last ones go out", 1, true, lstm_state, "LSTM", 'b'},
    {"op_lstm", "the gradients of one step", 1, true, lstm_back_one_step, "LSTM", 'b'},
    {"op_lstm", "the gradients through time, by h and by c", 1, true, lstm_back, "LSTM", 'b'},
    {"adamw", "the first step", 1, true, adamw_first, "AdamW", 'b'},
    {"adamw", "several steps", 1, true, adamw_several, "AdamW", 'b'},
    {"adamw", "decays the weights, apart from the gradient", 1, false, adamw_decays, "AdamW", 'b'},
    {"op_dropout", "drops in training, and scales what stays", 1, true, dropout_trains, "Dropout", 'b'},
    {"op_dropout", "does nothing in evaluation, and with p = 0", 1, true, dropout_evaluates, "Dropout", 'b'},
    {"op_dropout", "the gradient, by the same mask", 1, true, dropout_back, "Dropout", 'b'},
    {"op_gru", "one step, from any state", 1, false, gru_one_step, "GRU", 'b'},
    {"op_gru", "step by step; the state comes in and goes out", 1, false, gru_steps, "GRU", 'b'},
    {"op_gru", "the gradients, back through time", 1, false, gru_back, "GRU", 'b'},
    {"word_vocab", "the most frequent words first", 1, false, vocab_counts, "Words", 'c'},
    {"word_vocab", "equally frequent ones in byte order", 1, false, vocab_ties, "Words", 'c'},
    {"word_vocab", "without the rare ones, and not too many", 1, false, vocab_limits, "Words", 'c'},
    {"sequences", "<bos> before, <eos> after, one place apart", 1, false, sequences_side_by_side, "Sequences and padding", 'c'},
    {"sequences", "<pad> behind the end", 1, false, sequences_filled_up, "Sequences and padding", 'c'},
    {"op_additive_attention", "the weights: how well each earlier place fits", 1, false, attention_weights, "Additive attention", 'd'},
    {"op_additive_attention", "the mean that they make, and 0 where nothing is earlier", 1, false, attention_sums, "Additive attention", 'd'},
    {"op_additive_attention", "the gradient of the values", 1, false, attention_to_values, "Additive attention", 'd'},
    {"op_additive_attention", "the gradients of query, key and v", 1, false, attention_to_scores, "Additive attention", 'd'},
    {"op_additive_attention", "gradients add up, and unwanted ones are skipped", 1, false, attention_adds, "Additive attention", 'd'},
};

int main(int argc, char **argv) { return grade_main(argc, argv, "06-rnn-lstm", CHECKS, sizeof CHECKS / sizeof *CHECKS); }
