// seeds.c: what fuzzing begins with: small right inputs of every target, made of files of this repository.
#include "bpe_files.h"
#include "bpe_pieces.h"
#include "bpe_train.h"
#include "file.h"
#include "modelfile.h"
#include "word_pieces.h"

#include <stdlib.h>
#include <string.h>

static const char *folder;
static Error e;

static void must(bool ok) {
    if (!ok) DIE("seeds: %s", e.message);
}

static void seed(const char *target, const char *name, const void *bytes, size_t size) {
    char *dir = xprintf("%s/%s", folder, target), *path = xprintf("%s/%s", dir, name);
    must(file_make_dirs(dir, &e));
    FILE *out = fopen(path, "wb");
    if (!out || fwrite(bytes, 1, size, out) != size || fclose(out) != 0) DIE("seeds: cannot write %s", path);
    free(dir);
    free(path);
}

// The beginning of a file, as a string.
static char *beginning(const char *path, size_t most) {
    unsigned char *bytes;
    size_t size;
    must(file_read(path, &bytes, &size, &e));
    bytes[size < most ? size : most] = 0;
    return (char *)bytes;
}

// The same with carriage returns.
static char *with_returns(const char *text) {
    char *longer = xmalloc(2 * strlen(text) + 1), *at = longer;
    for (const char *c = text; *c; c++) {
        if (*c == '\n') *at++ = '\r';
        *at++ = *c;
    }
    *at = 0;
    return longer;
}

// --- lesson 01 ---

static void texts(const char *names, const char *code) {
    char *returns = with_returns(names);
    seed("01_text", "names", names, strlen(names));
    seed("01_text", "names-crlf", returns, strlen(returns));
    seed("01_text", "code", code, strlen(code));
    free(returns);
}

static void model(void) {
    static const ModelSetting setting[] = {{"order", 2, 4}, {"width", 1, 1000}};
    char *path = xprintf("%s/model", folder);
    int64_t counts[4] = {1, 2, 3, 4};
    float mean[3] = {0.5f, -1, 2};
    Array array[] = {{.name = "counts", .dtype = "I64", .ndim = 2, .shape = {2, 2}, .data = counts}, {.name = "mean", .dtype = "F32", .ndim = 1, .shape = {3}, .data = mean}};
    Vocab vocab = {.size = 2, .byte = {'\n', 'a'}, .names = true};
    unsigned char *bytes;
    size_t size;
    must(modelfile_save(path, "01-bigram", &vocab, array, COUNT(array), modelfile_settings(setting, (int[]){2, 32}, COUNT(setting)), &e));
    must(file_read(path, &bytes, &size, &e));
    seed("01_model", "whole", bytes, size);
    seed("01_model", "cut", bytes, size - 3);
    uint64_t header;
    memcpy(&header, bytes, 8);
    char *open = xmalloc(size);        // '+', the header, a NUL, the data: without the length
    open[0] = '+';
    memcpy(open + 1, bytes + 8, header);
    open[1 + header] = 0;
    memcpy(open + 2 + header, bytes + 8 + header, size - 8 - header);
    seed("01_model", "open", open, size - 6);
    remove(path);
    free(path);
    free(open);
    free(bytes);
}

// --- lesson 10 ---

// vocab.json, a NUL, merges.txt.
static void pair_of_files(const char *name, const char *vocab, const char *merges) {
    char *both = xprintf("%s%c%s", vocab, 0, merges);
    seed("10_files", name, both, strlen(vocab) + 1 + strlen(merges));
    free(both);
}

static Bpe learned(const char *text, int size) {
    BpeWords w = bpe_words_new();
    bpe_words_add_text(&w, (const unsigned char *)text, strlen(text));
    Bpe b = bpe_train(&w, size, TIES_GREATER);
    bpe_words_free(&w);
    bpe_add_token(&b, b.size, (const unsigned char *)"<|endoftext|>", 13, true);
    return b;
}

static void files(const char *code) {
    Bpe b = learned(code, 270);
    must(bpe_write(&b, folder, &e));
    char *vocab_path = xprintf("%s/vocab.json", folder), *merges_path = xprintf("%s/merges.txt", folder);
    char *vocab = beginning(vocab_path, SIZE_MAX), *merges = beginning(merges_path, SIZE_MAX), *returns = with_returns(merges);
    char *more = strstr(vocab, ":255,"), *open = xprintf("+%s", more ? more + 4 : ",}");         // the tokens after the single bytes
    pair_of_files("whole", vocab, merges);
    pair_of_files("whole-crlf", vocab, returns);
    pair_of_files("open", open, merges);
    pair_of_files("open-crlf", open, returns);
    pair_of_files("open-few", "+,\"ab\":256,\"abc\" : 300 }", "a b\nab c\n");
    pair_of_files("open-bytes", "+}", "#version: 0.2\n");
    remove(vocab_path);
    remove(merges_path);
    char *all[] = {vocab_path, merges_path, vocab, merges, returns, open};
    for (int i = 0; i < COUNT(all); i++) free(all[i]);
    bpe_free(&b);
}

static void pieces(const char *code) {
    Bpe b = learned(code, 264);
    Words w = words_of_text(code, strlen(code), 2, 100);
    Pieces tokens = bpe_pieces(&b), words = word_pieces(&w, WORD_EOS);
    seed("10_pieces", "tokens", tokens.bytes, tokens.size);
    seed("10_pieces", "words", words.bytes, words.size);
    bpe_pieces_free(&tokens);
    word_pieces_free(&words);
    words_free(&w);
    bpe_free(&b);
}

static void strange_texts(const char *code) {
    static const char *const text[] = {"\1the cat's hat<|endoftext|>at the<|end\n\n  \t12 345", "\2\xc3\xa9t\xc3\xa9\xff\xfe\x80 \xf0\x9f\x98\x80\xf0\x9f \xe3\x80\x80\xed\xa0\x80 \xc2\xa0x",
                                       "\3aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabababab", "\4          \n\n\n\n\r\n   x  \xe2\x80\xa8 y"};
    char name[2] = "0";
    seed("10_text", "code", code, strlen(code) < 400 ? strlen(code) : 400);
    for (int i = 0; i < COUNT(text); i++, name[0]++) seed("10_text", name, text[i], strlen(text[i]));
}

int main(int argc, char **argv) {
    if (argc != 2) DIE("seeds: want one argument, the directory to write to");
    folder = argv[1];
    must(file_make_dirs(folder, &e));
    char *names = beginning("datasets/given-names.txt", 400), *code = beginning("common/util.h", 1500);
    texts(names, code);
    model();
    files(code);
    pieces(code);
    strange_texts(code);
    free(names);
    free(code);
    return 0;
}
