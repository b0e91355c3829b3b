// grade/decoding.c of 10-bpe: the checks of bpe_decode.
#include "bpe_decode.h"
#include "judges.h"

#include <stdlib.h>
#include <string.h>

enum { UNTOUCHED = 424242, ROOM = 4000 };

// 256 bytes in another order, merges, some of them of half a character, and a special token. There is no token 270.
static Bpe vocabulary(void) {
    Bpe b = bpe_empty();
    for (int i = 0; i < 256; i++) bpe_add_token(&b, (i + 100) % 256, &(unsigned char){(unsigned char)i}, 1, false);
    learn(&b, "t|h th|e \xe2|\x82 \xc3|\xa9 o|\xc3");
    bpe_learn(&b, b.byte[0], b.byte['z']);
    bpe_add_token(&b, 275, (const unsigned char *)"<|end|>", 7, true);
    make_exact(&b);
    return b;
}

typedef enum { RIGHT, STOPS_AT_0, TOKEN_TO_0, WITHOUT_0, REPLACED, QUESTION, DROPPED, SKIPS_SPECIAL, SPACES, BACKWARDS, LAST_LOST, FIRST_LOST, ID_AS_BYTE, FIRST_BYTES, ASCII_ONLY, EACH_REPLACED } Bug;

static const struct { Bug bug; const char *why; } KNOWN[] = {
    {STOPS_AT_0, "the text ends at a byte 0: that is a byte like any other, so count with b->length, and copy with memcpy"},
    {TOKEN_TO_0, "a token ends at its byte 0: that is a byte like any other, so copy b->length[id] bytes, with memcpy"},
    {WITHOUT_0, "bytes 0 are left out: they are bytes like any other"},
    {REPLACED, "what is no valid UTF-8 is replaced by U+FFFD: the bytes come through as they are. A token may end inside of a character, and the next one goes on there"},
    {EACH_REPLACED, "every token is made valid UTF-8 by itself, so a character that two tokens share is lost: join all bytes, and change none"},
    {QUESTION, "bytes from 128 on become question marks: the bytes come through as they are"},
    {DROPPED, "what is no valid UTF-8 is left out: the bytes come through as they are. A token may end inside of a character, and the next one goes on there"},
    {ASCII_ONLY, "bytes from 128 on are left out: the bytes come through as they are"},
    {SKIPS_SPECIAL, "special tokens are left out: they have bytes like the others, and decoding gives those back"},
    {SPACES, "there are spaces between the tokens: a token holds its space itself, if it has one"},
    {BACKWARDS, "the tokens stand in the order from the last to the first"},
    {LAST_LOST, "the last token is missing"},
    {FIRST_LOST, "the first token is missing"},
    {ID_AS_BYTE, "an id is taken for the byte of this value: it is b->token[id], b->length[id] bytes"},
    {FIRST_BYTES, "each token brings its first byte only: it has b->length[id] of them"},
};

// How long the character at text[i] is; 0: no valid UTF-8. (As far as the texts here need it.)
static size_t character_at(const unsigned char *text, size_t n, size_t i) {
    size_t length = text[i] < 0x80 ? 1 : text[i] < 0xc2 ? 0 : text[i] < 0xe0 ? 2 : text[i] < 0xf0 ? 3 : text[i] < 0xf5 ? 4 : 0;
    if (i + length > n) return 0;
    for (size_t k = 1; k < length; k++)
        if ((text[i + k] & 0xc0) != 0x80) return 0;
    return length;
}

static size_t made_valid(const unsigned char *text, size_t n, unsigned char *out, bool replace) {
    size_t m = 0;
    for (size_t i = 0; i < n;) {
        size_t length = character_at(text, n, i);
        if (length > 0) memcpy(out + m, text + i, length), m += length;
        else if (replace) memcpy(out + m, "\xef\xbf\xbd", 3), m += 3;
        i += length > 0 ? length : 1;
    }
    return m;
}

