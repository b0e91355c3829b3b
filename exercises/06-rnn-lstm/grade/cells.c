// grade/cells.c of 06-rnn-lstm: the checks of op_rnn, op_lstm and op_gru, by one plain recurrent net with room for every bug.
#include "judges.h"
#include "op_gru.h"
#include "op_lstm.h"
#include "op_rnn.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double TOLERANCE = 3e-5;

typedef struct { int T, B, I, H; } Size;

// What goes in; gradients too, where they are asked for.
typedef struct { const float *x, *wx, *wh, *b, *state, *dy; } Given;

// What comes out. last: the state after the last step.
typedef struct { float *y, *last, *dx, *dwx, *dwh, *db; } Made;
enum { OF_Y, OF_LAST, OF_X, OF_WX, OF_WH, OF_B };

typedef enum {
    RIGHT,
    // all cells, forward
    NO_MEMORY, STATE_IGNORED, NO_BIAS, BIAS_TWICE, BATCH_FIRST, WX_TRANSPOSED, WH_TRANSPOSED, FIRST_ROW, STATE_STAYS,
    // all cells, backward
    TRUNCATED, LAST_DY, UNBENT, WH_BACK_TRANSPOSED, WITH_H_AFTER, WITHOUT_FIRST_STATE, WITH_LAST_STATE, ONE_STEP_ONLY, MEAN, WX_BACK_TRANSPOSED, FORWARDS,
    // RNN
    NO_TANH, BIAS_BEHIND, TANH_OF_PRE, NO_TANH_BACK, TANH_OF_H, SQUARE_FORGOTTEN, SLOPE_BEFORE,
    // LSTM
    FORGET_FIRST, OUTPUT_THIRD, OUTPUT_FIRST, G_SECOND, FORGET_PLUS_1, SHOWS_OLD_C, G_SIGMOID, NO_C, NO_H, SHOWS_C, NEVER_FORGETS, COUPLED, ONE_MINUS_F, NO_INPUT_GATE, NO_OUTPUT_GATE, STATE_C_H, STATE_H_ONLY,
    STATE_C_ONLY, DC_DROPPED, DH_DROPPED, DC_WITHOUT_F, DC_NOT_BENT, DC_BY_C, DC_WITHOUT_O, DC_WITHOUT_H, DF_BY_NEW_C, SIGMOID_NOT_BENT, SIGMOID_AS_TANH, G_AS_SIGMOID, G_NOT_BENT,
    I_G_EXCHANGED, DO_BY_C, TANH_ON_O, SIGMOID_TURNED, STATE_H_TWICE, DC_SQUARE_FORGOTTEN, DH_KEPT,
    // GRU
    RESET_BEFORE, Z_EXCHANGED, Z_FIRST, NO_RESET, BIAS_INSIDE, N_SIGMOID, RESET_ON_ALL, N_NOT_BENT, DH_WITHOUT_Z, DU_WITHOUT_R, DR_WITHOUT_UN, DZ_REVERSED, DZ_BY_H, N_WITHOUT_Z, DH_BY_DGATE
} Bug;

typedef struct { Bug bug; const char *why; } Known;

// One step of one example: everything has H numbers, a gate of each kind.
typedef struct {
    int H;
    const double *a, *u;            // (G) what x and b bring; what h brings
    double *gate;                   // (G) after their functions
    const double *h, *c;            // before
    double *h_next, *c_next;        // after
    const float *wh;
    // back
    double *dh, *dc;                // of h_next and c_next; what goes back to h by itself, and to c
    double *da, *du;                // (G)
} Step;

typedef struct Cell {
    const char *name;
    int gates, states;
    Tensor *(*op)(Tape *, Tensor *, Tensor *, Tensor *, Tensor *, float *);
    void (*step)(Step s, Bug bug);
    void (*back)(Step s, Bug bug);
    const Known *forward, *backward;    // end with one whose why is NULL
} Cell;

// --- the plain recurrent net ---

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }
static double gate_of(double x, Bug bug) { return sigmoid(bug == SIGMOID_TURNED ? -x : x); }
static double *zeros(int n) { return xcalloc((size_t)n, sizeof(double)); }
static int row_of(Size z, int t, int n, Bug bug) { return bug == BATCH_FIRST ? n * z.T + t : t * z.B + n; }

static float *floats(const double *x, int n) {
    float *f = xmalloc((size_t)n * sizeof *f);
    for (int i = 0; i < n; i++) f[i] = (float)x[i];
    return f;
}

typedef struct { double *h, *c, *a, *u, *gate, *da, *du; } Room;

static Step step_at(const Cell *cell, Size z, Given g, Room r, int t, int n) {
    int at = t * z.B + n, G = cell->gates * z.H, BH = z.B * z.H;
    return (Step){z.H, r.a + at * G, r.u + at * G, r.gate + at * G, r.h + at * z.H, r.c + at * z.H, r.h + at * z.H + BH, r.c + at * z.H + BH, g.wh, NULL, NULL, r.da + at * G, r.du + at * G};
}

static void forward_plainly(const Cell *cell, Size z, Given g, Room r, Bug bug) {
    int G = cell->gates * z.H, BH = z.B * z.H;
    for (int i = 0; i < BH && g.state && bug != STATE_IGNORED; i++) {
        r.h[i] = bug == STATE_C_ONLY ? 0 : g.state[bug == STATE_C_H ? BH + i : i];
        if (cell->states == 2 && bug != STATE_H_ONLY) r.c[i] = g.state[bug == STATE_C_H || bug == STATE_H_TWICE ? i : BH + i];
    }
    double *nothing = zeros(BH * cell->gates);
    for (int t = 0; t < z.T; t++)
        for (int n = 0; n < z.B; n++) {
            Step s = step_at(cell, z, g, r, t, n);
            int row = row_of(z, t, n, bug);
            if (bug == FIRST_ROW) s.h = r.h + t * BH;
            if (bug == STATE_STAYS) s.h = r.h + n * z.H, s.c = r.c + n * z.H;
            if (bug == NO_MEMORY || bug == NO_H) s.h = nothing;
            if (bug == NO_MEMORY || bug == NO_C) s.c = nothing;
            double *a = r.a + (t * z.B + n) * G, *u = r.u + (t * z.B + n) * G;
            for (int k = 0; k < G; k++) {
                a[k] = bug == NO_BIAS ? 0 : g.b[k] * (bug == BIAS_TWICE ? 2 : 1);
                for (int i = 0; i < z.I; i++) a[k] += (double)g.x[row * z.I + i] * g.wx[bug == WX_TRANSPOSED ? i * G + k : k * z.I + i];
                for (int j = 0; j < z.H; j++) u[k] += s.h[j] * g.wh[bug == WH_TRANSPOSED ? j * G + k : k * z.H + j];
            }
            if (bug == BIAS_INSIDE)
                for (int k = 2 * z.H; k < G; k++) a[k] -= g.b[k], u[k] += g.b[k];
            if (bug == BIAS_BEHIND)
                for (int k = 0; k < G; k++) a[k] -= g.b[k];
            cell->step(s, bug);
            for (int j = 0; j < z.H && bug == BIAS_BEHIND; j++) s.h_next[j] += g.b[j];
        }
}

