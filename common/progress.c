// progress.c, from lesson 01: show how far a run is, how well it does, and what it writes by now.
#define _GNU_SOURCE
#include "progress.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

enum { BAR = 24, PLAIN_LINES = 10 };
static const double REDRAW = 0.1, SAMPLE_EVERY = 2;     // seconds

void progress_start(Progress *p, FILE *out, long first, long steps) {
    *p = (Progress){.out = out, .terminal = isatty(fileno(out)), .first = first, .steps = steps, .started = seconds_now()};
    p->next_line = first + (steps - first + PLAIN_LINES - 1) / PLAIN_LINES;
}

static void describe(const Progress *p, long step, double loss, char *text, size_t room) {
    double seconds = seconds_now() - p->started, rate = seconds > 0 ? (double)(step - p->first) / seconds : 0;
    long left = rate > 0 ? (long)((double)(p->steps - step) / rate + 0.5) : 0;
    int n = snprintf(text, room, "%ld/%ld", step, p->steps);
    if (!isnan(loss)) n += snprintf(text + n, room - (size_t)n, "  loss %.4f", loss);
    n += snprintf(text + n, room - (size_t)n, rate < 10 ? "  %.2f steps/s" : "  %.0f steps/s", rate);
    if (step < p->steps) snprintf(text + n, room - (size_t)n, "  %ld:%02ld left", left / 60, left % 60);
    else snprintf(text + n, room - (size_t)n, "  %.1f s", seconds);
}

static void draw_bar(Progress *p, long step, double loss) {
    char text[120];
    describe(p, step, loss, text, sizeof text);
    int full = p->steps > 0 ? (int)(BAR * step / p->steps) : BAR, width = terminal_width(p->out, 80);
    fprintf(p->out, "\r\033[K[");
    for (int i = 0; i < BAR; i++) fputs(i < full ? "=" : i == full ? ">" : " ", p->out);
    fprintf(p->out, "] %.*s", width - BAR - 4, text);
    if (p->sample[0]) fprintf(p->out, "\n\033[K\033[2m%.*s\033[0m\033[A\r", width - 1, p->sample);
    fflush(p->out);
}

void progress_step(Progress *p, long step, double loss) {
    double now = seconds_now();
    if (p->terminal) {
        if (now - p->last_drawn < REDRAW && step < p->steps) return;
        p->last_drawn = now;
        draw_bar(p, step, loss);
    } else if (step >= p->next_line || step == p->steps) {
        char text[120];
        describe(p, step, loss, text, sizeof text);
        fprintf(p->out, "%s\n", text);
        p->next_line = step + (p->steps - p->first + PLAIN_LINES - 1) / PLAIN_LINES;
    }
}

void progress_sample(Progress *p, const char *text) {
    size_t n = 0;
    for (; *text && n < sizeof p->sample - 1; text++) p->sample[n++] = (unsigned char)*text < 32 ? ' ' : *text;
    p->sample[n] = 0;
    p->last_sample = seconds_now();
}

bool progress_wants_sample(const Progress *p) {
    return p->terminal && seconds_now() - (p->last_sample > 0 ? p->last_sample : p->started) > SAMPLE_EVERY;
}

void progress_end(Progress *p) {
    if (p->terminal) fprintf(p->out, p->sample[0] ? "\n\n" : "\n");
    fflush(p->out);
}
