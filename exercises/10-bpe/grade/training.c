// grade/training.c of 10-bpe: the checks of bpe_train, by a plain trainer with room for every bug.
#include "bpe_train.h"
#include "judges.h"
#include "pair_table.h"

#include <stdlib.h>
#include <string.h>

// A word, and how often it stands in the text.
typedef struct { const char *bytes; int n; long times; } Row;
#define W(bytes, times) {bytes, (int)sizeof bytes - 1, times}

typedef enum {
    RIGHT,
    // counting
    ONCE, ACROSS, ACROSS_ALL, CARRIED, COUNTED_ONCE, LAST_WORD_LOST, FIRST_WORD_LOST, FIRST_WORD_ONLY,
    // merging
    NOT_MERGED, LENGTH_KEPT, LAST_WORD_KEPT, FIRST_WORD_KEPT, ONE_WORD_MERGED,
    // choosing
    RAREST, RAREST_TWICE, ANY_FIRST, ANY_LAST, LONGEST, LAST_PAIR_LOST,
    // ending
    MIN_1, MIN_3, SIZE_LESS, SIZE_MORE, SIZE_MERGES, ONE_MERGE, NO_MERGES,
    // ties
    T_FIRST, T_LAST, T_GREATER, T_LESSER, T_LEFT_FIRST, T_LEFT_LAST, T_RIGHT_LESSER, T_LEFT_LESSER, T_RIGHT_FIRST, T_ID, T_ID_LESSER, T_SIGNED, T_LENGTH, T_SHORTER, T_PREFIX, T_JOINED, T_STRCMP, T_ID_RIGHT, T_EXCHANGED
} Bug;

typedef struct { Bug bug; const char *why; } Known;

