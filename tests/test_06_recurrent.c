// test_06_recurrent.c: RNN, LSTM and GRU, clipping, AdamW and dropout, against PyTorch's figures and plain loops.
#include "adamw.h"
#include "clip.h"
#include "golden/recurrent.h"
#include "op_additive_attention.h"
#include "op_concat.h"
#include "op_dropout.h"
#include "op_gru.h"
#include "op_lstm.h"
#include "op_reverse.h"
#include "op_rnn.h"
#include "panel.h"
#include "tensors.h"

#include <math.h>

static const double ABSOLUTE = 2e-6, RELATIVE = 1e-5;

enum { T = 5, B = 3, I = 4, H = 7 };

typedef struct {
    const char *name;
    int gates;
    Tensor *(*op)(Tape *, Tensor *, Tensor *, Tensor *, Tensor *, float *);
    const float *wx, *wh, *b, *y, *dx, *dwx, *dwh, *db;
} Cell;

static const Cell CELL[] = {
    {"RNN", 1, op_rnn, RNN_WX, RNN_WH, RNN_B, RNN_Y, RNN_DX, RNN_DWX, RNN_DWH, RNN_DB},
    {"LSTM", 4, op_lstm, LSTM_WX, LSTM_WH, LSTM_B, LSTM_Y, LSTM_DX, LSTM_DWX, LSTM_DWH, LSTM_DB},
    {"GRU", 3, op_gru, GRU_WX, GRU_WH, GRU_B, GRU_Y, GRU_DX, GRU_DWX, GRU_DWH, GRU_DB},
};

START_TEST(cells_as_in_pytorch) {
    const Cell *c = &CELL[_i];
    Tape tape = tape_new(true);
    Tensor *x = leaf_of("x", 3, (int[]){T, B, I}, RECURRENT_X), *wx = leaf_of("wx", 2, (int[]){c->gates * H, I}, c->wx);
    Tensor *wh = leaf_of("wh", 2, (int[]){c->gates * H, H}, c->wh), *b = leaf_of("b", 1, (int[]){c->gates * H}, c->b);
    float state[2 * B * H];
    memcpy(state, RECURRENT_H0, sizeof state / 2);
    memcpy(state + B * H, RECURRENT_C0, sizeof state / 2);
    Tensor *y = c->op(&tape, x, wx, wh, b, state);
    testing_close("y", y->data, c->y, T * B * H, ABSOLUTE, RELATIVE);
    testing_same_bits("the state after it", state, y->data + (T - 1) * B * H, B * H);
    if (c->gates == 4) testing_close("c", state + B * H, LSTM_C, B * H, ABSOLUTE, RELATIVE);
    tape_want_grad(&tape, y);
    memcpy(y->grad, RECURRENT_DY, sizeof RECURRENT_DY);
    y->backward(y);
    testing_close("dx", x->grad, c->dx, x->size, ABSOLUTE, RELATIVE);
    testing_close("dwx", wx->grad, c->dwx, wx->size, ABSOLUTE, RELATIVE);
    testing_close("dwh", wh->grad, c->dwh, wh->size, ABSOLUTE, RELATIVE);
    testing_close("db", b->grad, c->db, b->size, ABSOLUTE, RELATIVE);
    tape_free(&tape);
    Tensor *all[] = {x, wx, wh, b};
    for (int i = 0; i < 4; i++) leaf_free(all[i]);
}
END_TEST

// A text in two halves with the state carried over is the text as a whole; gradients are added; sizes at which gemm takes other ways.
START_TEST(the_state_carries_over) {
    const Cell *c = &CELL[_i % 3];
    int steps = 6, batch = _i < 3 ? 2 : 9, in = _i < 3 ? 3 : 20, units = _i < 3 ? 5 : 130, G = c->gates * units;
    size_t half = (size_t)(steps / 2 * batch * in), out = (size_t)(steps / 2 * batch * units);
    Tensor *x = leaf_new("x", 3, (int[]){steps, batch, in}, 1, 1), *wx = leaf_new("wx", 2, (int[]){G, in}, 0.3, 2);
    Tensor *wh = leaf_new("wh", 2, (int[]){G, units}, 0.3, 3), *b = leaf_new("b", 1, &G, 0.3, 4);
    float *state = xcalloc((size_t)(2 * batch * units), sizeof *state);
    Tape tape = tape_new(false);
    Tensor *whole = c->op(&tape, x, wx, wh, b, NULL);
    for (int part = 0; part < 2; part++) {
        Tensor *y = c->op(&tape, tape_values(&tape, "half", 3, (int[]){steps / 2, batch, in}, x->data + (size_t)part * half), wx, wh, b, state);
        testing_close("a half", y->data, whole->data + (size_t)part * out, out, 1e-6, 1e-5);
    }
    free(state);
    tape_free(&tape);
    leaf_free(x);
    leaf_free(wx);
    leaf_free(wh);
    leaf_free(b);
}
END_TEST

