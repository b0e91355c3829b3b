// text.c, from lesson 01: a text file as numbers, and its split into train, validation and test.
#include "text.h"
#include "file.h"
#include "shuffle.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST_NAME = 40, FEWEST_NAMES = 10, SHORTEST_TEXT = 20, SPLIT_SEED = 42 };

// --- where a data set lies ---

static char *find(const char *data) {
    const char *folder = getenv("LM_DATASETS");
    const char *place[] = {folder ? folder : "datasets", "datasets", "build/data"};
    for (int i = 0; i < 3; i++) {
        char *path = xprintf("%s/%s.txt", place[i], data);
        if (!strchr(data, '/') && file_exists(path)) return path;
        free(path);
    }
    return xprintf("%s", data);
}

static bool not_found(const char *data, Error *e) {
    static const char *fetched[] = {"names", "shakespeare", "wikitext2-train", "wikitext2-valid", "wikitext2-test",
                                    "tinystories-train", "tinystories-valid"};
    for (size_t i = 0; i < sizeof fetched / sizeof *fetched; i++)
        if (strcmp(data, fetched[i]) == 0)
            return error(e, "the data set %s is not here: fetch it with datasets/fetch.sh %.*s, or use --data given-names or tales, which need no network",
                         data, (int)strcspn(data, "-"), data);
    if (strcmp(data, "tales") == 0 || strcmp(data, "tales-long") == 0) return error(e, "the built-in data set %s has not been made yet: `make build` makes it", data);
    return error(e, "there is no data set and no file called \"%s\": want given-names, tales, one of datasets/fetch.sh, or the path of a text file", data);
}

// --- names: lines of a file ---

typedef struct {
    const unsigned char *start;
    int length;
} Line;

// Every line that is not blank, without its line ending. Free the result.
static Line *cut_lines(const unsigned char *bytes, size_t size, int *count) {
    size_t most = 1;
    for (size_t i = 0; i < size; i++) most += bytes[i] == '\n';
    Line *line = xmalloc(most * sizeof *line);
    int n = 0;
    for (size_t start = 0, end; start < size; start = end + 1) {
        for (end = start; end < size && bytes[end] != '\n';) end++;
        size_t length = end - start;
        if (length > 0 && bytes[start + length - 1] == '\r') length--;
        if (length > 0) line[n++] = (Line){bytes + start, (int)length};
    }
    *count = n;
    return line;
}

static bool looks_like_names(const Line *line, int count) {
    for (int i = 0; i < count; i++)
        if (line[i].length > LONGEST_NAME || memchr(line[i].start, ' ', (size_t)line[i].length)) return false;
    return count > 1;
}

// --- ids ---

static void build_vocab(Vocab *v, const bool *seen, bool names) {
    memset(v, 0, sizeof *v);
    v->names = names;
    for (int b = 0; b < 256; b++) v->id[b] = -1;
    if (names) {    // the boundary is id 0, whatever else occurs
        v->byte[0] = '\n';
        v->id['\n'] = 0;
        v->size = 1;
    }
    for (int b = 0; b < 256; b++)
        if (seen[b] && v->id[b] < 0) {
            v->byte[v->size] = (unsigned char)b;
            v->id[b] = v->size++;
        }
}

// Writes the names line[order[0]], line[order[1]], ... between boundaries; order NULL: as they come.
static Stream write_names(const Vocab *v, const Line *line, const int *order, int count, int **at) {
    Stream s = {.id = *at, .boundary = 0};
    *(*at)++ = 0;
    for (int i = 0; i < count; i++) {
        Line name = line[order ? order[i] : i];
        for (int j = 0; j < name.length; j++) *(*at)++ = v->id[name.start[j]];
        *(*at)++ = 0;
    }
    s.n = (size_t)(*at - s.id);
    return s;
}

