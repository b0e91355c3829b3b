// test_01_text.c: files as ids: names and running text, odd files, splits, vocabularies.
#define _GNU_SOURCE
#include "text.h"
#include "testing.h"

#include "golden/split.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char TEN[] = "emma\nolivia\nava\nisabella\nsophia\ncharlotte\nmia\namelia\nharper\nevelyn\n";

static bool try_load(Text *t, const void *bytes, size_t size, const char *as, Error *e) {
    char *path = testing_path("some.txt");
    testing_write(path, bytes, size);
    bool ok = text_load(t, path, as, e);
    free(path);
    return ok;
}

static Text load_bytes(const void *bytes, size_t size, const char *as) {
    Text t;
    Error e;
    bool ok = try_load(&t, bytes, size, as, &e);
    ck_assert_msg(ok, "refused: %s", ok ? "" : e.message);
    return t;
}

static Text load(const char *bytes, const char *as) { return load_bytes(bytes, strlen(bytes), as); }

static void refuse(const char *bytes, const char *as, const char *word) {
    Text t;
    Error e;
    ck_assert_msg(!try_load(&t, bytes, strlen(bytes), as, &e), "\"%.20s\" was not refused", bytes);
    testing_one_line(e.message, word);
}

// The stream as text, a boundary as '.'. Free it.
static char *shown(const Text *t, Stream s) {
    char *text = calloc(s.n + 1, 1);
    for (size_t i = 0; i < s.n; i++) text[i] = vocab_show(&t->vocab, s.id[i]);
    return text;
}

static void check_stream(const Text *t, Stream s, const char *want) {
    char *got = shown(t, s);
    ck_assert_str_eq(got, want);
    free(got);
}

static void check_same(const char *bytes, const char *as, const char *want_bytes) {
    Text a = load(bytes, as), b = load(want_bytes, as);
    ck_assert_int_eq(a.examples, b.examples);
    ck_assert_int_eq(a.vocab.size, b.vocab.size);
    ck_assert_uint_eq(a.all.n, b.all.n);
    ck_assert(memcmp(a.all.id, b.all.id, a.all.n * sizeof(int)) == 0);
    text_free(&a);
    text_free(&b);
}

// --- names ---

START_TEST(names_stand_between_boundaries) {
    Text t = load(TEN, NULL);
    ck_assert(t.names && t.vocab.names);
    ck_assert_int_eq(t.examples, 10);
    ck_assert_int_eq(t.all.boundary, 0);
    check_stream(&t, t.all, ".emma.olivia.ava.isabella.sophia.charlotte.mia.amelia.harper.evelyn.");
    text_free(&t);
}
END_TEST

START_TEST(ids_are_in_byte_order_with_the_newline_first) {
    Text t = load(TEN, NULL);
    char seen[30] = "";
    for (int i = 0; i < t.vocab.size; i++) seen[i] = (char)t.vocab.byte[i];
    ck_assert_str_eq(seen, "\nabcehilmnoprstvy");
    for (int b = 0; b < 256; b++) {
        char *at = b ? strchr(seen, b) : NULL;
        ck_assert_int_eq(t.vocab.id[b], at ? (int)(at - seen) : -1);
    }
    text_free(&t);
}
END_TEST

START_TEST(line_endings_do_not_matter) {
    char crlf[200] = "", bare[200];
    for (const char *c = TEN; *c; c++) strcat(crlf, *c == '\n' ? "\r\n" : (char[]){*c, 0});
    strcpy(bare, TEN);
    bare[strlen(bare) - 1] = 0;
    check_same(bare, NULL, TEN);                // the last line has no newline
    check_same(crlf, NULL, TEN);
    crlf[strlen(crlf) - 1] = 0;                 // ... but a carriage return
    check_same(crlf, NULL, TEN);
}
END_TEST

START_TEST(blank_lines_are_no_names) {
    check_same("\n\na\nb\n\nc\n\r\nd\ne\nf\ng\nh\n\n\n\ni\nj\n\n\r\n\n", NULL, "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n");
}
END_TEST

START_TEST(too_few_names_are_refused) {
    refuse("a\nb\nc\nd\ne\nf\ng\nh\ni\n", NULL, "9 names");
    refuse("\n\n\r\n\n\n\n\n\n\n\n\n\n\n\n", "names", "0 names");
    refuse("a", "names", "1 names");
}
END_TEST

