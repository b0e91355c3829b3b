// test_01_rng.c: the random generator and the shuffle, beside CPython's and PyTorch's.
#include "rng.h"
#include "shuffle.h"
#include "testing.h"

#include "golden/rng.h"

#include <string.h>

#define SAME_WORDS(got, want) ck_assert_uint_eq(got, want)
#define LENGTH(array) (sizeof(array) / sizeof *(array))

enum { SEED = 2147483647 };

// Sizes of 16 and more come from float arithmetic, in which PyTorch's vector instructions round the last bit otherwise.
static const double NORMAL_ABSOLUTE = 1e-6, NORMAL_RELATIVE = 3e-7;

// --- bits ---

// Words 0-5, 621-626 and 1245-1250, as stored.
static void check_bits(uint32_t seed, const uint32_t *want) {
    Rng rng;
    rng_seed(&rng, seed);
    for (int i = 0, k = 0; i < 1251; i++) {
        uint32_t got = rng_bits(&rng);
        if (i < 6 || (i >= 621 && i < 627) || i >= 1245) {
            ck_assert_msg(got == want[k], "seed %u, word %d: got %u, want %u", seed, i, got, want[k]);
            k++;
        }
    }
}

START_TEST(bits_are_those_of_the_reference) {
    check_bits(0, BITS_0);
    check_bits(1, BITS_1);
    check_bits(42, BITS_42);
    check_bits(2147483647, BITS_2147483647);
    check_bits(4294967295, BITS_4294967295);
}
END_TEST

// The C++ standard demands this word of std::mt19937 (section rand.predef).
START_TEST(the_10000th_word_is_that_of_the_cpp_standard) {
    Rng rng;
    rng_seed(&rng, 5489);
    uint32_t word = 0;
    for (int i = 0; i < 10000; i++) word = rng_bits(&rng);
    SAME_WORDS(word, 4123659995u);
}
END_TEST

static void check_python_bits(uint32_t seed, const uint32_t *want) {
    Rng rng;
    rng_seed_python(&rng, seed);
    for (int i = 0; i < 6; i++) SAME_WORDS(rng_bits(&rng), want[i]);
}

START_TEST(seeds_as_python_does) {
    check_python_bits(0, PYTHON_BITS_0);
    check_python_bits(42, PYTHON_BITS_42);
    check_python_bits(4294967295, PYTHON_BITS_4294967295);
}
END_TEST

START_TEST(randrange_as_python_does) {
    Rng rng;
    rng_seed_python(&rng, 42);
    for (size_t i = 0; i < LENGTH(PYTHON_RANDRANGE); i++)
        SAME_WORDS(rng_below_python(&rng, PYTHON_SIZES[i / 4]), PYTHON_RANDRANGE[i]);
}
END_TEST

START_TEST(a_copy_goes_on_from_the_same_place) {
    Rng rng;
    rng_seed(&rng, 1);
    float x;
    rng_normal(&rng, &x, 1);
    Rng copy = rng;
    for (int i = 0; i < 700; i++) {
        float a, b;
        rng_normal(&rng, &a, 1);
        rng_normal(&copy, &b, 1);
        testing_same_bits("normal", &a, &b, 1);
        SAME_WORDS(rng_bits(&rng), rng_bits(&copy));
    }
}
END_TEST

static int below_zero(void *python) {
    Rng rng;
    rng_seed(&rng, 1);
    return (int)(python ? rng_below_python(&rng, 0) : rng_below(&rng, 0));
}

START_TEST(a_range_of_none_is_refused) {
    Ending end = testing_run(below_zero, NULL);
    testing_aborted(&end, "n is 0");
    end = testing_run(below_zero, "python");
    testing_aborted(&end, "n is 0");
}
END_TEST

// --- the shuffle ---

static void check_shuffle(const int *want, int n, uint32_t seed) {
    int order[100];
    Split cut = shuffle_split(order, n, seed);
    for (int i = 0; i < n; i++)
        ck_assert_msg(order[i] == want[i], "%d shuffled with seed %u: place %d got %d, want %d", n, seed, i, order[i], want[i]);
    ck_assert_int_eq(cut.train, (int)(0.8 * n));
    ck_assert_int_eq(cut.train + cut.val, (int)(0.9 * n));
    ck_assert_int_eq(cut.train + cut.val + cut.test, n);
}

START_TEST(shuffles_as_python_does) {
    check_shuffle(SHUFFLE_1_42, 1, 42);
    check_shuffle(SHUFFLE_2_42, 2, 42);
    check_shuffle(SHUFFLE_3_42, 3, 42);
    check_shuffle(SHUFFLE_20_42, 20, 42);
    check_shuffle(SHUFFLE_20_0, 20, 0);
    check_shuffle(SHUFFLE_65_7, 65, 7);
}
END_TEST

START_TEST(a_shuffle_of_nothing_is_nothing) {
    int order = -7;
    Split cut = shuffle_split(&order, 0, 42);
    ck_assert_int_eq(order, -7);
    ck_assert_int_eq(cut.train + cut.val + cut.test, 0);
}
END_TEST

