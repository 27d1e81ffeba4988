/* A neural network and its whole learning loop, written by learnloop.
 *
 * 4 inputs, 3 outputs; parameters: W1 4 x 5, b1 5, W2 5 x 3, b2 3.
 * Each function computes the statements in the comment above it; the order of every sum is part of them.
 * Axes: n rows of the batch, i inputs of a layer, j its units.
 */
#include "base.h"

typedef f32 real;

#include "call.h"
#include "random.h"

#define LL_BITS 32
#define LL_LANES 1
#include "vec.h"
#include "functions.h"
#include "random.h"
#undef LL_BITS
#undef LL_LANES

#define LL_BITS 32
#define LL_LANES 4
#include "vec.h"
#include "functions.h"
#include "random.h"
#undef LL_BITS
#undef LL_LANES

#define LL_BITS 32
#define LL_LANES 8
#include "vec.h"
#include "functions.h"
#include "random.h"
#undef LL_BITS
#undef LL_LANES

#define LL_BITS 64
#define LL_LANES 1
#include "vec.h"
#include "functions.h"
#include "random.h"
#undef LL_BITS
#undef LL_LANES

LL_INLINE void ll_meet(struct call *c, int threads);
LL_INLINE int ll_finite(real x);

/* Where everything is. */
struct tensors {
    f64 *total_updates; /* () */
    f64 *learning_rate; /* () */
    f64 *momentum; /* () */
    f32 *W1; /* (4, 5) */
    f32 *b1; /* (5) */
    f32 *W2; /* (5, 3) */
    f32 *b2; /* (3) */
    f32 *vW1; /* (4, 5) */
    f32 *vb1; /* (5) */
    f32 *vW2; /* (5, 3) */
    f32 *vb2; /* (3) */
    const f32 *X; /* (data, 4) */
    i32 *row; /* (rows) */
    i32 *update; /* () */
    f32 *x; /* (rows, 4) */
    const i32 *labels; /* (data) */
    i32 *label; /* (rows) */
    const f32 *weights; /* (data) */
    f32 *w; /* (rows) */
    f32 *rate; /* () */
    f32 *mu; /* () */
    f32 *wsum; /* () */
    f32 *z1; /* (rows, 5) */
    f32 *a1; /* (rows, 5) */
    f32 *z2; /* (rows, 3) */
    f32 *top; /* (rows) */
    f32 *e; /* (rows, 3) */
    f32 *exp_sum; /* (rows) */
    f32 *loss_kept; /* (rows) */
    f32 *loss; /* () */
    f32 *dloss_sum; /* () */
    f32 *dloss_of; /* (rows) */
    f32 *dexp_sum; /* (rows) */
    f32 *dz2_2; /* (rows, 3) */
    f32 *dz1; /* (rows, 5) */
    f32 *W2_transposed; /* (3, 5) */
    f32 *top3; /* (rows) */
    f32 *e3; /* (rows, 3) */
    f32 *s3; /* (rows) */
    f32 *a3; /* (rows, 3) */
    f32 *loss_of; /* (rows) */
    index_t rows; /* of the batch at hand */
    u64 seed;
};

LL_APART void locate(struct tensors *t, const struct call *c) {
    unsigned char *const rows = c->arena + 4096;
    t->total_updates = (void *)(c->arena + 0);
    t->learning_rate = (void *)(c->arena + 64);
    t->momentum = (void *)(c->arena + 128);
    t->W1 = (void *)(c->arena + 192);
    t->b1 = (void *)(c->arena + 320);
    t->W2 = (void *)(c->arena + 384);
    t->b2 = (void *)(c->arena + 512);
    t->vW1 = (void *)(c->arena + 576);
    t->vb1 = (void *)(c->arena + 704);
    t->vW2 = (void *)(c->arena + 768);
    t->vb2 = (void *)(c->arena + 896);
    t->X = c->X;
    t->row = (void *)(rows + 0 * c->capacity);
    t->update = (void *)(c->arena + 960);
    t->x = (void *)(rows + 4 * c->capacity);
    t->labels = c->labels;
    t->label = (void *)(rows + 20 * c->capacity);
    t->weights = c->weights;
    t->w = (void *)(rows + 24 * c->capacity);
    t->rate = (void *)(c->arena + 1024);
    t->mu = (void *)(c->arena + 1088);
    t->wsum = (void *)(c->arena + 1152);
    t->z1 = (void *)(rows + 28 * c->capacity);
    t->a1 = (void *)(rows + 60 * c->capacity);
    t->z2 = (void *)(rows + 92 * c->capacity);
    t->top = (void *)(rows + 108 * c->capacity);
    t->e = (void *)(rows + 112 * c->capacity);
    t->exp_sum = (void *)(rows + 128 * c->capacity);
    t->loss_kept = (void *)(rows + 132 * c->capacity);
    t->loss = (void *)(c->arena + 1216);
    t->dloss_sum = (void *)(c->arena + 1280);
    t->dloss_of = (void *)(rows + 136 * c->capacity);
    t->dexp_sum = (void *)(rows + 140 * c->capacity);
    t->dz2_2 = (void *)(rows + 144 * c->capacity);
    t->dz1 = (void *)(rows + 160 * c->capacity);
    t->W2_transposed = (void *)(c->arena + 1344);
    t->top3 = (void *)(rows + 192 * c->capacity);
    t->e3 = (void *)(rows + 196 * c->capacity);
    t->s3 = (void *)(rows + 212 * c->capacity);
    t->a3 = (void *)(rows + 216 * c->capacity);
    t->loss_of = (void *)(rows + 232 * c->capacity);
    t->rows = 0;
    t->seed = c->seed;
}

