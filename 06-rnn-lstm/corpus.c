// corpus.c of 06-rnn-lstm: a text as words or characters with special ones, in splits.
#include "corpus.h"

#include <stdlib.h>

// The characters of a split again. Free them.
static char *characters_of(const Text *t, Stream s, size_t *n) {
    size_t from = t->names && s.n > 0;          // the boundary before the first name says nothing
    *n = s.n - from;
    char *text = xmalloc(*n + 1);
    for (size_t i = 0; i < *n; i++) text[i] = (char)t->vocab.byte[s.id[from + i]];
    return text;
}

void corpus_vocab(Corpus *c, bool names) {
    c->names = names;
    int newline = c->words.characters ? words_find(&c->words, "\n", 1) : WORD_EOS;
    c->pieces = word_pieces(&c->words, names ? WORD_BOS : newline == WORD_UNK ? WORDS_SPECIAL : newline);
    c->vocab = (Vocab){.size = c->words.size, .names = names, .pieces = &c->pieces};
}

void corpus_init(Corpus *c, const Text *t, bool word_level, int least_count, int most, Words *words, int longest) {
    *c = (Corpus){0};
    const Stream split[] = {t->train, t->val, t->test};
    for (int i = 0; i < 3; i++) {
        size_t n;
        char *text = characters_of(t, split[i], &n);
        if (i == 0) c->words = words ? *words : word_level ? words_of_text(text, n, least_count, most) : words_of_characters(&t->vocab);
        c->id[i] = xmalloc((n + 1) * sizeof *c->id[i]);
        c->n[i] = (size_t)words_encode(&c->words, text, n, c->id[i]);
        c->sequence[i] = sequences_of(c->id[i], c->n[i], longest);
        free(text);
    }
    corpus_vocab(c, t->names);
}

void corpus_free(Corpus *c) {
    for (int i = 0; i < 3; i++) {
        free(c->id[i]);
        if (c->sequence[i].start) sequences_free(&c->sequence[i]);
    }
    word_pieces_free(&c->pieces);
    words_free(&c->words);
}
