// sinusoid.h, from lesson 07: positions as waves of many lengths.
#ifndef SINUSOID_H
#define SINUSOID_H

// The positions 0 .. T-1 as vectors of C numbers, into table (T,C); C even:
//     table[t][2i] = sin(t / 10000^(2i/C))      table[t][2i+1] = cos(t / 10000^(2i/C))
// Source: Vaswani et al., "Attention is all you need", 2017, section 3.5.
void sinusoid(int T, int C, float *table);

#endif
