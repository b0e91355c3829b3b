// grade/caches.c of 09-gpt: the checks of kvcache, by one plain attention over the whole text, with room for every bug.
#include "judges.h"
#include "kvcache.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double TOLERANCE = 3e-5;
enum { ROOM = 60 };

// A cache with L layers, room for T tokens of C numbers, of which `used` are taken; and n new tokens in one layer.
typedef struct { int L, T, C, NH, used, n, layer; } Size;

typedef struct {
    Size z;
    KvCache cache;
    float *text;            // (used + n, 3C) what the layer has read, and reads
    Tensor *qkv;            // (1,n,3C) the new ones of it
    const char *what;
} Run;

static const char *text_of(Size z) {
    const char *layers = z.L > 1 ? xprintf("layer %d of %d, ", z.layer, z.L) : "";
    return xprintf("%sT = %d, C = %d, NH = %d, used %d, %d new: ", layers, z.T, z.C, z.NH, z.used, z.n);
}

static Tensor *tensor_of(const float *values, int n, int C) {
    Tensor *t = given_tensor("qkv", 3, (int[]){1, n, 3 * C}, 1, 0);
    memcpy(t->data, values, t->size * sizeof *values);
    return t;
}

static float *row_of(const KvCache *c, int layer, int part, int s) { return c->data + ((size_t)(layer * 2 + part) * (size_t)c->T + (size_t)s) * (size_t)c->C; }

// Keys (0) and values (1) of the tokens from..to of the text, into the cache.
static void fill_in(const Run *r, int from, int to) {
    Size z = r->z;
    for (int s = from; s < to; s++)
        for (int part = 0; part < 2; part++) memcpy(row_of(&r->cache, z.layer, part, s), r->text + s * 3 * z.C + (1 + part) * z.C, (size_t)z.C * sizeof(float));
}

// stored: are the new tokens in the cache already? What is in no token's place is of no meaning.
static Run run_of(Size z, float *text, bool stored) {
    Run r = {.z = z, .text = text ? text : given_floats((size_t)((z.used + z.n) * 3 * z.C), 91), .what = text_of(z)};
    r.cache = (KvCache){z.L, z.T, z.C, z.used, given_floats((size_t)(z.L * 2 * z.T * z.C), 92)};
    fill_in(&r, 0, z.used + (stored ? z.n : 0));
    r.qkv = tensor_of(r.text + z.used * 3 * z.C, z.n, z.C);
    return r;
}

// --- storing ---

typedef enum {
    STORED, AT_0, EXCHANGED_IN, FROM_QUERY, QUERY_FIRST, KEYS_TWICE, VALUES_TWICE, LAYER_0_IN, OTHER_LAYER_IN, FIRST_ONLY, LAST_ONLY, ROW_IS_C, KEYS_ONLY, VALUES_ONLY, EARLY, LATE, ONE_ROW, NOTHING, BACKWARDS, AT_END, BYTES
} StoreBug;

