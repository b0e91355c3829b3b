// machine.c, from lesson 02: make the most of this processor, before anything else runs.
#define _POSIX_C_SOURCE 200809L
#include "machine.h"

#include <omp.h>
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

void machine_setup(char **argv) {
    const char *kernel = getenv("LM_KERNEL"), *now = getenv("OPENBLAS_CORETYPE");
    if (!kernel) kernel = has_avx512() ? "SKYLAKEX" : now;
    if (!kernel || (now && strcmp(now, kernel) == 0)) return;
    setenv("OPENBLAS_CORETYPE", kernel, 1);
    execv("/proc/self/exe", argv);      // on success it does not come back; on failure the program just goes on
}

void machine_threads(int threads) {
    int cores = omp_get_num_procs();
    omp_set_num_threads(threads < 1 || threads > cores ? cores : threads);
}
