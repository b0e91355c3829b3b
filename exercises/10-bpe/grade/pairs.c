// grade/pairs.c of 10-bpe: the checks of pair_count and pair_merge, by plain loops with room for every bug.
#include "judges.h"
#include "pair_count.h"
#include "pair_merge.h"

#include <stdlib.h>
#include <string.h>

// --- counting ---

typedef enum {
    RIGHT, LAST_LOST, FIRST_LOST, NO_OVERLAP, RUNS_ONCE, DISJOINT, ONCE, EXCHANGED, UNORDERED, SET, BY_N, PRESENT, ROUND, NEXT_BUT_ONE, ALL_PAIRS, WITH_ITSELF, ADDED_1, SQUARED, BACKWARDS, CLEARED, WITHOUT_SIGN, NEW_ONLY, AN_INT, ABOVE_0
} CountBug;

static const struct { CountBug bug; const char *why; } COUNT_KNOWN[] = {
    {LAST_LOST, "the last pair of all is not counted: does the loop stop one too early? n ids have n - 1 pairs, so i + 1 < n"},
    {FIRST_LOST, "the first pair of all is not counted: the loop begins at i = 0, with id[0] and id[1]"},
    {NO_OVERLAP, "of three equal ids in a row only one pair is counted: every place has a pair, so 5 5 5 holds (5, 5) twice. (It is merging that leaves none over)"},
    {RUNS_ONCE, "a row of equal ids counts as one pair, however long it is: every place has a pair, so 5 5 5 5 holds (5, 5) three times"},
    {DISJOINT, "only every other pair is counted: 1 2 3 holds (1, 2) and (2, 3), so go on by one place, not by two"},
    {ONCE, "each pair counts 1, and not `times`: a word that stands in the text a hundred times brings its pairs a hundred times"},
    {EXCHANGED, "left and right are exchanged: id[i] is the left one"},
    {UNORDERED, "(1, 2) and (2, 1) are taken for the same pair: they are two"},
    {SET, "a count is set, where it should grow: the same pair may come again"},
    {BY_N, "each pair counts `times` times n: it is `times`"},
    {PRESENT, "a pair counts once, however often it stands in the word: each place counts"},
    {ROUND, "the last id and the first one are counted as a pair: they do not stand side by side"},
    {NEXT_BUT_ONE, "the pairs have an id between them: neighbours are id[i] and id[i+1]"},
    {ALL_PAIRS, "every two ids are counted, whatever is between them: only neighbours, id[i] and id[i+1]"},
    {WITH_ITSELF, "each id is counted with itself: neighbours are id[i] and id[i+1]"},
    {ABOVE_0, "nothing is counted where `times` is below 0: that takes away. Hand it on as it is"},
    {AN_INT, "`times` is a long, and more than an int holds: what is computed from it is to be a long, too"},
    {ADDED_1, "each pair counts one more than `times`"},
    {SQUARED, "the pairs count more often than they stand there: `times` is added once for each place"},
    {BACKWARDS, "the counts are right, but the pairs come in another order: from the left on, as they stand in id[]. Who asks for the first pair in the text needs that"},
    {CLEARED, "what was in the table before is gone: the counts of this word are added to those of the words before it"},
    {NEW_ONLY, "a pair that was in the table before does not grow: the counts of this word are added to those of the words before it"},
    {WITHOUT_SIGN, "`times` is -2 here, which takes away: hand it on as it is"},
};

static PairCount *entry_of(PairTable *t, int left, int right) {
    int at = pair_table_at(t, left, right);
    return &t->pair[at];
}

