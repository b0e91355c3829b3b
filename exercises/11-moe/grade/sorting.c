// grade/sorting.c of 11-moe: the checks of routing. In which order an expert's rows stand is free, so the answer is asked for what must hold.
#include "judges.h"

#include <math.h>

// Who chose whom, and what was made of it.
typedef struct {
    int N, K, E, capacity;
    const int *choice;
    const char *text;
    int *asked, *drop;              // (E), (N*K) as they should be
    Routing r;
    Tape tape;
} Sorting;

static int room(const Sorting *s, int e) { return s->capacity && s->asked[e] > s->capacity ? s->capacity : s->asked[e]; }

// --- who is dropped, rightly and wrongly ---

typedef enum { FIRST_CHOICES, BY_TOKEN, LAST_TOKENS, LAST_CHOICES, BY_TOKEN_BACKWARDS, TOKENS_WHOLE } Order;

// Slot number `turn` of those that ask one after the other.
static int turn_of(const Sorting *s, Order order, int turn) {
    int N = s->N, K = s->K, k = turn / N, n = turn % N;
    switch (order) {
    case BY_TOKEN: case TOKENS_WHOLE: return turn;
    case BY_TOKEN_BACKWARDS: return N * K - 1 - turn;
    case LAST_TOKENS: return (N - 1 - n) * K + k;
    case LAST_CHOICES: return n * K + K - 1 - k;
    default: return n * K + k;
    }
}

static int *dropped(const Sorting *s, Order order) {
    int *drop = xcalloc((size_t)(s->N * s->K), sizeof *drop), *taken = xcalloc((size_t)s->E, sizeof *taken);
    for (int turn = 0; turn < s->N * s->K; turn++) {
        int i = turn_of(s, order, turn);
        drop[i] = s->capacity && taken[s->choice[i]]++ >= s->capacity;
    }
    for (int n = 0; n < s->N && order == TOKENS_WHOLE; n++) {
        bool any = false;
        for (int k = 0; k < s->K; k++) any = any || drop[n * s->K + k];
        for (int k = 0; k < s->K; k++) drop[n * s->K + k] = any;
    }
    return drop;
}

// --- asking ---

static Sorting sorted(const int *choice, int N, int K, int E, int capacity) {
    Sorting s = {N, K, E, capacity, given_ints(choice, (size_t)(N * K)), .tape = used_tape(true)};
    s.asked = xcalloc((size_t)E, sizeof(int));
    for (int i = 0; i < N * K; i++) s.asked[choice[i]]++;
    s.drop = dropped(&s, FIRST_CHOICES);
    s.text = xprintf("N = %d, K = %d, E = %d, %s: ", N, K, E, capacity ? xprintf("capacity %d", capacity) : "capacity 0 (any number)");
    s.r = routing_of(&s.tape, s.choice, N, K, E, capacity);
    if (s.r.N != N || s.r.K != K || s.r.E != E || s.r.choice != s.choice) reject("%sr.N, r.K, r.E and r.choice are what came in: leave them as they are", s.text);
    if (!same_ints(s.choice, choice, N * K)) reject("%schoice is to be left alone", s.text);
    return s;
}

static void judge_asked(const Sorting *s) {
    int *none = xcalloc((size_t)s->E, sizeof *none), *first = xcalloc((size_t)s->E, sizeof *first), *found = xcalloc((size_t)s->E, sizeof *found);
    for (int n = 0; n < s->N; n++) first[s->choice[n * s->K]]++;
    for (int e = 0; e < s->E; e++) found[e] = room(s, e);
    if (same_ints(s->r.asked, s->asked, s->E)) return;
    if (same_ints(s->r.asked, none, s->E)) reject("%sr.asked stays 0: count the slots that want each expert", s->text);
    if (same_ints(s->r.asked, first, s->E)) reject("%sr.asked counts first choices only: each of the N*K slots asks for an expert", s->text);
    if (s->capacity && same_ints(s->r.asked, found, s->E)) reject("%sr.asked is %s: those who were dropped are not in it. It counts all who asked (%s), or nobody would know that some were dropped, and op_balance would find full experts even", s->text, ints_text(s->r.asked, s->E), ints_text(s->asked, s->E));
    reject("%sr.asked is %s, want %s", s->text, ints_text(s->r.asked, s->E), ints_text(s->asked, s->E));
}

// How many slots of each expert have a place.
static int *placed(const Sorting *s) {
    int *count = xcalloc((size_t)s->E, sizeof *count);
    for (int i = 0; i < s->N * s->K; i++) count[s->choice[i]] += s->r.place[i] >= 0;
    return count;
}

