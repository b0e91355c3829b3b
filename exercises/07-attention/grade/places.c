// grade/places.c of 07-attention: the checks of heads, sinusoid, op_rope and alibi: where numbers are, and where tokens are.
#include "alibi.h"
#include "judges.h"
#include "op_rope.h"
#include "sinusoid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double TOLERANCE = 3e-5;

// --- heads ---

typedef enum { BESIDE, INTERLEAVED, TRIPLES, NO_THREE, PARTS_APART, PARTS_IN_EXAMPLE, HEADS_APART, BY_NH, NO_EXAMPLE, TIME_FIRST, NO_PART, PARTS_BY_HS, HEAD_FIRST_EXAMPLE, WORDS } Layout;

static long place(Heads z, int part, int b, int t, int h, Layout as) {
    long token = (long)b * z.T + t, C = z.C;
    switch (as) {
    case INTERLEAVED: return (token * 3 + part) * C + h;
    case TRIPLES: return token * 3 * C + (h * 3 + part) * z.HS;
    case NO_THREE: return (token + part) * C + h * z.HS;
    case PARTS_APART: return ((long)part * z.B * z.T + token) * C + h * z.HS;
    case PARTS_IN_EXAMPLE: return (((long)b * 3 + part) * z.T + t) * C + h * z.HS;
    case HEADS_APART: return (((long)b * z.NH + h) * z.T + t) * 3 * z.HS + part * z.HS;
    case BY_NH: return (token * 3 + part) * C + h * z.NH;
    case NO_EXAMPLE: return ((long)t * 3 + part) * C + h * z.HS;
    case TIME_FIRST: return (((long)t * z.B + b) * 3 + part) * C + h * z.HS;
    case NO_PART: return token * 3 * C + h * z.HS;
    case PARTS_BY_HS: return token * 3 * C + part * z.HS + h * z.HS;
    case HEAD_FIRST_EXAMPLE: return (((long)b * z.NH + t) * 3 + part) * C + h * z.HS;
    case WORDS: return (token * 3 + part) * C + (long)h * z.HS * (long)sizeof(float);
    default: return (token * 3 + part) * C + h * z.HS;
    }
}

static const char *const LAYOUTS[] = {
    [INTERLEAVED] = "the heads are interleaved, with number i of head h at i*NH + h: the HS numbers of a head stand side by side, so head h begins at h*HS",
    [TRIPLES] = "query, key and value of one head stand together: others keep it like that (GPT-NeoX, BLOOM); here come the C numbers of all queries of a token, then C of keys, then C of values",
    [NO_THREE] = "a token is taken to have C numbers: it has 3C, of query, key and value",
    [PARTS_APART] = "all queries of all tokens come first, then all keys: each token has its query, its key and its value together, 3C numbers",
    [PARTS_IN_EXAMPLE] = "all queries of an example come first, then all keys: each token has its query, its key and its value together, 3C numbers",
    [HEADS_APART] = "the heads are apart, as (B,NH,T,3HS): they stand side by side within each token; nothing has been copied",
    [BY_NH] = "head h begins at h*NH: each head has HS numbers, so it is h*HS",
    [NO_EXAMPLE] = "all examples begin at the same place: before token t of example b there are b*T + t others",
    [TIME_FIRST] = "time comes first, as in lesson 06: here it is (B,T,3C), so before token t of example b there are b*T + t others",
    [NO_PART] = "keys and values begin where the queries do: the key is C further, the value 2C",
    [PARTS_BY_HS] = "the key begins HS further than the query: there are C numbers of query first, of all heads, so the key is C further, the value 2C",
    [HEAD_FIRST_EXAMPLE] = "an example is taken to have NH tokens: it has T",
    [WORDS] = "head h begins at h times the bytes of a head: data counts floats, so it is h*HS",
};

static void heads_are_at(Heads z) {
    char right[COUNT(LAYOUTS)];
    memset(right, 1, sizeof right);
    char *bad = NULL;
    for (int b = 0; b < z.B; b++)
        for (int t = 0; t < z.T; t++)
            for (int part = QUERY; part <= VALUE; part++)
                for (int h = 0; h < z.NH; h++) {
                    long got = (long)head_at(z, (HeadPart)part, b, t, h), want = place(z, part, b, t, h, BESIDE);
                    for (int as = 1; as < COUNT(LAYOUTS); as++) right[as] &= got == place(z, part, b, t, h, (Layout)as);
                    if (got != want && !bad)
                        bad = xprintf("B = %d, T = %d, C = %d, NH = %d: head_at(z, %s, %d, %d, %d) is %ld, want %ld", z.B, z.T, z.C, z.NH, ((const char *[]){"QUERY", "KEY", "VALUE"})[part], b, t, h, got, want);
                }
    for (int as = 1; as < COUNT(LAYOUTS) && bad; as++)
        if (right[as]) reject("%s", LAYOUTS[as]);
    if (bad) reject("%s", bad);
}

