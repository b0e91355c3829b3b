// scalar.c of 02-neural-bigram: a tape of single numbers, on one page.
#include "scalar.h"

#include <stdio.h>

// A node: its value, d(last node)/d(this one), and what it was made from.
typedef struct {
    const char *name;
    double value, grad;
    int left, right;            // places on the tape
    char made_by;               // '+', '*', or 0: from outside
} Node;

typedef struct {
    Node node[16];
    int count;
} ScalarTape;

static int outside(ScalarTape *t, const char *name, double value) {
    t->node[t->count] = (Node){.name = name, .value = value};
    return t->count++;
}

static int add(ScalarTape *t, const char *name, int a, int b) {
    t->node[t->count] = (Node){name, t->node[a].value + t->node[b].value, 0, a, b, '+'};
    return t->count++;
}

static int multiply(ScalarTape *t, const char *name, int a, int b) {
    t->node[t->count] = (Node){name, t->node[a].value * t->node[b].value, 0, a, b, '*'};
    return t->count++;
}

// c = a + b:  dc/da = 1, dc/db = 1.     c = a * b:  dc/da = b, dc/db = a.     += because a node may be used more than once.
static void walk_back(ScalarTape *t) {
    Node *n = t->node;
    n[t->count - 1].grad = 1;
    for (int i = t->count - 1; i >= 0; i--) {
        if (!n[i].made_by) continue;
        Node *a = &n[n[i].left], *b = &n[n[i].right];
        double left = n[i].made_by == '+' ? 1 : b->value, right = n[i].made_by == '+' ? 1 : a->value;
        a->grad += left * n[i].grad;
        b->grad += right * n[i].grad;
    }
}

static void print(const ScalarTape *t) {
    for (int i = 0; i < t->count; i++) {
        const Node *n = &t->node[i];
        printf("   #%-2d %-10s value %7.3f   gradient %7.3f", i, n->name, n->value, n->grad);
        if (n->made_by) printf("   = #%d %c #%d", n->left, n->made_by, n->right);
        printf("\n");
    }
}

void scalar_show(void) {
    ScalarTape t = {.count = 0};
    int w = outside(&t, "w", 2), x = outside(&t, "x", 3), minus_y = outside(&t, "-y", -10);
    int error = add(&t, "w x - y", multiply(&t, "w x", w, x), minus_y);
    multiply(&t, "loss", error, error);
    walk_back(&t);
    printf("a scalar tape: loss = (w x - y)², with w = 2, x = 3, y = 10\n");
    print(&t);
    printf("   check: d loss / d w = 2 (w x - y) x = 2 * (-4) * 3 = -24\n\n");

    ScalarTape twice = {.count = 0};
    int a = outside(&twice, "a", 1), b = add(&twice, "b = a + a", a, a);
    add(&twice, "c = b + b", b, b);
    walk_back(&twice);
    printf("why gradients add: c = b + b = 4 a, so dc/da must be 4\n");
    print(&twice);
}
