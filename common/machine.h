// machine.h, from lesson 02: make the most of this processor, before anything else runs.
#ifndef MACHINE_H
#define MACHINE_H

// Call first in main. Where the processor has AVX-512 and OPENBLAS_CORETYPE is not set, sets it and starts the program once
// more: OpenBLAS often picks a kernel of half the speed by itself, and reads the variable only when it is loaded.
void machine_setup(char **argv);
// How many threads OpenMP and OpenBLAS use from here on. 0: all cores. Never more than there are cores.
void machine_threads(int threads);

#endif