/* ---- values before the first update ---- */

/* W1[i,j] = (2*uniform(65536, 0, i, j) - 1)*0.5
 * vW1[i,j] = 0 */
LL_APART void initialise_W1(const struct tensors *t, index_t begin, index_t end) {
    f32 *restrict const W1 = t->W1;
    f32 *restrict const vW1 = t->vW1;
    for (index_t i = begin; i < end; i++) {
        for (index_t j = 0; j < 5; j += 8) {
            const f32x8 W1_v = (splat_f32x8(2.0f) * uniform_once_f32x8(t->seed, 65536u, (u32)0, (u32)i, (u32)j) - splat_f32x8(1.0f)) * splat_f32x8(0.5f);
            store_f32x8(W1 + i * 8 + j, W1_v);
            const f32x8 vW1_v = splat_f32x8(0.0f);
            store_f32x8(vW1 + i * 8 + j, vW1_v);
        }
    }
}

/* b1[j] = (2*uniform(65538, 0, 0, j) - 1)*0.5
 * vb1[j] = 0 */
LL_APART void initialise_b1(const struct tensors *t, index_t begin, index_t end) {
    f32 *restrict const b1 = t->b1;
    f32 *restrict const vb1 = t->vb1;
    for (index_t j = begin; j < end; j += 8) {
        const f32x8 b1_v = (splat_f32x8(2.0f) * uniform_once_f32x8(t->seed, 65538u, (u32)0, (u32)0, (u32)j) - splat_f32x8(1.0f)) * splat_f32x8(0.5f);
        store_f32x8(b1 + j, b1_v);
        const f32x8 vb1_v = splat_f32x8(0.0f);
        store_f32x8(vb1 + j, vb1_v);
    }
}

/* W2[i,j] = (2*uniform(65540, 0, i, j) - 1)*0.4472135954999579
 * vW2[i,j] = 0 */
LL_APART void initialise_W2(const struct tensors *t, index_t begin, index_t end) {
    f32 *restrict const W2 = t->W2;
    f32 *restrict const vW2 = t->vW2;
    for (index_t i = begin; i < end; i++) {
        for (index_t j = 0; j < 3; j += 4) {
            const f32x4 W2_v = (splat_f32x4(2.0f) * uniform_once_f32x4(t->seed, 65540u, (u32)0, (u32)i, (u32)j) - splat_f32x4(1.0f)) * splat_f32x4(0.4472136f);
            store_f32x4(W2 + i * 4 + j, W2_v);
            const f32x4 vW2_v = splat_f32x4(0.0f);
            store_f32x4(vW2 + i * 4 + j, vW2_v);
        }
    }
}

/* b2[j] = (2*uniform(65542, 0, 0, j) - 1)*0.4472135954999579
 * vb2[j] = 0 */
LL_APART void initialise_b2(const struct tensors *t, index_t begin, index_t end) {
    f32 *restrict const b2 = t->b2;
    f32 *restrict const vb2 = t->vb2;
    for (index_t j = begin; j < end; j += 4) {
        const f32x4 b2_v = (splat_f32x4(2.0f) * uniform_once_f32x4(t->seed, 65542u, (u32)0, (u32)0, (u32)j) - splat_f32x4(1.0f)) * splat_f32x4(0.4472136f);
        store_f32x4(b2 + j, b2_v);
        const f32x4 vb2_v = splat_f32x4(0.0f);
        store_f32x4(vb2 + j, vb2_v);
    }
}

static void initialise_all(const struct tensors *t, struct call *c, int rank, int threads) {
    index_t begin, end;
    ll_share(4, 1, rank, threads, &begin, &end);
    initialise_W1(t, begin, end);
    ll_share(5, 16, rank, threads, &begin, &end);
    initialise_b1(t, begin, end);
    ll_share(5, 1, rank, threads, &begin, &end);
    initialise_W2(t, begin, end);
    ll_share(3, 16, rank, threads, &begin, &end);
    initialise_b2(t, begin, end);
    (void)c;
}

/* ---- one update ---- */

/* x[n,i] = X[row[n],i] */
LL_APART void train_x(const struct tensors *t, index_t begin, index_t end) {
    const f32 *restrict const X = t->X;
    const i32 *restrict const row = t->row;
    f32 *restrict const x = t->x;
    for (index_t n = begin; n < end; n++) {
        for (index_t i = 0; i < 4; i += 4) {
            const f32x4 x_v = load_f32x4(X + (index_t)row[n] * 4 + i);
            store_f32x4(x + n * 4 + i, x_v);
        }
    }
}

/* label[n] = labels[row[n]] */
LL_APART void train_label(const struct tensors *t, index_t begin, index_t end) {
    i32 *restrict const label = t->label;
    const i32 *restrict const labels = t->labels;
    const i32 *restrict const row = t->row;
    for (index_t n = begin; n < end; n++) {
        label[n] = labels[(index_t)row[n]];
    }
}

