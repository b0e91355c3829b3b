// machine.h, from lesson 02: make the most of this processor, before anything else runs.
#ifndef MACHINE_H
#define MACHINE_H

// Call first in main. Where the processor has AVX-512, has OpenBLAS take its kernel for that: it often picks one of half the speed by
// itself, and many an image presets OPENBLAS_CORETYPE to such a one. OpenBLAS reads the variable only when it is loaded, so the
// program sets it and starts once more. LM_KERNEL in the environment names another kernel. Threads that wait for
// each other spin for some microseconds and then sleep: by default they spin for milliseconds, and beside another busy program that
// made a training of two threads forty times slower. OMP_WAIT_POLICY or GOMP_SPINCOUNT in the environment decide otherwise.
void machine_setup(char **argv);
// How many threads OpenMP and OpenBLAS use from here on. 0: all cores. Never more than there are cores.
void machine_threads(int threads);
// Bytes of memory that this machine has.
double machine_memory(void);

#endif
