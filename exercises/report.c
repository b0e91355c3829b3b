// report.c: crash and sanitizer reports, told in one sentence that names the learner's line.
#define _GNU_SOURCE
#include "report.h"
#include "file.h"

#include <stdlib.h>
#include <string.h>

static char *read_output(const char *path) {
    unsigned char *bytes;
    size_t size;
    if (!file_read(path, &bytes, &size, NULL)) return xprintf("%s", "");
    for (size_t i = 0; i < size; i++)
        if (!bytes[i]) bytes[i] = ' ';
    return (char *)bytes;
}

char *report_todo(const char *output) {
    char *text = read_output(output), *at = strstr(text, "TODO "), *line;
    if (at) {
        at[strcspn(at, "\n")] = 0;
        line = xprintf("%s", at + 5);
    } else line = xprintf("it waits for you");
    free(text);
    return line;
}

// The first "path/EXERCISE.c:12" in the report. Free the path. Not found: 0 and NULL.
typedef struct { char *path; int line; } Place;

static Place place_in(const char *text, const char *exercise) {
    char *name = xprintf("%s.", exercise);
    Place p = {NULL, 0};
    for (const char *at = strstr(text, name); at && !p.path; at = strstr(at + 1, name)) {
        const char *start = at, *end = at + strcspn(at, ":( \n");
        if (*end != ':' || strncmp(end - 2, ".c", 2) != 0) continue;
        while (start > text && !strchr("( \n", start[-1])) start--;
        p = (Place){xprintf("%.*s", (int)(end - start), start), atoi(end + 1)};
    }
    free(name);
    return p;
}

// That line of the learner's file; "" if it cannot be read. Free it.
static char *source_of(Place p) {
    char *text = p.path ? read_output(p.path) : xprintf("%s", ""), *at = text;
    for (int i = 1; i < p.line; i++) {
        at += strcspn(at, "\n");
        at += *at == '\n';
    }
    char *line = xprintf("%.*s", (int)strcspn(at, "\n"), at);
    free(text);
    return line;
}

// What may be NULL in an operation, if that is what the report is about; else "".
static const char *null_text(const char *exercise, const char *report, Place p) {
    bool zero_page = strstr(report, "zero page"), pointer = strstr(report, "null pointer");
    if (strncmp(exercise, "op_", 3) != 0 || !(zero_page || pointer)) return "";
    char *source = source_of(p);
    bool grad = strstr(source, "grad"), bias = strstr(source, "bias"), member = pointer && strstr(report, "'struct Tensor'");
    free(source);
    if (member) return bias ? "; bias may be NULL, where there is none: ask for that first" : "";
    return grad ? "; grad may be NULL, where nobody wants that gradient: ask for that first" : "";
}

// What AddressSanitizer calls it, and what it means.
static const struct { const char *kind, *means; } KINDS[] = {
    {"heap-buffer-overflow", "reaches outside of the memory that it was given"},
    {"use-after-poison", "reaches outside of a tensor on the tape"},
    {"stack-buffer-overflow", "reaches outside of a local array"},
    {"global-buffer-overflow", "reaches outside of a global array"},
    {"heap-use-after-free", "uses memory that was freed"},
    {"stack-use-after-return", "uses a local array of a function that has returned"},
    {"double-free", "frees memory twice"},
    {"bad-free", "frees memory that malloc did not give"},
    {"not malloc()-ed", "frees memory that malloc did not give"},
    {"allocation-size-too-big", "asks for more memory than a check may have (1 GB)"},
    {"exceeds maximum supported size", "asks for more memory than a check may have (1 GB)"},
    {"out of memory", "asks for more memory than a check may have (1 GB)"},
    {"out-of-memory", "asks for more memory than a check may have (1 GB)"},
    {"stack-overflow", "runs out of stack: does a function call itself without end, or is a local array too large?"},
    {"FPE", "divides by zero"},
    {"SEGV", "uses an address that is not there (a NULL pointer, or an index far too large)"},
};

static char *bytes_text(int n) { return xprintf("%d byte%s", n, n == 1 ? "" : "s"); }