/* w[n] = weights[row[n]] */
LL_APART void train_w(const struct tensors *t, index_t begin, index_t end) {
    const i32 *restrict const row = t->row;
    f32 *restrict const w = t->w;
    const f32 *restrict const weights = t->weights;
    for (index_t n = begin; n < end; n += 8) {
        f32 weights_at0[8];
        LL_UNROLL for (int k = 0; k < 8; k++) weights_at0[k] = weights[(index_t)row[n + k]];
        const f32x8 w_v = load_f32x8(weights_at0);
        store_f32x8(w + n, w_v);
    }
}

/* rate = learning_rate
 * mu = momentum */
LL_APART void train_rate(const struct tensors *t) {
    const f64 *restrict const learning_rate = t->learning_rate;
    const f64 *restrict const momentum = t->momentum;
    f32 *restrict const mu = t->mu;
    f32 *restrict const rate = t->rate;
    const f32 rate_v = (f32)learning_rate[0];
    rate[0] = rate_v;
    const f32 mu_v = (f32)momentum[0];
    mu[0] = mu_v;
}

LL_INLINE void train_z1_tile(const struct tensors *t, index_t n, index_t j, const index_t height, const index_t vectors) {
    const f32 *restrict const W1 = t->W1;
    f32 *restrict const a1 = t->a1;
    const f32 *restrict const b1 = t->b1;
    const f32 *restrict const x = t->x;
    f32 *restrict const z1 = t->z1;
    f32x8 z1_v[4][1];
    LL_UNROLL for (index_t r = 0; r < height; r++) {
        LL_UNROLL for (index_t c = 0; c < vectors; c++) {
            z1_v[r][c] = load_f32x8(b1 + j + 8 * c);
        }
    }
    for (index_t i = 0; i < 4; i++) {
        LL_UNROLL for (index_t r = 0; r < height; r++) {
            LL_UNROLL for (index_t c = 0; c < vectors; c++) {
                z1_v[r][c] = fma_f32x8(splat_f32x8(x[(n + r) * 4 + i]), load_f32x8(W1 + i * 8 + j + 8 * c), z1_v[r][c]);
            }
        }
    }
    LL_UNROLL for (index_t r = 0; r < height; r++) {
        LL_UNROLL for (index_t c = 0; c < vectors; c++) {
            store_f32x8(z1 + (n + r) * 8 + j + 8 * c, z1_v[r][c]);
            const f32x8 a1_v = select_f32x8(gt_f32x8(z1_v[r][c], splat_f32x8(0.0f)), z1_v[r][c], splat_f32x8(0.0f));
            store_f32x8(a1 + (n + r) * 8 + j + 8 * c, a1_v);
        }
    }
}

/* z1[n,j] = b1[j] + sum(i, x[n,i]*W1[i,j])   (chain)
 * a1[n,j] = where(z1[n,j] > 0, z1[n,j], 0) */
LL_APART void train_z1(const struct tensors *t, index_t begin, index_t end) {
    {
        index_t n = begin;
        for (; n + 4 <= end; n += 4) train_z1_tile(t, n, 0, 4, 1);
        for (; n + 1 <= end; n += 1) train_z1_tile(t, n, 0, 1, 1);
    }
}

LL_INLINE void train_z2_tile(const struct tensors *t, index_t n, index_t j, const index_t height, const index_t vectors) {
    const f32 *restrict const W2 = t->W2;
    const f32 *restrict const a1 = t->a1;
    const f32 *restrict const b2 = t->b2;
    f32 *restrict const z2 = t->z2;
    f32x4 z2_v[4][1];
    LL_UNROLL for (index_t r = 0; r < height; r++) {
        LL_UNROLL for (index_t c = 0; c < vectors; c++) {
            z2_v[r][c] = load_f32x4(b2 + j + 4 * c);
        }
    }
    for (index_t i = 0; i < 5; i++) {
        LL_UNROLL for (index_t r = 0; r < height; r++) {
            LL_UNROLL for (index_t c = 0; c < vectors; c++) {
                z2_v[r][c] = fma_f32x4(splat_f32x4(a1[(n + r) * 8 + i]), load_f32x4(W2 + i * 4 + j + 4 * c), z2_v[r][c]);
            }
        }
    }
    LL_UNROLL for (index_t r = 0; r < height; r++) {
        LL_UNROLL for (index_t c = 0; c < vectors; c++) {
            store_f32x4(z2 + (n + r) * 4 + j + 4 * c, z2_v[r][c]);
        }
    }
}

/* z2[n,j] = b2[j] + sum(i, a1[n,i]*W2[i,j])   (chain) */
LL_APART void train_z2(const struct tensors *t, index_t begin, index_t end) {
    {
        index_t n = begin;
        for (; n + 4 <= end; n += 4) train_z2_tile(t, n, 0, 4, 1);
        for (; n + 1 <= end; n += 1) train_z2_tile(t, n, 0, 1, 1);
    }
}

/* top[n] = max(j, z2[n,j]) */
LL_APART void train_top(const struct tensors *t, index_t begin, index_t end) {
    f32 *restrict const top = t->top;
    const f32 *restrict const z2 = t->z2;
    for (index_t n = begin; n < end; n++) {
        f32 top_v = real_f32(0xff800000u);
        for (index_t j = 0; j < 3; j++) {
            top_v = max_f32(z2[n * 4 + j], top_v);
        }
        top[n] = top_v;
    }
}

