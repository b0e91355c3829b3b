// grade.c of 08-transformer: what the exercises of lesson 08 are judged by. The checks are in grade/.
#include "grade/judges.h"

static const GradeCheck CHECKS[] = {
    {"op_layernorm", "every row with mean 0 and variance 1", 1, true, layernorm_rows, "Layer normalisation", 0},
    {"op_layernorm", "then the gain, and the bias if there is one", 1, true, layernorm_gain_and_bias, "Layer normalisation", 0},
    {"op_layernorm", "the gradients of gain and bias", 1, true, layernorm_to_gain_and_bias, "Backward", 0},
    {"op_layernorm", "the gradient of x", 2, true, layernorm_to_x, "Backward", 0},
    {"op_layernorm", "rows that hardly vary, or lie far from 0", 1, false, layernorm_hard_rows, "Layer normalisation", 0},
    {"op_layernorm", "gradients add up, and unwanted ones are skipped", 1, false, layernorm_adds, "Backward", 0},
    {"op_gelu", "the curve, in the form with tanh", 1, true, gelu_values, "GELU", 0},
    {"op_gelu", "its slope", 1, true, gelu_slope, "GELU", 0},
    {"op_gelu", "far from 0, where it is x or 0", 1, false, gelu_far, "GELU", 0},
    {"op_gelu", "gradients add up, and unwanted ones are skipped", 1, false, gelu_adds, "GELU", 0},
    {"feed_forward", "up, the activation, down", 1, true, forward_values, "Feed-forward", 0},
    {"feed_forward", "without biases, and without the second matrix", 1, false, forward_parts, "Feed-forward", 0},
    {"feed_forward", "gradients find their way to all of it", 1, false, forward_back, "Feed-forward", 0},
    {"op_add", "the sum", 1, false, add_values, "Residual connections", 0},
    {"op_add", "both get the gradient, added up", 1, false, add_back, "Residual connections", 0},
    {"residual", "the norm before the branch: pre-norm", 1, true, residual_pre, "Before or after", 0},
    {"residual", "gradients by both ways", 1, true, residual_back, "Residual connections", 0},
    {"residual", "the norm after the sum: post-norm", 1, false, residual_post, "Before or after", 0},
    {"residual", "without norm, and without the way round", 1, false, residual_without, "Residual connections", 0},
};

int main(int argc, char **argv) { return grade_main(argc, argv, "08-transformer", CHECKS, sizeof CHECKS / sizeof *CHECKS); }