// Twenty names, a to t, in the order of Python's shuffle: 16, 2 and 2.
START_TEST(names_are_split_in_shuffled_order) {
    Text t = load("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\no\np\nq\nr\ns\nt", NULL);
    char want[3][40] = {".", ".", "."};
    for (int i = 0; i < 20; i++) sprintf(strchr(want[i < 16 ? 0 : i < 18 ? 1 : 2], 0), "%c.", 'a' + SPLIT_20[i]);
    check_stream(&t, t.train, want[0]);
    check_stream(&t, t.val, want[1]);
    check_stream(&t, t.test, want[2]);
    check_stream(&t, t.all, ".a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.");
    text_free(&t);
}
END_TEST

START_TEST(ten_names_give_every_split_one) {
    Text t = load(TEN, NULL);
    ck_assert(t.val.n > 1 && t.test.n > 1);
    text_free(&t);
}
END_TEST

// --- running text ---

START_TEST(a_running_text_is_its_bytes) {
    const char *text = "To be, or not to be:\nthat is the question.\n";
    Text t = load(text, NULL);
    ck_assert(!t.names && !t.vocab.names);
    ck_assert_int_eq(t.all.boundary, -1);
    ck_assert_int_eq(t.vocab.id['\n'], 0);
    check_stream(&t, t.all, text);
    ck_assert_uint_eq(t.test.n, 0);
    text_free(&t);
}
END_TEST

START_TEST(a_running_text_is_cut_at_nine_tenths) {
    char text[301];
    memset(text, 'x', sizeof text);
    for (size_t n = 20; n <= 300; n++) {
        Text t = load_bytes(text, n, "text");
        ck_assert_uint_eq(t.train.n, n * 9 / 10);
        ck_assert_uint_eq(t.train.n + t.val.n, n);
        ck_assert_ptr_eq(t.val.id, t.train.id + t.train.n);
        text_free(&t);
    }
}
END_TEST

START_TEST(too_short_a_text_is_refused) {
    refuse("nineteen characters", "text", "19 characters");
    refuse("\n", NULL, "1 characters");
}
END_TEST

static void set_bytes(unsigned char *bytes, size_t n) {
    for (size_t i = 0; i < n; i++) bytes[i] = (unsigned char)(i * 7 % 256);
}

START_TEST(any_byte_may_occur) {
    unsigned char bytes[1000];
    set_bytes(bytes, sizeof bytes);
    Text t = load_bytes(bytes, sizeof bytes, "text");
    ck_assert_int_eq(t.vocab.size, 256);
    ck_assert_uint_eq(t.all.n, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) ck_assert_int_eq(t.vocab.byte[t.all.id[i]], bytes[i]);
    text_free(&t);
}
END_TEST

START_TEST(any_byte_may_occur_in_a_name) {
    unsigned char bytes[] = "a\0b\n\xff\n\x80\x01\nd\ne\nf\ng\nh\ni\nj\n\0";   // the last name is one NUL
    Text t = load_bytes(bytes, sizeof bytes - 1, NULL);
    ck_assert(t.names);
    ck_assert_int_eq(t.examples, 11);
    ck_assert_int_eq(t.vocab.byte[0], '\n');            // the boundary, although other bytes are smaller
    ck_assert_int_eq(t.vocab.id[0], 1);
    ck_assert_int_eq(t.all.id[0], 0);
    ck_assert_int_eq(t.all.id[2], 1);                   // the NUL of "a\0b"
    ck_assert_int_eq(t.vocab.id[0xff], t.vocab.size - 1);
    text_free(&t);
}
END_TEST

// A file larger than any buffer it might be read through.
START_TEST(a_long_text_is_read_to_its_end) {
    size_t n = 300001;
    unsigned char *bytes = malloc(n);
    set_bytes(bytes, n);
    Text t = load_bytes(bytes, n, "text");
    ck_assert_uint_eq(t.all.n, n);
    ck_assert_int_eq(t.vocab.byte[t.all.id[n - 1]], bytes[n - 1]);
    text_free(&t);
    free(bytes);
}
END_TEST

// --- which of the two ---

