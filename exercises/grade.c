// grade.c: the grading harness: every check in a process of its own, and answers in the learner's terms.
#define _GNU_SOURCE
#include "grade.h"
#include "file.h"
#include "report.h"
#include "rng.h"

#include <check.h>
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

// of computing, whatever else the machine does; and on the clock, for a check that waits
enum { SECONDS = 6, SECONDS_WAITING = 30, OUTPUT_LIMIT = 1 << 20, MEMORY_LIMIT = 1 << 30, CHECKS_MOST = 200 };

// What the children need to know. Set once before any of them is made, and never changed.
static struct {
    const GradeCheck *check[CHECKS_MOST];   // the checks of this exercise
    int count;
    int done[2];                            // a pipe: a child writes its check's number when it has come to the end
    char *output;                           // where a child's stdout and stderr go: this and the check's number
} run;

// --- in the child ---

void reject(const char *fmt, ...) {
    char message[2000];
    va_list args;
    va_start(args, fmt);
    vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    ck_abort_msg("%s", message);
    abort();
}

void if_stopped(const char *sign, const char *why) { dprintf(STDERR_FILENO, "\n%s\t%s\t%s\n", REPORT_MEANS, sign, why); }

// AddressSanitizer keeps its books in terabytes of reserved addresses, so a limit on all memory would hit those. This one
// is on what is added to what the process has now.
static void limit_memory(void) {
    long kilobytes = 0;
    FILE *in = fopen("/proc/self/status", "r");
    for (char line[200]; in && fgets(line, sizeof line, in);)
        if (sscanf(line, "VmData: %ld", &kilobytes) == 1) break;
    if (in) fclose(in);
    if (kilobytes == 0) return;
    rlim_t most = (rlim_t)kilobytes * 1024 + MEMORY_LIMIT;
    setrlimit(RLIMIT_DATA, &(struct rlimit){most, most});
}

static void enter_child(int i) {
    char *path = xprintf("%s.%d", run.output, i);
    if (!freopen(path, "w", stdout) || dup2(fileno(stdout), STDERR_FILENO) < 0) _exit(99);
    free(path);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){OUTPUT_LIMIT, OUTPUT_LIMIT});
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    setrlimit(RLIMIT_CPU, &(struct rlimit){SECONDS, SECONDS + 1});
    limit_memory();
}

START_TEST(one_check) {
    pid_t me = getpid();
    enter_child(_i);
    run.check[_i]->run();
    if (getpid() != me) _exit(0);       // the exercise has forked, and this is the copy
    if (waitpid(-1, NULL, WNOHANG) != -1) reject("%s.c starts other processes (fork): it should only compute", run.check[_i]->exercise);
    if (write(run.done[1], &_i, sizeof _i) != sizeof _i) reject("the grader could not note that this check is done");
}
END_TEST

// --- in the parent ---

static bool came_to_the_end(int wanted) {
    static bool done[CHECKS_MOST];
    for (int i; read(run.done[0], &i, sizeof i) == sizeof i;)
        if (i >= 0 && i < CHECKS_MOST) done[i] = true;
    return done[wanted];
}

static void print_wrapped(const char *text) {
    for (const char *line = text; *line;) {
        int n = (int)strcspn(line, "\n");
        printf("           %.*s\n", n, line);
        line += n + (line[n] == '\n');
    }
}

// What became of check i, with the message that goes with it. Free the message.
typedef enum { PASSED, UNSOLVED, REJECTED, STOPPED } Outcome;

static Outcome judge(int i, TestResult *result, char **message) {
    const char *said = tr_msg(result);
    char *path = xprintf("%s.%d", run.output, i);
    int code = -1;
    bool exited = said && sscanf(said, "Early exit with return value %d", &code) == 1;
    Outcome outcome = REJECTED;
    *message = NULL;
    if (exited && code == EXIT_TODO) {
        outcome = UNSOLVED;
        *message = report_todo(path);
    } else if (tr_rtype(result) == CK_PASS && came_to_the_end(i)) outcome = PASSED;
    else if (tr_rtype(result) == CK_PASS) *message = xprintf("%s.c calls exit(0), so the check never came to its end", run.check[i]->exercise);
    else if (tr_rtype(result) == CK_FAILURE) *message = xprintf("%s", said);
    else {
        outcome = STOPPED;
        *message = report_crash(run.check[i]->exercise, path, said, SECONDS, SECONDS_WAITING);
    }
    unlink(path);
    free(path);
    return outcome;
}

