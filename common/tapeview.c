// tapeview.c, from lesson 02: the tape, to look at.
#include "tapeview.h"

// Where a tensor stands on the tape; -1: it is a parameter, and stands elsewhere.
static int place_of(const Tape *tape, const Tensor *t) {
    for (int i = 0; i < tape->count; i++)
        if (tape->node[i] == t) return i;
    return -1;
}

static void print_inputs(const Tape *tape, const Tensor *t, FILE *out) {
    for (int k = 0; k < TENSOR_INPUTS && t->in[k]; k++) {
        int place = place_of(tape, t->in[k]);
        if (place >= 0) fprintf(out, "%s#%d", k ? ", " : "", place);
        else fprintf(out, "%s%s%s", k ? ", " : "", t->in[k]->name, shape_text(t->in[k]));
    }
}

static void print_floats(const char *label, const float *x, size_t n, int most, FILE *out) {
    if (!x) return;
    fprintf(out, "  %s", label);
    for (size_t i = 0; i < n && i < (size_t)most; i++) fprintf(out, " %.4g", (double)x[i]);
    if (n > (size_t)most) fprintf(out, " ...");
}

void tapeview_node(const Tape *tape, int i, int most, FILE *out) {
    const Tensor *t = tape->node[i];
    fprintf(out, "#%-2d %-16s %-12s from ", i, t->name, shape_text(t));
    if (!t->in[0]) fprintf(out, "outside");
    print_inputs(tape, t, out);
    fputc('\n', out);
    print_floats("   value", t->data, t->size, most, out);
    if (t->grad) fputc('\n', out);
    print_floats("gradient", t->grad, t->size, most, out);
    fputc('\n', out);
}

void tapeview_print(const Tape *tape, FILE *out) {
    for (int i = 0; i < tape->count; i++) tapeview_node(tape, i, 4, out);
}

void tapeview_dot(const Tape *tape, FILE *out) {
    fprintf(out, "digraph tape {\n  rankdir=LR; node [shape=box, fontname=\"Helvetica\"];\n");
    for (int i = 0; i < tape->count; i++) {
        const Tensor *t = tape->node[i];
        fprintf(out, "  n%d [label=\"#%d %s\\n%s\"];\n", i, i, t->name, shape_text(t));
        for (int k = 0; k < TENSOR_INPUTS && t->in[k]; k++) {
            int place = place_of(tape, t->in[k]);
            if (place >= 0) fprintf(out, "  n%d -> n%d;\n", place, i);
            else fprintf(out, "  \"%s\" [label=\"%s\\n%s\", style=filled, fillcolor=\"#dce9f5\"]; \"%s\" -> n%d;\n", t->in[k]->name,
                         t->in[k]->name, shape_text(t->in[k]), t->in[k]->name, i);
        }
    }
    fprintf(out, "}\n");
}
