// fuzz.h: what the fuzz targets share: bytes as a file with a name, numbers at random, and what a good message is.
#ifndef FUZZ_H
#define FUZZ_H

#include "util.h"

#include <stdint.h>

// A target is one function, which clang's libFuzzer calls again and again: each time with bytes that are a little different, chosen so that other
// branches of the code are taken. Whatever the bytes are, a reader either reads them or says in one line what is wrong. A crash, a leak, what
// AddressSanitizer and UBSan find, and a CHECK of the target's own that does not hold are bugs: libFuzzer keeps the bytes, and stops. Returns 0.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// The path of a file that holds these bytes, until the next call with the same `which` (0 or 1). It lies in memory, on no disk.
const char *fuzz_file(int which, const void *bytes, size_t size);
// From 0 to n - 1.
int fuzz_random(unsigned *state, int n);
// Aborts unless the message is one line with an end: nothing that a file holds may push out what is wrong with it.
void fuzz_refused(const Error *e);

#endif
