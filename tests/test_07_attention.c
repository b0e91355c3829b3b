// test_07_attention.c: attention, its positions and its slopes, against PyTorch's figures, plain loops and themselves.
#include "alibi.h"
#include "golden/attention.h"
#include "op_attention.h"
#include "op_positions.h"
#include "op_rope.h"
#include "sinusoid.h"
#include "tensors.h"

#include <math.h>

static const double ABSOLUTE = 2e-6, RELATIVE = 1e-5;

enum { B = 2, T = 5, C = 12, NH = 3 };

// The results with neither, with slopes, and with queries and keys that are turned.
START_TEST(as_in_pytorch) {
    const float *want_y[] = {PLAIN_Y, ALIBI_Y, ROPE_Y}, *want_d[] = {PLAIN_DQKV, ALIBI_DQKV, ROPE_DQKV};
    Tape tape = tape_new(true);
    Tensor *qkv = leaf_of("qkv", 3, (int[]){B, T, 3 * C}, ATTENTION_QKV);
    float slope[NH];
    alibi_slopes(NH, slope);
    Tensor *in = _i == 2 ? op_rope(&tape, qkv, NH, 0, 10000) : qkv;
    Tensor *y = op_attention(&tape, in, NH, _i == 1 ? slope : NULL);
    testing_close("y", y->data, want_y[_i], y->size, ABSOLUTE, RELATIVE);
    tape_want_grad(&tape, in);
    back_twice(&tape, y, ATTENTION_DY);
    if (_i == 2) in->backward(in);
    close_to_half("dqkv", qkv->grad, want_d[_i], qkv->size, ABSOLUTE, RELATIVE);
    if (_i == 0)
        for (int pair = 0; pair < B * NH; pair++) {
            float weight[T * T];
            attention_weights(y, pair / NH, pair % NH, weight);
            testing_close("weights", weight, PLAIN_WEIGHT + pair * T * T, T * T, ABSOLUTE, RELATIVE);
        }
    tape_free(&tape);
    leaf_free(qkv);
}
END_TEST

// --- longer than a block of rows, with several threads: plain loops in double, gradients by finite differences of these ---

enum { LONG = 150, WIDE = 10, HEADS = 2, SIZE = WIDE / HEADS };

static double plain(const float *qkv, const float *slope, const float *dy, double *y) {
    double loss = 0;
    for (int h = 0; h < HEADS; h++)
        for (int t = 0; t < LONG; t++) {
            double weight[LONG], sum = 0, out[SIZE] = {0};
            for (int s = 0; s <= t; s++) {
                double score = 0;
                for (int i = 0; i < SIZE; i++) score += (double)qkv[t * 3 * WIDE + h * SIZE + i] * (double)qkv[s * 3 * WIDE + WIDE + h * SIZE + i];
                sum += weight[s] = exp(score / sqrt(SIZE) - (double)slope[h] * (t - s));
            }
            for (int s = 0; s <= t; s++)
                for (int i = 0; i < SIZE; i++) out[i] += weight[s] / sum * (double)qkv[s * 3 * WIDE + 2 * WIDE + h * SIZE + i];
            for (int i = 0; i < SIZE; i++) {
                if (y) y[t * WIDE + h * SIZE + i] = out[i];
                loss += out[i] * (double)dy[t * WIDE + h * SIZE + i];
            }
        }
    return loss;
}

START_TEST(longer_than_a_block) {
    Tape tape = tape_new(true);
    Tensor *qkv = leaf_new("qkv", 3, (int[]){1, LONG, 3 * WIDE}, 1, 1);
    float dy[LONG * WIDE], slope[HEADS] = {0.03f, 0};
    double want[LONG * WIDE];
    testing_fill(dy, LONG * WIDE, 1, 2);
    plain(qkv->data, slope, dy, want);
    Tensor *y = op_attention(&tape, qkv, HEADS, slope);
    testing_close_double("y", y->data, want, y->size, ABSOLUTE, RELATIVE);
    tape_want_grad(&tape, y);
    memcpy(y->grad, dy, sizeof dy);
    y->backward(y);
    for (size_t i = 0; i < qkv->size; i += 53) {
        float kept = qkv->data[i];
        qkv->data[i] = kept + 1e-3f;
        double up = (double)qkv->data[i], above = plain(qkv->data, slope, dy, NULL);
        qkv->data[i] = kept - 1e-3f;
        double slope_here = (above - plain(qkv->data, slope, dy, NULL)) / (up - (double)qkv->data[i]);
        qkv->data[i] = kept;
        testing_close_double("dqkv", &qkv->grad[i], &slope_here, 1, 2e-5, 1e-4);
    }
    tape_free(&tape);
    leaf_free(qkv);
}
END_TEST

