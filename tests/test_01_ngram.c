// test_01_ngram.c: counts, probabilities, the loss, and back-off, beside plain references and published figures.
#include "backoff.h"
#include "ngram.h"
#include "ngram_count.h"
#include "ngram_prob.h"
#include "nll.h"
#include "testing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// --- counts ---

// .ab.b.ab.aab.  with a = 1, b = 2
static const int NAMES_ID[] = {0, 1, 2, 0, 2, 0, 1, 2, 0, 1, 1, 2, 0};
static const Stream NAMES = {NAMES_ID, 13, 0};

START_TEST(pairs_are_counted) {
    const uint32_t want[9] = {0, 3, 1, 0, 1, 3, 4, 0, 0};
    uint32_t count[9] = {0};
    ngram_count(NAMES, 2, 3, count);
    for (int i = 0; i < 9; i++) ck_assert_msg(count[i] == want[i], "pair %d,%d: got %u, want %u", i / 3, i % 3, count[i], want[i]);
}
END_TEST

START_TEST(counts_are_added) {
    uint32_t once[27] = {0}, twice[27] = {0};
    ngram_count(NAMES, 3, 3, once);
    ngram_count(NAMES, 3, 3, twice);
    ngram_count(NAMES, 3, 3, twice);
    for (int i = 0; i < 27; i++) ck_assert_uint_eq(twice[i], 2 * once[i]);
}
END_TEST

// (a,b) then c: the last two of "..", ".a", ".b", "ab", "aa" are all that names like these have.
START_TEST(no_count_crosses_a_boundary) {
    uint32_t count[27] = {0};
    ngram_count(NAMES, 3, 3, count);
    const struct { int a, b, c; uint32_t n; } WANT[] = {
        {0, 0, 1, 3}, {0, 0, 2, 1}, {0, 1, 2, 2}, {0, 1, 1, 1}, {0, 2, 0, 1}, {1, 2, 0, 3}, {1, 1, 2, 1},
    };
    uint32_t sum = 0;
    for (size_t i = 0; i < sizeof WANT / sizeof *WANT; i++)
        ck_assert_uint_eq(count[(WANT[i].a * 3 + WANT[i].b) * 3 + WANT[i].c], WANT[i].n);
    for (int i = 0; i < 27; i++) sum += count[i];
    ck_assert_uint_eq(sum, 12);     // and so nothing else
}
END_TEST

static void random_ids(int *id, size_t n, int V, unsigned seed) {
    for (size_t i = 0; i < n; i++) id[i] = (int)((testing_random(&seed) + 1) / 2 * V) % V;
}

// The index of a context by its definition in ngram_count.h.
static size_t plain_context(Stream s, size_t n, int order, int V) {
    size_t index = 0, scale = 1;
    for (int k = 1; k < order && (size_t)k <= n && s.id[n - (size_t)k] != s.boundary; k++, scale *= (size_t)V)
        index += (size_t)s.id[n - (size_t)k] * scale;
    return index;
}

START_TEST(all_orders_count_as_the_definition_says) {
    enum { V = 4, n = 300 };
    int id[n];
    random_ids(id, n, V, 1);
    id[0] = id[n - 1] = 0;
    for (int boundary = -1; boundary <= 0; boundary++)
        for (int order = 1; order <= 4; order++) {
            Stream s = {id, n, boundary};
            size_t cells = ngram_contexts(order, V) * V;
            uint32_t *got = calloc(cells, sizeof *got), *want = calloc(cells, sizeof *want);
            ngram_count(s, order, V, got);
            for (size_t i = 1; i < n; i++) {
                ck_assert_uint_eq(ngram_context(id, i, order, V, boundary), plain_context(s, i, order, V));
                want[plain_context(s, i, order, V) * V + (size_t)id[i]]++;
            }
            ck_assert_msg(memcmp(got, want, cells * sizeof *got) == 0, "order %d, boundary %d: counts differ", order, boundary);
            free(got);
            free(want);
        }
}
END_TEST

