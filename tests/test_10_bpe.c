// test_10_bpe.c: byte-pair encoding: GPT-2's ids, merges as a naive trainer finds them, and every text back to the byte.
#include "bpe_decode.h"
#include "bpe_encode.h"
#include "bpe_files.h"
#include "bpe_pieces.h"
#include "bpe_train.h"
#include "bpe_word.h"
#include "file.h"
#include "pair_count.h"
#include "pair_merge.h"
#include "pretokenize.h"
#include "testing.h"
#include "wordpiece.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const unsigned char *bytes_of(const char *text) { return (const unsigned char *)text; }

static Bpe trained(const unsigned char *text, size_t n, int size, BpeTies ties) {
    BpeWords w = bpe_words_new();
    bpe_words_add_text(&w, text, n);
    Bpe b = bpe_train(&w, size, ties);
    bpe_words_free(&w);
    return b;
}

static void expect_ids(const Bpe *b, const char *text, const int *want, int count) {
    int id[256];
    size_t n = bpe_encode(b, bytes_of(text), strlen(text), false, id);
    ck_assert_msg((int)n == count, "\"%s\" has %zu tokens, want %d", text, n, count);
    for (int i = 0; i < count; i++) ck_assert_msg(id[i] == want[i], "\"%s\": token %d is %d, want %d", text, i, id[i], want[i]);
}

// --- training ---

START_TEST(the_example_of_everybody) {
    for (int ties = 0; ties < 2; ties++) {
        Bpe b = trained(bytes_of("aaabdaaabac"), 11, 259, (BpeTies)ties);
        expect_ids(&b, "aaabdaaabac", (int[]){258, 100, 258, 97, 99}, 5);
        bpe_free(&b);
    }
}
END_TEST

// The same by its definition: count everything again for every merge.
static bool naive_best(BpeWords *w, const Bpe *b, BpeTies ties, PairCount *best) {
    PairTable t = pair_table_new();
    for (int i = 0; i < w->count; i++) pair_count(&t, w->id + w->start[i], w->length[i], w->times[i]);
    *best = (PairCount){0, 0, 1};
    for (int i = 0; i < t.size; i++) {
        PairCount p = t.pair[i];
        int order = p.count != best->count ? (p.count > best->count) - (p.count < best->count) : ties == TIES_FIRST || p.count < 2 ? 0 : bpe_compare(b, p.left, best->left);
        if (order == 0 && ties == TIES_GREATER && p.count == best->count && p.count >= 2) order = bpe_compare(b, p.right, best->right);
        if (order > 0) *best = p;
    }
    pair_table_free(&t);
    return best->count >= 2;
}

static Bpe naive(const unsigned char *text, size_t n, int size, BpeTies ties) {
    BpeWords w = bpe_words_new();
    Bpe b = bpe_bytes();
    PairCount best;
    bpe_words_add_text(&w, text, n);
    while (b.size < size && naive_best(&w, &b, ties, &best)) {
        int id = bpe_learn(&b, best.left, best.right);
        for (int i = 0; i < w.count; i++) w.length[i] = pair_merge(w.id + w.start[i], w.length[i], best.left, best.right, id);
    }
    bpe_words_free(&w);
    return b;
}

static void same_merges(const unsigned char *text, size_t n, int size) {
    for (int ties = 0; ties < 2; ties++) {
        Bpe fast = trained(text, n, size, (BpeTies)ties), slow = naive(text, n, size, (BpeTies)ties);
        ck_assert_int_eq(fast.merges, slow.merges);
        for (int i = 0; i < fast.merges; i++)
            ck_assert_msg(fast.pair[i][0] == slow.pair[i][0] && fast.pair[i][1] == slow.pair[i][1], "ties %d: merge %d is (%d, %d), want (%d, %d)", ties, i,
                          fast.pair[i][0], fast.pair[i][1], slow.pair[i][0], slow.pair[i][1]);
        bpe_free(&fast);
        bpe_free(&slow);
    }
}

