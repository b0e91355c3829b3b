// op_attention.c, from lesson 07: every token looks at itself and at those before it.
#include "op_attention.h"
#include "gemm.h"
#include "rows.h"
#include "vecmath.h"

#include <math.h>
#include <omp.h>
#include <string.h>

// A block of rows is worked on at once. What lies behind its last row is never computed: that is nearly half of a long text.
enum { BLOCK = 32 };
// Of texts up to this length the weights are kept for backward. Of longer ones they are computed again: that takes no longer than to fetch
// them from memory, and of T places there are T² weights.
enum { KEEP = 128 };

// What forward leaves for backward.
typedef struct {
    Heads size;
    float *slope;           // (NH), or NULL
    float *log_sum;         // (B,NH,T) ln of the sum of e^score over s <= t: from it the weights are computed again
    float *kept;            // (B,NH,T,T) weights of short texts, or NULL; T rounded up to whole vectors, here and below
    float *room;            // (threads, 2, BLOCK, T) for weights, and their gradients
} Saved;

// n numbers, up to whole vectors of 16: loops over so many have no rest, which would take longer than all else of a short row.
static int whole(int n) { return (n + 15) / 16 * 16; }

static size_t room_size(Heads z) { return BLOCK * (size_t)whole(z.T); }
static float *room_of(const Saved *s) { return s->room + (size_t)omp_get_thread_num() * 2 * room_size(s->size); }

// --- one block of one head: rows first .. first+rows-1, columns 0 .. columns-1 ---

typedef struct {
    int b, h, first, rows, columns;
    int ld;                 // from one row of its weights to the next
    float *weight;          // (rows, ld)
} Block;

static Block block_at(const Saved *s, int pair, int first) {
    Heads z = s->size;
    int rows = min_int(BLOCK, z.T - first);
    float *weight = s->kept ? s->kept + ((size_t)pair * (size_t)z.T + (size_t)first) * (size_t)whole(z.T) : room_of(s);
    return (Block){pair / z.NH, pair % z.NH, first, rows, first + rows, whole(first + rows), weight};
}

// score (rows, columns) = q kᵀ / sqrt(HS) - slope (t - s); behind the diagonal minus infinity, to the end of the vector, and then 0
static void scores(const Saved *s, const float *qkv, Block k, float *score) {
    Heads z = s->size;
    int ld = 3 * z.C;
    gemm('N', 'T', k.rows, k.columns, z.HS, qkv + head_at(z, QUERY, k.b, k.first, k.h), ld, qkv + head_at(z, KEY, k.b, 0, k.h), ld, 0, score, k.ld);
    float scale = 1 / sqrtf((float)z.HS), slope = s->slope ? s->slope[k.h] : 0;
    for (int r = 0; r < k.rows; r++) {
        float *row = score + (size_t)r * (size_t)k.ld, away = (float)(k.first + r);
        int t = k.first + r, n = whole(t + 1);
        for (int i = t + 1; i < n; i++) row[i] = -INFINITY;
#pragma omp simd
        for (int i = 0; i < n; i++) row[i] = row[i] * scale - slope * (away - (float)i);
        for (int i = n; i < k.columns; i++) row[i] = 0;
    }
}

// Row t of the scores becomes weights; behind t they are 0, for e to the minus infinity is. Returns ln of the sum.
static float softmax_to(float *row, int t) {
    float most = row[0], sum = 0;
    int n = whole(t + 1);
#pragma omp simd reduction(max : most)
    for (int i = 0; i < n; i++) most = row[i] > most ? row[i] : most;
#pragma omp simd reduction(+ : sum)
    for (int i = 0; i < n; i++) sum += row[i] = vec_exp(row[i] - most);
    float by = 1 / sum;
#pragma omp simd
    for (int i = 0; i < n; i++) row[i] *= by;
    return most + logf(sum);
}

// The same weights again, from the logarithms of the sums.
static void weights_again(const Saved *s, const float *qkv, Block k, float *weight) {
    scores(s, qkv, k, weight);
    const float *log_sum = s->log_sum + (size_t)(k.b * s->size.NH + k.h) * (size_t)s->size.T;
    for (int r = 0; r < k.rows; r++) {
        float *row = weight + (size_t)r * (size_t)k.ld, all = log_sum[k.first + r];
        int n = whole(k.first + r + 1);
#pragma omp simd
        for (int i = 0; i < n; i++) row[i] = vec_exp(row[i] - all);
    }
}

// --- forward ---