START_TEST(contexts_are_powers) {
    ck_assert_uint_eq(ngram_contexts(1, 27), 1);
    ck_assert_uint_eq(ngram_contexts(2, 27), 27);
    ck_assert_uint_eq(ngram_contexts(4, 256), 16777216);
}
END_TEST

// --- probabilities ---

START_TEST(probabilities_are_shares) {
    const uint32_t count[8] = {1, 3, 0, 0, 0, 0, 0, 0};
    float p[8];
    ngram_prob(count, 2, 4, 0, p);
    testing_close("prob", p, (float[]){0.25f, 0.75f, 0, 0, 0.25f, 0.25f, 0.25f, 0.25f}, 8, 0, 0);
    ngram_prob(count, 2, 4, 1, p);
    testing_close("prob + 1", p, (float[]){0.25f, 0.5f, 0.125f, 0.125f, 0.25f, 0.25f, 0.25f, 0.25f}, 8, 0, 0);
    ngram_prob(count, 2, 4, 0.5, p);
    testing_close("prob + 0.5", p, (float[]){1.5f / 6, 3.5f / 6, 0.5f / 6, 0.5f / 6, 0.25f, 0.25f, 0.25f, 0.25f}, 8, 1e-7, 0);
}
END_TEST

START_TEST(great_counts_keep_their_shares) {
    const uint32_t count[3] = {4294967295u, 4294967295u, 1};
    float p[3];
    ngram_prob(count, 1, 3, 0, p);
    testing_close("prob", p, (float[]){0.5f, 0.5f, 1.16415322e-10f}, 3, 0, 1e-6);
}
END_TEST

START_TEST(every_row_sums_to_one) {
    enum { V = 7, n = 400 };
    int id[n];
    random_ids(id, n, V, 2);
    const double add[] = {0, 0.1, 1, 1000};
    for (int k = 0; k < 4; k++) {
        Ngram m = ngram_fit((Stream){id, n, -1}, 3, V, add[k]);
        for (size_t r = 0; r < m.contexts; r++) {
            double sum = 0;
            for (int c = 0; c < V; c++) sum += m.prob[r * V + (size_t)c];
            ck_assert_double_eq_tol(sum, 1, 1e-6);
        }
        ngram_free(&m);
    }
}
END_TEST

// --- the loss ---

START_TEST(nll_is_the_mean_of_minus_ln) {
    ck_assert_double_eq_tol(nll((float[]){0.5f, 0.25f}, 2), 1.5 * log(2), 1e-15);
    ck_assert_double_eq(nll((float[]){1}, 1), 0);
    ck_assert_double_eq_tol(nll((float[]){1e-38f}, 1), -log((double)1e-38f), 1e-12);
    ck_assert(isinf(nll((float[]){1, 0, 1}, 3)) && nll((float[]){1, 0, 1}, 3) > 0);
    ck_assert(isnan(nll((float[]){1, NAN}, 2)));
}
END_TEST

// A sum in float would be off in the third digit by now.
START_TEST(nll_sums_in_double) {
    size_t n = 4000000;
    float *p = malloc(n * sizeof *p);
    for (size_t i = 0; i < n; i++) p[i] = 0.9f;
    ck_assert_double_eq_tol(nll(p, n), -log((double)0.9f), 1e-9);
    free(p);
}
END_TEST

static int nll_of_nothing(void *ctx) { return (int)nll(ctx, 0); }

static int loss_of_nothing(void *ctx) {
    (void)ctx;
    Ngram m = ngram_fit(NAMES, 2, 3, 1);
    return (int)ngram_loss(&m, (Stream){NAMES_ID, 1, 0});
}

START_TEST(a_loss_of_nothing_is_refused) {
    Ending end = testing_run(nll_of_nothing, NULL);
    testing_aborted(&end, "nll");
    end = testing_run(loss_of_nothing, NULL);
    testing_aborted(&end, "at least 2");
}
END_TEST

