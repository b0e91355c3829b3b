// grade/words.c of 06-rnn-lstm: the checks of word_vocab and sequences.
#include "judges.h"
#include "sequences.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

// --- word_vocab ---

// A wrong list of words that learners get, and what to tell them.
typedef struct { const char *why, *words; } WrongList;

// "cat the dog": the words after the special ones.
static char *list_of(const Words *w) {
    char *list = xprintf("%s", "");
    for (int i = WORDS_SPECIAL; i < w->size; i++) list = xprintf("%s%s%s", list, i > WORDS_SPECIAL ? " " : "", w->word[i]);
    return list;
}

static Words vocab_of(const char *text, int least_count, int most) {
    size_t n = strlen(text);
    char *exact = memcpy(xmalloc(n + !n), text, n);         // without the 0 at its end, which the contract does not promise
    return words_of_text(exact, n, least_count, most);
}

static void judge_vocab(const char *text, int least_count, int most, const char *want, const WrongList *wrong) {
    if_stopped("8 bytes past the end", "count has a place for every word of `all`: count[id[i]] is to be counted, not count[i]");
    Words w = vocab_of(text, least_count, most);
    char *what = xprintf("least_count %d, most %d, text \"%s\": ", least_count, most, text), *shown = xprintf("%s", what), *got = list_of(&w);
    for (char *at = shown, *to = shown;; at++) {            // a newline in a message would look like its end
        if (*at != '\n') *to++ = *at;
        else *to++ = '|';
        if (!*at) break;
    }
    if (w.size < WORDS_SPECIAL || strcmp(w.word[WORD_PAD], "<pad>") != 0 || strcmp(w.word[WORD_EOS], "<eos>") != 0)
        reject("%sthe special words <pad> <unk> <bos> <eos> do not stand at the beginning: words_special makes them, and words_add goes on from there", shown);
    if (strcmp(got, want) == 0) {
        for (int i = 0; i < w.size; i++)
            if (words_find(&w, w.word[i], w.length[i]) != i) reject("%s\"%s\" is word %d, and yet words_find does not find it", shown, w.word[i], i);
        return;
    }
    for (; wrong->why; wrong++)
        if (strcmp(got, wrong->words) == 0) reject("%sthe words are \"%s\", want \"%s\": %s", shown, got, want, wrong->why);
    reject("%sthe words are \"%s\", want \"%s\"", shown, got, want);
}

static const char ONES[] = "every count is 1: count[id[i]] is to be counted, not count[i]";
static const char ASCENDING[] = "the rarest come first: the comparison has the wrong sign";
static const char AS_IN_TEXT[] = "they stand in the order of the text: sort them by how often they occur";
static const char ALPHABET[] = "they are in byte order, whatever their count: compare the counts first";

void vocab_counts(void) {
    judge_vocab("b a c c b c d c d d c d b a", 1, 100, "c d b a",
                (WrongList[]){{ASCENDING, "a b d c"}, {AS_IN_TEXT, "b a c d"}, {ALPHABET, "a b c d"}, {"there are none: is `most` taken for `least_count`?", ""}, {"they are in reverse byte order, whatever their count: compare the counts first", "d c b a"}, {NULL, NULL}});
    judge_vocab("end , the cat , the dog , the\nthe cat the cat cat dog ,\nend dog cat the\n", 1, 100, "the cat , dog end",
                (WrongList[]){{ASCENDING, "end dog , cat the"}, {AS_IN_TEXT, "end , the cat dog"}, {ALPHABET, ", cat dog end the"}, {ONES, ", cat dog end the"}, {NULL, NULL}});
    expect_int("an empty text: the size of the vocabulary", vocab_of("", 1, 100).size, WORDS_SPECIAL);
}

