// units.c of 06-rnn-lstm: what single numbers of the state follow.
#include "inspect.h"
#include "spelled.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { READ = 4000, SHOWN = 480, NAMES = 400 };     // places: to measure, to show; names to measure

// Something that a reader of the text might keep in mind, as a number for every place.
typedef struct {
    const char *name;
    double (*next)(double before, const char *text, size_t i);      // at place i, from that of the place before
} Thing;

static bool in_word(char c) { return isalpha((unsigned char)c) || c == '\''; }
static double in_line(double before, const char *text, size_t i) { return text[i] == '\n' ? 0 : before + 1; }
static double in_a_word(double before, const char *text, size_t i) { return in_word(text[i]) ? before + 1 : 0; }
static double is_space(double before, const char *text, size_t i) { return (void)before, isspace((unsigned char)text[i]) ? 1 : 0; }
static double is_capital(double before, const char *text, size_t i) { return (void)before, isupper((unsigned char)text[i]) ? 1 : 0; }
static double is_vowel(double before, const char *text, size_t i) { return (void)before, text[i] && strchr("aeiouAEIOU", text[i]) ? 1 : 0; }
// From an empty line to the colon behind the speaker's name.
static double in_speaker(double before, const char *text, size_t i) {
    if (i && text[i - 1] == '\n' && i > 1 && text[i - 2] == '\n') return 1;
    return text[i] == '\n' || (i && text[i - 1] == ':') ? 0 : before;
}
static const Thing THING[] = {{"characters since the line began", in_line}, {"letters since the word began", in_a_word}, {"inside a speaker's name", in_speaker},
                              {"a space or an end of line", is_space}, {"a capital letter", is_capital}, {"a vowel", is_vowel}};

static double correlation(const double *x, const float *y, size_t stride, size_t n) {
    double sx = 0, sy = 0, xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < n; i++) {
        double a = x[i], b = (double)y[i * stride];
        sx += a, sy += b, xx += a * a, yy += b * b, xy += a * b;
    }
    double vx = xx - sx * sx / (double)n, vy = yy - sy * sy / (double)n;
    return vx > 0 && vy > 0 ? (xy - sx * sy / (double)n) / sqrt(vx * vy) : 0;
}

// Of the units of h (n,H), the one that follows the thing best; r: their correlation.
static int best_unit(const Thing *thing, const char *text, const float *h, size_t n, int H, double *r) {
    double *value = xmalloc(n * sizeof *value), now = 0;
    int best = 0;
    *r = 0;
    for (size_t i = 0; i < n; i++) value[i] = now = thing->next(now, text, i);
    for (int u = 0; u < H; u++) {
        double here = correlation(value, h + u, (size_t)H, n);
        if (fabs(here) > fabs(*r)) *r = here, best = u;
    }
    free(value);
    return best;
}

// Prints who follows what; returns the best of all.
static int follow(const char *text, const float *h, size_t n, int H) {
    int best = 0;
    double most = 0;
    printf("%-36s %6s   %s\n", "what", "unit", "correlation");
    for (int i = 0; i < COUNT(THING); i++) {
        double r;
        int unit = best_unit(&THING[i], text, h, n, H, &r);
        if (fabs(r) > 0) printf("%-36s %6d   %+.2f\n", THING[i].name, unit, r);      // else there is no such thing in the text
        if (fabs(r) > fabs(most)) most = r, best = unit;
    }
    return best;
}

// --- reading ---

// What was read, and the state after each place.
typedef struct {
    int n, *id;             // (n)
    float *h;               // (n,H)
} Reading;

static Reading reading_new(int n, int H) { return (Reading){.id = xmalloc((size_t)n * sizeof(int)), .h = xmalloc((size_t)n * (size_t)H * sizeof(float))}; }

static void reading_add(Reading *r, int id, const float *h, int H) {
    r->id[r->n] = id;
    memcpy(r->h + (size_t)r->n++ * (size_t)H, h, (size_t)H * sizeof *h);
}

static Reading read_text(Net *net, Tape *tape, const int *id, int n) {
    int H = net->shape.hidden;
    const float *h = net_forward(net, tape, (Input){.T = n, .B = 1, .x = id}, 0, NULL, false).h->data;      // (n,1,H)
    Reading r = reading_new(n, H);
    for (int i = 0; i < n; i++) reading_add(&r, id[i], h + (size_t)i * (size_t)H, H);
    return r;
}

// Every sequence for itself, one after another; the beginning of each is shown as the end of a line.
static Reading read_sequences(Net *net, Tape *tape, const Sequences *s) {
    int H = net->shape.hidden, B = min_int(NAMES, s->count), which[NAMES], length[NAMES];
    size_t room = (size_t)s->longest * (size_t)B;
    int *x = xmalloc(room * sizeof *x), *y = xmalloc(room * sizeof *y), *back = xmalloc(room * sizeof *back);
    for (int b = 0; b < B; b++) which[b] = b;
    int T = sequences_batch(s, which, B, x, y, length);
    sequences_backwards(s, which, B, T, back);
    const float *h = net_forward(net, tape, (Input){.T = T, .B = B, .x = x, .backwards = back, .length = length}, 0, NULL, false).h->data;       // (T,B,H)
    Reading r = reading_new((int)room, H);
    for (int b = 0; b < B; b++)
        for (int t = 0; t < length[b]; t++) reading_add(&r, t ? x[t * B + b] : WORD_EOS, h + ((size_t)t * (size_t)B + (size_t)b) * (size_t)H, H);
    free(x);
    free(y);
    free(back);
    return r;
}

static void show(const Reading *r, int H, int unit, const Vocab *vocab, const char *dir) {
    int n = min_int(SHOWN, r->n);
    double *value = xmalloc((size_t)n * sizeof *value);
    for (int i = 0; i < n; i++) value[i] = (double)r->h[(size_t)i * (size_t)H + (size_t)unit];
    Spelled s = spelled(vocab, r->id, value, (size_t)n);
    char *title = xprintf("unit %d: light where it is -1, dark where it is 1", unit), *name = xprintf("unit-%d", unit);
    printf("%s\n", title);
    spelled_show(&s, -1, 1, dir, name, title, "the unit's value");
    free(title);
    free(name);
    spelled_free(&s);
    free(value);
}

void inspect_unit(Net *net, const Corpus *data, bool by_sequence, int unit, const char *dir) {
    int H = net->shape.hidden;
    if (unit >= H) DIE("--unit %d: the model has units 0 to %d", unit, H - 1);
    Tape tape = tape_new(false);
    Reading r = by_sequence ? read_sequences(net, &tape, &data->sequence[1]) : read_text(net, &tape, data->id[1], min_int(READ, (int)data->n[1]));
    if (data->words.characters) {
        double *none = xcalloc((size_t)r.n, sizeof *none);
        Spelled all = spelled(&data->vocab, r.id, none, (size_t)r.n);
        int best = follow(all.text, r.h, (size_t)r.n, H);
        if (unit < 0) unit = best;
        spelled_free(&all);
        free(none);
    }
    show(&r, H, max_int(unit, 0), &data->vocab, dir);
    free(r.id);
    free(r.h);
    tape_free(&tape);
}
