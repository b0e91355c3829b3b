// test_08_transformer.c: layer norm, GELU and whole blocks, against PyTorch's figures; the bits do not depend on the threads.
#include "block.h"
#include "golden/transformer.h"
#include "op_add.h"
#include "op_gelu.h"
#include "op_layernorm.h"
#include "op_relu.h"
#include "tensors.h"

#include <math.h>
#include <omp.h>

static const double ABSOLUTE = 2e-6, RELATIVE = 1e-5;

enum { B = 2, T = 5, C = 12, NH = 3, F4 = 48 };

START_TEST(layernorm_as_in_pytorch) {
    Tape tape = tape_new(true);
    Tensor *x = leaf_of("x", 3, (int[]){B, T, C}, LAYERNORM_X), *gain = leaf_of("gain", 1, (int[]){C}, LAYERNORM_GAIN), *bias = leaf_of("bias", 1, (int[]){C}, LAYERNORM_BIAS);
    Tensor *y = op_layernorm(&tape, x, gain, bias);
    testing_close("y", y->data, LAYERNORM_Y, y->size, ABSOLUTE, RELATIVE);
    back_twice(&tape, y, LAYERNORM_DY);
    close_to_half("dx", x->grad, LAYERNORM_DX, x->size, ABSOLUTE, RELATIVE);
    close_to_half("dgain", gain->grad, LAYERNORM_DGAIN, C, ABSOLUTE, RELATIVE);
    close_to_half("dbias", bias->grad, LAYERNORM_DBIAS, C, ABSOLUTE, RELATIVE);
    Tensor *bare = op_layernorm(&tape, x, gain, NULL);
    for (size_t i = 0; i < y->size; i++) ck_assert_float_eq_tol(bare->data[i] + bias->data[i % C], y->data[i], 1e-5f);
    tape_free(&tape);
    leaf_free(x);
    leaf_free(gain);
    leaf_free(bias);
}
END_TEST

START_TEST(gelu_and_add_as_in_pytorch) {
    Tape tape = tape_new(true);
    Tensor *x = leaf_of("x", 2, (int[]){4, 9}, GELU_X), *twice = leaf_of("x", 2, (int[]){4, 9}, GELU_X);
    Tensor *y = op_gelu(&tape, x);
    testing_close("y", y->data, GELU_Y, y->size, ABSOLUTE, RELATIVE);
    back_twice(&tape, y, GELU_DY);
    close_to_half("dx", x->grad, GELU_DX, x->size, ABSOLUTE, RELATIVE);
    Tensor *sum = op_add(&tape, twice, twice);
    tape_want_grad(&tape, sum);
    memcpy(sum->grad, GELU_DY, sizeof GELU_DY);
    sum->backward(sum);
    for (size_t i = 0; i < sum->size; i++) {
        ck_assert_float_eq(sum->data[i], 2 * GELU_X[i]);
        ck_assert_float_eq(twice->grad[i], 2 * GELU_DY[i]);
    }
    tape_free(&tape);
    leaf_free(x);
    leaf_free(twice);
}
END_TEST

// --- blocks ---

typedef struct {
    const char *name;
    BlockShape shape;
    const float *y, *dx, *d[12];        // of the parameters, in the order of SHAPE
} Form;

static const Form FORM[] = {
    {"pre", {C, NH, 4, NORM_PRE, true, true, true, true, op_gelu, 0}, PRE_Y, PRE_DX,
     {PRE_DGAIN1, PRE_DBIAS1, PRE_DQKV, PRE_DQKV_BIAS, PRE_DPROJ, PRE_DPROJ_BIAS, PRE_DGAIN2, PRE_DBIAS2, PRE_DUP, PRE_DUP_BIAS, PRE_DDOWN, PRE_DDOWN_BIAS}},
    {"post", {C, NH, 4, NORM_POST, true, true, true, true, op_relu, 0}, POST_Y, POST_DX,
     {POST_DGAIN1, POST_DBIAS1, POST_DQKV, POST_DQKV_BIAS, POST_DPROJ, POST_DPROJ_BIAS, POST_DGAIN2, POST_DBIAS2, POST_DUP, POST_DUP_BIAS, POST_DDOWN, POST_DDOWN_BIAS}},
    {"bare", {C, NH, 4, NORM_NONE, false, true, true, true, op_relu, 0}, BARE_Y, BARE_DX,
     {NULL, NULL, BARE_DQKV, BARE_DQKV_BIAS, BARE_DPROJ, BARE_DPROJ_BIAS, NULL, NULL, BARE_DUP, BARE_DUP_BIAS, BARE_DDOWN, BARE_DDOWN_BIAS}},
};
static const float *const VALUE[12] = {BLOCK_GAIN1, BLOCK_BIAS1, BLOCK_QKV, BLOCK_QKV_BIAS, BLOCK_PROJ, BLOCK_PROJ_BIAS, BLOCK_GAIN2, BLOCK_BIAS2, BLOCK_UP, BLOCK_UP_BIAS, BLOCK_DOWN, BLOCK_DOWN_BIAS};