START_TEST(merges_are_those_of_the_naive_trainer) {
    unsigned char *text;
    size_t n;
    Error e;
    char few[4000], letters[3000];
    unsigned state = 7;
    ck_assert(file_read("datasets/given-names.txt", &text, &n, &e));
    same_merges(text, 20000 < n ? 20000 : n, 420);
    free(text);
    ck_assert(file_read("common/tensor.h", &text, &n, &e));
    same_merges(text, n, 2000);                     // to the end: until no pair stands there twice
    free(text);
    for (size_t i = 0; i < sizeof few; i++) few[i] = "aab b"[(state = state * 1103515245u + 12345u) >> 16 & 3];
    same_merges(bytes_of(few), sizeof few, 300);
    for (size_t i = 0; i < sizeof letters; i++) letters[i] = "aab"[(state = state * 1103515245u + 12345u) >> 16 & 1];
    same_merges(bytes_of(letters), sizeof letters, 290);
    same_merges(bytes_of("aaaaaaaaaaaa"), 12, 300);
    same_merges(bytes_of(""), 0, 300);
}
END_TEST

// --- round trips ---

static void expect_back(const Bpe *b, const unsigned char *text, size_t n, bool special) {
    int *id = xmalloc((n + 1) * sizeof *id);
    size_t count = bpe_encode(b, text, n, special, id), length;
    Error e;
    unsigned char *back = bpe_decode(b, id, count, &length, &e);
    ck_assert(back && length == n && memcmp(back, text, n) == 0);
    free(back);
    free(id);
}

static const char *const STRANGE[] = {
    "", "a", " ", "   ", "\n\n \n", "a  b   c\t\td", "\r\nline\r\n", "it's we'll they've I'm he'd you're 'S", "12345 1,000", "\xff\xfe\x80", "a\xc3", "\xe2\x82", "\xf0\x9f\x91",
    "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", "\xc2\xa0\xe3\x80\x80x", "\xe1\xa0\x8e y", "<|endoftext|>", "a<|endoftext|>b<|endo", "\xed\xa0\x80",
    "\xc0\x80", "x\x01\x7f y", "e\xcc\x81", "\xef\xbb\xbf" "bom"};

START_TEST(every_text_comes_back) {
    Bpe b = trained(bytes_of("the cat sat on the mat, the cat's hat that they've had <|endoftext|>"), 68, 300, TIES_GREATER);
    bpe_add_token(&b, b.size, bytes_of("<|endoftext|>"), 13, true);
    for (int i = 0; i < (int)(sizeof STRANGE / sizeof *STRANGE); i++)
        for (int special = 0; special < 2; special++) expect_back(&b, bytes_of(STRANGE[i]), strlen(STRANGE[i]), special);
    unsigned char all[512], *big = xmalloc(10000000);
    for (int i = 0; i < 512; i++) all[i] = (unsigned char)(i < 256 ? i : 7 * i);
    expect_back(&b, all, 512, true);
    memset(big, 't', 10000000);         // ten megabytes without a space
    for (size_t i = 0; i < 10000000; i += 3) big[i] = "the cat"[i % 3];
    expect_back(&b, big, 10000000, false);
    free(big);
    bpe_free(&b);
}
END_TEST

typedef struct {
    int *id;
    size_t n;
} Ids;

static void gather(void *ctx, const int *id, int count) {
    Ids *x = ctx;
    memcpy(x->id + x->n, id, (size_t)count * sizeof *id);
    x->n += (size_t)count;
}

// Cut anywhere, it gives the same tokens.
START_TEST(a_stream_is_as_the_whole) {
    char text[2000] = "";
    for (int i = 0; strlen(text) < 1700; i++) {
        strcat(text, STRANGE[i % (int)(sizeof STRANGE / sizeof *STRANGE)]);
        strcat(text, " said the cat  that sat\n");
    }
    Bpe b = trained(bytes_of(text), strlen(text), 330, TIES_FIRST);
    bpe_add_token(&b, b.size, bytes_of("<|endoftext|>"), 13, true);
    int whole[2000], parts[2000];
    for (int special = 0; special < 2; special++) {
        size_t n = bpe_encode(&b, bytes_of(text), strlen(text), special, whole);
        for (size_t step = 1; step < 60; step += step < 8 ? 1 : 7) {
            Ids x = {parts, 0};
            BpeEncoder *e = bpe_encoder_new(&b, special);
            for (size_t at = 0; at < strlen(text); at += step) {
                size_t some = strlen(text) - at < step ? strlen(text) - at : step;
                unsigned char *copy = memcpy(xmalloc(some), text + at, some);       // so that a byte too far is seen
                bpe_encoder_feed(e, copy, some, false, gather, &x);
                free(copy);
            }
            bpe_encoder_feed(e, NULL, 0, true, gather, &x);
            bpe_encoder_free(e);
            ck_assert_msg(x.n == n && memcmp(parts, whole, n * sizeof *parts) == 0, "in steps of %zu: %zu tokens, want %zu", step, x.n, n);
        }
    }
    bpe_free(&b);
}
END_TEST

