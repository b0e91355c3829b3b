// test_05_wavenet.c: lesson 05's operations and layers, against PyTorch's figures and plain loops.
#include "backward.h"
#include "draw.h"
#include "golden/wavenet.h"
#include "init.h"
#include "layers.h"
#include "op_conv1d.h"
#include "op_cross_entropy.h"
#include "op_embedding.h"
#include "op_flatten.h"
#include "tensors.h"

#include <math.h>

static const double ABSOLUTE = 1e-6, RELATIVE = 1e-5;

// --- flatten ---

START_TEST(flatten_joins_neighbours) {
    Tape tape = tape_new(true);
    Tensor *x = leaf_new("x", 3, (int[]){2, 6, 3}, 2, 1);
    Tensor *y = op_flatten(&tape, x, 2);
    ck_assert(y->ndim == 3 && y->shape[0] == 2 && y->shape[1] == 3 && y->shape[2] == 6);
    for (int b = 0; b < 2; b++)
        for (int t = 0; t < 3; t++)
            for (int k = 0; k < 2; k++)
                for (int c = 0; c < 3; c++) ck_assert_float_eq(y->data[(b * 3 + t) * 6 + k * 3 + c], x->data[(b * 6 + t * 2 + k) * 3 + c]);
    float dy[36];
    testing_fill(dy, 36, 1, 2);
    back_twice(&tape, y, dy);
    close_to_half("dx", x->grad, dy, 36, ABSOLUTE, RELATIVE);
    Tensor *all = op_flatten(&tape, x, 6);
    ck_assert(all->ndim == 2 && all->shape[0] == 2 && all->shape[1] == 18);
    tape_free(&tape);
    leaf_free(x);
}
END_TEST

static int five_by_two(void *ctx) {
    (void)ctx;
    Tape tape = tape_new(true);
    Tensor *x = leaf_new("x", 3, (int[]){2, 5, 3}, 2, 1);
    op_flatten(&tape, x, 2);
    return 0;
}

START_TEST(flatten_refuses_what_does_not_divide) {
    Ending end = testing_run(five_by_two, NULL);
    testing_aborted(&end, "want (B,T,C), and T a multiple of 2");
}
END_TEST

// --- convolution ---

START_TEST(convolution_as_in_pytorch) {
    Tape tape = tape_new(true);
    Tensor *x = leaf_of("x", 3, (int[]){3, 7, 2}, CONV_X), *w = leaf_of("w", 2, (int[]){5, 6}, CONV_W), *b = leaf_of("b", 1, (int[]){5}, CONV_B);
    Tensor *y = op_conv1d(&tape, x, w, b, 3, 2);
    testing_close("y", y->data, CONV_Y, y->size, ABSOLUTE, RELATIVE);
    back_twice(&tape, y, CONV_DY);
    close_to_half("dx", x->grad, CONV_DX, x->size, ABSOLUTE, RELATIVE);
    close_to_half("dw", w->grad, CONV_DW, w->size, ABSOLUTE, RELATIVE);
    close_to_half("db", b->grad, CONV_DB, b->size, ABSOLUTE, RELATIVE);
    tape_free(&tape);
    leaf_free(x);
    leaf_free(w);
    leaf_free(b);
}
END_TEST

// y from its definition, in double.
static void plain_conv1d(const Tensor *x, const Tensor *w, const Tensor *b, int K, int dilation, double *y) {
    int B = x->shape[0], T = x->shape[1], I = x->shape[2], O = w->shape[0];
    for (int n = 0; n < B * T; n++)
        for (int o = 0; o < O; o++) {
            y[n * O + o] = b ? b->data[o] : 0;
            for (int k = 0; k < K; k++) {
                int back = (K - 1 - k) * dilation;
                if (n % T < back) continue;
                for (int i = 0; i < I; i++) y[n * O + o] += (double)w->data[(o * K + k) * I + i] * x->data[(n - back) * I + i];
            }
        }
}

START_TEST(convolution_equals_its_definition) {
    static const int size[][6] = {{1, 1, 1, 1, 1, 1}, {2, 9, 3, 4, 2, 4}, {3, 5, 2, 7, 4, 3}, {1, 6, 5, 3, 1, 2}};   // B T I O K dilation
    const int *s = size[_i];
    Tape tape = tape_new(true);
    Tensor *x = leaf_new("x", 3, (int[]){s[0], s[1], s[2]}, 2, 1), *w = leaf_new("w", 2, (int[]){s[3], s[4] * s[2]}, 2, 2);
    Tensor *y = op_conv1d(&tape, x, w, NULL, s[4], s[5]);
    double *want = xmalloc(y->size * sizeof *want);
    plain_conv1d(x, w, NULL, s[4], s[5], want);
    testing_close_double("y", y->data, want, y->size, ABSOLUTE, RELATIVE);
    free(want);
    tape_free(&tape);
    leaf_free(x);
    leaf_free(w);
}
END_TEST