/* e[n,j] = exp(z2[n,j] - stop(top[n])) */
LL_APART void train_e(const struct tensors *t, index_t begin, index_t end) {
    f32 *restrict const e = t->e;
    const f32 *restrict const top = t->top;
    const f32 *restrict const z2 = t->z2;
    for (index_t n = begin; n < end; n++) {
        for (index_t j = 0; j < 3; j += 4) {
            const f32x4 e_v = exp_f32x4(load_f32x4(z2 + n * 4 + j) - splat_f32x4(top[n]));
            store_f32x4(e + n * 4 + j, e_v);
        }
    }
}

/* exp_sum[n] = sum(j, e[n,j])   (16 lanes) */
LL_APART void train_exp_sum(const struct tensors *t, index_t begin, index_t end) {
    const f32 *restrict const e = t->e;
    f32 *restrict const exp_sum = t->exp_sum;
    for (index_t n = begin; n < end; n++) {
        f32 exp_sum_v = 0.0f;
        {
            f32 lane[16] = {0};
            index_t j = 0;
            for (; j + 16 <= 3; j += 16) {
                LL_UNROLL for (int k = 0; k < 16; k += 8) store_f32x8(lane + k, load_f32x8(lane + k) + load_f32x8(e + n * 4 + j + k));
            }
            for (int k = 0; j + k < 3; k++) lane[k] = lane[k] + e[n * 4 + j + k];
            exp_sum_v = exp_sum_v + tree_f32(lane);
        }
        exp_sum[n] = exp_sum_v;
    }
}

/* W2_transposed[j,i] = W2[i,j] */
LL_APART void train_W2_transposed(const struct tensors *t, index_t begin, index_t end) {
    const f32 *restrict const W2 = t->W2;
    f32 *restrict const W2_transposed = t->W2_transposed;
    for (index_t j0 = begin; j0 < end; j0 += 16) {
        for (index_t i0 = 0; i0 < 5; i0 += 16) {
            const index_t j1 = j0 + 16 < end ? j0 + 16 : end;
            const index_t i1 = i0 + 16 < 5 ? i0 + 16 : 5;
            for (index_t j = j0; j < j1; j++) {
                for (index_t i = i0; i < i1; i++) {
                    const f32 W2_transposed_v = W2[i * 4 + j];
                    W2_transposed[j * 8 + i] = W2_transposed_v;
                }
            }
        }
    }
}

/* wsum = sum(n, w[n])   (16 lanes, blocks of 64)
 * dloss_sum = 1/where(wsum > 0, wsum, 1) */
LL_APART void train_wsum(const struct tensors *t) {
    f32 *restrict const dloss_sum = t->dloss_sum;
    const f32 *restrict const w = t->w;
    f32 *restrict const wsum = t->wsum;
    f32 wsum_v = 0.0f;
    f32 total;
    index_t first = 0, last = t->rows < 64 ? t->rows : 64;
    for (;;) {
        {
            f32 lane[16] = {0};
            index_t n = first;
            for (; n + 16 <= last; n += 16) {
                LL_UNROLL for (int k = 0; k < 16; k += 8) store_f32x8(lane + k, load_f32x8(lane + k) + load_f32x8(w + n + k));
            }
            for (int k = 0; n + k < last; k++) lane[k] = lane[k] + w[n + k];
            wsum_v = wsum_v + tree_f32(lane);
        }
        if (last == t->rows) break;
        total = first ? total + wsum_v : wsum_v;
        wsum_v = 0.0f;
        first = last;
        last = t->rows - first < 64 ? t->rows : first + 64;
    }
    if (first) {
        wsum_v = total + wsum_v;
    }
    wsum[0] = wsum_v;
    const f32 dloss_sum_v = 1.0f / select_f32(gt_f32(wsum_v, 0.0f), wsum_v, 1.0f);
    dloss_sum[0] = dloss_sum_v;
}

/* loss_of[n] = log(exp_sum[n]) + stop(top[n]) - z2[n,label[n]]
 * loss_kept[n] = where(w[n] > 0, loss_of[n], 0)
 * dloss_kept[n] = dloss_sum*w[n]
 * dloss_of[n] = dloss_kept[n]*where(w[n] > 0, 1, 0)
 * dexp_sum[n] = dloss_of[n]*(1/exp_sum[n]) */
LL_APART void train_loss_of(const struct tensors *t, index_t begin, index_t end) {
    f32 *restrict const dexp_sum = t->dexp_sum;
    f32 *restrict const dloss_of = t->dloss_of;
    const f32 *restrict const dloss_sum = t->dloss_sum;
    const f32 *restrict const exp_sum = t->exp_sum;
    const i32 *restrict const label = t->label;
    f32 *restrict const loss_kept = t->loss_kept;
    const f32 *restrict const top = t->top;
    const f32 *restrict const w = t->w;
    const f32 *restrict const z2 = t->z2;
    for (index_t n = begin; n < end; n += 8) {
        f32 z2_at0[8];
        LL_UNROLL for (int k = 0; k < 8; k++) z2_at0[k] = z2[(n + k) * 4 + (index_t)label[n + k]];
        const f32x8 loss_of_v = log_f32x8(load_f32x8(exp_sum + n)) + load_f32x8(top + n) - load_f32x8(z2_at0);
        const f32x8 loss_kept_v = select_f32x8(gt_f32x8(load_f32x8(w + n), splat_f32x8(0.0f)), loss_of_v, splat_f32x8(0.0f));
        store_f32x8(loss_kept + n, loss_kept_v);
        const f32x8 dloss_kept_v = splat_f32x8(dloss_sum[0]) * load_f32x8(w + n);
        const f32x8 dloss_of_v = dloss_kept_v * select_f32x8(gt_f32x8(load_f32x8(w + n), splat_f32x8(0.0f)), splat_f32x8(1.0f), splat_f32x8(0.0f));
        store_f32x8(dloss_of + n, dloss_of_v);
        const f32x8 dexp_sum_v = dloss_of_v * (splat_f32x8(1.0f) / load_f32x8(exp_sum + n));
        store_f32x8(dexp_sum + n, dexp_sum_v);
    }
}