// The same but for how large the block was.
static bool same_stop(const char *a, const char *b) {
    const char *block = strstr(a, " of a block of ");
    return block ? strncmp(a, b, block - a + strlen(" of a block of ")) == 0 : strcmp(a, b) == 0;
}

// before: the message before this one; the same TODO is not told twice, nor the same crash.
static void print_answer(const GradeCheck *c, const char *lesson, Outcome outcome, const char *message, const char *before) {
    static const char *MARK[] = {"ok  ", "todo", "no  ", "no  "};
    printf("  [%s] %d/%d  %s%s\n", MARK[outcome], outcome == PASSED ? c->points : 0, c->points, c->title, c->core ? "" : " (extra)");
    if (outcome == STOPPED && same_stop(message, before)) print_wrapped("the same as above");
    else if (outcome == REJECTED || outcome == STOPPED) {
        print_wrapped(message);
        if (c->read) printf("           read: %s/README.md, \"%s\"\n", lesson, c->read);
    } else if (outcome == UNSOLVED && strcmp(message, before) != 0) print_wrapped(message);
}

static int grade(const char *lesson, const char *exercise) {
    Suite *suite = suite_create(lesson);
    TCase *tcase = tcase_create(exercise);
    tcase_set_timeout(tcase, SECONDS_WAITING);
    tcase_add_loop_test(tcase, one_check, 0, run.count);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_FORK);
    fflush(stdout);
    srunner_run_all(runner, CK_SILENT);

    int points = 0, core = 0, of_points = 0, of_core = 0;
    char *before = NULL;
    TestResult **result = srunner_results(runner);
    CHECK(srunner_ntests_run(runner) == run.count, "grade: %d checks ran, want %d", srunner_ntests_run(runner), run.count);
    for (int i = 0; i < run.count; i++) {
        const GradeCheck *c = run.check[i];
        char *message;
        Outcome outcome = judge(i, result[i], &message);
        print_answer(c, lesson, outcome, message, before ? before : "");
        if (message) {
            free(before);
            before = message;
        }
        of_points += c->points;
        of_core += c->core ? c->points : 0;
        points += outcome == PASSED ? c->points : 0;
        core += outcome == PASSED && c->core ? c->points : 0;
    }
    free(before);
    free(result);
    srunner_free(runner);
    if (getenv("GRADE_RESULT")) {
        char *line = xprintf("%d %d %d %d\n", points, of_points, core, of_core);
        Error e;
        if (!file_write_text(getenv("GRADE_RESULT"), line, &e)) DIE("%s", e.message);
        free(line);
    }
    return points == of_points ? 0 : 1;
}

int grade_main(int argc, char **argv, const char *lesson, const GradeCheck *check, int count) {
    if (argc == 2 && strcmp(argv[1], "--list") == 0) {
        for (int i = 0; i < count; i++)
            printf("%s %d %s %c %s\n", check[i].exercise, check[i].points, check[i].core ? "core" : "extra", check[i].part ? check[i].part : '-', check[i].title);
        return 0;
    }
    const char *part = getenv("GRADE_PART");
    for (int i = 0; i < count && argc == 2; i++)
        if (strcmp(check[i].exercise, argv[1]) == 0 && (!part || !*part || *part == check[i].part) && run.count < CHECKS_MOST)
            run.check[run.count++] = &check[i];
    if (run.count == 0) DIE("usage: %s --list, or the name of an exercise", argv[0]);
    if (pipe2(run.done, O_NONBLOCK | O_CLOEXEC) != 0) DIE("%s: no pipe could be made", argv[0]);
    run.output = xprintf("%s.output", argv[0]);
    return grade(lesson, argv[1]);
}

// Sanitizers: one report per check, nothing about leaks (an arena is never given back here).
const char *__asan_default_options(void);
const char *__asan_default_options(void) {
    return "detect_leaks=0:max_allocation_size_mb=1024:allocator_may_return_null=0:detect_stack_use_after_return=1:allow_addr2line=1";
}
const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void) { return "print_stacktrace=0"; }