static const Known KNOWN[] = {
    {RAREST, "the rarest pair is merged: the most frequent one is"},
    {RAREST_TWICE, "the rarest pair is merged, of those that stand there twice: the most frequent one is"},
    {ANY_FIRST, "the first pair of the table is merged, whatever its count: the most frequent one is"},
    {ANY_LAST, "the last pair of the table is merged, whatever its count: the most frequent one is"},
    {LAST_PAIR_LOST, "the last pair of the table is never merged: look at all of them, from 0 to t.size - 1"},
    {LONGEST, "the pair that makes the longest token is merged: the most frequent one is"},
    {COUNTED_ONCE, "the counts are those of the beginning: a merge makes new pairs, and takes others away, so count all pairs anew for each"},
    {CARRIED, "the counts of the rounds before are still in the table: begin every round with an empty one, or pairs that are gone stay frequent"},
    {NOT_MERGED, "the words are not merged, so the same pair is the most frequent again and again: pair_merge in every word"},
    {LENGTH_KEPT, "what pair_merge returns is lost: it is the word's new length. Behind it stands what was there before, and is counted again"},
    {ONCE, "every word counts once: it brings its pairs words->times[i] times, as often as it stands in the text"},
    {ACROSS, "the words are taken for one long row: pairs are counted that reach from the end of one word into the beginning of the next. No token crosses that border, so count each word by itself, from words->start[i] on"},
    {ACROSS_ALL, "the words are taken for one long row, and merged as one: pairs reach from the end of one word into the beginning of the next. No token crosses that border, so count and merge each word by itself, from words->start[i] on"},
    {LAST_WORD_LOST, "the last word is not counted: the words are 0 to words->count - 1"},
    {FIRST_WORD_LOST, "the first word is not counted: the words are 0 to words->count - 1"},
    {FIRST_WORD_ONLY, "only the first word is counted: the words are 0 to words->count - 1"},
    {LAST_WORD_KEPT, "the last word is not merged: the words are 0 to words->count - 1"},
    {FIRST_WORD_KEPT, "the first word is not merged: the words are 0 to words->count - 1"},
    {ONE_WORD_MERGED, "only one word is merged, the first that has the pair: all are"},
};
static const Known END_KNOWN[] = {
    {MIN_1, "pairs are merged that stand there only once: it ends when none stands there twice"},
    {MIN_3, "it ends though a pair stands side by side twice: that is enough to learn it"},
    {SIZE_LESS, "it ends one token too early: as long as there are fewer than `size`"},
    {SIZE_MORE, "it makes one token too many: as long as there are fewer than `size`"},
    {SIZE_MERGES, "`size` is taken for how many merges are learned: it is how many tokens there are in the end, the 256 bytes among them"},
    {ONE_MERGE, "it ends after one merge: again and again, until there are `size` tokens"},
    {NO_MERGES, "nothing is learned"},
};
static const Known GREATER_KNOWN[] = {
    {T_EXCHANGED, "the two rules are exchanged: TIES_GREATER is the greater pair of byte strings, TIES_FIRST the one that comes first in the text"},
    {T_FIRST, "the pair that comes first is merged, which is TIES_FIRST: here it is the greater one"},
    {T_LAST, "the pair that comes last is merged: it is the greater one, by its bytes"},
    {T_LESSER, "the lesser pair is merged: of equally frequent ones it is the greater, bpe_compare > 0"},
    {T_LEFT_FIRST, "only the left parts are compared: of pairs with equal left parts that with the greater right part is merged"},
    {T_LEFT_LAST, "only the left parts are compared, and the last of equal ones is taken: of pairs with equal left parts that with the greater right part is merged"},
    {T_RIGHT_LESSER, "of pairs with equal left parts that with the lesser right part is merged: it is the greater, too"},
    {T_LEFT_LESSER, "the lesser left part wins, and the greater right part: both times it is the greater"},
    {T_RIGHT_FIRST, "the right parts are compared first: first the left ones, and the right ones only where those are equal"},
    {T_ID, "the ids are compared: a token's id says when it was learned. It is their bytes that count, bpe_compare"},
    {T_ID_RIGHT, "of the right parts the ids are compared: it is their bytes that count, bpe_compare"},
    {T_ID_LESSER, "the ids are compared, and the lesser wins: it is their bytes that count, bpe_compare, and the greater"},
    {T_SIGNED, "bytes from 128 on are taken for negative, and so for less than letters: compare them as unsigned char, as memcmp does, and bpe_compare"},
    {T_LENGTH, "the longer token is taken for the greater: the first byte that differs decides, and only where one ends is the longer one greater (bpe_compare)"},
    {T_STRCMP, "the comparison ends at a byte 0, as strcmp does: a token may hold any byte. bpe_compare knows the lengths"},
    {T_PREFIX, "where one token is the beginning of the other, the two are taken for equal: the longer one is greater (bpe_compare)"},
    {T_SHORTER, "where one token is the beginning of the other, the shorter one is taken for the greater: it is the longer one (bpe_compare)"},
    {T_JOINED, "what the pairs become is compared, left and right joined: first their left parts are, and the right ones only where those are equal"},
};
static const Known FIRST_KNOWN[] = {
    {T_EXCHANGED, "the two rules are exchanged: TIES_GREATER is the greater pair of byte strings, TIES_FIRST the one that comes first in the text"},
    {T_GREATER, "the greater pair is merged, which is TIES_GREATER: here it is the one that comes first"},
    {T_LAST, "the pair that comes last is merged: it is the first. The table has them in the order of the text, so a later one must be more frequent (>, not >=)"},
    {T_LESSER, "the lesser pair is merged: it is the one that comes first. The table has them in that order"},
    {T_ID_LESSER, "the pair of the lesser ids is merged: it is the one that comes first. The table has them in that order"},
    {T_ID, "the pair of the greater ids is merged: it is the one that comes first. The table has them in that order"},
    {CARRIED, "the table of the rounds before is still in use: begin every round with an empty one, so that the pairs come in the order in which they stand in the text now"},
};

// --- words ---

// In blocks of their own, so that AddressSanitizer sees the end of all ids.
static BpeWords words_of(const Row *row, int count) {
    BpeWords w = {.count = count};
    for (int i = 0; i < count; i++) w.used += (size_t)row[i].n;
    w.id_room = w.used;
    w.id = xmalloc(w.used * sizeof *w.id);
    w.times = xmalloc((size_t)count * sizeof *w.times);
    w.length = xmalloc((size_t)count * sizeof *w.length);
    w.start = xmalloc((size_t)count * sizeof *w.start);
    size_t at = 0;
    for (int i = 0; i < count; i++) {
        w.times[i] = row[i].times;
        w.length[i] = row[i].n;
        w.start[i] = at;
        for (int k = 0; k < row[i].n; k++) w.id[at++] = (unsigned char)row[i].bytes[k];
    }
    return w;
}

