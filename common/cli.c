// cli.c, from lesson 01: commands and options, the same way in every lesson.
#include "cli.h"

#include <argp.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_KEY = 1000, HELP_KEY = 999 };     // above every character: all options are long ones

typedef struct {
    const Cli *cli;
    const CliCommand *command;
    const struct argp *argp;
    char *name;             // "01-bigram train"
} Parse;

bool has_word(const char *words, const char *word) {
    size_t n = strlen(word);
    for (const char *at = words; (at = strstr(at, word)); at += n)
        if ((at == words || at[-1] == ' ') && (at[n] == 0 || at[n] == ' ')) return true;
    return false;
}

static bool takes(const CliCommand *command, const CliOption *o) {
    return !o->commands || has_word(o->commands, command->name);
}

// "train, eval or generate"
static void list_commands(const Cli *cli, char *text, size_t room) {
    int n = 0;
    for (int i = 0; i < cli->commands; i++)
        n += snprintf(text + n, room - (size_t)n, "%s%s", i == 0 ? "" : i + 1 < cli->commands ? ", " : " or ", cli->command[i].name);
}

static void list_options(const Parse *p, char *text, size_t room) {
    int n = 0;
    for (int i = 0; i < p->cli->options && (size_t)n < room; i++)
        if (takes(p->command, &p->cli->option[i])) n += snprintf(text + n, room - (size_t)n, " --%s", p->cli->option[i].name);
}

// --- values ---

static bool choose(const CliOption *o, const char *given) {
    size_t n = strlen(given);
    for (const char *at = o->argument; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL)
        if (n > 0 && strcspn(at, "|") == n && strncmp(at, given, n) == 0) return true;
    return false;
}

static void set_value(const char *program, const CliOption *o, const char *given) {
    char *end;
    double number = 0;
    if (o->type == CLI_INT || o->type == CLI_REAL) {
        number = strtod(given, &end);
        bool good = end != given && !*end && number >= o->least && number <= o->most;
        if (!good || (o->type == CLI_INT && number != (double)(long long)number))
            DIE("%s: --%s \"%s\": want a %snumber from %.10g to %.10g", program, o->name, given,
                o->type == CLI_INT ? "whole " : "", o->least, o->most);
    }
    switch (o->type) {
    case CLI_FLAG: *(bool *)o->value = true; break;
    case CLI_INT: *(int *)o->value = (int)number; break;
    case CLI_REAL: *(double *)o->value = number; break;
    case CLI_TEXT: *(const char **)o->value = given; break;
    case CLI_CHOICE:
        if (!choose(o, given)) DIE("%s: --%s \"%s\": want one of %s", program, o->name, given, o->argument);
        *(const char **)o->value = given;
    }
}

// --- argp ---

// Is it an option that the command does not have?
static bool names_unknown(const Parse *p, const char *argument) {
    size_t n = strcspn(argument, "=");
    for (int i = 0; i < p->cli->options; i++) {
        const CliOption *o = &p->cli->option[i];
        if (takes(p->command, o) && n == strlen(o->name) + 2 && strncmp(argument + 2, o->name, n - 2) == 0) return false;
    }
    return argument[0] == '-';
}

static error_t parse_one(int key, char *given, struct argp_state *state) {
    Parse *p = state->input;
    const char *program = p->cli->program;
    if (key == HELP_KEY) {
        argp_help(p->argp, stdout, ARGP_HELP_LONG | ARGP_HELP_USAGE | ARGP_HELP_PRE_DOC, p->name);
        exit(0);
    }
    if (key >= FIRST_KEY && key < FIRST_KEY + p->cli->options) set_value(program, &p->cli->option[key - FIRST_KEY], given);
    else if (key == ARGP_KEY_ARG) DIE("%s %s: \"%s\" is no option: options begin with --", program, p->command->name, given);
    else if (key == ARGP_KEY_ERROR) {
        char known[1000] = "";
        list_options(p, known, sizeof known);
        const char *seen = state->argv[state->next - 1], *after = state->argv[state->next];
        if (after && after[0] == '-' && !names_unknown(p, seen)) seen = after;     // of -abc getopt stops before the end
        for (int i = 0; i < p->cli->options; i++)
            if (strncmp(seen, "--", 2) == 0 && strcmp(seen + 2, p->cli->option[i].name) == 0 && takes(p->command, &p->cli->option[i]))
                DIE("%s: %s wants a value: %s", program, seen, p->cli->option[i].argument);
        DIE("%s %s: it has no option %s; it has%s", program, p->command->name, seen, known);
    }
    return key >= HELP_KEY || key == ARGP_KEY_END ? 0 : ARGP_ERR_UNKNOWN;
}

