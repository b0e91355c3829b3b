// loads.c, from lesson 11: how evenly the experts are used.
#include "loads.h"
#include "mixtral.h"

#include <math.h>
#include <stdlib.h>

double loads_of(const MoeCount *c, int e, int E) { return c->slots ? (double)c->asked[e] * E / (double)c->slots : NAN; }

static void write_header(FILE *csv, int E) {
    fputs("step,layer,dropped", csv);
    for (int e = 0; e < E; e++) fprintf(csv, ",expert%d", e);
    fputc('\n', csv);
}

static void write_layer(FILE *csv, const MoeCount *c, int E, long step, int layer) {
    fprintf(csv, "%ld,%d,%.4f", step, layer, (double)c->dropped / (double)c->slots);
    for (int e = 0; e < E; e++) fprintf(csv, ",%.4f", loads_of(c, e, E));
    fputc('\n', csv);
}

static void write_loads(Mixtral *m, const char *run, long step) {
    char *path = xprintf("%s/load.csv", run);
    FILE *csv = fopen(path, step < 2 ? "w" : "a");
    if (!csv) DIE("%s: cannot be written", path);
    if (step < 2) write_header(csv, m->shape.E);
    for (int l = 0; l < m->shape.L; l++) write_layer(csv, &m->layer[l].moe.trained, m->shape.E, step, l);
    if (fclose(csv) != 0) DIE("%s: cannot be written to the end; is the disk full?", path);
    free(path);
}

static void summarise(const Mixtral *m, json_t *summary) {
    double most = 0, slots = 0, dropped = 0;
    for (int l = 0; l < m->shape.L; l++) {
        const Moe *moe = &m->layer[l].moe;
        for (int e = 0; e < m->shape.E; e++) most = fmax(most, loads_of(&moe->measured, e, m->shape.E));
        slots += (double)moe->trained.slots;
        dropped += (double)moe->trained.dropped;
    }
    json_object_set_new(summary, "expert_load_max", json_real(most));
    if (slots > 0) json_object_set_new(summary, "dropped", json_real(dropped / slots));
}

void loads_report(void *self, const char *run, json_t *summary, long step) {
    Mixtral *m = self;
    if (run) {
        summarise(m, summary);
        if (m->layer[0].moe.trained.slots > 0) write_loads(m, run, step);
    }
    for (int l = 0; l < m->shape.L; l++) moe_clear(run ? &m->layer[l].moe.trained : &m->layer[l].moe.measured, m->shape.E);
}
