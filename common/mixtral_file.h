// mixtral_file.h, from lesson 11: a Mixtral in a model file.
#ifndef MIXTRAL_FILE_H
#define MIXTRAL_FILE_H

#include "mixtral.h"
#include "modelfile.h"

// The shape, as the settings that are written into a model's file; the caller's reference.
json_t *mixtral_settings(MixtralShape s);
// The shape that an open file says; its vocabulary must be there already. Ends the program where it says none.
MixtralShape mixtral_shape(const Checkpoint *file, const Vocab *vocab);
// The model of this shape (with what a training asks for: dropout, capacity, balance, favour, noise, z-loss) out of an open file. Ends the program where it is not there.
void mixtral_load(Mixtral *m, MixtralShape s, const Checkpoint *file);

#endif