static const char *row_text(const Row *row, int count) {
    enum { MOST = 8 };
    const char *text = "";
    for (int i = 0; i < count && i < MOST; i++) text = xprintf("%s%s%s x%ld", text, i ? ", " : "", bytes_text((const unsigned char *)row[i].bytes, (size_t)row[i].n), row[i].times);
    return count == 0 ? "no words" : count > MOST ? xprintf("%s ... (%d words)", text, count) : text;
}

// --- the trainer, with every bug ---

enum { MERGES_MOST = 400 };
typedef struct {
    Bpe bpe;
    BpeWords words;
    int merges, pair[MERGES_MOST][2];
} Learned;

static int compare_ints(int a, int b) { return (a > b) - (a < b); }

static int compare_signed(const Bpe *b, int one, int other) {
    for (int i = 0; i < b->length[one] && i < b->length[other]; i++)
        if (b->token[one][i] != b->token[other][i]) return (signed char)b->token[one][i] - (signed char)b->token[other][i];
    return b->length[one] - b->length[other];
}

static int compare_tokens(const Bpe *b, int one, int other, Bug bug) {
    int length = b->length[one] - b->length[other], least = min_int(b->length[one], b->length[other]);
    int begin = memcmp(b->token[one], b->token[other], (size_t)least);
    switch (bug) {
    case T_ID: return compare_ints(one, other);
    case T_ID_LESSER: return compare_ints(other, one);
    case T_SIGNED: return compare_signed(b, one, other);
    case T_LENGTH: return length ? length : begin;
    case T_PREFIX: return begin;
    case T_SHORTER: return begin ? begin : -length;
    case T_STRCMP: return strcmp((const char *)b->token[one], (const char *)b->token[other]);        // bpe_add_token puts a 0 behind
    default: return begin ? begin : length;
    }
}

static int compare_joined(const Bpe *b, const PairCount *p, const PairCount *q) {
    int n = b->length[p->left] + b->length[p->right], m = b->length[q->left] + b->length[q->right];
    for (int i = 0; i < n && i < m; i++) {
        unsigned char x = i < b->length[p->left] ? b->token[p->left][i] : b->token[p->right][i - b->length[p->left]];
        unsigned char y = i < b->length[q->left] ? b->token[q->left][i] : b->token[q->right][i - b->length[q->left]];
        if (x != y) return x - y;
    }
    return n - m;
}

// Of two equally frequent pairs: is p merged rather than q, which comes before it?
static bool wins_tie(const Bpe *b, const PairCount *p, const PairCount *q, BpeTies ties, Bug bug) {
    int left = compare_tokens(b, p->left, q->left, bug), right = compare_tokens(b, p->right, q->right, bug == T_ID_RIGHT ? T_ID : bug);
    switch (bug) {
    case T_FIRST: return false;
    case T_LAST: return true;
    case T_LESSER: return left ? left < 0 : right < 0;
    case T_LEFT_FIRST: return left > 0;
    case T_LEFT_LAST: return left >= 0;
    case T_RIGHT_LESSER: return left ? left > 0 : right < 0;
    case T_LEFT_LESSER: return left ? left < 0 : right > 0;
    case T_RIGHT_FIRST: return right ? right > 0 : left > 0;
    case T_JOINED: return compare_joined(b, p, q) > 0;
    default: break;
    }
    bool by_bytes = bug >= T_FIRST ? bug != T_EXCHANGED || ties == TIES_FIRST : ties == TIES_GREATER;
    return by_bytes && (left ? left > 0 : right > 0);
}

static bool wins(const Bpe *b, const PairCount *p, const PairCount *q, BpeTies ties, Bug bug) {
    long count = p->count - q->count;
    if (bug == ANY_FIRST) return false;
    if (bug == ANY_LAST) return true;
    if (bug == RAREST || bug == RAREST_TWICE) count = -count;
    if (bug == LONGEST) count = b->length[p->left] + b->length[p->right] - b->length[q->left] - b->length[q->right];
    if (count != 0) return count > 0;
    return wins_tie(b, p, q, ties, bug);
}

