// test_06_words.c: words and their ids, streams side by side, sequences filled up to one length.
#define _GNU_SOURCE
#include "sequences.h"
#include "streams.h"
#include "testing.h"
#include "word_pieces.h"

#include <stdlib.h>
#include <string.h>

static const char TEXT[] = "The cat saw the dog. 'Who is it?' said <unk> cat.\nthe dog, the cat -- and caf\xc3\xa9\n";

START_TEST(words_are_counted_and_ordered) {
    Words w = words_of_text(TEXT, strlen(TEXT), 2, 100);
    // three of "the", "cat" and "'" 2, ... ; of equals the one first in byte order
    const char *want[] = {"<pad>", "<unk>", "<bos>", "<eos>", "cat", "the", "'", ".", "dog"};
    ck_assert_int_eq(w.size, 9);
    for (int i = 0; i < 9; i++) {
        ck_assert_str_eq(w.word[i], want[i]);
        ck_assert_int_eq(words_find(&w, want[i], (int)strlen(want[i])), i);
    }
    ck_assert_int_eq(words_find(&w, "saw", 3), WORD_UNK);
    int id[100], n = words_encode(&w, TEXT, strlen(TEXT), id);
    const int ids[] = {1, 4, 1, 5, 8, 7, 6, 1, 1, 1, 1, 6, 1, 1, 4, 7, 3, 5, 8, 1, 5, 4, 1, 1, 1, 3};
    ck_assert_int_eq(n, (int)(sizeof ids / sizeof *ids));
    for (int i = 0; i < n; i++) ck_assert_msg(id[i] == ids[i], "id[%d] is %d, want %d", i, id[i], ids[i]);
    words_free(&w);
    w = words_of_text(TEXT, strlen(TEXT), 1, 2);
    ck_assert_int_eq(w.size, WORDS_SPECIAL + 2);
    words_free(&w);
}
END_TEST

START_TEST(a_vocabulary_of_many_words_finds_each) {
    char *text = xcalloc(200000, 1), word[16];
    size_t n = 0;
    for (int i = 0; i < 9000; i++) n += (size_t)sprintf(text + n, "w%d%s ", i * 7919 % 9001, i % 3 ? "" : "x");
    Words w = words_of_text(text, n, 1, 1000000);
    ck_assert_int_eq(w.size, WORDS_SPECIAL + 9000);
    for (int i = 0; i < w.size; i++) ck_assert_int_eq(words_find(&w, w.word[i], w.length[i]), i);
    ck_assert_int_eq(words_find(&w, word, sprintf(word, "w%d", 9001)), WORD_UNK);
    words_free(&w);
    free(text);
}
END_TEST

START_TEST(pieces_read_write_and_come_back) {
    Words w = words_of_text(TEXT, strlen(TEXT), 1, 100), again;
    Pieces p = word_pieces(&w, WORD_EOS);
    Vocab v = {.size = w.size, .pieces = &p};
    Error e;
    ck_assert(word_pieces_restore(&again, p.bytes, p.size, &e));
    ck_assert_int_eq(again.size, w.size);
    for (int i = 0; i < w.size; i++) ck_assert_str_eq(again.word[i], w.word[i]);
    words_free(&again);
    int id[40], n = vocab_encode(&v, "the cat saw it.\nWho", 19, id, &e);
    char *written = NULL;
    size_t size;
    FILE *out = open_memstream(&written, &size);
    for (int i = 0; i < n; i++) vocab_write(&v, id[i], i ? id[i - 1] : -1, out);
    fclose(out);
    ck_assert_str_eq(written, "the cat saw it.\nWho");
    free(written);
    ck_assert(!word_pieces_restore(&again, "\0\x05" "abc", 5, &e));
    ck_assert(!word_pieces_restore(&again, "", 0, &e));
    ck_assert(strstr(e.message, "broken") != NULL);
    word_pieces_free(&p);
    words_free(&w);
}
END_TEST

