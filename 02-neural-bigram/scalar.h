// scalar.h of 02-neural-bigram: a tape of single numbers, on one page.
#ifndef SCALAR_H
#define SCALAR_H

// Makes loss = (w x - y)² of five numbers, walks back over them, and prints every value and gradient; then shows on
// b = a + a; c = b + b why gradients add.
void scalar_show(void);

#endif