START_TEST(a_file_is_read_as_it_looks) {
    char line[100], text[600] = "";
    for (int i = 0; i < 11; i++) strcat(text, "abc\n");
    struct { int length; char inside; bool names; } CASE[] = {{40, 'x', true}, {41, 'x', false}, {3, ' ', false}};
    for (int k = 0; k < 3; k++) {
        snprintf(line, sizeof line, "%.*s", CASE[k].length, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
        line[1] = CASE[k].inside;
        char *both = xprintf("%s%s\n", text, line);
        Text t = load(both, NULL);
        ck_assert_msg(t.names == CASE[k].names, "a line \"%s\" was read as %s", line, t.names ? "names" : "text");
        text_free(&t);
        free(both);
    }
    Text t = load("onelinewithoutanyspace", NULL);
    ck_assert(!t.names);
    text_free(&t);
}
END_TEST

START_TEST(as_overrides_the_looks) {
    Text t = load(TEN, "text");
    ck_assert(!t.names);
    check_stream(&t, t.all, TEN);
    text_free(&t);
    t = load("mary ann\na b\nc\nd\ne\nf\ng\nh\ni\na line that is much longer than forty bytes are\n", "names");
    ck_assert(t.names);
    ck_assert_int_eq(t.examples, 10);
    text_free(&t);
}
END_TEST

// --- where it lies ---

START_TEST(what_is_not_there_is_refused) {
    Text t;
    Error e;
    ck_assert(!text_load(&t, "no-such-thing", NULL, &e));
    testing_one_line(e.message, "no-such-thing");
    ck_assert(!text_load(&t, "no/such/file.txt", NULL, &e));
    testing_one_line(e.message, "no/such/file.txt");
    ck_assert(!text_load(&t, "", NULL, &e));
    testing_one_line(e.message, "no data set");
    ck_assert(!text_load(&t, "no-such-thing", NULL, NULL));
    refuse("", NULL, "empty");
    refuse("", "names", "empty");
}
END_TEST

START_TEST(a_directory_is_refused) {
    char *path = testing_path("folder");
    ck_assert_int_eq(mkdir(path, 0777), 0);
    Text t;
    Error e;
    ck_assert(!text_load(&t, path, NULL, &e));
    testing_one_line(e.message, "irectory");
    free(path);
}
END_TEST

START_TEST(a_set_that_can_be_fetched_says_so) {
    char *here = testing_path("");
    ck_assert_int_eq(chdir(here), 0);
    Text t;
    Error e;
    const char *set[] = {"names", "shakespeare", "wikitext2-valid", "tinystories-train"};
    const char *hint[] = {"fetch.sh names,", "fetch.sh shakespeare,", "fetch.sh wikitext2,", "fetch.sh tinystories,"};
    for (int i = 0; i < 4; i++) {
        ck_assert(!text_load(&t, set[i], NULL, &e));
        testing_one_line(e.message, hint[i]);
    }
    free(here);
}
END_TEST

static int names_in(const char *data) {
    Text t;
    Error e;
    if (!text_load(&t, data, "names", &e)) return -1;
    int n = t.examples;
    text_free(&t);
    return n;
}

START_TEST(a_set_is_sought_in_its_places) {
    char *here = testing_path("");
    ck_assert_int_eq(chdir(here), 0);
    free(here);
    mkdir("datasets", 0777);
    mkdir("build", 0777);
    mkdir("build/data", 0777);
    mkdir("mine", 0777);
    const char *eleven = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\n", *twelve = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n";
    unsetenv("LM_DATASETS");
    testing_write_text("build/data/built.txt", TEN);
    testing_write_text("datasets/both.txt", eleven);
    testing_write_text("build/data/both.txt", TEN);
    testing_write_text("mine/both.txt", twelve);
    ck_assert_int_eq(names_in("built"), 10);
    ck_assert_int_eq(names_in("both"), 11);
    ck_assert_int_eq(names_in("./mine/both.txt"), 12);
    setenv("LM_DATASETS", "mine", 1);
    ck_assert_int_eq(names_in("both"), 12);
    ck_assert_int_eq(names_in("built"), 10);
    testing_write_text("plain", twelve);                               // a file beside them that has no ending
    ck_assert_int_eq(names_in("plain"), 12);
}
END_TEST

// --- the vocabulary ---

START_TEST(encode_gives_ids_or_says_what_is_unknown) {
    Text t = load(TEN, NULL);
    int id[8] = {0};
    Error e;
    ck_assert_int_eq(vocab_encode(&t.vocab, "mia", 3, id, &e), 3);
    for (int i = 0; i < 3; i++) ck_assert_int_eq(t.vocab.byte[id[i]], "mia"[i]);
    ck_assert_int_eq(vocab_encode(&t.vocab, "", 0, id, &e), 0);
    ck_assert_int_eq(vocab_encode(&t.vocab, "mi%a", 4, id, &e), -1);
    testing_one_line(e.message, "'%'");
    ck_assert_int_eq(vocab_encode(&t.vocab, "m\n\xc3", 3, id, &e), -1);
    testing_one_line(e.message, "0xc3");
    ck_assert_int_eq(vocab_encode(&t.vocab, "m\0", 2, id, &e), -1);
    testing_one_line(e.message, "0x00");
    ck_assert_int_eq(vocab_encode(&t.vocab, "Q", 1, id, NULL), -1);
    text_free(&t);
}
END_TEST

START_TEST(ids_are_shown_and_labelled) {
    Text names = load(TEN, NULL), text = load("a b\tc\nd e\177f and some more of it", "text");
    ck_assert_int_eq(vocab_show(&names.vocab, 0), '.');
    ck_assert_int_eq(vocab_label(&names.vocab, 0), '.');
    ck_assert_int_eq(vocab_label(&names.vocab, 1), 'a');
    ck_assert_int_eq(vocab_show(&text.vocab, text.vocab.id['\n']), '\n');
    ck_assert_int_eq(vocab_label(&text.vocab, text.vocab.id['\n']), '~');
    ck_assert_int_eq(vocab_label(&text.vocab, text.vocab.id[' ']), '_');
    ck_assert_int_eq(vocab_label(&text.vocab, text.vocab.id['\t']), '?');
    ck_assert_int_eq(vocab_label(&text.vocab, text.vocab.id[127]), '?');
    text_free(&names);
    text_free(&text);
}
END_TEST

// --- the fetched sets ---

static size_t names_of(Stream s) {
    size_t boundaries = 0;
    for (size_t i = 0; i < s.n; i++) boundaries += s.id[i] == 0;
    return boundaries - 1;
}

static void check_start(const Text *t, Stream s, const char *want) {
    s.n = strlen(want);
    check_stream(t, s, want);
}

// Each split as a string of boundaries and names: an example for every id but the first.
START_TEST(names_txt_is_split_as_published) {
    Text t;
    Error e;
    ck_assert(text_load(&t, "names", NULL, &e));
    ck_assert(t.names);
    ck_assert_int_eq(t.examples, 32033);
    ck_assert_int_eq(t.vocab.size, 27);
    ck_assert_uint_eq(t.all.n - 1, 228146);
    ck_assert_uint_eq(names_of(t.train), 25626);
    ck_assert_uint_eq(names_of(t.val), 3203);
    ck_assert_uint_eq(names_of(t.test), 3204);
    ck_assert_uint_eq(t.train.n - 1, 182625);
    ck_assert_uint_eq(t.val.n - 1, 22655);
    ck_assert_uint_eq(t.test.n - 1, 22866);
    check_start(&t, t.all, ".emma.olivia.ava.");
    check_start(&t, t.train, ".yuheng.diondre.xavien.jori.juanluis.erandi.");
    check_start(&t, t.val, ".amay.aytana.jenevi.");
    check_start(&t, t.test, ".mustafa.reuben.kahlel.");
    Stream end = {t.all.id + t.all.n - 6, 6, 0};
    check_stream(&t, end, "zzyzx.");                    // the last name of the file, which ends without a newline
    text_free(&t);
}
END_TEST

START_TEST(shakespeare_is_split_as_published) {
    Text t;
    Error e;
    ck_assert(text_load(&t, "shakespeare", NULL, &e));
    ck_assert(!t.names);
    ck_assert_int_eq(t.vocab.size, 65);
    ck_assert_uint_eq(t.all.n, 1115394);
    ck_assert_uint_eq(t.train.n, 1003854);
    ck_assert_uint_eq(t.val.n, 111540);
    check_start(&t, t.all, "First Citizen:\n");
    text_free(&t);
}
END_TEST

int main(void) {
    TCase *c = testing_start("text");
    tcase_add_test(c, names_stand_between_boundaries);
    tcase_add_test(c, ids_are_in_byte_order_with_the_newline_first);
    tcase_add_test(c, line_endings_do_not_matter);
    tcase_add_test(c, blank_lines_are_no_names);
    tcase_add_test(c, too_few_names_are_refused);
    tcase_add_test(c, names_are_split_in_shuffled_order);
    tcase_add_test(c, ten_names_give_every_split_one);
    tcase_add_test(c, a_running_text_is_its_bytes);
    tcase_add_test(c, a_running_text_is_cut_at_nine_tenths);
    tcase_add_test(c, too_short_a_text_is_refused);
    tcase_add_test(c, any_byte_may_occur);
    tcase_add_test(c, any_byte_may_occur_in_a_name);
    tcase_add_test(c, a_long_text_is_read_to_its_end);
    tcase_add_test(c, a_file_is_read_as_it_looks);
    tcase_add_test(c, as_overrides_the_looks);
    tcase_add_test(c, what_is_not_there_is_refused);
    tcase_add_test(c, a_directory_is_refused);
    tcase_add_test(c, a_set_that_can_be_fetched_says_so);
    tcase_add_test(c, a_set_is_sought_in_its_places);
    tcase_add_test(c, encode_gives_ids_or_says_what_is_unknown);
    tcase_add_test(c, ids_are_shown_and_labelled);
    testing_add_with_data(c, names_txt_is_split_as_published, "names");
    testing_add_with_data(c, shakespeare_is_split_as_published, "shakespeare");
    return testing_end();
}
