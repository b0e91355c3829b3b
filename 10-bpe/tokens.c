// tokens.c of 10-bpe: a text as characters, words or byte-pair tokens.
#include "tokens.h"
#include "bpe_encode.h"
#include "bpe_files.h"

#include <stdlib.h>
#include <string.h>

unsigned char *tokens_bytes(const Vocab *characters, Stream s) {
    unsigned char *bytes = xmalloc(s.n + 1);
    for (size_t i = 0; i < s.n; i++) bytes[i] = characters->byte[s.id[i]];
    bytes[s.n] = 0;
    return bytes;
}

// --- learning or reading them ---

static bool bpe_of(Tokens *t, const char *how, int size, BpeTies ties, const unsigned char *text, size_t n, Error *e) {
    if (strncmp(how, "bpe:", 4) == 0) {
        char *vocab = xprintf("%s/vocab.json", how + 4), *merges = xprintf("%s/merges.txt", how + 4);
        bool ok = bpe_read(&t->bpe, vocab, merges, e);
        free(vocab);
        free(merges);
        return ok;
    }
    BpeWords words = bpe_words_new();
    bpe_words_add_text(&words, text, n);
    t->bpe = bpe_train(&words, size, ties);
    bpe_words_free(&words);
    return true;
}

static void make_pieces(Tokens *t, Vocab *vocab) {
    if (t->kind == TOKENS_CHAR) return;
    t->pieces = t->kind == TOKENS_BPE ? bpe_pieces(&t->bpe) : word_pieces(&t->words, WORD_EOS);
    *vocab = (Vocab){.size = t->kind == TOKENS_BPE ? t->bpe.size : t->words.size, .pieces = &t->pieces};
}

static bool kind_of(Tokens *t, const char *how, Error *e) {
    if (strcmp(how, "char") == 0) t->kind = TOKENS_CHAR;
    else if (strcmp(how, "word") == 0) t->kind = TOKENS_WORD;
    else if (strcmp(how, "bpe") == 0 || strncmp(how, "bpe:", 4) == 0) t->kind = TOKENS_BPE;
    else return error(e, "--tokenizer %s: want char, word, bpe, or bpe:DIR with a vocab.json and a merges.txt in DIR", how);
    return true;
}

bool tokens_of_text(Tokens *t, const char *how, int size, BpeTies ties, Text *text, double bytes[3], Error *e) {
    *t = (Tokens){0};
    if (!kind_of(t, how, e)) return false;
    unsigned char *train = tokens_bytes(&text->vocab, text->train);
    bool ok = t->kind != TOKENS_BPE || bpe_of(t, how, size, ties, train, text->train.n, e);
    if (t->kind == TOKENS_WORD) t->words = words_of_text((const char *)train, text->train.n, 2, 1 << 20);
    free(train);
    if (!ok) return false;
    Vocab vocab = text->vocab;
    make_pieces(t, &vocab);
    tokens_encode(t, &vocab, text, bytes);
    return true;
}

bool tokens_restore(Tokens *t, int kind, const void *bytes, size_t size, Vocab *vocab, Error *e) {
    *t = (Tokens){.kind = (TokensKind)kind};
    if (t->kind == TOKENS_BPE && !bpe_pieces_restore(&t->bpe, bytes, size, e)) return false;
    if (t->kind == TOKENS_WORD && !word_pieces_restore(&t->words, bytes, size, e)) return false;
    make_pieces(t, vocab);
    return true;
}

void tokens_free(Tokens *t) {
    if (t->kind == TOKENS_BPE) bpe_pieces_free(&t->pieces);
    if (t->kind == TOKENS_WORD) word_pieces_free(&t->pieces);
    bpe_free(&t->bpe);
    words_free(&t->words);
}

// --- the text in them ---

// Split by split, so that none knows of another.
void tokens_encode(Tokens *t, const Vocab *vocab, Text *text, double bytes[3]) {
    Stream *split[] = {&text->train, &text->val, &text->test};
    int *all = xmalloc((text->all.n + 1) * sizeof *all), *at = all;
    for (int i = 0; i < 3; i++) {
        size_t n = split[i]->n;
        bytes[i] = (double)n;
        if (t->kind == TOKENS_CHAR) continue;
        unsigned char *string = tokens_bytes(&text->vocab, *split[i]);
        int count = vocab_encode(vocab, (const char *)string, n, at, NULL);     // neither words nor bytes can fail
        *split[i] = (Stream){at, (size_t)count, -1};
        at += count;
        free(string);
    }
    if (t->kind != TOKENS_CHAR) {
        free(text->storage);
        text->storage = all;
        text->all = (Stream){all, (size_t)(at - all), -1};
        text->names = false;
    } else free(all);
    text->vocab = *vocab;
}
