// newest.c, from lesson 01: which run was trained last.
#define _GNU_SOURCE
#include "newest.h"
#include "util.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

// Keeps `dir` in *newest if it has a model that is newer than *latest.
static void consider(const char *dir, char **newest, struct timespec *latest) {
    char *model = xprintf("%s/model.safetensors", dir);
    struct stat info;
    if (stat(model, &info) == 0 && (info.st_mtim.tv_sec > latest->tv_sec ||
                                    (info.st_mtim.tv_sec == latest->tv_sec && info.st_mtim.tv_nsec > latest->tv_nsec))) {
        *latest = info.st_mtim;
        free(*newest);
        *newest = xprintf("%s", dir);
    }
    free(model);
}

char *newest_run(const char *lesson) {
    char *folder = xprintf("runs/%s", lesson), *mine = xprintf("runs/mine/%s", lesson), *newest = NULL;
    struct timespec latest = {0, 0};
    DIR *d = opendir(folder);
    for (struct dirent *entry; d && (entry = readdir(d));) {
        char *dir = xprintf("%s/%s", folder, entry->d_name);
        consider(dir, &newest, &latest);
        free(dir);
    }
    if (d) closedir(d);
    consider(mine, &newest, &latest);
    free(folder);
    free(mine);
    return newest;
}