static void forward_pair(Tensor *y, int pair) {
    const Saved *s = y->saved;
    Heads z = s->size;
    const float *qkv = y->in[0]->data;
    float *log_sum = s->log_sum + (size_t)pair * (size_t)z.T;
    for (int first = 0; first < z.T; first += BLOCK) {
        Block k = block_at(s, pair, first);
        scores(s, qkv, k, k.weight);
        for (int r = 0; r < k.rows; r++) log_sum[first + r] = softmax_to(k.weight + (size_t)r * (size_t)k.ld, first + r);
        float *out = y->data + ((size_t)k.b * (size_t)z.T + (size_t)first) * (size_t)z.C + (size_t)k.h * (size_t)z.HS;
        gemm('N', 'N', k.rows, z.HS, k.columns, k.weight, k.ld, qkv + head_at(z, VALUE, k.b, 0, k.h), 3 * z.C, 0, out, z.C);
    }
}

// --- backward ---

// dv_s = sum over t of weight_ts dy_t                   dweight_ts = dy_t . v_s
// dscore_ts = weight_ts (dweight_ts - dy_t . y_t)       the softmax's, since sum over s of weight_ts dweight_ts = dy_t . y_t
// dq_t = sum over s of dscore_ts k_s / sqrt(HS)         dk_s = sum over t of dscore_ts q_t / sqrt(HS)
static void backward_pair(Tensor *y, int pair) {
    const Saved *s = y->saved;
    Heads z = s->size;
    const float *qkv = y->in[0]->data;
    float *dqkv = y->in[0]->grad, *dscore = room_of(s) + room_size(z), scale = 1 / sqrtf((float)z.HS);
    int ld = 3 * z.C;
    for (int first = 0; first < z.T; first += BLOCK) {
        Block k = block_at(s, pair, first);
        size_t row = ((size_t)k.b * (size_t)z.T + (size_t)first) * (size_t)z.C + (size_t)k.h * (size_t)z.HS;
        const float *dy = y->grad + row, *out = y->data + row;
        size_t q = head_at(z, QUERY, k.b, first, k.h), key = head_at(z, KEY, k.b, 0, k.h), v = head_at(z, VALUE, k.b, 0, k.h);
        if (!s->kept) weights_again(s, qkv, k, k.weight);
        gemm('T', 'N', k.columns, z.HS, k.rows, k.weight, k.ld, dy, z.C, 1, dqkv + v, ld);
        gemm('N', 'T', k.rows, k.columns, z.HS, dy, z.C, qkv + v, ld, 0, dscore, k.ld);
        for (int r = 0; r < k.rows; r++, dy += z.C, out += z.C) {
            float mean = 0, *d = dscore + (size_t)r * (size_t)k.ld;
            const float *w = k.weight + (size_t)r * (size_t)k.ld;
#pragma omp simd reduction(+ : mean)
            for (int i = 0; i < z.HS; i++) mean += dy[i] * out[i];
#pragma omp simd
            for (int i = 0; i < k.columns; i++) d[i] = scale * w[i] * (d[i] - mean);
        }
        gemm('N', 'N', k.rows, z.HS, k.columns, dscore, k.ld, qkv + key, ld, 1, dqkv + q, ld);
        gemm('T', 'N', k.columns, z.HS, k.rows, dscore, k.ld, qkv + q, ld, 1, dqkv + key, ld);
    }
}

static size_t work_of(Heads z) { return (size_t)z.B * (size_t)z.T * (size_t)z.T * (size_t)z.C / 8; }

static void attention_backward(Tensor *y) {
    Heads z = ((const Saved *)y->saved)->size;
    if (y->in[0]->grad) rows_each(y, z.B * z.NH, work_of(z), backward_pair);
}

Tensor *op_attention(Tape *tape, Tensor *qkv, int NH, const float *slope) {
    Heads z = heads_of("op_attention", qkv, NH);
    Tensor *y = tape_tensor(tape, "op_attention", 3, (int[]){z.B, z.T, z.C}, attention_backward, (Tensor *[]){qkv, NULL});    // (B,T,C)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){.size = z, .log_sum = tape_floats(tape, (size_t)z.B * (size_t)NH * (size_t)z.T),
                 .room = tape_floats(tape, (size_t)omp_get_max_threads() * 2 * room_size(z))};
    if (z.T <= KEEP && tape->record) s->kept = tape_floats(tape, (size_t)z.B * (size_t)NH * (size_t)z.T * (size_t)whole(z.T));
    if (slope) s->slope = memcpy(tape_floats(tape, (size_t)NH), slope, (size_t)NH * sizeof *slope);
    rows_each(y, z.B * NH, work_of(z), forward_pair);
    return y;
}

void attention_weights(const Tensor *y, int b, int h, float *weight) {
    const Saved *s = y->saved;
    Heads z = s->size;
    memset(weight, 0, (size_t)z.T * (size_t)z.T * sizeof *weight);
    for (int first = 0; first < z.T; first += BLOCK) {
        Block k = block_at(s, b * z.NH + h, first);
        if (!s->kept) weights_again(s, y->in[0]->data, k, k.weight);
        for (int r = 0; r < k.rows; r++)
            memcpy(weight + (size_t)(first + r) * (size_t)z.T, k.weight + (size_t)r * (size_t)k.ld, (size_t)k.columns * sizeof *weight);
    }
}