void heads_begin(void) {
    heads_are_at((Heads){3, 5, 12, 4, 3});
    heads_are_at((Heads){2, 3, 10, 2, 5});
    heads_are_at((Heads){2, 4, 6, 1, 6});
    heads_are_at((Heads){1, 1, 3, 3, 1});
    const char *why = "B*T*3C may be more than an int can count: make one factor a size_t first, (size_t)b * ...";
    if_stopped("signed integer overflow", why);
    Heads large = {64, 8192, 4096, 32, 128};
    size_t got = head_at(large, VALUE, 63, 8191, 31), want = (size_t)place(large, VALUE, 63, 8191, 31, BESIDE);
    if (got != want) reject("qkv of (64,8192,12288): the last value begins at %zu, want %zu\n%s", got, want, why);
}

// --- sinusoid ---

typedef enum {
    WAVES, HALVES, COS_FIRST, FROM_1, ROUNDS, ALL_SINES, TURNED_TABLE, UPWARDS, BY_NUMBER, BY_PAIR, TWICE, ALL_THE_SAME, TO_THE_END, BASE_E, LINEAR, ONE_MORE, BASE_1000
} Wave;

static double wave_angle(int t, int i, int C, Wave bug) {
    double power = 2.0 * i / C;
    if (bug == UPWARDS) power = -power;
    if (bug == BY_PAIR) power = (double)i / C;
    if (bug == TWICE) power = 4.0 * i / C;
    if (bug == ALL_THE_SAME) power = 0;
    if (bug == TO_THE_END) power = C > 2 ? i / (C / 2 - 1.0) : 0;
    if (bug == ONE_MORE) power = 2.0 * (i + 1) / C;
    if (bug == LINEAR) return t / (1 + 10000 * power);
    if (bug == FROM_1) t++;
    return t / pow(bug == BASE_E ? exp(1) : bug == BASE_1000 ? 1000 : 10000, power);
}

static float *waves_plainly(int T, int C, Wave bug) {
    float *table = filled((size_t)(T * C), 0);
    for (int t = 0; t < T; t++)
        for (int i = 0; i < C / 2; i++) {
            double angle = wave_angle(t, i, C, bug), next = angle;
            int a = 2 * i, b = 2 * i + 1;
            if (bug == HALVES) a = i, b = C / 2 + i;
            if (bug == BY_NUMBER) angle = t / pow(10000, 2.0 * i / C), next = t / pow(10000, (2.0 * i + 1) / C);
            if (bug == ROUNDS) angle = next = t * 2 * acos(-1) / pow(10000, 2.0 * i / C);
            if (bug == COS_FIRST) a = 2 * i + 1, b = 2 * i;
            table[bug == TURNED_TABLE ? a * T + t : t * C + a] = (float)sin(angle);
            table[bug == TURNED_TABLE ? b * T + t : t * C + b] = (float)(bug == ALL_SINES ? sin(next) : cos(next));
        }
    return table;
}

static float *wave_table(int T, int C) {
    float *table = filled((size_t)(T * C), NAN);
    sinusoid(T, C, table);
    return table;
}

// Row 0, whose sines are 0 and whose cosines are 1, and the first pair of every row: here all wave lengths are right that begin with 1.
static float *beginning(const float *table, int T, int C) {
    float *part = filled((size_t)(C + 2 * T), 0);
    memcpy(part, table, (size_t)C * sizeof *part);
    for (int t = 0; t < T; t++) memcpy(part + C + 2 * t, table + t * C, 2 * sizeof *part);
    return part;
}

static const char NAN_TEXT[] = "%stable[%d][%d] is NaN: either it is never written, or it is 0/0. Is something divided by 0 for i = 0, or for C = 2?";