// Has each expert as many slots as it has room for?
static void judge_kept(const Sorting *s) {
    int *kept = placed(s), *want = xcalloc((size_t)s->E, sizeof *want), plus_1 = 0, minus_1 = 0, full = 0, all = 0, over = 0, lost = 0;
    for (int e = 0; e < s->E; e++) {
        bool is_full = s->capacity && s->asked[e] > s->capacity;
        want[e] = room(s, e);
        full += is_full;
        plus_1 += is_full && kept[e] == s->capacity + 1;
        minus_1 += is_full && kept[e] == s->capacity - 1;
        all += is_full && kept[e] == s->asked[e];
        over += kept[e] > room(s, e);
        lost += kept[e] < room(s, e);
    }
    if (!over && !lost) return;
    if (!s->capacity) reject("%splaces of -1 are there, and a slot is dropped only if there is a capacity, and too little of it", s->text);
    if (plus_1 == full && full > 0 && !lost) reject("%sfull experts have %d slots with a place, one too many: who finds `capacity` before it is dropped already", s->text, s->capacity + 1);
    if (all == full && !lost) reject("%snobody is dropped: no expert gets more than %d rows, and place is -1 for the rest", s->text, s->capacity);
    for (int i = 0; i < s->N * s->K; i++)
        for (int j = i / s->K * s->K; j < i / s->K * s->K + s->K; j++)
            if (s->r.place[i] < 0 && s->r.place[j] < 0 && kept[s->choice[i]] < room(s, s->choice[i]) && kept[s->choice[j]] >= room(s, s->choice[j]))
                reject("%stoken %d is dropped by expert %d, which is full, and then by expert %d too, which has room: only the slot that finds none is dropped, the token's other slots stay", s->text, i / s->K, s->choice[j], s->choice[i]);
    if (minus_1 > 0 && !over) reject("%sfull experts have %d slots with a place, one too few: there is room for %d", s->text, s->capacity - 1, s->capacity);
    reject("%sexperts have %s slots with a place, want %s of %s that asked", s->text, ints_text(kept, s->E), ints_text(want, s->E), ints_text(s->asked, s->E));
}

static void judge_start(const Sorting *s) {
    int E = s->E, *want = xcalloc((size_t)E + 1, sizeof *want), *by_asked = xcalloc((size_t)E + 1, sizeof *by_asked), *ends = xcalloc((size_t)E + 1, sizeof *ends), *counts = xcalloc((size_t)E + 1, sizeof *counts), *counts_behind = xcalloc((size_t)E + 1, sizeof *counts_behind), *spaced = xcalloc((size_t)E + 1, sizeof *spaced);
    for (int e = 0; e < E; e++) {
        want[e + 1] = want[e] + room(s, e);
        by_asked[e + 1] = by_asked[e] + s->asked[e];
        counts[e] = counts_behind[e + 1] = room(s, e);
        spaced[e + 1] = (e + 1) * s->capacity;
    }
    for (int e = 0; e <= E; e++) ends[e] = want[min_int(e + 1, E)];
    const int *got = s->r.start;
    if (same_ints(got, want, E + 1)) return;
    const char *is = xprintf("%sr.start is %s, want %s", s->text, ints_text(got, E + 1), ints_text(want, E + 1));
    if (same_ints(got, ends, E + 1) || (same_ints(got, want + 1, E) && got[E] == 0)) reject("%s: those are the ends; expert e begins where e - 1 ends, and 0 at 0", is);
    if (same_ints(got, counts, E + 1) || same_ints(got, counts_behind, E + 1)) reject("%s: those are the numbers of rows; add them up, start[e+1] = start[e] + rows of e", is);
    if (same_ints(got, want, E) && got[E] == 0) reject("%s: start[E], behind the last expert, says how many rows there are", is);
    if (s->capacity && same_ints(got, by_asked, E + 1)) reject("%s: those who were dropped have rows there, too, in which nobody stands. An expert's rows are as many as found room", is);
    if (s->capacity && same_ints(got, spaced, E + 1)) reject("%s: each expert has `capacity` rows there, whether they are used or not. An expert's rows are as many as found room", is);
    reject("%s", is);
}

