// test_01_cli.c: commands and options: every type, every kind of mistake, the help pages, and what lessons share of them.
#include "cli.h"
#include "lesson.h"
#include "testing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// --- a program with an option of each type ---

typedef struct {
    int steps;
    double lr;
    const char *data, *kind, *run;
    bool resume;
} Config;

static int train(void *config) {
    Config *c = config;
    printf("steps %d lr %g data %s kind %s run %s resume %d\n", c->steps, c->lr, c->data, c->kind, c->run ? c->run : "-", c->resume);
    return 0;
}

static int eval(void *config) {
    Config *c = config;
    printf("eval %s\n", c->data);
    return 1;
}

static int program(void *arguments) {
    Config c = {.steps = 200, .lr = 0.1, .data = "names", .kind = "original"};
    const CliOption option[] = {
        {"steps", "N", CLI_INT, &c.steps, 1, 1e6, "how many steps", "train"},
        {"lr", "X", CLI_REAL, &c.lr, 0, 10, "learning rate", "train"},
        {"data", "NAME|FILE", CLI_TEXT, &c.data, 0, 0, "what to learn from", NULL},
        {"kind", "original|kaiming", CLI_CHOICE, &c.kind, 0, 0, "how to begin", "train"},
        {"run", "DIR", CLI_TEXT, &c.run, 0, 0, "where the run goes", "train"},
        {"resume", NULL, CLI_FLAG, &c.resume, 0, 0, "go on", "train"},
    };
    const CliCommand command[] = {{"train", "learn", train}, {"eval", "measure", eval}};
    const Cli cli = {"07-test", "Lesson 07: a test.", command, option, COUNT(command), COUNT(option), &c};
    char *argv[20] = {"build/07-test"};
    int argc = 1;
    for (char **a = arguments; *a; a++) argv[argc++] = *a;
    return cli_main(&cli, argc, argv);
}

// The program with arguments; the list ends with NULL.
#define RUN(...) testing_run(program, (char *[]){__VA_ARGS__, NULL})

static void check_says(Ending end, int code, const char *want) {
    ck_assert_msg(end.code == code, "exit code %d, want %d; it said: %s", end.code, code, end.err);
    ck_assert_str_eq(end.err, "");
    ck_assert_str_eq(end.out, want);
}

START_TEST(defaults_stay_without_options) {
    check_says(RUN("train"), 0, "steps 200 lr 0.1 data names kind original run - resume 0\n");
}
END_TEST

START_TEST(every_type_is_set) {
    check_says(RUN("train", "--steps", "5", "--lr", "1e-3", "--data", "my file", "--kind", "kaiming", "--run", "runs/x", "--resume"), 0,
               "steps 5 lr 0.001 data my file kind kaiming run runs/x resume 1\n");
    check_says(RUN("train", "--resume", "--run=a=b", "--kind=original", "--data=", "--lr=10", "--steps=1000000"), 0,
               "steps 1000000 lr 10 data  kind original run a=b resume 1\n");
}
END_TEST

START_TEST(the_last_of_two_counts) {
    check_says(RUN("train", "--steps", "5", "--steps", "6"), 0, "steps 6 lr 0.1 data names kind original run - resume 0\n");
}
END_TEST

START_TEST(limits_are_allowed) {
    check_says(RUN("train", "--steps", "1", "--lr", "0"), 0, "steps 1 lr 0 data names kind original run - resume 0\n");
}
END_TEST

START_TEST(the_commands_exit_code_is_the_programs) {
    check_says(RUN("eval", "--data", "x"), 1, "eval x\n");
}
END_TEST

static void refuse(Ending end, const char *word) { testing_refused(&end, word); }

START_TEST(numbers_out_of_range_are_refused) {
    const char *BAD[] = {"0", "1000001", "-5", "99999999999999999999999", "1e300", "inf", "nan", "abc", "5x", "1.5", "", " ", "0x", "5 6"};
    for (int i = 0; i < COUNT(BAD); i++) refuse(RUN("train", "--steps", (char *)BAD[i]), "want a whole number from 1 to 1000000");
    const char *BAD_REAL[] = {"-0.1", "10.001", "nan", "inf", "-inf", "", "0.1.1", "1,5", "x"};
    for (int i = 0; i < COUNT(BAD_REAL); i++) refuse(RUN("train", "--lr", (char *)BAD_REAL[i]), "--lr");
    refuse(RUN("train", "--lr", "11"), "want a number from 0 to 10");
}
END_TEST