static void judge_pairs(int T, int C) {
    const float *table = wave_table(T, C);
    const char *text = xprintf("T = %d, C = %d: ", T, C);
    Tensor shape = {.ndim = 2, .shape = {T, C}, .size = (size_t)(T * C)};
    static const struct { Wave bug; const char *why; } KNOWN[] = {
        {HALVES, "all sines come first, then all cosines: others keep it like that (tensor2tensor, fairseq); here they stand side by side, the sine at 2i, the cosine at 2i+1"},
        {COS_FIRST, "the cosine comes first: the sine is at 2i, the cosine at 2i+1"},
        {FROM_1, "the positions are counted from 1: the first one is 0, where all sines are 0 and all cosines 1"},
        {ROUNDS, "the angle is multiplied by 2 pi: t / 10000^(2i/C) is in radians already, as sin wants it"},
        {ALL_SINES, "both numbers of a pair are sines: the second is the cosine"},
        {TURNED_TABLE, "the table is transposed: row t holds the C numbers of position t, table[t*C + i]"},
    };
    Suspect s[COUNT(KNOWN) + 1] = {{0}};
    for (int i = 0; i < COUNT(KNOWN); i++) s[i] = (Suspect){KNOWN[i].why, beginning(waves_plainly(T, C, KNOWN[i].bug), T, C)};
    const float *right = waves_plainly(T, C, WAVES), *got = beginning(table, T, C), *want = beginning(right, T, C);
    for (int c = 0; c < C + 2 * T; c++)
        if (isnan(got[c])) reject(NAN_TEXT, text, c < C ? 0 : (c - C) / 2, c < C ? c : (c - C) % 2);
    bool fits = false;
    for (int i = 0; i < COUNT(KNOWN); i++) fits |= is_close(got, s[i].values, (size_t)(C + 2 * T));
    if (fits) expect_floats("", got, want, (size_t)(C + 2 * T), NULL, TOLERANCE, s);
    shape.shape[0] = 1;
    expect_floats(xprintf("%stable, in the row of position 0, ", text), got, want, (size_t)C, &shape, TOLERANCE, NULL);
    shape.shape[0] = T;
    shape.shape[1] = 2;
    shape.size = (size_t)(2 * T);
    expect_floats(xprintf("%stable, in the first pair of each row, sin t and cos t, ", text), got + C, want + C, shape.size, &shape, TOLERANCE, NULL);
}

void sinusoid_pairs(void) {
    judge_pairs(5, 8);
    judge_pairs(7, 6);
    judge_pairs(3, 2);
}

static void judge_lengths(int T, int C) {
    const float *table = wave_table(T, C);
    Tensor shape = {.ndim = 2, .shape = {T, C}, .size = (size_t)(T * C)};
    static const struct { Wave bug; const char *why; } KNOWN[] = {
        {UPWARDS, "the angles grow from pair to pair, by t times 10000^(2i/C): t is divided by that, so that each pair is slower than the one before"},
        {BY_PAIR, "the exponent is i/C, with i the number of the pair: it is 2i/C, where 2i is the place of its sine"},
        {TWICE, "the exponent is twice too large: at place 2i it is 2i/C, so do not double a 2i"},
        {BY_NUMBER, "each number has a wave length of its own: the sine and the cosine of a pair share one, 10000^(2i/C)"},
        {ALL_THE_SAME, "all pairs have the same wave length: 2i/C is a fraction. In C, int / int is cut off to an int: here that is always 0"},
        {TO_THE_END, "the exponent goes from 0 to 1, i / (C/2 - 1): the published code has it like that (tensor2tensor); the paper, and this lesson, has 2i/C"},
        {ONE_MORE, "the first pair has the wave length of the second: i begins with 0, and 10000^0 is 1"},
        {BASE_E, "the base is e: it is 10000"},
        {BASE_1000, "the base is 1000: it is 10000"},
        {LINEAR, "the wave lengths grow by the same amount from pair to pair: they grow by the same factor, 10000^(2i/C)"},
        {HALVES, "all sines come first, then all cosines: here they stand side by side, the sine at 2i, the cosine at 2i+1"},
    };
    Suspect s[COUNT(KNOWN) + 1] = {{0}};
    for (int i = 0; i < COUNT(KNOWN); i++) s[i] = (Suspect){KNOWN[i].why, waves_plainly(T, C, KNOWN[i].bug)};
    const char *text = xprintf("T = %d, C = %d: ", T, C);
    for (int i = 0; i < T * C; i++)
        if (isnan(table[i])) reject(NAN_TEXT, text, i / C, i % C);
    expect_floats(xprintf("%stable", text), table, waves_plainly(T, C, WAVES), shape.size, &shape, TOLERANCE, s);
}

void sinusoid_lengths(void) {
    judge_lengths(5, 8);
    judge_lengths(7, 6);
    judge_lengths(41, 10);
    judge_lengths(1, 4);
    judge_lengths(3, 2);
}

// --- op_rope ---

typedef enum {
    TURNS, HALF_SPLIT, TURNS_VALUES, WRONG_WAY, SPEED_I, SPEED_C, SPEED_UP, SPEED_FAST, SPEED_NUMBER, SPEED_ONE, SPEED_NEXT, SPEED_PAIRS, QUERIES_ONLY, KEYS_ONLY, POSITION_1, FIRST_LOST, BASE_FIXED, BOTH_FIXED, A_USED_TWICE,
    SINE_COSINE, MIRRORED, SIGN_FIRST, SIGN_SECOND, SIGN_OWN, FIRST_HEAD_ONLY, SPEED_ACROSS, POSITION_ACROSS, LAST_PAIR_LEFT, SAME_POSITION, OPPOSITE, KEYS_AT_0,
    // and backward
    FORWARDS, NOT_TURNED, VALUES_LOST, VALUES_TWICE, BACK_AT_0, KEYS_LOST, TOO_FAR, TOO_FAR_ADDED
} Turn;

