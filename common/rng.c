// rng.c, from lesson 01: random numbers that follow PyTorch's from the same seed.
#define _GNU_SOURCE
#include "rng.h"
#include "util.h"

#include <math.h>

enum { N = 624, M = 397 };

void rng_seed(Rng *rng, uint32_t seed) {
    rng->state[0] = seed;
    for (uint32_t i = 1; i < N; i++) {
        uint32_t previous = rng->state[i - 1];
        rng->state[i] = 1812433253u * (previous ^ (previous >> 30)) + i;
    }
    rng->next = N;
    rng->has_spare = 0;
    rng->spare = 0;
}

// The reference's init_by_array for a key of one word, which is what CPython makes of a seed below 2^32.
void rng_seed_python(Rng *rng, uint32_t seed) {
    rng_seed(rng, 19650218u);
    uint32_t *s = rng->state;
    int i = 1;
    for (int k = 0; k < N; k++) {
        s[i] = (s[i] ^ ((s[i - 1] ^ (s[i - 1] >> 30)) * 1664525u)) + seed;
        if (++i == N) { s[0] = s[N - 1]; i = 1; }
    }
    for (int k = 0; k < N - 1; k++) {
        s[i] = (s[i] ^ ((s[i - 1] ^ (s[i - 1] >> 30)) * 1566083941u)) - (uint32_t)i;
        if (++i == N) { s[0] = s[N - 1]; i = 1; }
    }
    s[0] = 0x80000000u;
}

static uint32_t twisted(uint32_t s, uint32_t next, uint32_t far) {
    uint32_t y = (s & 0x80000000u) | (next & 0x7fffffffu);
    return far ^ (y >> 1) ^ (y & 1 ? 0x9908b0dfu : 0);
}

// One round of the twister: 624 new words from the 624 old ones, each from the one after it and the one 397 further on, going
// round. In three parts, so that no index goes round inside a loop.
static void twist(uint32_t *s) {
#pragma omp simd
    for (int i = 0; i < N - M; i++) s[i] = twisted(s[i], s[i + 1], s[i + M]);
#pragma omp simd safelen(64)
    for (int i = N - M; i < N - 1; i++) s[i] = twisted(s[i], s[i + 1], s[i + M - N]);
    s[N - 1] = twisted(s[N - 1], s[0], s[M - 1]);
}

static uint32_t tempered(uint32_t y) {
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
}

static float uniform_of(uint32_t bits) { return (float)(bits & 0xffffffu) * 0x1p-24f; }

static void twist_if_used_up(Rng *rng) {
    if (rng->next < N) return;
    twist(rng->state);
    rng->next = 0;
}

uint32_t rng_bits(Rng *rng) {
    twist_if_used_up(rng);
    return tempered(rng->state[rng->next++]);
}

float rng_uniform(Rng *rng) { return uniform_of(rng_bits(rng)); }

void rng_uniforms(Rng *rng, float *x, size_t n) {
    while (n > 0) {
        twist_if_used_up(rng);
        int count = (size_t)(N - rng->next) < n ? N - rng->next : (int)n;
        const uint32_t *word = rng->state + rng->next;
#pragma omp simd
        for (int i = 0; i < count; i++) x[i] = uniform_of(tempered(word[i]));
        rng->next += count;
        x += count;
        n -= (size_t)count;
    }
}

double rng_uniform_double(Rng *rng) {
    uint64_t high = rng_bits(rng), low = rng_bits(rng);
    return (double)((high << 32 | low) & 0x1fffffffffffffu) * 0x1p-53;
}

uint32_t rng_below(Rng *rng, uint32_t n) {
    CHECK(n > 0, "rng_below: n is 0, want at least 1");
    return rng_bits(rng) % n;
}

uint32_t rng_below_python(Rng *rng, uint32_t n) {
    CHECK(n > 0, "rng_below_python: n is 0, want at least 1");
    int bits = 0;
    while (bits < 32 && n >> bits) bits++;
    uint32_t r;
    do r = rng_bits(rng) >> (32 - bits);
    while (r >= n);
    return r;
}

// Box and Muller (1958): two uniforms u1 in (0,1], u2 give two normals,
//     sqrt(-2 ln u1) cos(2 pi u2)  and  sqrt(-2 ln u1) sin(2 pi u2).
// PyTorch does it on blocks of 16: the first eight uniforms with the last eight.
static void normal_block(float *x) {
    for (int j = 0; j < 8; j++) {
        float u1 = 1 - x[j], u2 = x[j + 8];
        float radius = sqrtf(-2 * logf(u1)), theta = 2.0f * (float)M_PI * u2;
        x[j] = radius * cosf(theta);
        x[j + 8] = radius * sinf(theta);
    }
}

static float normal_one(Rng *rng) {
    if (rng->has_spare) {
        rng->has_spare = 0;
        return (float)rng->spare;
    }
    double u1 = rng_uniform_double(rng), u2 = rng_uniform_double(rng);
    double radius = sqrt(-2 * log1p(-u2)), theta = 2 * M_PI * u1;
    rng->spare = radius * sin(theta);
    rng->has_spare = 1;
    return (float)(radius * cos(theta));
}

void rng_normal(Rng *rng, float *x, size_t n) {
    if (n < 16) {
        for (size_t i = 0; i < n; i++) x[i] = normal_one(rng);
        return;
    }
    rng_uniforms(rng, x, n);
    for (size_t i = 0; i + 16 <= n; i += 16) normal_block(x + i);
    if (n % 16) {   // the tail has no whole block: the last 16 are drawn anew
        rng_uniforms(rng, x + n - 16, 16);
        normal_block(x + n - 16);
    }
}