static void backward_plainly(const Cell *cell, Size z, Given g, Room r, Bug bug) {
    int G = cell->gates * z.H, BH = z.B * z.H;
    double *dh = zeros(BH), *dc = zeros(BH);
    for (int k = 0; k < z.T; k++) {
        int t = bug == FORWARDS ? k : z.T - 1 - k;
        for (int n = 0; n < z.B; n++) {
            Step s = step_at(cell, z, g, r, t, n);
            s.dh = dh + n * z.H;
            s.dc = dc + n * z.H;
            for (int j = 0; j < z.H; j++) {
                double dy = g.dy[(t * z.B + n) * z.H + j];
                if (bug == TRUNCATED || bug == DH_DROPPED) s.dh[j] = 0;
                if (bug == TRUNCATED || bug == DC_DROPPED) s.dc[j] = 0;
                s.dh[j] += bug == LAST_DY && t + 1 < z.T ? 0 : dy;
            }
            double *all = memcpy(zeros(z.H), s.dh, (size_t)z.H * sizeof *all);
            cell->back(s, bug);
            for (int j = 0; j < z.H; j++)
                for (int i = 0; i < G; i++) s.dh[j] += (bug == UNBENT ? all[i % z.H] : bug == DH_BY_DGATE ? s.da[i] : s.du[i]) * g.wh[bug == WH_BACK_TRANSPOSED ? j * G + i : i * z.H + j];
        }
    }
}

static Made products_plainly(const Cell *cell, Size z, Given g, Room r, Bug bug) {
    int G = cell->gates * z.H, N = z.T * z.B, BH = z.B * z.H;
    double *dx = zeros(N * z.I), *dwx = zeros(G * z.I), *dwh = zeros(G * z.H), *db = zeros(G);
    for (int row = 0; row < N; row++)
        for (int k = 0; k < G; k++) {
            double da = r.da[row * G + k], du = r.du[row * G + k];
            for (int i = 0; i < z.I; i++) dx[row * z.I + i] += da * g.wx[bug == WX_BACK_TRANSPOSED ? i * G + k : k * z.I + i];
            if (bug == ONE_STEP_ONLY && row >= z.B) continue;
            if (bug == MEAN) da /= N, du /= N;
            for (int i = 0; i < z.I; i++) dwx[k * z.I + i] += da * g.x[row * z.I + i];
            for (int j = 0; j < z.H; j++) {
                double h = r.h[(bug == WITH_H_AFTER ? row + z.B : row) * z.H + j];
                if (row < z.B && bug == WITHOUT_FIRST_STATE) h = 0;
                if (row < z.B && bug == WITH_LAST_STATE && g.state) h = r.h[z.T * BH + row * z.H + j];
                dwh[k * z.H + j] += du * h;
            }
            db[k] += da;
        }
    return (Made){NULL, NULL, floats(dx, N * z.I), floats(dwx, G * z.I), floats(dwh, G * z.H), floats(db, G)};
}

static Made run_plainly(const Cell *cell, Size z, Given g, Bug bug) {
    int G = cell->gates * z.H, N = z.T * z.B, BH = z.B * z.H;
    Room r = {zeros((N + z.B) * z.H), zeros((N + z.B) * z.H), zeros(N * G), zeros(N * G), zeros(N * G), zeros(N * G), zeros(N * G)};
    forward_plainly(cell, z, g, r, bug);
    Made m = {0};
    if (g.dy) {
        backward_plainly(cell, z, g, r, bug);
        m = products_plainly(cell, z, g, r, bug);
    }
    m.y = filled((size_t)(N * z.H), 0);
    for (int i = 0; i < N * z.H; i++) m.y[row_of(z, i / BH, i / z.H % z.B, bug) * z.H + i % z.H] = (float)r.h[BH + i];
    m.last = filled((size_t)(2 * BH), 0);
    for (int i = 0; i < BH; i++) {
        m.last[i] = (float)r.h[z.T * BH + i];
        m.last[BH + i] = (float)r.c[z.T * BH + i];
    }
    return m;
}

// --- the cells ---

static void rnn_step(Step s, Bug bug) {
    for (int j = 0; j < s.H; j++) s.h_next[j] = bug == NO_TANH ? s.a[j] + s.u[j] : tanh(s.a[j] + s.u[j]);
}

static void rnn_back(Step s, Bug bug) {
    for (int j = 0; j < s.H; j++) {
        double h = s.h_next[j], pre = s.a[j] + s.u[j];
        double bend = bug == TANH_OF_PRE ? 1 - pre * pre : bug == NO_TANH_BACK ? 1 : bug == TANH_OF_H ? 1 - tanh(h) * tanh(h) : bug == SQUARE_FORGOTTEN ? 1 - h : bug == SLOPE_BEFORE ? 1 - s.h[j] * s.h[j] : 1 - h * h;
        s.da[j] = s.du[j] = s.dh[j] * bend;
        s.dh[j] = 0;
    }
}

// Which quarter holds i, f, g, o.
static const int *order_of(Bug bug) {
    static const int RIGHT_ORDER[] = {0, 1, 2, 3}, FIGO[] = {1, 0, 2, 3}, IFOG[] = {0, 1, 3, 2}, OIFG[] = {1, 2, 3, 0}, IGFO[] = {0, 2, 1, 3};
    return bug == FORGET_FIRST ? FIGO : bug == OUTPUT_THIRD ? IFOG : bug == OUTPUT_FIRST ? OIFG : bug == G_SECOND ? IGFO : RIGHT_ORDER;
}

