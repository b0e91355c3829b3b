// 10_text.c: fuzzes lesson 10's way with texts: any bytes, fed in chunks of any size, become the same tokens, and the same bytes again.
#include "bpe_decode.h"
#include "bpe_encode.h"
#include "bpe_train.h"
#include "bpe_word.h"
#include "fuzz.h"
#include "pretokenize.h"
#include "wordpiece.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST = 4096, SLOW = 300 };

// A vocabulary with merges that overlap, characters of several bytes, and special tokens of which one begins like another.
static const Bpe *vocabulary(void) {
    static const char text[] = "the cat that sat at the hat, aaaa aaa aa abab ababab baba  bb  b\n\n\n it's they'll\t\t12 123 1234 "
                               "\xc3\xa9t\xc3\xa9 \xc3\xa9t\xc3\xa9 \xf0\x9f\x98\x80\xf0\x9f\x98\x80 \xf0\x9f\x98\x80\xf0\x9f\x98\x80 \xe3\x80\x80\xe3\x80\x80 ... --- ...";
    static const char *const special[] = {"<|endoftext|>", "<|end", "\n\n", "at", "\xc3"};
    static Bpe b;
    if (b.size > 0) return &b;
    BpeWords w = bpe_words_new();
    bpe_words_add_text(&w, (const unsigned char *)text, sizeof text - 1);
    b = bpe_train(&w, 320, TIES_GREATER);
    bpe_words_free(&w);
    for (int i = 0; i < COUNT(special); i++) bpe_add_token(&b, b.size, (const unsigned char *)special[i], (int)strlen(special[i]), true);
    return &b;
}

// --- in chunks ---

typedef struct {
    int at[LONGEST];        // ids, or where pieces end
    size_t n;
    const unsigned char *text;
} List;

static void add_ids(void *list, const int *id, int count) {
    List *l = list;
    CHECK(count > 0 && l->n + (size_t)count <= LONGEST, "more tokens than bytes");
    memcpy(l->at + l->n, id, (size_t)count * sizeof *id);
    l->n += (size_t)count;
}

static void add_piece(void *list, const unsigned char *start, size_t n) {
    List *l = list;
    int before = l->n ? l->at[l->n - 1] : 0;
    CHECK(n > 0 && l->n < LONGEST, "a piece of %zu bytes", n);
    CHECK(memcmp(start, l->text + before, n) == 0, "the piece behind byte %d has other bytes than the text", before);
    l->at[l->n++] = before + (int)n;
}

// Each chunk is a block of its own, so that AddressSanitizer sees who reads beyond it.
static void in_chunks(BpeEncoder *e, Pretokenizer *p, const uint8_t *text, size_t n, unsigned *state, List *list) {
    int largest = 1 + fuzz_random(state, fuzz_random(state, 2) ? 8 : 200);
    for (size_t at = 0, some; at < n; at += some) {
        some = (size_t)fuzz_random(state, largest + 1);
        if (some > n - at) some = n - at;
        unsigned char *chunk = memcpy(xmalloc(some), text + at, some);
        if (e) bpe_encoder_feed(e, chunk, some, false, add_ids, list);
        else pretokenizer_feed(p, chunk, some, false, add_piece, list);
        free(chunk);
    }
    if (e) bpe_encoder_feed(e, NULL, 0, true, add_ids, list);
    else pretokenizer_feed(p, NULL, 0, true, add_piece, list);
}

static void same(const List *got, const List *want, const char *what) {
    CHECK(got->n == want->n && memcmp(got->at, want->at, want->n * sizeof *want->at) == 0, "%s: in chunks %zu, at once %zu, or others", what, got->n, want->n);
}

static void pieces(const uint8_t *text, size_t n, unsigned *state, List *whole) {
    static Pretokenizer *p;     // to make one takes longer than to use it: after the end of a text it is as new
    List parts = {.text = text};
    if (!p) p = pretokenizer_new();
    pretokenizer_feed(p, text, n, true, add_piece, whole);
    in_chunks(NULL, p, text, n, state, &parts);
    CHECK((whole->n ? whole->at[whole->n - 1] : 0) == (int)n, "the pieces end before the text does");
    same(&parts, whole, "pieces");
}

