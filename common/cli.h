// cli.h, from lesson 01: commands and options, the same way in every lesson.
#ifndef CLI_H
#define CLI_H

#include "util.h"

#include <jansson.h>

typedef enum { CLI_FLAG, CLI_INT, CLI_REAL, CLI_TEXT, CLI_CHOICE } CliType;

// One option, and where its value goes. The value that stands there before is the default.
typedef struct {
    const char *name;           // "steps" for --steps
    const char *argument;       // what --help calls the value: "N"; for CLI_CHOICE the choices: "original|kaiming"
    CliType type;
    void *value;                // bool *, int *, double *, const char **, const char **
    double least, most;         // of numbers
    const char *help;
    const char *commands;       // which commands take it: "train eval"; NULL: all
} CliOption;

typedef struct {
    const char *name;           // "train"
    const char *help;
    int (*run)(void *config);   // its exit code
} CliCommand;

typedef struct {
    const char *program;        // "01-bigram"
    const char *about;          // a sentence or two, shown by --help
    const CliCommand *command;
    const CliOption *option;
    int commands, options;
    void *config;               // handed to the command
} Cli;

// Reads the command line, sets the options, runs the command and returns its exit code. --help prints and returns 0; a
// mistake gets one line on stderr that says what was seen and what was wanted, and returns 2.
int cli_main(const Cli *cli, int argc, char **argv);

// Every option in force, as an object: for config.json.
json_t *cli_options(const CliOption *option, int options);

// Does a list of words, with spaces between them, hold this one?
bool has_word(const char *words, const char *word);

#endif
