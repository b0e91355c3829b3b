// bpe_files.c, from lesson 10: a vocabulary as GPT-2 has it, vocab.json and merges.txt.
#include "bpe_files.h"
#include "file.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TOKENS = 1 << 20, SHOWN = 60 };      // SHOWN: so much of a token or a line in a message, for what is wrong with it comes after it

// --- bytes as characters ---

static bool seen_as_itself(int byte) { return (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || (byte >= 0xAE && byte <= 0xFF); }

static int code_point(int byte) {
    if (seen_as_itself(byte)) return byte;
    int others = 0;
    for (int i = 0; i < byte; i++) others += !seen_as_itself(i);
    return 256 + others;
}

int bpe_visible(unsigned char byte, char *text) {
    int c = code_point(byte);
    if (c < 0x80) {
        text[0] = (char)c;
        return 1;
    }
    text[0] = (char)(0xC0 | c >> 6);        // none is above U+07FF
    text[1] = (char)(0x80 | (c & 0x3F));
    return 2;
}

// The byte of each code point below 324, or -1.
static void bytes_of_code_points(int *byte) {
    for (int c = 0; c < 324; c++) byte[c] = -1;
    for (int i = 0; i < 256; i++) byte[code_point(i)] = i;
}

// The bytes that a token's characters stand for, into bytes[] (room for n); how many, or -1: a character that stands for none.
static int unseen(const int *byte, const char *text, size_t n, unsigned char *bytes) {
    int count = 0;
    for (size_t i = 0; i < n; count++) {
        unsigned char c = (unsigned char)text[i];
        int code = c;
        if (c >= 0x80) {
            if ((c & 0xE0) != 0xC0 || i + 1 >= n) return -1;
            code = (c & 0x1F) << 6 | ((unsigned char)text[i + 1] & 0x3F);
        }
        i += c >= 0x80 ? 2 : 1;
        if (code >= 324 || byte[code] < 0) return -1;
        bytes[count] = (unsigned char)byte[code];
    }
    return count;
}

// --- reading ---

static bool add_tokens(Bpe *b, json_t *vocab, const char *path, const int *byte, Error *e) {
    const char *key;
    json_t *value;
    json_object_foreach(vocab, key, value) {
        size_t n = strlen(key);
        json_int_t id = json_is_integer(value) ? json_integer_value(value) : -1;
        if (id < 0 || id >= MOST_TOKENS) return error(e, "%s: the token \"%.*s\" has no id that is a whole number from 0 to %d", path, SHOWN, key, MOST_TOKENS - 1);
        if (id < b->size && b->token[id]) return error(e, "%s: the tokens \"%.*s\" and another one both have the id %d", path, SHOWN, key, (int)id);
        unsigned char *bytes = xmalloc(n + 1);
        int length = unseen(byte, key, n, bytes);
        if (length > 0) bpe_add_token(b, (int)id, bytes, length, false);
        free(bytes);
        if (length <= 0) return error(e, "%s: the token \"%.*s\" has a character that stands for no byte: is this a vocabulary of GPT-2's kind?", path, SHOWN, key);
    }
    for (int i = 0; i < 256; i++)
        if (b->byte[i] < 0) return error(e, "%s: there is no token for the byte 0x%02x, so not every text can be said", path, i);
    return true;
}

static int id_of(json_t *vocab, const char *text, size_t n) {
    json_t *value = json_object_getn(vocab, text, n);
    return value ? (int)json_integer_value(value) : -1;
}

static bool add_merges(Bpe *b, json_t *vocab, const char *text, const char *path, Error *e) {
    int number = 0;
    for (const char *line = text, *end; *line; line = *end ? end + 1 : end) {
        end = line + strcspn(line, "\n");
        size_t n = (size_t)(end - line);
        number++;
        if (n > 0 && line[n - 1] == '\r') n--;
        if (n == 0 || (number == 1 && strncmp(line, "#version", 8) == 0)) continue;
        const char *space = memchr(line, ' ', n);
        if (!space || memchr(space + 1, ' ', (size_t)(line + n - space - 1))) return error(e, "%s, line %d: want two tokens with a space between them", path, number);
        size_t left = (size_t)(space - line), right = n - left - 1;
        char *both = xmalloc(n);
        memcpy(both, line, left);
        memcpy(both + left, space + 1, right);
        int l = id_of(vocab, line, left), r = id_of(vocab, space + 1, right), id = id_of(vocab, both, left + right);
        free(both);
        if (l < 0 || r < 0 || id < 0) return error(e, "%s, line %d: \"%.*s\" merges tokens, or makes one, that the vocabulary does not have", path, number, n < SHOWN ? (int)n : SHOWN, line);
        bpe_add_merge(b, l, r, id);
    }
    return true;
}

static void find_special(Bpe *b) {
    bool *made = xcalloc((size_t)b->size, sizeof *made);
    for (int i = 0; i < b->merges; i++) made[b->merged[i]] = true;
    for (int i = 0; i < b->size; i++) b->special[i] = b->token[i] && b->length[i] > 1 && !made[i];
    free(made);
}

bool bpe_read(Bpe *b, const char *vocab_path, const char *merges_path, Error *e) {
    unsigned char *json, *merges;
    size_t size, merges_size;
    json_error_t why;
    int byte[324];
    *b = bpe_empty();
    if (!file_read(vocab_path, &json, &size, e)) return false;
    json_t *vocab = json_loadb((const char *)json, size, JSON_REJECT_DUPLICATES, &why);
    free(json);
    if (!json_is_object(vocab)) {
        if (vocab) error(e, "%s: want a JSON object of tokens and their ids", vocab_path);
        else error(e, "%s, line %d: no JSON: %s", vocab_path, why.line, why.text);
        json_decref(vocab);
        return false;
    }
    bytes_of_code_points(byte);
    bool ok = add_tokens(b, vocab, vocab_path, byte, e) && file_read(merges_path, &merges, &merges_size, e);
    if (ok) {
        ok = merges_size > 0 || error(e, "%s is empty: want two tokens a line, that merge", merges_path);
        ok = ok && (strlen((char *)merges) == merges_size || error(e, "%s: there is a NUL in it: want text", merges_path));
        ok = ok && add_merges(b, vocab, (char *)merges, merges_path, e);
        free(merges);
    }
    json_decref(vocab);
    if (ok) find_special(b);
    else bpe_free(b);
    return ok;
}

// --- writing ---

// A token as characters; free it.
static char *seen(const Bpe *b, int id) {
    char *text = xmalloc(2 * (size_t)b->length[id] + 1), *at = text;
    for (int i = 0; i < b->length[id]; i++) at += bpe_visible(b->token[id][i], at);
    *at = 0;
    return text;
}

static bool write_vocab(const Bpe *b, const char *path, Error *e) {
    json_t *vocab = json_object();
    for (int i = 0; i < b->size; i++) {
        if (!b->token[i]) continue;
        char *text = seen(b, i);
        json_object_set_new(vocab, text, json_integer(i));
        free(text);
    }
    char *json = json_dumps(vocab, JSON_COMPACT | JSON_PRESERVE_ORDER);
    json_decref(vocab);
    bool ok = file_write_text(path, json, e);
    free(json);
    return ok;
}

static bool write_merges(const Bpe *b, const char *path, Error *e) {
    NewFile f;
    if (!file_begin(&f, path, e)) return false;
    fputs("#version: 0.2\n", f.out);
    for (int i = 0; i < b->merges; i++) {
        char *left = seen(b, b->pair[i][0]), *right = seen(b, b->pair[i][1]);
        fprintf(f.out, "%s %s\n", left, right);
        free(left);
        free(right);
    }
    return file_commit(&f, e);
}

bool bpe_write(const Bpe *b, const char *dir, Error *e) {
    if (!file_make_dirs(dir, e)) return false;
    char *vocab = xprintf("%s/vocab.json", dir), *merges = xprintf("%s/merges.txt", dir);
    bool ok = write_vocab(b, vocab, e) && write_merges(b, merges, e);
    free(vocab);
    free(merges);
    return ok;
}
