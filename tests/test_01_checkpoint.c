// test_01_checkpoint.c: safetensors byte by byte, files of other programs, damaged files, and models with a vocabulary.
#define _GNU_SOURCE
#include "checkpoint.h"
#include "file.h"
#include "modelfile.h"
#include "testing.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static const char PYTHONS[] = "tests/golden/from_python.safetensors";

static const Array *find(const Checkpoint *c, const char *name, const char *dtype, int ndim, const int *shape) {
    Error e;
    const Array *a = checkpoint_find(c, name, dtype, ndim, shape, &e);
    ck_assert_msg(a != NULL, "%s", a ? "" : e.message);
    return a;
}

static void check_bytes(const Array *a, const void *want, size_t size) {
    ck_assert_msg(memcmp(a->data, want, size) == 0, "\"%s\" has other bytes", a->name);
}

static Checkpoint open_file(const char *path) {
    Checkpoint c;
    Error e;
    bool ok = checkpoint_open(&c, path, &e);
    ck_assert_msg(ok, "refused: %s", ok ? "" : e.message);
    return c;
}

// --- the format ---

// The format's example by hand: 8 bytes of length, a header padded with spaces, the data.
#define HEADER                                                                                                                \
    "{\"__metadata__\":{\"by\":\"hand\"},"                                                                                    \
    "\"w\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"                                                       \
    "\"ids\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[8,11]}}"
static const char BY_HAND[] = "\x90\0\0\0\0\0\0\0" HEADER "    "
                              "\x00\x00\x80\x3f\x00\x00\x00\xc0" "abc";
enum { BY_HAND_SIZE = sizeof BY_HAND - 1 };

static float W[] = {1, -2};
static const Array ARRAYS[] = {{"w", "F32", 2, {2, 1}, W}, {"ids", "U8", 1, {3}, "abc"}};

static char *saved_file(void) {
    char *path = testing_path("saved.safetensors");
    json_t *metadata = json_pack("{s:s}", "by", "hand");
    Error e;
    bool ok = checkpoint_save(path, ARRAYS, 2, metadata, &e);
    ck_assert_msg(ok, "%s", ok ? "" : e.message);
    json_decref(metadata);
    return path;
}

START_TEST(a_saved_file_is_this_byte_for_byte) {
    char *path = saved_file();
    size_t size;
    char *got = testing_read(path, &size);
    ck_assert_uint_eq(size, BY_HAND_SIZE);
    for (size_t i = 0; i < size; i++)
        ck_assert_msg(got[i] == BY_HAND[i], "byte %zu: got 0x%02x, want 0x%02x", i, (unsigned char)got[i], (unsigned char)BY_HAND[i]);
    free(got);
    free(path);
}
END_TEST

START_TEST(a_file_by_hand_is_read) {
    char *path = testing_path("by-hand");
    testing_write(path, BY_HAND, BY_HAND_SIZE);
    Checkpoint c = open_file(path);
    ck_assert_int_eq(c.count, 2);
    check_bytes(find(&c, "w", "F32", 2, (int[]){2, 1}), W, sizeof W);
    check_bytes(find(&c, "ids", "U8", 1, (int[]){-1}), "abc", 3);
    ck_assert_str_eq(checkpoint_text(&c, "by"), "hand");
    ck_assert_ptr_null(checkpoint_text(&c, "lesson"));
    checkpoint_close(&c);
    free(path);
}
END_TEST

START_TEST(a_file_of_the_python_package_is_read) {
    Checkpoint c = open_file(PYTHONS);
    ck_assert_int_eq(c.count, 7);
    check_bytes(find(&c, "weight", "F32", 2, (int[]){2, 3}), (float[]){-0.5f, -0.25f, 0, 0.25f, 0.5f, 0.75f}, 24);
    check_bytes(find(&c, "count", "U32", 1, (int[]){3}), (uint32_t[]){1, 2, 4294967295u}, 12);
    check_bytes(find(&c, "id", "I32", 1, (int[]){2}), (int[]){-1, 2147483647}, 8);
    check_bytes(find(&c, "long", "I64", 2, (int[]){1, 1}), (int64_t[]){-((int64_t)1 << 40)}, 8);
    check_bytes(find(&c, "vocab", "U8", 1, (int[]){5}), "\n.ab\xff", 5);
    check_bytes(find(&c, "scalar", "F32", 0, NULL), (float[]){0.1f}, 4);
    find(&c, "none", "F32", 2, (int[]){0, 3});
    ck_assert_str_eq(checkpoint_text(&c, "made by"), "Python, é");
    for (int i = 0; i < c.count; i++)       // floats are where floats may stand
        ck_assert_uint_eq((uintptr_t)c.array[i].data % dtype_size(c.array[i].dtype), 0);
    checkpoint_close(&c);
}
END_TEST