/* dz2[n,p1] = where(p1 == label[n], -dloss_of[n], 0)
 * de[n,p1] = dexp_sum[n]
 * dz2_2[n,p1] = dz2[n,p1] + de[n,p1]*e[n,p1] */
LL_APART void train_dz2(const struct tensors *t, index_t begin, index_t end) {
    const f32 *restrict const dexp_sum = t->dexp_sum;
    const f32 *restrict const dloss_of = t->dloss_of;
    f32 *restrict const dz2_2 = t->dz2_2;
    const f32 *restrict const e = t->e;
    const i32 *restrict const label = t->label;
    for (index_t n = begin; n < end; n++) {
        for (index_t p1 = 0; p1 < 3; p1 += 4) {
            const f32x4 dz2_v = select_f32x4(eq_f32x4((f32)(p1) + iota_f32x4(), splat_f32x4((f32)label[n])), splat_f32x4(-dloss_of[n]), splat_f32x4(0.0f));
            const f32x4 de_v = splat_f32x4(dexp_sum[n]);
            const f32x4 dz2_2_v = dz2_v + de_v * load_f32x4(e + n * 4 + p1);
            store_f32x4(dz2_2 + n * 4 + p1, dz2_2_v);
        }
    }
}

LL_INLINE void train_da1_tile(const struct tensors *t, index_t n, index_t i, const index_t height, const index_t vectors) {
    const f32 *restrict const W2_transposed = t->W2_transposed;
    f32 *restrict const dz1 = t->dz1;
    const f32 *restrict const dz2_2 = t->dz2_2;
    const f32 *restrict const z1 = t->z1;
    f32x8 da1_v[4][1];
    LL_UNROLL for (index_t r = 0; r < height; r++) {
        LL_UNROLL for (index_t c = 0; c < vectors; c++) {
            da1_v[r][c] = splat_f32x8(0.0f);
        }
    }
    for (index_t j = 0; j < 3; j++) {
        LL_UNROLL for (index_t r = 0; r < height; r++) {
            LL_UNROLL for (index_t c = 0; c < vectors; c++) {
                da1_v[r][c] = fma_f32x8(splat_f32x8(dz2_2[(n + r) * 4 + j]), load_f32x8(W2_transposed + j * 8 + i + 8 * c), da1_v[r][c]);
            }
        }
    }
    LL_UNROLL for (index_t r = 0; r < height; r++) {
        LL_UNROLL for (index_t c = 0; c < vectors; c++) {
            const f32x8 dz1_v = da1_v[r][c] * select_f32x8(gt_f32x8(load_f32x8(z1 + (n + r) * 8 + i + 8 * c), splat_f32x8(0.0f)), splat_f32x8(1.0f), splat_f32x8(0.0f));
            store_f32x8(dz1 + (n + r) * 8 + i + 8 * c, dz1_v);
        }
    }
}

/* da1[n,i] = sum(j, dz2_2[n,j]*W2_transposed[j,i])   (chain)
 * dz1[n,i] = da1[n,i]*where(z1[n,i] > 0, 1, 0) */
LL_APART void train_da1(const struct tensors *t, index_t begin, index_t end) {
    {
        index_t n = begin;
        for (; n + 4 <= end; n += 4) train_da1_tile(t, n, 0, 4, 1);
        for (; n + 1 <= end; n += 1) train_da1_tile(t, n, 0, 1, 1);
    }
}

/* loss_sum = sum(n, loss_kept[n]*w[n])   (16 lanes, blocks of 64)
 * loss = loss_sum/where(wsum > 0, wsum, 1) */
LL_APART void train_loss_sum(const struct tensors *t) {
    f32 *restrict const loss = t->loss;
    const f32 *restrict const loss_kept = t->loss_kept;
    const f32 *restrict const w = t->w;
    const f32 *restrict const wsum = t->wsum;
    f32 loss_sum_v = 0.0f;
    f32 total;
    index_t first = 0, last = t->rows < 64 ? t->rows : 64;
    for (;;) {
        {
            f32 lane[16] = {0};
            index_t n = first;
            for (; n + 16 <= last; n += 16) {
                LL_UNROLL for (int k = 0; k < 16; k += 8) store_f32x8(lane + k, fma_f32x8(load_f32x8(loss_kept + n + k), load_f32x8(w + n + k), load_f32x8(lane + k)));
            }
            for (int k = 0; n + k < last; k++) lane[k] = fma_f32(loss_kept[n + k], w[n + k], lane[k]);
            loss_sum_v = loss_sum_v + tree_f32(lane);
        }
        if (last == t->rows) break;
        total = first ? total + loss_sum_v : loss_sum_v;
        loss_sum_v = 0.0f;
        first = last;
        last = t->rows - first < 64 ? t->rows : first + 64;
    }
    if (first) {
        loss_sum_v = total + loss_sum_v;
    }
    const f32 loss_v = loss_sum_v / select_f32(gt_f32(wsum[0], 0.0f), wsum[0], 1.0f);
    loss[0] = loss_v;
}

