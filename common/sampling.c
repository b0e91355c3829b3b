// sampling.c, from lesson 01: how daring to be when picking the next character.
#include "sampling.h"
#include "sample.h"

#include <math.h>

static int likeliest(const float *p, int V) {
    int best = 0;
    for (int i = 1; i < V; i++)
        if (p[i] > p[best]) best = i;
    return best;
}

// Zeroes all but the k greatest, by finding one greatest after the other.
static void keep_top(float *p, int V, int k) {
    for (int i = 0; i < k; i++) {
        int best = likeliest(p, V);
        if (!(p[best] > 0)) break;
        p[best] = -p[best];     // the sign marks the chosen
    }
    for (int i = 0; i < V; i++) p[i] = p[i] < 0 ? -p[i] : 0;
}

// p^(1/T), by logarithms from the greatest down, so that a small T does not underflow everything.
static void temper(float *p, int V, double T) {
    double greatest = p[likeliest(p, V)], sum = 0;
    for (int i = 0; i < V; i++) {
        p[i] = p[i] > 0 ? (float)exp(log(p[i] / greatest) / T) : 0;
        sum += p[i];
    }
    for (int i = 0; i < V; i++) p[i] = (float)(p[i] / sum);
}

int sampling_pick(Sampling how, float *p, int V, Rng *rng) {
    if (how.temperature == 0) return likeliest(p, V);
    if (!how.cut && how.top_k > 0 && how.top_k < V) keep_top(p, V, how.top_k);
    if (how.temperature != 1 || how.top_k > 0) temper(p, V, how.temperature);
    if (how.cut) how.cut(how.cutter, how.top_k, p, V);
    return sample(p, V, rng_uniform(rng));
}
