// tokens.h of 10-bpe: a text as characters, words or byte-pair tokens.
#ifndef TOKENS_H
#define TOKENS_H

#include "bpe_pieces.h"
#include "bpe_train.h"
#include "word_pieces.h"

typedef enum { TOKENS_CHAR, TOKENS_WORD, TOKENS_BPE, TOKENS_KINDS } TokensKind;

// One way of cutting texts; what it needs besides the text's own characters.
typedef struct {
    TokensKind kind;
    Bpe bpe;
    Words words;
    Pieces pieces;
} Tokens;

// `how`: "char", "word" (those that occur twice or more in the part to learn from), "bpe" (a vocabulary of `size` tokens, learned from that part), or "bpe:DIR" (of
// DIR's vocab.json and merges.txt). The text's splits and vocabulary become those of these tokens; bytes[i]: how many bytes split i has.
// Free with tokens_free, after the text. On failure: false, e says why.
bool tokens_of_text(Tokens *t, const char *how, int size, BpeTies ties, Text *text, double bytes[3], Error *e);
// The tokens that a saved model learned with, its vocabulary with them; and a text in these tokens.
bool tokens_restore(Tokens *t, int kind, const void *bytes, size_t size, Vocab *vocab, Error *e);
void tokens_encode(Tokens *t, const Vocab *vocab, Text *text, double bytes[3]);
void tokens_free(Tokens *t);

// The bytes of a stream of characters. Free them.
unsigned char *tokens_bytes(const Vocab *characters, Stream s);

#endif