START_TEST(long_words_are_as_short_ones) {
    Bpe b = trained(bytes_of("abababbaabbabaabababbbaabab abba baab"), 37, 280, TIES_GREATER);
    unsigned char word[150];
    unsigned state = 3;
    for (int round = 0; round < 200; round++) {
        int n = 65 + round % 80, fast[150], slow[150], m = n;
        for (int i = 0; i < n; i++) word[i] = "ab"[(state = state * 1103515245u + 12345u) >> 16 & 1];
        int count = bpe_word(&b, word, n, fast);
        for (int i = 0; i < n; i++) slow[i] = word[i];
        for (;;) {          // the definition
            int best = -1, at = -1;
            for (int i = 0; i + 1 < m; i++) {
                int rank = bpe_rank(&b, slow[i], slow[i + 1]);
                if (rank >= 0 && (best < 0 || rank < best)) best = rank, at = i;
            }
            if (at < 0) break;
            slow[at] = b.merged[best];
            memmove(slow + at + 1, slow + at + 2, (size_t)(m - at - 2) * sizeof *slow);
            m--;
        }
        ck_assert(count == m && memcmp(fast, slow, (size_t)m * sizeof *fast) == 0);
    }
    bpe_free(&b);
}
END_TEST

// --- files ---

START_TEST(files_are_read_and_written) {
    char *dir = testing_path("bpe"), *vocab = xprintf("%s/vocab.json", dir), *merges = xprintf("%s/merges.txt", dir);
    Bpe b = trained(bytes_of("\x01 \xff the cat that sat"), 21, 270, TIES_GREATER), again;
    Error e;
    ck_assert(bpe_write(&b, dir, &e));
    ck_assert_msg(bpe_read(&again, vocab, merges, &e), "%s", e.message);
    ck_assert(again.size == b.size && again.merges == b.merges);
    for (int i = 0; i < b.size; i++) ck_assert(again.length[i] == b.length[i] && memcmp(again.token[i], b.token[i], (size_t)b.length[i]) == 0 && !again.special[i]);
    for (int i = 0; i < b.merges; i++) ck_assert(again.pair[i][0] == b.pair[i][0] && again.merged[i] == b.merged[i]);
    bpe_free(&again);
    const struct { const char *vocab, *merges, *says; } broken[] = {
        {"", "a b\n", "no JSON"}, {"[1]", "", "JSON object"}, {"{\"a\": -1}", "", "has no id"}, {"{\"a\": 1, \"b\": 1}", "", "both have the id 1"},
        {"{\"\xe2\x82\xac\": 1}", "", "stands for no byte"}, {"{\"a\": 0}", "", "no token for the byte"}, {"{\"\": 0}", "", "stands for no byte"}, {"{\"a\": 1, \"a\": 2}", "", "duplicate"},
        {NULL, "a\n", "line 1: want two tokens"}, {NULL, "#version: 0.2\n\na b c\n", "line 3: want two tokens"}, {NULL, "zq qz\n", "line 1: \"zq qz\" merges"},
        {"{\"a\": 2000000000}", "", "has no id"}, {"{\"a\": 1048576}", "", "has no id"}, {"{\"a\": 99999999999999999999}", "", "no JSON"}, {"{\"a\": \"1\"}", "", "has no id"}, {"{\"a\": 1.0}", "", "has no id"},
        {"{\"\\u0000\": 1}", "", "no JSON"}, {NULL, "", "is empty"}, {NULL, " a\n", "line 1"}, {NULL, "a \n", "line 1"}, {NULL, "\xff \xfe\n", "line 1"}};
    for (int i = 0; i < (int)(sizeof broken / sizeof *broken); i++) {
        ck_assert(bpe_write(&b, dir, &e));
        if (broken[i].vocab) ck_assert(file_write_text(vocab, broken[i].vocab, &e));
        ck_assert(file_write_text(merges, broken[i].merges, &e));
        ck_assert(!bpe_read(&again, vocab, merges, &e));
        ck_assert_msg(strstr(e.message, broken[i].says), "case %d says \"%s\", want \"%s\"", i, e.message, broken[i].says);
        ck_assert_ptr_null(strchr(e.message, '\n'));
    }
    char *key = memset(xcalloc(2001, 1), 'a', 2000);        // what is wrong is said behind the token, however long that is
    const struct { const char *before, *after, *says; } longest[] = {{"{\"", "\": -1}", "has no id"}, {"{\"", " \": 1}", "stands for no byte"}, {"{\"a\": 1, \"", "\": 1}", "both have the id 1"}};
    for (int i = 0; i < (int)(sizeof longest / sizeof *longest); i++) {
        char *json = xprintf("%s%s%s", longest[i].before, key, longest[i].after);
        ck_assert(file_write_text(vocab, json, &e));
        ck_assert(!bpe_read(&again, vocab, merges, &e));
        ck_assert_msg(strstr(e.message, longest[i].says), "\"%s\": want \"%s\"", e.message, longest[i].says);
        free(json);
    }
    free(key);
    bpe_free(&b);
    free(vocab);
    free(merges);
    free(dir);
}
END_TEST