static const struct { StoreBug bug; const char *why; } STORE_KNOWN[] = {
    {NOTHING, "the cache stays as it was: keys and values of the new tokens are to be written into it"},
    {AT_0, "the new tokens are written from row 0 on, over those that are there: they come behind them, token i in row c->used + i"},
    {EXCHANGED_IN, "keys and values are exchanged: in qkv a token has its query first, then its key, at C, then its value, at 2*C"},
    {FROM_QUERY, "the queries are stored as keys: in qkv a token has its query first, then its key, at C, then its value, at 2*C"},
    {QUERY_FIRST, "queries are stored as keys, and keys as values: in qkv a token has its query first, then its key, at C, then its value, at 2*C"},
    {KEYS_TWICE, "the keys are stored as values, too: a token's value is at 2*C"},
    {VALUES_TWICE, "the values are stored as keys, too: a token's key is at C"},
    {LAYER_0_IN, "it is layer 0 that they are written into: each layer has keys and values of its own, kvcache_keys(c, layer)"},
    {OTHER_LAYER_IN, "it is the next layer that they are written into: layers count from 0, kvcache_keys(c, layer)"},
    {FIRST_ONLY, "only the first of the new tokens is stored: qkv holds n of them"},
    {LAST_ONLY, "only the last of the new tokens is stored: qkv holds n of them"},
    {ROW_IS_C, "the tokens of qkv are looked for C apart: each has 3*C numbers, so token i begins at i * 3 * C"},
    {KEYS_ONLY, "only the keys are stored: the values are needed as well"},
    {VALUES_ONLY, "only the values are stored: the keys are needed as well"},
    {EARLY, "they are written one row too early, over the last token that was there: token i goes into row c->used + i"},
    {LATE, "they are written one row too late: rows count from 0, so the first free one is c->used"},
    {ONE_ROW, "all new tokens are written into the same row: token i goes into row c->used + i"},
    {BACKWARDS, "the new tokens are stored backwards: token i goes into row c->used + i"},
    {BYTES, "only C bytes of each are copied: C floats are C * sizeof(float) bytes"},
    {AT_END, "they are written at the end of the room: they come right behind those that are there, token i in row c->used + i"},
};

// The cache's numbers after that.
static float *stored_plainly(const Run *r, StoreBug bug) {
    Size z = r->z;
    KvCache c = r->cache;
    c.data = copy(c.data, (size_t)(z.L * 2 * z.T * z.C));
    int layer = bug == LAYER_0_IN ? 0 : bug == OTHER_LAYER_IN ? (z.layer + 1) % z.L : z.layer;
    for (int i = 0; i < z.n; i++)
        for (int part = 0; part < 2; part++) {
            int row = bug == AT_0 ? i : bug == EARLY ? max_int(0, z.used + i - 1) : bug == LATE ? min_int(z.T - 1, z.used + i + 1) : bug == ONE_ROW ? z.used : bug == BACKWARDS ? z.used + z.n - 1 - i : bug == AT_END ? z.T - z.n + i : z.used + i;
            int from = bug == EXCHANGED_IN ? 2 - part : bug == FROM_QUERY ? 2 * part : bug == QUERY_FIRST ? part : bug == KEYS_TWICE ? 1 : bug == VALUES_TWICE ? 2 : 1 + part;
            if (bug == NOTHING || (bug == FIRST_ONLY && i > 0) || (bug == LAST_ONLY && i < z.n - 1) || (bug == KEYS_ONLY && part == 1) || (bug == VALUES_ONLY && part == 0)) continue;
            const float *token = r->text + (z.used * 3 + i * (bug == ROW_IS_C ? 1 : 3)) * z.C;
            memcpy(row_of(&c, layer, part, row), token + from * z.C, (size_t)z.C * (bug == BYTES ? 1 : sizeof *token));
        }
    return c.data;
}

static const char STORE_END[] = "The new tokens go into the rows c->used to c->used + n - 1; token i of qkv begins at i * 3 * C";

static void judge_store(Size z) {
    Run r = run_of(z, NULL, false);
    size_t size = (size_t)(z.L * 2 * z.T * z.C);
    float *want = stored_plainly(&r, STORED), *qkv = copy(r.qkv->data, r.qkv->size);
    Suspect suspects[ROOM] = {{NULL, NULL}};
    for (int i = 0; i < COUNT(STORE_KNOWN); i++) suspects[i] = (Suspect){xprintf("%s%s", r.what, STORE_KNOWN[i].why), stored_plainly(&r, STORE_KNOWN[i].bug)};
    if_stopped("of a block of", STORE_END);
    kvcache_store(&r.cache, z.layer, r.qkv);
    if (memcmp(qkv, r.qkv->data, r.qkv->size * sizeof *qkv) != 0) reject("%sqkv is changed: it is only read", r.what);
    if (r.cache.used != z.used) reject("%sc->used becomes %d: it is raised when all layers have stored theirs, and not here", r.what, r.cache.used);
    Tensor shape = {.ndim = 4, .shape = {z.L, 2, z.T, z.C}, .size = size};
    expect_floats(xprintf("%sthe cache [layer][0: keys, 1: values][token][number], ", r.what), r.cache.data, want, size, &shape, 0, suspects);
}

