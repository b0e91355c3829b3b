// test_01_runlog.c: run directories: what is in them, going on, keeping what is there; and files that are never half written.
#define _GNU_SOURCE
#include "file.h"
#include "runlog.h"
#include "testing.h"

#include <dirent.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char HEAD[] = "step,tokens,seconds,train_loss,val_loss,lr,grad_norm\n";

// Every test works in a new directory.
static void go_to_a_new_directory(void) {
    static int number;
    char name[32];
    snprintf(name, sizeof name, "place-%d-%d", (int)getpid(), number++);
    char *path = testing_path(name);
    ck_assert_int_eq(mkdir(path, 0777), 0);
    ck_assert_int_eq(chdir(path), 0);
    free(path);
}

static RunLog start(const char *dir) {
    RunLog r;
    Error e;
    json_t *options = json_pack("{s:i, s:f, s:s, s:b, s:n}", "steps", 200, "lr", 0.1, "data", "names", "resume", 1, "run");
    bool ok = runlog_start(&r, "07-test", dir, options, &e);
    ck_assert_msg(ok, "%s", ok ? "" : e.message);
    return r;
}

static void row(RunLog *r, long step, double loss) {
    double tokens = 100.0 * (double)step;
    runlog_row(r, &(LogRow){.step = step, .tokens = tokens, .train_loss = loss, .val_loss = NAN, .lr = 0.5, .grad_norm = NAN});
}

static void check_text(const char *path, const char *want) {
    char *got = testing_read(path, NULL);
    ck_assert_str_eq(got, want);
    free(got);
}

static json_t *read_json(const char *path) {
    json_error_t why;
    json_t *value = json_load_file(path, 0, &why);
    ck_assert_msg(value != NULL, "%s: %s", path, why.text);
    return value;
}

static int entries(const char *dir) {
    DIR *d = opendir(dir);
    ck_assert_ptr_nonnull(d);
    int n = 0;
    while (readdir(d)) n++;
    closedir(d);
    return n - 2;
}

// --- a new run ---

START_TEST(a_new_run_has_its_files) {
    RunLog r = start("a/b/run");
    ck_assert_str_eq(r.dir, "a/b/run");
    check_text("a/b/run/log.csv", "");          // still in the buffer
    runlog_close(&r);
    check_text("a/b/run/log.csv", HEAD);
    check_text("a/b/run/samples.txt", "");
    ck_assert(!file_exists("a/b/run/summary.json"));
    ck_assert_int_eq(entries("a/b/run"), 3);
}
END_TEST

START_TEST(config_json_holds_the_options) {
    RunLog r = start("run");
    runlog_close(&r);
    json_t *config = read_json("run/config.json");
    json_t *options = json_object_get(config, "options"), *machine = json_object_get(config, "machine");
    ck_assert_str_eq(json_string_value(json_object_get(config, "lesson")), "07-test");
    ck_assert(json_is_string(json_object_get(config, "commit")));
    ck_assert(json_is_string(json_object_get(machine, "system")) && json_is_string(json_object_get(machine, "processor")));
    ck_assert_int_ge(json_integer_value(json_object_get(machine, "cores")), 1);
    ck_assert_int_eq(json_integer_value(json_object_get(options, "steps")), 200);
    ck_assert_double_eq(json_real_value(json_object_get(options, "lr")), 0.1);
    ck_assert_str_eq(json_string_value(json_object_get(options, "data")), "names");
    ck_assert(json_is_true(json_object_get(options, "resume")));
    ck_assert(json_is_null(json_object_get(options, "run")));
    json_decref(config);
}
END_TEST

START_TEST(rows_are_there_as_soon_as_written) {
    RunLog r = start("run");
    row(&r, 0, 3.25);
    runlog_row(&r, &(LogRow){.step = 10, .tokens = 123456789012, .train_loss = 2.123456789, .val_loss = 2.5, .lr = 1e-3, .grad_norm = 0});
    runlog_row(&r, &(LogRow){.step = 1000000, .tokens = 0, .train_loss = NAN, .val_loss = NAN, .lr = NAN, .grad_norm = NAN});
    char *log = testing_read("run/log.csv", NULL), *line = strtok(log, "\n");
    const char *want[] = {"0,0,0.000,3.25,,0.5,", "10,123456789012,0.000,2.1234568,2.5,0.001,0", "1000000,0,0.000,,,,"};
    for (int i = 0; i < 3; i++) {
        line = strtok(NULL, "\n");
        char *clock = strchr(strchr(line, ',') + 1, ',') + 1;
        double seconds = strtod(clock, NULL);
        ck_assert(seconds >= 0 && seconds < 100);
        memcpy(clock, "0.000", 5);              // the one column that is not known
        ck_assert_str_eq(line, want[i]);
    }
    ck_assert_ptr_null(strtok(NULL, "\n"));
    free(log);
    runlog_close(&r);
}
END_TEST

