// report.h: crash and sanitizer reports, told in one sentence that names the learner's line.
#ifndef REPORT_H
#define REPORT_H

// What a check may write into its output before the exercise runs: a line of this, what a report may hold, and what that means;
// tabs between them.
#define REPORT_MEANS "if it stops:"

// What TODO left in a check's output: "file:line: what is to do". Free it.
char *report_todo(const char *output);
// Why a check's process ended before its time. output: the path of what it printed; said: what Check knows of its end;
// seconds: the time limit. Free it.
char *report_crash(const char *exercise, const char *output, const char *said, int seconds, int waiting);

#endif