typedef struct {
    Size z;
    int first;
    double base;
} Rope;

static double rope_angle(Rope r, int b, int t, int h, int i, Turn bug) {
    int HS = r.z.C / r.z.NH;
    double power = -2.0 * i / HS, base = bug == BASE_FIXED || bug == BOTH_FIXED ? 10000 : r.base;
    double position = t + (bug == FIRST_LOST || bug == BOTH_FIXED || bug == BACK_AT_0 ? 0 : r.first) + (bug == POSITION_1);
    if (bug == SPEED_I) power = -(double)i / HS;
    if (bug == SPEED_C) power = -2.0 * i / r.z.C;
    if (bug == SPEED_UP) power = 2.0 * i / HS;
    if (bug == SPEED_FAST) power = -4.0 * i / HS;
    if (bug == SPEED_ONE) power = 0;
    if (bug == SPEED_NEXT) power = -2.0 * (i + 1) / HS;
    if (bug == SPEED_PAIRS) power = HS > 2 ? -i / (HS / 2 - 1.0) : 0;
    if (bug == SPEED_ACROSS) power = -2.0 * (h * HS / 2 + i) / r.z.C;
    if (bug == POSITION_ACROSS) position += b * r.z.T;
    if (bug == SAME_POSITION) position = r.first;
    return position * pow(base, power) * (bug == WRONG_WAY ? -1 : 1);
}

// What comes of pairs up to HS instead of HS/2: they reach into the next head. added: to what is there.
static float *rope_too_far(Rope r, const float *x, bool back, bool added) {
    Size z = r.z;
    int HS = z.C / z.NH;
    float *y = filled(count_of(z), 0);
    for (int n = 0; n < z.B * z.T * z.NH; n++) {
        int h = n % z.NH, t = n / z.NH % z.T, token = n / z.NH * 3;
        for (int part = QUERY; part <= KEY; part++)
            for (int i = 0; i < HS; i++) {
                int at = (token + part) * z.C + h * HS + 2 * i;
                double angle = rope_angle(r, 0, t, h, i, TURNS) * (back ? -1 : 1), c = cos(angle), s = sin(angle), a = x[at], b = x[at + 1];
                y[at] = (float)(a * c - b * s) + (added ? y[at] : 0);
                y[at + 1] = (float)(a * s + b * c) + (added ? y[at + 1] : 0);
            }
        for (int k = 0; k < HS; k++) {
            int at = (token + VALUE) * z.C + h * HS + k;
            y[at] = x[at] + (added ? y[at] : 0);
        }
    }
    return y;
}

// Turns x, or back: dy.
static float *rope_plainly(Rope r, const float *x, bool back, Turn bug) {
    Size z = r.z;
    int HS = z.C / z.NH, pairs = HS / 2;
    if (bug == TOO_FAR || bug == TOO_FAR_ADDED) return rope_too_far(r, x, back, bug == TOO_FAR_ADDED);
    float *y = plus(0, x, count_of(z));
    for (int n = 0; n < z.B * z.T * 3 * z.NH * pairs; n++) {
        int i = n % pairs, h = n / pairs % z.NH, part = n / pairs / z.NH % 3, token = n / pairs / z.NH / 3;
        if (part == VALUE && (bug == VALUES_LOST || bug == VALUES_TWICE))
            for (int k = 0; k < HS; k++) y[(token * 3 + part) * z.C + h * HS + k] = bug == VALUES_TWICE ? 2 * x[(token * 3 + part) * z.C + h * HS + k] : 0;
        bool stays = part == VALUE ? bug != TURNS_VALUES : part == QUERY ? bug == KEYS_ONLY : bug == QUERIES_ONLY || bug == KEYS_LOST;
        if (bug == KEYS_LOST && part == KEY)
            for (int k = 0; k < HS; k++) y[(token * 3 + part) * z.C + h * HS + k] = 0;
        if (stays || bug == NOT_TURNED || (bug == FIRST_HEAD_ONLY && h > 0) || (bug == LAST_PAIR_LEFT && i == pairs - 1)) continue;
        int at = (token * 3 + part) * z.C + h * HS, one = bug == HALF_SPLIT ? at + i : at + 2 * i, two = bug == HALF_SPLIT ? at + pairs + i : one + 1;
        double angle = rope_angle(r, token / z.T, token % z.T, h, i, bug), other = angle, a = x[one], b = x[two];
        if (bug == OPPOSITE && part == KEY) angle = other = -angle;
        if (bug == KEYS_AT_0 && part == KEY) angle = other = 0;
        if (bug == SPEED_NUMBER) {
            int step = r.first + token % z.T;
            angle = step * pow(r.base, -2.0 * i / HS);
            other = step * pow(r.base, -(2.0 * i + 1) / HS);
        }
        if (back && bug != FORWARDS) angle = other = -angle;
        double c = cos(angle), s = sin(angle), first = a * c - b * s;
        if (bug == SINE_COSINE) c = sin(angle), s = cos(angle), other = acos(-1) / 2 - angle, first = a * c - b * s;
        if (bug == MIRRORED || bug == SIGN_FIRST) first = a * c + b * s;
        y[one] = (float)first;
        double of_a = bug == A_USED_TWICE ? first : bug == SIGN_SECOND ? -a : a, of_b = bug == MIRRORED || bug == SIGN_OWN ? -b : b;
        y[two] = (float)(of_a * sin(other) + of_b * cos(other));
    }
    return y;
}

