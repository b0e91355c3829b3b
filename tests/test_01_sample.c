// test_01_sample.c: drawing from a distribution: the inverse CDF, greedy, temperature, top-k.
#include "sample.h"
#include "sampling.h"
#include "testing.h"

#include <math.h>
#include <string.h>

enum { V = 27 };
static const float ALMOST_ONE = 0x1.fffffep-1f;     // the greatest number that rng_uniform gives is 1 - 2^-24

// --- sample ---

START_TEST(the_first_sum_above_u_is_picked) {
    const float p[] = {0.25f, 0.5f, 0.25f};
    ck_assert_int_eq(sample(p, 3, 0), 0);
    ck_assert_int_eq(sample(p, 3, nextafterf(0.25f, 0)), 0);
    ck_assert_int_eq(sample(p, 3, 0.25f), 1);
    ck_assert_int_eq(sample(p, 3, nextafterf(0.75f, 0)), 1);
    ck_assert_int_eq(sample(p, 3, 0.75f), 2);
    ck_assert_int_eq(sample(p, 3, ALMOST_ONE), 2);
    ck_assert_int_eq(sample((float[]){1}, 1, ALMOST_ONE), 0);
}
END_TEST

START_TEST(a_probability_of_zero_is_never_picked) {
    const float p[] = {0, 0.5f, 0, 0.5f, 0};
    for (int i = 0; i < 1000; i++) {
        int k = sample(p, 5, (float)i / 1000);
        ck_assert_int_eq(k, i < 500 ? 1 : 3);
    }
    ck_assert_int_eq(sample(p, 5, ALMOST_ONE), 3);
}
END_TEST

START_TEST(a_sum_that_rounding_left_below_u_gives_the_last) {
    ck_assert_int_eq(sample((float[]){0.3f, 0.6f, 0}, 3, 0.95f), 1);
    ck_assert_int_eq(sample((float[]){1e-30f, 0, 0}, 3, ALMOST_ONE), 0);
}
END_TEST

START_TEST(a_thousand_small_ones_add_up) {
    float p[1000];
    for (int i = 0; i < 1000; i++) p[i] = 0.001f;
    for (int i = 0; i < 1000; i++) ck_assert_int_eq(sample(p, 1000, (float)((i + 0.5) / 1000)), i);
}
END_TEST

static int draw_bad(void *p) { return sample(p, 3, 0.5f); }

START_TEST(nothing_to_draw_from_is_refused) {
    Ending end = testing_run(draw_bad, (float[]){0, 0, 0});
    testing_aborted(&end, "zero");
    end = testing_run(draw_bad, (float[]){NAN, NAN, NAN});
    testing_aborted(&end, "NaN");
}
END_TEST

// --- how probabilities are changed ---

static void some_distribution(float *p) {
    unsigned seed = 1;
    double sum = 0, q[V];
    for (int i = 0; i < V; i++) sum += q[i] = i % 5 == 4 ? 0 : exp(2 * testing_random(&seed));
    for (int i = 0; i < V; i++) p[i] = (float)(q[i] / sum);
}

// p after sampling_pick has changed it.
static void changed(Sampling how, float *p, int n) {
    Rng rng;
    rng_seed(&rng, 1);
    sampling_pick(how, p, n, &rng);
}

START_TEST(greedy_takes_the_likeliest) {
    Rng rng;
    rng_seed(&rng, 1);
    for (int i = 0; i < 20; i++) {
        ck_assert_int_eq(sampling_pick((Sampling){.temperature = 0, .top_k = 0}, (float[]){0.2f, 0.5f, 0.3f}, 3, &rng), 1);
        ck_assert_int_eq(sampling_pick((Sampling){.temperature = 0, .top_k = 0}, (float[]){0.2f, 0.4f, 0.4f}, 3, &rng), 1);    // of equals, the lower id
        ck_assert_int_eq(sampling_pick((Sampling){.temperature = 0, .top_k = 2}, (float[]){0, 0, 1}, 3, &rng), 2);
    }
}
END_TEST