START_TEST(additive_attention_as_in_pytorch) {
    enum { TIME = 6, ROWS = 2, A = 5, C = 3 };
    Tape tape = tape_new(true);
    Tensor *leafs[] = {leaf_of("query", 3, (int[]){TIME, ROWS, A}, ADDITIVE_Q), leaf_of("key", 3, (int[]){TIME, ROWS, A}, ADDITIVE_K),
                       leaf_of("v", 1, (int[]){A}, ADDITIVE_V), leaf_of("value", 3, (int[]){TIME, ROWS, C}, ADDITIVE_H)};
    Tensor *y = op_additive_attention(&tape, leafs[0], leafs[1], leafs[2], leafs[3]);
    testing_close("y", y->data, ADDITIVE_Y, y->size, ABSOLUTE, RELATIVE);
    testing_close("weights", additive_attention_weights(y), ADDITIVE_WEIGHT, ROWS * TIME * TIME, ABSOLUTE, RELATIVE);
    back_twice(&tape, y, ADDITIVE_DY);
    const float *want[] = {ADDITIVE_DQ, ADDITIVE_DK, ADDITIVE_DV, ADDITIVE_DH};
    for (int i = 0; i < 4; i++) close_to_half(leafs[i]->name, leafs[i]->grad, want[i], leafs[i]->size, ABSOLUTE, RELATIVE);
    tape_free(&tape);
    for (int i = 0; i < 4; i++) leaf_free(leafs[i]);
}
END_TEST

START_TEST(reverse_and_concat) {
    Tape tape = tape_new(true);
    Tensor *x = leaf_new("x", 3, (int[]){4, 2, 3}, 1, 1), *z = leaf_new("z", 3, (int[]){4, 2, 1}, 1, 2);
    Tensor *y = op_concat(&tape, op_reverse(&tape, x, (int[]){3, 4}), z);
    const int from[4][2] = {{2, 3}, {1, 2}, {0, 1}, {3, 0}};
    float dy[4 * 2 * 4], want[4 * 2 * 3], dz[8];
    testing_fill(dy, 32, 1, 3);
    for (int t = 0; t < 4; t++)
        for (int b = 0; b < 2; b++)
            for (int c = 0; c < 4; c++) {
                float value = c == 3 ? z->data[t * 2 + b] : x->data[(from[t][b] * 2 + b) * 3 + c];
                ck_assert_float_eq(y->data[(t * 2 + b) * 4 + c], value);
                if (c == 3) dz[t * 2 + b] = dy[(t * 2 + b) * 4 + c];
                else want[(from[t][b] * 2 + b) * 3 + c] = dy[(t * 2 + b) * 4 + c];
            }
    tape_want_grad(&tape, y);
    memcpy(y->grad, dy, sizeof dy);
    y->backward(y);
    testing_same_bits("dz", z->grad, dz, 8);
    tape_want_grad(&tape, y->in[0]);
    memset(y->in[0]->grad, 0, sizeof want);
    y->backward(y);
    y->in[0]->backward(y->in[0]);
    testing_same_bits("dx", x->grad, want, 24);
    tape_free(&tape);
    leaf_free(x);
    leaf_free(z);
}
END_TEST

START_TEST(adamw_as_in_pytorch) {
    Params p = {0};
    Tensor *w = params_add(&p, "w", 1, (int[]){11});
    params_allocate(&p);
    memcpy(w->data, ADAMW_W, sizeof ADAMW_W);
    AdamW a = adamw_new(&p, 0.1);
    const float *g[] = {ADAMW_G0, ADAMW_G1, ADAMW_G2, ADAMW_G3, ADAMW_G4}, *want[] = {ADAMW_W0, ADAMW_W1, ADAMW_W2, ADAMW_W3, ADAMW_W4};
    for (int step = 0; step < 5; step++) {
        memcpy(w->grad, g[step], sizeof ADAMW_G0);
        adamw_step(&a, &p, 0.01);
        testing_close("w", w->data, want[step], 11, 1e-6, 1e-5);
    }
    adamw_free(&a);
    params_free(&p);
}
END_TEST