START_TEST(other_choices_are_refused) {
    const char *BAD[] = {"other", "", "orig", "originals", "original|kaiming", "|", "Kaiming", "kaiming "};
    for (int i = 0; i < COUNT(BAD); i++) refuse(RUN("train", "--kind", (char *)BAD[i]), "want one of original|kaiming");
}
END_TEST

START_TEST(a_value_that_is_missing_is_refused) {
    refuse(RUN("train", "--steps"), "--steps wants a value: N");
    refuse(RUN("train", "--resume", "--data"), "--data wants a value: NAME|FILE");
}
END_TEST

START_TEST(unknown_options_are_refused) {
    refuse(RUN("train", "--nothing"), "no option --nothing");
    refuse(RUN("train", "--nothing", "5"), "no option --nothing");
    refuse(RUN("train", "--steps", "5", "--stepss", "5"), "no option --stepss");
    refuse(RUN("train", "--nothing"), "--steps --lr --data --kind --run --resume");
    refuse(RUN("train", "--resume=yes"), "--resume");
    refuse(RUN("train", "-x"), "-x");
    refuse(RUN("train", "-s", "5"), "-s");
}
END_TEST

START_TEST(unknown_short_options_are_named) {
    refuse(RUN("train", "-abc"), "no option -a");
    refuse(RUN("train", "--steps", "5", "-steps"), "no option -s");
    refuse(RUN("train", "--steps=5", "-abc"), "no option -a");
    refuse(RUN("train", "--resume", "-abc"), "no option -a");
    refuse(RUN("train", "--nothing", "-abc"), "no option --nothing");
}
END_TEST

START_TEST(options_of_another_command_are_refused) {
    refuse(RUN("eval", "--steps", "5"), "no option --steps; it has --data");
    refuse(RUN("eval", "--steps"), "no option --steps");
}
END_TEST

START_TEST(what_is_no_option_is_refused) {
    refuse(RUN("train", "names"), "\"names\" is no option");
    refuse(RUN("train", "--steps", "5", "6"), "\"6\" is no option");
    refuse(RUN("train", "--", "names"), "\"names\" is no option");
    refuse(RUN("train", "-"), "\"-\" is no option");
}
END_TEST

START_TEST(unknown_commands_are_refused) {
    refuse(testing_run(program, (char *[]){NULL}), "no command: want train or eval");
    refuse(RUN("trian"), "\"trian\": want train or eval");
    refuse(RUN(""), "no command \"\"");
    refuse(RUN("--steps", "5"), "want train or eval");
}
END_TEST

// --- help ---

static void check_help(Ending end, const char *const *words) {
    ck_assert_int_eq(end.code, 0);
    ck_assert_str_eq(end.err, "");
    for (; *words; words++) ck_assert_msg(strstr(end.out, *words) != NULL, "want \"%s\" in the help, got \"%s\"", *words, end.out);
}

START_TEST(help_shows_the_commands) {
    const char *words[] = {"usage: 07-test COMMAND", "Lesson 07: a test.", "train", "learn", "eval", "measure", NULL};
    check_help(RUN("--help"), words);
    check_help(RUN("-h"), words);
    check_help(RUN("help"), words);
}
END_TEST

START_TEST(help_shows_a_commands_options) {
    const char *words[] = {"07-test train", "learn", "--steps=N", "how many steps", "default 200", "--lr=X",
                           "default 0.1", "--data=NAME|FILE", "default names", "--kind=original|kaiming",
                           "default original", "--run=DIR", "--resume", "--help", NULL};
    check_help(RUN("train", "--help"), words);
    check_help(RUN("train", "--resume", "--help", "--nothing"), words);
    Ending end = RUN("eval", "--help");
    check_help(end, (const char *[]){"07-test eval", "--data", NULL});
    ck_assert_ptr_null(strstr(end.out, "--steps"));
}
END_TEST

// --- as JSON ---

START_TEST(options_become_an_object) {
    bool flag = true;
    int n = -3;
    double x = 0.1;
    const char *text = "é", *none = NULL, *bad = "\xff";
    const CliOption option[] = {
        {"flag", NULL, CLI_FLAG, &flag, 0, 0, "", NULL}, {"n", "N", CLI_INT, &n, 0, 0, "", NULL},
        {"x", "X", CLI_REAL, &x, 0, 0, "", NULL},        {"text", "T", CLI_TEXT, &text, 0, 0, "", NULL},
        {"none", "T", CLI_TEXT, &none, 0, 0, "", NULL},  {"bad", "T", CLI_CHOICE, &bad, 0, 0, "", NULL},
    };
    json_t *all = cli_options(option, COUNT(option));
    ck_assert(json_is_true(json_object_get(all, "flag")));
    ck_assert_int_eq(json_integer_value(json_object_get(all, "n")), -3);
    ck_assert_double_eq(json_real_value(json_object_get(all, "x")), 0.1);
    ck_assert_str_eq(json_string_value(json_object_get(all, "text")), "é");
    ck_assert(json_is_null(json_object_get(all, "none")));
    ck_assert_str_eq(json_string_value(json_object_get(all, "bad")), "(not UTF-8)");
    ck_assert_uint_eq(json_object_size(all), 6);
    json_decref(all);
}
END_TEST

