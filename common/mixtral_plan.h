// mixtral_plan.h, from lesson 11: what a Mixtral will take.
#ifndef MIXTRAL_PLAN_H
#define MIXTRAL_PLAN_H

#include "mixtral.h"
#include "plan.h"

// As gpt_plan_of.
Plan mixtral_plan_of(const MixtralShape *shape, int batch, int accumulate, int threads);

#endif