// GPT-2's own begins with a line of #version, and other programs write other line ends: it is the same list.
START_TEST(merges_have_any_line_ends) {
    char *dir = testing_path("ends"), *vocab = xprintf("%s/vocab.json", dir), *merges = xprintf("%s/merges.txt", dir);
    const char *const same[] = {"#version: 0.2\na b\na ab\n", "a b\na ab\n", "a b\na ab", "#version: 0.2\r\na b\r\na ab\r\n", "\n\na b\n\na ab\n\n"};
    Bpe b = trained(bytes_of("aabaab"), 6, 258, TIES_GREATER), again;
    Error e;
    ck_assert(bpe_write(&b, dir, &e));
    for (int i = 0; i < (int)(sizeof same / sizeof *same); i++) {
        ck_assert(file_write_text(merges, same[i], &e));
        ck_assert_msg(bpe_read(&again, vocab, merges, &e), "case %d: %s", i, e.message);
        ck_assert_int_eq(again.merges, 2);
        expect_ids(&again, "aabab", (int[]){257, 256}, 2);
        bpe_free(&again);
    }
    bpe_free(&b);
    free(vocab);
    free(merges);
    free(dir);
}
END_TEST

START_TEST(pieces_come_back_from_bytes) {
    Bpe b = trained(bytes_of("the cat that sat on the mat"), 27, 270, TIES_GREATER), again;
    Error e;
    bpe_add_token(&b, b.size + 2, bytes_of("<|endoftext|>"), 13, true);     // ids may have gaps
    Pieces p = bpe_pieces(&b);
    ck_assert_msg(bpe_pieces_restore(&again, p.bytes, p.size, &e), "%s", e.message);
    ck_assert(again.size == b.size && again.merges == b.merges && again.special[b.size - 1] && !again.token[b.size - 2]);
    int one[64], other[64];
    size_t n = bpe_encode(&b, bytes_of("that cat's mat"), 14, false, one);
    ck_assert(bpe_encode(&again, bytes_of("that cat's mat"), 14, false, other) == n && memcmp(one, other, n * sizeof *one) == 0);
    bpe_free(&again);
    unsigned char *broken = xmalloc(p.size);
    for (size_t cut = 0; cut < p.size; cut += 7) {      // a part of it, or a byte that is wrong: refused, or read; nothing else
        memcpy(broken, p.bytes, p.size);
        ck_assert(!bpe_pieces_restore(&again, broken, cut, &e));
        broken[cut] ^= 0x55;
        if (bpe_pieces_restore(&again, broken, p.size, &e)) bpe_free(&again);
    }
    memcpy(broken, p.bytes, p.size);
    memcpy(broken + p.size - 4, broken + p.size - 16, 4);       // the last merge makes the token of the one before: its bytes are others
    ck_assert(!bpe_pieces_restore(&again, broken, p.size, &e));
    free(broken);
    bpe_pieces_free(&p);
    bpe_free(&b);
}
END_TEST

