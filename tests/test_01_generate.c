// test_01_generate.c: models that write, and a talk with one by a script.
#define _GNU_SOURCE
#include "chat.h"
#include "generate.h"
#include "ngram.h"
#include "testing.h"

#include <stdlib.h>
#include <string.h>

// --- models whose answers are known ---

static Vocab make_vocab(const char *bytes, bool names) {
    Vocab v = {.size = (int)strlen(bytes), .names = names};
    for (int b = 0; b < 256; b++) v.id[b] = -1;
    for (int i = 0; i < v.size; i++) {
        v.byte[i] = (unsigned char)bytes[i];
        v.id[v.byte[i]] = i;
    }
    return v;
}

// After each id the next one, and after the last the first.
static void next_in_turn(const Model *m, const int *id, size_t n, float *prob) {
    for (int i = 0; i < m->vocab->size; i++) prob[i] = (id[n - 1] + 1) % m->vocab->size == i;
}

// Always id 1.
static void next_one(const Model *m, const int *id, size_t n, float *prob) {
    (void)id, (void)n;
    for (int i = 0; i < m->vocab->size; i++) prob[i] = i == 1;
}

// Never id 0; the others with 5 : 3 : 2, whatever came before.
static void next_mixed(const Model *m, const int *id, size_t n, float *prob) {
    (void)m, (void)id, (void)n;
    memcpy(prob, (float[]){0, 0.5f, 0.3f, 0.2f}, 4 * sizeof *prob);
}

static Model make_model(const Vocab *v, void (*next)(const Model *, const int *, size_t, float *)) {
    return (Model){.vocab = v, .boundary = v->names ? 0 : -1, .next = next};
}

static const Sampling PLAIN = {.temperature = 1};

// What generate writes. Free it.
static char *write_all(const Model *m, const char *prompt, int length, Sampling how, uint32_t seed) {
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    Rng rng;
    Error e;
    rng_seed(&rng, seed);
    bool ok = generate(m, prompt, length, how, &rng, out, &e);
    fclose(out);
    ck_assert_msg(ok, "%s", ok ? "" : e.message);
    return text;
}

static void check_writes(const Model *m, const char *prompt, int length, const char *want) {
    char *got = write_all(m, prompt, length, PLAIN, 1);
    ck_assert_str_eq(got, want);
    free(got);
}

// --- generate ---

START_TEST(names_begin_with_the_prompt_and_end_at_the_boundary) {
    Vocab v = make_vocab("\nabc", true);
    Model m = make_model(&v, next_in_turn);
    check_writes(&m, "", 3, "abc\nabc\nabc\n");
    check_writes(&m, "b", 2, "bc\nbc\n");
    check_writes(&m, "cab", 1, "cabc\n");
}
END_TEST

START_TEST(a_text_goes_on_from_the_prompt) {
    Vocab v = make_vocab("\nab", false);
    Model m = make_model(&v, next_in_turn);
    check_writes(&m, "", 7, "ab\nab\na");
    check_writes(&m, "b", 3, "b\nab");
    check_writes(&m, "a\na", 1, "a\nab");
}
END_TEST

START_TEST(a_text_without_newlines_starts_from_id_0) {
    Vocab v = make_vocab("abc", false);
    Model m = make_model(&v, next_in_turn);
    ck_assert_int_eq(model_start(&m), 0);
    check_writes(&m, "", 4, "bcab");
    Vocab late = make_vocab("\t\nz", false);
    m = make_model(&late, next_in_turn);
    ck_assert_int_eq(model_start(&m), 1);
    check_writes(&m, "", 2, "z\t");
}
END_TEST

START_TEST(a_name_without_end_is_cut_at_100) {
    Vocab v = make_vocab("\na", true);
    Model m = make_model(&v, next_one);
    const int GIVEN[] = {0, 50, 99, 100, 101, 102, 300};
    for (int i = 0; i < 7; i++) {
        char prompt[301], want[310];
        memset(prompt, 'a', sizeof prompt);
        prompt[GIVEN[i]] = 0;
        int length = GIVEN[i] > 100 ? GIVEN[i] : 100;
        memset(want, 'a', sizeof want);
        strcpy(want + length, "\n");
        check_writes(&m, prompt, 1, want);
    }
}
END_TEST

// Writes down the ids that it is asked about: they must be the start and all that was written since.
static int asked[64], asked_lengths[64], questions;
static void next_that_remembers(const Model *m, const int *id, size_t n, float *prob) {
    memcpy(asked, id, n * sizeof *id);
    asked_lengths[questions++] = (int)n;
    next_in_turn(m, id, n, prob);
}