START_TEST(samples_are_kept_with_their_step) {
    RunLog r = start("run");
    runlog_sample(&r, 0, "xq zz");
    runlog_sample(&r, 100, "emma olivia");
    check_text("run/samples.txt", "--- step 0\nxq zz\n--- step 100\nemma olivia\n");
    runlog_close(&r);
}
END_TEST

START_TEST(the_summary_ends_a_run) {
    RunLog r = start("run");
    row(&r, 0, 3);
    Error e;
    ck_assert(runlog_finish(&r, json_pack("{s:i, s:f, s:n}", "steps", 200, "val_loss", 2.453263939, "test_loss"), &e));
    json_t *summary = read_json("run/summary.json");
    ck_assert_int_eq(json_integer_value(json_object_get(summary, "steps")), 200);
    ck_assert_double_eq(json_real_value(json_object_get(summary, "val_loss")), 2.453263939);
    ck_assert(json_is_null(json_object_get(summary, "test_loss")));
    json_decref(summary);
    ck_assert_int_eq(entries("run"), 4);        // and no temporary file
}
END_TEST

START_TEST(a_path_in_the_run) {
    RunLog r = start("run");
    char *path = runlog_path(&r, "model.safetensors");
    ck_assert_str_eq(path, "run/model.safetensors");
    free(path);
    runlog_close(&r);
}
END_TEST

// --- where it goes ---

START_TEST(without_a_name_the_next_free_one) {
    for (int i = 1; i <= 3; i++) {
        RunLog r = start(NULL);
        char want[32];
        snprintf(want, sizeof want, "runs/07-test/run-%d", i);
        ck_assert_str_eq(r.dir, want);
        ck_assert(file_exists(want));
        runlog_close(&r);
    }
}
END_TEST

static int start_one(void *dir) {
    RunLog r;
    Error e;
    if (!runlog_start(&r, "07-test", dir, json_object(), &e)) DIE("%s", e.message);
    runlog_close(&r);
    return 0;
}

static void check_first_step(const char *log_path, long want) {
    char *log = testing_read(log_path, NULL);
    ck_assert_int_eq(strtol(log + sizeof HEAD - 1, NULL, 10), want);
    free(log);
}

START_TEST(an_earlier_run_is_kept) {
    for (int i = 0; i < 3; i++) {
        Ending end = testing_run(start_one, "run");
        ck_assert_int_eq(end.code, 0);
        ck_assert_str_eq(end.out, "");
        if (i == 0) ck_assert_str_eq(end.err, "");
        else testing_one_line(end.err, i == 1 ? "kept as run.1" : "kept as run.2");
        char *log = xprintf("%s%d,", HEAD, i);      // so that they can be told apart
        testing_write_text("run/log.csv", log);
        free(log);
    }
    check_first_step("run.1/log.csv", 0);
    check_first_step("run.2/log.csv", 1);
    check_first_step("run/log.csv", 2);
}
END_TEST

START_TEST(an_earlier_run_is_kept_with_a_slash_at_the_end) {
    for (int i = 0; i < 2; i++) {
        Ending end = testing_run(start_one, "run/");
        ck_assert_msg(end.code == 0, "%s", end.err);
        if (i) testing_one_line(end.err, "run.1");
    }
    ck_assert(file_exists("run.1/log.csv") && file_exists("run/log.csv"));
    ck_assert_int_eq(entries("."), 2);
}
END_TEST

static void refuse_start(const char *dir, const char *word) {
    RunLog r;
    Error e;
    ck_assert(!runlog_start(&r, "07-test", dir, json_object(), &e));
    testing_one_line(e.message, word);
}

START_TEST(a_directory_with_other_things_is_refused) {
    mkdir("mine", 0777);
    testing_write_text("mine/thesis.txt", "years of work");
    refuse_start("mine", "mine");
    check_text("mine/thesis.txt", "years of work");
    ck_assert_int_eq(entries("mine"), 1);
    ck_assert_int_eq(entries("."), 1);
    refuse_start("mine/thesis.txt", "thesis.txt");
    refuse_start("mine/thesis.txt/run", "thesis.txt");
    check_text("mine/thesis.txt", "years of work");
}
END_TEST

START_TEST(an_empty_directory_is_taken) {
    mkdir("run", 0777);
    RunLog r = start("run");
    runlog_close(&r);
    ck_assert(file_exists("run/config.json"));
    ck_assert_int_eq(entries("."), 1);
}
END_TEST

// --- going on ---