START_TEST(what_is_saved_comes_back) {
    float four[2 * 3 * 1 * 2];
    testing_fill(four, 12, 10, 1);
    uint32_t counts[] = {0, 4294967295u};
    const Array array[] = {
        {"a \"quoted\" name/é", "F32", 4, {2, 3, 1, 2}, four}, {"n", "U32", 1, {2}, counts}, {"one", "F32", 0, {0}, four}};
    char *path = testing_path("all");
    Error e;
    ck_assert(checkpoint_save(path, array, 3, NULL, &e));
    Checkpoint c = open_file(path);
    ck_assert_int_eq(c.count, 3);
    check_bytes(find(&c, array[0].name, "F32", 4, array[0].shape), four, sizeof four);
    check_bytes(find(&c, "n", "U32", 1, (int[]){2}), counts, sizeof counts);
    check_bytes(find(&c, "one", "F32", 0, NULL), four, sizeof *four);
    ck_assert_ptr_null(checkpoint_text(&c, "anything"));
    checkpoint_close(&c);
    ck_assert(checkpoint_save(path, NULL, 0, NULL, &e));
    c = open_file(path);
    ck_assert_int_eq(c.count, 0);
    checkpoint_close(&c);
    free(path);
}
END_TEST

START_TEST(sizes_of_types) {
    ck_assert_uint_eq(dtype_size("F32"), 4);
    ck_assert_uint_eq(dtype_size("I64"), 8);
    ck_assert_uint_eq(dtype_size("BF16"), 2);
    ck_assert_uint_eq(dtype_size("U8"), 1);
    ck_assert_uint_eq(dtype_size("F3"), 0);
    ck_assert_uint_eq(dtype_size(""), 0);
}
END_TEST

START_TEST(find_says_what_it_found_instead) {
    char *path = saved_file();
    Checkpoint c = open_file(path);
    Error e;
    ck_assert_ptr_null(checkpoint_find(&c, "v", "F32", 1, (int[]){2}, &e));
    testing_one_line(e.message, "holds no \"v\"");
    ck_assert_ptr_null(checkpoint_find(&c, "w", "F32", 2, (int[]){1, 2}, &e));
    testing_one_line(e.message, "\"w\" is F32 (2,1), want F32 (1,2)");
    ck_assert_ptr_null(checkpoint_find(&c, "w", "F32", 1, (int[]){-1}, &e));
    testing_one_line(e.message, "want F32 (*)");
    ck_assert_ptr_null(checkpoint_find(&c, "w", "U32", 2, (int[]){2, 1}, &e));
    testing_one_line(e.message, "want U32");
    ck_assert_ptr_null(checkpoint_find(&c, "v", "F32", 1, (int[]){2}, NULL));
    checkpoint_close(&c);
    free(path);
}
END_TEST

// --- saving that fails ---

static int files_here(void) {
    char *path = testing_path("");
    DIR *dir = opendir(path);
    int count = 0;
    while (readdir(dir)) count++;
    closedir(dir);
    free(path);
    return count;
}

START_TEST(a_save_that_fails_keeps_the_old_file) {
    static char large[200000];
    const Array array = {"large", "U8", 1, {sizeof large}, large};
    char *path = saved_file();
    int before = files_here();
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &(struct rlimit){100000, 100000}), 0);     // as on a full disk
    Error e;
    ck_assert(!checkpoint_save(path, &array, 1, NULL, &e));
    testing_one_line(e.message, "cannot write");
    ck_assert_int_eq(files_here(), before);
    Checkpoint c = open_file(path);
    find(&c, "w", "F32", 2, (int[]){2, 1});
    checkpoint_close(&c);
    free(path);
}
END_TEST

