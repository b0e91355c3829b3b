// grade/cutting.c of 10-bpe: the checks of wordpiece_word, by plain loops with room for every bug.
#include "judges.h"
#include "wordpiece.h"

#include <stdlib.h>
#include <string.h>

typedef enum {
    RIGHT, SHORTEST, NO_MARK, MARK_ALWAYS, MARK_FIRST, WITHIN_BY_ITSELF, EITHER, UNK_FOR_REST, UNK_FOR_BYTE, REST_LOST, NOTHING, MARK_COUNTED, LAST_BYTE_LOST, FROM_RIGHT, BACKTRACKS, SPECIAL_FOUND, NO_SINGLE, ONE_SHORTER, EVERY_BYTE_UNK
} Bug;

static const struct { Bug bug; const char *why; } KNOWN[] = {
    {SHORTEST, "the shortest piece that fits is taken: it is the longest, so begin with all that is left, and take away from its end"},
    {NO_MARK, "no piece has ## in front: all but the first are looked for with it, \"##ing\""},
    {MARK_ALWAYS, "every piece has ## in front, the first too: that one is looked for as it is"},
    {MARK_FIRST, "the first piece has ## in front, and the others do not: it is the other way round"},
    {EITHER, "a piece within the word is taken without ## where there is none with it: only those with ## go on within a word"},
    {WITHIN_BY_ITSELF, "a piece within the word is taken without ## before it is looked for with it: only those with ## go on within a word"},
    {UNK_FOR_REST, "what was found stays, and [UNK] stands for the rest: the whole word is one [UNK]"},
    {UNK_FOR_BYTE, "[UNK] stands for one byte, and it goes on behind it: the whole word is one [UNK]"},
    {EVERY_BYTE_UNK, "there is one [UNK] for each byte: the whole word is one [UNK]"},
    {REST_LOST, "what was found stays, and the rest is lost: the whole word is one [UNK]"},
    {NOTHING, "there are no pieces at all: a word that cannot be cut is one [UNK]"},
    {MARK_COUNTED, "behind a piece with ## two bytes are passed over: ## is not in the word"},
    {LAST_BYTE_LOST, "the last byte of the word is in no piece: the longest that is left goes up to n"},
    {ONE_SHORTER, "a piece is never all that is left: begin with n - at bytes"},
    {NO_SINGLE, "a piece of one byte is never found: take away from the end until one byte is left"},
    {FROM_RIGHT, "it is cut from the right on: it is from the left on, always the longest piece that the rest begins with"},
    {BACKTRACKS, "where nothing fits it goes back and tries a shorter piece: WordPiece does not, the word is one [UNK] then"},
    {SPECIAL_FOUND, "a special word is found in the text: they are no pieces, so an id below WORDS_SPECIAL is as good as none"},
};

static int find(const Words *w, const char *start, int length, bool mark) {
    char *piece = xprintf("%s%.*s", mark ? "##" : "", length, start);
    int id = WORD_UNK;
    for (int i = 0; i < w->size; i++)
        if (strcmp(w->word[i], piece) == 0) id = i;
    free(piece);
    return id;
}

static int find_with(const Words *w, const char *start, int length, bool first, Bug bug) {
    bool mark = bug == NO_MARK ? false : bug == MARK_ALWAYS ? true : bug == MARK_FIRST ? first : !first;
    int id = find(w, start, length, mark), bare = find(w, start, length, false);
    if (id < WORDS_SPECIAL && bug != SPECIAL_FOUND) id = WORD_UNK;
    if (bare < WORDS_SPECIAL) bare = WORD_UNK;
    if (!first && ((bug == EITHER && id == WORD_UNK) || (bug == WITHIN_BY_ITSELF && bare != WORD_UNK))) return bare;
    return id;
}

// With backtracking: all of it, or false.
static bool cut_back(const Words *w, const char *word, int at, int n, int *id, int *count) {
    if (at == n) return true;
    for (int length = n - at; length > 0; length--) {
        int found = find_with(w, word + at, length, at == 0, RIGHT), before = *count;
        if (found == WORD_UNK) continue;
        id[(*count)++] = found;
        if (cut_back(w, word, at + length, n, id, count)) return true;
        *count = before;
    }
    return false;
}