static void count_plainly(PairTable *t, const int *id, int n, long times, CountBug bug) {
    int known = t->size;
    if (bug == CLEARED && n > 1) *t = pair_table_new();
    bool small = labs(times) < 1000000;       // of others, no square
    long by = bug == ONCE ? 1 : bug == BY_N && small ? times * n : bug == ADDED_1 ? times + 1 : bug == SQUARED && small ? times * times : bug == WITHOUT_SIGN ? labs(times) : bug == AN_INT ? (int)times : times;
    if (bug == ABOVE_0 && times <= 0) return;
    PairTable seen = pair_table_new();
    int first = bug == FIRST_LOST ? 1 : 0, pairs = bug == LAST_LOST || bug == NEXT_BUT_ONE ? n - 2 : bug == ROUND || bug == WITH_ITSELF ? n : n - 1, skipped = -1;
    for (int k = first; k < pairs; k++) {
        int i = bug == BACKWARDS ? pairs - 1 - k : k;
        int left = id[i], right = bug == NEXT_BUT_ONE ? id[i + 2] : bug == WITH_ITSELF ? left : id[(i + 1) % n];
        if (bug == DISJOINT && i % 2 == 1) continue;
        if (bug == NO_OVERLAP && i > 0 && left == right && id[i - 1] == left && skipped != i - 1) {
            skipped = i;
            continue;
        }
        if (bug == RUNS_ONCE && i > 0 && left == right && id[i - 1] == left) continue;
        if (bug == PRESENT && entry_of(&seen, left, right)->count++ > 0) continue;
        int a = bug == EXCHANGED ? right : bug == UNORDERED ? min_int(left, right) : left, b = bug == EXCHANGED ? left : bug == UNORDERED ? max_int(left, right) : right;
        for (int other = i + 1; other < (bug == ALL_PAIRS ? n : i + 2); other++) {
            if (bug == ALL_PAIRS) b = id[other];
            int at = pair_table_at(t, a, b);
            if (bug == NEW_ONLY && at < known) continue;
            PairCount *p = &t->pair[at];
            p->count = bug == SET ? by : p->count + by;
        }
    }
}

typedef struct { int id[16], n; long times; } Word;

static bool same_tables(const PairTable *a, const PairTable *b) {
    if (a->size != b->size) return false;
    for (int i = 0; i < a->size; i++)
        if (a->pair[i].left != b->pair[i].left || a->pair[i].right != b->pair[i].right || a->pair[i].count != b->pair[i].count) return false;
    return true;
}

static long count_in(const PairTable *t, int left, int right) {
    for (int i = 0; i < t->size; i++)
        if (t->pair[i].left == left && t->pair[i].right == right) return t->pair[i].count;
    return 0;
}

static const char *table_text(const PairTable *t) {
    enum { MOST = 12 };
    const char *text = t->size ? "" : "nothing";
    for (int i = 0; i < t->size && i < MOST; i++) text = xprintf("%s%s(%d, %d) %ld", text, i ? ", " : "", t->pair[i].left, t->pair[i].right, t->pair[i].count);
    return t->size > MOST ? xprintf("%s ...", text) : text;
}

static const char *words_text(const Word *word, int count) {
    const char *text = "";
    for (int i = 0; i < count; i++) text = xprintf("%s%s%s, %ld times", text, i ? "; " : "", ids_text(word[i].id, word[i].n), word[i].times);
    return text;
}

// in_order: in which order the pairs come counts, too.
static void expect_table(const PairTable *got, const PairTable *want, const char *text, bool in_order) {
    for (int i = 0; i < got->size; i++) {
        const PairCount *p = &got->pair[i];
        if (p->count != count_in(want, p->left, p->right)) reject("%s(%d, %d) counts %ld, want %ld", text, p->left, p->right, p->count, count_in(want, p->left, p->right));
    }
    for (int i = 0; i < want->size; i++) {
        const PairCount *p = &want->pair[i];
        if (p->count != count_in(got, p->left, p->right)) reject("%s(%d, %d) is not there, want %ld", text, p->left, p->right, p->count);
        if (in_order && i < got->size && (got->pair[i].left != p->left || got->pair[i].right != p->right))
            reject("%sthe counts are right, but pair %d is (%d, %d), want (%d, %d): they come in the order in which they stand in id[]", text, i, got->pair[i].left, got->pair[i].right, p->left, p->right);
    }
}

// What tells most mistakes apart: an answer is a suspect's if it is that here, too.
static const Word COUNT_PROBES[] = {{{7, 5, 5, 5, 5, 7, 5, 5, 2}, 9, 3}, {{1, 2, 3, 1, 2, 1, 4}, 7, 2}, {{2, 1, 2, 6}, 4, 5}};

static bool count_is(const Word *word, int count, CountBug bug) {
    PairTable got = pair_table_new(), bad = pair_table_new();
    for (int i = 0; i < count; i++) {
        pair_count(&got, given_ints(word[i].id, (size_t)word[i].n), word[i].n, word[i].times);
        count_plainly(&bad, word[i].id, word[i].n, word[i].times, bug);
    }
    return same_tables(&got, &bad);
}

static const char BEHIND[] = "The last pair is id[n-2], id[n-1]: so the loop ends where i + 1 is n";

