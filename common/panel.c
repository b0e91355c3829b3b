// panel.c, from lesson 06: a matrix laid out for being multiplied with a few rows, again and again.
#include "panel.h"

#include <string.h>

// ROWS rows of sums fill about half of the registers; the other half is for what is being multiplied.
#ifdef __AVX512F__
enum { LANES = 16, ROWS = 8 };
#else
enum { LANES = 8, ROWS = 2 };
#endif
enum { WIDTH = 32, PARTS = WIDTH / LANES };
// A vector of numbers, as GCC and Clang extend C: + and * work on all of them at once, and they need not be aligned.
typedef float Lanes __attribute__((vector_size(LANES * sizeof(float)), aligned(sizeof(float))));

static Panel panel_new(Tape *tape, int O, int K) {
    size_t strips = ((size_t)O + WIDTH - 1) / WIDTH;
    return (Panel){.K = K, .O = O, .data = tape_floats(tape, strips * (size_t)K * WIDTH)};
}

// w[o*by_output + k*by_input], strip by strip
static Panel fill(Panel p, const float *w, size_t by_output, size_t by_input) {
    float *to = p.data;
    for (int first = 0; first < p.O; first += WIDTH)
        for (int k = 0; k < p.K; k++, to += WIDTH)
            for (int o = 0; o < WIDTH; o++) to[o] = first + o < p.O ? w[(size_t)(first + o) * by_output + (size_t)k * by_input] : 0;
    return p;
}

Panel panel_of_rows(Tape *tape, const float *w, int O, int K, int ld) { return fill(panel_new(tape, O, K), w, (size_t)ld, 1); }
Panel panel_of_columns(Tape *tape, const float *w, int K, int O, int ld) { return fill(panel_new(tape, O, K), w, 1, (size_t)ld); }

// R rows of x with one strip, the sums in registers: R is a constant where this is called, so that the loops over r and p are unrolled.
static inline __attribute__((always_inline)) void tile(int R, int K, const float *w, const float *x, int ldx, int outputs, bool add, float *y, int ldy) {
    Lanes sum[ROWS][PARTS];
    memset(sum, 0, sizeof sum);
    for (int k = 0; k < K; k++, w += WIDTH)
        for (int p = 0; p < PARTS; p++)
            for (int r = 0; r < R; r++) sum[r][p] += x[(size_t)r * (size_t)ldx + (size_t)k] * *(const Lanes *)(w + p * LANES);
    for (int r = 0; r < R; r++) {
        const float *from = (const float *)sum[r];
        float *to = y + (size_t)r * (size_t)ldy;
        for (int o = 0; o < outputs; o++) to[o] = (add ? to[o] : 0) + from[o];
    }
}

void panel_product(Panel p, int N, const float *x, int ldx, bool add, float *y, int ldy) {
    for (int o = 0; o < p.O; o += WIDTH) {
        const float *w = p.data + (size_t)o * (size_t)p.K;
        int outputs = min_int(WIDTH, p.O - o), n = 0;
        for (; n + ROWS <= N; n += ROWS) tile(ROWS, p.K, w, x + (size_t)n * (size_t)ldx, ldx, outputs, add, y + (size_t)n * (size_t)ldy + o, ldy);
        for (; n < N; n++) tile(1, p.K, w, x + (size_t)n * (size_t)ldx, ldx, outputs, add, y + (size_t)n * (size_t)ldy + o, ldy);
    }
}
