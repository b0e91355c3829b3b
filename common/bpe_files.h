// bpe_files.h, from lesson 10: a vocabulary as GPT-2 has it, vocab.json and merges.txt.
#ifndef BPE_FILES_H
#define BPE_FILES_H

#include "bpe.h"

// vocab.json says which id each token has, merges.txt which tokens merge, the earlier line first. As JSON knows characters and not bytes, each byte is
// written as a character that can be seen: those of ASCII and Latin-1 that can be as themselves, the other 68 as those from U+0100 on. A token of more
// than one byte that no merge makes is special, such as <|endoftext|>.
// On failure (no such file, no JSON, a merge of tokens that are not there, ...): false, one line in e, nothing to free.
bool bpe_read(Bpe *b, const char *vocab, const char *merges, Error *e);
// Both files, into a directory that is made where it is missing.
bool bpe_write(const Bpe *b, const char *dir, Error *e);

// A byte's character in these files, as UTF-8 into text[0..3); how many bytes.
int bpe_visible(unsigned char byte, char *text);

#endif
