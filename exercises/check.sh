#!/usr/bin/env bash
# check.sh LESSON|all [FROM]: grades a lesson's exercises, or everybody's. FROM is the folder that holds LESSON/NAME.c: exercises
# (your own), solutions, or any other. The last line reads "lesson 07: 14/20 points"; exit code 0 only with all of them.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
lesson=$1 from=${2:-exercises}

if [ "$lesson" = all ]; then
  code=0
  for folder in exercises/[01][0-9]-*; do "$0" "$(basename "$folder")" "$from" || code=1; echo; done
  exit $code
fi
[ -n "$lesson" ] && [ -f "exercises/$lesson/grade.c" ] || { echo "there are no exercises for lesson \"$lesson\" yet: see README.md for the lessons that are ready" >&2; exit 2; }
[ -d "$from/$lesson" ] || { echo "FROM=$from: there is no folder $from/$lesson; want exercises or solutions" >&2; exit 2; }

make -s --no-print-directory grade-parts LESSON="$lesson" || exit 2
# PART and NAME: is there such a one? If not, which are there?
list=$("build/grade/$lesson/parts" --list)
and_or() { awk '{ all = all (NR == 1 ? "" : NR == count ? " or " : ", ") $0 } END { print all }' count="$(wc -l <<<"$1")" <<<"$1"; }
if [ -n "${PART:-}" ] && ! awk -v part="$PART" '$4 == part { found = 1 } END { exit !found }' <<<"$list"; then
  parts=$(awk '$4 != "-" { print $4 }' <<<"$list" | sort -u)
  echo "lesson ${lesson%%-*} has no part \"$PART\": $([ -n "$parts" ] && echo "want $(and_or "$parts")" || echo "it is not divided into parts")" >&2
  exit 2
fi
names=$(awk -v part="${PART:-}" 'part == "" || $4 == part { print $1 }' <<<"$list" | uniq)
if [ -n "${NAME:-}" ] && ! grep -qxF -- "$NAME" <<<"$names"; then
  echo "lesson ${lesson%%-*} has no exercise \"$NAME\"${PART:+ in part $PART}: want $(and_or "$names")" >&2
  exit 2
fi
points=0 all=0 core=0 all_core=0
for name in ${NAME:-$names}; do
  echo "$from/$lesson/$name.c"
  out=build/grade/$lesson/$from/$name
  exercises/judge.sh "$lesson" "$name" "$from/$lesson/$name.c" "$out"
  read -r p a c ac <"$out.points"
  points=$((points + p)) all=$((all + a)) core=$((core + c)) all_core=$((all_core + ac))
done
echo "core: $core/$all_core"
echo "lesson ${lesson%%-*}: $points/$all points"
[ "$points" -eq "$all" ]
