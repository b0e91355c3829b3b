#!/usr/bin/env bash
# mine.sh LESSON [OPTION...]: builds the lesson's real program with your files of exercises/ in place of common/'s, and trains it.
# ALL=1 takes every exercise up to this lesson that passes its checks; without it, this lesson's, passed or not.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
lesson=$1
shift
[ -n "$lesson" ] && [ -d "exercises/$lesson" ] || { echo "there are no exercises for that lesson yet: see README.md for the lessons that are ready" >&2; exit 2; }

exercises_of() { for file in "exercises/$1"/*.c; do [[ "$(basename "$file")" == grade.c ]] || echo "$file"; done; }

files=() total=0
for folder in exercises/[01][0-9]-*; do
  one=$(basename "$folder")
  [[ "$one" > "$lesson" ]] && break
  [ -z "${ALL:-}" ] && [ "$one" != "$lesson" ] && continue
  [ -n "${ALL:-}" ] && exercises/check.sh "$one" exercises >/dev/null
  for file in $(exercises_of "$one"); do
    total=$((total + 1))
    if [ -n "${ALL:-}" ]; then
      read -r p all _ <"build/grade/$one/exercises/$(basename "$file" .c).points"
      [ "$p" -eq "$all" ] || continue
    fi
    files+=("$file")
  done
done

make -s --no-print-directory link-mine LESSON="$lesson" MINE="${files[*]}" OUT="build/mine/$lesson" || exit 2
run=runs/mine/$lesson
"build/mine/$lesson" train --run "$run" "$@"
code=$?
[ $code -eq 3 ] && echo "(that exercise is still to do; the others are yours. ALL=1 takes common/'s file for those that do not pass)"
[ $code -eq 0 ] || exit $code
[ -n "${ALL:-}" ] && echo "${#files[@]} of $total files are yours"
[[ " $*" == *" --out"* ]] && exit 0      # lesson 10: a vocabulary, and no run; a second time it would write over yours

# the same with common/'s own files, for the time it takes
"build/$lesson" train --run "$run-common" "$@" >/dev/null 2>&1
seconds() { sed -n 's/.*"seconds": \([0-9.e-]*\).*/\1/p' "$1/summary.json"; }
awk -v mine="$(seconds "$run")" -v theirs="$(seconds "$run-common")" 'BEGIN { printf "yours took %.3g s; with the files of common/ it takes %.3g s\n", mine, theirs }'
