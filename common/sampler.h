// sampler.h, from lesson 09: what is too unlikely to be picked.
#ifndef SAMPLER_H
#define SAMPLER_H

// Each sets the probabilities of what shall not be picked to 0; the others stay as they are, so that their sum may be below 1.
// The likeliest always stays. prob[0..V) sums to 1.

// top-p, nucleus sampling: the fewest tokens whose probabilities sum to p or more, the likeliest first (of equal ones, that of the smaller id).
// p 1 or more: all stay. Source: Holtzman et al., "The curious case of neural text degeneration", 2020.
void sampler_top_p(float *prob, int V, double p);
// min-p: all that are at least p times as likely as the likeliest. p 0: all stay.
// Source: Nguyen et al., "Turning up the heat: min-p sampling for creative and coherent LLM outputs", 2024.
void sampler_min_p(float *prob, int V, double p);
// top-k: the k likeliest (of equal ones, those of the smaller ids: never more than k). k 0, or V and more: all stay.
void sampler_top_k(float *prob, int V, int k);
// Makes them sum to 1 again.
void sampler_normalise(float *prob, int V);

#endif
