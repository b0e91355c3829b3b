// gpt_plan.h, from lesson 09: what a GPT will take.
#ifndef GPT_PLAN_H
#define GPT_PLAN_H

#include "gpt.h"
#include "plan.h"

// Counts; nothing of the model's size is allocated. The shape must live as long as the plan. batch: sequences of shape->T tokens; accumulate: how many
// of them to a step.
Plan gpt_plan_of(const GptShape *shape, int batch, int accumulate, int threads);

#endif
