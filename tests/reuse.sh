#!/usr/bin/env bash
# reuse.sh LESSON FILES... -- NEW...: how much of a lesson's program earlier lessons have written already. FILES: all files of
# common/ that it is built from; NEW: those of them that this lesson adds.
lesson=$1
shift
files=() new=("$lesson"/*.c)
while [ "$1" != -- ]; do files+=("common/$1.c"); shift; done
shift
for name; do new+=("common/$name.c"); done
[ ${#files[@]} -eq $# ] && exit 0
all=$(cat "$lesson"/*.c "${files[@]}" | wc -l) fresh=$(cat "${new[@]}" | wc -l)
echo "$lesson: $((100 * (all - fresh) / all)) % of this program ($((all - fresh)) of $all lines) is earlier lessons' code"
