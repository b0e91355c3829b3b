// grade/encoding.c of 10-bpe: the checks of bpe_word, by plain loops with room for every bug.
#include "bpe_word.h"
#include "judges.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

typedef enum {
    RIGHT, GREEDY, GREEDY_SPECIAL, LAST, HIGHEST, LEFTMOST, RIGHTMOST, ONE_MERGE, ONE_PASS, BYTES, AS_LEARNED, RANK_AS_ID, LAST_PAIR_LOST, FIRST_PAIR_LOST, NO_RANK_0, WHOLE, SPECIAL, SHORTEST_PAIR, LOWEST_ID, NO_MERGES, STOPS_AT_0, RIGHT_STAYS, LAST_ID_LOST, NO_RANKS_1, ALL_AT_ONCE, LIST_ONCE
} Bug;

static const struct { Bug bug; const char *why; } KNOWN[] = {
    {NO_MERGES, "nothing is merged: as long as two neighbours have a rank, those of the lowest become one"},
    {GREEDY, "always the longest token is taken that the rest of the word begins with: that is WordPiece's way. Here the rank decides: begin with bytes, and merge"},
    {GREEDY_SPECIAL, "always the longest token is taken that the rest of the word begins with, special ones too. Here the rank decides: begin with bytes, and merge"},
    {ALL_AT_ONCE, "a pair is merged everywhere before ranks are looked at again: what one merge makes may have a lower rank with its neighbours, so look again after each"},
    {LIST_ONCE, "the list of merges is gone through once, from rank 0 on: what a merge makes may have a lower rank with its neighbours, so look at all neighbours again after each"},
    {LAST, "of two pairs of the same rank the last one is merged: it is the first, so a later one must be lower (<, not <=)"},
    {HIGHEST, "the pair of the highest rank is merged: the lowest was learned first, and is merged first"},
    {LEFTMOST, "the first pair that merges at all is taken, or the one that makes the longest token, which comes to the same here: look at the ranks of all neighbours, and take the lowest"},
    {RIGHTMOST, "the last pair that merges at all is taken: look at the ranks of all neighbours, and take the lowest"},
    {ONE_MERGE, "it ends after one merge: again and again, until no two neighbours have a rank"},
    {ONE_PASS, "the word is gone through once from left to right, and what merges is merged: the lowest rank of all neighbours is first, wherever it stands"},
    {BYTES, "the word begins as the values of its bytes: a byte's id is b->byte[...], in this vocabulary another number"},
    {AS_LEARNED, "a merge's token is taken for 256 + rank: it is b->merged[rank], in this vocabulary another number"},
    {RANK_AS_ID, "the rank itself is taken for the new token: it is b->merged[rank]"},
    {LAST_PAIR_LOST, "the last two ids are never merged: n ids have n - 1 pairs, so i + 1 < n"},
    {FIRST_PAIR_LOST, "the first two ids are never merged: the first pair is id[0], id[1]"},
    {NO_RANK_0, "the pair of rank 0 is not merged: 0 is the lowest rank there is, and -1 says that two do not merge (>= 0, not > 0)"},
    {NO_RANKS_1, "the pairs of rank 0 and 1 are not merged: -1 says that two do not merge (>= 0)"},
    {WHOLE, "a word that is a token is taken as it is: here only merges make tokens, and no merge makes this one"},
    {SPECIAL, "a special token is found in the word: here its text is text like any other, or who writes it could end a text. bpe_encode finds special tokens before, if it is asked to"},
    {SHORTEST_PAIR, "the pair that makes the shortest token is merged: the one of the lowest rank is"},
    {LOWEST_ID, "the pair whose token has the lowest id is merged: it is the rank that counts, and in this vocabulary ids are not in that order"},
    {STOPS_AT_0, "it ends at a byte 0: that is a byte like any other, and n says how many there are"},
    {RIGHT_STAYS, "the right one of a merged pair stays: the ids behind it move up by one place, and there is one less"},
    {LAST_ID_LOST, "the last id is lost in each merge: the ids behind the pair move up by one place, all of them"},
};