void cache_stores(void) {
    judge_store((Size){1, 6, 3, 1, 4, 1, 0});
    judge_store((Size){1, 7, 3, 1, 2, 3, 0});
    judge_store((Size){1, 5, 4, 2, 0, 1, 0});
    judge_store((Size){3, 7, 2, 1, 3, 2, 1});
    judge_store((Size){2, 5, 6, 3, 0, 5, 1});
    judge_store((Size){3, 6, 5, 1, 2, 4, 2});
}

// --- looking ---

typedef enum {
    RIGHT,
    NOT_ITSELF, OLD_ONLY, NEW_ONLY, UNMASKED, SEES_NEXT, FROM_0, AS_FIRST,
    NO_SCALE, SCALE_C, SCALE_HS, SCALE_TIMES, SCALE_NH, SCALE_SEEN, SCALE_ALL, RAW, EVEN, NOT_NORMALISED, NEAREST, LAST_VALUE,
    EXCHANGED, VALUE_IS_KEY, FIRST_QUERY, LAST_QUERY, KEY_FOR_QUERY, VALUE_OF_ITSELF,
    FIRST_HEAD, FIRST_HEAD_STORED, FIRST_HEAD_KEYS, FIRST_HEAD_VALUES, ROWS_OF_HS, HEADS_APART, INTERLEAVED, ONE_SCORE, OUT_APART, OUT_INTERLEAVED,
    STALE, LAYER_0, NEXT_LAYER, KEYS_OF_0, VALUES_OF_0
} Bug;

