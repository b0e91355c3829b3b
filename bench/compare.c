// compare.c: the training curves of several runs, laid over each other.
#include "curve.h"
#include "file.h"

#include <math.h>
#include <string.h>

int main(int argc, char **argv) {
    Error e;
    if (argc < 2 || strcmp(argv[1], "--help") == 0)
        DIE("usage: make compare RUNS=\"runs/a runs/b\": the training curves of these run directories in one picture, runs/compare.png");
    if (!file_make_dirs("runs", &e) ||
        !curve_draw("runs/compare.png", "Runs compared", (const char *const *)argv + 1, argc - 1, "step", NAN, true, &e))
        DIE("%s", e.message);
    printf("picture: runs/compare.png\n");
    return 0;
}