static void judge_count(const Word *word, int count, bool in_order) {
    PairTable got = pair_table_new(), want = pair_table_new();
    if_stopped("past the end", BEHIND);
    if_stopped("memory that was freed", "pair_table_at may move all pairs: ask for the index first, in a line of its own, and look at t->pair[index] only then. Or take pair_table_add, which does that");
    for (int i = 0; i < count; i++) {
        int *id = given_ints(word[i].id, (size_t)word[i].n);
        pair_count(&got, id, word[i].n, word[i].times);
        if (memcmp(id, word[i].id, (size_t)word[i].n * sizeof *id) != 0) reject("the ids are changed: they are only to be counted");
        count_plainly(&want, id, word[i].n, word[i].times, RIGHT);
    }
    if (same_tables(&got, &want)) return;
    const char *text = xprintf("%s: ", words_text(word, count));
    for (int k = 0; k < 2 * COUNT(COUNT_KNOWN); k++) {
        bool surely = k < COUNT(COUNT_KNOWN);
        CountBug bug = COUNT_KNOWN[k % COUNT(COUNT_KNOWN)].bug;
        if (bug == BACKWARDS && !in_order) continue;
        if (count_is(word, count, bug) && (!surely || count_is(COUNT_PROBES, COUNT(COUNT_PROBES), bug))) reject("%sthe table has %s, want %s: %s", text, table_text(&got), table_text(&want), COUNT_KNOWN[k % COUNT(COUNT_KNOWN)].why);
    }
    if (got.size == 0) reject("%sthe table is empty, want %s: pair_table_add adds to a pair's count", text, table_text(&want));
    expect_table(&got, &want, text, in_order);
}

void count_neighbours(void) {
    judge_count((Word[]){{{1, 2, 3, 1, 2, 1, 4}, 7, 1}}, 1, false);
    judge_count((Word[]){{{300, 7, 300, 7, 300, 50000, 9}, 7, 1}}, 1, false);
    judge_count((Word[]){{{8, 9}, 2, 1}}, 1, false);
}

void count_often(void) {
    judge_count((Word[]){{{5, 5, 5}, 3, 1}}, 1, false);
    judge_count((Word[]){{{5, 5, 5, 5, 5}, 5, 1}}, 1, false);
    judge_count((Word[]){{{7, 5, 5, 5, 5, 7, 5, 5, 2}, 9, 1}}, 1, false);
    judge_count((Word[]){{{1, 2, 1, 2, 6}, 5, 13}}, 1, false);
    judge_count((Word[]){{{4, 4, 4, 3}, 4, 6}}, 1, false);
}

void count_more(void) {
    judge_count((Word[]){{{1, 2, 3}, 3, 4}, {{2, 3, 1, 2}, 4, 7}, {{9, 9, 9}, 3, 2}}, 3, false);
    judge_count((Word[]){{{6, 1, 8, 2, 6, 1, 7}, 7, 1}}, 1, true);
    judge_count((Word[]){{{3, 4, 5}, 3, 9}, {{5, 3}, 2, 1}, {{3, 4, 5, 3}, 4, -2}}, 3, true);
    judge_count((Word[]){{{1, 2}, 2, 3000000000}, {{1, 2}, 2, 3000000000}}, 2, true);
    if_stopped("past the end", "A word may be of one id, or of none: then it has no pair. (As a size_t, n - 1 is a very large number where n is 0)");
    judge_count((Word[]){{{7}, 1, 3}, {{0}, 0, 5}}, 2, true);
    // many pairs: the table grows
    enum { N = 5000 };
    int *id = xmalloc(N * sizeof *id);
    unsigned state = 11;
    for (int i = 0; i < N; i++) id[i] = (int)((state = state * 1103515245u + 12345u) >> 16) % 70;
    PairTable got = pair_table_new(), want = pair_table_new();
    pair_count(&got, id, N, 3);
    count_plainly(&want, id, N, 3, RIGHT);
    expect_table(&got, &want, "a word of 5000 ids: ", true);
}

// --- merging ---

enum { LEFT = 5, OTHER = 7, NEW = 300 };

typedef enum {
    MERGED, BOTH_OVERLAP, FROM_RIGHT, LAST_PAIR_LOST, LAST_ID_LOST, FIRST_ONLY, LAST_ONLY, LEFT_ALONE, RIGHT_ALONE, OTHER_ORDER, EITHER_ORDER, RIGHT_STAYS, SKIPS, DROPPED, BOTH_NEW, RUN_AS_ONE, NOT_IN_RUNS, STAYS, TOKEN_BEHIND, LEFT_STAYS
} MergeBug;