static const struct { Bug bug; const char *why; } KNOWN[] = {
    {NOT_ITSELF, "a new token does not see itself: it sees the c->used before it, the new ones before it, and itself, c->used + i + 1 in all"},
    {OLD_ONLY, "new tokens see only those that were there before: each sees the new ones before it, and itself, too; c->used + i + 1 in all"},
    {NEW_ONLY, "new tokens see only the new ones: the c->used that the cache holds came before them. That is what it is for"},
    {UNMASKED, "every new token sees all new ones, also those behind it: token i sees c->used + i + 1, up to itself"},
    {SEES_NEXT, "every new token sees the one behind it, too: token i sees c->used + i + 1, up to itself"},
    {FROM_0, "token i sees the first i + 1 of the cache only: it stands behind the c->used that are there, so it sees c->used + i + 1"},
    {AS_FIRST, "all new tokens see as many as the first of them, c->used + 1: token i sees i more"},
    {NO_SCALE, "the scores are not scaled: they are divided by the square root of HS, as in lesson 07"},
    {SCALE_C, "the scores are divided by the square root of C, the width of all heads together: it is that of HS, as in lesson 07"},
    {SCALE_HS, "the scores are divided by HS: it is the square root of HS, as in lesson 07"},
    {SCALE_TIMES, "the scores are multiplied by the square root of HS: they are divided by it"},
    {SCALE_NH, "the scores are divided by the square root of the number of heads: it is that of HS, as in lesson 07"},
    {SCALE_SEEN, "the scores are divided by the square root of how many tokens are seen: it is that of HS, as in lesson 07"},
    {SCALE_ALL, "the scores are divided by the square root of how many tokens there are: it is that of HS, as in lesson 07"},
    {RAW, "the weights are the scores: the softmax makes weights of them"},
    {EVEN, "all tokens that are seen have the same weight: the weights are the softmax of the scores"},
    {NOT_NORMALISED, "the weights of a token do not add up to 1: divide each by their sum"},
    {NEAREST, "y is the value with the greatest weight: it is the sum of all, each times its weight"},
    {LAST_VALUE, "y holds only what the last token that is seen brings: it is the sum over all of them (+=, from 0)"},
    {EXCHANGED, "keys and values are exchanged: the query is multiplied by the keys, and the values are added up"},
    {VALUE_IS_KEY, "the keys are added up: the weights are for the values, kvcache_values(c, layer)"},
    {FIRST_QUERY, "all new tokens ask with the query of the first of them: token i has its own, at head_at(z, QUERY, 0, i, h)"},
    {LAST_QUERY, "all new tokens ask with the query of the last of them: token i has its own, at head_at(z, QUERY, 0, i, h)"},
    {KEY_FOR_QUERY, "the new token asks with its key: it is its query that is multiplied by the keys"},
    {VALUE_OF_ITSELF, "the new token's own value is added with every weight: it is the value of token s, in row s of kvcache_values(c, layer)"},
    {FIRST_HEAD, "all heads do what the first one does: head h's HS numbers begin at h * HS of each row"},
    {FIRST_HEAD_STORED, "all heads look at the first one's keys and values: head h's HS numbers begin at h * HS of each row"},
    {FIRST_HEAD_KEYS, "all heads look at the first one's keys: head h's HS numbers begin at h * HS of each row"},
    {FIRST_HEAD_VALUES, "all heads add up the first one's values: head h's HS numbers begin at h * HS of each row"},
    {ROWS_OF_HS, "the tokens of the cache are looked for HS apart: a row holds all heads, so they are C apart, at s * C + h * HS"},
    {HEADS_APART, "the cache is read head by head, as (NH,T,HS): it is (T,C), with the heads of one token side by side, at s * C + h * HS"},
    {INTERLEAVED, "the heads are interleaved, with number j of head h at j * NH + h: the HS numbers of a head stand side by side, at h * HS + j"},
    {ONE_SCORE, "one score is made of all C numbers, and all heads use it: each head has scores of its own, of its HS numbers"},
    {OUT_APART, "y is written head by head, as (NH,n,HS): it is (1,n,C), with the heads of one token side by side, at i * C + h * HS"},
    {OUT_INTERLEAVED, "the heads of y are interleaved, with number j of head h at j * NH + h: the HS numbers of a head stand side by side, at h * HS + j"},
    {STALE, "all T rows are looked at, also those behind the tokens that are there: they hold what a longer text has left. Token i sees c->used + i + 1"},
    {LAYER_0, "it is layer 0 that is looked at: each layer has keys and values of its own, kvcache_keys(c, layer)"},
    {NEXT_LAYER, "it is the next layer that is looked at: layers count from 0, kvcache_keys(c, layer)"},
    {KEYS_OF_0, "the keys are those of layer 0: each layer has its own, kvcache_keys(c, layer)"},
    {VALUES_OF_0, "the values are those of layer 0: each layer has its own, kvcache_values(c, layer)"},
};

// Number j of head h in row s of the cache; part 0: keys, 1: values.
static double stored(const Run *r, int part, int s, int h, int j, Bug bug) {
    Size z = r->z;
    int HS = z.C / z.NH, layer = bug == LAYER_0 || (bug == KEYS_OF_0 && part == 0) || (bug == VALUES_OF_0 && part == 1) ? 0 : bug == NEXT_LAYER ? (z.layer + 1) % z.L : z.layer;
    if (bug == EXCHANGED) part = 1 - part;
    if (bug == VALUE_IS_KEY) part = 0;
    if (bug == FIRST_HEAD || bug == FIRST_HEAD_STORED || (bug == FIRST_HEAD_KEYS && part == 0) || (bug == FIRST_HEAD_VALUES && part == 1)) h = 0;
    const float *rows = row_of(&r->cache, layer, part, 0);
    return rows[bug == ROWS_OF_HS ? s * HS + h * HS + j : bug == HEADS_APART ? (h * z.T + s) * HS + j : bug == INTERLEAVED ? s * z.C + j * z.NH + h : s * z.C + h * HS + j];
}