START_TEST(words_are_cut_into_the_longest_pieces) {
    Words w = words_special();
    const char *const piece[] = {"play", "p", "##l", "##a", "##y", "##ing", "##i", "##n", "##g", "un", "##play", "##able", "##ab", "##le", "a", "##ed"};
    int id[32];
    for (int i = 0; i < (int)(sizeof piece / sizeof *piece); i++) words_add(&w, piece[i], (int)strlen(piece[i]));
    const struct { const char *word, *want; } row[] = {{"playing", "play ##ing"}, {"unplayable", "un ##play ##able"}, {"a", "a"}, {"pla", "p ##l ##a"}, {"played", "play ##ed"}, {"plays", "<unk>"}, {"ing", "<unk>"}, {"", ""}};
    for (int i = 0; i < (int)(sizeof row / sizeof *row); i++) {
        char got[200] = "";
        int n = wordpiece_word(&w, row[i].word, (int)strlen(row[i].word), id);
        for (int k = 0; k < n; k++) snprintf(got + strlen(got), sizeof got - strlen(got), "%s%.*s", k ? " " : "", w.length[id[k]], w.word[id[k]]);
        ck_assert_msg(strcmp(got, row[i].want) == 0, "%s: %s, want %s", row[i].word, got, row[i].want);
    }
    words_free(&w);
    // the words of the Hugging Face course: ##g ##s first (1/20), then all with ##u are equal and h ##u comes first, then hu ##gs (1/15). The course joins hu ##g there, whose score is 10/(15 15)
    char text[400] = "";
    const struct { const char *word; int times; } corpus[] = {{"hug ", 10}, {"pug ", 5}, {"pun ", 12}, {"bun ", 4}, {"hugs ", 5}};
    for (int i = 0; i < 5; i++)
        for (int k = 0; k < corpus[i].times; k++) strcat(text, corpus[i].word);
    w = wordpiece_train(text, strlen(text), WORDS_SPECIAL + 7 + 3);
    const char *const learned[] = {"##gs", "hu", "hugs"};
    for (int i = 0; i < 3; i++) ck_assert_msg(words_find(&w, learned[i], (int)strlen(learned[i])) == WORDS_SPECIAL + 7 + i, "%s is not there, or not in its place", learned[i]);
    words_free(&w);
}
END_TEST

START_TEST(as_gpt2_has_it) {
    Bpe b;
    Error e;
    unsigned char *text;
    size_t n;
    ck_assert_msg(bpe_read(&b, "datasets/gpt2-vocab.json", "datasets/gpt2-merges.txt", &e), "%s", e.message);
    ck_assert_int_eq(b.size, 50257);
    expect_ids(&b, "Hello world, it's 2026!", (int[]){15496, 995, 11, 340, 338, 1160, 2075, 0}, 8);
    expect_ids(&b, "<|endoftext|>", (int[]){27, 91, 437, 1659, 5239, 91, 29}, 7);
    int id[8];
    ck_assert_int_eq((int)bpe_encode(&b, bytes_of("a<|endoftext|>b"), 15, true, id), 3);
    ck_assert_int_eq(id[1], 50256);
    if (file_exists("datasets/shakespeare.txt") && file_read("datasets/shakespeare.txt", &text, &n, &e)) {
        int *ids = xmalloc(n * sizeof *ids);
        ck_assert_int_eq((int)bpe_encode(&b, text, n, false, ids), 338025);
        free(ids);
        free(text);
    }
    bpe_free(&b);
}
END_TEST

int main(void) {
    TCase *c = testing_start("bpe");
    tcase_add_test(c, the_example_of_everybody);
    tcase_add_test(c, merges_are_those_of_the_naive_trainer);
    tcase_add_test(c, every_text_comes_back);
    tcase_add_test(c, a_stream_is_as_the_whole);
    tcase_add_test(c, long_words_are_as_short_ones);
    tcase_add_test(c, files_are_read_and_written);
    tcase_add_test(c, merges_have_any_line_ends);
    tcase_add_test(c, pieces_come_back_from_bytes);
    tcase_add_test(c, words_are_cut_into_the_longest_pieces);
    if (file_exists("datasets/gpt2-vocab.json")) tcase_add_test(c, as_gpt2_has_it);
    return testing_end();
}