static const struct { MergeBug bug; const char *why; } MERGE_KNOWN[] = {
    {BOTH_OVERLAP, "one id takes part in two merges: when left and right have become one, both are used up. Go on behind the right one, by two places"},
    {RIGHT_STAYS, "the right one stays behind the new id: both are used up, so go on by two places"},
    {LEFT_STAYS, "the left one stays before the new id: both are used up"},
    {FROM_RIGHT, "it is merged from the right on: of 5 5 5 the first two become one, so begin at the left"},
    {LAST_PAIR_LOST, "the last two ids are not merged: does the loop stop one too early? i + 1 < n"},
    {LAST_ID_LOST, "the last id is lost where it is in no pair: it stays, like every other. Only the look at its neighbour needs i + 1 < n"},
    {FIRST_ONLY, "only the first of the pairs is merged: all of them are"},
    {LAST_ONLY, "only the last of the pairs is merged: all of them are"},
    {LEFT_ALONE, "every left is merged with what comes behind it: only where that is `right`"},
    {RIGHT_ALONE, "every right is merged with what comes before it: only where that is `left`"},
    {OTHER_ORDER, "right, left is merged in place of left, right"},
    {EITHER_ORDER, "right, left is merged too: only left, right in this order"},
    {SKIPS, "the id behind a merged pair is lost: go on by two places, not by three"},
    {DROPPED, "the pairs are gone, and no `merged` stands in their place"},
    {BOTH_NEW, "both become `merged`: the two together become one"},
    {RUN_AS_ONE, "a row of equal ids becomes one, however long it is: two of them do"},
    {NOT_IN_RUNS, "nothing is merged where left and right are the same: then they are merged, too"},
    {TOKEN_BEHIND, "`merged` stands behind the id that comes next: it stands where the pair was"},
    {STAYS, "nothing is merged: the new ids go into id[], from id[0] on"},
};

static int merge_plainly(const int *id, int n, int left, int right, int merged, MergeBug bug, int *out) {
    int count = 0, pairs = 0, seen = 0;
    bool *at = xcalloc((size_t)n + 1, sizeof *at);          // does a pair begin here?
    for (int i = 0; i + 1 < n; i++) {
        int k = bug == FROM_RIGHT ? n - 2 - i : i, a = id[k], b = id[k + 1];
        bool is = a == left && b == right, other = a == right && b == left;
        if (bug == LEFT_ALONE) is = a == left;
        if (bug == RIGHT_ALONE) is = b == right;
        if (bug == OTHER_ORDER) is = other;
        if (bug == EITHER_ORDER) is |= other;
        if (bug == LAST_PAIR_LOST && k == n - 2) is = false;
        if (bug == NOT_IN_RUNS && left == right) is = false;
        if (bug == STAYS) is = false;
        bool used = (k > 0 && at[k - 1]) || at[k + 1];
        if (bug == BOTH_OVERLAP || bug == RIGHT_STAYS || bug == RUN_AS_ONE || bug == LEFT_STAYS) used = false;
        at[k] = is && !used;
        pairs += at[k];
    }
    for (int i = 0; i < n; i++) {
        if (bug == LAST_ID_LOST && i == n - 1) break;
        bool here = at[i] && !(bug == FIRST_ONLY && seen > 0) && !(bug == LAST_ONLY && seen < pairs - 1);
        seen += at[i];
        if (!here) {
            out[count++] = id[i];
            continue;
        }
        if (bug == LEFT_STAYS) out[count++] = id[i];
        if (bug == TOKEN_BEHIND && i + 2 < n) out[count++] = id[i + 2];
        if (bug != DROPPED) out[count++] = merged;
        if (bug == BOTH_NEW) out[count++] = merged;
        if (bug == RUN_AS_ONE)
            while (i + 2 < n && at[i + 1]) i++;
        i += bug == RIGHT_STAYS ? 0 : bug == SKIPS || (bug == TOKEN_BEHIND && i + 2 < n) ? 2 : bug == BOTH_OVERLAP ? (at[i + 1] ? 0 : 1) : 1;
    }
    free(at);
    return count;
}

typedef struct { int id[20], n, left, right; } Case;
static const Case MERGE_PROBES[] = {{{1, 5, 7, 2, 5, 3, 7, 5, 5, 7, 7, 4, 5, 7, 6, 8}, 16, LEFT, OTHER}, {{3, 5, 5, 5, 5, 9, 5, 5, 5, 5, 5, 4}, 12, LEFT, LEFT}, {{9, 5, 7, 5, 7}, 5, LEFT, OTHER}};

static bool merge_is(const int *id, int n, int left, int right, MergeBug bug) {
    int bad[600], *got = given_ints(id, (size_t)n), count = pair_merge(got, n, left, right, NEW), m = merge_plainly(id, n, left, right, NEW, bug, bad);
    return same_ids(got, count, bad, m);
}