static char *default_text(const CliOption *o) {
    switch (o->type) {
    case CLI_INT:       // what could not be asked for means: as the preset has it
        if (*(int *)o->value >= o->least) return xprintf("%s (default %d)", o->help, *(int *)o->value);
        return xprintf("%s (default: the preset's)", o->help);
    case CLI_REAL:
        if (*(double *)o->value >= o->least) return xprintf("%s (default %g)", o->help, *(double *)o->value);
        return xprintf("%s (default: the preset's)", o->help);
    case CLI_TEXT:
    case CLI_CHOICE:
        if (*(const char **)o->value) return xprintf("%s (default %s)", o->help, *(const char **)o->value);
        return xprintf("%s", o->help);
    default: return xprintf("%s", o->help);
    }
}

// Hands the options of one command to argp.
static int run_command(const Cli *cli, const CliCommand *command, int argc, char **argv) {
    struct argp_option *option = xcalloc((size_t)cli->options + 2, sizeof *option);
    int n = 0;
    for (int i = 0; i < cli->options; i++) {
        const CliOption *o = &cli->option[i];
        if (!takes(command, o)) continue;
        option[n++] = (struct argp_option){.name = o->name, .key = FIRST_KEY + i, .doc = default_text(o),
                                           .arg = o->type == CLI_FLAG ? NULL : o->argument};
    }
    option[n] = (struct argp_option){.name = "help", .key = HELP_KEY, .doc = "this page", .group = -1};
    struct argp argp = {.options = option, .parser = parse_one, .doc = command->help};
    char *name = xprintf("%s %s", cli->program, command->name);
    argv[0] = name;
    Parse p = {cli, command, &argp, name};
    argp_parse(&argp, argc, argv, ARGP_NO_ERRS | ARGP_NO_HELP, NULL, &p);
    for (int i = 0; i < n; i++) free((char *)option[i].doc);
    free(option);
    int code = command->run(cli->config);
    free(name);
    return code;
}

static void print_help(const Cli *cli) {
    printf("usage: %s COMMAND [OPTION...]\n%s\n\n", cli->program, cli->about);
    for (int i = 0; i < cli->commands; i++) printf("  %-10s %s\n", cli->command[i].name, cli->command[i].help);
    printf("\n%s COMMAND --help shows the options of a command.\n", cli->program);
}

int cli_main(const Cli *cli, int argc, char **argv) {
    char known[400];
    list_commands(cli, known, sizeof known);
    if (argc < 2) DIE("%s: no command: want %s (or --help)", cli->program, known);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(cli);
        return 0;
    }
    for (int i = 0; i < cli->commands; i++)
        if (strcmp(argv[1], cli->command[i].name) == 0) return run_command(cli, &cli->command[i], argc - 1, argv + 1);
    DIE("%s: there is no command \"%s\": want %s (or --help)", cli->program, argv[1], known);
}

json_t *cli_options(const CliOption *option, int options) {
    json_t *all = json_object();
    for (int i = 0; i < options; i++) {
        const CliOption *o = &option[i];
        json_t *value;
        switch (o->type) {
        case CLI_FLAG: value = json_boolean(*(bool *)o->value); break;
        case CLI_INT: value = json_integer(*(int *)o->value); break;
        case CLI_REAL: value = json_real(*(double *)o->value); break;
        default: value = *(const char **)o->value ? json_string(*(const char **)o->value) : json_null();
        }
        if (!value) value = json_string("(not UTF-8)");
        json_object_set_new(all, o->name, value);
    }
    return all;
}