static double score(const Run *r, int i, int h, int s, Bug bug) {
    Size z = r->z;
    int HS = z.C / z.NH, heads = bug == ONE_SCORE ? z.NH : 1, token = bug == FIRST_QUERY ? 0 : bug == LAST_QUERY ? z.n - 1 : i;
    double sum = 0, width = bug == SCALE_C || bug == ONE_SCORE ? z.C : bug == SCALE_NH ? z.NH : bug == SCALE_SEEN ? z.used + i + 1 : bug == SCALE_ALL ? z.used + z.n : HS;
    for (int k = 0; k < heads; k++)
        for (int j = 0; j < HS; j++) {
            int head = bug == ONE_SCORE ? k : bug == FIRST_HEAD ? 0 : h, at = bug == INTERLEAVED ? j * z.NH + head : head * HS + j;
            sum += (double)r->text[(z.used + token) * 3 * z.C + (bug == KEY_FOR_QUERY ? z.C : 0) + at] * stored(r, 0, s, head, j, bug);
        }
    return bug == EVEN ? 0 : bug == NO_SCALE ? sum : bug == SCALE_HS ? sum / HS : bug == SCALE_TIMES ? sum * sqrt(HS) : sum / sqrt(width);
}

// Token i sees the rows from..to (to is not among them).
static int first_seen(Size z, Bug bug) { return bug == NEW_ONLY ? z.used : 0; }
static int end_of_seen(Size z, int i, Bug bug) {
    switch (bug) {
    case NOT_ITSELF: return z.used + i;
    case OLD_ONLY: return z.used;
    case UNMASKED: return z.used + z.n;
    case SEES_NEXT: return min_int(z.used + i + 2, z.used + z.n);
    case FROM_0: return i + 1;
    case AS_FIRST: return z.used + 1;
    case STALE: return z.T;
    default: return z.used + i + 1;
    }
}

static float *looked_plainly(const Run *r, Bug bug) {
    Size z = r->z;
    int HS = z.C / z.NH;
    float *y = filled((size_t)(z.n * z.C), 0);
    double *weight = xmalloc((size_t)(z.T + 1) * sizeof *weight);
    for (int i = 0; i < z.n; i++)
        for (int h = 0; h < z.NH; h++) {
            int from = first_seen(z, bug), end = end_of_seen(z, i, bug), best = from;
            double most = -INFINITY, sum = 0;
            for (int s = from; s < end; s++) {
                weight[s] = score(r, i, h, s, bug);
                if (weight[s] > most) best = s;
                most = fmax(most, weight[s]);
            }
            for (int s = from; s < end; s++) sum += exp(weight[s] - (bug == NOT_NORMALISED ? 0 : most));
            for (int s = from; s < end; s++) {
                double w = bug == RAW ? weight[s] : bug == NEAREST ? s == best : exp(weight[s] - (bug == NOT_NORMALISED ? 0 : most)) / (bug == NOT_NORMALISED ? 1 : sum);
                if (bug == LAST_VALUE && s < end - 1) continue;
                for (int j = 0; j < HS; j++) {
                    int at = bug == OUT_APART ? (h * z.n + i) * HS + j : i * z.C + (bug == INTERLEAVED || bug == OUT_INTERLEAVED ? j * z.NH + h : h * HS + j);
                    y[at] += (float)(w * (bug == VALUE_OF_ITSELF ? stored(r, 1, z.used + i, h, j, bug) : stored(r, 1, s, h, j, bug)));
                }
            }
        }
    free(weight);
    return y;
}

