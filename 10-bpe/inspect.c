// inspect.c of 10-bpe: tokens in a text, how they were made, and what a larger vocabulary brings.
#include "inspect.h"
#include "bpe_encode.h"
#include "colour.h"
#include "plot.h"
#include "pretokenize.h"
#include "wordpiece.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN = 20 };

// Quoted, so that spaces are seen.
static void print_quoted(const unsigned char *bytes, int n) {
    putchar('"');
    colour_bytes(stdout, bytes, n);
    putchar('"');
}

static void print_token(const Bpe *b, int id) { print_quoted(b->token[id], b->length[id]); }

// --- a text ---

static void print_piece(void *ctx, const unsigned char *start, size_t n) {
    (void)ctx;
    putchar(' ');
    print_quoted(start, (int)n);
}

void inspect_text(const Bpe *b, const unsigned char *text, size_t n, bool pieces) {
    int *id = xmalloc((n + 1) * sizeof *id);
    size_t count = bpe_encode(b, text, n, false, id);
    if (pieces) {
        Pretokenizer *p = pretokenizer_new();
        printf("pieces:");
        pretokenizer_feed(p, text, n, true, print_piece, NULL);
        pretokenizer_free(p);
        putchar('\n');
    }
    colour_tokens(stdout, b, id, count);
    printf("%zu bytes, %zu tokens:", n, count);
    for (size_t i = 0; i < count; i++) printf(" %d", id[i]);
    printf("\n\n");
    free(id);
}

// --- merges ---

static int merge_of(const Bpe *b, int id) {
    for (int i = 0; i < b->merges; i++)
        if (b->merged[i] == id) return i;
    return -1;
}

static void print_tree(const Bpe *b, int id, int depth) {
    int rank = merge_of(b, id);
    printf("%*s", 4 * depth, "");
    print_token(b, id);
    if (rank < 0) {
        printf("   a byte\n");
        return;
    }
    printf("   token %d, merge %d\n", id, rank + 1);
    print_tree(b, b->pair[rank][0], depth + 1);
    print_tree(b, b->pair[rank][1], depth + 1);
}

void inspect_merges(const Bpe *b, const unsigned char *text, size_t n) {
    printf("the first merges:\n");
    for (int i = 0; i < min_int(SHOWN, b->merges); i++) {
        printf("%6d  ", i + 1);
        print_token(b, b->pair[i][0]);
        printf(" ");
        print_token(b, b->pair[i][1]);
        printf("  ->  %d ", b->merged[i]);
        print_token(b, b->merged[i]);
        putchar('\n');
    }
    int *id = xmalloc((n + 1) * sizeof *id), longest = -1;
    size_t count = bpe_encode(b, text, n, false, id);
    for (size_t i = 0; i < count; i++)
        if (longest < 0 || b->length[id[i]] > b->length[longest]) longest = id[i];
    if (longest >= 0) {
        printf("\nthe longest token of the text, and how it was made:\n");
        print_tree(b, longest, 0);
    }
    free(id);
}

// --- WordPiece ---

static void print_pieces(void *words, const char *start, int length) {
    const Words *w = words;
    if (*start == '\n') return;
    int *id = xmalloc((size_t)length * sizeof *id), n = wordpiece_word(w, start, length, id);
    for (int i = 0; i < n; i++) printf(" %s", id[i] == WORD_UNK ? "[UNK]" : w->word[id[i]]);
    free(id);
}

static bool is_character(const Words *w, int id) { return w->length[id] == 1 || (w->length[id] == 3 && memcmp(w->word[id], "##", 2) == 0); }

void inspect_wordpiece(const unsigned char *text, size_t n, int size, const unsigned char *shown, size_t length) {
    Words w = wordpiece_train((const char *)text, n, size);
    int first = WORDS_SPECIAL;
    while (first < w.size && is_character(&w, first)) first++;
    printf("\nWordPiece: %d entries, %d of them special, %d characters; then, in their order:", w.size, WORDS_SPECIAL, first - WORDS_SPECIAL);
    for (int i = first; i < min_int(w.size, first + SHOWN); i++) printf(" %s", w.word[i]);
    printf("\n");
    words_cut((const char *)shown, length, print_pieces, &w);
    printf("\n");
    words_free(&w);
}

// --- sizes ---

void inspect_sizes(const unsigned char *text, size_t n, BpeTies ties) {
    static const int SIZES[] = {256, 300, 400, 512, 768, 1024, 2048, 4096, 8192, 16384};
    size_t cut = n / 10 * 9, rest = n - cut;
    double size[COUNT(SIZES)], learned[COUNT(SIZES)], held_out[COUNT(SIZES)];
    int rows = 0, *id = xmalloc((n + 1) * sizeof *id);
    printf("\nbytes a token:  vocabulary   learned from   held out\n");
    for (int i = 0; i < COUNT(SIZES); i++) {
        BpeWords words = bpe_words_new();
        bpe_words_add_text(&words, text, cut);
        Bpe b = bpe_train(&words, SIZES[i], ties);
        bpe_words_free(&words);
        bool all = b.size < SIZES[i];
        size[rows] = b.size;
        learned[rows] = (double)cut / (double)max_int(1, (int)bpe_encode(&b, text, cut, false, id));
        held_out[rows] = (double)rest / (double)max_int(1, (int)bpe_encode(&b, text + cut, rest, false, id));
        printf("%26d %14.3f %10.3f\n", b.size, learned[rows], held_out[rows]);
        rows++;
        bpe_free(&b);
        if (all) break;         // there is nothing more to learn
    }
    free(id);
    Plot p;
    plot_begin(&p, "runs/10-bpe/sizes.png", "What a larger vocabulary brings", "tokens in the vocabulary", "bytes a token");
    plot_set(&p, "logscale x 2");
    plot_set(&p, "key bottom right");
    plot_curve(&p, "the text that it learned from", size, learned, rows);
    plot_curve(&p, "held out", size, held_out, rows);
    plot_show(&p, false);
}
