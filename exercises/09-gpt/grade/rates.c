// grade/rates.c of 09-gpt: the checks of schedule, by one plain schedule with room for every bug.
#include "judges.h"
#include "schedule.h"

#include <math.h>

enum { ROOM = 80 };
static const double TOLERANCE = 1e-5;       // of the peak

typedef enum {
    RIGHT,
    // on the way up
    FROM_0, WHOLE_UP, WHOLE_FROM_0, BELOW_PEAK, FROM_0_TO_PEAK, AT_ONCE, FALLS_ALREADY, FROM_FLOOR, FLOOR_TOO, TO_SPAN, OVER_STEPS, WITH_COSINE, NO_PEAK, DOWNWARDS,
    // on the way down
    FULL, QUARTER, TO_0, FLOOR_ADDED, FROM_START, OVER_ALL, NOT_BACK, LINEAR, UPWARDS, NO_HALF, DEGREES, STAYS, WHOLE_DOWN, CUT_OFF, EARLY, LAST_IS_FLOOR, SHARP, ROUGH_PI, OVERSHOOTS, NEVER_LOWER, AT_FLOOR, ABOVE_ALL,
    // behind `steps`
    RISES, TO_0_BEHIND, PEAK_BEHIND, AGAIN, BELOW_BEHIND
} Bug;

typedef struct { Bug bug; const char *why; } Known;

static const Known UP_KNOWN[] = {
    {FROM_0, "step 0 has the rate 0, so it learns nothing: it is the first of `warmup` equal steps up, so it has peak / warmup. Count from step + 1"},
    {WHOLE_FROM_0, "the rate is 0 all the way up: step / warmup is cut off to a whole number, for both are of type long. Make one of them a double; and count from step + 1"},
    {WHOLE_UP, "the rate is 0 until the last step of the way up: (step + 1) / warmup is cut off to a whole number, for both are of type long. Make one of them a double"},
    {BELOW_PEAK, "the way up is divided by warmup + 1, as nanoGPT has it: here the peak is reached in step warmup - 1, so it is (step + 1) / warmup"},
    {FROM_0_TO_PEAK, "the way up begins with the rate 0, and is divided by warmup - 1: it begins with peak / warmup, (step + 1) / warmup of the peak"},
    {AT_ONCE, "the rate is at its peak at once: in the first `warmup` steps it rises to it"},
    {FALLS_ALREADY, "the rate falls from step 0 on: in the first `warmup` steps it rises"},
    {FROM_FLOOR, "the way up begins at the floor: it begins at 0, so that step 0 has peak / warmup. The floor is for the end"},
    {FLOOR_TOO, "the floor is added on the way up: it begins at 0 and ends at the peak. The floor is for the end"},
    {TO_SPAN, "the way up ends at peak - floor: it ends at the peak"},
    {OVER_STEPS, "the way up is as long as all of `steps`: it takes `warmup` steps"},
    {WITH_COSINE, "the way up is multiplied by the cosine: the rate first rises, and only then it falls"},
    {NO_PEAK, "the rate is the part of the way, from 0 to 1: multiply by the peak"},
    {DOWNWARDS, "the rate falls on the way up: step 0 has peak / warmup, step warmup - 1 the peak"},
};