LL_INLINE void train_dW2_tile(const struct tensors *t, index_t i, index_t j, const index_t height, const index_t vectors) {
    f32 *restrict const W2 = t->W2;
    const f32 *restrict const a1 = t->a1;
    const f32 *restrict const dz2_2 = t->dz2_2;
    const f32 *restrict const mu = t->mu;
    const f32 *restrict const rate = t->rate;
    f32 *restrict const vW2 = t->vW2;
    f32x4 dW2_v[4][1];
    LL_UNROLL for (index_t r = 0; r < height; r++) {
        LL_UNROLL for (index_t c = 0; c < vectors; c++) {
            dW2_v[r][c] = splat_f32x4(0.0f);
        }
    }
    f32x4 total[4][1];
    index_t first = 0, last = t->rows < 64 ? t->rows : 64;
    for (;;) {
        for (index_t n = first; n < last; n++) {
            LL_UNROLL for (index_t r = 0; r < height; r++) {
                LL_UNROLL for (index_t c = 0; c < vectors; c++) {
                    dW2_v[r][c] = fma_f32x4(load_f32x4(dz2_2 + n * 4 + j + 4 * c), splat_f32x4(a1[n * 8 + i + r]), dW2_v[r][c]);
                }
            }
        }
        if (last == t->rows) break;
        LL_UNROLL for (index_t r = 0; r < height; r++) {
            LL_UNROLL for (index_t c = 0; c < vectors; c++) {
                total[r][c] = first ? total[r][c] + dW2_v[r][c] : dW2_v[r][c];
                dW2_v[r][c] = splat_f32x4(0.0f);
            }
        }
        first = last;
        last = t->rows - first < 64 ? t->rows : first + 64;
    }
    if (first) {
        LL_UNROLL for (index_t r = 0; r < height; r++) {
            LL_UNROLL for (index_t c = 0; c < vectors; c++) {
                dW2_v[r][c] = total[r][c] + dW2_v[r][c];
            }
        }
    }
    LL_UNROLL for (index_t r = 0; r < height; r++) {
        LL_UNROLL for (index_t c = 0; c < vectors; c++) {
            const f32x4 vW2_next_v = splat_f32x4(mu[0]) * load_f32x4(vW2 + (i + r) * 4 + j + 4 * c) + dW2_v[r][c];
            store_f32x4(vW2 + (i + r) * 4 + j + 4 * c, vW2_next_v);
            const f32x4 W2_next_v = load_f32x4(W2 + (i + r) * 4 + j + 4 * c) - splat_f32x4(rate[0]) * vW2_next_v;
            store_f32x4(W2 + (i + r) * 4 + j + 4 * c, W2_next_v);
        }
    }
}

/* dW2[i,j] = sum(n, dz2_2[n,j]*a1[n,i])   (chain, blocks of 64)
 * vW2_next[i,j] = mu*vW2[i,j] + dW2[i,j]
 * W2_next[i,j] = W2[i,j] - rate*vW2_next[i,j] */
LL_APART void train_dW2(const struct tensors *t, index_t begin, index_t end) {
    {
        index_t i = begin;
        for (; i + 4 <= end; i += 4) train_dW2_tile(t, i, 0, 4, 1);
        for (; i + 1 <= end; i += 1) train_dW2_tile(t, i, 0, 1, 1);
    }
}

/* db2[j] = sum(n, dz2_2[n,j])   (chain, blocks of 64)
 * vb2_next[j] = mu*vb2[j] + db2[j]
 * b2_next[j] = b2[j] - rate*vb2_next[j] */
LL_APART void train_db2(const struct tensors *t, index_t begin, index_t end) {
    f32 *restrict const b2 = t->b2;
    const f32 *restrict const dz2_2 = t->dz2_2;
    const f32 *restrict const mu = t->mu;
    const f32 *restrict const rate = t->rate;
    f32 *restrict const vb2 = t->vb2;
    for (index_t j = begin; j < end; j += 4) {
        f32x4 db2_v = splat_f32x4(0.0f);
        f32x4 total;
        index_t first = 0, last = t->rows < 64 ? t->rows : 64;
        for (;;) {
            for (index_t n = first; n < last; n++) {
                db2_v = db2_v + load_f32x4(dz2_2 + n * 4 + j);
            }
            if (last == t->rows) break;
            total = first ? total + db2_v : db2_v;
            db2_v = splat_f32x4(0.0f);
            first = last;
            last = t->rows - first < 64 ? t->rows : first + 64;
        }
        if (first) {
            db2_v = total + db2_v;
        }
        const f32x4 vb2_next_v = splat_f32x4(mu[0]) * load_f32x4(vb2 + j) + db2_v;
        store_f32x4(vb2 + j, vb2_next_v);
        const f32x4 b2_next_v = load_f32x4(b2 + j) - splat_f32x4(rate[0]) * vb2_next_v;
        store_f32x4(b2 + j, b2_next_v);
    }
}