// The longest token that the bytes begin with.
static int longest_at(const Bpe *b, const unsigned char *bytes, int n, bool special) {
    int best = -1;
    for (int i = 0; i < b->size; i++)
        if (b->token[i] && (special || !b->special[i]) && b->length[i] <= n && memcmp(b->token[i], bytes, (size_t)b->length[i]) == 0 && (best < 0 || b->length[i] > b->length[best])) best = i;
    return best;
}

static int rank_plainly(const Bpe *b, int left, int right) {
    for (int rank = 0; rank < b->merges; rank++)
        if (b->pair[rank][0] == left && b->pair[rank][1] == right) return rank;
    return -1;
}

// How much a pair is wanted: the least first.
static int order_of(const Bpe *b, int rank, Bug bug) {
    switch (bug) {
    case HIGHEST: return -rank;
    case LEFTMOST: case RIGHTMOST: return 0;
    case SHORTEST_PAIR: return b->length[b->merged[rank]];
    case LOWEST_ID: return b->merged[rank];
    default: return rank;
    }
}

static bool left_out(int i, int n, int rank, Bug bug) {
    return rank < (bug == NO_RANK_0 ? 1 : bug == NO_RANKS_1 ? 2 : 0) || (bug == LAST_PAIR_LOST && i == n - 2) || (bug == FIRST_PAIR_LOST && i == 0);
}

// Every left, right becomes the rank's token, from the left on.
static int merge_all(const Bpe *b, int *id, int n, int rank) {
    int count = 0;
    for (int i = 0; i < n; i++) {
        bool here = i + 1 < n && id[i] == b->pair[rank][0] && id[i + 1] == b->pair[rank][1];
        id[count++] = here ? b->merged[rank] : id[i];
        i += here;
    }
    return count;
}

static int merges_plainly(const Bpe *b, int *id, int n, Bug bug) {
    for (int merges = 0, from = 0; bug != NO_MERGES && merges < 2000; merges++) {
        int at = -1, best = 0;
        for (int i = from; i + 1 < n; i++) {
            int rank = rank_plainly(b, id[i], id[i + 1]);
            if (left_out(i, n, rank, bug)) continue;
            int order = order_of(b, rank, bug), lowest = at < 0 ? INT_MAX : order_of(b, best, bug);
            if (order < lowest || (order == lowest && (bug == LAST || bug == RIGHTMOST))) {
                best = rank;
                at = i;
            }
            if (bug == ONE_PASS && at >= 0) break;
        }
        if (at < 0 || (bug == ONE_MERGE && merges == 1)) break;
        if (bug == ONE_PASS) from = at;
        if (bug == ALL_AT_ONCE) {
            n = merge_all(b, id, n, best);
            continue;
        }
        id[at] = bug == AS_LEARNED ? 256 + best : bug == RANK_AS_ID ? best : b->merged[best];
        if (bug == RIGHT_STAYS) continue;
        n--;
        for (int i = at + 1; i < n; i++) id[i] = bug == LAST_ID_LOST && i == n - 1 ? id[i] : id[i + 1];
    }
    return n;
}

static int special_at(const Bpe *b, const unsigned char *bytes, int n) {
    for (int i = 0; i < b->size; i++)
        if (b->special[i] && b->length[i] <= n && memcmp(b->token[i], bytes, (size_t)b->length[i]) == 0) return i;
    return -1;
}

