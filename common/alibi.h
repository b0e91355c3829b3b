// alibi.h, from lesson 07: attention that finds far tokens less interesting, by a slope of its own for each head.
#ifndef ALIBI_H
#define ALIBI_H

// The slopes of NH heads, into slope (NH): a geometric series that begins at 2^(-8/NH) and has that as its ratio:
//     8 heads: 1/2, 1/4, ... 1/256
// For a number of heads that is no power of two: those of the next lower power of two, and then every other one of those of twice as many.
// Source: Press, Smith and Lewis, "Train short, test long: attention with linear biases", ICLR 2022, section 3, and its published code.
void alibi_slopes(int NH, float *slope);

#endif
