// file.c, from lesson 01: whole files in, whole files out, never half of one.
#define _GNU_SOURCE
#include "file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool file_read(const char *path, unsigned char **bytes, size_t *size, Error *e) {
    FILE *in = fopen(path, "rb");
    if (!in) return error(e, "cannot open %s: %s", path, strerror(errno));
    size_t room = 1 << 16, n = 0;
    unsigned char *p = xmalloc(room + 1);
    for (size_t got; (got = fread(p + n, 1, room - n, in)) > 0;) {
        n += got;
        if (n == room) p = xrealloc(p, (room *= 2) + 1);
    }
    bool failed = ferror(in);
    int why = errno;
    fclose(in);
    if (failed) {
        free(p);
        return error(e, "cannot read %s: %s", path, strerror(why));
    }
    p[n] = 0;
    *bytes = p;
    *size = n;
    return true;
}

bool file_begin(NewFile *f, const char *path, Error *e) {
    f->path = xprintf("%s", path);
    f->temporary = xprintf("%s.tmp-%ld", path, (long)getpid());
    f->out = fopen(f->temporary, "wb");
    if (f->out) return true;
    error(e, "cannot write %s: %s", path, strerror(errno));
    free(f->path);
    free(f->temporary);
    return false;
}

void file_abandon(NewFile *f) {
    if (f->out) fclose(f->out);
    unlink(f->temporary);
    free(f->path);
    free(f->temporary);
}

bool file_commit(NewFile *f, Error *e) {
    bool ok = fflush(f->out) == 0 && !ferror(f->out) && fsync(fileno(f->out)) == 0;
    int why = errno;
    ok = fclose(f->out) == 0 && ok;
    f->out = NULL;
    if (ok && rename(f->temporary, f->path) == 0) {
        free(f->path);
        free(f->temporary);
        return true;
    }
    error(e, "cannot write %s: %s", f->path, strerror(ok ? errno : why));
    file_abandon(f);
    return false;
}

bool file_write_text(const char *path, const char *text, Error *e) {
    NewFile f;
    if (!file_begin(&f, path, e)) return false;
    fputs(text, f.out);
    return file_commit(&f, e);
}

bool file_make_dirs(const char *path, Error *e) {
    char *p = xprintf("%s", path);
    bool ok = true;
    for (char *slash = p + 1; ok; slash++) {
        if (*slash && *slash != '/') continue;
        char kept = *slash;
        *slash = 0;
        struct stat info;
        if (mkdir(p, 0777) != 0 && errno != EEXIST)
            ok = error(e, "cannot make the directory %s: %s", p, strerror(errno));
        else if (stat(p, &info) != 0 || !S_ISDIR(info.st_mode))
            ok = error(e, "%s is a file, want a directory", p);
        *slash = kept;
        if (!kept) break;
    }
    free(p);
    return ok;
}

bool file_exists(const char *path) { return access(path, F_OK) == 0; }

bool file_is_dir(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}