static const Known DOWN_KNOWN[] = {
    {FULL, "the rate falls to the floor in the middle, and rises to the peak again: that is a whole cosine, by 2 pi. Half of one falls all the way, from 0 to pi"},
    {QUARTER, "the rate falls along a quarter of a cosine, ever steeper to the end: half of one begins and ends flat, from 0 to pi, and (1 + cos) / 2 goes from 1 to 0"},
    {TO_0, "the rate falls to 0: it falls to the floor, floor + (peak - floor) (1 + cos) / 2"},
    {FLOOR_ADDED, "the floor is added to all of it, so the rate begins above the peak: floor + (peak - floor) (1 + cos) / 2"},
    {CUT_OFF, "the rate falls towards 0 and is held at the floor when it gets there: the cosine itself ends at the floor, floor + (peak - floor) (1 + cos) / 2"},
    {FROM_START, "the way down is counted from step 0, so the rate jumps down at the end of the warm-up: it begins there, at step - warmup, and is steps - warmup long"},
    {OVER_ALL, "the way down is divided by all of `steps`, so it does not reach the floor: it is steps - warmup long"},
    {NOT_BACK, "the way down is `step` of steps - warmup: it begins at the end of the warm-up, so it is step - warmup"},
    {LINEAR, "the rate falls by equal amounts, along a line: it falls along half a cosine, floor + (peak - floor) (1 + cos(pi way)) / 2"},
    {UPWARDS, "the rate rises from the floor to the peak: that is 1 - cos, or the way is counted from 1 to 0. It is 1 + cos, which begins at 2, of a way from 0 to 1"},
    {NO_HALF, "the rate begins at nearly twice the peak: 1 + cos goes from 2 to 0, so take half of it"},
    {DEGREES, "the rate goes up and down: cos takes radians, so half a cosine is from 0 to pi, not to 180"},
    {WHOLE_DOWN, "the rate stays at the peak until `steps`: (step - warmup) / (steps - warmup) is cut off to a whole number, for all are of type long. Make one of them a double"},
    {STAYS, "the rate stays at the peak: behind the warm-up it falls, along half a cosine, to the floor"},
    {AT_FLOOR, "the rate falls to the floor at once: it falls along half a cosine, which takes until `steps`"},
    {EARLY, "the rate falls one step too early: step `warmup` is where the way down begins, and still has the peak"},
    {LAST_IS_FLOOR, "the way down is one step too short: it reaches the floor at `steps`, so it is steps - warmup long"},
    {SHARP, "the rate falls by the same factor each step: it falls along half a cosine, floor + (peak - floor) (1 + cos(pi way)) / 2"},
    {ROUGH_PI, "pi is too rough: acos(-1) is all of it"},
    {OVERSHOOTS, "step `warmup` has more than the peak: the warm-up is over when step is warmup - 1, so the way up is for step < warmup only"},
    {NEVER_LOWER, "cos alone is taken, which goes from 1 to -1, so the rate falls below the floor: (1 + cos) / 2 goes from 1 to 0"},
    {ABOVE_ALL, "the cosine's half is of peak + floor: from the floor it is peak - floor to the peak"},
};

static const Known BEHIND_KNOWN[] = {
    {RISES, "behind `steps` the rate rises again, for so does the cosine: there it stays at the floor. Ask for step >= s->steps first"},
    {TO_0_BEHIND, "behind `steps` the rate is 0: it stays at the floor"},
    {PEAK_BEHIND, "behind `steps` the rate is at its peak: it stays at the floor"},
    {AGAIN, "behind `steps` all of it begins again: it stays at the floor. (That is the paper's restart, which is left out here)"},
    {BELOW_BEHIND, "behind `steps` the rate falls on, below the floor: it stays there"},
};

// --- the schedule, with every bug ---

static double up_plainly(const Schedule *s, long step, Bug bug) {
    double t = (double)step, w = (double)s->warmup, way = (t + 1) / w, pi = acos(-1);
    switch (bug) {
    case FROM_0: return s->peak * t / w;
    case WHOLE_UP: return step + 1 >= s->warmup ? s->peak : 0;
    case WHOLE_FROM_0: return 0;
    case BELOW_PEAK: return s->peak * (t + 1) / (w + 1);
    case FROM_0_TO_PEAK: return s->peak * t / (w - 1);
    case AT_ONCE: return s->peak;
    case FALLS_ALREADY: return s->floor + (s->peak - s->floor) * (1 + cos(pi * t / (double)s->steps)) / 2;
    case FROM_FLOOR: return s->floor + (s->peak - s->floor) * way;
    case FLOOR_TOO: return s->floor + s->peak * way;
    case TO_SPAN: return (s->peak - s->floor) * way;
    case OVER_STEPS: return s->peak * (t + 1) / (double)s->steps;
    case WITH_COSINE: return way * (s->floor + (s->peak - s->floor) * (1 + cos(pi * t / (double)s->steps)) / 2);
    case NO_PEAK: return way;
    case DOWNWARDS: return s->peak * (1 - t / w);
    default: return s->peak * way;
    }
}