static void lstm_step(Step s, Bug bug) {
    const int *at = order_of(bug);
    for (int j = 0; j < s.H; j++) {
        double in[4];
        for (int k = 0; k < 4; k++) in[k] = s.a[at[k] * s.H + j] + s.u[at[k] * s.H + j];
        if (bug == FORGET_PLUS_1) in[1] += 1;
        double i = gate_of(in[0], bug), f = gate_of(in[1], bug), g = bug == G_SIGMOID || bug == TANH_ON_O ? sigmoid(in[2]) : tanh(in[2]), o = bug == TANH_ON_O ? tanh(in[3]) : gate_of(in[3], bug);
        double gate[] = {i, f, g, o};
        for (int k = 0; k < 4; k++) s.gate[k * s.H + j] = gate[k];
        if (bug == NEVER_FORGETS) f = 1;
        if (bug == ONE_MINUS_F) f = 1 - f;
        if (bug == NO_INPUT_GATE) i = 1;
        if (bug == COUPLED) i = 1 - f;
        if (bug == NO_OUTPUT_GATE) o = 1;
        s.c_next[j] = f * s.c[j] + i * g;
        s.h_next[j] = o * (bug == SHOWS_C ? s.c_next[j] : tanh(bug == SHOWS_OLD_C ? s.c[j] : s.c_next[j]));
    }
}

static double bent_sigmoid(double s, Bug bug) { return bug == SIGMOID_NOT_BENT ? 1 : bug == SIGMOID_AS_TANH ? 1 - s * s : s * (1 - s); }

static void lstm_back_step(Step s, Bug bug) {
    for (int j = 0; j < s.H; j++) {
        double i = s.gate[j], f = s.gate[s.H + j], g = s.gate[2 * s.H + j], o = s.gate[3 * s.H + j], c = s.c[j], next = s.c_next[j], bent = tanh(next), dh = s.dh[j];
        double bend = bug == DC_NOT_BENT ? 1 : bug == DC_BY_C ? 1 - next * next : bug == DC_SQUARE_FORGOTTEN ? 1 - bent : 1 - bent * bent;
        double d = s.dc[j] + (bug == DC_WITHOUT_H ? 0 : dh * (bug == DC_WITHOUT_O ? 1 : o) * bend);
        double di = d * (bug == I_G_EXCHANGED ? i : g), df = d * (bug == DF_BY_NEW_C ? next : c), dg = d * (bug == I_G_EXCHANGED ? g : i), dout = dh * (bug == DO_BY_C ? next : bent);
        s.da[j] = di * bent_sigmoid(i, bug);
        s.da[s.H + j] = df * bent_sigmoid(f, bug);
        s.da[2 * s.H + j] = dg * (bug == G_AS_SIGMOID ? g * (1 - g) : bug == G_NOT_BENT ? 1 : 1 - g * g);
        s.da[3 * s.H + j] = dout * bent_sigmoid(o, bug);
        s.dc[j] = bug == DC_WITHOUT_F ? d : d * f;
        s.dh[j] = bug == DH_KEPT ? dh : 0;
    }
    memcpy(s.du, s.da, (size_t)(4 * s.H) * sizeof *s.du);
}

static void gru_step(Step s, Bug bug) {
    int R = bug == Z_FIRST ? s.H : 0, Z = s.H - R, N = 2 * s.H;
    for (int j = 0; j < s.H; j++) {
        s.gate[j] = bug == NO_RESET ? 1 : gate_of(s.a[R + j] + s.u[R + j], bug);
        s.gate[s.H + j] = gate_of(s.a[Z + j] + s.u[Z + j], bug);
    }
    for (int j = 0; j < s.H; j++) {
        double r = s.gate[j], z = s.gate[s.H + j], in = s.a[N + j] + r * s.u[N + j];
        if (bug == RESET_BEFORE) {
            in = s.a[N + j];
            for (int k = 0; k < s.H; k++) in += s.gate[k] * s.h[k] * s.wh[(N + j) * s.H + k];
        }
        if (bug == RESET_ON_ALL) in = r * (s.a[N + j] + s.u[N + j]);
        double n = s.gate[N + j] = bug == NO_TANH ? in : bug == N_SIGMOID ? sigmoid(in) : tanh(in);
        s.h_next[j] = bug == Z_EXCHANGED ? z * n + (1 - z) * s.h[j] : bug == N_WITHOUT_Z ? n + z * s.h[j] : (1 - z) * n + z * s.h[j];
    }
}

static void gru_back_step(Step s, Bug bug) {
    for (int j = 0; j < s.H; j++) {
        double r = s.gate[j], z = s.gate[s.H + j], n = s.gate[2 * s.H + j], dh = s.dh[j];
        double dn = dh * (1 - z) * (bug == N_NOT_BENT ? 1 : 1 - n * n);
        s.da[j] = s.du[j] = dn * (bug == DR_WITHOUT_UN ? 1 : s.u[2 * s.H + j]) * bent_sigmoid(r, bug);
        s.da[s.H + j] = s.du[s.H + j] = dh * (bug == DZ_REVERSED ? n - s.h[j] : bug == DZ_BY_H ? s.h[j] : s.h[j] - n) * bent_sigmoid(z, bug);
        s.da[2 * s.H + j] = dn;
        s.du[2 * s.H + j] = bug == DU_WITHOUT_R ? dn : dn * r;
        s.dh[j] = bug == DH_WITHOUT_Z ? 0 : dh * z;
    }
}

// --- what is said about the bugs ---

#define ALL_FORWARD                                                                                                                                                              \
    {NO_BIAS, "the bias is left out"},                                                                                                                                           \
    {BIAS_TWICE, "the bias is added twice: one b is enough here, PyTorch's two are one"},                                                                                        \
    {BATCH_FIRST, "x and y are read as (B,T,...): time comes first here, x[(t*B + n)*I + i] and y[(t*B + n)*H + j]"},                                                            \
    {WX_TRANSPOSED, "wx is read transposed: row k of wx holds the weights of output k, wx[k*I + i]"},                                                                            \
    {WH_TRANSPOSED, "wh is read transposed: row k of wh holds the weights of output k, wh[k*H + j]"},                                                                            \
    {FIRST_ROW, "every example goes on from the state of the first one: each of the B has a state of its own"},                                                                  \
    {STATE_STAYS, "every step goes on from the state before the first step: step t goes on from the state that step t-1 has left"}