START_TEST(the_model_sees_all_that_was_written) {
    Vocab v = make_vocab("\nabc", false);
    Model m = make_model(&v, next_that_remembers);
    check_writes(&m, "ca", 4, "cabc\na");
    ck_assert_int_eq(questions, 4);
    for (int i = 0; i < 4; i++) ck_assert_int_eq(asked_lengths[i], 3 + i);
    const int want[] = {0, 3, 1, 2, 3, 0};
    for (int i = 0; i < 6; i++) ck_assert_int_eq(asked[i], want[i]);
}
END_TEST

START_TEST(any_byte_is_written) {
    Vocab v = make_vocab("\xff", false);
    v.size = 2;
    v.byte[1] = 0;          // 0xff, NUL
    v.id[0] = 1;
    Model m = make_model(&v, next_in_turn);
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    Rng rng;
    Error e;
    rng_seed(&rng, 1);
    ck_assert(generate(&m, "\xff", 3, PLAIN, &rng, out, &e));
    fclose(out);
    ck_assert_uint_eq(size, 4);
    ck_assert(memcmp(text, "\xff\0\xff\0", 4) == 0);
    free(text);
}
END_TEST

START_TEST(an_unknown_character_writes_nothing) {
    Vocab v = make_vocab("\nabc", true);
    Model m = make_model(&v, next_in_turn);
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    Rng rng, before;
    Error e;
    rng_seed(&rng, 1);
    before = rng;
    ck_assert(!generate(&m, "abX", 3, PLAIN, &rng, out, &e));
    testing_one_line(e.message, "'X'");
    ck_assert(!generate(&m, "a\xc3", 3, PLAIN, &rng, out, NULL));
    fclose(out);
    ck_assert_uint_eq(size, 0);
    ck_assert_uint_eq(rng_bits(&rng), rng_bits(&before));
    free(text);
}
END_TEST

START_TEST(the_seed_decides_what_is_written) {
    Vocab v = make_vocab("\nabc", false);
    Model m = make_model(&v, next_mixed);
    char *a = write_all(&m, "", 60, PLAIN, 1), *b = write_all(&m, "", 60, PLAIN, 1), *c = write_all(&m, "", 60, PLAIN, 2);
    ck_assert_str_eq(a, b);
    ck_assert_str_ne(a, c);
    free(a);
    free(b);
    free(c);
}
END_TEST

START_TEST(sampling_is_obeyed) {
    Vocab v = make_vocab("\nabc", false);
    Model m = make_model(&v, next_mixed);
    char *greedy = write_all(&m, "", 20, (Sampling){.temperature = 0, .top_k = 0}, 1), *two = write_all(&m, "", 200, (Sampling){.temperature = 1, .top_k = 2}, 1);
    ck_assert_str_eq(greedy, "aaaaaaaaaaaaaaaaaaaa");
    ck_assert_uint_eq(strspn(two, "ab"), 200);
    ck_assert_ptr_nonnull(strchr(two, 'b'));
    free(greedy);
    free(two);
}
END_TEST

START_TEST(a_counted_model_writes_only_what_it_saw) {
    Text t;
    Error e;
    ck_assert(text_load(&t, "datasets/given-names.txt", NULL, &e));
    Ngram table = ngram_fit(t.train, 3, t.vocab.size, 0);
    Model m = ngram_model(&table, &t.vocab, t.train.boundary);
    char *text = write_all(&m, "", 200, PLAIN, 1);
    int lines = 0;
    for (char *c = text; *c; c++) {
        ck_assert(t.vocab.id[(unsigned char)*c] >= 0);
        lines += *c == '\n';
    }
    ck_assert_int_eq(lines, 200);
    free(text);
    ngram_free(&table);
    text_free(&t);
}
END_TEST

// --- one line ---

static char *line_of(const Model *m, int length) {
    Rng rng;
    rng_seed(&rng, 1);
    return generate_line(m, length, PLAIN, &rng);
}

START_TEST(a_line_has_spaces_for_newlines) {
    Vocab names = make_vocab("\nabc", true), text = make_vocab("\n\rab", false);
    Model m = make_model(&names, next_in_turn);
    char *line = line_of(&m, 2);
    ck_assert_str_eq(line, "abc abc ");
    free(line);
    m = make_model(&text, next_in_turn);
    line = line_of(&m, 6);
    ck_assert_str_eq(line, " ab  a");
    free(line);
}
END_TEST

