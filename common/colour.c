// colour.c, from lesson 10: a text in which one sees its tokens.
#include "colour.h"
#include "shade.h"

#include <string.h>

// Light colours of the 256, each unlike its neighbours, that black letters can be read on.
static const int BACKGROUND[] = {153, 223, 157, 218, 229, 189};

void colour_tokens(FILE *out, const Bpe *b, const int *id, size_t n) {
    bool colours = shade_in_colour(out);
    for (size_t i = 0; i < n; i++) {
        const unsigned char *bytes = b->token[id[i]];
        int length = b->length[id[i]];
        if (colours) fprintf(out, "\033[48;5;%dm\033[38;5;16m", BACKGROUND[i % COUNT(BACKGROUND)]);
        else if (i > 0) putc('|', out);
        for (int k = 0; k < length; k++) {
            if (bytes[k] != '\n') putc(bytes[k], out);
            else fputs(colours ? "\\n\033[0m\n" : "\\n\n", out);
        }
        if (colours) fputs("\033[0m", out);
    }
    putc('\n', out);
}