// Within 1e-5 of what is wanted, or of a third of the largest: what should be 0, such as the gradient of the keys' biases, is
// what is left when large numbers cancel.
static void close_to_largest(const char *name, const float *got, const float *want, size_t n) {
    double largest = 0;
    for (size_t i = 0; i < n; i++) largest = fmax(largest, fabs((double)want[i]));
    testing_close(name, got, want, n, 3e-6 * largest, RELATIVE);
}

START_TEST(blocks_as_in_pytorch) {
    const Form *f = &FORM[_i];
    Params p = {0};
    Block b;
    block_add(&b, &p, f->shape, 0);
    params_allocate(&p);
    Tensor *part[12] = {b.talk.gain, b.talk.bias, b.qkv, b.qkv_bias, b.proj, b.proj_bias, b.think.gain, b.think.bias,
                        b.forward.up, b.forward.up_bias, b.forward.down, b.forward.down_bias};
    for (int i = 0; i < 12; i++)
        if (part[i]) memcpy(part[i]->data, VALUE[i], part[i]->size * sizeof(float));
    Tape tape = tape_new(true);
    Tensor *x = leaf_of("x", 3, (int[]){B, T, C}, BLOCK_X);
    Tensor *y = block_forward(&tape, x, &b, NULL, true);
    testing_close("y", y->data, f->y, y->size, ABSOLUTE, RELATIVE);
    Tensor *loss = weigh(&tape, y, BLOCK_DY);
    for (int i = 0; i < tape.count; i++) tape_want_grad(&tape, tape.node[i]);
    loss->grad[0] = 1;
    for (int i = tape.count - 1; i >= 0; i--)
        if (tape.node[i]->backward) tape.node[i]->backward(tape.node[i]);
    close_to_largest("dx", x->grad, f->dx, x->size);
    for (int i = 0; i < 12; i++)
        if (part[i]) close_to_largest(part[i]->name, part[i]->grad, f->d[i], part[i]->size);
    tape_free(&tape);
    leaf_free(x);
    params_free(&p);
}
END_TEST

START_TEST(as_many_parameters_as_the_lecture_counts) {
    Params p = {0};
    Block b;
    block_add(&b, &p, (BlockShape){.C = 64, .NH = 4, .ratio = 4, .norm = NORM_PRE, .skip = true, .proj = true, .bias = true, .activation = op_relu}, 0);
    ck_assert_int_eq((int)p.size, 3 * 64 * 64 + 64 * 64 + 64 + 64 * 256 + 256 + 256 * 64 + 64 + 4 * 64);
    params_allocate(&p);
    Rng rng;
    rng_seed(&rng, 3);
    block_randomise(&b, &rng);
    for (int c = 0; c < 64; c++) ck_assert(b.talk.gain->data[c] == 1 && b.think.gain->data[c] == 1 && b.talk.bias->data[c] == 0);
    float most = 0;
    for (size_t i = 0; i < b.forward.down->size; i++) most = fmaxf(most, fabsf(b.forward.down->data[i]));
    ck_assert(most <= 1 / 16.0f && most > 0.99f / 16);
    params_free(&p);
}
END_TEST

// Gradients of norms are sums over rows: the same bits from one thread and from three.
static float *gradients(int threads) {
    Params p = {0};
    Block b;
    Rng rng;
    block_add(&b, &p, (BlockShape){.C = 40, .NH = 2, .ratio = 4, .norm = NORM_PRE, .skip = true, .proj = true, .qkv_bias = true, .bias = true, .activation = op_gelu, .dropout = 0.1}, 0);
    params_allocate(&p);
    rng_seed(&rng, 1);
    block_randomise(&b, &rng);
    omp_set_num_threads(threads);
    Tape tape = tape_new(true);
    Tensor *x = leaf_new("x", 3, (int[]){9, 70, 40}, 1, 2);
    float *weight = xmalloc(x->size * sizeof *weight);
    testing_fill(weight, x->size, 1, 3);
    Tensor *loss = weigh(&tape, block_forward(&tape, x, &b, &rng, true), weight);
    for (int i = 0; i < tape.count; i++) tape_want_grad(&tape, tape.node[i]);
    loss->grad[0] = 1;
    for (int i = tape.count - 1; i >= 0; i--)
        if (tape.node[i]->backward) tape.node[i]->backward(tape.node[i]);
    float *copy = xmalloc((p.size + 1) * sizeof *copy);
    memcpy(copy, p.grad, p.size * sizeof *copy);
    copy[p.size] = x->grad[17];
    tape_free(&tape);
    leaf_free(x);
    free(weight);
    params_free(&p);
    return copy;
}

START_TEST(the_same_bits_with_any_number_of_threads) {
    float *one = gradients(1), *three = gradients(3);
    testing_same_bits("the gradients", three, one, 3 * 40 * 40 + 1);
    free(one);
    free(three);
}
END_TEST

int main(void) {
    TCase *c = testing_start("transformer");
    tcase_add_test(c, layernorm_as_in_pytorch);
    tcase_add_test(c, gelu_and_add_as_in_pytorch);
    tcase_add_loop_test(c, blocks_as_in_pytorch, 0, 3);
    tcase_add_test(c, as_many_parameters_as_the_lecture_counts);
    tcase_add_test(c, the_same_bits_with_any_number_of_threads);
    return testing_end();
}