START_TEST(characters_are_words_too) {
    Vocab letters = {.size = 3, .names = true, .byte = {'\n', 'a', 'b'}};
    Words w = words_of_characters(&letters);
    ck_assert_int_eq(w.size, WORDS_SPECIAL + 2);
    int id[8];
    ck_assert_int_eq(words_encode(&w, "ab\nb", 4, id), 4);
    const int want[] = {4, 5, WORD_EOS, 5};
    for (int i = 0; i < 4; i++) ck_assert_int_eq(id[i], want[i]);
    Pieces p = word_pieces(&w, WORD_BOS);
    Error e;
    ck_assert_int_eq(p.encode(&w, "abc", 3, id, &e), -1);
    ck_assert(strstr(e.message, "'c'") != NULL);
    word_pieces_free(&p);
    words_free(&w);
}
END_TEST

START_TEST(streams_go_on_where_they_were) {
    int id[23], x[12], y[12];
    for (int i = 0; i < 23; i++) id[i] = i;
    Streams s = streams_of(id, 23, 2);          // two parts of 11: 0..10 and 11..21
    bool fresh;
    for (int round = 0; round < 2; round++) {
        int at = 0, T;
        while ((T = streams_next(&s, 4, x, y, &fresh)) > 0) {
            ck_assert_int_eq(T, at < 8 ? 4 : 2);
            ck_assert(fresh == (at == 0));
            for (int t = 0; t < T; t++)
                for (int b = 0; b < 2; b++) {
                    ck_assert_int_eq(x[t * 2 + b], b * 11 + at + t);
                    ck_assert_int_eq(y[t * 2 + b], b * 11 + at + t + 1);
                }
            at += T;
        }
        ck_assert_int_eq(at, 10);
    }
    ck_assert_int_eq(streams_of(id, 5, 8).B, 2);
    Streams none = streams_of(id, 1, 4);
    ck_assert_int_eq(streams_next(&none, 4, x, y, &fresh), 0);
}
END_TEST

START_TEST(sequences_are_filled_up) {
    const int id[] = {7, 8, 8, WORD_EOS, WORD_EOS, 9, WORD_EOS, 5, 5, 5, 5, 5, WORD_EOS};
    Sequences s = sequences_of(id, 13, 4);      // an empty one and one that is too long are left out
    ck_assert_int_eq(s.count, 2);
    ck_assert_int_eq(s.longest, 4);
    int x[8], y[8], back[8], length[2];
    ck_assert_int_eq(sequences_batch(&s, (int[]){1, 0}, 2, x, y, length), 4);
    sequences_backwards(&s, (int[]){1, 0}, 2, 4, back);
    const int want_x[] = {WORD_BOS, WORD_BOS, 9, 7, WORD_PAD, 8, WORD_PAD, 8};
    const int want_y[] = {9, 7, WORD_EOS, 8, WORD_PAD, 8, WORD_PAD, WORD_EOS};
    const int want_back[] = {WORD_BOS, WORD_BOS, WORD_EOS, WORD_EOS, WORD_PAD, 8, WORD_PAD, 8};
    for (int i = 0; i < 8; i++) {
        ck_assert_int_eq(x[i], want_x[i]);
        ck_assert_int_eq(y[i], want_y[i]);
        ck_assert_int_eq(back[i], want_back[i]);
    }
    ck_assert(length[0] == 2 && length[1] == 4);
    sequences_free(&s);
}
END_TEST

int main(void) {
    TCase *c = testing_start("words");
    tcase_add_test(c, words_are_counted_and_ordered);
    tcase_add_test(c, a_vocabulary_of_many_words_finds_each);
    tcase_add_test(c, pieces_read_write_and_come_back);
    tcase_add_test(c, characters_are_words_too);
    tcase_add_test(c, streams_go_on_where_they_were);
    tcase_add_test(c, sequences_are_filled_up);
    return testing_end();
}
