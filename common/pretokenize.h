// pretokenize.h, from lesson 10: a text cut into pieces that no token crosses.
#ifndef PRETOKENIZE_H
#define PRETOKENIZE_H

#include "util.h"

// GPT-2's rule, a regular expression with Unicode's classes of characters, in PCRE2: an ending such as 's or 'll; letters, with a space before
// them; digits, with a space; other characters, with a space; white space, but for one that stands before something else.
// Source: Radford et al., 2019, encoder.py. There \s is Unicode's White_Space; PCRE2's is another, so the class is written out.
typedef struct Pretokenizer Pretokenizer;

Pretokenizer *pretokenizer_new(void);
void pretokenizer_free(Pretokenizer *p);

// Feeds n more bytes. each(ctx, start, length) is called for every piece that is complete; a piece is complete when what comes after it cannot
// change it. end: nothing comes after these bytes. Pieces follow each other without gaps; bytes that are no UTF-8 are pieces of their own. What is
// not yet complete is kept: memory grows with the longest piece, not with the text.
void pretokenizer_feed(Pretokenizer *p, const unsigned char *text, size_t n, bool end, void (*each)(void *ctx, const unsigned char *start, size_t length), void *ctx);

#endif