static int unknown(int *id) {
    id[0] = WORD_UNK;
    return 1;
}

static int from_right(const Words *w, const char *word, int n, int *id) {
    int count = 0, turned[300];
    for (int end = n; end > 0;) {
        int start = 0, found = WORD_UNK;
        for (; start < end && found == WORD_UNK; start += found == WORD_UNK) found = find_with(w, word + start, end - start, start == 0, RIGHT);
        if (found == WORD_UNK) return unknown(id);
        turned[count++] = found;
        end = start;
    }
    for (int i = 0; i < count; i++) id[i] = turned[count - 1 - i];
    return count;
}

static int cut_plainly(const Words *w, const char *word, int n, int *id, Bug bug) {
    int count = 0;
    if (bug == BACKTRACKS) return cut_back(w, word, 0, n, id, &count) ? count : unknown(id);
    if (bug == FROM_RIGHT) return from_right(w, word, n, id);
    for (int at = 0; at < n - (bug == LAST_BYTE_LOST);) {
        int found = WORD_UNK, length = 0, most = n - at - (bug == ONE_SHORTER || bug == LAST_BYTE_LOST), least = bug == NO_SINGLE ? 2 : 1;
        for (int k = least; k <= most && found == WORD_UNK; k++) {
            length = bug == SHORTEST ? k : most + least - k;
            found = find_with(w, word + at, length, at == 0, bug);
        }
        if (found == WORD_UNK) {
            if (bug == NOTHING) return 0;
            if (bug == REST_LOST) return count;
            if (bug == EVERY_BYTE_UNK) {
                for (int i = 0; i < n; i++) id[i] = WORD_UNK;
                return n;
            }
            if (bug == UNK_FOR_REST) {
                id[count++] = WORD_UNK;
                return count;
            }
            if (bug != UNK_FOR_BYTE) return unknown(id);
            length = 1;
        }
        id[count++] = found;
        at += length + (bug == MARK_COUNTED && at > 0 ? 2 : 0);
    }
    return count;
}

static const char *pieces_text(const Words *w, const int *id, int n) {
    enum { MOST = 20 };
    const char *text = n > 0 ? "" : "nothing";
    for (int i = 0; i < n && i < MOST; i++) text = xprintf("%s%s%s", text, i ? " " : "", id[i] == WORD_UNK ? "[UNK]" : id[i] >= 0 && id[i] < w->size ? w->word[id[i]] : xprintf("(no piece, id %d)", id[i]));
    return n > MOST ? xprintf("%s ... (%d in all)", text, n) : text;
}

// Words that tell most mistakes apart: an answer is a suspect's if it is that in all of them, too.
static const char *const PROBES[] = {"abcd", "abcdab", "abce", "a", "ab", "abb", "played", "playing", "plays", "unplayable", "hugx", "abc", "xyab", "xz", "xzy", "zhug", "hughug", "<pad>", "<unk>"};

static bool cut_is(const Words *w, const char *text, int n, Bug bug) {
    char *word = (char *)exact_bytes(text, (size_t)n);
    int *got = xmalloc((size_t)n * sizeof *got), *bad = xmalloc(((size_t)n + 1) * sizeof *bad), count = wordpiece_word(w, word, n, got);
    return same_ids(got, count, bad, cut_plainly(w, word, n, bad, bug));
}

static bool all_cuts_are(const Words *w, Bug bug) {
    for (int i = 0; i < COUNT(PROBES); i++)
        if (!cut_is(w, PROBES[i], (int)strlen(PROBES[i]), bug)) return false;
    return true;
}