typedef struct { Turn bug; const char *why; } Known;

static const Known ROPE_KNOWN[] = {
    {HALF_SPLIT, "number i is paired with i + HS/2: that is the other published form, of GPT-NeoX and Llama. Here, as in the paper, the pairs are neighbours, 2i and 2i+1"},
    {TURNS_VALUES, "the values are turned too: only queries and keys are, for it is their product that shall know the distance"},
    {WRONG_WAY, "it turns the wrong way: (a, b) becomes (a cos - b sin, a sin + b cos)"},
    {SPEED_I, "the exponent is -i/HS, with i the number of the pair: it is -2i/HS, where 2i is the place of its first number"},
    {SPEED_C, "the exponent is -2i/C, with the width of all heads: each head has the same HS/2 speeds, base^(-2i/HS)"},
    {SPEED_UP, "later pairs turn faster: the exponent is negative, base^(-2i/HS), so that each pair is slower than the one before"},
    {SPEED_FAST, "the exponent is twice too large: for the pair at 2i and 2i+1 it is -2i/HS, so do not double a 2i"},
    {SPEED_NUMBER, "the two numbers of a pair have different angles: a pair is turned as one, by (first + t) base^(-2i/HS)"},
    {SPEED_ONE, "all pairs turn at the same speed: 2i/HS is a fraction. In C, int / int is cut off to an int: here that is always 0"},
    {SPEED_NEXT, "the first pair has the speed of the second: i begins with 0, and base^0 is 1"},
    {SPEED_PAIRS, "the exponent goes from 0 to -1, by i / (HS/2 - 1): it is -2i/HS"},
    {QUERIES_ONLY, "the keys are not turned: query and key both are; their product then knows the distance of the two"},
    {KEYS_ONLY, "the queries are not turned: query and key both are; their product then knows the distance of the two"},
    {OPPOSITE, "the keys are turned the other way than the queries: then their product depends on the sum of the positions; both are turned the same way"},
    {POSITION_1, "the positions are counted from 1: token 0 is at `first`"},
    {FIRST_LOST, "`first` changes nothing: token t is at position first + t"},
    {BASE_FIXED, "`base` changes nothing: it need not be 10000"},
    {BOTH_FIXED, "neither `first` nor `base` changes anything: token t is at position first + t, and the base need not be 10000"},
    {A_USED_TWICE, "the second number of a pair is made with the new first one: keep both old ones before you write either"},
    {SINE_COSINE, "sine and cosine are exchanged: (a, b) becomes (a cos - b sin, a sin + b cos)"},
    {MIRRORED, "the pairs are mirrored, not turned, by a wrong sign: (a, b) becomes (a cos - b sin, a sin + b cos)"},
    {SIGN_FIRST, "the first number of a pair has a wrong sign: (a, b) becomes (a cos - b sin, a sin + b cos)"},
    {SIGN_SECOND, "the sine of the second number of a pair has a wrong sign: (a, b) becomes (a cos - b sin, a sin + b cos)"},
    {SIGN_OWN, "the cosine of the second number of a pair has a wrong sign: (a, b) becomes (a cos - b sin, a sin + b cos)"},
    {KEYS_LOST, "the keys are 0: queries and keys both are turned"},
    {VALUES_LOST, "the values are 0: they go on as they are, so copy them"},
    {VALUES_TWICE, "the values are there twice: they are added for the query and again for the key. Once for each head is enough"},
    {TOO_FAR, "there are pairs beyond the end of a head: of HS numbers there are HS/2 pairs"},
    {TOO_FAR_ADDED, "there are pairs beyond the end of a head: of HS numbers there are HS/2 pairs"},
    {FIRST_HEAD_ONLY, "only the first head is turned: every head is, by the same angles"},
    {SPEED_ACROSS, "the pairs are counted over all heads: each head begins anew, with pair 0"},
    {POSITION_ACROSS, "the positions go on from one example to the next: each begins at `first`"},
    {LAST_PAIR_LEFT, "the last pair is not turned: there are HS/2 of them"},
    {SAME_POSITION, "all tokens are turned alike: token t is at position first + t"},
    {NOT_TURNED, "nothing is turned: token t is at position first + t, and only position 0 stays as it is"},
};
static const Known ROPE_BACK_KNOWN[] = {
    {FORWARDS, "it is turned forward again: what undoes a turn is the turn back, by the negative angle"},
    {NOT_TURNED, "it is passed on as it came: of a pair that was turned, the gradient is turned back"},
    {VALUES_TWICE, "that of the values comes twice: it is added with the query's and again with the key's. Once for each head is enough"},
    {TOO_FAR_ADDED, "there are pairs beyond the end of a head: of HS numbers there are HS/2 pairs"},
    {VALUES_LOST, "that of the values is lost: they went through as they are, and so does their gradient"},
    {TURNS_VALUES, "that of the values is turned too: they went through as they are, and so does their gradient"},
    {QUERIES_ONLY, "that of the keys is not turned back: both queries and keys were turned"},
    {KEYS_ONLY, "that of the queries is not turned back: both queries and keys were turned"},
    {KEYS_LOST, "that of the keys is lost: both queries and keys were turned"},
    {BACK_AT_0, "it is turned back by t: forward turned by first + t"},
    {A_USED_TWICE, "the second number of a pair is made with the new first one: keep both before you write either"},
    {FIRST_HEAD_ONLY, "only the first head's is turned back: every head was turned"},
    {HALF_SPLIT, "it is turned back by other pairs than forward turned: the pairs are 2i and 2i+1"},
    {MIRRORED, "the pairs are mirrored, not turned back, by a wrong sign: (a, b) becomes (a cos + b sin, b cos - a sin)"},
    {SIGN_FIRST, "only one of the two signs is turned round: to turn back, (a, b) becomes (a cos + b sin, b cos - a sin)"},
    {SIGN_SECOND, "only one of the two signs is turned round: to turn back, (a, b) becomes (a cos + b sin, b cos - a sin)"},
};
enum { ROOM = 48 };