START_TEST(convolution_never_looks_ahead) {
    enum { T = 9, I = 2, O = 3 };
    Tape tape = tape_new(false);
    Tensor *x = leaf_new("x", 3, (int[]){1, T, I}, 2, 1), *w = leaf_new("w", 2, (int[]){O, 2 * I}, 2, 2);
    Tensor *before = op_conv1d(&tape, x, w, NULL, 2, 3);
    for (int t = 0; t < T; t++) {
        x->data[t * I] += 1;
        Tensor *after = op_conv1d(&tape, x, w, NULL, 2, 3);
        testing_same_bits("what came before", after->data, before->data, (size_t)(t * O));
        ck_assert(memcmp(after->data + t * O, before->data + t * O, O * sizeof(float)) != 0);
        x->data[t * I] -= 1;
    }
    tape_free(&tape);
    leaf_free(x);
    leaf_free(w);
}
END_TEST

// --- a whole tree ---

START_TEST(a_small_tree_as_in_pytorch) {
    enum { V = 9, B = 6, T = 8, E = 3, H = 5 };
    Params p = {0};
    Layers l = {0};
    Tensor *c = params_add(&p, "C", 2, (int[]){V, E});
    for (int i = 0, in = E; i < 3; i++, in = H) {
        layers_flatten(&l, 2);
        layers_linear(&l, &p, 2 * in, H, false);
        layers_batchnorm(&l, &p, H, 0.1f);
        layers_tanh(&l);
    }
    layers_linear(&l, &p, H, V, true);
    params_allocate(&p);
    Rng rng;
    rng_seed(&rng, 42);
    draw_normal(&rng, c);
    layers_randomise(&l, &rng);
    init_scale(l.layer[l.count - 1].w, 0.1);
    Tape tape = tape_new(true);
    Tensor *logits = layers_forward(&l, &tape, op_embedding(&tape, c, TREE_ID, B, T), true);
    Tensor *loss = op_cross_entropy(&tape, logits, TREE_TARGET, NO_IGNORE);
    backward(&tape, loss);
    testing_close("logits", logits->data, TREE_LOGITS, logits->size, ABSOLUTE, RELATIVE);
    testing_close("loss", loss->data, TREE_LOSS, 1, ABSOLUTE, RELATIVE);
    testing_close("dC", c->grad, TREE_DC, c->size, ABSOLUTE, RELATIVE);
    const float *dw[] = {TREE_DW0, TREE_DW1, TREE_DW2, TREE_DW3}, *dgain[] = {TREE_DGAIN0, TREE_DGAIN1, TREE_DGAIN2};
    const float *dbias[] = {TREE_DBIAS0, TREE_DBIAS1, TREE_DBIAS2}, *var[] = {TREE_VAR0, TREE_VAR1, TREE_VAR2};
    for (int i = 0, linear = 0, norm = 0; i < l.count; i++) {
        Layer *layer = &l.layer[i];
        if (layer->w) { testing_close("dW", layer->w->grad, dw[linear], layer->w->size, ABSOLUTE, RELATIVE); linear++; }
        if (layer->b) testing_close("db", layer->b->grad, TREE_DB, V, ABSOLUTE, RELATIVE);
        if (!layer->bn.gain) continue;
        testing_close("dgain", layer->bn.gain->grad, dgain[norm], H, ABSOLUTE, RELATIVE);
        testing_close("dbias", layer->bn.bias->grad, dbias[norm], H, ABSOLUTE, RELATIVE);
        testing_close("var", layer->bn.var->data, var[norm], H, ABSOLUTE, RELATIVE);
        norm++;
    }
    size_t size = c->size;
    for (int i = 0; i < l.count; i++) size += layers_size(&l.layer[i]);
    ck_assert_uint_eq(size, p.size);
    tape_free(&tape);
    params_free(&p);
}
END_TEST

int main(void) {
    TCase *c = testing_start("wavenet");
    tcase_add_test(c, flatten_joins_neighbours);
    tcase_add_test(c, flatten_refuses_what_does_not_divide);
    tcase_add_test(c, convolution_as_in_pytorch);
    tcase_add_loop_test(c, convolution_equals_its_definition, 0, 4);
    tcase_add_test(c, convolution_never_looks_ahead);
    tcase_add_test(c, a_small_tree_as_in_pytorch);
    return testing_end();
}