START_TEST(a_save_to_nowhere_is_refused) {
    char *path = testing_path("no/such/directory/file"), *dir = testing_path("a-directory");
    Error e;
    ck_assert(!checkpoint_save(path, ARRAYS, 2, NULL, &e));
    testing_one_line(e.message, "no/such/directory");
    mkdir(dir, 0777);
    int before = files_here();
    ck_assert(!checkpoint_save(dir, ARRAYS, 2, NULL, &e));
    testing_one_line(e.message, "a-directory");
    ck_assert_int_eq(files_here(), before);
    free(path);
    free(dir);
}
END_TEST

// --- damaged files ---

// Opens bytes as a file. Whether it is taken or not, nothing may crash, and a refusal has one line.
static bool opens(const void *bytes, size_t size, Error *e) {
    char *path = testing_path("damaged");
    testing_write(path, bytes, size);
    Checkpoint c;
    bool ok = checkpoint_open(&c, path, e);
    for (int i = 0; ok && i < c.count; i++) {
        size_t n = dtype_size(c.array[i].dtype);
        for (int d = 0; d < c.array[i].ndim; d++) n *= (size_t)c.array[i].shape[d];
        free(memcpy(xmalloc(n), c.array[i].data, n));       // every byte of it can be read
    }
    if (ok) checkpoint_close(&c);
    else testing_one_line(e->message, path);
    free(path);
    return ok;
}

static bool opens_header(const char *header, const void *data, size_t size, Error *e) {
    uint64_t length = strlen(header);
    char *bytes = malloc(8 + length + size + 1);
    memcpy(bytes, &length, 8);
    memcpy(bytes + 8, header, length);
    if (size) memcpy(bytes + 8 + length, data, size);
    bool ok = opens(bytes, 8 + length + size, e);
    free(bytes);
    return ok;
}

static void refuse_header(const char *header, const char *word) {
    Error e;
    ck_assert_msg(!opens_header(header, W, sizeof W, &e), "not refused: %s", header);
    testing_one_line(e.message, word);
}

static void cut_everywhere(const char *bytes, size_t size) {
    Error e;
    for (size_t n = 0; n < size; n++) ck_assert_msg(!opens(bytes, n, &e), "cut off at %zu of %zu bytes: not refused", n, size);
    ck_assert(opens(bytes, size, &e));
}

START_TEST(a_file_cut_off_anywhere_is_refused) {
    size_t size;
    char *python = testing_read(PYTHONS, &size);
    cut_everywhere(python, size);
    cut_everywhere(BY_HAND, BY_HAND_SIZE);
    free(python);
}
END_TEST

static void flip_bytes(const char *bytes, size_t size, unsigned seed) {
    char *copy = malloc(size);
    int taken = 0;
    for (int i = 0; i < 4000; i++) {
        memcpy(copy, bytes, size);
        for (int k = 0; k <= i % 3; k++)
            copy[(size_t)((testing_random(&seed) + 1) / 2 * (double)size) % size] = (char)(128 * testing_random(&seed));
        Error e;
        taken += opens(copy, size, &e);
    }
    ck_assert_int_gt(taken, 0);
    ck_assert_int_lt(taken, 3000);
    free(copy);
}

START_TEST(random_bytes_do_no_harm) {
    size_t size;
    char *python = testing_read(PYTHONS, &size);
    flip_bytes(python, size, 1);
    flip_bytes(BY_HAND, BY_HAND_SIZE, 2);
    free(python);
}
END_TEST

START_TEST(a_header_without_padding_is_read) {
    for (int spaces = 0; spaces < 9; spaces++) {
        char *header = xprintf("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}%*s", spaces, "");
        uint64_t length = strlen(header);
        char *bytes = malloc(8 + length + 8), *path = testing_path("odd");
        memcpy(bytes, &length, 8);
        memcpy(bytes + 8, header, length);
        memcpy(bytes + 8 + length, W, 8);
        testing_write(path, bytes, 8 + length + 8);
        Checkpoint c = open_file(path);
        const Array *w = find(&c, "w", "F32", 1, (int[]){2});
        ck_assert_uint_eq((uintptr_t)w->data % sizeof(float), 0);
        check_bytes(w, W, sizeof W);
        checkpoint_close(&c);
        free(path);
        free(bytes);
        free(header);
    }
}
END_TEST

START_TEST(a_header_that_is_no_json_object_is_refused) {
    refuse_header("", "header");
    refuse_header("garbage", "header");
    refuse_header("{\"w\":", "header");
    refuse_header("[1,2]", "header");
    refuse_header("3", "header");
    refuse_header("\"w\"", "header");
    refuse_header("{\"w\":1}x", "header");
    refuse_header("{\"\xff\":1}", "header");
    char deep[5000];
    memset(deep, '[', sizeof deep);
    deep[sizeof deep - 1] = 0;
    refuse_header(deep, "header");
}
END_TEST