// What comes later changes nothing, to the bit: neither in the same block of rows nor in another.
START_TEST(no_token_sees_the_future) {
    const int changed[] = {3, 70, 140};
    Tape tape = tape_new(false);
    Tensor *qkv = leaf_new("qkv", 3, (int[]){2, LONG, 3 * WIDE}, 1, 1);
    for (int rope = 0; rope < 2; rope++) {
        float *before = xmalloc(2 * LONG * WIDE * sizeof *before);
        memcpy(before, op_attention(&tape, rope ? op_rope(&tape, qkv, 1, 0, 10000) : qkv, 1, NULL)->data, 2 * LONG * WIDE * sizeof *before);
        for (int i = 0; i < 3; i++) {
            int t = changed[i];
            float *token = qkv->data + t * 3 * WIDE;
            for (int c = 0; c < 3 * WIDE; c++) token[c] += 100;
            Tensor *y = op_attention(&tape, rope ? op_rope(&tape, qkv, 1, 0, 10000) : qkv, 1, NULL);
            testing_same_bits("what is before", y->data, before, (size_t)t * WIDE);
            testing_same_bits("the other example", y->data + LONG * WIDE, before + LONG * WIDE, LONG * WIDE);
            ck_assert(memcmp(y->data + t * WIDE, before + t * WIDE, WIDE * sizeof(float)) != 0);
            testing_fill(qkv->data, qkv->size, 1, 1);
        }
        free(before);
    }
    tape_free(&tape);
    leaf_free(qkv);
}
END_TEST

START_TEST(great_scores_do_not_overflow) {
    Tape tape = tape_new(false);
    Tensor *qkv = leaf_new("qkv", 3, (int[]){1, 20, 12}, 200, 1);
    Tensor *y = op_attention(&tape, qkv, 2, NULL);
    for (size_t i = 0; i < y->size; i++) ck_assert(isfinite(y->data[i]));
    tape_free(&tape);
    leaf_free(qkv);
}
END_TEST

// Turned queries and keys: their product depends on the distance only; token 0 stays; first moves all along.
START_TEST(rope_knows_distances_only) {
    Tape tape = tape_new(false);
    Tensor *qkv = leaf_new("qkv", 3, (int[]){1, 9, 24}, 1, 3);
    for (int t = 1; t < 9; t++) memcpy(qkv->data + t * 24, qkv->data, 24 * sizeof(float));      // the same token everywhere
    Tensor *turned = op_rope(&tape, qkv, 2, 0, 10000), *later = op_rope(&tape, qkv, 2, 4, 10000);
    testing_close("token 0", turned->data, qkv->data, 24, 0, 0);
    testing_close("from position 4", later->data, turned->data + 4 * 24, 5 * 24, 1e-6, 1e-5);
    for (int away = 0; away < 4; away++) {
        double first = 0;
        for (int s = 0; s + away < 9; s++) {
            double product = 0;
            for (int i = 0; i < 4; i++) product += (double)turned->data[(s + away) * 24 + i] * (double)turned->data[s * 24 + 8 + i];
            if (s == 0) first = product;
            ck_assert_double_eq_tol(product, first, 1e-5);
        }
    }
    tape_free(&tape);
    leaf_free(qkv);
}
END_TEST

START_TEST(positions_are_added) {
    Tape tape = tape_new(true);
    Tensor *x = leaf_of("x", 3, (int[]){2, 4, 6}, POSITIONS_X), *table = leaf_of("table", 2, (int[]){9, 6}, POSITIONS_TABLE);
    Tensor *y = op_positions(&tape, x, table, 3);
    testing_close("y", y->data, POSITIONS_Y, y->size, ABSOLUTE, RELATIVE);
    back_twice(&tape, y, POSITIONS_DY);
    close_to_half("dx", x->grad, POSITIONS_DY, x->size, ABSOLUTE, RELATIVE);
    close_to_half("dtable", table->grad, POSITIONS_DTABLE, table->size, ABSOLUTE, RELATIVE);
    float waves[7 * 6];
    sinusoid(7, 6, waves);
    testing_close("waves", waves, SINUSOID, 42, 1e-7, 1e-6);
    tape_free(&tape);
    leaf_free(x);
    leaf_free(table);
}
END_TEST

START_TEST(slopes_as_published) {
    float slope[12];
    alibi_slopes(8, slope);
    for (int h = 0; h < 8; h++) ck_assert_float_eq_tol(slope[h], exp2f(-(float)(h + 1)), 1e-9f);
    alibi_slopes(12, slope);        // 8 heads' slopes, then every other one of 16 heads'
    for (int h = 0; h < 4; h++) ck_assert_float_eq_tol(slope[8 + h], exp2f(-0.5f * (float)(2 * h + 1)), 1e-7f);
}
END_TEST

int main(void) {
    TCase *c = testing_start("attention");
    tcase_add_loop_test(c, as_in_pytorch, 0, 3);
    tcase_add_test(c, longer_than_a_block);
    tcase_add_test(c, no_token_sees_the_future);
    tcase_add_test(c, great_scores_do_not_overflow);
    tcase_add_test(c, rope_knows_distances_only);
    tcase_add_test(c, positions_are_added);
    tcase_add_test(c, slopes_as_published);
    return testing_end();
}