static bool all_merges_are(MergeBug bug) {
    for (int i = 0; i < COUNT(MERGE_PROBES); i++)
        if (!merge_is(MERGE_PROBES[i].id, MERGE_PROBES[i].n, MERGE_PROBES[i].left, MERGE_PROBES[i].right, bug)) return false;
    return true;
}

static void judge_merge(const int *id, int n, int left, int right) {
    int want[600], *got = given_ints(id, (size_t)n);
    int wanted = merge_plainly(id, n, left, right, NEW, MERGED, want);
    if_stopped("past the end", "id[i+1] is there only while i + 1 < n");
    if_stopped("before the beginning", "id[i-1] is there only where i > 0");
    int count = pair_merge(got, n, left, right, NEW);
    if (same_ids(got, count, want, wanted)) return;
    const char *text = xprintf("%s, with %d %d merged into %d: ", ids_text(id, n), left, right, NEW);
    if (count < 0 || count > n) reject("%spair_merge returns %d, want %d: how many ids there are now", text, count, wanted);
    for (int i = 0; i < COUNT(MERGE_KNOWN); i++)
        if (merge_is(id, n, left, right, MERGE_KNOWN[i].bug) && all_merges_are(MERGE_KNOWN[i].bug)) reject("%sthe ids are %s, want %s: %s", text, ids_text(got, count), ids_text(want, wanted), MERGE_KNOWN[i].why);
    if (memcmp(got, want, (size_t)wanted * sizeof *got) == 0) {
        const char *what = count == n - wanted ? "that is how many were merged. " : count == n ? "that is how many there were before. " : count == wanted - 1 ? "that is the place of the last one. " : count == n - 1 ? "that is one less than before, and there are more pairs than one. " : "";
        reject("%sthe ids are right, but pair_merge returns %d, want %d: %sIt is how many ids there are now", text, count, wanted, what);
    }
    for (int i = 0; i < COUNT(MERGE_KNOWN); i++)
        if (merge_is(id, n, left, right, MERGE_KNOWN[i].bug)) reject("%sthe ids are %s, want %s: %s", text, ids_text(got, count), ids_text(want, wanted), MERGE_KNOWN[i].why);
    reject("%sthe ids are %s, want %s%s", text, ids_text(got, count), ids_text(want, wanted), count == n ? ": what comes behind a pair moves up by one place" : "");
}

#define JUDGE_MERGE(left, right, ...) judge_merge((const int[]){__VA_ARGS__}, COUNT(((const int[]){__VA_ARGS__})), left, right)

void merge_pairs(void) {
    JUDGE_MERGE(LEFT, OTHER, 1, 5, 7, 2, 5, 3, 7, 5, 5, 7, 7, 4, 5, 7, 6, 8);
    JUDGE_MERGE(LEFT, OTHER, 2, 7, 5, 9, 5, 7, 1);
    JUDGE_MERGE(LEFT, OTHER, 3, 7, 2, 5, 1);
    JUDGE_MERGE(OTHER, LEFT, 4, 7, 5, 7, 5, 5, 7, 4);
}

void merge_overlapping(void) {
    JUDGE_MERGE(LEFT, LEFT, 1, 5, 5, 5, 2);
    JUDGE_MERGE(LEFT, LEFT, 5, 5, 5);
    JUDGE_MERGE(LEFT, LEFT, 2, 5, 5, 1, 5, 3);
    JUDGE_MERGE(LEFT, LEFT, 3, 5, 5, 5, 5, 9, 5, 5, 5, 5, 5, 4);
    JUDGE_MERGE(LEFT, LEFT, 8, 5, 5, 5, 5, 5, 5, 5, 8);
}

void merge_edges(void) {
    JUDGE_MERGE(LEFT, OTHER, 5, 7, 1, 2, 5, 7);
    JUDGE_MERGE(LEFT, OTHER, 5, 7);
    JUDGE_MERGE(LEFT, OTHER, 7, 5);
    JUDGE_MERGE(LEFT, OTHER, 9, 5);
    JUDGE_MERGE(LEFT, OTHER, 1, 2, 3);
    JUDGE_MERGE(LEFT, LEFT, 5, 5, 5, 5);
    JUDGE_MERGE(LEFT, LEFT, 5);
    JUDGE_MERGE(LEFT, OTHER, 6);
    judge_merge((const int[]){0}, 0, LEFT, OTHER);
    int many[500];
    unsigned state = 5;
    for (int i = 0; i < COUNT(many); i++) many[i] = (state = state * 1103515245u + 12345u) >> 16 & 1 ? LEFT : OTHER;
    judge_merge(many, COUNT(many), LEFT, OTHER);
    judge_merge(many, COUNT(many), LEFT, LEFT);
}