static void judge_places(const Sorting *s) {
    int size = s->N * s->K, *stands = xcalloc((size_t)size + 1, sizeof *stands), inside = 0, count = 0;
    bool is_itself = true, is_zero = true;
    for (int i = 0; i < size; i++) {
        if (s->r.place[i] < 0) continue;
        is_itself = is_itself && s->r.place[i] == i;
        is_zero = is_zero && s->r.place[i] == 0;
        inside += s->r.place[i] < room(s, s->choice[i]);
        count++;
    }
    for (int i = 0; i < size; i++) {
        int row = s->r.place[i], e = s->choice[i], from = s->r.start[e], to = s->r.start[e + 1];
        if (row < 0 || (row >= from && row < to)) continue;
        if (is_zero) reject("%sr.place is 0 for all slots: it says in which row each stands", s->text);
        if (is_itself) reject("%sr.place[i] is i: the slots are not sorted. Those of expert e stand in the rows from start[e] on", s->text);
        if (inside == count) reject("%splaces are counted from each expert's first row: add start[e], for place is the row among all", s->text);
        reject("%sslot %d (token %d) wants expert %d, whose rows are %d to %d, and stands in row %d", s->text, i, i / s->K, e, from, to - 1, row);
    }
    for (int i = 0; i < size; i++) {
        int row = s->r.place[i];
        if (row >= 0 && stands[row]++) reject("%stwo slots stand in row %d: each has a row of its own", s->text, row);
    }
}

static void judge_slots(const Sorting *s) {
    int size = s->N * s->K;
    bool zero = true, token = true, expert = true, inverse = true, right = true;
    for (int i = 0; i < size; i++) {
        int row = s->r.place[i];
        if (row < 0) continue;
        int got = s->r.slot[row];
        right = right && got == i;
        zero = zero && got == 0;
        token = token && got == i / s->K;
        expert = expert && got == s->choice[i];
        inverse = inverse && s->r.slot[i] == row;
    }
    if (right) return;
    if (zero) reject("%sr.slot stays 0: for each slot with a place, slot[place] says which it is", s->text);
    if (token) reject("%sr.slot holds tokens: it holds slots, n*K + k, and op_dispatch divides by K", s->text);
    if (expert) reject("%sr.slot holds experts: it holds slots, n*K + k", s->text);
    if (inverse) reject("%sr.slot is the same as r.place, and it is its inverse: slot[place[i]] = i", s->text);
    for (int i = 0; i < size; i++)
        if (s->r.place[i] >= 0 && s->r.slot[s->r.place[i]] != i) reject("%sslot %d stands in row %d, and r.slot[%d] is %d", s->text, i, s->r.place[i], s->r.place[i], s->r.slot[s->r.place[i]]);
}

static void judge(const Sorting *s) {
    judge_asked(s);
    judge_kept(s);
    judge_start(s);
    judge_places(s);
    judge_slots(s);
}

// --- the checks ---

// Everybody wants expert 1, nobody 3.
static const int CROWD[] = {1, 0, 2, 1, 1, 4, 0, 1, 1, 2, 4, 1, 1, 0};
static const int THREE[] = {5, 2, 0, 5, 1, 3, 2, 5, 6, 0, 5, 2, 3, 5, 1, 5, 0, 2, 6, 5, 3, 2, 0, 1, 5, 6, 2};

static void judge_sorted(const int *choice, int N, int K, int E, int capacity) {
    Sorting s = sorted(choice, N, K, E, capacity);
    judge(&s);
}

static const char OUTSIDE[] = "r.place, r.slot, r.start and r.asked have N*K, N*K, E + 1 and E numbers; slot k of token n is number n*K + k";

void sorting_rows(void) {
    if_stopped("reaches outside", OUTSIDE);
    judge_sorted(CROWD, 7, 2, 5, 0);
    judge_sorted(THREE, 9, 3, 7, 0);
    judge_sorted((int[]){2, 0, 2, 1, 2}, 5, 1, 4, 0);
    judge_sorted((int[]){0, 0, 0}, 3, 1, 1, 0);
    judge_sorted((int[]){2, 0, 1, 3}, 1, 4, 4, 0);
    enum { N = 61, K = 2, E = 6 };
    int choice[N * K];
    for (int n = 0; n < N; n++) {
        choice[n * K] = n * n % 7 % E;
        choice[n * K + 1] = (choice[n * K] + 1 + n % 3) % E;
    }
    judge_sorted(choice, N, K, E, 0);
}

void sorting_room(void) {
    if_stopped("reaches outside", OUTSIDE);
    judge_sorted(CROWD, 7, 2, 5, 3);
    judge_sorted(CROWD, 7, 2, 5, 2);
    judge_sorted(CROWD, 7, 2, 5, 1);
    judge_sorted(CROWD, 7, 2, 5, 7);        // just enough
    judge_sorted(CROWD, 7, 2, 5, 100);
    judge_sorted(THREE, 9, 3, 7, 3);
    judge_sorted((int[]){0, 0, 0}, 3, 1, 1, 2);
}

