// text.h, from lesson 01: a text file as numbers, and its split into train, validation and test.
#ifndef TEXT_H
#define TEXT_H

#include "util.h"

#include <stdio.h>

// How a text becomes ids, and ids become text, where that is not a matter of single characters (words, from lesson 06 on).
typedef struct {
    // The ids of a string, at most as many as it has bytes; how many, or -1: it cannot be said in these pieces, and e says why.
    int (*encode)(void *self, const char *string, size_t length, int *id, Error *e);
    // Writes the text of an id that comes after the id `before` (-1: after nothing).
    void (*write)(void *self, int id, int before, FILE *out);
    void *self;
    int start;                  // the id that stands before everything
    const char *unit;           // what a piece is: "word"
    const void *bytes;          // all that is needed to make this again, for the model's file
    size_t size;
} Pieces;

// Which characters there are. A character is a byte; its id is its rank among the bytes that occur, in byte order.
// The newline is the smallest in nearly every text, so it has id 0.
typedef struct {
    int size;                   // V
    unsigned char byte[256];    // byte[id]
    int id[256];                // id[byte], or -1: never seen
    bool names;                 // a list of names: id 0, the newline, ends each name and is shown as '.'
    const Pieces *pieces;       // NULL: characters, as above; else these, and byte and id are not used
} Vocab;

// Ids in a row. In a list of names the boundary (id 0) stands before the first name, between any two, and after the
// last: .emma.olivia.ava. so the pairs of neighbours are just the pairs that count. In a running text there is no
// boundary: -1.
typedef struct {
    const int *id;              // (n)
    size_t n;
    int boundary;               // 0 in a list of names, -1 in a running text
} Stream;

typedef struct {
    char *name;                 // as given: "names", or a path
    bool names;                 // true: a list of names, one a line; false: a running text
    int examples;               // how many names, or 1
    Vocab vocab;
    Stream all, train, val;     // names: shuffled (shuffle.h), 80/10/10; text: the first 90 % and the last 10 %
    Stream test;                // empty (n = 0) for a running text
    int *storage;
} Text;

// Loads a data set by its name (NAME.txt in $LM_DATASETS, datasets or build/data), or a file by its path. A file is a list
// of names if no line of it is longer than 40 bytes or has a space inside; `as` = "names" or "text" overrides that.
// Blank lines and carriage returns before a newline are skipped in a list of names; a last line without a newline
// counts; any byte may occur.
// On failure (no such file, too little in it): false, one line in e, nothing to free.
bool text_load(Text *text, const char *data, const char *as, Error *e);
void text_free(Text *text);
// The bytes of such a data set or file, as they are. Free *bytes. On failure: false, one line in e. An empty one is a failure, too.
bool text_read(const char *data, unsigned char **bytes, size_t *size, Error *e);

// What an id stands for: "character", or as the pieces say.
const char *vocab_unit(const Vocab *v);
// The ids of a string, into id[] (at least `length` long); how many there are. What the vocabulary cannot say: -1, and e names it.
int vocab_encode(const Vocab *v, const char *string, size_t length, int *id, Error *e);
// Writes the text of an id; before: the id before it, or -1.
void vocab_write(const Vocab *v, int id, int before, FILE *out);
// The same characters with the same ids?
bool vocab_equal(const Vocab *a, const Vocab *b);
// How to show an id: its byte; a name's end as '.'.
char vocab_show(const Vocab *v, int id);
// The same for a label, where white space would not be seen: a space as '_', a newline as '~', others as '?'.
char vocab_label(const Vocab *v, int id);

#endif