static size_t decode_plainly(const Bpe *b, const int *id, size_t n, unsigned char *out, Bug bug) {
    unsigned char raw[ROOM];
    size_t m = 0;
    for (size_t i = bug == FIRST_LOST ? 1 : 0; i < n - (bug == LAST_LOST && n > 0); i++) {
        int k = id[bug == BACKWARDS ? n - 1 - i : i], length = bug == FIRST_BYTES ? 1 : b->length[k];
        if (bug == SKIPS_SPECIAL && b->special[k]) continue;
        if (bug == ID_AS_BYTE) {
            raw[m++] = (unsigned char)k;
            continue;
        }
        if (bug == EACH_REPLACED) {
            m += made_valid(b->token[k], (size_t)length, raw + m, true);
            continue;
        }
        for (int j = 0; j < length; j++) {
            unsigned char c = b->token[k][j];
            if (c == 0 && bug == TOKEN_TO_0) break;
            if ((c == 0 && bug == WITHOUT_0) || (c > 127 && bug == ASCII_ONLY)) continue;
            raw[m++] = bug == QUESTION && c > 127 ? '?' : c;
        }
        if (bug == SPACES && i + 1 < n) raw[m++] = ' ';
    }
    CHECK(m < ROOM / 3, "decode_plainly: %zu bytes are too many", m);
    if (bug == REPLACED || bug == DROPPED) return made_valid(raw, m, out, bug == REPLACED);
    if (bug == STOPS_AT_0 && m > 0 && memchr(raw, 0, m)) m = (size_t)((unsigned char *)memchr(raw, 0, m) - raw);
    memcpy(out, raw, m);
    return m;
}

static void judge_text(const Bpe *b, const int *id, int n) {
    unsigned char want[ROOM], bad[ROOM];
    size_t wanted = decode_plainly(b, id, (size_t)n, want, RIGHT), length = UNTOUCHED;
    Error e = {"(nothing)"};
    if_stopped("past the end", "Is there room for the bytes of all tokens, and for the 0 behind them? A token has b->length[id] bytes, and id[] has n ids");
    if_stopped("outside of a local array", "A text may be of any length: count its bytes first, and then ask for memory");
    if_stopped("out of bounds", "A text may be of any length: count its bytes first, and then ask for memory");
    unsigned char *got = bpe_decode(b, given_ints(id, (size_t)n), (size_t)n, &length, &e);
    const char *text = xprintf("the ids %s: ", ids_text(id, n));
    if (!got) reject("%sbpe_decode returns NULL (%s), and yet they are tokens, all of them", text, e.message);
    if (length == UNTOUCHED) reject("%s*length is not set: how many bytes they are, %zu", text, wanted);
    if (length != wanted || memcmp(got, want, wanted) != 0) {
        for (int i = 0; i < COUNT(KNOWN); i++) {
            size_t m = decode_plainly(b, id, (size_t)n, bad, KNOWN[i].bug);
            if (length == m && memcmp(got, bad, m) == 0) reject("%sthe text is %s, want %s: %s", text, bytes_text(got, length), bytes_text(want, wanted), KNOWN[i].why);
        }
        if (length == wanted + 1) reject("%s*length is %zu, want %zu: the 0 behind the bytes is not counted", text, length, wanted);
        if (length == (size_t)n) reject("%s*length is %zu, want %zu: that is how many ids there are. It is how many bytes", text, length, wanted);
        if (length > wanted) reject("%s*length is %zu, want %zu", text, length, wanted);
        reject("%sthe text is %s, want %s", text, bytes_text(got, length), bytes_text(want, wanted));
    }
    if_stopped("past the end", "Behind the bytes stands a 0, which *length does not count: ask for one byte more");
    if (got[wanted] != 0) reject("%sbehind the bytes stands %d, want a 0, which *length does not count", text, got[wanted]);
}

// The ids of some tokens, each given by its bytes, with spaces between them.
static void judge_tokens(const char *tokens) {
    Bpe b = vocabulary();
    int id[100], n = 0;
    for (const char *at = tokens; *at; at += *at == ' ') {
        int length = (int)strcspn(at, " ");
        id[n++] = token_of(&b, xprintf("%.*s", length, at));
        at += length;
    }
    judge_text(&b, id, n);
}