static int word_plainly(const Bpe *b, const unsigned char *word, int n, int *id, Bug bug) {
    int count = 0, whole = longest_at(b, word, n, false);
    if (bug == STOPS_AT_0 && n > 0 && memchr(word, 0, (size_t)n)) n = (int)((const unsigned char *)memchr(word, 0, (size_t)n) - word);
    if (bug == WHOLE && whole >= 0 && b->length[whole] == n) {
        id[0] = whole;
        return 1;
    }
    if (bug == GREEDY || bug == GREEDY_SPECIAL) {
        for (int at = 0; at < n; at += b->length[id[count++]]) id[count] = longest_at(b, word + at, n - at, bug == GREEDY_SPECIAL);
        return count;
    }
    for (int at = 0; at < n;) {
        int special = bug == SPECIAL ? special_at(b, word + at, n - at) : -1;
        id[count++] = special >= 0 ? special : bug == BYTES ? word[at] : b->byte[word[at]];
        at += special >= 0 ? b->length[special] : 1;
    }
    for (int rank = 0; bug == LIST_ONCE && rank < b->merges; rank++) count = merge_all(b, id, count, rank);
    return bug == LIST_ONCE ? count : merges_plainly(b, id, count, bug);
}

static const char *tokens_text(const Bpe *b, const int *id, int n) {
    enum { MOST = 24 };
    const char *text = n > 0 ? "" : "nothing";
    for (int i = 0; i < n && i < MOST; i++) text = xprintf("%s%s%s", text, i ? " " : "", id[i] >= 0 && id[i] < b->size && b->token[id[i]] ? bytes_text(b->token[id[i]], (size_t)b->length[id[i]]) : xprintf("(no token, id %d)", id[i]));
    return n > MOST ? xprintf("%s ... (%d in all)", text, n) : text;
}

// Words that tell most mistakes apart: an answer is a suspect's if it is that in all of them, too.
static const char *const PROBES[] = {"therewabc", "abcher", "hering", "bcbc", "stering", "lower", "aaaaa", "baaab", "abaaa", "bab", "low<|end|>er", "wolfs", "wolf", "wabc"};

static bool word_is(const Bpe *b, const char *bytes, int n, Bug bug) {
    unsigned char *word = exact_bytes(bytes, (size_t)n);
    int *got = xmalloc((size_t)n * sizeof *got), *bad = xmalloc(((size_t)n + 1) * sizeof *bad), count = bpe_word(b, word, n, got);
    return same_ids(got, count, bad, word_plainly(b, word, n, bad, bug));
}

static bool all_words_are(const Bpe *b, Bug bug) {
    for (int i = 0; i < COUNT(PROBES); i++)
        if (!word_is(b, PROBES[i], (int)strlen(PROBES[i]), bug)) return false;
    return true;
}

static void judge_word(const Bpe *b, const char *bytes, int n) {
    unsigned char *word = exact_bytes(bytes, (size_t)n);
    int *want = xmalloc(((size_t)n + 1) * sizeof *want), *got = xmalloc((size_t)n * sizeof *got);
    int wanted = word_plainly(b, word, n, want, RIGHT);
    if_stopped("past the end", "word has n bytes, and id room for n ids: a pair is id[i], id[i+1], so i + 1 < n, and n gets less with each merge");
    if_stopped("outside of a local array", "A word may be of any length: id[0..n) is the room that there is");
    if_stopped("out of bounds", "A word may be of any length: id[0..n) is the room that there is");
    if_stopped("was not done", "It ends when no two neighbours have a rank: bpe_rank is -1 then");
    int count = bpe_word(b, word, n, got);
    if (memcmp(word, bytes, (size_t)n) != 0) reject("the word is changed: it is only to be read");
    if (same_ids(got, count, want, wanted)) return;
    const char *text = xprintf("word %s: ", bytes_text(word, (size_t)n));
    if (count < 0 || count > n) reject("%sbpe_word returns %d, want %d: how many tokens there are", text, count, wanted);
    for (int i = 0; i < COUNT(KNOWN); i++)
        if (word_is(b, bytes, n, KNOWN[i].bug) && all_words_are(b, KNOWN[i].bug)) reject("%sthe tokens are %s, want %s: %s", text, tokens_text(b, got, count), tokens_text(b, want, wanted), KNOWN[i].why);
    if (memcmp(got, want, (size_t)wanted * sizeof *got) == 0)
        reject("%sthe tokens are right, but bpe_word returns %d, want %d: %show many there are in the end", text, count, wanted, count == n ? "that is how many bytes there were. It is " : "");
    for (int i = 0; i < COUNT(KNOWN); i++)
        if (word_is(b, bytes, n, KNOWN[i].bug)) reject("%sthe tokens are %s, want %s: %s", text, tokens_text(b, got, count), tokens_text(b, want, wanted), KNOWN[i].why);
    reject("%sthe tokens are %s, want %s", text, tokens_text(b, got, count), tokens_text(b, want, wanted));
}