static void add_pairs(PairTable *t, const int *id, size_t n, long times) {
    for (size_t i = 0; i + 1 < n; i++) {
        int at = pair_table_at(t, id[i], id[i + 1]);
        t->pair[at].count += times;
    }
}

static void add_all_pairs(PairTable *t, const BpeWords *w, size_t row, Bug bug) {
    if (bug == ACROSS || bug == ACROSS_ALL) {
        add_pairs(t, w->id, row, 1);
        return;
    }
    for (int i = 0; i < w->count; i++) {
        if ((bug == LAST_WORD_LOST && i == w->count - 1) || (bug == FIRST_WORD_LOST && i == 0) || (bug == FIRST_WORD_ONLY && i > 0)) continue;
        add_pairs(t, w->id + w->start[i], (size_t)w->length[i], bug == ONCE ? 1 : w->times[i]);
    }
}

// What is behind stays as it was.
static int merge_plainly(int *id, int n, int left, int right, int merged) {
    int to = 0;
    for (int i = 0; i < n; i++) {
        bool pair = i + 1 < n && id[i] == left && id[i + 1] == right;
        id[to++] = pair ? merged : id[i];
        i += pair;
    }
    return to;
}

static void merge_all(BpeWords *w, size_t *row, PairCount p, int merged, Bug bug) {
    if (bug == ACROSS_ALL) *row = (size_t)merge_plainly(w->id, (int)*row, p.left, p.right, merged);
    for (int i = 0; i < w->count && bug != NOT_MERGED && bug != ACROSS_ALL; i++) {
        if ((bug == LAST_WORD_KEPT && i == w->count - 1) || (bug == FIRST_WORD_KEPT && i == 0)) continue;
        int before = w->length[i], n = merge_plainly(w->id + w->start[i], before, p.left, p.right, merged);
        if (bug != LENGTH_KEPT) w->length[i] = n;
        if (bug == ONE_WORD_MERGED && n < before) break;
    }
}

static int best_of(const Bpe *b, const PairTable *t, BpeTies ties, Bug bug) {
    int best = -1, least = bug == MIN_1 || bug == RAREST ? 1 : bug == MIN_3 ? 3 : 2;
    for (int i = 0; i < t->size - (bug == LAST_PAIR_LOST); i++) {
        if (t->pair[i].count < least) continue;
        if (best < 0 || wins(b, &t->pair[i], &t->pair[best], ties, bug)) best = i;
    }
    return best;
}

static Learned train_plainly(const Row *row, int count, int size, BpeTies ties, Bug bug) {
    Learned r = {.bpe = bpe_bytes(), .words = words_of(row, count)};
    size_t in_row = r.words.used;
    PairTable t = pair_table_new();
    int most = bug == SIZE_LESS ? size - 257 : bug == SIZE_MORE ? size - 255 : bug == SIZE_MERGES ? size : bug == ONE_MERGE ? min_int(1, size - 256) : bug == NO_MERGES ? 0 : size - 256;
    for (; r.merges < most && r.merges < MERGES_MOST; r.merges++) {
        if (bug != CARRIED && bug != COUNTED_ONCE) {
            pair_table_free(&t);
            t = pair_table_new();
        }
        if (bug != COUNTED_ONCE || r.merges == 0) add_all_pairs(&t, &r.words, in_row, bug);
        int best = best_of(&r.bpe, &t, ties, bug);
        if (best < 0) break;
        PairCount p = t.pair[best];
        r.pair[r.merges][0] = p.left;
        r.pair[r.merges][1] = p.right;
        merge_all(&r.words, &in_row, p, bpe_learn(&r.bpe, p.left, p.right), bug);
        if (bug == COUNTED_ONCE) t.pair[best].count = 0;
    }
    pair_table_free(&t);
    return r;
}

// --- judging ---

static const char *token_text(const Bpe *b, int id) { return id < 0 || id >= b->size || !b->token[id] ? xprintf("(no token, id %d)", id) : bytes_text(b->token[id], (size_t)b->length[id]); }