LL_INLINE void train_dW1_tile(const struct tensors *t, index_t i, index_t j, const index_t height, const index_t vectors) {
    f32 *restrict const W1 = t->W1;
    const f32 *restrict const dz1 = t->dz1;
    const f32 *restrict const mu = t->mu;
    const f32 *restrict const rate = t->rate;
    f32 *restrict const vW1 = t->vW1;
    const f32 *restrict const x = t->x;
    f32x8 dW1_v[4][1];
    LL_UNROLL for (index_t r = 0; r < height; r++) {
        LL_UNROLL for (index_t c = 0; c < vectors; c++) {
            dW1_v[r][c] = splat_f32x8(0.0f);
        }
    }
    f32x8 total[4][1];
    index_t first = 0, last = t->rows < 64 ? t->rows : 64;
    for (;;) {
        for (index_t n = first; n < last; n++) {
            LL_UNROLL for (index_t r = 0; r < height; r++) {
                LL_UNROLL for (index_t c = 0; c < vectors; c++) {
                    dW1_v[r][c] = fma_f32x8(load_f32x8(dz1 + n * 8 + j + 8 * c), splat_f32x8(x[n * 4 + i + r]), dW1_v[r][c]);
                }
            }
        }
        if (last == t->rows) break;
        LL_UNROLL for (index_t r = 0; r < height; r++) {
            LL_UNROLL for (index_t c = 0; c < vectors; c++) {
                total[r][c] = first ? total[r][c] + dW1_v[r][c] : dW1_v[r][c];
                dW1_v[r][c] = splat_f32x8(0.0f);
            }
        }
        first = last;
        last = t->rows - first < 64 ? t->rows : first + 64;
    }
    if (first) {
        LL_UNROLL for (index_t r = 0; r < height; r++) {
            LL_UNROLL for (index_t c = 0; c < vectors; c++) {
                dW1_v[r][c] = total[r][c] + dW1_v[r][c];
            }
        }
    }
    LL_UNROLL for (index_t r = 0; r < height; r++) {
        LL_UNROLL for (index_t c = 0; c < vectors; c++) {
            const f32x8 vW1_next_v = splat_f32x8(mu[0]) * load_f32x8(vW1 + (i + r) * 8 + j + 8 * c) + dW1_v[r][c];
            store_f32x8(vW1 + (i + r) * 8 + j + 8 * c, vW1_next_v);
            const f32x8 W1_next_v = load_f32x8(W1 + (i + r) * 8 + j + 8 * c) - splat_f32x8(rate[0]) * vW1_next_v;
            store_f32x8(W1 + (i + r) * 8 + j + 8 * c, W1_next_v);
        }
    }
}

/* dW1[i,j] = sum(n, dz1[n,j]*x[n,i])   (chain, blocks of 64)
 * vW1_next[i,j] = mu*vW1[i,j] + dW1[i,j]
 * W1_next[i,j] = W1[i,j] - rate*vW1_next[i,j] */
LL_APART void train_dW1(const struct tensors *t, index_t begin, index_t end) {
    {
        index_t i = begin;
        for (; i + 4 <= end; i += 4) train_dW1_tile(t, i, 0, 4, 1);
    }
}

/* db1[j] = sum(n, dz1[n,j])   (chain, blocks of 64)
 * vb1_next[j] = mu*vb1[j] + db1[j]
 * b1_next[j] = b1[j] - rate*vb1_next[j] */
LL_APART void train_db1(const struct tensors *t, index_t begin, index_t end) {
    f32 *restrict const b1 = t->b1;
    const f32 *restrict const dz1 = t->dz1;
    const f32 *restrict const mu = t->mu;
    const f32 *restrict const rate = t->rate;
    f32 *restrict const vb1 = t->vb1;
    for (index_t j = begin; j < end; j += 8) {
        f32x8 db1_v = splat_f32x8(0.0f);
        f32x8 total;
        index_t first = 0, last = t->rows < 64 ? t->rows : 64;
        for (;;) {
            for (index_t n = first; n < last; n++) {
                db1_v = db1_v + load_f32x8(dz1 + n * 8 + j);
            }
            if (last == t->rows) break;
            total = first ? total + db1_v : db1_v;
            db1_v = splat_f32x8(0.0f);
            first = last;
            last = t->rows - first < 64 ? t->rows : first + 64;
        }
        if (first) {
            db1_v = total + db1_v;
        }
        const f32x8 vb1_next_v = splat_f32x8(mu[0]) * load_f32x8(vb1 + j) + db1_v;
        store_f32x8(vb1 + j, vb1_next_v);
        const f32x8 b1_next_v = load_f32x8(b1 + j) - splat_f32x8(rate[0]) * vb1_next_v;
        store_f32x8(b1 + j, b1_next_v);
    }
}

/* One update; 0 if the loss is no number: then nothing was updated. */
static int train_update(const struct tensors *t, struct call *c, int rank, int threads) {
    index_t begin, end;
    ll_share(t->rows, 16, rank, threads, &begin, &end);
    train_x(t, begin, end);
    train_label(t, begin, end);
    train_w(t, begin, end);
    if (rank == 0) train_rate(t);
    train_z1(t, begin, end);
    train_z2(t, begin, end);
    train_top(t, begin, end);
    train_e(t, begin, end);
    train_exp_sum(t, begin, end);
    ll_share(3, 16, rank, threads, &begin, &end);
    train_W2_transposed(t, begin, end);
    ll_meet(c, threads);
    if (rank == 0) train_wsum(t);
    ll_meet(c, threads);
    ll_share(t->rows, 16, rank, threads, &begin, &end);
    train_loss_of(t, begin, end);
    train_dz2(t, begin, end);
    train_da1(t, begin, end);
    ll_meet(c, threads);
    if (rank == 0) train_loss_sum(t);
    ll_meet(c, threads);
    if (!ll_finite(t->loss[0])) return 0;
    ll_share(5, 4, rank, threads, &begin, &end);
    train_dW2(t, begin, end);
    ll_share(3, 16, rank, threads, &begin, &end);
    train_db2(t, begin, end);
    ll_share(4, 4, rank, threads, &begin, &end);
    train_dW1(t, begin, end);
    ll_share(5, 16, rank, threads, &begin, &end);
    train_db1(t, begin, end);
    return 1;
}