static Tensor *rope_of(Tape *tape, Rope r, Tensor *qkv, const char *text) {
    float *before = plus(0, qkv->data, qkv->size);
    Tensor *y = op_rope(tape, qkv, r.z.NH, r.first, (float)r.base);
    expect_shape(xprintf("%sy", text), y, xprintf("(%d,%d,%d)", r.z.B, r.z.T, 3 * r.z.C));
    expect_untouched(text, qkv, before);
    return y;
}

static const char *rope_text(Rope r) { return xprintf("B = %d, T = %d, C = %d, NH = %d, first = %d, base = %g: ", r.z.B, r.z.T, r.z.C, r.z.NH, r.first, r.base); }

static void judge_rope(Rope r, bool record) {
    Tape tape = used_tape(record);
    Tensor *qkv = given_qkv(r.z, 81, 0), *y = rope_of(&tape, r, qkv, rope_text(r));
    for (size_t i = 0; i < y->size; i++) {
        size_t part = i / (size_t)r.z.C % 3;
        if (isnan(y->data[i]) && part == VALUE) reject("%sthe values are never written: they go on as they are, so copy them", rope_text(r));
        if (isnan(y->data[i])) reject("%sthe %s are NaN: were they ever written? The tape's memory is not 0 at first, so set y to 0 if you add to it (+=)", rope_text(r), part == KEY ? "keys" : "queries");
    }
    Suspect s[ROOM] = {{0}};
    for (int i = 0; i < COUNT(ROPE_KNOWN); i++) s[i] = (Suspect){ROPE_KNOWN[i].why, rope_plainly(r, qkv->data, false, ROPE_KNOWN[i].bug)};
    expect_floats(xprintf("%sy", rope_text(r)), y->data, rope_plainly(r, qkv->data, false, TURNS), y->size, y, TOLERANCE, s);
}

void rope_turns(void) {
    judge_rope((Rope){{1, 5, 6, 1}, 0, 10000}, true);
    judge_rope((Rope){{1, 7, 8, 1}, 0, 10000}, true);
    judge_rope((Rope){{1, 3, 2, 1}, 0, 10000}, false);
    judge_rope((Rope){{1, 70, 36, 1}, 0, 10000}, true);
}

void rope_heads(void) {
    judge_rope((Rope){{2, 4, 12, 3}, 0, 10000}, true);
    judge_rope((Rope){{3, 5, 12, 2}, 0, 10000}, true);
    judge_rope((Rope){{2, 3, 6, 3}, 0, 10000}, true);
}

void rope_elsewhere(void) {
    judge_rope((Rope){{2, 4, 12, 3}, 7, 10000}, true);
    judge_rope((Rope){{2, 4, 12, 3}, 0, 300}, true);
    judge_rope((Rope){{1, 5, 8, 1}, 19, 500.5}, true);
}