// "WRITE of size 4 ... 0 bytes to the right of 108-byte region" in plain words.
static char *access_text(const char *report) {
    const char *at = strstr(report, " of size "), *region = strstr(report, "-byte region");
    if (!at || at - report < 5) return xprintf("%s", "");
    const char *verb = strncmp(at - 5, "WRITE", 5) == 0 ? "writes" : "reads";
    char *size = bytes_text(atoi(at + 9)), *block, *text;
    if (!region) {
        text = xprintf(": it %s %s there", verb, size);
        free(size);
        return text;
    }
    while (region > report && region[-1] >= '0' && region[-1] <= '9') region--;
    const char *side = strstr(report, "to the left") || strstr(report, " before ") ? "before the beginning" : "past the end";
    block = bytes_text(atoi(region));
    text = xprintf(": it %s %s %s of a block of %s", verb, size, side, block);
    free(size);
    free(block);
    return text;
}

static char *from_asan(const char *exercise, const char *report) {
    Place p = place_in(report, exercise);
    char *where = p.line ? xprintf("%s.c:%d", exercise, p.line) : xprintf("%s.c", exercise);
    const char *means = "does something that AddressSanitizer stops";
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (strstr(report, KINDS[i].kind)) {
            means = KINDS[i].means;
            break;
        }
    char *detail = access_text(report), *sentence = xprintf("%s %s%s%s", where, means, detail, null_text(exercise, report, p));
    free(detail);
    free(p.path);
    free(where);
    return sentence;
}

// "path/x.c:12:5: runtime error: index 27 out of bounds for type 'int [27]'"
static char *from_ubsan(const char *exercise, const char *report) {
    const char *what = strstr(report, "runtime error: ") + strlen("runtime error: ");
    const char *start = what;
    while (start > report && start[-1] != '\n') start--;
    char *line = xprintf("%.*s", (int)(what - start), start);
    Place p = place_in(line, exercise);
    free(line);
    line = xprintf("%.*s", (int)strcspn(what, "\n"), what);
    char *sentence = p.line ? xprintf("%s.c:%d: %s%s", exercise, p.line, line, null_text(exercise, line, p))
                            : xprintf("%s.c made another file fail: %s", exercise, line);
    free(line);
    free(p.path);
    return sentence;
}

// The message of a CHECK that did not hold: the line before "(file:line: CHECK".
static char *from_check(const char *output) {
    const char *end = strstr(output, "\n  (");
    const char *start = end;
    while (start > output && start[-1] != '\n') start--;
    return xprintf("%.*s", (int)(end - start), start);
}

// The sentence, with what the check said that it means. Frees the one that it is given.
static char *with_meaning(char *sentence, const char *output) {
    char *why = NULL;
    for (const char *at = strstr(output, REPORT_MEANS "\t"); at; at = strstr(at + 1, REPORT_MEANS "\t")) {
        const char *sign = at + strlen(REPORT_MEANS "\t"), *tab = sign + strcspn(sign, "\t\n");
        char *wanted = xprintf("%.*s", (int)(tab - sign), sign);
        if (*tab == '\t' && strstr(sentence, wanted)) {
            free(why);
            why = xprintf("%.*s", (int)strcspn(tab + 1, "\n"), tab + 1);
        }
        free(wanted);
    }
    if (!why) return sentence;
    char *both = xprintf("%s\n%s", sentence, why);
    free(why);
    free(sentence);
    return both;
}

char *report_crash(const char *exercise, const char *output, const char *said, int seconds, int waiting) {
    char *text = read_output(output), *sentence;
    if (strstr(text, "ERROR: AddressSanitizer")) sentence = from_asan(exercise, strstr(text, "ERROR: AddressSanitizer"));
    else if (strstr(text, "runtime error: ")) sentence = from_ubsan(exercise, text);
    else if (strstr(text, ": CHECK(") && strstr(text, "\n  (")) sentence = from_check(text);
    else if (said && (strstr(said, "CPU time limit") || strstr(said, "signal 24"))) sentence = xprintf("%s.c was not done after %d seconds: does a loop never end?", exercise, seconds);
    else if (said && strstr(said, "timeout")) sentence = xprintf("%s.c was not done after %d seconds: does it wait for something?", exercise, waiting);
    else if (said && (strstr(said, "File size limit") || strstr(said, "signal 25"))) sentence = xprintf("%s.c prints without end", exercise);
    else if (said && strstr(said, "Early exit")) sentence = xprintf("%s.c ends the program by itself (%s)", exercise, said);
    else sentence = xprintf("%s.c stopped the program: %s", exercise, said ? said : "nobody knows why");
    sentence = with_meaning(sentence, text);
    free(text);
    return sentence;
}