START_TEST(temperature_is_a_power) {
    const double T[] = {0.1, 0.5, 0.9, 1.1, 2, 100};
    for (int k = 0; k < 6; k++) {
        float p[V], before[V];
        double want[V], sum = 0;
        some_distribution(p);
        memcpy(before, p, sizeof p);
        for (int i = 0; i < V; i++) sum += want[i] = before[i] > 0 ? pow(before[i], 1 / T[k]) : 0;
        for (int i = 0; i < V; i++) want[i] /= sum;
        changed((Sampling){.temperature = T[k], .top_k = 0}, p, V);
        testing_close_double("tempered", p, want, V, 1e-9, 1e-6);
    }
}
END_TEST

START_TEST(temperature_1_changes_nothing) {
    float p[V], before[V];
    some_distribution(p);
    memcpy(before, p, sizeof p);
    changed((Sampling){.temperature = 1, .top_k = 0}, p, V);
    testing_same_bits("p", p, before, V);
}
END_TEST

START_TEST(a_temperature_near_0_is_greedy) {
    const double T[] = {1e-3, 1e-30, 1e-300};
    Rng rng;
    rng_seed(&rng, 1);
    for (int k = 0; k < 3; k++)
        for (int i = 0; i < 200; i++) {
            float p[] = {1e-40f, 0.3f, 0.4f, 0, 0.3f};
            ck_assert_int_eq(sampling_pick((Sampling){.temperature = T[k], .top_k = 0}, p, 5, &rng), 2);
        }
}
END_TEST

START_TEST(a_high_temperature_makes_the_possible_equal) {
    float p[] = {1e-30f, 0, 0.9f, 0.1f};
    changed((Sampling){.temperature = 1e9, .top_k = 0}, p, 4);
    testing_close("p", p, (float[]){1.0f / 3, 0, 1.0f / 3, 1.0f / 3}, 4, 1e-6, 0);
}
END_TEST

START_TEST(top_k_keeps_the_lower_of_equals) {
    float p[] = {0.2f, 0.3f, 0.2f, 0.3f};
    changed((Sampling){.temperature = 1, .top_k = 3}, p, 4);
    testing_close("top 3", p, (float[]){0.25f, 0.375f, 0, 0.375f}, 4, 1e-7, 0);
    float equal[] = {0.2f, 0.2f, 0.2f, 0.2f, 0.2f};
    changed((Sampling){.temperature = 1, .top_k = 2}, equal, 5);
    testing_close("top 2", equal, (float[]){0.5f, 0.5f, 0, 0, 0}, 5, 1e-7, 0);
}
END_TEST

START_TEST(top_1_is_greedy) {
    Rng rng;
    rng_seed(&rng, 1);
    for (int i = 0; i < 50; i++) ck_assert_int_eq(sampling_pick((Sampling){.temperature = 5, .top_k = 1}, (float[]){0.3f, 0.2f, 0.3f, 0.2f}, 4, &rng), 0);
}
END_TEST

START_TEST(top_k_of_all_or_more_keeps_all) {
    for (int k = 27; k <= 1000000; k += 999973) {
        float p[V], before[V];
        some_distribution(p);
        memcpy(before, p, sizeof p);
        changed((Sampling){.temperature = 1, .top_k = k}, p, V);
        testing_close("p", p, before, V, 0, 1e-6);
    }
}
END_TEST

START_TEST(top_k_beyond_the_possible_adds_none) {
    float p[] = {0, 0.5f, 0, 0.5f, 0};
    changed((Sampling){.temperature = 1, .top_k = 4}, p, 5);
    testing_close("p", p, (float[]){0, 0.5f, 0, 0.5f, 0}, 5, 1e-7, 0);
}
END_TEST

START_TEST(top_k_comes_before_temperature) {
    float p[] = {0.4f, 0.4f, 0.2f};
    changed((Sampling){.temperature = 0.5, .top_k = 2}, p, 3);
    testing_close("p", p, (float[]){0.5f, 0.5f, 0}, 3, 1e-7, 0);
}
END_TEST