static void judge_rope_back(Rope r, float start) {
    Tape tape = used_tape(true);
    Tensor *qkv = given_qkv(r.z, 81, start), *y = rope_of(&tape, r, qkv, rope_text(r));
    float *dy = given_floats(y->size, 82);
    if (!is_close(y->data, rope_plainly(r, qkv->data, false, TURNS), y->size)) reject("%sy is not right yet, so its gradient cannot be: see the checks above", rope_text(r));
    go_back(&tape, y, dy);
    const float *want = rope_plainly(r, dy, true, TURNS);
    for (size_t i = 0; i < y->size; i++)
        if (isnan(qkv->grad[i])) reject("%sdqkv is NaN: something was used that was never written", rope_text(r));
    if (memcmp(qkv->grad, filled(y->size, start), y->size * sizeof *dy) == 0) reject("%sdqkv stays as it was", rope_text(r));
    Suspect s[ROOM] = {{"dqkv is overwritten: a gradient is added to what is there (+=), for the same tensor may be used elsewhere too", want}};
    float *turned_only = plus(start, want, y->size), *values_only = plus(start, want, y->size);
    for (size_t i = 0; i < y->size; i++) *(i / (size_t)r.z.C % 3 == VALUE ? &values_only[i] : &turned_only[i]) = want[i];
    s[1] = (Suspect){"dqkv of queries and keys is overwritten: a gradient is added to what is there (+=), for the same tensor may be used elsewhere too", turned_only};
    s[2] = (Suspect){"dqkv of the values is overwritten: a gradient is added to what is there (+=), for the same tensor may be used elsewhere too", values_only};
    for (int i = 0; i < COUNT(ROPE_BACK_KNOWN); i++)
        s[i + 3] = (Suspect){xprintf("dqkv: %s", ROPE_BACK_KNOWN[i].why), plus(start, rope_plainly(r, dy, true, ROPE_BACK_KNOWN[i].bug), y->size)};
    expect_floats(xprintf("%sdqkv", rope_text(r)), qkv->grad, plus(start, want, y->size), y->size, y, TOLERANCE, s);
    for (size_t i = 0; i < y->size; i++)
        if (y->grad[i] != dy[i]) reject("%sdy itself is changed: write to qkv->grad only", rope_text(r));
}

void rope_back(void) {
    judge_rope_back((Rope){{2, 5, 12, 2}, 0, 10000}, 0);
    judge_rope_back((Rope){{3, 4, 6, 1}, 5, 300}, 0);
    judge_rope_back((Rope){{1, 6, 12, 3}, 2, 10000}, 0);
}

void rope_adds(void) {
    Rope r = {{2, 5, 12, 2}, 3, 10000}, other = {{2, 5, 12, 3}, 0, 100};
    judge_rope_back(r, 0.5f);
    Tape tape = used_tape(true);
    Tensor *qkv = given_qkv(r.z, 81, 0), *one = rope_of(&tape, r, qkv, ""), *two = rope_of(&tape, other, qkv, "");
    if (!is_close(two->data, rope_plainly(other, qkv->data, false, TURNS), two->size)) reject("%sy is not right yet, so its gradient cannot be: see the checks above", rope_text(other));
    float *dy = given_floats(qkv->size, 83), *more = given_floats(qkv->size, 84);
    go_back(&tape, two, more);
    go_back(&tape, one, dy);
    float *want = rope_plainly(r, dy, true, TURNS);
    for (size_t i = 0; i < qkv->size; i++) want[i] += rope_plainly(other, more, true, TURNS)[i];
    expect_floats("qkv is turned in two ways, and the gradients of both come back (keep what backward needs in s, not in static memory): dqkv", qkv->grad, want, qkv->size, qkv, TOLERANCE, NULL);
    Tensor *y = rope_of(&tape, r, qkv, "");
    qkv->grad = NULL;
    const char *why = "qkv->grad may be NULL: then nobody wants that gradient, and there is nothing to do. Ask for that first";
    if_stopped("not there (a NULL pointer", why);
    if_stopped("null pointer", why);
    go_back(&tape, y, dy);
}

// --- alibi ---

typedef enum { SLOPES, NEGATIVE, FROM_0, HALVES_ALWAYS, EXPONENTS, NATURAL, REVERSED_SLOPES, LINEAR_SLOPES, ALL_ONE, PAPERS_ONLY, FIRST_OF_TWICE, SECOND_OF_TWICE, ROUNDED_UP, NEXT_ONES, SORTED, EVENLY, WHOLE_RATIO, WHOLE_PAPERS, WHOLE_EXPONENT } Slope;