static RunLog resume(const char *dir, long step) {
    RunLog r;
    Error e;
    bool ok = runlog_resume(&r, dir, step, &e);
    ck_assert_msg(ok, "%s", ok ? "" : e.message);
    return r;
}

static void make_run_with_log(const char *rows) {
    if (!file_exists("run")) {
        RunLog r = start("run");
        runlog_close(&r);
    }
    char *log = xprintf("%s%s", HEAD, rows);
    testing_write_text("run/log.csv", log);
    free(log);
}

START_TEST(resume_cuts_the_log_back) {
    make_run_with_log("0,0,0.5,3,,1,\n10,100,1.5,2.5,2.6,1,\n20,200,2.5,2,,1,\n30,300,3.5,1.5,,1,\n");
    RunLog r = resume("run", 10);
    ck_assert_double_eq_tol(r.seconds_before, 1.5, 1e-9);
    runlog_close(&r);
    char want[300];
    snprintf(want, sizeof want, "%s0,0,0.5,3,,1,\n10,100,1.5,2.5,2.6,1,\n", HEAD);
    check_text("run/log.csv", want);
    ck_assert_int_eq(entries("run"), 3);
}
END_TEST

START_TEST(rows_and_clock_go_on_after_a_resume) {
    make_run_with_log("0,0,0.5,3,,1,\n10,100,1000.5,2.5,2.6,1,\n20,200,2000.5,2,,1,\n");
    RunLog r = resume("run", 15);
    row(&r, 20, 1.9);
    ck_assert_double_ge(runlog_seconds(&r), 1000.5);
    ck_assert_double_lt(runlog_seconds(&r), 1100);
    runlog_sample(&r, 20, "more");
    runlog_close(&r);
    char *log = testing_read("run/log.csv", NULL);
    ck_assert_ptr_nonnull(strstr(log, "\n10,100,1000.5,2.5,2.6,1,\n20,2000,100"));
    free(log);
    check_text("run/samples.txt", "--- step 20\nmore\n");
}
END_TEST

START_TEST(a_row_that_was_cut_off_is_dropped) {
    const char *rows = "0,0,0.5,3,,1,\n10,100,1.5,2.5,2.6,1,\n";
    char want[300];
    snprintf(want, sizeof want, "%s%s", HEAD, rows);
    for (size_t cut = 0; cut <= strlen(rows); cut++) {
        char part[100];
        snprintf(part, sizeof part, "%.*s", (int)cut, rows);
        make_run_with_log(part);
        RunLog r = resume("run", 10);
        runlog_close(&r);
        char *got = testing_read("run/log.csv", NULL), *last = strrchr(got, '\n');
        ck_assert_msg(strncmp(got, want, strlen(got)) == 0, "cut at %zu: got %s", cut, got);
        ck_assert(last && last[1] == 0);
        free(got);
    }
}
END_TEST

START_TEST(resume_to_the_end_keeps_all_and_before_the_start_none) {
    const char *rows = "0,0,0.5,3,,1,\n10,100,1.5,2.5,2.6,1,\n";
    char all[300];
    snprintf(all, sizeof all, "%s%s", HEAD, rows);
    make_run_with_log(rows);
    RunLog r = resume("run", 1000);
    runlog_close(&r);
    check_text("run/log.csv", all);
    r = resume("run", -1);
    ck_assert_double_eq(r.seconds_before, 0);
    runlog_close(&r);
    check_text("run/log.csv", HEAD);
}
END_TEST

START_TEST(what_is_no_run_is_not_resumed) {
    RunLog r;
    Error e;
    mkdir("mine", 0777);
    ck_assert(!runlog_resume(&r, "mine", 0, &e));
    testing_one_line(e.message, "mine");
    ck_assert(!runlog_resume(&r, "nothing", 0, &e));
    testing_one_line(e.message, "nothing");
    RunLog log = start("run");
    runlog_close(&log);
    unlink("run/log.csv");
    ck_assert(!runlog_resume(&r, "run", 0, &e));
    testing_one_line(e.message, "log.csv");
}
END_TEST

// --- never half a file ---

START_TEST(a_summary_on_a_full_disk_is_not_half_written) {
    RunLog r = start("run");
    char *large = malloc(50001);
    memset(large, 'x', 50000);
    large[50000] = 0;
    testing_write_text("run/summary.json", "{\"old\": 1}\n");
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &(struct rlimit){20000, 20000}), 0);
    Error e;
    ck_assert(!runlog_finish(&r, json_pack("{s:s}", "large", large), &e));
    testing_one_line(e.message, "summary.json");
    check_text("run/summary.json", "{\"old\": 1}\n");
    ck_assert_int_eq(entries("run"), 4);
    free(large);
}
END_TEST