void vocab_ties(void) {
    static const char REVERSED[] = "of equally frequent words the last in byte order comes first: it is the other way round";
    static const char BY_PLACE[] = "equally frequent words stand in the order of the text: strcmp decides, so that the vocabulary is the same whatever the order";
    static const char BY_LENGTH[] = "equally frequent words are in order of their length: strcmp decides";
    judge_vocab("pear fig apple fig kiwi pear kiwi apple fig pear", 1, 100, "fig pear apple kiwi",
                (WrongList[]){{REVERSED, "pear fig kiwi apple"}, {BY_PLACE, "pear fig apple kiwi"}, {BY_LENGTH, "fig pear kiwi apple"}, {ASCENDING, "apple kiwi fig pear"}, {NULL, NULL}});
    judge_vocab("zoo Zoo apple Zoological a a zoo apple Zoo Zoological", 1, 100, "Zoo Zoological a apple zoo",
                (WrongList[]){{REVERSED, "zoo apple a Zoological Zoo"}, {BY_PLACE, "zoo Zoo apple Zoological a"},
                              {"capital and small letters are taken for the same: in byte order, which is strcmp's, all capitals come first", "a apple zoo Zoo Zoological"},
                              {"capital and small letters are taken for the same: in byte order, which is strcmp's, all capitals come first", "a apple Zoo zoo Zoological"},
                              {BY_LENGTH, "a Zoo zoo apple Zoological"},
                              {BY_LENGTH, "a zoo Zoo apple Zoological"},
                              {NULL, NULL}});
    judge_vocab("a aa aaa aa a aaa", 1, 100, "a aa aaa", (WrongList[]){{REVERSED, "aaa aa a"}, {NULL, NULL}});
    char *many = xprintf("%s", "");
    for (int i = 0; i < 300; i++) many = xprintf("%s w%03d%s%s", many, i, i > 149 ? xprintf(" w%03d", i) : "", i > 279 ? xprintf(" w%03d", i) : "");
    many = xprintf("%s %s", many, many);
    Words w = vocab_of(many, 1, 1000);
    expect_int("a text of 300 different words: the size of the vocabulary, the four special ones included", w.size, 304);
    for (int i = 0; i < 300; i++) {
        char *want = xprintf("w%03d", i < 20 ? 280 + i : i < 150 ? 130 + i : i - 150);
        if (strcmp(w.word[WORDS_SPECIAL + i], want) != 0) reject("a text of 300 different words, w280 ... w299 six times, w150 ... w279 four times, the others twice: word %d is \"%s\", want \"%s\"", WORDS_SPECIAL + i, w.word[WORDS_SPECIAL + i], want);
    }
}

void vocab_limits(void) {
    static const char EXACTLY[] = "words that occur exactly least_count times are left out: they occur often enough (>=)";
    static const char NO_LEAST[] = "rare words are there: those that occur less than least_count times are left out, and become <unk>";
    static const char ONE_LESS[] = "words that occur least_count - 1 times are there, too";
    static const char NO_MOST[] = "there are more than `most` words: only that many of the first ones stay";
    static const char BEFORE_SORT[] = "`most` counts before the words are sorted: so the first of the text stay, not the most frequent";
    static const char WITH_SPECIAL[] = "the special words are counted in `most`: it is how many come after them";
    const char *text = "rare d c b b a c a d b c a b a a", all[] = "a b c d rare";
    judge_vocab(text, 2, 100, "a b c d", (WrongList[]){{EXACTLY, "a b c"}, {NO_LEAST, all}, {NULL, NULL}});
    judge_vocab(text, 4, 100, "a b", (WrongList[]){{EXACTLY, "a"}, {NO_LEAST, all}, {ONE_LESS, "a b c"}, {NULL, NULL}});
    judge_vocab(text, 6, 100, "", (WrongList[]){{NO_LEAST, all}, {ONE_LESS, "a"}, {NULL, NULL}});
    judge_vocab(text, 1, 3, "a b c",
                (WrongList[]){{NO_MOST, all}, {BEFORE_SORT, "c d rare"}, {"there is one word too many: at most `most`", "a b c d"}, {WITH_SPECIAL, ""}, {"there is one word too few: up to `most`", "a b"}, {NULL, NULL}});
    judge_vocab(text, 1, 5, all, (WrongList[]){{EXACTLY, "a b c d"}, {WITH_SPECIAL, "a"}, {NULL, NULL}});
    judge_vocab(text, 1, 0, "", (WrongList[]){{NO_MOST, all}, {NULL, NULL}});
    // special words in the text take nobody's place
    judge_vocab("<unk> of <unk>\n<unk> is <unk>\n\n\nof", 1, 2, "of is",
                (WrongList[]){{"<unk> and <eos> of the text take the place of words: they are in the vocabulary already, and count nothing in `most`. The words begin at WORDS_SPECIAL", ""},
                              {"<unk> and <eos> of the text take the place of words: they are in the vocabulary already, and count nothing in `most`. The words begin at WORDS_SPECIAL", "of"},
                              {WITH_SPECIAL, ""},
                              {NULL, NULL}});
    Words w = vocab_of("<unk> of <unk>\n", 1, 100);
    expect_int("<unk> and a newline in a text with one other word: the size of the vocabulary", w.size, WORDS_SPECIAL + 1);
}

// --- sequences ---

// Names as ids, each with <eos> behind it: 10 11 12, 13, 14 15, 16 17 18 19, 20 21 22.
static const int IDS[] = {10, 11, 12, WORD_EOS, 13, WORD_EOS, 14, 15, WORD_EOS, 16, 17, 18, 19, WORD_EOS, 20, 21, 22, WORD_EOS};
enum { ID_COUNT = sizeof IDS / sizeof *IDS, UNTOUCHED = -77 };