static float *slopes_plainly(int NH, Slope bug) {
    float *slope = filled((size_t)NH, 0);
    int power = 1;
    while (2 * power <= NH) power *= 2;
    for (int h = 0; h < NH; h++) {
        double e = h < power ? 8.0 * (h + 1) / power : 4.0 * (2 * (h - power) + 1) / power;
        if (bug == FROM_0) e -= h < power ? 8.0 / power : 4.0 / power;
        if (bug == HALVES_ALWAYS) e = h + 1;
        if (bug == PAPERS_ONLY) e = 8.0 * (h + 1) / NH;
        if (bug == FIRST_OF_TWICE && h >= power) e = 4.0 * (h - power + 1) / power;
        if (bug == SECOND_OF_TWICE && h >= power) e = 4.0 * (2 * (h - power) + 2) / power;
        if (bug == ROUNDED_UP) e = 8.0 * (h + 1) / (power == NH ? power : 2 * power);
        if (bug == NEXT_ONES) e = 8.0 * (h + 1) / power;
        if (bug == WHOLE_RATIO) e = h < power ? 8 / power * (h + 1) : 8 / (2 * power) * (2 * (h - power) + 1);
        if (bug == WHOLE_PAPERS) e = 8 / NH * (h + 1);
        if (bug == WHOLE_EXPONENT) e = floor(e);
        double s = pow(2, -e);
        if (bug == NEGATIVE) s = -s;
        if (bug == EXPONENTS) s = e;
        if (bug == NATURAL) s = exp(-e);
        if (bug == LINEAR_SLOPES) s = (h + 1.0) / NH;
        if (bug == ALL_ONE) s = pow(2, -8.0 / NH);
        if (bug == EVENLY) s = 1.0 / (h + 1);
        slope[bug == REVERSED_SLOPES ? NH - 1 - h : h] = (float)s;
    }
    for (int i = 0; i < NH && bug == SORTED; i++)
        for (int k = i + 1; k < NH; k++)
            if (slope[k] > slope[i]) {
                float kept = slope[i];
                slope[i] = slope[k];
                slope[k] = kept;
            }
    return slope;
}

static void judge_slopes(int NH) {
    static const struct { Slope bug; const char *why; } KNOWN[] = {
        {NEGATIVE, "the slopes are negative: attention subtracts slope * (t - s), so they are positive"},
        {FROM_0, "the series begins with 1: the first slope is the ratio itself, 2^(-8/NH)"},
        {HALVES_ALWAYS, "each slope is half the one before, whatever NH is: that is so for 8 heads; the ratio is 2^(-8/NH)"},
        {EXPONENTS, "the slopes are the exponents: they are 2 to the power of minus that"},
        {NATURAL, "the base is e: the slopes are powers of 2"},
        {REVERSED_SLOPES, "the slopes stand in reverse: head 0 has the greatest"},
        {LINEAR_SLOPES, "the slopes grow by the same amount from head to head: they are a geometric series, each is the one before times 2^(-8/NH)"},
        {EVENLY, "the slopes are 1, 1/2, 1/3 ...: they are a geometric series, each is the one before times 2^(-8/NH)"},
        {ALL_ONE, "all heads have the same slope: each is the one before times 2^(-8/NH)"},
        {WHOLE_RATIO, "the exponent is cut off to a whole number: in C, 8 / NH with two int is 0 for more than 8 heads. Write 8.0"},
        {WHOLE_PAPERS, "the exponent is cut off to a whole number: in C, 8 / NH with two int is 0 for more than 8 heads. Write 8.0"},
        {WHOLE_EXPONENT, "the exponent is cut off to a whole number: in C, int / int is. Write 8.0"},
        {PAPERS_ONLY, "the rule for powers of two is used for every number of heads: for others the published code takes the slopes of the next lower power of two, and then every other one of those of twice as many"},
        {FIRST_OF_TWICE, "after those of the next lower power of two come the first ones of twice as many heads: it is every other one, the first, the third, ... for the second is there already"},
        {SECOND_OF_TWICE, "after those of the next lower power of two come the second, the fourth, ... of twice as many heads, which are there already: it is the first, the third, ..."},
        {ROUNDED_UP, "they are the first slopes of the next higher power of two: they are those of the next lower one, and then every other one of those of twice as many"},
        {NEXT_ONES, "the series of the next lower power of two goes on: after its end comes every other one of the slopes of twice as many heads"},
        {SORTED, "the slopes are sorted: those of the next lower power of two come first, then the others"},
    };
    float *slope = filled((size_t)NH, NAN);
    alibi_slopes(NH, slope);
    for (int h = 0; h < NH; h++)
        if (isnan(slope[h])) reject("%d heads: slope[%d] is never written", NH, h);
    Suspect s[COUNT(KNOWN) + 1] = {{0}};
    for (int i = 0; i < COUNT(KNOWN); i++) s[i] = (Suspect){KNOWN[i].why, slopes_plainly(NH, KNOWN[i].bug)};
    expect_floats(xprintf("%d heads: slope", NH), slope, slopes_plainly(NH, SLOPES), (size_t)NH, NULL, 1e-6, s);
}

void alibi_powers(void) {
    judge_slopes(4);
    judge_slopes(8);
    judge_slopes(2);
    judge_slopes(16);
    judge_slopes(1);
}

void alibi_others(void) {
    judge_slopes(12);
    judge_slopes(6);
    judge_slopes(3);
    judge_slopes(5);
    judge_slopes(31);
}