// --- frequencies ---

// Pearson's chi-square of 200,000 draws beside what temperature and top-k make of the distribution.
static void check_frequencies(Sampling how, uint32_t seed) {
    enum { DRAWS = 200000 };
    float base[V], want[V];
    some_distribution(base);
    memcpy(want, base, sizeof want);
    changed(how, want, V);
    int count[V] = {0}, kinds = 0;
    Rng rng;
    rng_seed(&rng, seed);
    for (int i = 0; i < DRAWS; i++) {
        float p[V];
        memcpy(p, base, sizeof p);
        count[sampling_pick(how, p, V, &rng)]++;
    }
    double chi = 0;
    for (int i = 0; i < V; i++) {
        double expected = (double)want[i] * DRAWS;
        if (expected == 0) ck_assert_msg(count[i] == 0, "id %d is impossible, but came %d times", i, count[i]);
        else chi += (count[i] - expected) * (count[i] - expected) / expected;
        kinds += expected > 0;
    }
    // Mean kinds-1, variance twice that; Wilson and Hilferty's cube root makes it normal. 4 sigma: 1 in 30,000.
    double k = kinds - 1, z = (cbrt(chi / k) - (1 - 2 / (9 * k))) / sqrt(2 / (9 * k));
    ck_assert_msg(fabs(z) < 4, "T %g, top %d: chi-square %.1f of %d kinds (%.1f sigma)", how.temperature, how.top_k, chi, kinds, z);
}

START_TEST(frequencies_are_the_probabilities) {
    check_frequencies((Sampling){.temperature = 1, .top_k = 0}, 1);
    check_frequencies((Sampling){.temperature = 1, .top_k = 0}, 2147483647);
    check_frequencies((Sampling){.temperature = 0.5, .top_k = 0}, 2);
    check_frequencies((Sampling){.temperature = 2, .top_k = 0}, 3);
    check_frequencies((Sampling){.temperature = 1, .top_k = 5}, 4);
    check_frequencies((Sampling){.temperature = 1.7, .top_k = 12}, 5);
}
END_TEST

START_TEST(the_same_seed_draws_the_same) {
    float base[V];
    some_distribution(base);
    Rng a, b;
    rng_seed(&a, 9);
    rng_seed(&b, 9);
    for (int i = 0; i < 1000; i++) {
        float p[V], q[V];
        memcpy(p, base, sizeof p);
        memcpy(q, base, sizeof q);
        ck_assert_int_eq(sampling_pick((Sampling){.temperature = 0.8, .top_k = 6}, p, V, &a), sampling_pick((Sampling){.temperature = 0.8, .top_k = 6}, q, V, &b));
    }
}
END_TEST

int main(void) {
    TCase *c = testing_start("sample");
    tcase_add_test(c, the_first_sum_above_u_is_picked);
    tcase_add_test(c, a_probability_of_zero_is_never_picked);
    tcase_add_test(c, a_sum_that_rounding_left_below_u_gives_the_last);
    tcase_add_test(c, a_thousand_small_ones_add_up);
    tcase_add_test(c, nothing_to_draw_from_is_refused);
    tcase_add_test(c, greedy_takes_the_likeliest);
    tcase_add_test(c, temperature_is_a_power);
    tcase_add_test(c, temperature_1_changes_nothing);
    tcase_add_test(c, a_temperature_near_0_is_greedy);
    tcase_add_test(c, a_high_temperature_makes_the_possible_equal);
    tcase_add_test(c, top_k_keeps_the_lower_of_equals);
    tcase_add_test(c, top_1_is_greedy);
    tcase_add_test(c, top_k_of_all_or_more_keeps_all);
    tcase_add_test(c, top_k_beyond_the_possible_adds_none);
    tcase_add_test(c, top_k_comes_before_temperature);
    tcase_add_test(c, frequencies_are_the_probabilities);
    tcase_add_test(c, the_same_seed_draws_the_same);
    return testing_end();
}
