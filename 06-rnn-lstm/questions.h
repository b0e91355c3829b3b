// questions.h of 06-rnn-lstm: what a net remembers of a story, asked at its end.
#ifndef QUESTIONS_H
#define QUESTIONS_H

#include "corpus.h"
#include "net.h"

typedef struct {
    int asked, right;       // how many questions; of how many the answer was the likeliest word
    double loss;            // mean over the answers, in nats
} Answers;

// The places of the words that answer, among ids[0..n): lines that begin with Who or What ask and answer, such as
//     Who has the whistle? Vera has the whistle.          What does Daisy like? Daisy likes noodles.
// The answer to Who is the first word after the question, that to What the last before the full stop. Into place[] (room for n); how many.
int questions_find(const Words *w, const int *id, size_t n, int *place);

// Asks every question of id[0..n): the net reads the `window` words before the answer, from a state of zeros, and says what is next.
Answers questions_ask(Net *net, const Words *w, const int *id, size_t n, int window);

#endif