void decode_joins(void) {
    judge_tokens("the th e m e");
    judge_tokens("a");
    judge_tokens("the the the");
    Bpe b = vocabulary();
    judge_text(&b, (int[]){b.byte['o'], b.byte[' '], token_of(&b, "the"), b.byte['\n']}, 4);
    int id[400];
    for (int i = 0; i < 400; i++) id[i] = i % 3 ? b.byte['a' + i % 26] : token_of(&b, "the");
    judge_text(&b, id, 400);
}

void decode_bytes(void) {
    Bpe b = vocabulary();
    const int zero = b.byte[0], half = token_of(&b, "\xe2\x82"), rest = b.byte[0xac], e = token_of(&b, "\xc3\xa9"), oc = token_of(&b, "o\xc3"), end = token_of(&b, "<|end|>"), zero_z = b.merged[b.merges - 1];
    judge_text(&b, (int[]){token_of(&b, "the"), zero, b.byte['m'], zero_z, b.byte['n'], zero}, 6);
    judge_text(&b, (int[]){b.byte['h'], half, rest, oc, b.byte[0xb6], e}, 6);      // h, euro, o, o umlaut, e acute
    judge_text(&b, (int[]){b.byte['h'], half}, 2);
    judge_text(&b, (int[]){b.byte[0xff], half, b.byte['x'], b.byte[0x80], oc}, 5);
    judge_text(&b, (int[]){b.byte['a'], end, token_of(&b, "the"), end}, 4);
    judge_text(&b, (int[]){zero}, 1);
    judge_text(&b, (int[]){0}, 0);
    int all[256];
    for (int i = 0; i < 256; i++) all[i] = b.byte[i];
    judge_text(&b, all, 256);
}

// --- what is no token ---

static bool names(const char *message, int id) {
    char *number = xprintf("%d", id);
    for (const char *at = strstr(message, number); at; at = strstr(at + 1, number)) {
        char before = at > message ? at[-1] : ' ', after = at[strlen(number)];
        if (!(before >= '0' && before <= '9') && before != '-' && !(after >= '0' && after <= '9')) return true;
    }
    return false;
}

static void judge_refusal(const Bpe *b, const int *id, int n, int bad, const char *what) {
    static const char UNSET[] = "(as it was)";
    Error e;
    size_t length = UNTOUCHED;
    strcpy(e.message, UNSET);
    if_stopped("", xprintf("%d is no token: %s. Ask for that before you look at its bytes: NULL, and e names it", bad, what));
    unsigned char *got = bpe_decode(b, given_ints(id, (size_t)n), (size_t)n, &length, &e);
    const char *text = xprintf("the ids %s: ", ids_text(id, n));
    if (got) reject("%s%d is no token (%s), and yet there is a text%s: NULL, and e names the id", text, bad, what, length < ROOM ? xprintf(", %s", bytes_text(got, length)) : "");
    if (strcmp(e.message, UNSET) == 0) reject("%sNULL is right, for %d is no token (%s). But e says nothing: error(e, ...) fills it, as printf would", text, bad, what);
    if (!names(e.message, bad)) reject("%sNULL is right, but e says \"%s\" and does not name the id, %d", text, e.message, bad);
    if (strchr(e.message, '\n')) reject("%se holds more than one line: error(e, ...) makes it one", text);
}

void decode_refuses(void) {
    Bpe b = vocabulary();
    int the = token_of(&b, "the"), end = b.size - 1;
    judge_text(&b, (int[]){the, end, b.byte['o']}, 3);
    judge_refusal(&b, (int[]){the, 99999, the}, 3, 99999, "ids end at b->size - 1");
    judge_refusal(&b, (int[]){the, the, b.size}, 3, b.size, "ids end at b->size - 1");
    judge_refusal(&b, (int[]){-1, the}, 2, -1, "an id below 0");
    judge_refusal(&b, (int[]){the, 270}, 2, 270, "its b->token is NULL, for ids may have gaps");
    judge_refusal(&b, (int[]){the, 270, 271, 99999}, 4, 270, "its b->token is NULL, for ids may have gaps");
}