static double way_plainly(const Schedule *s, long step, Bug bug) {
    double t = (double)step, w = (double)s->warmup, all = (double)s->steps;
    if (s->steps <= s->warmup) return 1;
    switch (bug) {
    case FROM_START: return t / all;
    case OVER_ALL: return (t - w) / all;
    case NOT_BACK: return t / (all - w);
    case WHOLE_DOWN: return step >= s->steps ? 1 : 0;
    case EARLY: return (t - w + 1) / (all - w);
    case LAST_IS_FLOOR: return fmin(1, (t - w) / (all - 1 - w));
    default: return (t - w) / (all - w);
    }
}

static double plainly(const Schedule *s, long step, Bug bug) {
    double way = way_plainly(s, step, bug), pi = acos(-1), span = s->peak - s->floor, half = (1 + cos(pi * way)) / 2;
    if (step < s->warmup) return up_plainly(s, step, bug);
    if (step > s->steps || s->steps <= s->warmup) {
        if (bug == AGAIN) return plainly(s, step % max_int(1, (int)s->steps), RIGHT);
        return bug == RISES ? s->floor + span * half : bug == TO_0_BEHIND ? 0 : bug == PEAK_BEHIND ? s->peak : bug == BELOW_BEHIND ? s->floor + span * (1 - way) : s->floor;
    }
    switch (bug) {
    case FULL: return s->floor + span * (1 + cos(2 * pi * way)) / 2;
    case QUARTER: return s->floor + span * cos(pi / 2 * way);
    case TO_0: return s->peak * half;
    case FLOOR_ADDED: return s->floor + s->peak * half;
    case LINEAR: return s->floor + span * (1 - way);
    case UPWARDS: return s->floor + span * (1 - half);
    case NO_HALF: return s->floor + span * 2 * half;
    case DEGREES: return s->floor + span * (1 + cos(180 * way)) / 2;
    case STAYS: return s->peak;
    case AT_FLOOR: return s->floor;
    case CUT_OFF: return fmax(s->floor, s->peak * half);
    case SHARP: return s->peak * pow(s->floor / s->peak, way);
    case ROUGH_PI: return s->floor + span * (1 + cos(3.14 * way)) / 2;
    case OVERSHOOTS: return step == s->warmup ? s->peak * (double)(step + 1) / (double)s->warmup : s->floor + span * half;
    case NEVER_LOWER: return s->floor + span * cos(pi * way);
    case ABOVE_ALL: return s->floor + (s->peak + s->floor) * half;
    default: return s->floor + span * half;
    }
}

// --- judging ---

static const char *text_of(const Schedule *s) { return xprintf("peak %g, floor %g, warmup %ld, steps %ld: ", s->peak, s->floor, s->warmup, s->steps); }

static bool close_to(const Schedule *s, double got, double want) { return fabs(got - want) <= TOLERANCE * s->peak; }

// Are these the rates of the steps from..to, with that bug? Whatever is wrong on the way down, at `steps` it may have the floor.
static bool rates_are(const Schedule *s, const double *got, long from, long to, Bug bug) {
    for (long i = from; i <= to; i++)
        if (!close_to(s, got[i - from], plainly(s, i, bug)) && !(i == s->steps && close_to(s, got[i - from], s->floor))) return false;
    return true;
}

// The steps from..to, both included.
static void judge_rates(Schedule s, long from, long to, const Known *known, int count) {
    static double got[3000];
    CHECK(to - from < COUNT(got), "judge_rates: %ld steps, want at most %d", to - from + 1, COUNT(got));
    for (long i = from; i <= to; i++) got[i - from] = schedule(&s, i);
    if (rates_are(&s, got, from, to, RIGHT)) return;
    for (int i = 0; i < count; i++)
        if (rates_are(&s, got, from, to, known[i].bug)) reject("%s%s", text_of(&s), known[i].why);
    long bad = from, wrong = 0;
    for (long i = to; i >= from; i--)
        if (!close_to(&s, got[i - from], plainly(&s, i, RIGHT))) {
            bad = i;
            wrong++;
        }
    reject("%sthe rate of step %ld is %s, want %.6g (%ld of the %ld steps from %ld to %ld differ)", text_of(&s), bad, number_text(got[bad - from]), plainly(&s, bad, RIGHT), wrong, to - from + 1, from, to);
}

