// test_06_kneser_ney.c: Kneser-Ney against the formula written out with plain loops; a text as a heat map.
#define _GNU_SOURCE
#include "heatmap.h"
#include "kneser_ney.h"
#include "testing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { V = 7, N = 400 };

static void make_ids(int *id) {
    unsigned state = 5;
    for (int i = 0; i < N; i++) {
        double x = fabs(testing_random(&state));
        id[i] = i % 5 == 0 ? 1 : (int)(x * x * (V - 1));        // some often, one never
    }
}

// --- the same by looking through the whole text for every count ---

static bool same(const int *a, const int *b, int n) { return n == 0 || memcmp(a, b, (size_t)n * sizeof *a) == 0; }

// Was id[i .. i+n) there before place i?
static bool seen_before(const int *id, int i, int n) {
    for (int j = 0; j < i; j++)
        if (same(id + j, id + i, n)) return true;
    return false;
}

// How often gram[0..n) counts: in the longest order as often as it occurs, else once for each word that it came after.
static int count_of(const int *id, const int *gram, int n, int order) {
    int count = 0, before = n < order;
    for (int i = before; i + n <= N; i++)
        count += same(id + i, gram, n) && (!before || !seen_before(id, i - 1, n + 1));
    return count;
}

static double discount(const int *id, int n, int order) {
    double once = 0, twice = 0;
    for (int i = n < order; i + n <= N; i++) {
        bool first = true;
        for (int j = n < order; j < i && first; j++) first = !same(id + j, id + i, n);
        if (!first) continue;
        int c = count_of(id, id + i, n, order);
        once += c == 1;
        twice += c == 2;
    }
    return once > 0 ? once / (once + 2 * twice) : 0.5;
}

// gram[0..n): the last of it after the others
static double plain(const int *id, const int *gram, int n, int order) {
    if (n == 0) return 1.0 / V;
    double shorter = plain(id, gram + 1, n - 1, order), D = discount(id, n, order);
    int all = 0, kinds = 0, extended[8];
    memcpy(extended, gram, (size_t)n * sizeof *gram);
    for (int w = 0; w < V; w++) {
        extended[n - 1] = w;
        int c = count_of(id, extended, n, order);
        all += c;
        kinds += c > 0;
    }
    if (all == 0) return shorter;
    return (fmax(count_of(id, gram, n, order) - D, 0) + D * kinds * shorter) / all;
}

START_TEST(as_the_formula_says) {
    int id[N], order = _i + 1;
    make_ids(id);
    KneserNey k = kneser_ney_of(id, N, V, order);
    for (int n = 1; n <= order; n++) ck_assert_double_eq_tol(k.discount[n], discount(id, n, order), 1e-12);
    for (int i = order - 1; i < 60; i++)
        ck_assert_double_eq_tol(kneser_ney_prob(&k, id, (size_t)i), plain(id, id + i - (order - 1), order, order), 1e-9);
    kneser_ney_free(&k);
}
END_TEST

START_TEST(after_everything_the_words_sum_to_one) {
    int id[N], gram[3];
    make_ids(id);
    KneserNey k = kneser_ney_of(id, N, V, 3);
    for (gram[0] = 0; gram[0] < V; gram[0]++)
        for (gram[1] = 0; gram[1] < V; gram[1]++) {
            double sum = 0;
            for (gram[2] = 0; gram[2] < V; gram[2]++) sum += kneser_ney_prob(&k, gram, 2);
            ck_assert_double_eq_tol(sum, 1, 1e-9);
        }
    double sum = 0;
    for (size_t i = 1; i < N; i++) sum -= log(kneser_ney_prob(&k, id, i));
    ck_assert_double_eq_tol(kneser_ney_loss(&k, id, N), sum / (N - 1), 1e-12);
    kneser_ney_free(&k);
}
END_TEST

START_TEST(a_text_as_a_heat_map) {
    const char text[] = "ab cd\nefghijk";
    double value[13];
    for (int i = 0; i < 13; i++) value[i] = i / 12.0;
    char *said = NULL;
    size_t size;
    FILE *out = open_memstream(&said, &size);
    heatmap_print(out, (Heatmap){text, value, 13, 0, 1}, 5);
    fclose(out);
    ck_assert_str_eq(said, "ab cd\n .:--\nefghi\n+**#%\njk\n@@\n");
    free(said);
    char *png = testing_path("map.png");
    heatmap_draw(png, "a text", "light", (Heatmap){text, value, 13, 0, 1}, 5);
    free(testing_read(png, &size));
    ck_assert_int_gt((int)size, 1000);
    free(png);
}
END_TEST

int main(void) {
    TCase *c = testing_start("kneser_ney");
    tcase_add_loop_test(c, as_the_formula_says, 0, KN_MOST);
    tcase_add_test(c, after_everything_the_words_sum_to_one);
    tcase_add_test(c, a_text_as_a_heat_map);
    return testing_end();
}