START_TEST(the_loss_of_a_fitted_table_is_its_entropy) {
    Ngram m = ngram_fit(NAMES, 2, 3, 0);
    // after . : a 3/4, b 1/4;  after a: b 3/4, a 1/4;  after b: always .
    double want = -(6 * log(0.75) + 2 * log(0.25)) / 12;
    ck_assert_double_eq_tol(ngram_loss(&m, NAMES), want, 1e-7);
    ngram_free(&m);
}
END_TEST

START_TEST(the_models_face_shows_the_row) {
    enum { V = 5, n = 200 };
    int id[n];
    random_ids(id, n, V, 3);
    Vocab vocab = {.size = V};
    for (int boundary = -1; boundary <= 0; boundary++)
        for (int order = 2; order <= 4; order++) {
            Stream s = {id, n, boundary};
            Ngram m = ngram_fit(s, order, V, 0.3);
            Model face = ngram_model(&m, &vocab, boundary);
            ck_assert_int_eq(face.boundary, boundary);
            for (size_t i = 1; i < n; i++) {
                float p[V];
                face.next(&face, id, i, p);
                testing_same_bits("next", p, m.prob + plain_context(s, i, order, V) * V, V);
            }
            ngram_free(&m);
        }
}
END_TEST

// --- back-off ---

// The ids before position n as backoff.h sees them: before a name's first letter stand boundaries. False: there are too few.
static bool plain_history(Stream s, const int *id, size_t n, int length, int *before) {
    bool ended = false;
    for (int i = 1; i <= length; i++) {
        if ((size_t)i > n && s.boundary < 0) return false;
        ended = ended || (size_t)i > n || id[n - (size_t)i] == s.boundary;
        before[i] = ended ? s.boundary : id[n - (size_t)i];
    }
    return true;
}

// Witten and Bell's formula, counted anew for every question.
static double plain_backoff(Stream s, int V, const int *id, size_t n, int order, int c) {
    if (order == 0) return 1.0 / V;
    double shorter = plain_backoff(s, V, id, n, order - 1, c);
    int asked[8], seen[8], all = 0, same = 0, kinds = 0;
    bool met[256] = {false};
    if (!plain_history(s, id, n, order - 1, asked)) return shorter;
    for (size_t i = 1; i < s.n; i++) {
        if (!plain_history(s, s.id, i, order - 1, seen)) continue;
        if (memcmp(asked + 1, seen + 1, (size_t)(order - 1) * sizeof *seen) != 0) continue;
        all++;
        same += s.id[i] == c;
        kinds += !met[s.id[i]];
        met[s.id[i]] = true;
    }
    return all ? (same + kinds * shorter) / (all + kinds) : shorter;
}

static void check_backoff(Stream s, int V, unsigned seed) {
    enum { ASKED = 40 };
    int other[ASKED];
    random_ids(other, ASKED, V, seed);
    Backoff b = backoff_fit(s, BACKOFF_MOST, V);
    for (int order = 1; order <= BACKOFF_MOST; order++)
        for (size_t n = 0; n < ASKED; n++) {
            double sum = 0;
            for (int c = 0; c < V; c++) {
                double got = backoff_prob(&b, other, n, order, c), want = plain_backoff(s, V, other, n, order, c);
                ck_assert_msg(fabs(got - want) <= 1e-13, "order %d, position %zu, id %d: got %.15g, want %.15g", order, n, c, got, want);
                sum += got;
            }
            ck_assert_double_eq_tol(sum, 1, 1e-12);
        }
    backoff_free(&b);
}

START_TEST(backoff_follows_its_formula_on_names) {
    enum { V = 4, n = 150 };
    int id[n];
    random_ids(id, n, V, 4);
    id[0] = id[n - 1] = 0;
    check_backoff((Stream){id, n, 0}, V, 5);
    check_backoff(NAMES, 3, 6);
}
END_TEST