// --- uniform numbers ---

START_TEST(uniform_as_torch_rand) {
    Rng rng;
    rng_seed(&rng, SEED);
    for (size_t i = 0; i < LENGTH(TORCH_RAND); i++) {
        float got = rng_uniform(&rng);
        testing_same_bits("rng_uniform", &got, &TORCH_RAND[i], 1);
    }
}
END_TEST

START_TEST(uniform_double_as_torch_rand) {
    Rng rng;
    rng_seed(&rng, SEED);
    for (size_t i = 0; i < LENGTH(TORCH_RAND_DOUBLE); i++) {
        double got = rng_uniform_double(&rng);
        ck_assert_msg(got == TORCH_RAND_DOUBLE[i], "number %zu: got %.17g, want %.17g", i, got, TORCH_RAND_DOUBLE[i]);
    }
}
END_TEST

START_TEST(below_as_torch_randint) {
    Rng rng;
    rng_seed(&rng, SEED);
    for (size_t i = 0; i < LENGTH(TORCH_RANDINT); i++) SAME_WORDS(rng_below(&rng, TORCH_SIZES[i / 4]), TORCH_RANDINT[i]);
}
END_TEST

// --- normal numbers ---

static void check_normal(const float *want, size_t n) {
    Rng rng;
    float got[729 + 1];
    got[n] = 12345;
    rng_seed(&rng, SEED);
    rng_normal(&rng, got, n);
    if (n < 16) testing_same_bits("rng_normal", got, want, n);      // double arithmetic, rounded once
    else testing_close("rng_normal", got, want, n, NORMAL_ABSOLUTE, NORMAL_RELATIVE);
    ck_assert_msg(got[n] == 12345, "rng_normal of %zu numbers wrote one more", n);
}

START_TEST(normal_as_torch_randn) {
    check_normal(TORCH_RANDN_1, 1);
    check_normal(TORCH_RANDN_5, 5);
    check_normal(TORCH_RANDN_15, 15);
    check_normal(TORCH_RANDN_16, 16);
    check_normal(TORCH_RANDN_17, 17);
    check_normal(TORCH_RANDN_33, 33);
    check_normal(TORCH_RANDN_729, 729);
}
END_TEST

// The spare of an odd number of normals waits while larger sizes are drawn.
START_TEST(normal_as_torch_randn_across_calls) {
    Rng rng;
    rng_seed(&rng, SEED);
    size_t at = 0;
    for (size_t k = 0; k < LENGTH(RANDN_SIZES); at += (size_t)RANDN_SIZES[k++]) {
        float got[100];
        rng_normal(&rng, got, (size_t)RANDN_SIZES[k]);
        testing_close("rng_normal", got, TORCH_RANDN_CALLS + at, (size_t)RANDN_SIZES[k], NORMAL_ABSOLUTE, NORMAL_RELATIVE);
    }
    ck_assert_uint_eq(at, LENGTH(TORCH_RANDN_CALLS));
    for (size_t i = 0; i < LENGTH(TORCH_RANDINT_AFTER); i++) SAME_WORDS(rng_below(&rng, 1000), TORCH_RANDINT_AFTER[i]);
}
END_TEST

START_TEST(a_new_seed_throws_the_spare_away) {
    Rng rng;
    float got[3];
    rng_seed(&rng, SEED);
    rng_normal(&rng, got, 1);
    rng_seed(&rng, 1);
    rng_normal(&rng, got, 3);
    testing_same_bits("rng_normal", got, TORCH_RANDN_RESEEDED, 3);
}
END_TEST

START_TEST(no_normals_draw_nothing) {
    Rng rng, before;
    rng_seed(&rng, SEED);
    before = rng;
    rng_normal(&rng, NULL, 0);
    ck_assert_int_eq(rng.next, before.next);
    SAME_WORDS(rng_bits(&rng), rng_bits(&before));
}
END_TEST

int main(void) {
    TCase *c = testing_start("rng");
    tcase_add_test(c, bits_are_those_of_the_reference);
    tcase_add_test(c, the_10000th_word_is_that_of_the_cpp_standard);
    tcase_add_test(c, seeds_as_python_does);
    tcase_add_test(c, randrange_as_python_does);
    tcase_add_test(c, a_copy_goes_on_from_the_same_place);
    tcase_add_test(c, a_range_of_none_is_refused);
    tcase_add_test(c, shuffles_as_python_does);
    tcase_add_test(c, a_shuffle_of_nothing_is_nothing);
    tcase_add_test(c, uniform_as_torch_rand);
    tcase_add_test(c, uniform_double_as_torch_rand);
    tcase_add_test(c, below_as_torch_randint);
    tcase_add_test(c, normal_as_torch_randn);
    tcase_add_test(c, normal_as_torch_randn_across_calls);
    tcase_add_test(c, a_new_seed_throws_the_spare_away);
    tcase_add_test(c, no_normals_draw_nothing);
    return testing_end();
}