typedef enum {
    PADDED, NO_BOS, BOS_IN_Y, EOS_IN_X, NO_EOS, NO_SHIFT, BATCH_TIME, IN_ORDER, PAD_EOS_Y, PAD_EOS_BOTH, RUNS_ON_Y, RUNS_ON_X, RUNS_ON, LEFT_Y, LEFT_X, LEFT_BOTH, PADDED_BEFORE, BOS_IS_EOS, REPEATS
} SequenceBug;

static const struct { SequenceBug bug; const char *why; } SEQUENCE_KNOWN[] = {
    {NO_BOS, "<bos> is missing: x begins with it, and lags one place behind y. Else the model would see what it is to predict"},
    {NO_SHIFT, "x and y are the same but for <bos> in place 0: x[t] is what stands before y[t], x = <bos> e m m a, y = e m m a <eos>"},
    {BOS_IN_Y, "y begins with <bos>: y is what comes next, x = <bos> e m m a, y = e m m a <eos>"},
    {EOS_IN_X, "<eos> stands in x behind the last letter: nothing comes after it, so x ends with the last letter, and then there is <pad>"},
    {NO_EOS, "<eos> is missing: y ends with it, so that the model learns where a name ends. length[b] counts it"},
    {BOS_IS_EOS, "x begins with <eos>: there is a special word for the beginning, <bos>"},
    {BATCH_TIME, "x and y are laid out as (B,T): time comes first here, x[t*B + b]"},
    {IN_ORDER, "the ids are those of the first B sequences: sequence b is number which[b], from s->start[which[b]] on"},
    {PAD_EOS_Y, "behind the end y goes on with <eos>: those places would be counted in the loss, and most of the loss would be about nothing. op_cross_entropy leaves out <pad>, and <pad> only"},
    {PAD_EOS_BOTH, "behind the end stands <eos>: those places would be counted in the loss. op_cross_entropy leaves out <pad>, and <pad> only"},
    {RUNS_ON_Y, "behind the end y runs on into the next sequence: those places would be counted in the loss. Behind the end stands <pad>"},
    {RUNS_ON_X, "behind the end x runs on into the next sequence: behind the end stands <pad>, in x and in y"},
    {RUNS_ON, "behind the end x and y run on into the next sequence: behind the end stands <pad>. Those places of y would be counted in the loss"},
    {LEFT_Y, "behind the end y is left as it was, with whatever the last batch had there: those places would be counted in the loss. Write <pad> there"},
    {LEFT_X, "behind the end x is left as it was, with whatever the last batch had there: write <pad> there"},
    {LEFT_BOTH, "behind the end x and y are left as they were, with whatever the last batch had there: those places of y would be counted in the loss. Write <pad> there"},
    {PADDED_BEFORE, "<pad> stands before the beginning: it comes behind the end, so that every sequence begins at place 0, where the state is zeros"},
    {REPEATS, "behind the end the last id is repeated: behind the end stands <pad>, in x and in y"},
};

// x and y (T,B), or (B,T) with that bug.
static void batch_plainly(const Sequences *s, const int *which, int B, int T, int *x, int *y, SequenceBug bug) {
    for (int b = 0; b < B; b++)
        for (int t = 0; t < T; t++) {
            int n = bug == IN_ORDER ? b : which[b], length = s->length[which[b]], at = bug == BATCH_TIME ? b * T + t : t * B + b, place = bug == PADDED_BEFORE ? t - (T - length) : t;
            const int *id = s->id + s->start[n];
            bool inside = place >= 0 && place < length;
            size_t next = s->start[n] + (size_t)t;
            x[at] = !inside ? WORD_PAD : place == 0 ? WORD_BOS : id[place - 1];
            y[at] = !inside ? WORD_PAD : id[place];
            if (bug == NO_BOS && inside) x[at] = id[place];
            if (bug == NO_SHIFT && inside) x[at] = place == 0 ? WORD_BOS : id[place];
            if (bug == BOS_IN_Y && inside) y[at] = place == 0 ? WORD_BOS : id[place - 1];
            if (bug == EOS_IN_X && place == length) x[at] = WORD_EOS;
            if (bug == NO_EOS && place == length - 1) y[at] = WORD_PAD;
            if (bug == BOS_IS_EOS && place == 0) x[at] = WORD_EOS;
            if (inside) continue;
            bool in_y = bug == PAD_EOS_Y || bug == PAD_EOS_BOTH, far = next >= ID_COUNT;
            if (in_y) y[at] = WORD_EOS;
            if (bug == PAD_EOS_BOTH) x[at] = WORD_EOS;
            if (bug == RUNS_ON || bug == RUNS_ON_Y) y[at] = far ? UNTOUCHED : s->id[next];
            if (bug == RUNS_ON || bug == RUNS_ON_X) x[at] = far ? UNTOUCHED : s->id[next - 1];
            if (bug == LEFT_BOTH || bug == LEFT_Y) y[at] = UNTOUCHED;
            if (bug == LEFT_BOTH || bug == LEFT_X) x[at] = UNTOUCHED;
            if (bug == REPEATS) x[at] = id[length - 2], y[at] = id[length - 1];
        }
}