static const char *merge_text(const Bpe *b, int rank) { return xprintf("%s + %s", token_text(b, b->pair[rank][0]), token_text(b, b->pair[rank][1])); }

static bool same_merges(const Bpe *got, const Learned *want) { return got->merges == want->merges && (want->merges == 0 || memcmp(got->pair, want->pair, (size_t)want->merges * sizeof *got->pair) == 0); }

// Up to the n-th.
static bool begins_alike(const Bpe *got, const Learned *want, int n) { return memcmp(got->pair, want->pair, (size_t)n * sizeof *got->pair) == 0; }

static void expect_vocabulary(const char *text, const Bpe *got) {
    if (got->size != 256 + got->merges)
        reject("%sthere are %d tokens and %d merges: the first 256 are the bytes, and every merge makes one. bpe_learn adds both, the token and the merge", text, got->size, got->merges);
    for (int i = 0; i < got->merges; i++)
        if (got->merged[i] != 256 + i) reject("%smerge %d makes token %d, want %d: the next id, as bpe_learn gives it", text, i, got->merged[i], 256 + i);
}

static void expect_merges(const char *text, const Bpe *got, const Learned *want) {
    int least = min_int(got->merges, want->merges);
    for (int i = 0; i < least; i++)
        if (got->pair[i][0] != want->pair[i][0] || got->pair[i][1] != want->pair[i][1]) reject("%smerge %d of %d is %s, want %s", text, i, want->merges, merge_text(got, i), merge_text(&want->bpe, i));
    if (got->merges < want->merges) reject("%sthere are %d merges, want %d: %s is missing", text, got->merges, want->merges, merge_text(&want->bpe, got->merges));
    if (got->merges > want->merges) reject("%sthere are %d merges, want %d: %s is too much", text, got->merges, want->merges, merge_text(got, want->merges));
}

typedef struct {
    const Known *known;
    int count;
} Suspicions;

static const Suspicions USUAL = {KNOWN, COUNT(KNOWN)}, ENDS = {END_KNOWN, COUNT(END_KNOWN)}, GREATER = {GREATER_KNOWN, COUNT(GREATER_KNOWN)}, FIRST = {FIRST_KNOWN, COUNT(FIRST_KNOWN)}, NOBODY = {NULL, 0};

// Texts that tell most mistakes apart: an answer is a suspect's if it is that on all of them, too.
enum { PROBES = 4 };
static int probe(int i, Row *row, int *size);

static bool probes_with(Bug bug, BpeTies ties) {
    static Bpe got[2][PROBES];
    static bool done[2];
    Row row[100];
    int size;
    for (int i = 0; i < PROBES && !done[ties]; i++) {
        BpeWords w = words_of(row, probe(i, row, &size));
        got[ties][i] = bpe_train(&w, size, ties);
    }
    done[ties] = true;
    for (int i = 0; i < PROBES; i++) {
        int count = probe(i, row, &size);
        Learned bad = train_plainly(row, count, size, ties, bug);
        if (!same_merges(&got[ties][i], &bad)) return false;
    }
    return true;
}

static bool probes_are(Bug bug, BpeTies ties) { return probes_with(bug, ties) && (bug != T_EXCHANGED || (probes_with(bug, TIES_GREATER) && probes_with(bug, TIES_FIRST))); }

static void judge_training(const Row *row, int count, int size, BpeTies ties, Suspicions one, Suspicions other) {
    Learned want = train_plainly(row, count, size, ties, RIGHT);
    BpeWords w = words_of(row, count);
    if_stopped("past the end", "The ids of word i are words->id[words->start[i]] and on, words->length[i] of them. Those of all words lie in one block, each word where its start says");
    if_stopped("was not done", "It ends when there are `size` tokens, or when no pair stands side by side twice: is best.count < 2 asked for? And do the tokens become more (bpe_learn)?");
    Bpe got = bpe_train(&w, size, ties);
    const char *text = xprintf("words %s, size %d: ", row_text(row, count), size);
    expect_vocabulary(text, &got);
    if (same_merges(&got, &want)) return;
    int at = 0;
    while (at < got.merges && at < want.merges && begins_alike(&got, &want, at + 1)) at++;
    const char *place = at < got.merges && at < want.merges ? xprintf("merge %d is %s, want %s", at, merge_text(&got, at), merge_text(&want.bpe, at)) : xprintf("%d merges, want %d", got.merges, want.merges);
    const Suspicions all[] = {one, other, USUAL, ENDS, one, other};      // the first four surely, then by this text alone
    for (int k = 0; k < COUNT(all); k++)
        for (int i = 0; i < all[k].count; i++) {
            Learned bad = train_plainly(row, count, size, ties, all[k].known[i].bug);
            if (same_merges(&got, &bad) && (k >= 4 || probes_are(all[k].known[i].bug, ties))) reject("%s%s: %s", text, place, all[k].known[i].why);
        }
    expect_merges(text, &got, &want);
}

