// testing.c: what every test program shares: its suite and last line, scratch files, closeness, and programs' words.
#define _GNU_SOURCE
#include "testing.h"

#include <dirent.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static Suite *suite;
static int skipped, missing;
static char scratch[PATH_MAX];       // without symbolic links and from the root, so that a test may change directories

// --- the suite ---

static void remove_tree(const char *path) {
    DIR *d = opendir(path);
    for (struct dirent *entry; d && (entry = readdir(d));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        char *inner;
        if (asprintf(&inner, "%s/%s", path, entry->d_name) < 0) abort();
        if (unlink(inner) != 0) remove_tree(inner);
        free(inner);
    }
    if (d) closedir(d);
    rmdir(path);
}

TCase *testing_start(const char *area) {
    const char *folder = getenv("TMPDIR");
    char *template;
    if (asprintf(&template, "%s/lm-ladder-test-XXXXXX", folder ? folder : P_tmpdir) < 0) abort();
    if (!mkdtemp(template) || !realpath(template, scratch)) {
        perror(template);
        exit(1);
    }
    free(template);
    suite = suite_create(area);
    TCase *c = tcase_create(area);
    tcase_set_timeout(c, 120);
    suite_add_tcase(suite, c);
    return c;
}

static bool is_there(const char *folder, const char *data) {
    char *path;
    if (asprintf(&path, "%s/%s.txt", folder, data) < 0) abort();
    bool yes = access(path, R_OK) == 0;
    free(path);
    return yes;
}

void testing_add_with_data(TCase *c, const TTest *test, const char *data) {
    const char *folder = getenv("LM_DATASETS"), *required = getenv("REQUIRE_DATA");
    if ((folder && is_there(folder, data)) || is_there("datasets", data)) tcase_add_test(c, test);
    else if (required && strcmp(required, "1") == 0) {
        printf("FAIL %s: the data set %s is not here, and REQUIRE_DATA=1\n", test->name, data);
        missing++;
    } else {
        printf("SKIP %s: the data set %s is not here; datasets/fetch.sh %s fetches it\n", test->name, data, data);
        skipped++;
    }
}

int testing_end(void) {
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_FORK);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner), passed = srunner_ntests_run(runner) - failed;
    srunner_free(runner);
    remove_tree(scratch);
    printf("%d passed, %d failed, %d skipped\n", passed, failed + missing, skipped);
    return failed + missing ? 1 : 0;
}

// --- closeness ---

static void compare(const char *what, size_t i, size_t n, double got, double want, double absolute, double relative) {
    if (!(fabs(got - want) <= absolute + relative * fabs(want)) && got != want)
        ck_abort_msg("%s[%zu] of %zu: got %.9g, want %.9g (apart by %.3g)", what, i, n, got, want, got - want);
}

void testing_close(const char *what, const float *got, const float *want, size_t n, double absolute, double relative) {
    for (size_t i = 0; i < n; i++) compare(what, i, n, got[i], want[i], absolute, relative);
}

void testing_close_double(const char *what, const float *got, const double *want, size_t n, double absolute, double relative) {
    for (size_t i = 0; i < n; i++) compare(what, i, n, got[i], want[i], absolute, relative);
}

void testing_same_bits(const char *what, const float *got, const float *want, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (memcmp(&got[i], &want[i], sizeof *got) != 0)
            ck_abort_msg("%s[%zu] of %zu: got %a, want the same bits as %a", what, i, n, got[i], want[i]);
}

// Numerical Recipes' linear congruential generator: good enough to fill a matrix.
double testing_random(unsigned *state) {
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) * 0x1p-23 - 1;
}

void testing_fill(float *x, size_t n, double size, unsigned seed) {
    for (size_t i = 0; i < n; i++) x[i] = (float)(size * testing_random(&seed));
}

// --- files ---

char *testing_path(const char *name) {
    char *path;
    if (asprintf(&path, "%s/%s", scratch, name) < 0) abort();
    return path;
}

void testing_write(const char *path, const void *bytes, size_t size) {
    FILE *out = fopen(path, "wb");
    ck_assert_msg(out && fwrite(bytes, 1, size, out) == size && fclose(out) == 0, "cannot write %s", path);
}

void testing_write_text(const char *path, const char *text) { testing_write(path, text, strlen(text)); }

char *testing_read(const char *path, size_t *size) {
    FILE *in = fopen(path, "rb");
    ck_assert_msg(in != NULL, "cannot open %s", path);
    fseek(in, 0, SEEK_END);
    long n = ftell(in);
    rewind(in);
    char *bytes = calloc((size_t)n + 1, 1);
    ck_assert_msg(bytes && fread(bytes, 1, (size_t)n, in) == (size_t)n, "cannot read %s", path);
    fclose(in);
    if (size) *size = (size_t)n;
    return bytes;
}

// --- what a program says, and how it ends ---

static int unnamed_file(void) {
    FILE *file = tmpfile();
    ck_assert_msg(file != NULL, "no temporary file");
    int fd = dup(fileno(file));
    fclose(file);
    return fd;
}

static void read_back(int fd, char *text, size_t room) {
    lseek(fd, 0, SEEK_SET);
    size_t n = 0;
    for (ssize_t got; n < room - 1 && (got = read(fd, text + n, room - 1 - n)) > 0;) n += (size_t)got;
    text[n] = 0;
    close(fd);
}

Ending testing_run(int (*f)(void *ctx), void *ctx) {
    Ending end = {.code = -1};
    fflush(NULL);
    int out = unnamed_file(), err = unnamed_file();
    pid_t child = fork();
    ck_assert_msg(child >= 0, "no child process");
    if (child == 0) {
        dup2(out, STDOUT_FILENO);
        dup2(err, STDERR_FILENO);
        exit(f(ctx));
    }
    int status;
    waitpid(child, &status, 0);
    if (WIFEXITED(status)) end.code = WEXITSTATUS(status);
    else end.signal = WTERMSIG(status);
    read_back(out, end.out, sizeof end.out);
    read_back(err, end.err, sizeof end.err);
    return end;
}

void testing_one_line(const char *text, const char *word) {
    const char *newline = strpbrk(text, "\n\r");
    ck_assert_msg(text[0] && (!newline || newline[1] == 0), "want one line, got \"%s\"", text);
    ck_assert_msg(strstr(text, word) != NULL, "want \"%s\" in the message, got \"%s\"", word, text);
}

void testing_refused(const Ending *end, const char *word) {
    ck_assert_msg(end->code == 2, "exit code %d (signal %d), want 2; it said: %s", end->code, end->signal, end->err);
    ck_assert_msg(end->out[0] == 0, "want nothing on stdout, got \"%s\"", end->out);
    testing_one_line(end->err, word);
}

void testing_aborted(const Ending *end, const char *word) {
    ck_assert_msg(end->signal == SIGABRT, "exit code %d, signal %d, want an abort by CHECK; it said: %s", end->code, end->signal, end->err);
    ck_assert_msg(strstr(end->err, word) != NULL, "want \"%s\" in the message, got \"%s\"", word, end->err);
}