#define ALL_BACKWARD                                                                                                                                                             \
    {LAST_DY, "only dy of the last step is taken: the loss looks at every step, so dh_t is dy_t plus what comes from step t+1"},                                                 \
    {FORWARDS, "the walk begins at the first step: what step t+1 wants of h_t must be known before step t, so begin at the last"}

static const Known RNN_FORWARD[] = {
    {NO_MEMORY, "the state is left out: every step goes on from the state before it, through Wh"},
    {NO_TANH, "tanh is left out"},
    {BIAS_BEHIND, "the bias is added behind tanh: it goes into it"},
    ALL_FORWARD,
    {STATE_IGNORED, "the state that is given is not used: the first step begins from zeros, and forgets whatever came before"},
    {0, NULL}};

static const Known RNN_BACKWARD[] = {
    {TRUNCATED, "nothing goes from step t+1 back to step t: the gradient through the state is missing; dh_t = dy_t + dpre_(t+1) Wh"},
    {TANH_OF_PRE, "tanh' is taken from what goes into tanh: 1 - h², with h what came out"},
    {NO_TANH_BACK, "tanh' is missing: dpre = dh (1 - h²)"},
    {TANH_OF_H, "tanh' is taken from tanh(h): h is tanh of something already, so it is 1 - h²"},
    {SQUARE_FORGOTTEN, "tanh' is 1 - h², not 1 - h"},
    {SLOPE_BEFORE, "the slope takes the state before the step, h_(t-1): it is that of what the step made, 1 - h_t²"},
    {UNBENT, "what goes from step t+1 back to step t is dh_(t+1) Wh, before tanh': it is dpre_(t+1) Wh"},
    {WH_BACK_TRANSPOSED, "the way from step t+1 to step t goes through Whᵀ: it is dpre_(t+1) Wh, so dh_t[j] gets the sum over k of dpre_(t+1)[k] wh[k*H + j]"},
    {WX_BACK_TRANSPOSED, "it goes through wx transposed: dx[i] is the sum over k of dpre[k] wx[k*I + i]"},
    {WITH_H_AFTER, "it takes the state after each step: what wh was multiplied by is the state before it"},
    {WITHOUT_FIRST_STATE, "it leaves out the state before the first step: the first step was multiplied by it, too, s->h[0 .. B*H-1]"},
    {WITH_LAST_STATE, "it takes the first state from `state`, which holds the last one by now: it is in s->h[0 .. B*H-1]"},
    {ONE_STEP_ONLY, "it holds the first step's part only: all steps used the same weights, so their gradients add up (+=)"},
    {MEAN, "it is a mean over all steps and examples: it is their sum; the 1/N of the loss is already in dy"},
    ALL_BACKWARD,
    {0, NULL}};

static const Known LSTM_FORWARD[] = {
    {FORGET_FIRST, "forget gate and input gate are exchanged: the quarters stand in the order i, f, g, o"},
    {OUTPUT_THIRD, "the quarters are read as i, f, o, g, the order of some courses: here it is i, f, g, o"},
    {OUTPUT_FIRST, "the quarters are read as o, i, f, g: here the order is i, f, g, o"},
    {G_SECOND, "the quarters are read as i, g, f, o, the order of TensorFlow's first LSTM: here it is i, f, g, o"},
    {FORGET_PLUS_1, "1 is added to what goes into the forget gate. Some begin training with such a bias, but then it is in b; here it is sigmoid of what comes in"},
    {SHOWS_OLD_C, "h_t shows c_(t-1), the cell before the step: h_t = o * tanh(c_t)"},
    {G_SIGMOID, "g goes through the sigmoid: it is no gate, but what is written, and that may be negative: tanh"},
    {TANH_ON_O, "tanh is put on the fourth quarter, o, and the sigmoid on the third, g: the quarters stand in the order i, f, g, o, and tanh belongs to g"},
    {SIGMOID_TURNED, "the sigmoid is turned round: it is 1 / (1 + expf(-x)), with a minus"},
    {SHOWS_C, "h_t = o * c_t: the cell is shown through tanh, h_t = o * tanh(c_t)"},
    {NO_INPUT_GATE, "the input gate is left out: c_t = f * c_(t-1) + i * g"},
    {NO_OUTPUT_GATE, "the output gate is left out: h_t = o * tanh(c_t)"},
    {NO_C, "the cell is not carried on: c_t begins with f * c_(t-1), what is kept of the step before"},
    {NO_H, "h is not carried on: the gates see h_(t-1), through Wh"},
    {NO_MEMORY, "neither h nor c is carried on: every step goes on from both"},
    {NEVER_FORGETS, "the forget gate is left out, as in 1997: c_t = f * c_(t-1) + i * g"},
    {ONE_MINUS_F, "f is turned round: a forget gate of 1 keeps all, c_t = f * c_(t-1) + i * g"},
    {COUPLED, "1 - f is taken in place of i (a published variant, with one gate less): here i is a gate of its own"},
    ALL_FORWARD,
    {STATE_IGNORED, "the state that is given is not used: the first step begins from zeros, and forgets whatever came before"},
    {STATE_C_H, "h and c of the state are exchanged: h comes first"},
    {STATE_H_TWICE, "c is filled from the half of `state` that holds h: c is the second half, state[B*H .. 2*B*H-1]"},
    {STATE_H_ONLY, "of the state that is given, c is not used: state holds (B,H) of h, and behind it (B,H) of c"},
    {STATE_C_ONLY, "of the state that is given, h is not used: state holds (B,H) of h, and behind it (B,H) of c"},
    {0, NULL}};

