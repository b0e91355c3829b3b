// newest.h, from lesson 01: which run was trained last.
#ifndef NEWEST_H
#define NEWEST_H

// The newest run of a lesson that has a model in it, in runs/LESSON or, trained on a learner's code, runs/mine/LESSON; NULL: there is
// none. Free it.
char *newest_run(const char *lesson);

#endif