// Writes a file of all 'a', then of all 'b', and so on, until it is killed.
static void write_for_ever(void) {
    enum { SIZE = 100000 };
    char *text = calloc(SIZE + 1, 1);
    for (int i = 0;; i++) {
        memset(text, 'a' + i % 26, SIZE - (size_t)(i % 7));
        text[SIZE - i % 7] = 0;
        if (!file_write_text("run/summary.json", text, NULL)) _exit(1);
    }
}

START_TEST(a_kill_at_any_instant_leaves_a_whole_file) {
    mkdir("run", 0777);
    testing_write_text("run/summary.json", "a");
    for (int i = 0; i < 40; i++) {
        pid_t child = fork();
        if (child == 0) write_for_ever();
        usleep((useconds_t)(1000 + 997 * i));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        size_t size;
        char *text = testing_read("run/summary.json", &size);
        ck_assert(size == 1 || size >= 99994);
        char same[] = {text[0], 0};
        ck_assert_msg(strspn(text, same) == size, "byte %zu of %zu is of another file", strspn(text, same), size);
        free(text);
    }
}
END_TEST

START_TEST(files_are_written_and_read_whole) {
    Error e;
    ck_assert(file_write_text("text", "one\n", &e));
    ck_assert(file_write_text("text", "two", &e));
    unsigned char *bytes;
    size_t size;
    ck_assert(file_read("text", &bytes, &size, &e));
    ck_assert_uint_eq(size, 3);
    ck_assert_str_eq((char *)bytes, "two");     // a NUL comes after it
    free(bytes);
    ck_assert(!file_read("nothing", &bytes, &size, &e));
    testing_one_line(e.message, "nothing");
    ck_assert(!file_read(".", &bytes, &size, &e));
    testing_one_line(e.message, "irectory");
    ck_assert(!file_write_text("no/such/place", "x", &e));
    testing_one_line(e.message, "no/such/place");
    ck_assert_int_eq(entries("."), 1);
}
END_TEST

START_TEST(a_file_given_up_leaves_nothing) {
    testing_write_text("old", "old");
    NewFile f;
    Error e;
    ck_assert(file_begin(&f, "old", &e));
    fputs("new", f.out);
    file_abandon(&f);
    check_text("old", "old");
    ck_assert_int_eq(entries("."), 1);
}
END_TEST

START_TEST(directories_are_made_with_those_above) {
    Error e;
    ck_assert(file_make_dirs("a/b/c", &e) && file_is_dir("a/b/c"));
    ck_assert(file_make_dirs("a/b/c", &e));
    ck_assert(file_make_dirs("a//d/", &e) && file_is_dir("a/d"));
    ck_assert(file_make_dirs(".", &e));
    char *path = testing_path("from/the/root");
    ck_assert(file_make_dirs(path, &e) && file_is_dir(path));
    free(path);
    testing_write_text("file", "x");
    ck_assert(!file_make_dirs("file", &e));
    testing_one_line(e.message, "file");
    ck_assert(!file_make_dirs("file/b", &e));
    testing_one_line(e.message, "file");
    ck_assert(!file_is_dir("file") && file_exists("file") && !file_is_dir("nothing"));
}
END_TEST

int main(void) {
    TCase *c = testing_start("runlog");
    tcase_add_checked_fixture(c, go_to_a_new_directory, NULL);
    tcase_add_test(c, a_new_run_has_its_files);
    tcase_add_test(c, config_json_holds_the_options);
    tcase_add_test(c, rows_are_there_as_soon_as_written);
    tcase_add_test(c, samples_are_kept_with_their_step);
    tcase_add_test(c, the_summary_ends_a_run);
    tcase_add_test(c, a_path_in_the_run);
    tcase_add_test(c, without_a_name_the_next_free_one);
    tcase_add_test(c, an_earlier_run_is_kept);
    tcase_add_test(c, an_earlier_run_is_kept_with_a_slash_at_the_end);
    tcase_add_test(c, a_directory_with_other_things_is_refused);
    tcase_add_test(c, an_empty_directory_is_taken);
    tcase_add_test(c, resume_cuts_the_log_back);
    tcase_add_test(c, rows_and_clock_go_on_after_a_resume);
    tcase_add_test(c, a_row_that_was_cut_off_is_dropped);
    tcase_add_test(c, resume_to_the_end_keeps_all_and_before_the_start_none);
    tcase_add_test(c, what_is_no_run_is_not_resumed);
    tcase_add_test(c, a_summary_on_a_full_disk_is_not_half_written);
    tcase_add_test(c, a_kill_at_any_instant_leaves_a_whole_file);
    tcase_add_test(c, files_are_written_and_read_whole);
    tcase_add_test(c, a_file_given_up_leaves_nothing);
    tcase_add_test(c, directories_are_made_with_those_above);
    return testing_end();
}
