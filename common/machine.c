// machine.c, from lesson 02: make the most of this processor, before anything else runs.
#define _POSIX_C_SOURCE 200809L
#include "machine.h"

#include <omp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int has_avx512(void) {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
#else
    return 0;
#endif
}

// Does the environment say so now, and did it say something else before?
static bool changed(const char *name, const char *value) {
    const char *now = getenv(name);
    if (!value || (now && strcmp(now, value) == 0)) return false;
    setenv(name, value, 1);
    return true;
}

void machine_setup(char **argv) {
    const char *kernel = getenv("LM_KERNEL"), *spin = getenv("GOMP_SPINCOUNT");
    if (!kernel && has_avx512()) kernel = "SKYLAKEX";
    if (!spin && !getenv("OMP_WAIT_POLICY")) spin = "5000";         // some 80 microseconds
    bool kernel_changed = changed("OPENBLAS_CORETYPE", kernel), spin_changed = changed("GOMP_SPINCOUNT", spin);
    if (!kernel_changed && !spin_changed) return;
    execv("/proc/self/exe", argv);      // on success it does not come back; on failure the program just goes on
}

void machine_threads(int threads) {
    int cores = omp_get_num_procs();
    omp_set_num_threads(threads < 1 || threads > cores ? cores : threads);
}

double machine_memory(void) { return (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE); }