static const Known LSTM_BACKWARD[] = {
    {DC_NOT_BENT, "the way from h_t to c_t lacks tanh': h_t = o * tanh(c_t), so dc_t gets dh_t * o * (1 - tanh²(c_t))"},
    {DC_BY_C, "the way from h_t to c_t has 1 - c²: tanh' of c is 1 - tanh²(c), and c has not been through tanh"},
    {DC_SQUARE_FORGOTTEN, "the way from h_t to c_t has 1 - tanh(c), without the square: tanh' of c is 1 - tanh²(c)"},
    {DC_WITHOUT_O, "the way from h_t to c_t lacks o: h_t = o * tanh(c_t), so dc_t gets dh_t * o * (1 - tanh²(c_t))"},
    {DC_WITHOUT_H, "the way from h_t to c_t is missing: dc_t gets dh_t * o * (1 - tanh²(c_t)), besides what comes from c_(t+1)"},
    {DO_BY_C, "o's gradient takes c_t: h_t = o * tanh(c_t), so it is dh_t * tanh(c_t), times o (1 - o)"},
    {DF_BY_NEW_C, "f's gradient takes c_t: f was multiplied by c_(t-1), the one before"},
    {I_G_EXCHANGED, "the gradients of i and g are exchanged: in i * g, each gets dc_t times the other"},
    {SIGMOID_NOT_BENT, "the sigmoid's slope is missing: the gradient of what went into a gate s has the factor s (1 - s)"},
    {SIGMOID_AS_TANH, "the gates i, f, o take 1 - s², which is tanh's slope: the sigmoid's is s (1 - s)"},
    {G_AS_SIGMOID, "g takes the sigmoid's slope: g comes out of tanh, so it is 1 - g²"},
    {G_NOT_BENT, "tanh's slope at g is missing: 1 - g²"},
    {DC_DROPPED, "the gradient through the cell is dropped: c_t = f * c_(t-1) + ..., so dc_(t-1) begins with dc_t * f, and dc_t is all of it: what h_t wants, and what came from c_(t+1). This is the way that lets an LSTM learn over long distances"},
    {DH_DROPPED, "the gradient through h is dropped: the gates of step t+1 saw h_t, so dh_t = dy_t + dgate_(t+1) Wh"},
    {DH_KEPT, "s->dh is added to from step to step: dh_(t+1) has done its work in dgate_(t+1), so every step begins anew with dh_t = dy_t + dgate_(t+1) Wh"},
    {TRUNCATED, "nothing goes from step t+1 back to step t, neither by h nor by c"},
    {DC_WITHOUT_F, "dc goes back to the step before without f: c_t = f * c_(t-1) + ..., so dc_(t-1) begins with dc_t * f"},
    ALL_BACKWARD,
    {0, NULL}};

static const Known GRU_FORWARD[] = {
    {RESET_BEFORE, "the reset gate works before the product, (r * h) Unᵀ. That is a GRU too, the one of Cho's paper (\"v1\"); asked for is the one of PyTorch, r * (h Unᵀ), in which r comes after it"},
    {Z_EXCHANGED, "z and 1 - z are exchanged (published both ways): here z says how much of the old state to keep, h_t = (1 - z) * n + z * h_(t-1)"},
    {Z_FIRST, "the thirds are read as z, r, n, as Keras has them: here the order is r, z, n"},
    {NO_RESET, "the reset gate is left out: n = tanh(x Wnᵀ + bn + r * (h Unᵀ))"},
    {BIAS_INSIDE, "bn is inside of what r scales: n = tanh(x Wnᵀ + bn + r * (h Unᵀ)), so only the product with h is"},
    {RESET_ON_ALL, "r scales x's part of n, too: only the old state is reset, n = tanh(x Wnᵀ + bn + r * (h Unᵀ))"},
    {N_SIGMOID, "n goes through the sigmoid: it is no gate, but what is written, and that may be negative: tanh"},
    {SIGMOID_TURNED, "the sigmoid is turned round: it is 1 / (1 + expf(-x)), with a minus"},
    {NO_TANH, "tanh is left out of n"},
    {N_WITHOUT_Z, "n lacks its factor: h_t = (1 - z) * n + z * h_(t-1), a mean of both"},
    {NO_MEMORY, "the state is left out: every step goes on from the state before it"},
    ALL_FORWARD,
    {STATE_IGNORED, "the state that is given is not used: the first step begins from zeros, and forgets whatever came before"},
    {0, NULL}};

static const Known GRU_BACKWARD[] = {
    {DH_WITHOUT_Z, "the direct way back is missing: h_t = ... + z * h_(t-1), so dh_(t-1) gets dh_t * z, besides what comes through the gates"},
    {DH_BY_DGATE, "the gradient of the step before is made of s->du, not of s->dgate: h_(t-1) went into the product with Un, and r stands between that and n"},
    {DU_WITHOUT_R, "du of n lacks r: r stands between n and the product with Un, so du is dn * r, while dgate is dn"},
    {DR_WITHOUT_UN, "r's gradient lacks its factor: r was multiplied by h_(t-1) Unᵀ, which is in s->un"},
    {DZ_REVERSED, "z's gradient has the wrong sign: h_t = (1 - z) * n + z * h_(t-1), so it is dh * (h_(t-1) - n)"},
    {DZ_BY_H, "z's gradient forgets the other half: z stands in (1 - z) * n, too, so it is dh * (h_(t-1) - n)"},
    {N_NOT_BENT, "tanh's slope at n is missing: 1 - n²"},
    {SIGMOID_NOT_BENT, "the sigmoid's slope is missing: the gradient of what went into a gate s has the factor s (1 - s)"},
    {SIGMOID_AS_TANH, "the gates r and z take 1 - s², which is tanh's slope: the sigmoid's is s (1 - s)"},
    {TRUNCATED, "nothing goes from step t+1 back to step t"},
    ALL_BACKWARD,
    {0, NULL}};

static const Cell RNN = {"op_rnn", 1, 1, op_rnn, rnn_step, rnn_back, RNN_FORWARD, RNN_BACKWARD};
static const Cell LSTM = {"op_lstm", 4, 2, op_lstm, lstm_step, lstm_back_step, LSTM_FORWARD, LSTM_BACKWARD};
static const Cell GRU = {"op_gru", 3, 1, op_gru, gru_step, gru_back_step, GRU_FORWARD, GRU_BACKWARD};

// --- a run of the answer ---