static bool load_names(Text *text, const Line *line, int count, Error *e) {
    if (count < FEWEST_NAMES)
        return error(e, "%s has %d names: want at least %d, so that training, validation and test all get some",
                     text->name, count, FEWEST_NAMES);
    bool seen[256] = {false};
    size_t characters = 0;
    for (int i = 0; i < count; i++) {
        for (int j = 0; j < line[i].length; j++) seen[line[i].start[j]] = true;
        characters += (size_t)line[i].length + 1;
    }
    build_vocab(&text->vocab, seen, true);
    int *order = xmalloc((size_t)count * sizeof *order);
    Split cut = shuffle_split(order, count, SPLIT_SEED);
    int *at = text->storage = xmalloc((2 * characters + 4) * sizeof *at);
    text->all = write_names(&text->vocab, line, NULL, count, &at);
    text->train = write_names(&text->vocab, line, order, cut.train, &at);
    text->val = write_names(&text->vocab, line, order + cut.train, cut.val, &at);
    text->test = write_names(&text->vocab, line, order + cut.train + cut.val, cut.test, &at);
    text->examples = count;
    free(order);
    return true;
}

static bool load_running(Text *text, const unsigned char *bytes, size_t size, Error *e) {
    if (size < SHORTEST_TEXT)
        return error(e, "%s has %zu characters: want at least %d, so that training and validation both get some",
                     text->name, size, SHORTEST_TEXT);
    bool seen[256] = {false};
    for (size_t i = 0; i < size; i++) seen[bytes[i]] = true;
    build_vocab(&text->vocab, seen, false);
    int *id = text->storage = xmalloc(size * sizeof *id);
    for (size_t i = 0; i < size; i++) id[i] = text->vocab.id[bytes[i]];
    size_t cut = size / 10 * 9 + size % 10 * 9 / 10;    // int(0.9 * size), exactly
    text->all = (Stream){id, size, -1};
    text->train = (Stream){id, cut, -1};
    text->val = (Stream){id + cut, size - cut, -1};
    text->test = (Stream){id + size, 0, -1};
    text->examples = 1;
    return true;
}

bool text_read(const char *data, unsigned char **bytes, size_t *size, Error *e) {
    char *path = find(data);
    bool ok = file_exists(path) ? file_read(path, bytes, size, e) : not_found(data, e);
    free(path);
    if (!ok || *size > 0) return ok;
    free(*bytes);
    return error(e, "%s is empty: want a text to learn from", data);
}

bool text_load(Text *text, const char *data, const char *as, Error *e) {
    memset(text, 0, sizeof *text);
    unsigned char *bytes;
    size_t size;
    bool ok = text_read(data, &bytes, &size, e);
    if (!ok) return false;
    int count;
    Line *line = cut_lines(bytes, size, &count);
    text->name = xprintf("%s", data);
    text->names = as ? strcmp(as, "names") == 0 : looks_like_names(line, count);
    ok = text->names ? load_names(text, line, count, e) : load_running(text, bytes, size, e);
    free(line);
    free(bytes);
    if (!ok) text_free(text);
    return ok;
}

void text_free(Text *text) {
    free(text->name);
    free(text->storage);
    memset(text, 0, sizeof *text);
}

const char *vocab_unit(const Vocab *v) { return v->pieces ? v->pieces->unit : "character"; }

int vocab_encode(const Vocab *v, const char *string, size_t length, int *id, Error *e) {
    if (v->pieces) return v->pieces->encode(v->pieces->self, string, length, id, e);
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)string[i];
        id[i] = v->id[c];
        if (id[i] < 0) {
            error(e, c >= 32 && c < 127 ? "the model has never seen the character '%c': it knows %d others"
                                        : "the model has never seen the byte 0x%02x: it knows %d others", c, v->size);
            return -1;
        }
    }
    return (int)length;
}

void vocab_write(const Vocab *v, int id, int before, FILE *out) {
    if (v->pieces) v->pieces->write(v->pieces->self, id, before, out);
    else putc(v->byte[id], out);
}

bool vocab_equal(const Vocab *a, const Vocab *b) {
    if (a->pieces || b->pieces)
        return a->pieces && b->pieces && a->pieces->size == b->pieces->size && memcmp(a->pieces->bytes, b->pieces->bytes, a->pieces->size) == 0;
    return a->size == b->size && a->names == b->names && memcmp(a->byte, b->byte, (size_t)a->size) == 0;
}

char vocab_show(const Vocab *v, int id) { return v->names && id == 0 ? '.' : (char)v->byte[id]; }

char vocab_label(const Vocab *v, int id) {
    char c = vocab_show(v, id);
    return c == '\n' ? '~' : c == ' ' ? '_' : c > 32 && c < 127 ? c : '?';
}