START_TEST(a_line_has_at_most_4000_characters) {
    Vocab names = make_vocab("\na", true), text = make_vocab("\na", false);
    Model m = make_model(&text, next_one);
    char *line = line_of(&m, 100000);
    ck_assert_uint_eq(strlen(line), 4000);
    free(line);
    m = make_model(&names, next_one);
    line = line_of(&m, 60);         // 60 names of 100 characters
    ck_assert_uint_le(strlen(line), 4000);
    free(line);
}
END_TEST

// --- chat ---

// What chat says to a script, with names of 1 and a seed of 1 to begin with. Free it.
static char *talk(const Model *m, const char *script) {
    char *said = NULL;
    size_t size;
    FILE *in = fmemopen((char *)script, strlen(script) ? strlen(script) : 1, "r"), *out = open_memstream(&said, &size);
    if (!*script) fgetc(in);
    chat(m, (ChatSettings){.sampling = PLAIN, .length = 1, .seed = 1}, in, out);
    fclose(in);
    fclose(out);
    return said;
}

static void check_talk(const Model *m, const char *script, const char *want) {
    char *said = talk(m, script);
    ck_assert_msg(strcmp(said, want) == 0, "to \"%s\" it said \"%s\", want \"%s\"", script, said, want);
    free(said);
}

START_TEST(every_line_is_answered) {
    Vocab names = make_vocab("\nabc", true), text = make_vocab("\nabc", false);
    Model m = make_model(&names, next_in_turn);
    check_talk(&m, "", "");
    check_talk(&m, "a\nb\n", "abc\nbc\n");
    check_talk(&m, "a\n\nb", "abc\nabc\nbc\n");     // an empty beginning; a last line without newline
    check_talk(&m, "a\r\nb\r\n", "abc\nbc\n");
    m = make_model(&text, next_in_turn);
    check_talk(&m, "a\nb\n", "ab\nbc\n");
}
END_TEST

START_TEST(quit_ends_the_talk) {
    Vocab v = make_vocab("\nabc", true);
    Model m = make_model(&v, next_in_turn);
    check_talk(&m, "a\n/quit\nb\n", "abc\n");
    check_talk(&m, "/exit\nb\n", "");
}
END_TEST

START_TEST(settings_change_what_comes) {
    Vocab names = make_vocab("\nabc", true), text = make_vocab("\nabc", false);
    Model m = make_model(&names, next_in_turn);
    check_talk(&m, "/length 3\na\n", "abc\nabc\nabc\n");
    m = make_model(&text, next_mixed);
    check_talk(&m, "/length 30\n/temperature 0\nb\n", "baaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n");
    check_talk(&m, "/length 30\n/top-k 1\nb\n", "baaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n");
    char *said = talk(&m, "/length 30\n/top-k 1\n/top-k 0\nb\n");
    ck_assert_ptr_nonnull(strchr(said, 'c'));
    free(said);
}
END_TEST

START_TEST(a_seed_starts_anew) {
    Vocab v = make_vocab("\nabc", false);
    Model m = make_model(&v, next_mixed);
    char *said = talk(&m, "/length 40\n\n\n/seed 1\n\n/seed 4294967295\n\n"), *line[4];
    line[0] = strtok(said, "\n");
    for (int i = 1; i < 4; i++) line[i] = strtok(NULL, "\n");
    ck_assert_str_ne(line[0], line[1]);
    ck_assert_str_eq(line[0], line[2]);
    ck_assert_str_ne(line[0], line[3]);
    free(said);
}
END_TEST

START_TEST(wrong_settings_get_one_line_and_change_nothing) {
    Vocab v = make_vocab("\nabc", false);
    Model m = make_model(&v, next_mixed);
    const struct { const char *line, *word; } WRONG[] = {
        {"/temperature -1", "want a number from 0 to 100"}, {"/temperature", "want a number from 0 to 100"},
        {"/temperature hot", "\"hot\""}, {"/temperature 101", "from 0 to 100"}, {"/temperature nan", "\"nan\""},
        {"/temperature 1e999", "1e999"}, {"/temperature 1x", "\"1x\""}, {"/top-k -1", "want a whole number from 0"},
        {"/top-k 1.5", "whole"}, {"/top-k 1e300", "whole"}, {"/length 0", "from 1"}, {"/length 99999999", "from 1"},
        {"/seed -1", "from 0 to 4294967295"}, {"/seed 4294967296", "from 0"}, {"/nothing", "no /nothing"}, {"/nothing 5", "no /nothing"},
        {"/temperatur 5", "no /temperatur"}, {"/TEMPERATURE 5", "no /TEMPERATURE"},
        {"/a-name-that-is-longer-than-any-setting-that-there-is 5", "no /a-name"},
    };
    char *want = talk(&m, "/length 40\n\n");
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        char *script = xprintf("/length 40\n%s\n\n", WRONG[i].line), *said = talk(&m, script), *answer = strchr(said, '\n') + 1;
        ck_assert_msg(strcmp(answer, want) == 0, "after \"%s\" it wrote \"%s\", want \"%s\"", WRONG[i].line, answer, want);
        *answer = 0;
        testing_one_line(said, WRONG[i].word);
        free(said);
        free(script);
    }
    free(want);
}
END_TEST

