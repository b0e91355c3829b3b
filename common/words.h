// words.h, from lesson 06: a vocabulary of whole words, with four special ones.
#ifndef WORDS_H
#define WORDS_H

#include "text.h"

// Ids of the special words: filling behind the end of a short sequence; whatever is not in the vocabulary; begin and end of a sequence.
enum { WORD_PAD, WORD_UNK, WORD_BOS, WORD_EOS, WORDS_SPECIAL };

typedef struct {
    int size;               // V, the special ones included
    char **word;            // (size) their texts; what they may hold depends on `characters`
    int *length;            // (size) in bytes
    bool characters;        // every byte is a word of its own
    int *slot;              // a hash table of ids; -1: empty
    int slots;              // a power of two, more than twice the size
} Words;

// Cuts text[0..n) into words and calls each(ctx, start, length) for every one, in order. A word is a run of letters, digits, bytes
// above 127 and < > @ _ - (so that "<unk>" is one); every other character but white space is a word of its own; and so is a
// newline, which is the end of a sequence: <eos>.
void words_cut(const char *text, size_t n, void (*each)(void *ctx, const char *start, int length), void *ctx);

// The words of a text that occur least_count times or more, the most frequent first (of equals, in byte order), at most `most` of them
// after the special ones. "<unk>" in the text is WORD_UNK, and a newline WORD_EOS: they are there already. Free with words_free. In
// word_vocab.c.
Words words_of_text(const char *text, size_t n, int least_count, int most);
// Every character of a vocabulary as a word, in its order, after the special ones; but for the end of a name, which is <eos>.
Words words_of_characters(const Vocab *v);
void words_free(Words *w);

// The id of a word; WORD_UNK if it is not there.
int words_find(const Words *w, const char *word, int length);
// The ids of a text, into id[] (room for n), how many there are. What is not there becomes WORD_UNK.
int words_encode(const Words *w, const char *text, size_t n, int *id);

// --- for those who make a vocabulary in another way ---

// The special words alone.
Words words_special(void);
// The word's id; if it is not there, it becomes the last one.
int words_add(Words *w, const char *word, int length);

#endif