typedef struct {
    const Cell *cell;
    Size z;
    Tape tape;
    Tensor *x, *wx, *wh, *b, *y;
    float *first, *state;       // (states,B,H) what was given, and what the call has left there; NULL: none
    float *dy;
    char *text;                 // "x is (5,3,2), state NULL: "
} Run;

static Tensor *scaled(Tensor *t, float by) {
    for (size_t i = 0; i < t->size; i++) t->data[i] *= by;
    return t;
}

static Run new_run(const Cell *cell, Size z, bool with_state, float start) {
    int G = cell->gates * z.H;
    size_t states = (size_t)(cell->states * z.B * z.H);
    Run r = {.cell = cell, .z = z, .tape = used_tape(true), .dy = given_floats((size_t)(z.T * z.B * z.H), 16)};
    r.x = given_tensor("x", 3, (int[]){z.T, z.B, z.I}, 11, start);
    r.wx = scaled(given_tensor("wx", 2, (int[]){G, z.I}, 12, start), 0.7f);
    r.wh = scaled(given_tensor("wh", 2, (int[]){G, z.H}, 13, start), 0.7f);
    r.b = scaled(given_tensor("b", 1, &G, 14, start), 0.7f);
    if (with_state) {
        r.first = given_floats(states, 15);
        for (size_t i = 0; i < states; i++) r.first[i] *= 0.6f;
        r.state = memcpy(xmalloc(states * sizeof(float)), r.first, states * sizeof(float));
    }
    r.text = xprintf("x is %s, H = %d%s: ", shape_text(r.x), z.H, with_state ? ", with a state" : ", state NULL");
    return r;
}

static void go(Run *r) {
    r->y = r->cell->op(&r->tape, r->x, r->wx, r->wh, r->b, r->state);
    expect_shape(xprintf("%sy", r->text), r->y, xprintf("(%d,%d,%d)", r->z.T, r->z.B, r->z.H));
}

static Run run_of(const Cell *cell, Size z, bool with_state, float start) {
    Run r = new_run(cell, z, with_state, start);
    go(&r);
    return r;
}

static Given given_of(const Run *r, bool back) { return (Given){r->x->data, r->wx->data, r->wh->data, r->b->data, r->first, back ? r->dy : NULL}; }

static const float *part_of(Made m, int part) { return ((const float *[]){m.y, m.last, m.dx, m.dwx, m.dwh, m.db})[part]; }

// The known bugs as suspects, behind room for `more` others.
static Suspect *suspects_of(const Run *r, const Known *known, int part, int more, bool back) {
    int count = 0;
    while (known[count].why) count++;
    Suspect *s = xcalloc((size_t)(more + count + 1), sizeof *s);
    for (int i = 0; i < count; i++) s[more + i] = (Suspect){known[i].why, part_of(run_plainly(r->cell, r->z, given_of(r, back), known[i].bug), part)};
    return s;
}

// --- forward ---

static bool y_is(const Run *r, Bug bug) { return is_close(r->y->data, run_plainly(r->cell, r->z, given_of(r, false), bug).y, r->y->size); }

static const char NULL_ASKED[] = "state may be NULL, and then the first step begins with zeros: ask for that first";

static void judge_y(const Run *r) {
    const float *want = run_plainly(r->cell, r->z, given_of(r, false), RIGHT).y;
    if (!r->first && isnan(r->y->data[0])) {
        Run zeros_given = new_run(r->cell, r->z, true, 0);
        memset(zeros_given.first, 0, (size_t)(r->cell->states * r->z.B * r->z.H) * sizeof(float));
        memcpy(zeros_given.state, zeros_given.first, (size_t)(r->cell->states * r->z.B * r->z.H) * sizeof(float));
        go(&zeros_given);
        if (is_close(zeros_given.y->data, want, r->y->size))
            reject("state is NULL, and the first step goes on from memory that was never written: NULL means zeros. Else a name would begin with what another has left there");
    }
    // from zeros, this is the same as no memory at all; from another state it is not
    if (!r->first && r->z.T > 1 && !y_is(r, RIGHT) && y_is(r, STATE_STAYS)) {
        Run given = run_of(r->cell, r->z, true, 0);
        for (const Known *k = r->cell->forward; k->why; k++)
            if (k->bug == STATE_STAYS && y_is(&given, STATE_STAYS)) reject("%s", k->why);
    }
    expect_floats(xprintf("%sy", r->text), r->y->data, want, r->y->size, r->y, TOLERANCE, suspects_of(r, r->cell->forward, OF_Y, 0, false));
}

static void judge_sizes(const Cell *cell, const Size *z, int count, bool with_state) {
    if (!with_state) if_stopped("null pointer", NULL_ASKED);
    for (int i = 0; i < count; i++) {
        Run r = run_of(cell, z[i], with_state, 0);
        judge_y(&r);
    }
}

// Whatever a check above has said is not said again.
static void after_one_step(const Cell *cell, bool with_state) {
    if (!with_state) if_stopped("null pointer", NULL_ASKED);
    Run r = run_of(cell, (Size){1, 3, 2, 5}, with_state, 0);
    if (with_state && y_is(&r, STATE_IGNORED)) return;     // with one step the state may be forgotten always, or at first: several will show
    if (!y_is(&r, RIGHT)) reject("one step is not right yet, so several cannot be: see the check above");
}

static void after_steps(const Cell *cell) {
    if_stopped("null pointer", NULL_ASKED);
    Run r = run_of(cell, (Size){5, 3, 2, 4}, false, 0);
    if (!y_is(&r, RIGHT)) reject("y is not right yet with state NULL, so it cannot be with a state: see the checks above");
}