START_TEST(entries_that_are_not_whole_are_refused) {
    refuse_header("{\"w\":1}", "\"w\"");
    refuse_header("{\"w\":{}}", "\"w\"");
    refuse_header("{\"w\":{\"dtype\":\"F32\",\"shape\":[2]}}", "\"w\"");
    refuse_header("{\"w\":{\"dtype\":3,\"shape\":[2],\"data_offsets\":[0,8]}}", "\"w\"");
    refuse_header("{\"w\":{\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]}}", "\"w\"");
    refuse_header("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,8]}}", "\"w\"");
    refuse_header("{\"w\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,2],\"data_offsets\":[0,8]}}", "\"w\"");
    refuse_header("{\"w\":{\"dtype\":\"F7\",\"shape\":[2],\"data_offsets\":[0,8]}}", "F7");
    refuse_header("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"w\":{}}", "\"w\"");
}
END_TEST

START_TEST(numbers_that_are_none_are_refused) {
    refuse_header("{\"w\":{\"dtype\":\"F32\",\"shape\":[\"2\"],\"data_offsets\":[0,0]}}", "\"w\"");
    refuse_header("{\"w\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,0]}}", "\"w\"");
    refuse_header("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[null,8]}}", "\"w\"");
}
END_TEST

START_TEST(bytes_that_are_not_there_are_refused) {
    refuse_header("{\"w\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}", "\"w\"");
    refuse_header("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[1,9]}}", "\"w\"");
    refuse_header("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", "\"w\"");
    refuse_header("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}}", "\"w\"");
    refuse_header("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", "\"w\"");
    refuse_header("{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}", "\"w\"");
    refuse_header("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[9223372036854775799,9223372036854775807]}}", "\"w\"");
    refuse_header("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,99999999999999999999]}}", "header");
}
END_TEST

START_TEST(huge_shapes_are_refused) {
    refuse_header("{\"w\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,2147483647,2147483647],\"data_offsets\":[0,8]}}", "\"w\"");
    // 2^64 elements: as a product of 64 bits that is none
    refuse_header("{\"w\":{\"dtype\":\"F32\",\"shape\":[65536,65536,65536,65536],\"data_offsets\":[0,0]}}", "\"w\"");
    refuse_header("{\"w\":{\"dtype\":\"U8\",\"shape\":[4294967304],\"data_offsets\":[0,8]}}", "\"w\"");
    refuse_header("{\"w\":{\"dtype\":\"F32\",\"shape\":[-1,-2],\"data_offsets\":[0,8]}}", "\"w\"");
}
END_TEST

START_TEST(lengths_that_lie_are_refused) {
    const uint64_t length[] = {UINT64_MAX, UINT64_MAX - 7, INT64_MAX, 100000001, 1000, 3};
    for (size_t i = 0; i < sizeof length / sizeof *length; i++) {
        char bytes[BY_HAND_SIZE];
        memcpy(bytes, BY_HAND, sizeof bytes);
        memcpy(bytes, &length[i], 8);
        Error e;
        ck_assert(!opens(bytes, sizeof bytes, &e));
    }
}
END_TEST

START_TEST(a_name_with_a_newline_gives_one_line) {
    refuse_header("{\"two\\nlines\":{}}", "two");
    refuse_header("{\"w\":{\"dtype\":\"F\\n7\",\"shape\":[2],\"data_offsets\":[0,8]}}", "w");
}
END_TEST

START_TEST(a_long_name_leaves_room_for_what_is_wrong) {
    char name[1001] = "";
    memset(name, 'w', sizeof name - 1);
    char *lacking = xprintf("{\"%s\":{}}", name), *other = xprintf("{\"%s\":{\"dtype\":\"%s\",\"shape\":[2],\"data_offsets\":[0,8]}}", name, name);
    refuse_header(lacking, "data_offsets");
    refuse_header(other, "does not read");
    free(lacking);
    free(other);
}
END_TEST

START_TEST(metadata_of_another_kind_is_no_metadata) {
    Error e;
    ck_assert(opens_header("{\"__metadata__\":[1]}", NULL, 0, &e));
    ck_assert(opens_header("{\"__metadata__\":{\"a\":1}}", NULL, 0, &e));
}
END_TEST

