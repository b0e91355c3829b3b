// rng.h, from lesson 01: random numbers that follow PyTorch's from the same seed.
#ifndef RNG_H
#define RNG_H

#include <stddef.h>
#include <stdint.h>

// The Mersenne Twister MT19937: Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998). A value: copy it to
// keep a place in the sequence, save it to continue there.
typedef struct {
    uint32_t state[624];
    int next;               // index of the next word of state to use; 624: make new ones first
    int has_spare;          // rng_normal makes normals in pairs when asked for fewer than 16 ...
    double spare;           // ... and keeps the second one here
} Rng;

// Starts as torch.manual_seed(seed) does (init_genrand of the reference code).
void rng_seed(Rng *rng, uint32_t seed);
// Starts as Python's random.seed(seed) does (init_by_array of the reference code, with one word).
void rng_seed_python(Rng *rng, uint32_t seed);

// 32 random bits: every other function here is made of this one.
uint32_t rng_bits(Rng *rng);
// Uniform in [0, 1), 24 bits, as torch.rand(1).
float rng_uniform(Rng *rng);
// The next n of them at once, the same numbers in the same order, several times as fast.
void rng_uniforms(Rng *rng, float *x, size_t n);
// Uniform in [0, 1), 53 bits, as torch.rand(1, dtype=torch.double).
double rng_uniform_double(Rng *rng);
// Uniform in 0 .. n-1, as torch.randint(0, n, ()) for n below 2^28: a draw modulo n. n is at least 1.
uint32_t rng_below(Rng *rng, uint32_t n);
// Uniform in 0 .. n-1, as Python's random.randrange(n): draws of just enough bits, until one is below n.
uint32_t rng_below_python(Rng *rng, uint32_t n);
// Fills x[0..n) with normal numbers, mean 0 and standard deviation 1, as torch.randn(n) does: the same to about 2e-7, for from
// 16 numbers on PyTorch's logarithm and cosine are vector code of its own.
void rng_normal(Rng *rng, float *x, size_t n);

#endif