static void judge_cut(const Words *w, const char *text, int n) {
    char *word = (char *)exact_bytes(text, (size_t)n);
    int *got = xmalloc((size_t)n * sizeof *got), *want = xmalloc(((size_t)n + 1) * sizeof *want), wanted = cut_plainly(w, word, n, want, RIGHT);
    if_stopped("past the end", "word has n bytes, and no 0 behind them; id has room for n ids; and a piece is ## and up to n bytes");
    if_stopped("outside of a local array", "A word may be of any length: a piece is ## and up to n bytes");
    if_stopped("out of bounds", "A word may be of any length: a piece is ## and up to n bytes");
    if_stopped("was not done", "Behind a piece `at` goes on by its length, and a piece of length 0 is none: then the word cannot be cut");
    int count = wordpiece_word(w, word, n, got);
    if (memcmp(word, text, (size_t)n) != 0) reject("the word is changed: it is only to be read");
    if (same_ids(got, count, want, wanted)) return;
    const char *what = xprintf("word \"%.*s\"%s: ", min_int(n, 60), text, n > 60 ? xprintf(" ... (%d bytes)", n) : "");
    if (count < 0 || count > n) reject("%swordpiece_word returns %d, want %d: how many pieces there are", what, count, wanted);
    for (int i = 0; i < COUNT(KNOWN) && n <= 60; i++)
        if (cut_is(w, text, n, KNOWN[i].bug) && all_cuts_are(w, KNOWN[i].bug)) reject("%sthe pieces are %s, want %s: %s", what, pieces_text(w, got, count), pieces_text(w, want, wanted), KNOWN[i].why);
    if (wanted > 0 && memcmp(got, want, (size_t)wanted * sizeof *got) == 0 && want[0] != WORD_UNK) reject("%sthe pieces are right, but wordpiece_word returns %d, want %d: how many they are", what, count, wanted);
    for (int i = 0; i < COUNT(KNOWN) && n <= 60; i++)
        if (cut_is(w, text, n, KNOWN[i].bug)) reject("%sthe pieces are %s, want %s: %s", what, pieces_text(w, got, count), pieces_text(w, want, wanted), KNOWN[i].why);
    if (want[0] == WORD_UNK && got[0] == WORD_UNK) reject("%sid[0] is [UNK], but wordpiece_word returns %d, want 1: there is one for the whole word", what, count);
    reject("%sthe pieces are %s, want %s", what, pieces_text(w, got, count), pieces_text(w, want, wanted));
}

static void judge_cuts(const Words *w, const char *words) {
    for (const char *at = words; *at; at += *at == ' ') {
        int n = (int)strcspn(at, " ");
        judge_cut(w, at, n);
        at += n;
    }
}

static Words pieces_of(const char *pieces) {
    Words w = words_special();
    for (const char *at = pieces; *at; at += *at == ' ') {
        int n = (int)strcspn(at, " ");
        words_add(&w, at, n);
        at += n;
    }
    return w;
}

// Every piece of a word is there with ## and without, so that only lengths decide.
static const char LENGTHS[] = "a ##a b ##b c ##c d ##d ab ##ab abc ##abc bc ##bc cd ##cd bcd ##bcd da ##da dab ##dab abcda ##abcda ##e";
static const char ENGLISH[] = "play p l a y i n g un able ing ##play ##p ##l ##a ##y ##ing ##i ##n ##g ##able ##ab ##le ##ed ##e playing# ##er ##s s";
static const char NARROW[] = "ab a ##bc ##b un ##un h ##ug hug ##g ##gs ##bb x ##y < ##p ##a ##d";

void wordpiece_longest(void) {
    Words w = pieces_of(LENGTHS);
    judge_cuts(&w, "abcd abcdab abce bcdabc dabcdab a abcda aabbc cdcdab");
    char word[500];
    for (int i = 0; i < 500; i++) word[i] = "abcdabc"[i % 7];
    judge_cut(&w, word, 500);
}

void wordpiece_marks(void) {
    Words w = pieces_of(ENGLISH);
    judge_cuts(&w, "playing unplayable plays pla played sing un a ingplay gling");
    judge_cut(&w, "", 0);
}

void wordpiece_unknown(void) {
    Words w = pieces_of(NARROW);
    judge_cuts(&w, "hugx xz zhug abc hugs xyab q zz hug <pad> <unk> ab");
}