static void judge_y(const Run *r, const Tensor *y) {
    Size z = r->z;
    size_t size = (size_t)(z.n * z.C);
    const float *want = looked_plainly(r, RIGHT), *got = y->data;
    if (is_like(got, want, size)) return;
    bool first = is_like(got, want, (size_t)z.C), later = false;
    for (size_t i = (size_t)z.C; i < size; i++) later |= !isnan(got[i]);
    if (z.n > 1 && first && !later) reject("%sthe first of the new tokens is right, and the others have no y: each of the n has a row of its own", r->what);
    Suspect s[ROOM] = {{NULL, NULL}};
    for (int i = 0; i < COUNT(KNOWN); i++) s[i] = (Suspect){xprintf("%s%s", r->what, KNOWN[i].why), looked_plainly(r, KNOWN[i].bug)};
    for (const Suspect *k = s; k->why; k++)
        if (is_like(got, k->values, size)) reject("%s", k->why);
    int HS = z.C / z.NH;
    if (z.NH > 1 && !isnan(got[0]) && isnan(got[HS])) reject("%sy of the first head is written, and that of the second is not: head h's HS numbers begin at i * C + h * HS", r->what);
    if (z.NH > 1 && is_like(got, want, (size_t)HS) && !is_like(got + HS, want + HS, (size_t)HS))
        reject("%sy of the first head is right, and that of the second is not: do the greatest score, the weights and the sum begin anew for each head of each token, and is each head taken at h * HS?", r->what);
    for (size_t i = 0; i < size; i++)
        if (isnan(got[i]))
            reject("%sy[0][%zu][%zu] is NaN: was it ever written? The tape's memory is not 0 at first, so set weight and y to 0 before you add to them (+=). Else it is 0/0, or infinity less infinity", r->what, i / (size_t)z.C, i % (size_t)z.C);
    expect_floats(xprintf("%sy", r->what), got, want, size, y, TOLERANCE, NULL);
}

static const char LOOK_END[] = "qkv holds the n new tokens only, so their queries are at 0 to n - 1; keys and values are in the cache, C apart: kvcache_keys(c, layer) + s * C + h * HS";
static const char WEIGHT_END[] = "weight has room for c->used + n: token i sees c->used + i + 1, up to itself, so s ends at c->used + i. And y has n rows, from 0 on";

static Tensor *look(Run *r, Tape *tape) {
    Size z = r->z;
    size_t size = (size_t)(z.L * 2 * z.T * z.C);
    float *before = copy(r->cache.data, size), *qkv = copy(r->qkv->data, r->qkv->size);
    if_stopped("of a block of", LOOK_END);
    if_stopped("of a tensor on the tape", WEIGHT_END);
    Tensor *y = kvcache_attend(&r->cache, z.layer, tape, r->qkv, z.NH);
    if (!y || strcmp(shape_text(y), xprintf("(1,%d,%d)", z.n, z.C)) != 0) reject("%sthe result is %s, want (1,%d,%d)", r->what, y ? shape_text(y) : "NULL", z.n, z.C);
    if (memcmp(before, r->cache.data, size * sizeof *before) != 0) reject("%sthe cache is changed: kvcache_attend only reads it, for kvcache_store has written already", r->what);
    if (memcmp(qkv, r->qkv->data, r->qkv->size * sizeof *qkv) != 0) reject("%sqkv is changed: it is only read", r->what);
    return y;
}

static void judge_look(Size z) {
    Run r = run_of(z, NULL, true);
    Tape tape = used_tape(false);
    judge_y(&r, look(&r, &tape));
}

void cache_one_token(void) {
    judge_look((Size){1, 6, 4, 1, 5, 1, 0});
    judge_look((Size){1, 1, 3, 1, 0, 1, 0});
    judge_look((Size){1, 5, 12, 3, 4, 1, 0});
    judge_look((Size){1, 8, 6, 2, 7, 1, 0});
    judge_look((Size){1, 300, 4, 2, 299, 1, 0});
}

void cache_tokens(void) {
    judge_look((Size){1, 7, 4, 1, 3, 4, 0});
    judge_look((Size){1, 5, 3, 1, 0, 5, 0});
    judge_look((Size){1, 6, 12, 3, 2, 4, 0});
    judge_look((Size){1, 6, 6, 2, 4, 2, 0});
}