// "<bos> 10 11 <pad>" of example b.
static char *ids_text(const int *id, int T, int B, int b) {
    static const char *SPECIAL[] = {"<pad>", "<unk>", "<bos>", "<eos>"};
    char *text = xprintf("%s", "");
    for (int t = 0; t < T; t++) {
        int one = id[t * B + b];
        char *word = one >= 0 && one < WORDS_SPECIAL ? xprintf("%s", SPECIAL[one]) : one == UNTOUCHED ? xprintf("(as it was)") : xprintf("%d", one);
        text = xprintf("%s%s%s", text, t ? " " : "", word);
    }
    return text;
}

static void judge_batch(const int *which, int B) {
    int *ids = given_ints(IDS, ID_COUNT), T = 0, *nth = given_ints(which, (size_t)B);
    Sequences s = sequences_of(ids, ID_COUNT, 100);
    char *what = xprintf("sequences of");
    for (int b = 0; b < B; b++) {
        T = max_int(T, s.length[which[b]]);
        what = xprintf("%s%s %d", what, b ? "," : "", s.length[which[b]] - 1);
    }
    what = xprintf("%s ids (and <eos>) side by side: ", what);
    size_t n = (size_t)(T * B), bytes = n * sizeof(int);
    int *x = xmalloc(bytes), *y = xmalloc(bytes), *want_x = xmalloc(bytes), *want_y = xmalloc(bytes), *length = xmalloc((size_t)B * sizeof(int));
    for (size_t i = 0; i < n; i++) x[i] = y[i] = UNTOUCHED;
    for (int b = 0; b < B; b++) length[b] = UNTOUCHED;
    int got = sequences_batch(&s, nth, B, x, y, length);
    if (got != T) {
        int all = 0;
        for (int b = 0; b < B; b++) all += s.length[which[b]];
        reject("%sT is %d, want %d%s", what, got, T,
               got == s.longest ? ": that is the length of the longest sequence of all (s->longest); T is that of the longest one in this batch" : got == T - 1 ? ": <eos> counts, too, as s->length has it"
               : got == all ? ": that is the sum of the lengths; T is the greatest of them" : got == T + 1 ? ": <bos> stands in x only, <eos> in y only, so both have as many places as s->length says"
               : got == s.length[which[B - 1]] ? ": that is the length of the last sequence; T is the greatest of them" : ": T is the greatest length");
    }
    for (int b = 0; b < B; b++)
        if (length[b] == UNTOUCHED) reject("%slength[%d] is left as it was, want %d: it is what sequence b has, <eos> included", what, b, s.length[which[b]]);
        else if (length[b] != s.length[which[b]])
            reject("%slength[%d] is %d, want %d%s", what, b, length[b], s.length[which[b]], length[b] == s.length[b] ? ": it is the length of sequence which[b], not b" : ": <eos> counts, <bos> and <pad> do not");
    batch_plainly(&s, which, B, T, want_x, want_y, PADDED);
    if (memcmp(x, want_x, bytes) == 0 && memcmp(y, want_y, bytes) == 0) return;
    int *bad_x = xmalloc(bytes), *bad_y = xmalloc(bytes);
    for (size_t i = 0; i < sizeof SEQUENCE_KNOWN / sizeof *SEQUENCE_KNOWN; i++) {
        batch_plainly(&s, which, B, T, bad_x, bad_y, SEQUENCE_KNOWN[i].bug);
        if (memcmp(x, bad_x, bytes) == 0 && memcmp(y, bad_y, bytes) == 0) reject("%s%s", what, SEQUENCE_KNOWN[i].why);
    }
    for (int b = 0; b < B; b++)
        for (int part = 0; part < 2; part++) {
            char *have = ids_text(part ? y : x, T, B, b), *want = ids_text(part ? want_y : want_x, T, B, b);
            if (strcmp(have, want) != 0) reject("%s%c of sequence %d is %s, want %s", what, part ? 'y' : 'x', b, have, want);
        }
}

void sequences_side_by_side(void) {
    judge_batch((int[]){0}, 1);
    judge_batch((int[]){4, 0}, 2);
    judge_batch((int[]){0, 4, 0}, 3);
    judge_batch((int[]){1}, 1);
}

void sequences_filled_up(void) {
    judge_batch((int[]){1, 3, 2}, 3);
    judge_batch((int[]){2, 1}, 2);
    judge_batch((int[]){0, 2, 1, 1}, 4);
    judge_batch((int[]){3, 1, 4}, 3);
}