START_TEST(what_is_no_file_is_refused) {
    Checkpoint c;
    Error e;
    char *nothing = testing_path("nothing"), *dir = testing_path("");
    ck_assert(!checkpoint_open(&c, nothing, &e));
    testing_one_line(e.message, "nothing");
    ck_assert(!checkpoint_open(&c, dir, &e));
    testing_one_line(e.message, "irectory");
    free(nothing);
    free(dir);
}
END_TEST

// --- a model's file ---

static Vocab some_vocab(bool names, int size) {
    Vocab v = {.size = size, .names = names};
    for (int b = 0; b < 256; b++) v.id[b] = -1;
    for (int i = 0; i < size; i++) v.byte[i] = (unsigned char)(i + 10);
    for (int i = 0; i < size; i++) v.id[v.byte[i]] = i;
    return v;
}

static void save_model(const char *path, const Vocab *v) {
    Error e;
    json_t *settings = json_pack("{s:s, s:s, s:s}", "order", "3", "word", "three", "much", "99999999999");
    bool ok = modelfile_save(path, "07-test", v, ARRAYS, 2, settings, &e);
    ck_assert_msg(ok, "%s", ok ? "" : e.message);
}

static void refuse_model(const char *given, const char *lesson, const char *word) {
    Checkpoint c;
    Vocab v;
    Error e;
    ck_assert(!modelfile_open(&c, &v, lesson, given, &e));
    testing_one_line(e.message, word);
}

START_TEST(a_model_keeps_its_vocabulary) {
    char *path = testing_path("model.safetensors"), *dir = testing_path("");
    const int SIZE[] = {1, 27, 256};
    for (int i = 0; i < 6; i++) {
        Vocab want = some_vocab(i % 2, SIZE[i / 2]), got;
        save_model(path, &want);
        Checkpoint c;
        Error e;
        ck_assert(modelfile_open(&c, &got, "07-test", i % 2 ? path : dir, &e));
        ck_assert_int_eq(got.size, want.size);
        ck_assert(got.names == want.names);
        ck_assert(memcmp(got.byte, want.byte, (size_t)want.size) == 0);
        ck_assert(memcmp(got.id, want.id, sizeof got.id) == 0);
        check_bytes(find(&c, "w", "F32", 2, (int[]){2, 1}), W, sizeof W);
        checkpoint_close(&c);
    }
    free(path);
    free(dir);
}
END_TEST

// The format's own writer sorts arrays so; a reader that maps the file may use its floats where they lie.
START_TEST(a_models_arrays_are_aligned) {
    char *path = testing_path("aligned.safetensors");
    Vocab v = some_vocab(true, 27);
    save_model(path, &v);
    Checkpoint c = open_file(path);
    for (int i = 0; i < c.count; i++)
        ck_assert_msg((uintptr_t)c.array[i].data % dtype_size(c.array[i].dtype) == 0, "\"%s\", of type %s, begins at byte %zu of the file",
                      c.array[i].name, c.array[i].dtype, (size_t)((unsigned char *)c.array[i].data - c.bytes));
    checkpoint_close(&c);
    free(path);
}
END_TEST

START_TEST(settings_are_read_as_numbers) {
    char *path = testing_path("model.safetensors");
    Vocab v = some_vocab(true, 27);
    save_model(path, &v);
    Checkpoint c = open_file(path);
    Error e;
    int n = -7, two[2];
    ck_assert(modelfile_values(&c, &(ModelSetting){"order", 2, 4}, &n, 1, &e));
    ck_assert_int_eq(n, 3);
    ck_assert(modelfile_values(&c, (ModelSetting[]){{"order", 3, 3}, {"order", 0, 9}}, two, 2, &e));
    ck_assert(two[0] == 3 && two[1] == 3);
    const ModelSetting BAD[] = {
        {"order", 4, 9}, {"order", 0, 2}, {"word", 0, 9}, {"much", 0, 2147483647}, {"none", 0, 9}};
    for (int i = 0; i < 5; i++) {
        ck_assert(!modelfile_values(&c, &BAD[i], &n, 1, &e));
        testing_one_line(e.message, BAD[i].key);
        ck_assert_int_eq(n, 3);
    }
    checkpoint_close(&c);
    free(path);
}
END_TEST

