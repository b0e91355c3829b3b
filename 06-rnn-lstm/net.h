// net.h of 06-rnn-lstm: embeddings, a recurrent cell, perhaps attention over its states, and the next word.
#ifndef NET_H
#define NET_H

#include "model.h"
#include "params.h"
#include "rng.h"

typedef enum { CELL_RNN, CELL_LSTM, CELL_GRU } CellKind;
enum { CELLS = 3 };
extern const char *const CELL_NAME[CELLS];

typedef struct {
    int V, embedding, hidden;
    CellKind cell;
    int attention;          // numbers in a query and a key; 0: no attention
    bool bidirectional;     // a second cell reads from the end: for cloze, no language model
    int window;             // how far attention looks back when the model writes
} Shape;

typedef struct {
    Tensor *wx, *wh, *b;    // (G,I), (G,H), (G): see op_rnn.h, op_lstm.h, op_gru.h
} CellWeights;

typedef struct {
    Shape shape;
    Params params;
    Tensor *c;                          // (V, embedding)
    CellWeights forward, backward;      // the second one if bidirectional
    Tensor *wq, *wk, *v, *wc, *bc;      // attention: (A,H), (A,H), (A); (H,2H), (H)
    Tensor *wo, *bo;                    // (V,H), or (V,2H) if bidirectional; (V)
    Tape ask;                           // for the model's face:
    float *state;                       // (2,1,H) after the ids in `seen`
    int *seen;
    size_t seen_count, seen_room;
} Net;

// One batch; what is not used is NULL.
typedef struct {
    int T, B;
    const int *x;           // (T,B)
    const int *backwards;   // (T,B) the same sequences from their end
    const int *length;      // (B)
    float *state;           // (2,B,H) before, and then after; NULL: begin with zeros
} Input;

// The tensors of one pass.
typedef struct {
    Tensor *e;              // (T,B,embedding)
    Tensor *h;              // (T,B,H) the cell's states
    Tensor *context;        // (T,B,H) what attention found, or NULL
    Tensor *logits;         // (T,B,V)
} Pass;

void net_init(Net *net, Shape shape);                   // all weights zero
void net_free(Net *net);
// As PyTorch begins: embeddings normal, all else uniform between -1/sqrt(H) and 1/sqrt(H). Two things differ: what makes attention's
// scores is four times as wide, else all scores are alike for long and nothing is learned from them; and the bias of an LSTM's forget
// gate has forget_bias added (0: as in PyTorch; 1: Jozefowicz, Zaremba and Sutskever, ICML 2015).
void net_randomise(Net *net, Rng *rng, double forget_bias);
Pass net_forward(Net *net, Tape *tape, Input in, double dropout, Rng *rng, bool training);
// `boundary`: the id that ends a name, or -1.
Model net_model(Net *net, const Vocab *vocab, int boundary);

#endif