/* ---- prediction ---- */

/* top3[n] = max(j, z2[n,j]) */
LL_APART void predict_top3(const struct tensors *t, index_t begin, index_t end) {
    f32 *restrict const top3 = t->top3;
    const f32 *restrict const z2 = t->z2;
    for (index_t n = begin; n < end; n++) {
        f32 top3_v = real_f32(0xff800000u);
        for (index_t j = 0; j < 3; j++) {
            top3_v = max_f32(z2[n * 4 + j], top3_v);
        }
        top3[n] = top3_v;
    }
}

/* e3[n,j] = exp(z2[n,j] - stop(top3[n])) */
LL_APART void predict_e3(const struct tensors *t, index_t begin, index_t end) {
    f32 *restrict const e3 = t->e3;
    const f32 *restrict const top3 = t->top3;
    const f32 *restrict const z2 = t->z2;
    for (index_t n = begin; n < end; n++) {
        for (index_t j = 0; j < 3; j += 4) {
            const f32x4 e3_v = exp_f32x4(load_f32x4(z2 + n * 4 + j) - splat_f32x4(top3[n]));
            store_f32x4(e3 + n * 4 + j, e3_v);
        }
    }
}

/* s3[n] = sum(j, e3[n,j])   (16 lanes) */
LL_APART void predict_s3(const struct tensors *t, index_t begin, index_t end) {
    const f32 *restrict const e3 = t->e3;
    f32 *restrict const s3 = t->s3;
    for (index_t n = begin; n < end; n++) {
        f32 s3_v = 0.0f;
        {
            f32 lane[16] = {0};
            index_t j = 0;
            for (; j + 16 <= 3; j += 16) {
                LL_UNROLL for (int k = 0; k < 16; k += 8) store_f32x8(lane + k, load_f32x8(lane + k) + load_f32x8(e3 + n * 4 + j + k));
            }
            for (int k = 0; j + k < 3; k++) lane[k] = lane[k] + e3[n * 4 + j + k];
            s3_v = s3_v + tree_f32(lane);
        }
        s3[n] = s3_v;
    }
}

/* a3[n,j] = e3[n,j]/s3[n] */
LL_APART void predict_a3(const struct tensors *t, index_t begin, index_t end) {
    f32 *restrict const a3 = t->a3;
    const f32 *restrict const e3 = t->e3;
    const f32 *restrict const s3 = t->s3;
    for (index_t n = begin; n < end; n++) {
        for (index_t j = 0; j < 3; j += 4) {
            const f32x4 a3_v = load_f32x4(e3 + n * 4 + j) / splat_f32x4(s3[n]);
            store_f32x4(a3 + n * 4 + j, a3_v);
        }
    }
}

static void predict_all(const struct tensors *t, struct call *c, int rank, int threads) {
    index_t begin, end;
    ll_share(t->rows, 16, rank, threads, &begin, &end);
    train_x(t, begin, end);
    train_z1(t, begin, end);
    train_z2(t, begin, end);
    predict_top3(t, begin, end);
    predict_e3(t, begin, end);
    predict_s3(t, begin, end);
    predict_a3(t, begin, end);
    (void)c;
}

/* ---- prediction, and how wrong it is ---- */

/* loss_of[n] = log(exp_sum[n]) + stop(top[n]) - z2[n,label[n]] */
LL_APART void evaluate_loss_of(const struct tensors *t, index_t begin, index_t end) {
    const f32 *restrict const exp_sum = t->exp_sum;
    const i32 *restrict const label = t->label;
    f32 *restrict const loss_of = t->loss_of;
    const f32 *restrict const top = t->top;
    const f32 *restrict const z2 = t->z2;
    for (index_t n = begin; n < end; n += 8) {
        f32 z2_at0[8];
        LL_UNROLL for (int k = 0; k < 8; k++) z2_at0[k] = z2[(n + k) * 4 + (index_t)label[n + k]];
        const f32x8 loss_of_v = log_f32x8(load_f32x8(exp_sum + n)) + load_f32x8(top + n) - load_f32x8(z2_at0);
        store_f32x8(loss_of + n, loss_of_v);
    }
}

static void evaluate_all(const struct tensors *t, struct call *c, int rank, int threads) {
    index_t begin, end;
    ll_share(t->rows, 16, rank, threads, &begin, &end);
    train_x(t, begin, end);
    train_label(t, begin, end);
    train_z1(t, begin, end);
    train_z2(t, begin, end);
    train_top(t, begin, end);
    train_e(t, begin, end);
    train_exp_sum(t, begin, end);
    evaluate_loss_of(t, begin, end);
    (void)c;
}

#include "driver.h"