// What the call has left in `state`.
static void judge_last(const Run *r) {
    Size z = r->z;
    size_t BH = (size_t)(z.B * z.H), n = (size_t)r->cell->states * BH;
    bool cell_too = r->cell->states == 2;
    Made right = run_plainly(r->cell, z, given_of(r, false), RIGHT);
    enum { MORE = 7 };
    Size shorter = {z.T - 1, z.B, z.I, z.H}, one = {1, z.B, z.I, z.H};
    float *c_kept = memcpy(filled(n, 0), right.last, n * sizeof(float)), *h_kept = memcpy(filled(n, 0), right.last, n * sizeof(float)), *swapped = filled(n, 0), *twice = filled(n, 0);
    for (size_t i = 0; cell_too && i < BH; i++) {
        c_kept[BH + i] = r->first[BH + i];
        h_kept[i] = r->first[i];
        swapped[i] = right.last[BH + i];
        swapped[BH + i] = twice[i] = twice[BH + i] = right.last[i];
    }
    Suspect suspects[MORE + 1] = {
        {"`state` is as it was before the call: leave the last step's there, so that the next batch can go on from it", r->first},
        {"`state` holds the state before the last step: it is to be the one after it", run_plainly(r->cell, shorter, given_of(r, false), RIGHT).last},
        {"`state` holds the state after the first step: it is to be the one after the last", run_plainly(r->cell, one, given_of(r, false), RIGHT).last},
        {"c is not left in `state`: behind the (B,H) of h it has (B,H) of c, and the next batch goes on from both", cell_too ? c_kept : r->first},
        {"h is not left in `state`: it has (B,H) of h, and behind it (B,H) of c", cell_too ? h_kept : r->first},
        {"h and c are left in `state` in the wrong order: h comes first", cell_too ? swapped : r->first},
        {"h is left in `state` twice: behind the (B,H) of h comes c", cell_too ? twice : r->first},
        {NULL, NULL}};
    Tensor shape = {.ndim = cell_too ? 3 : 2, .shape = {cell_too ? 2 : z.B, cell_too ? z.B : z.H, cell_too ? z.H : 0}, .size = n};
    for (Suspect *s = suspects; s->why && !r->tape.record; s++) s->why = xprintf("on a tape that does not record (evaluation), %s", s->why);
    expect_floats(xprintf("%safter the call, state", r->text), r->state, right.last, n, &shape, TOLERANCE, suspects);
}

// A state that comes in and goes out; and one that is NULL, right after that.
static void judge_state(const Cell *cell) {
    const Size z = {4, 3, 2, 5}, one = {1, 2, 3, 4};
    Run r = run_of(cell, z, true, 0);
    judge_y(&r);
    judge_last(&r);
    Run alone = run_of(cell, z, false, 0);
    Run after = r;
    after.first = r.state;
    float *from_last = run_plainly(cell, z, given_of(&after, false), RIGHT).y;
    if (is_close(alone.y->data, from_last, alone.y->size))
        reject("state is NULL, and yet the first step goes on from where the last call ended: NULL means zeros. Every name begins anew");
    judge_y(&alone);
    Run plain = new_run(cell, z, true, 0);
    plain.tape = used_tape(false);
    plain.text = xprintf("on a tape that does not record (evaluation), %s", plain.text);
    go(&plain);
    judge_y(&plain);
    judge_last(&plain);
    r = run_of(cell, one, true, 0);
    judge_y(&r);
    judge_last(&r);
    Run again = run_of(cell, one, true, 0);
    if (memcmp(again.state, r.state, (size_t)(cell->states * 8) * sizeof(float)) != 0 || memcmp(again.y->data, r.y->data, r.y->size * sizeof(float)) != 0)
        reject("%sthe same call a second time gives another y: nothing may stay from call to call but what is in `state`", r.text);
}

void rnn_one_step(void) { judge_sizes(&RNN, (Size[]){{1, 3, 2, 5}, {1, 2, 4, 3}}, 2, false); }

void rnn_steps(void) {
    after_one_step(&RNN, false);
    judge_sizes(&RNN, (Size[]){{5, 3, 2, 4}, {3, 1, 4, 5}}, 2, false);
}

void rnn_state(void) {
    after_steps(&RNN);
    judge_state(&RNN);
}

void lstm_one_step(void) { judge_sizes(&LSTM, (Size[]){{1, 3, 2, 5}, {1, 2, 4, 3}}, 2, false); }

void lstm_steps(void) {
    after_one_step(&LSTM, false);
    judge_sizes(&LSTM, (Size[]){{5, 3, 2, 4}, {3, 1, 4, 5}}, 2, false);
}

void lstm_state(void) {
    after_steps(&LSTM);
    judge_state(&LSTM);
}

void gru_one_step(void) {
    judge_sizes(&GRU, (Size[]){{1, 3, 2, 5}, {1, 2, 4, 3}}, 2, true);
    judge_sizes(&GRU, (Size[]){{1, 3, 2, 5}}, 1, false);
}

void gru_steps(void) {
    after_one_step(&GRU, true);
    after_one_step(&GRU, false);
    judge_sizes(&GRU, (Size[]){{5, 3, 2, 4}, {3, 1, 4, 5}}, 2, false);
    judge_state(&GRU);
}

// --- backward ---

static const Tensor *input_of(const Run *r, int part) { return ((const Tensor *[]){NULL, NULL, r->x, r->wx, r->wh, r->b})[part]; }

static Made right_of(const Run *r) { return run_plainly(r->cell, r->z, given_of(r, true), RIGHT); }

// Are all gradients those of m?
static bool grads_are(const Run *r, Made m) {
    for (int part = OF_X; part <= OF_B; part++)
        if (!is_close(input_of(r, part)->grad, part_of(m, part), input_of(r, part)->size)) return false;
    return true;
}

// part: one of OF_X ... OF_B. Before, all gradients were `start`.
static void judge_part_by(const Run *r, int part, float start, Made all) {
    static const char *NAME[] = {"", "", "dx", "dwx", "dwh", "db"};
    const Tensor *t = input_of(r, part);
    const float *want = part_of(all, part);
    for (size_t i = 0; i < t->size; i++)
        if (isnan(t->grad[i]))
            reject("%s%s is NaN: something was used that was never written. Behind the last step there is none, so nothing comes from there: begin with 0", r->text, NAME[part]);
    enum { MORE = 2 };
    Suspect *s = suspects_of(r, r->cell->backward, part, MORE, true);
    s[0] = (Suspect){xprintf("%s stays as it was", NAME[part]), filled(t->size, 0)};
    s[1] = (Suspect){xprintf("%s is overwritten: a gradient is added to what is there (+=), for the same tensor may be used elsewhere too", NAME[part]), plus(-start, want, t->size)};
    for (Suspect *each = s; each->why; each++) {
        if (each >= s + MORE) each->why = xprintf("%s: %s", NAME[part], each->why);
        each->values = plus(start, each->values, t->size);
    }
    expect_floats(xprintf("%s%s", r->text, NAME[part]), t->grad, plus(start, want, t->size), t->size, t, TOLERANCE, s);
}

