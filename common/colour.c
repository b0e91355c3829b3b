// colour.c, from lesson 10: a text in which one sees its tokens.
#include "colour.h"
#include "shade.h"

#include <string.h>

// Light colours of the 256, each unlike its neighbours, that black letters can be read on.
static const int BACKGROUND[] = {153, 223, 157, 218, 229, 189};

// How many bytes the character has that begins here; 0: none does, or it is not all there.
static int character(const unsigned char *bytes, int n) {
    int length = bytes[0] < 0x80 ? 1 : bytes[0] >= 0xC2 && bytes[0] < 0xE0 ? 2 : bytes[0] >= 0xE0 && bytes[0] < 0xF0 ? 3 : bytes[0] >= 0xF0 && bytes[0] < 0xF5 ? 4 : 0;
    if (length > n) return 0;
    for (int i = 1; i < length; i++)
        if ((bytes[i] & 0xC0) != 0x80) return 0;
    return length;
}

void colour_bytes(FILE *out, const unsigned char *bytes, int n) {
    for (int i = 0, length; i < n; i += max_int(1, length)) {
        length = character(bytes + i, n - i);
        if (bytes[i] == '\n') fputs("\\n", out);
        else if (length == 0 || bytes[i] < 32 || bytes[i] == 127) fprintf(out, "\\x%02x", bytes[i]);
        else fwrite(bytes + i, 1, (size_t)length, out);
    }
}

void colour_tokens(FILE *out, const Bpe *b, const int *id, size_t n) {
    bool colours = shade_in_colour(out);
    for (size_t i = 0; i < n; i++) {
        const unsigned char *bytes = b->token[id[i]];
        int length = b->length[id[i]];
        if (colours) fprintf(out, "\033[48;5;%dm\033[38;5;16m", BACKGROUND[i % COUNT(BACKGROUND)]);
        else if (i > 0) putc('|', out);
        for (int k = 0, line; k < length; k += line) {
            for (line = 0; k + line < length && (line == 0 || bytes[k + line - 1] != '\n');) line++;
            colour_bytes(out, bytes + k, line);
            if (bytes[k + line - 1] == '\n') fputs(colours ? "\033[0m\n" : "\n", out);
        }
        if (colours) fputs("\033[0m", out);
    }
    putc('\n', out);
}