// A text where ties decide nothing.
static void judge_without_ties(const Row *row, int count, int size, Suspicions one, Suspicions other) {
    Learned first = train_plainly(row, count, size, TIES_FIRST, RIGHT), last = train_plainly(row, count, size, TIES_FIRST, T_LAST);
    CHECK(first.merges == last.merges && memcmp(first.pair, last.pair, (size_t)first.merges * sizeof *first.pair) == 0, "judge_without_ties: there are ties in %s", row_text(row, count));
    judge_training(row, count, size, TIES_FIRST, one, other);
    judge_training(row, count, size, TIES_GREATER, one, other);
}

static void expect_words(const Row *row, int count, int size) {
    Learned want = train_plainly(row, count, size, TIES_GREATER, RIGHT), before = train_plainly(row, count, 256 + want.merges - 1, TIES_GREATER, RIGHT);
    BpeWords w = words_of(row, count);
    bpe_train(&w, size, TIES_GREATER);
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < count; i++) {
            const int *got = w.id + w.start[i], *should = want.words.id + want.words.start[i], *was = before.words.id + before.words.start[i];
            if (same_ids(got, w.length[i], should, want.words.length[i])) continue;
            const char *text = xprintf("words %s, size %d: the merges are right, but in the end word %d is %s, want %s: ", row_text(row, count), size, i, ids_text(got, w.length[i]), ids_text(should, want.words.length[i]));
            if (w.length[i] == row[i].n && got[0] == (unsigned char)row[i].bytes[0]) reject("%sthe words are merged too, `words` itself and not a copy", text);
            if (same_ids(got, w.length[i], was, before.words.length[i])) reject("%sthe last merge is missing there. It is learned, and merged in the words as well", text);
            reject("%sthe words are merged too", text);
        }
}

// --- the checks ---

static const Row NESTED[] = {W(" she", 23), W(" here", 1), W(" seen", 1), W(" then", 17), W(" them", 4), W(" the", 5), W(" there", 4), W(" hen", 19)};
static const Row BORDERS[] = {W(" tree", 9), W(" she", 1), W(" sore", 9), W(" hare", 7), W(" there", 3), W(" pie", 2), W(" we", 3), W(" see", 11), W(" here", 19)};
static const Row OFTEN[] = {W("bab", 31), W("aba", 3), W("xy", 1), W("cab", 4), W("xyz", 4), W("zab", 13), W("abac", 23)};
static const Row STAIRS[] = {W("ab", 9), W("abc", 5), W("abcd", 2), W("xy", 1), W("q", 30)};
static const Row TIES[] = {W("ca", 3), W("ab", 3), W("bz", 3), W("zc", 3), W("za", 3), W("zd", 3), W("zb", 3), W("dd", 3)};

#define WORDS(rows) rows, COUNT(rows)

void train_merges(void) {
    judge_without_ties(WORDS(NESTED), 263, USUAL, ENDS);
    judge_without_ties(WORDS(STAIRS), 258, USUAL, ENDS);
}

void train_within(void) {
    judge_without_ties(WORDS(OFTEN), 261, USUAL, ENDS);
    judge_without_ties(WORDS(BORDERS), 261, USUAL, ENDS);
}

