// file.h, from lesson 01: whole files in, whole files out, never half of one.
#ifndef FILE_H
#define FILE_H

#include "util.h"

// Reads all of a file. *bytes is malloc'ed (free it) and has one NUL more than *size says.
// On failure: false, e says why in one line, nothing to free.
bool file_read(const char *path, unsigned char **bytes, size_t *size, Error *e);

// A file that appears under its name only when it is complete: written to a temporary file in the same directory,
// then fsync and rename. A crash at any instant leaves the old file as it was.
typedef struct {
    FILE *out;              // write here
    char *path, *temporary;
} NewFile;

bool file_begin(NewFile *f, const char *path, Error *e);
bool file_commit(NewFile *f, Error *e);     // on failure the temporary file is removed and the old file is kept
void file_abandon(NewFile *f);

// Writes a string as a whole file, in the way above.
bool file_write_text(const char *path, const char *text, Error *e);
// mkdir -p.
bool file_make_dirs(const char *path, Error *e);
bool file_exists(const char *path);
bool file_is_dir(const char *path);

#endif