START_TEST(backoff_follows_its_formula_on_text) {
    enum { V = 5, n = 150 };
    int id[n];
    random_ids(id, n, V, 7);
    check_backoff((Stream){id, n, -1}, V, 8);
    check_backoff((Stream){id, 3, -1}, V, 9);
}
END_TEST

// Order 2 by a table: every pair of the stream, and nothing hashed.
START_TEST(backoff_of_order_2_is_a_table) {
    enum { V = 256, n = 5000 };
    static int id[n];
    static double pair[V][V], one[V], all[V], kinds[V];
    random_ids(id, n, V, 10);
    double some = 0;
    for (int i = 1; i < n; i++) {
        kinds[id[i - 1]] += pair[id[i - 1]][id[i]]++ == 0;
        all[id[i - 1]]++;
        some += one[id[i]]++ == 0;
    }
    Backoff b = backoff_fit((Stream){id, n, -1}, 2, V);
    for (int a = 0; a < V; a++)
        for (int c = 0; c < V; c++) {
            double shorter = (one[c] + some / V) / (n - 1 + some);
            double want = all[a] > 0 ? (pair[a][c] + kinds[a] * shorter) / (all[a] + kinds[a]) : shorter;
            ck_assert_double_eq_tol(backoff_prob(&b, &a, 1, 2, c), want, 1e-13);
        }
    backoff_free(&b);
}
END_TEST

START_TEST(fewer_orders_than_fitted_may_be_asked_for) {
    enum { V = 6, n = 200 };
    int id[n];
    random_ids(id, n, V, 11);
    Stream s = {id, n, -1};
    Backoff all = backoff_fit(s, BACKOFF_MOST, V);
    for (int order = 1; order <= BACKOFF_MOST; order++) {
        Backoff just = backoff_fit(s, order, V);
        ck_assert_double_eq(backoff_loss(&all, s, order), backoff_loss(&just, s, order));
        ck_assert_uint_eq(backoff_contexts(&all, order), backoff_contexts(&just, order));
        backoff_free(&just);
    }
    backoff_free(&all);
}
END_TEST

START_TEST(backoff_counts_its_contexts) {
    Backoff b = backoff_fit(NAMES, 3, 3);
    ck_assert_uint_eq(backoff_contexts(&b, 1), 1);
    ck_assert_uint_eq(backoff_contexts(&b, 2), 3);
    ck_assert_uint_eq(backoff_contexts(&b, 3), 5);      // "..", ".a", ".b", "ab", "aa"
    backoff_free(&b);
}
END_TEST

static int fit_order(void *order) {
    Backoff b = backoff_fit(NAMES, *(int *)order, 3);
    backoff_free(&b);
    return 0;
}

START_TEST(an_order_that_does_not_fit_a_key_is_refused) {
    for (int order = 0; order <= 8; order += 8) {
        Ending end = testing_run(fit_order, &order);
        testing_aborted(&end, "want 1 to 7");
    }
}
END_TEST

START_TEST(backoff_sums_to_one_on_given_names) {
    Text t;
    Error e;
    ck_assert(text_load(&t, "datasets/given-names.txt", "names", &e));
    Backoff b = backoff_fit(t.train, BACKOFF_MOST, t.vocab.size);
    for (int order = 1; order <= BACKOFF_MOST; order++)
        for (size_t n = 1; n < 500 && n < t.val.n; n++) {
            double sum = 0;
            for (int c = 0; c < t.vocab.size; c++) {
                double p = backoff_prob(&b, t.val.id, n, order, c);
                ck_assert(p > 0);
                sum += p;
            }
            ck_assert_double_eq_tol(sum, 1, 1e-12);
        }
    backoff_free(&b);
    text_free(&t);
}
END_TEST

// --- the published figures ---

static Text names(void) {
    Text t;
    Error e;
    ck_assert(text_load(&t, "names", NULL, &e));
    return t;
}