static void tokens(const Bpe *b, const uint8_t *text, size_t n, bool special, unsigned *state) {
    static BpeEncoder *encoder[2];
    List whole = {.text = text}, parts = {.text = text};
    Error e = {""};
    size_t length;
    if (!encoder[special]) encoder[special] = bpe_encoder_new(b, special);
    bpe_encoder_feed(encoder[special], text, n, true, add_ids, &whole);
    in_chunks(encoder[special], NULL, text, n, state, &parts);
    same(&parts, &whole, special ? "tokens, special ones too" : "tokens");
    unsigned char *back = bpe_decode(b, whole.at, whole.n, &length, &e);
    CHECK(back && length == n && memcmp(back, text, n) == 0, "the text is another one after encode and decode");
    free(back);
}

// --- word by word ---

// Merging by its definition.
static void as_defined(const Bpe *b, const uint8_t *word, int n) {
    int fast[SLOW], slow[SLOW], count = bpe_word(b, word, n, fast), m = n;
    for (int i = 0; i < n; i++) slow[i] = b->byte[word[i]];
    for (;;) {
        int best = -1, at = -1;
        for (int i = 0; i + 1 < m; i++) {
            int rank = bpe_rank(b, slow[i], slow[i + 1]);
            if (rank >= 0 && (best < 0 || rank < best)) best = rank, at = i;
        }
        if (at < 0) break;
        slow[at] = b->merged[best];
        memmove(slow + at + 1, slow + at + 2, (size_t)(m - at - 2) * sizeof *slow);
        m--;
    }
    CHECK(count == m && memcmp(fast, slow, (size_t)m * sizeof *fast) == 0, "a word of %d bytes: %d tokens, want %d, or others", n, count, m);
}

// The pieces of a word, without ##, are the word again; or it is one <unk>.
static void word_pieces_of(const Words *w, const uint8_t *word, int n) {
    int id[SLOW], count = wordpiece_word(w, (const char *)word, n, id), at = 0;
    if (count == 1 && id[0] == WORD_UNK) return;
    for (int i = 0; i < count; i++) {
        int mark = i > 0 ? 2 : 0, length = w->length[id[i]] - mark;
        CHECK(length > 0 && at + length <= n && memcmp(w->word[id[i]] + mark, word + at, (size_t)length) == 0, "piece %d of %d is not what stands there", i, count);
        at += length;
    }
    CHECK(at == n, "the pieces have %d of the word's %d bytes", at, n);
}

// --- the bytes as ids ---

static void ids(const Bpe *b, const uint8_t *data, size_t size) {
    int id[LONGEST];
    size_t n = size / 2, length;
    Error e = {""};
    for (size_t i = 0; i < n; i++) id[i] = (int16_t)(data[2 * i] | data[2 * i + 1] << 8);
    unsigned char *text = bpe_decode(b, id, n, &length, &e);
    if (!text) fuzz_refused(&e);
    free(text);
}

// The first byte chooses the chunks; the text comes behind it.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0 || size > LONGEST) return 0;
    const Bpe *b = vocabulary();
    unsigned state = data[0];
    const uint8_t *text = data + 1;
    size_t n = size - 1;
    List piece = {.text = text};
    pieces(text, n, &state, &piece);
    for (int special = 0; special < 2; special++) tokens(b, text, n, special, &state);
    Words w = wordpiece_train((const char *)text, n < SLOW ? n : SLOW, WORDS_SPECIAL + 40);
    for (size_t i = 0; i < piece.n; i++) {
        int from = i ? piece.at[i - 1] : 0, length = min_int(piece.at[i] - from, SLOW);
        as_defined(b, text + from, length);
        word_pieces_of(&w, text + from, length);
    }
    words_free(&w);
    ids(b, text, n);
    return 0;
}
