// grade/judges.h: what the files of lesson 06's grader share, and the checks that they hold.
#ifndef JUDGES_H
#define JUDGES_H

#include "operations.h"


// grade/cells.c
void rnn_one_step(void), rnn_steps(void), rnn_state(void), rnn_to_x(void), rnn_to_weights(void), rnn_adds(void);
void lstm_one_step(void), lstm_steps(void), lstm_state(void), lstm_back_one_step(void), lstm_back(void);
void gru_one_step(void), gru_steps(void), gru_back(void);
// grade/training.c
void clip_length(void), clip_scales(void);
void adamw_first(void), adamw_several(void), adamw_decays(void);
void dropout_trains(void), dropout_evaluates(void), dropout_back(void);
// grade/words.c
void vocab_counts(void), vocab_ties(void), vocab_limits(void);
void sequences_side_by_side(void), sequences_filled_up(void);
// grade/attention.c
void attention_weights(void), attention_sums(void), attention_to_values(void), attention_to_scores(void), attention_adds(void);

#endif