static const char DIVISION[] = "There may be no way up (warmup 0), or no way down (steps as many as warmup): then it is not divided by";

void rate_rises(void) {
    if_stopped("division by zero", DIVISION);
    judge_rates((Schedule){0.8, 0.05, 7, 40}, 0, 6, UP_KNOWN, COUNT(UP_KNOWN));
    judge_rates((Schedule){6e-4, 6e-5, 100, 2000}, 0, 99, UP_KNOWN, COUNT(UP_KNOWN));
    judge_rates((Schedule){2, 0, 1, 10}, 0, 0, NULL, 0);
}

void rate_falls(void) {
    if_stopped("division by zero", DIVISION);
    judge_rates((Schedule){0.8, 0.05, 7, 40}, 7, 40, DOWN_KNOWN, COUNT(DOWN_KNOWN));
    judge_rates((Schedule){6e-4, 6e-5, 100, 2000}, 100, 2000, DOWN_KNOWN, COUNT(DOWN_KNOWN));
    judge_rates((Schedule){0.8, 0, 7, 40}, 7, 40, DOWN_KNOWN, COUNT(DOWN_KNOWN));
}

// What is only 0/0 or 1/0: the first such step.
static void expect_finite(Schedule s, long from, long to, const char *why) {
    for (long i = from; i <= to; i++) {
        double rate = schedule(&s, i);
        if (!isfinite(rate)) reject("%sthe rate of step %ld is %s: %s", text_of(&s), i, number_text(rate), why);
    }
}

void rate_elsewhere(void) {
    if_stopped("division by zero", DIVISION);
    Schedule s = {0.8, 0.05, 7, 40}, no_up = {0.8, 0.05, 0, 40}, no_down = {0.8, 0.05, 7, 7}, same = {0.3, 0.3, 0, 9}, none = {0.5, 0.1, 0, 0}, far = {0.8, 0.05, 3000000000, 9000000000};
    judge_rates(s, 41, 160, BEHIND_KNOWN, COUNT(BEHIND_KNOWN));
    expect_finite(no_up, 0, 41, "with warmup 0 there is no way up, and nothing to divide by; step 0 is where the way down begins, at the peak. Only where step < s->warmup there is a way up");
    judge_rates(no_up, 0, 0, DOWN_KNOWN, COUNT(DOWN_KNOWN));
    expect_finite(no_down, 7, 20, "with as many steps as warmup there is no way down, and nothing to divide by: from `steps` on it is the floor. Ask for step >= s->steps first");
    judge_rates(no_down, 7, 20, BEHIND_KNOWN, COUNT(BEHIND_KNOWN));
    expect_finite(none, 0, 3, "there are no steps at all, so all of them are behind the end, at the floor");
    judge_rates(none, 0, 3, BEHIND_KNOWN, COUNT(BEHIND_KNOWN));
    for (long i = 0; i <= 40; i++)
        if (!close_to(&s, schedule(&s, i), plainly(&s, i, RIGHT))) return;         // that is the checks' above
    judge_rates(no_up, 0, 40, DOWN_KNOWN, COUNT(DOWN_KNOWN));
    judge_rates(same, 0, 20, NULL, 0);
    for (long i = 0; i < far.steps; i += 999999999)
        if (!close_to(&far, schedule(&far, i), plainly(&far, i, RIGHT)))
            reject("%sthe rate of step %ld is %s, want %.6g: steps are of type long, for an int ends at 2147483647", text_of(&far), i, number_text(schedule(&far, i)), plainly(&far, i, RIGHT));
}