START_TEST(unknown_characters_get_one_line_and_the_talk_goes_on) {
    Vocab v = make_vocab("\nabc", true);
    Model m = make_model(&v, next_in_turn);
    char *said = talk(&m, "aXb\nb\n"), *second = strchr(said, '\n') + 1;
    ck_assert_str_eq(second, "bc\n");
    *second = 0;
    testing_one_line(said, "'X'");
    free(said);
}
END_TEST

START_TEST(help_lists_the_settings_and_their_values) {
    Vocab v = make_vocab("\nabc", true);
    Model m = make_model(&v, next_in_turn);
    char *said = talk(&m, "/temperature 0.25\n/top-k 7\n/length 11\n/help\n"), *short_one = talk(&m, "/\n");
    const char *want[] = {"/temperature", "0.25", "/top-k", "7", "/length", "11", "/seed", "/quit"};
    for (int i = 0; i < 8; i++) ck_assert_msg(strstr(said, want[i]) != NULL, "no %s in %s", want[i], said);
    ck_assert_ptr_nonnull(strstr(short_one, "/temperature"));
    free(said);
    free(short_one);
}
END_TEST

START_TEST(help_shows_the_seed_that_was_set) {
    Vocab v = make_vocab("\nabc", true);
    Model m = make_model(&v, next_in_turn);
    char *said = talk(&m, "/seed 12345\n/help\n");
    ck_assert_msg(strstr(said, "12345") != NULL, "no 12345 in %s", said);
    free(said);
}
END_TEST

START_TEST(a_very_long_line_is_answered) {
    Vocab v = make_vocab("\nabc", true);
    Model m = make_model(&v, next_in_turn);
    size_t n = 100000;
    char *script = malloc(n + 2);
    memset(script, 'a', n);
    strcpy(script + n, "\n");
    char *said = talk(&m, script);
    ck_assert_uint_eq(strspn(said, "a"), n);
    free(said);
    script[0] = '/';
    said = talk(&m, script);
    testing_one_line(said, "there is no /aaa");
    free(said);
    free(script);
}
END_TEST

int main(void) {
    TCase *c = testing_start("generate");
    tcase_add_test(c, names_begin_with_the_prompt_and_end_at_the_boundary);
    tcase_add_test(c, a_text_goes_on_from_the_prompt);
    tcase_add_test(c, a_text_without_newlines_starts_from_id_0);
    tcase_add_test(c, a_name_without_end_is_cut_at_100);
    tcase_add_test(c, the_model_sees_all_that_was_written);
    tcase_add_test(c, any_byte_is_written);
    tcase_add_test(c, an_unknown_character_writes_nothing);
    tcase_add_test(c, the_seed_decides_what_is_written);
    tcase_add_test(c, sampling_is_obeyed);
    tcase_add_test(c, a_counted_model_writes_only_what_it_saw);
    tcase_add_test(c, a_line_has_spaces_for_newlines);
    tcase_add_test(c, a_line_has_at_most_4000_characters);
    tcase_add_test(c, every_line_is_answered);
    tcase_add_test(c, quit_ends_the_talk);
    tcase_add_test(c, settings_change_what_comes);
    tcase_add_test(c, a_seed_starts_anew);
    tcase_add_test(c, wrong_settings_get_one_line_and_change_nothing);
    tcase_add_test(c, unknown_characters_get_one_line_and_the_talk_goes_on);
    tcase_add_test(c, help_lists_the_settings_and_their_values);
    tcase_add_test(c, help_shows_the_seed_that_was_set);
    tcase_add_test(c, a_very_long_line_is_answered);
    return testing_end();
}
