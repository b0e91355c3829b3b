#!/usr/bin/env bash
# progress.sh: points over the whole course, from the last grading of each exercise (make check-lesson-NN).
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
total=0 total_all=0
for folder in exercises/[01][0-9]-*; do
  lesson=$(basename "$folder") points=0 all=0 core=0 all_core=0 old=""
  make -s --no-print-directory grade-parts LESSON="$lesson" || exit 2
  "build/grade/$lesson/parts" --list | awk '{ print $1 }' | uniq >"build/grade/$lesson/names"
  read -r all all_core < <("build/grade/$lesson/parts" --list | awk '{ all += $2; if ($3 == "core") core += $2 } END { print all, core }')
  while read -r name; do
    result=build/grade/$lesson/exercises/$name.points
    [ -f "$result" ] || continue
    [ "exercises/$lesson/$name.c" -nt "$result" ] && old=" (changed since it was graded)"
    read -r p _ c _ <"$result"
    points=$((points + p)) core=$((core + c))
  done <"build/grade/$lesson/names"
  full=$((all ? points * 20 / all : 0))
  printf '%-18s [%-20s] %3d/%d points   core %d/%d%s\n' "$lesson" "$(printf '%*s' "$full" '' | tr ' ' '#')" "$points" "$all" "$core" "$all_core" "$old"
  total=$((total + points)) total_all=$((total_all + all))
done
echo "course: $total/$total_all points"
