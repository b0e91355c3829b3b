// streams.h of 10-bpe: encode and decode from stdin to stdout, of any length.
#ifndef STREAMS_H
#define STREAMS_H

#include "bpe.h"

// The text on stdin becomes ids with spaces between them, and back. special: see bpe_encode.h. They end the program where something cannot be read or
// written, or is no id.
void stream_encode(const char *lesson, const Bpe *b, bool special);
void stream_decode(const char *lesson, const Bpe *b);

#endif