static void judge_words(const Bpe *b, const char *words) {
    for (const char *at = words; *at; at += *at == ' ') {
        int n = (int)strcspn(at, " ");
        judge_word(b, at, n);
        at += n;
    }
}

// --- vocabularies ---

static Bpe vocabulary(void) {
    Bpe b = bpe_bytes();
    learn(&b, "b|c e|r t|h th|e i|n in|g a|b h|e l|o he|r lo|w er|e s|t st|e w|er n|e low|er ne|w st|er");
    return b;
}

// As GPT-2's: a byte's id is another number, and so is a merge's; there are special tokens, and one that no merge makes.
static Bpe as_gpt2(void) {
    Bpe plain = vocabulary(), b = bpe_empty();
    int place[400];
    for (int i = 0; i < plain.size; i++) place[i] = i < 256 ? (i * 7 + 40) % 256 : 256 + (i - 256) * 11 % plain.merges;
    for (int i = 0; i < plain.size; i++) bpe_add_token(&b, place[i], plain.token[i], plain.length[i], false);
    for (int i = 0; i < plain.merges; i++) bpe_add_merge(&b, place[plain.pair[i][0]], place[plain.pair[i][1]], place[plain.merged[i]]);
    bpe_add_token(&b, b.size, (const unsigned char *)"<|end|>", 7, true);
    bpe_add_token(&b, b.size, (const unsigned char *)"wolf", 4, false);
    return b;
}

// A list that no training would make, though a file may hold it: two merges stand before the one that makes their left part.
static Bpe out_of_order(void) {
    Bpe b = bpe_bytes();
    const char *const token[] = {"ab", "aba", "abc"};
    for (int i = 0; i < COUNT(token); i++) bpe_add_token(&b, 256 + i, (const unsigned char *)token[i], (int)strlen(token[i]), false);
    bpe_add_merge(&b, 256, 'a', 257);
    bpe_add_merge(&b, 256, 'c', 258);
    bpe_add_merge(&b, 'a', 'b', 256);
    return b;
}

void word_by_rank(void) {
    Bpe b = vocabulary();
    judge_words(&b, "therewabc lower newest abcher hering stering lothe w low xyz bcbc thing");
}

void word_first(void) {
    Bpe b = bpe_bytes();
    learn(&b, "a|a aa|a a|b b|a b|ab");
    judge_words(&b, "aaa aaaaa baaab aaaaaaa bababa abaaa");
}

void word_any(void) {
    Bpe b = as_gpt2();
    judge_words(&b, "lower hering therewabc q wolf wolfs <|end|> low<|end|>er newest");
    judge_word(&b, "", 0);
    judge_word(&b, "th\0er\0", 6);
    judge_word(&b, "\xc3\xa9th\xff\x80", 6);
    enum { N = 700 };
    char word[N];
    unsigned state = 9;
    for (int i = 0; i < N; i++) word[i] = "abcehilnorstwg"[((state = state * 1103515245u + 12345u) >> 16) % 14];
    judge_word(&b, word, N);
    for (int i = 0; i < N; i++) word[i] = "there"[i % 5];
    judge_word(&b, word, N);
    Bpe odd = out_of_order(), one = bpe_bytes();
    judge_words(&odd, "abab abc");
    enum { LONG = 5000 };
    char *long_word = xmalloc(LONG);
    learn(&one, "a|b");
    for (int i = 0; i < LONG; i++) long_word[i] = "abxyz"[i % 5];
    judge_word(&one, long_word, LONG);
}
