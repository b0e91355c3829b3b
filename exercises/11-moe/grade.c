// grade.c of 11-moe: what the exercises of lesson 11 are judged by. The checks are in grade/.
#include "grade/judges.h"

static const GradeCheck CHECKS[] = {
    {"op_rmsnorm", "every row with mean square 1, times the gain", 1, true, norm_rows, "RMSNorm", 0},
    {"op_rmsnorm", "the gradients of the gain and of x", 1, true, norm_back, "RMSNorm", 0},
    {"op_rmsnorm", "rows of small numbers", 1, false, norm_small, "RMSNorm", 0},
    {"op_swiglu", "silu of the gate, times what it lets through", 1, true, swiglu_values, "SwiGLU", 0},
    {"op_swiglu", "the slope by both halves", 1, false, swiglu_slope, "SwiGLU", 0},
    {"op_route", "the K greatest", 1, true, route_choice, "The router", 0},
    {"op_route", "gates: the softmax of the chosen ones", 1, true, route_gates, "The router", 0},
    {"op_route", "the gradient, by which the router learns", 1, true, route_back, "The router", 0},
    {"op_route", "a favour counts for the choice only", 1, false, route_favour, "The router", 0},
    {"routing", "every slot in a row of its expert", 1, true, sorting_rows, "Sorting", 0},
    {"routing", "too little room: the rest is dropped, and counted", 1, false, sorting_room, "Room", 0},
    {"routing", "too little room: first choices come first", 1, false, sorting_who, "Room", 0},
    {"routing", "a fair share", 1, false, sorting_share, "Room", 0},
    {"op_dispatch", "each row has its token's numbers", 1, true, dispatch_rows, "Dispatch and combine", 0},
    {"op_dispatch", "backward: what its experts want adds up", 1, false, dispatch_back, "Dispatch and combine", 0},
    {"op_combine", "what its experts say, weighted and added up", 1, true, combine_sum, "Dispatch and combine", 0},
    {"op_combine", "the gradients of rows and gates", 1, false, combine_back, "Dispatch and combine", 0},
    {"op_combine", "who was dropped says nothing", 1, false, combine_dropped, "Room", 0},
    {"op_balance", "the price of uneven loads", 1, true, balance_price, "Balance", 0},
    {"op_balance", "its gradient", 1, false, balance_back, "Balance", 0},
};

int main(int argc, char **argv) { return grade_main(argc, argv, "11-moe", CHECKS, sizeof CHECKS / sizeof *CHECKS); }