START_TEST(the_pairs_of_names_txt) {
    Text t = names();
    uint32_t count[27 * 27] = {0};
    ngram_count(t.all, 2, 27, count);
    const struct { const char *pair; uint32_t n; } WANT[] = {{"n.", 6763}, {"a.", 6640}, {"an", 5438}, {".a", 4410}};
    for (int i = 0; i < 4; i++) {
        int a = WANT[i].pair[0] == '.' ? 0 : t.vocab.id[(int)WANT[i].pair[0]];
        int b = WANT[i].pair[1] == '.' ? 0 : t.vocab.id[(int)WANT[i].pair[1]];
        ck_assert_uint_eq(count[a * 27 + b], WANT[i].n);
        count[a * 27 + b] = 1;
    }
    int seen = 0;
    for (int i = 0; i < 27 * 27; i++) {
        seen += count[i] > 0;
        ck_assert_uint_le(count[i], 4410);      // those four are the commonest
    }
    ck_assert_int_eq(seen, 627);
    text_free(&t);
}
END_TEST

// As many digits as were published.
static void check_figure(const char *want, double got) {
    char text[32];
    int digits = (int)strlen(strchr(want, '.')) - 1;
    snprintf(text, sizeof text, "%.*f", digits, got);
    ck_assert_msg(strcmp(text, want) == 0, "got %.8f, want %s", got, want);
}

static void check_losses(const Text *t, int order, double add, const char *train, const char *dev, const char *test) {
    Ngram m = ngram_fit(t->train, order, t->vocab.size, add);
    check_figure(train, ngram_loss(&m, t->train));
    check_figure(dev, ngram_loss(&m, t->val));
    check_figure(test, ngram_loss(&m, t->test));
    ngram_free(&m);
}

START_TEST(the_losses_of_names_txt) {
    Text t = names();
    Ngram plain = ngram_fit(t.all, 2, 27, 0), smooth = ngram_fit(t.all, 2, 27, 1);
    check_figure("2.454014", ngram_loss(&plain, t.all));
    check_figure("2.454577", ngram_loss(&smooth, t.all));
    ngram_free(&plain);
    ngram_free(&smooth);
    check_losses(&t, 2, 1, "2.45484", "2.45326", "2.45839");
    check_losses(&t, 3, 1, "2.2156", "2.2365", "2.2373");
    check_losses(&t, 3, 0.1, "2.1874", "2.2225", "2.2240");
    text_free(&t);
}
END_TEST

int main(void) {
    TCase *c = testing_start("ngram");
    tcase_add_test(c, pairs_are_counted);
    tcase_add_test(c, counts_are_added);
    tcase_add_test(c, no_count_crosses_a_boundary);
    tcase_add_test(c, all_orders_count_as_the_definition_says);
    tcase_add_test(c, contexts_are_powers);
    tcase_add_test(c, probabilities_are_shares);
    tcase_add_test(c, great_counts_keep_their_shares);
    tcase_add_test(c, every_row_sums_to_one);
    tcase_add_test(c, nll_is_the_mean_of_minus_ln);
    tcase_add_test(c, nll_sums_in_double);
    tcase_add_test(c, a_loss_of_nothing_is_refused);
    tcase_add_test(c, the_loss_of_a_fitted_table_is_its_entropy);
    tcase_add_test(c, the_models_face_shows_the_row);
    tcase_add_test(c, backoff_follows_its_formula_on_names);
    tcase_add_test(c, backoff_follows_its_formula_on_text);
    tcase_add_test(c, backoff_of_order_2_is_a_table);
    tcase_add_test(c, fewer_orders_than_fitted_may_be_asked_for);
    tcase_add_test(c, backoff_counts_its_contexts);
    tcase_add_test(c, an_order_that_does_not_fit_a_key_is_refused);
    tcase_add_test(c, backoff_sums_to_one_on_given_names);
    testing_add_with_data(c, the_pairs_of_names_txt, "names");
    testing_add_with_data(c, the_losses_of_names_txt, "names");
    return testing_end();
}