START_TEST(another_lessons_file_is_refused) {
    char *path = testing_path("model.safetensors");
    Vocab v = some_vocab(true, 27);
    save_model(path, &v);
    refuse_model(path, "08-other", "saved by 07-test, want a model of 08-other");
    refuse_model(PYTHONS, "07-test", "another program");
    free(path);
}
END_TEST

START_TEST(a_model_without_a_good_vocabulary_is_refused) {
    char *path = testing_path("odd.safetensors");
    json_t *metadata = json_pack("{s:s, s:s}", "lesson", "07-test", "kind", "names");
    Error e;
    ck_assert(checkpoint_save(path, ARRAYS, 2, metadata, &e));
    refuse_model(path, "07-test", "vocab");
    static char bytes[300];
    for (int size = 0; size <= 257; size += 257) {
        const Array vocab = {"vocab", "U8", 1, {size}, bytes};
        ck_assert(checkpoint_save(path, &vocab, 1, metadata, &e));
        refuse_model(path, "07-test", "want 1 to 256");
    }
    json_decref(metadata);
    free(path);
}
END_TEST

START_TEST(the_newest_run_is_taken) {
    char *dir = testing_path("");
    ck_assert_int_eq(chdir(dir), 0);
    free(dir);
    refuse_model(NULL, "07-test", "no trained model in runs/07-test");
    refuse_model("no-such-run", "07-test", "no-such-run");
    const char *run[] = {"runs/07-test/a", "runs/07-test/b", "runs/07-test/c"};
    const int age[] = {30, 10, 20}, size[] = {5, 6, 7};
    for (int i = 0; i < 3; i++) {
        Error e;
        ck_assert(file_make_dirs(run[i], &e));
        char *path = xprintf("%s/model.safetensors", run[i]);
        Vocab v = some_vocab(false, size[i]);
        save_model(path, &v);
        struct timespec when[2] = {{1700000000 - age[i], 0}, {1700000000 - age[i], 0}};
        ck_assert_int_eq(utimensat(AT_FDCWD, path, when, 0), 0);
        free(path);
    }
    Error e;
    ck_assert(file_make_dirs("runs/07-test/newer-but-without-a-model", &e));
    Checkpoint c;
    Vocab v;
    ck_assert(modelfile_open(&c, &v, "07-test", NULL, &e));
    ck_assert_int_eq(v.size, 6);
    checkpoint_close(&c);
}
END_TEST

int main(void) {
    TCase *c = testing_start("checkpoint");
    tcase_add_test(c, a_saved_file_is_this_byte_for_byte);
    tcase_add_test(c, a_file_by_hand_is_read);
    tcase_add_test(c, a_file_of_the_python_package_is_read);
    tcase_add_test(c, what_is_saved_comes_back);
    tcase_add_test(c, sizes_of_types);
    tcase_add_test(c, find_says_what_it_found_instead);
    tcase_add_test(c, a_save_that_fails_keeps_the_old_file);
    tcase_add_test(c, a_save_to_nowhere_is_refused);
    tcase_add_test(c, a_file_cut_off_anywhere_is_refused);
    tcase_add_test(c, random_bytes_do_no_harm);
    tcase_add_test(c, a_header_without_padding_is_read);
    tcase_add_test(c, a_header_that_is_no_json_object_is_refused);
    tcase_add_test(c, entries_that_are_not_whole_are_refused);
    tcase_add_test(c, numbers_that_are_none_are_refused);
    tcase_add_test(c, bytes_that_are_not_there_are_refused);
    tcase_add_test(c, huge_shapes_are_refused);
    tcase_add_test(c, lengths_that_lie_are_refused);
    tcase_add_test(c, a_name_with_a_newline_gives_one_line);
    tcase_add_test(c, a_long_name_leaves_room_for_what_is_wrong);
    tcase_add_test(c, metadata_of_another_kind_is_no_metadata);
    tcase_add_test(c, what_is_no_file_is_refused);
    tcase_add_test(c, a_model_keeps_its_vocabulary);
    tcase_add_test(c, a_models_arrays_are_aligned);
    tcase_add_test(c, settings_are_read_as_numbers);
    tcase_add_test(c, another_lessons_file_is_refused);
    tcase_add_test(c, a_model_without_a_good_vocabulary_is_refused);
    tcase_add_test(c, the_newest_run_is_taken);
    return testing_end();
}