START_TEST(clipping_as_in_pytorch) {
    Params p = {0};
    params_add(&p, "a", 1, (int[]){5});
    params_add(&p, "b", 1, (int[]){3});
    params_allocate(&p);
    memcpy(p.grad, CLIP_BEFORE, sizeof CLIP_BEFORE);
    ck_assert_double_eq_tol(clip(&p, 1), CLIP_NORM[0], 1e-5);
    testing_close("clipped", p.grad, CLIP_AFTER, 8, 1e-6, 1e-5);
    ck_assert_double_eq_tol(clip_norm(&p), 1, 1e-5);
    float before[8];
    memcpy(before, p.grad, sizeof before);
    clip(&p, 1.5);
    clip(&p, 0);
    testing_same_bits("what is short enough", p.grad, before, 8);
    p.grad[3] = NAN;
    ck_assert(isnan(clip(&p, 0.1)));
    ck_assert_float_eq(p.grad[0], before[0]);
    params_free(&p);
}
END_TEST

START_TEST(dropout_keeps_the_mean) {
    enum { N = 20000 };
    Tensor *x = leaf_new("x", 2, (int[]){N / 10, 10}, 1, 1);
    for (size_t i = 0; i < N; i++) x->data[i] = 2;
    Rng rng, same;
    rng_seed(&rng, 5);
    rng_seed(&same, 5);
    Tape tape = tape_new(true);
    Tensor *y = op_dropout(&tape, x, 0.3, &rng, true);
    double mean = 0;
    for (size_t i = 0; i < N; i++) {
        float want = rng_uniform(&same) >= 0.3f ? (float)(2 / 0.7) : 0;
        ck_assert_float_eq_tol(y->data[i], want, 1e-6f);
        mean += y->data[i] / (double)N;
    }
    ck_assert_msg(fabs(mean - 2) < 0.03, "the mean is %f, want about 2", mean);
    tape_want_grad(&tape, y);
    for (size_t i = 0; i < N; i++) y->grad[i] = 1;
    y->backward(y);
    y->backward(y);
    for (size_t i = 0; i < N; i++) ck_assert_float_eq_tol(x->grad[i], y->data[i], 1e-6f);
    ck_assert_ptr_eq(op_dropout(&tape, x, 0.3, &rng, false), x);
    ck_assert_ptr_eq(op_dropout(&tape, x, 0, &rng, true), x);
    tape_free(&tape);
    leaf_free(x);
}
END_TEST

// Every number of rows, for products of both kinds, into and onto what is there.
START_TEST(panels_as_plain_loops) {
    enum { O = 75, K = 37, MOST = 19, LDX = K + 3, LDY = O + 5 };
    static float w[O * K], x[MOST * LDX], y[MOST * LDY], before[MOST * LDY];
    testing_fill(w, O * K, 1, 1);
    testing_fill(x, MOST * LDX, 1, 2);
    testing_fill(before, MOST * LDY, 1, 3);
    Tape tape = tape_new(false);
    Panel p = _i ? panel_of_columns(&tape, w, K, O, O) : panel_of_rows(&tape, w, O, K, K);
    for (int N = 1; N <= MOST; N++)
        for (int add = 0; add < 2; add++) {
            memcpy(y, before, sizeof y);
            panel_product(p, N, x, LDX, add, y, LDY);
            for (int n = 0; n < MOST; n++)
                for (int o = 0; o < LDY; o++) {
                    bool inside = n < N && o < O;
                    double want = inside && !add ? 0 : (double)before[n * LDY + o];
                    for (int k = 0; k < K && inside; k++) want += (double)x[n * LDX + k] * (double)(_i ? w[k * O + o] : w[o * K + k]);
                    testing_close_double("a product", &y[n * LDY + o], &want, 1, inside ? ABSOLUTE : 0, inside ? RELATIVE : 0);
                }
        }
    tape_free(&tape);
}
END_TEST

int main(void) {
    TCase *c = testing_start("recurrent");
    tcase_add_loop_test(c, cells_as_in_pytorch, 0, 3);
    tcase_add_loop_test(c, the_state_carries_over, 0, 6);
    tcase_add_test(c, additive_attention_as_in_pytorch);
    tcase_add_test(c, reverse_and_concat);
    tcase_add_test(c, adamw_as_in_pytorch);
    tcase_add_test(c, clipping_as_in_pytorch);
    tcase_add_test(c, dropout_keeps_the_mean);
    tcase_add_loop_test(c, panels_as_plain_loops, 0, 2);
    return testing_end();
}
