#!/usr/bin/env bash
# structure.sh: the rules that keep the tree one thing. Reads the Makefile's table; "N passed, N failed" at the end.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
passed=0 failed=0
ok() { if [ -z "$2" ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAIL $1: $2"; fi; }

# lesson_of[name]: the lesson whose row of the table holds common/name
declare -A lesson_of
for number in $(sed -n 's/^AT_\([0-9][0-9]\) .*/\1/p' Makefile); do
  for name in $(make -s --no-print-directory print-AT_"$number"); do lesson_of[$name]=$number; done
done

for file in common/*.[ch]; do
  name=$(basename "$file") stem=${name%.*}
  own=${lesson_of[$stem]:-}
  [ -n "$own" ] || [ -f "common/$stem.c" ] || own=$(sed -n '1s/.*, from lesson \([0-9]*\): .*/\1/p' "$file")     # a header without a .c
  ok "$file" "$([ -n "$own" ] || echo "no row of the Makefile's table has it")"
  ok "$file, line 1" "$(head -1 "$file" | grep -q "^// $name, from lesson $own: ." || echo "want \"// $name, from lesson $own: its one job\", is \"$(head -1 "$file")\"")"
  for include in $(sed -n 's/^#include "\(.*\)\.h"/\1/p' "$file"); do
    their=${lesson_of[$include]:-02}
    ok "$file includes $include.h" "$([[ ! "$their" > "$own" ]] || echo "which comes later, in lesson $their")"
  done
done

# one exercise is one file, and its name is nobody else's
twice=$(for file in exercises/[01]*/*.c; do basename "$file"; done | grep -v '^grade.c$' | sort | uniq -d)
ok "exercise names" "${twice:+"twice: $twice"}"
for file in exercises/[01]*/*.c; do
  lesson=$(basename "$(dirname "$file")") name=$(basename "$file" .c)
  grep -q " $file$" exercises/stubs.manifest || continue   # the grader, or a learner's own scrap
  ok "$file" "$([ -f "common/$name.c" ] || [ -f "$lesson/$name.c" ] || echo "no file of that name in common/ or $lesson/ to take the place of")"
  ok "$file" "$([ -f "solutions/$lesson/$name.c" ] || echo "no solution")"
  ok "$file" "$(for level in 1 2 3; do grep -qx "\[$name $level\]" "exercises/$lesson/hints.txt" || echo "no hint $level"; done)"
done

for main in [01][0-9]-*/main.c; do ok "$main" "$([ "$(wc -l <"$main")" -le 300 ] || echo "more than 300 lines")"; done
ok "mutable globals in common/" "$(grep -nE '^(static )?(int|float|double|char|bool|size_t|long) [a-z_]+( =|;|\[)' common/*.c | head -3)"
ok "warnings of the other compiler" "$(for cc in gcc clang; do command -v $cc >/dev/null || continue; for file in common/*.c [01]*/*.c exercises/*.c; do $cc -std=c11 -fopenmp -fsyntax-only -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Icommon -Iexercises -I"$(dirname "$file")" "$file" 2>&1 | grep -m1 'warning\|error'; done; done | head -3)"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