static Run back_run(const Cell *cell, Size z, bool with_state, float start) {
    Run r = run_of(cell, z, with_state, start);
    if (!is_close(r.y->data, run_plainly(cell, z, given_of(&r, false), RIGHT).y, r.y->size))
        reject("%sy is not right yet, so its gradients cannot be: see the checks above", r.text);
    go_back(&r.tape, r.y, r.dy);
    return r;
}

// The gradients that the answer itself gives, from 0 on.
static Made own_of(const Cell *cell, Size z, bool with_state) {
    Run r = back_run(cell, z, with_state, 0);
    Made m = right_of(&r);
    float **place[] = {NULL, NULL, &m.dx, &m.dwx, &m.dwh, &m.db};
    for (int part = OF_X; part <= OF_B; part++) {
        float *grad = input_of(&r, part)->grad;
        size_t n = input_of(&r, part)->size;
        if (!is_close(grad, grad, n) || memcmp(grad, filled(n, 0), n * sizeof *grad) == 0)
            reject("the gradient of %s is nothing yet, or no number, so it cannot be seen whether it adds up: see the checks above", input_of(&r, part)->name);
        *place[part] = grad;
    }
    return m;
}

static void judge_back(const Cell *cell, Size z, bool with_state, float start, int from, int to) {
    Run r = back_run(cell, z, with_state, start);
    for (int part = from; part <= to; part++) judge_part_by(&r, part, start, right_of(&r));
}

void rnn_to_x(void) {
    judge_back(&RNN, (Size){1, 3, 2, 4}, true, 0, OF_X, OF_X);
    judge_back(&RNN, (Size){5, 3, 2, 4}, true, 0, OF_X, OF_X);
    judge_back(&RNN, (Size){3, 1, 4, 5}, false, 0, OF_X, OF_X);
}

// A mistake that dx shows, and the others with it, is told there.
static void judge_weights(Size z, bool with_state) {
    Run r = back_run(&RNN, z, with_state, 0);
    Made right = right_of(&r);
    bool all_wrong = !is_close(r.x->grad, right.dx, r.x->size) && !is_close(r.wx->grad, right.dwx, r.wx->size);
    for (const Known *k = RNN_BACKWARD; all_wrong && k->why; k++)
        if (grads_are(&r, run_plainly(&RNN, z, given_of(&r, true), k->bug))) reject("it is the same mistake as in dx, for dpre is in all of them: see the check above");
    for (int part = OF_WX; part <= OF_B; part++) judge_part_by(&r, part, 0, right);
}

void rnn_to_weights(void) {
    judge_weights((Size){5, 3, 2, 4}, true);
    judge_weights((Size){3, 2, 4, 5}, false);
}

// want, here and in judge_two: NULL for the right ones.
static const Size ADDING = {4, 3, 2, 5};

// Nobody wants one of the gradients; the others are as ever.
static void judge_without(const Cell *cell, int unwanted, const Made *want) {
    Run r = new_run(cell, ADDING, true, 0);
    Tensor **place = ((Tensor **[]){NULL, NULL, &r.x, &r.wx, &r.wh, &r.b})[unwanted];
    *place = tape_values(&r.tape, (*place)->name, (*place)->ndim, (*place)->shape, (*place)->data);
    r.text = xprintf("nobody wants the gradient of %s (its grad is NULL): ", (*place)->name);
    go(&r);
    go_back(&r.tape, r.y, r.dy);
    for (int part = OF_X; part <= OF_B; part++)
        if (part != unwanted) judge_part_by(&r, part, 0, want ? *want : right_of(&r));
}

// Two of them at once, as in a net that reads from both sides, and back through both, the second first.
static void judge_two(const Cell *cell, const Made *want) {
    Run r = run_of(cell, ADDING, true, 0), other = run_of(cell, (Size){3, 2, 4, 3}, false, 0);
    go_back(&other.tape, other.y, other.dy);
    go_back(&r.tape, r.y, r.dy);
    r.text = xprintf("two of them at once (keep what backward needs in s, not in static memory), and back through both: ");
    for (int part = OF_X; part <= OF_B; part++) judge_part_by(&r, part, 0, want ? *want : right_of(&r));
}

void rnn_adds(void) {
    Made own = own_of(&RNN, ADDING, true);     // right or wrong: that was the business of the checks above
    Run r = back_run(&RNN, ADDING, true, 0.5f);
    for (int part = OF_X; part <= OF_B; part++) judge_part_by(&r, part, 0.5f, own);
    judge_two(&RNN, &own);
    for (int unwanted = OF_X; unwanted <= OF_B; unwanted++) judge_without(&RNN, unwanted, &own);
}

void lstm_back_one_step(void) {
    judge_back(&LSTM, (Size){1, 3, 2, 5}, true, 0, OF_X, OF_B);
    judge_back(&LSTM, (Size){1, 2, 4, 3}, false, 0, OF_X, OF_B);
}

void lstm_back(void) {
    Run one = back_run(&LSTM, (Size){1, 3, 2, 5}, true, 0);
    if (!grads_are(&one, right_of(&one))) reject("the gradients of one step are not right yet, so those of several cannot be: see the check above");
    judge_back(&LSTM, (Size){5, 3, 2, 4}, true, 0, OF_X, OF_B);
    judge_back(&LSTM, (Size){3, 2, 4, 5}, false, 0.5f, OF_X, OF_B);
    judge_two(&LSTM, NULL);
    for (int unwanted = OF_X; unwanted <= OF_B; unwanted++) judge_without(&LSTM, unwanted, NULL);
}

void gru_back(void) {
    judge_back(&GRU, (Size){1, 3, 2, 5}, true, 0, OF_X, OF_B);
    judge_back(&GRU, (Size){5, 3, 2, 4}, true, 0, OF_X, OF_B);
    judge_back(&GRU, (Size){3, 2, 4, 5}, false, 0.5f, OF_X, OF_B);
    judge_two(&GRU, NULL);
    for (int unwanted = OF_X; unwanted <= OF_B; unwanted++) judge_without(&GRU, unwanted, NULL);
}
