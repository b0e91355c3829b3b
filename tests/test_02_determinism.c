// test_02_determinism.c: lesson 02's net: the same seed gives the same bits, on one thread and again on two, and PyTorch's losses.
#include "backward.h"
#include "op_cross_entropy.h"
#include "op_penalty.h"
#include "sgd.h"
#include "testing.h"

#include "golden/net.h"
#include "../02-neural-bigram/net.c"

#include <math.h>
#include <omp.h>

enum { SEED = 2147483647 };

typedef struct {
    Stream s;
    int V, steps, threads, seed;
    float lr, penalty;
} Setting;

// The losses of the steps, and the weights at the end, (V,V): (next, before).
static void train(Setting how, float *loss, float *w) {
    omp_set_num_threads(how.threads);
    Net net;
    net_init(&net, how.V);
    net_randomise(&net, how.seed);
    Tape tape = tape_new(true);
    for (int step = 0; step < how.steps; step++) {
        tape_reset(&tape);
        params_zero_grad(&net.params);
        Tensor *y = op_cross_entropy(&tape, net_forward(&net, &tape, how.s.id, (int)how.s.n - 1), how.s.id + 1, NO_IGNORE);
        if (how.penalty > 0) y = op_penalty(&tape, y, net.w, how.penalty);
        backward(&tape, y);
        sgd(&net.params, how.lr);
        loss[step] = y->data[0];
    }
    memcpy(w, net.w->data, net.w->size * sizeof *w);
    tape_free(&tape);
    net_free(&net);
}

enum { V = 27, STEPS = 6, LONGEST = 40000 };

static Setting some_setting(size_t n) {
    static int id[LONGEST];
    unsigned seed = 1;
    for (int i = 0; i < LONGEST; i++) id[i] = (int)((testing_random(&seed) + 1) * V / 2) % V;
    return (Setting){.s = {id, n, 0}, .V = V, .steps = STEPS, .threads = 1, .seed = SEED, .lr = 50, .penalty = 0.01f};
}

static void check_same(Setting a, Setting b) {
    float loss[2][STEPS], w[2][V * V];
    train(a, loss[0], w[0]);
    train(b, loss[1], w[1]);
    testing_same_bits("loss", loss[1], loss[0], STEPS);
    testing_same_bits("w", w[1], w[0], V * V);
}

START_TEST(the_same_seed_gives_the_same_bits) {
    for (int threads = 1; threads <= 2; threads++)
        for (size_t n = 30; n <= LONGEST; n *= 10) {
            Setting how = some_setting(n);
            how.threads = threads;
            check_same(how, how);
        }
}
END_TEST

// How many threads there are may change the last bits, and no more.
START_TEST(one_thread_and_two_come_to_the_same) {
    const size_t LENGTH[] = {30, 300, 370, 400, 420, 1500, 3000, 12345, LONGEST};
    for (int i = 0; i < 9; i++) {
        Setting how = some_setting(LENGTH[i]);
        float loss[2][STEPS], w[2][V * V];
        train(how, loss[0], w[0]);
        how.threads = 2;
        train(how, loss[1], w[1]);
        testing_close("loss", loss[1], loss[0], STEPS, 1e-6, 1e-5);
        testing_close("w", w[1], w[0], V * V, 1e-4, 1e-4);
    }
}
END_TEST

START_TEST(another_seed_gives_other_bits) {
    Setting how = some_setting(300);
    float loss[2][STEPS], w[V * V];
    train(how, loss[0], w);
    how.seed = 1;
    train(how, loss[1], w);
    ck_assert(loss[0][0] != loss[1][0]);
}
END_TEST

static void check_golden(float penalty, const float *loss, const float *w) {
    float got_loss[10], got_w[81], turned[81];
    Setting how = {.s = {NET_IDS, 200, -1}, .V = 9, .steps = 10, .threads = 1, .seed = SEED, .lr = 10, .penalty = penalty};
    train(how, got_loss, got_w);
    for (int i = 0; i < 81; i++) turned[i] = got_w[i % 9 * 9 + i / 9];      // PyTorch's has a row for each character before
    testing_close("loss", got_loss, loss, 10, 1e-6, 1e-5);
    testing_close("w", turned, w, 81, 1e-5, 1e-5);
}

START_TEST(ten_steps_are_pytorchs) {
    check_golden(0, NET_PLAIN_LOSS, NET_PLAIN_W);
    check_golden(0.5f, NET_PENALTY_LOSS, NET_PENALTY_W);
}
END_TEST

START_TEST(the_face_gives_the_softmax_of_a_row) {
    Net net;
    Text t = {.vocab = {.size = V, .names = true}};
    net_init(&net, V);
    net_randomise(&net, SEED);
    Model m = net_model(&net, &t.vocab);
    ck_assert_int_eq(m.boundary, 0);
    for (int before = 0; before < V; before++) {
        float p[V];
        double sum = 0, want[V];
        m.next(&m, (int[]){5, before}, 2, p);
        for (int j = 0; j < V; j++) sum += want[j] = exp((double)net.w->data[j * V + before]);
        for (int j = 0; j < V; j++) want[j] /= sum;
        testing_close_double("p", p, want, V, 1e-7, 1e-5);
    }
    net_free(&net);
}
END_TEST

// The published losses of the first step; lessons_test.sh has those of the last.
static void check_first_loss(float penalty, double want) {
    static float loss[1], w[V * V];
    Text t;
    Error e;
    ck_assert(text_load(&t, "names", NULL, &e));
    train((Setting){.s = t.all, .V = V, .steps = 1, .threads = 2, .seed = SEED, .lr = 50, .penalty = penalty}, loss, w);
    testing_close_double("loss", loss, &want, 1, 0.00005, 0);
    text_free(&t);
}

START_TEST(the_first_loss_of_names_txt) {
    check_first_loss(0, 3.7590);
    check_first_loss(0.01f, 3.7686);
}
END_TEST

int main(void) {
    TCase *c = testing_start("determinism");
    tcase_add_test(c, the_same_seed_gives_the_same_bits);
    tcase_add_test(c, one_thread_and_two_come_to_the_same);
    tcase_add_test(c, another_seed_gives_other_bits);
    tcase_add_test(c, ten_steps_are_pytorchs);
    tcase_add_test(c, the_face_gives_the_softmax_of_a_row);
    testing_add_with_data(c, the_first_loss_of_names_txt, "names");
    return testing_end();
}