void train_ends(void) {
    judge_without_ties(WORDS(STAIRS), 259, ENDS, USUAL);
    judge_without_ties(WORDS(STAIRS), 300, ENDS, USUAL);
    judge_without_ties(WORDS(STAIRS), 257, ENDS, USUAL);
    judge_without_ties(WORDS(STAIRS), 256, ENDS, NOBODY);
    judge_without_ties(WORDS(STAIRS), 10, ENDS, NOBODY);
    judge_without_ties((const Row[]){W("a", 9), W("b", 7)}, 2, 300, ENDS, NOBODY);
    judge_without_ties(NULL, 0, 300, ENDS, NOBODY);
    judge_without_ties((const Row[]){W("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 1)}, 1, 300, ENDS, USUAL);
    expect_words(WORDS(STAIRS), 300);
    judge_without_ties(WORDS(NESTED), 263, ENDS, USUAL);
    expect_words(WORDS(NESTED), 263);
}

// A text of many words, and with many ties.
static const char STORY[] =
    " A hen and a hare ran a race. The hare, who ran faster than the hen, ran on and on, and then she rested there. \"There is no need,\" the hare said, \"to be faster than one is: "
    "a hen is a hen.\" But the hen had not rested; nor had she ended. On and on the hen ran, and on, and when the hare rose, there the hen was, at the end, and not at all in need of a rest.";

static int story(Row *row, int most) {
    int count = 0;
    for (const char *at = STORY; *at;) {
        int n = 1 + (int)strcspn(at + 1, " "), k = 0;
        while (k < count && !(row[k].n == n && memcmp(row[k].bytes, at, (size_t)n) == 0)) k++;
        CHECK(k < most, "story: more than %d words", most);
        if (k == count) row[count++] = (Row){at, n, 0};
        row[k].times++;
        at += n;
    }
    return count;
}

static int probe(int i, Row *row, int *size) {
    const struct { const Row *row; int count, size; } probes[] = {{WORDS(NESTED), 263}, {WORDS(OFTEN), 261}, {WORDS(TIES), 264}};
    *size = i < COUNT(probes) ? probes[i].size : 290;
    if (i >= COUNT(probes)) return story(row, 100);
    memcpy(row, probes[i].row, (size_t)probes[i].count * sizeof *row);
    return probes[i].count;
}

static void judge_story(BpeTies ties, Suspicions known) {
    Row row[100];
    int count = story(row, COUNT(row));
    judge_training(row, count, 290, ties, known, USUAL);
    judge_training(row, count, 600, ties, known, ENDS);
}

void train_greater(void) {
    judge_training(WORDS(TIES), 257, TIES_GREATER, GREATER, NOBODY);
    judge_training((const Row[]){W("zd", 3), W("\xc3\xa9", 3), W("ab", 3)}, 3, 257, TIES_GREATER, GREATER, NOBODY);
    judge_training((const Row[]){W("z\x80", 3), W("zd", 3)}, 2, 257, TIES_GREATER, GREATER, NOBODY);
    judge_training((const Row[]){W("ab", 20), W("abq", 3), W("zq", 3), W("cq", 3)}, 4, 258, TIES_GREATER, GREATER, NOBODY);
    judge_training((const Row[]){W("ab", 20), W("qab", 3), W("qz", 3), W("qc", 3)}, 4, 258, TIES_GREATER, GREATER, NOBODY);
    judge_training((const Row[]){W("ax", 20), W("am", 3), W("axc", 3)}, 3, 258, TIES_GREATER, GREATER, NOBODY);
    judge_training((const Row[]){W("ab", 20), W("am", 3), W("abq", 3)}, 3, 258, TIES_GREATER, GREATER, NOBODY);
    judge_training((const Row[]){W("\0z", 20), W("\0m", 3), W("\0zb", 3)}, 3, 258, TIES_GREATER, GREATER, NOBODY);
    judge_training(WORDS(TIES), 264, TIES_GREATER, GREATER, USUAL);
    judge_story(TIES_GREATER, GREATER);
}

void train_first(void) {
    judge_training(WORDS(TIES), 257, TIES_FIRST, FIRST, NOBODY);
    judge_training(WORDS(TIES), 264, TIES_FIRST, FIRST, USUAL);
    judge_training((const Row[]){W("mn", 3), W("pq", 9), W("pqx", 3), W("ab", 3)}, 4, 260, TIES_FIRST, FIRST, USUAL);
    judge_story(TIES_FIRST, FIRST);
}