// Scores of about `sum`: all whole numbers, so that nothing is rounded.
static void judge_great(Size z, int sum) {
    int HS = z.C / z.NH;
    CHECK(HS == 4, "judge_great: a head has %d numbers, want 4", HS);
    float *text = filled((size_t)((z.used + z.n) * 3 * z.C), 0);
    for (int n = 0; n < z.used + z.n; n++)
        for (int c = 0; c < z.C; c++) {
            float *q = text + n * 3 * z.C + c;
            q[0] = c % HS == 0 ? 16 : (float)((n * 5 + c * 3) % 3 - 1);
            q[z.C] = c % HS == 0 ? (float)(sum / 8) : (float)((n * 7 + c * 5) % 5 - 2);
            q[2 * z.C] = (float)((n * 3 + c) % 7) - 2.5f;
        }
    Run r = run_of(z, text, true);
    Tape tape = used_tape(false);
    r.what = xprintf("scores of about %d, %s", sum, r.what);
    Tensor *y = look(&r, &tape);
    for (size_t i = 0; i < y->size; i++) {
        if (isfinite(y->data[i])) continue;
        judge_look(z);          // is it wrong with small scores, too?
        if (sum > 0) reject("%sy is %s: exp of that is infinite. Subtract the greatest score of those that are seen first, as in lesson 07", r.what, number_text((double)y->data[i]));
        reject("%sy is %s: exp of that is 0, and so is the sum. Subtract the greatest score of those that are seen first, and begin the search for it with one of them, or with -INFINITY, not with 0", r.what, number_text((double)y->data[i]));
    }
    const float *want = looked_plainly(&r, RIGHT);
    for (size_t i = 0; i < y->size; i++)
        if (!is_like(y->data + i, want + i, 1)) {
            judge_look(z);
            reject("%sy[0][%zu][%zu] is %.6g, want %.6g, and with small scores it is right: exp of such scores is no number any more. Subtract the greatest score of those that are seen first, as in lesson 07", r.what, i / (size_t)z.C, i % (size_t)z.C,
                   (double)y->data[i], (double)want[i]);
        }
}

// A later one of the new tokens has a key that fits far better than all others.
static void judge_later(Size z) {
    Run small = run_of(z, NULL, true);
    for (int c = 0; c < z.C; c++)
        for (int s = z.used + 1; s < z.used + z.n; s++) small.text[s * 3 * z.C + z.C + c] = 3e4f * small.text[z.used * 3 * z.C + c] * (float)z.C;
    Run r = run_of(z, small.text, true);
    Tape tape = used_tape(false);
    const float *got = look(&r, &tape)->data, *want = looked_plainly(&r, RIGHT);
    for (int c = 0; c < z.C; c++)
        if (!(fabsf(got[c] - want[c]) <= 1e-4f * (1 + fabsf(want[c])))) {
            judge_look(z);
            reject("%sthe keys of later new tokens fit far better than all others, and y of the first new one is %s, want %.6g: the greatest score that is subtracted is the greatest of those that it sees", r.what, number_text((double)got[c]), (double)want[c]);
        }
}

// Each token, and each head, has scores of another size: half of query times key. Of whole numbers, so that nothing is rounded.
static void judge_uneven(void) {
    static const float query[] = {40, 1, 40, 40, -40, 2}, key[] = {50, 1, 2, 60, 4, -60};
    Size z = {1, 6, 8, 2, 2, 4, 0};
    float *text = given_floats((size_t)(6 * 3 * z.C), 94);
    for (int t = 0; t < 6; t++) {
        float *qkv = text + t * 3 * z.C;
        memset(qkv, 0, 2 * sizeof *qkv * (size_t)z.C);
        qkv[0] = query[t];
        qkv[4] = query[5 - t];
        qkv[z.C] = qkv[z.C + 4] = key[t];
    }
    Run r = run_of(z, text, true);
    Tape tape = used_tape(false);
    r.what = xprintf("scores of very different size, %s", r.what);
    Tensor *y = look(&r, &tape);
    for (size_t i = 0; i < y->size; i++)
        if (!isfinite(y->data[i])) {
            judge_look(z);
            reject("%sy[0][%zu][%zu] is %s: the greatest score that is subtracted is that of this very head and token, itself included. Look for it anew in each", r.what, i / (size_t)z.C, i % (size_t)z.C, number_text((double)y->data[i]));
        }
    judge_y(&r, y);
}