START_TEST(words_are_found_whole) {
    ck_assert(has_word("train eval generate", "train"));
    ck_assert(has_word("train eval generate", "eval"));
    ck_assert(has_word("train eval generate", "generate"));
    ck_assert(has_word("top-k k", "k"));
    ck_assert(has_word("data-x data", "data"));
    ck_assert(!has_word("train eval generate", "gen"));
    ck_assert(!has_word("train eval generate", "val"));
    ck_assert(!has_word("", "train"));
}
END_TEST

// --- what lessons share ---

START_TEST(a_lesson_takes_the_common_options_it_names) {
    Settings s = {.lesson = "07-test", .data = "names", .seed = 7};
    int own_value = 0;
    const CliOption own[] = {{"own", "N", CLI_INT, &own_value, 0, 9, "its own", "train"}};
    lesson_options(&s, "data run steps seed top-k", own, 1);
    const char *want[] = {"data", "run", "steps", "top-k", "seed", "own"};
    ck_assert_int_eq(s.options, COUNT(want));
    for (int i = 0; i < COUNT(want); i++) ck_assert_str_eq(s.option[i].name, want[i]);
    ck_assert_ptr_eq(s.option[4].value, &s.seed);
    ck_assert_ptr_eq(s.option[5].value, &own_value);
}
END_TEST

static int load_nothing(void *data) {
    Text t = lesson_text(&(Settings){.lesson = "07-test", .data = data});
    text_free(&t);
    return 0;
}

static int load_another(void *data) {
    Settings s = {.lesson = "07-test", .data = data};
    Text t = lesson_text(&s);
    Vocab other = t.vocab;
    lesson_same_vocab(&s, &t, &other);      // the same: it goes on
    other.byte[1] = '#';
    lesson_same_vocab(&s, &t, &other);
    return 0;
}

START_TEST(bad_data_ends_the_program_with_2) {
    refuse(testing_run(load_nothing, "no-such-data"), "no-such-data");
    refuse(testing_run(load_another, "datasets/given-names.txt"), "other characters");
}
END_TEST

static int print_loss(void *loss) {
    lesson_print_loss("training", *(double *)loss);
    return 0;
}

START_TEST(a_loss_is_printed_in_three_units) {
    double loss[] = {log(8), NAN, INFINITY};
    check_says(testing_run(print_loss, &loss[0]), 0, "training     loss 2.079442   perplexity   8.0000   bits per character 3.0000\n");
    check_says(testing_run(print_loss, &loss[1]), 0, "");
    testing_one_line(testing_run(print_loss, &loss[2]).out, "infinite");
}
END_TEST

int main(void) {
    TCase *c = testing_start("cli");
    tcase_add_test(c, defaults_stay_without_options);
    tcase_add_test(c, every_type_is_set);
    tcase_add_test(c, the_last_of_two_counts);
    tcase_add_test(c, limits_are_allowed);
    tcase_add_test(c, the_commands_exit_code_is_the_programs);
    tcase_add_test(c, numbers_out_of_range_are_refused);
    tcase_add_test(c, other_choices_are_refused);
    tcase_add_test(c, a_value_that_is_missing_is_refused);
    tcase_add_test(c, unknown_options_are_refused);
    tcase_add_test(c, unknown_short_options_are_named);
    tcase_add_test(c, options_of_another_command_are_refused);
    tcase_add_test(c, what_is_no_option_is_refused);
    tcase_add_test(c, unknown_commands_are_refused);
    tcase_add_test(c, help_shows_the_commands);
    tcase_add_test(c, help_shows_a_commands_options);
    tcase_add_test(c, options_become_an_object);
    tcase_add_test(c, words_are_found_whole);
    tcase_add_test(c, a_lesson_takes_the_common_options_it_names);
    tcase_add_test(c, bad_data_ends_the_program_with_2);
    tcase_add_test(c, a_loss_is_printed_in_three_units);
    return testing_end();
}