static const struct { const char *why; Order order; } ORDERS[] = {
    {"the tokens come one after the other, each with all its slots. All first choices come first, and then the second ones: the outer loop is k's", BY_TOKEN},
    {"the last tokens come first: of equal choices the earlier token's", LAST_TOKENS},
    {"the last choices come first: all first choices do, then the second ones", LAST_CHOICES},
    {"the slots come from the last to the first: first choices come first, and of these the earlier token's", BY_TOKEN_BACKWARDS}};

static void judge_who(const int *choice, int N, int K, int E, int capacity) {
    Sorting s = sorted(choice, N, K, E, capacity);
    int size = N * K, *drop = xcalloc((size_t)size, sizeof *drop), *kept = placed(&s);
    for (int e = 0; e < E; e++)
        if (kept[e] != room(&s, e)) reject("%sexpert %d has %d slots with a place, want %d: see the check above", s.text, e, kept[e], room(&s, e));
    for (int i = 0; i < size; i++) drop[i] = s.r.place[i] < 0;
    if (same_ints(drop, s.drop, size)) return;
    for (int i = 0; i < COUNT(ORDERS); i++)
        if (same_ints(drop, dropped(&s, ORDERS[i].order), size)) reject("%s%s", s.text, ORDERS[i].why);
    for (int i = 0; i < size; i++)
        if (drop[i] != s.drop[i]) reject("%schoice %d of token %d, expert %d, is %s, and should be %s: all first choices come before the second ones, and of these the earlier token's", s.text, i % K, i / K, choice[i], drop[i] ? "dropped" : "kept", drop[i] ? "kept" : "dropped");
}

void sorting_who(void) {
    judge_who(CROWD, 7, 2, 5, 3);
    judge_who(CROWD, 7, 2, 5, 5);
    judge_who(THREE, 9, 3, 7, 2);
    judge_who(THREE, 9, 3, 7, 4);
    judge_who((int[]){1, 0, 1, 1, 0, 1}, 6, 1, 2, 2);
}

static void judge_share(int N, int K, int E, double factor, int want) {
    int got = routing_capacity(N, K, E, factor), each = N * K / E;
    double share = factor * N * K / E;
    const char *text = xprintf("N = %d, K = %d, E = %d, factor %g: %d, want %d", N, K, E, factor, got, want);
    if (got == want) return;
    if (factor == 0) reject("%s: a factor of 0 means any number, and routing_of knows that by a capacity of 0", text);
    if (got == N && share > N) reject("%s: that is cut to N. Nobody can ask an expert more often, so it does no harm; but the share, rounded up, is what was asked for", text);
    if (share - floor(share) > 0 && share - floor(share) < 0.1 && got == (int)share) reject("%s: the share is %.4f, and what is over is rounded up however little it is: ceil does", text, share);
    if (factor * each != share && (double)got >= floor(factor * each) && (double)got <= ceil(factor * each)) reject("%s: N * K / E of three int is cut off, to %d, before it is multiplied; it is %g", text, each, (double)N * K / E);
    if (got == (int)share + 1) reject("%s: that is one more than enough, where the share is whole", text);
    if (got == (int)(share + 0.5)) reject("%s: %g is rounded to the nearest, and it is rounded up", text, share);
    if (got == (int)share) reject("%s: %g is rounded down, and not all of a fair share would find room; ceil rounds up", text, share);
    double no_k = factor * N / E, no_factor = (double)N * K / E, no_e = factor * N * K, other = (double)N * K * factor * K / E;
    if (got - no_k >= 0 && got - no_k < 1) reject("%s: K is missing, and there are N*K slots", text);
    if (got - no_factor >= 0 && got - no_factor < 1) reject("%s: the factor is missing", text);
    if (got - no_e >= 0 && got - no_e < 1) reject("%s: it is not divided by E", text);
    if (got - other >= 0 && got - other < 1) reject("%s: K is there twice", text);
    reject("%s: factor * N * K / E is %g, and rounded up", text, share);
}

void sorting_share(void) {
    judge_share(8, 2, 4, 1, 4);            // first the whole numbers of slots an expert ...
    judge_share(40, 3, 8, 1.25, 19);       // 18.75
    judge_share(40, 3, 8, 1.75, 27);       // 26.25
    judge_share(41, 3, 8, 2, 31);          // ... then others: 30.75
    judge_share(37, 2, 8, 1, 10);          // 9.25
    judge_share(9, 1, 4, 0.5, 2);          // 1.125
    judge_share(3, 1, 8, 0.5, 1);          // 0.1875
    judge_share(64, 2, 8, 1.25, 20);
    judge_share(1025, 1, 1024, 1, 2);      // 1.00098
    judge_share(4, 2, 4, 4, 8);            // more than there are tokens
    judge_share(37, 2, 8, 0, 0);
}
