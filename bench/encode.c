// encode.c VOCAB MERGES TEXT IDS: how fast is lesson 10's encoder alone? Encodes the text five times, prints the seconds of the fastest, and writes the ids
// (as ints) to the file IDS. bench/tokens.py compares it with others.
#include "bpe_encode.h"
#include "bpe_files.h"
#include "file.h"

#include <math.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    Error e;
    Bpe b;
    unsigned char *text;
    size_t n, count = 0;
    double best = INFINITY;
    if (argc != 5) DIE("usage: encode VOCAB MERGES TEXT IDS");
    if (!bpe_read(&b, argv[1], argv[2], &e) || !file_read(argv[3], &text, &n, &e)) DIE("%s", e.message);
    int *id = xmalloc((n + 1) * sizeof *id);
    for (int round = 0; round < 5; round++) {
        double start = seconds_now();
        count = bpe_encode(&b, text, n, false, id);
        best = fmin(best, seconds_now() - start);
    }
    FILE *out = fopen(argv[4], "wb");
    if (!out || fwrite(id, sizeof *id, count, out) != count || fclose(out) != 0) DIE("%s: cannot be written", argv[4]);
    printf("%.6f\n", best);
    free(id);
    free(text);
    bpe_free(&b);
}
