// test_02_vecmath.c: vec_exp beside the C library's exp: how far, over the whole range, and at its ends.
#include "testing.h"
#include "vecmath.h"

#include <math.h>
#include <stdio.h>

static float from_bits(uint32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

// How far vec_exp is from e^x, in units of the last place of a float of that size.
static double error_at(float x) {
    double want = exp((double)x);
    return fabs(vec_exp(x) - want) / ldexp(1, ilogb(want) - 23);
}

// Every 61st float from 2^-30 to 88 and from -2^-30 to -87: ten million.
START_TEST(the_error_is_at_most_2_units_in_the_last_place) {
    enum { FROM = 0x30800000, STEP = 61 };      // 2^-30
    double worst = 0;
    float where = 0;
    for (uint32_t bits = FROM; from_bits(bits) <= 88; bits += STEP) {
        float x = from_bits(bits);
        for (int side = 0; side < 2; side++, x = -x) {
            if (x < -87) continue;
            double error = error_at(x);
            if (!(error <= worst)) {
                worst = error;
                where = x;
            }
        }
    }
    printf("vec_exp: at most %.3f units in the last place from e^x (at %.9g)\n", worst, where);
    ck_assert_msg(worst <= 2, "%.3f units at %.9g", worst, where);
}
END_TEST

// Where n, the whole number of x / ln 2, changes.
START_TEST(the_seams_hold_too) {
    for (int n = -125; n <= 126; n++) {
        float x = (float)((n + 0.5) * log(2));
        for (int i = 0; i < 40; i++) x = nextafterf(x, -INFINITY);
        for (int i = 0; i < 80; i++, x = nextafterf(x, INFINITY))
            if (x >= -87 && x <= 88) ck_assert_msg(error_at(x) <= 2, "%.3f units at %.9g", error_at(x), x);
    }
}
END_TEST

START_TEST(around_zero_it_is_one) {
    const float ZERO[] = {0, -0.0f, 1e-45f, -1e-45f, 1e-38f, -1e-38f, 1e-10f, -1e-10f};
    for (int i = 0; i < 8; i++) ck_assert_float_eq(vec_exp(ZERO[i]), 1);
}
END_TEST

START_TEST(the_ends) {
    const float least = vec_exp(-87), most = vec_exp(88);
    ck_assert_msg(error_at(-87) <= 2 && error_at(88) <= 2, "%g %g", least, most);
    const float LOW[] = {nextafterf(-87, -INFINITY), -88, -104, -1000, -3.4e38f, -INFINITY};
    for (int i = 0; i < 6; i++) ck_assert_msg(vec_exp(LOW[i]) == 0, "e^%g is %g, want 0", LOW[i], vec_exp(LOW[i]));
    const float HIGH[] = {nextafterf(88, INFINITY), 89, 1000, 3.4e38f, INFINITY};
    for (int i = 0; i < 5; i++) ck_assert_msg(vec_exp(HIGH[i]) == most, "e^%g is %g, want e^88", HIGH[i], vec_exp(HIGH[i]));
}
END_TEST

START_TEST(nan_stays_nan) {
    const uint32_t BITS[] = {0x7fc00000, 0xffc00000, 0x7f800001, 0xffffffff, 0x7fffffff};
    for (int i = 0; i < 5; i++) {
        float got = vec_exp(from_bits(BITS[i]));
        ck_assert_msg(isnan(got), "NaN 0x%08x became %g", BITS[i], got);
    }
}
END_TEST

int main(void) {
    TCase *c = testing_start("vecmath");
    tcase_add_test(c, the_error_is_at_most_2_units_in_the_last_place);
    tcase_add_test(c, the_seams_hold_too);
    tcase_add_test(c, around_zero_it_is_one);
    tcase_add_test(c, the_ends);
    tcase_add_test(c, nan_stays_nan);
    return testing_end();
}
