// origin.h, from lesson 01: where a run was made: which commit, on which machine.
#ifndef ORIGIN_H
#define ORIGIN_H

#include <jansson.h>

// The commit of the working directory; "" outside of git. The caller owns it.
json_t *origin_commit(void);
// System, architecture, processor, cores. The caller owns it.
json_t *origin_machine(void);

#endif