void cache_great(void) {
    judge_great((Size){1, 6, 4, 1, 5, 1, 0}, 1000);
    judge_great((Size){1, 6, 4, 1, 5, 1, 0}, -1000);
    judge_great((Size){1, 7, 8, 2, 3, 4, 0}, 400000);
    judge_great((Size){1, 7, 8, 2, 3, 4, 0}, -400000);
    judge_later((Size){1, 7, 4, 1, 3, 4, 0});
    judge_uneven();
}

void cache_rows(void) {
    judge_look((Size){1, 6, 4, 1, 2, 1, 0});
    judge_look((Size){3, 6, 4, 1, 5, 1, 1});
    judge_look((Size){3, 9, 12, 3, 3, 2, 1});
    judge_look((Size){2, 9, 6, 2, 0, 4, 1});
    judge_look((Size){3, 5, 6, 2, 2, 3, 2});
    Size z = {2, 9, 6, 2, 3, 2, 1};
    Run r = run_of(z, NULL, true);
    for (int layer = 0; layer < z.L; layer++)       // what malloc has left there may be anything
        for (int part = 0; part < 2; part++)
            for (int k = z.C * (z.used + z.n); k < z.C * z.T; k++) row_of(&r.cache, layer, part, 0)[k] = NAN;
    Tape tape = used_tape(false);
    Tensor *y = look(&r, &tape);
    for (size_t i = 0; i < y->size; i++)
        if (isnan(y->data[i])) reject("%swhat lies behind the tokens is NaN here, and so is y: a weight of 0 times NaN is NaN. Leave those rows out, for their memory was never written", r.what);
    judge_y(&r, y);
}

// --- both together ---

enum { LAYERS = 2, TOKENS = 9, WIDTH = 6, HEADS = 2 };

// Reads the tokens from c->used on in pieces, in all layers; text[layer] is (TOKENS,3C).
static void read_on(KvCache *c, float *const *text, const int *piece, const char *what) {
    for (; *piece; piece++) {
        for (int layer = 0; layer < LAYERS; layer++) {
            Size z = {LAYERS, TOKENS, WIDTH, HEADS, c->used, *piece, layer};
            Run r = {.z = z, .cache = *c, .text = text[layer], .qkv = tensor_of(text[layer] + c->used * 3 * WIDTH, *piece, WIDTH), .what = xprintf("%s%s", what, text_of(z))};
            Run right = r;
            right.cache.data = stored_plainly(&r, STORED);
            Tape tape = used_tape(false);
            if_stopped("of a block of", STORE_END);
            kvcache_store(c, layer, r.qkv);
            if (c->used != z.used) reject("%sc->used becomes %d: it is raised when all layers have stored theirs, and not here", r.what, c->used);
            if (memcmp(c->data, right.cache.data, sizeof(float) * LAYERS * 2 * TOKENS * WIDTH) != 0) reject("%skeys and values are not stored rightly yet, so what is made with them cannot be right: see the checks above", r.what);
            judge_y(&r, look(&r, &tape));
        }
        c->used += *piece;
    }
}

void cache_text(void) {
    float *text[LAYERS], *other[LAYERS];
    for (int layer = 0; layer < LAYERS; layer++) {
        text[layer] = given_floats(TOKENS * 3 * WIDTH, 95 + (uint32_t)layer);
        other[layer] = given_floats(TOKENS * 3 * WIDTH, 97 + (uint32_t)layer);
        memcpy(other[layer], text[layer], sizeof(float) * 4 * 3 * WIDTH);
    }
    KvCache c = kvcache_new(LAYERS, TOKENS, WIDTH);
    read_on(&c, text, (int[]){4, 1, 1, 3, 0}, "a prompt of 4, then more: ");
    c.used = 4;
    read_on(&c, other, (int[]){1, 1, 2, 0}, "back to 4 tokens, and on with others: ");
    c.used = 0;
    read_on(&c, other, (int[]){1, 1, 1, 1, 1, 1, 1, 1, 1, 0}, "one by one: ");
    c.used = 0;
    read_on(&c, text, (int[]){9, 0}, "all at once: ");
    kvcache_free(&c);
}
