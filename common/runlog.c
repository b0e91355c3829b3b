// runlog.c, from lesson 01: what a training run leaves behind, so that it can be plotted, compared and continued.
#define _GNU_SOURCE
#include "runlog.h"
#include "file.h"
#include "origin.h"

#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char HEAD[] = "step,tokens,seconds,train_loss,val_loss,lr,grad_norm\n";

static bool write_json(const char *path, json_t *value, Error *e) {
    char *text = json_dumps(value, JSON_INDENT(2) | JSON_REAL_PRECISION(10));
    CHECK(text, "%s: cannot be written as JSON", path);
    char *lines = xprintf("%s\n", text);
    bool ok = file_write_text(path, lines, e);
    free(lines);
    free(text);
    return ok;
}

// --- the directory ---

static bool holds_run(const char *dir) {
    char *config = xprintf("%s/config.json", dir);
    bool yes = file_exists(config);
    free(config);
    return yes;
}

// But for what a run that was killed at once may have left of its first file.
static bool is_empty(const char *dir) {
    DIR *d = opendir(dir);
    bool empty = d != NULL;
    for (struct dirent *entry; d && (entry = readdir(d));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 && strncmp(entry->d_name, "config.json.tmp-", 16) != 0) empty = false;
    if (d) closedir(d);
    return empty;
}

// STEM1, STEM2, ...: the first that is free. Free it.
static char *free_name(const char *stem) {
    for (int i = 1;; i++) {
        char *path = xprintf("%s%d", stem, i);
        if (!file_exists(path)) return path;
        free(path);
    }
}

// Makes room for a new run at dir without losing what is there.
static bool make_room(const char *dir, Error *e) {
    if (!file_exists(dir) || is_empty(dir)) return true;
    if (!holds_run(dir))
        return error(e, "--run %s: it is there already and holds something else than a run: name a new directory", dir);
    int length = (int)strlen(dir);
    while (length > 1 && dir[length - 1] == '/') length--;
    char *stem = xprintf("%.*s.", length, dir), *kept = free_name(stem);
    free(stem);
    bool ok = rename(dir, kept) == 0;
    if (ok) fprintf(stderr, "%s holds an earlier run: kept as %s\n", dir, kept);
    else error(e, "--run %s: cannot keep the earlier run that is there as %s", dir, kept);
    free(kept);
    return ok;
}

static bool open_log(RunLog *r, const char *mode, Error *e) {
    char *log = runlog_path(r, "log.csv"), *samples = runlog_path(r, "samples.txt");
    r->csv = fopen(log, mode);
    r->samples = fopen(samples, mode);
    bool ok = r->csv && r->samples;
    if (!ok) error(e, "cannot write %s", log);
    free(log);
    free(samples);
    r->started = seconds_now();
    return ok;
}

bool runlog_start(RunLog *r, const char *lesson, const char *dir, json_t *options, Error *e) {
    memset(r, 0, sizeof *r);
    if (dir && !make_room(dir, e)) {
        json_decref(options);
        return false;
    }
    char *stem = xprintf("runs/%s/run-", lesson);
    r->dir = dir ? xprintf("%s", dir) : free_name(stem);
    free(stem);
    json_t *config = json_pack("{s:s, s:o, s:o, s:o}", "lesson", lesson, "commit", origin_commit(), "machine", origin_machine(),
                               "options", options);
    char *path = runlog_path(r, "config.json");
    bool ok = file_make_dirs(r->dir, e) && write_json(path, config, e) && open_log(r, "w", e);      // config.json first: it says that this is a run
    if (ok) fputs(HEAD, r->csv);
    json_decref(config);
    free(path);
    if (!ok) runlog_close(r);
    return ok;
}

// --- the log ---

// The rows of log.csv up to `step`, as one string; *seconds: the clock of the last of them. NULL: it cannot be read.
static char *rows_up_to(const char *path, long step, double *seconds, Error *e) {
    unsigned char *bytes;
    size_t size, kept_size;
    if (!file_read(path, &bytes, &size, e)) return NULL;
    char *kept = NULL;
    FILE *out = open_memstream(&kept, &kept_size);
    fputs(HEAD, out);
    char *row = strchr((char *)bytes, '\n');
    for (char *end; row && (end = strchr(row + 1, '\n')); row = end) {
        long at;
        double clock;
        int length = (int)(end - row);
        if (sscanf(row + 1, "%ld,%*f,%lf", &at, &clock) != 2 || at > step) continue;
        fprintf(out, "%.*s", length, row + 1);
        *seconds = clock;
    }
    fclose(out);
    free(bytes);
    return kept;
}

bool runlog_resume(RunLog *r, const char *dir, long step, Error *e) {
    memset(r, 0, sizeof *r);
    if (!holds_run(dir)) return error(e, "--resume %s: there is no run to go on with (no config.json in it)", dir);
    r->dir = xprintf("%s", dir);
    char *path = runlog_path(r, "log.csv");
    char *rows = rows_up_to(path, step, &r->seconds_before, e);
    bool ok = rows && file_write_text(path, rows, e) && open_log(r, "a", e);
    free(rows);
    free(path);
    if (!ok) runlog_close(r);
    return ok;
}

static void put(FILE *csv, double value, const char *end) {
    if (!isnan(value)) fprintf(csv, "%.8g", value);
    fputs(end, csv);
}

void runlog_row(RunLog *r, const LogRow *row) {
    fprintf(r->csv, "%ld,%.0f,%.3f,", row->step, row->tokens, runlog_seconds(r));
    put(r->csv, row->train_loss, ",");
    put(r->csv, row->val_loss, ",");
    put(r->csv, row->lr, ",");
    put(r->csv, row->grad_norm, "\n");
    fflush(r->csv);
}

void runlog_sample(RunLog *r, long step, const char *text) {
    fprintf(r->samples, "--- step %ld\n%s\n", step, text);
    fflush(r->samples);
}

double runlog_seconds(const RunLog *r) { return r->seconds_before + seconds_now() - r->started; }

char *runlog_path(const RunLog *r, const char *file) { return xprintf("%s/%s", r->dir, file); }

bool runlog_finish(RunLog *r, json_t *summary, Error *e) {
    char *path = runlog_path(r, "summary.json");
    bool ok = write_json(path, summary, e);
    json_decref(summary);
    free(path);
    runlog_close(r);
    return ok;
}

void runlog_close(RunLog *r) {
    if (r->csv) fclose(r->csv);
    if (r->samples) fclose(r->samples);
    free(r->dir);
    memset(r, 0, sizeof *r);
}
