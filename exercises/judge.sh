#!/usr/bin/env bash
# judge.sh LESSON NAME SOURCE OUT: judges SOURCE as the exercise NAME of LESSON. Compiles it alone with the rest of common/ and
# runs its checks. The answers go to stdout, "points of core of_core" to OUT.points; exit code 0 only with all points.
# What is shared by all exercises of a lesson must be built before: make grade-parts LESSON=...
set -uo pipefail
lesson=$1 name=$2 source=$3 out=$4
mkdir -p "$(dirname "$out")"
rm -f "$out" "$out.points"

# An answer for a file that cannot be run: why, and no points.
no_points() {
  printf '  [no  ] %s\n' "$1"
  "build/grade/$lesson/parts" --list |
    awk -v name="$name" -v part="${PART:-}" '$1 == name && (part == "" || $4 == part) { all += $2; if ($3 == "core") core += $2 }
      END { printf "0 %d 0 %d\n", all, core }' >"$out.points"
  exit 1
}

[ -f "$source" ] || no_points "$source is not there: make reset-lesson-${lesson%%-*} brings the stub back"
if ! make -s --no-print-directory link-one LESSON="$lesson" NAME="$name" SRC="$source" OUT="$out" >"$out.log" 2>&1; then
  missing=$(sed -n "s/.*undefined reference to .\([A-Za-z_0-9]*\).*/\1/p" "$out.log" | sort -u | paste -sd ' ')
  errors=$(grep -F "$source" "$out.log" | grep -m 3 'error:')
  if [ -n "$errors" ]; then no_points "it does not compile:"$'\n'"$(sed 's/^/           /' <<<"$errors")"; fi
  if [ -n "$missing" ]; then no_points "$name.c lacks the function $missing, or it has another name or is static"; fi
  no_points "it does not link:"$'\n'"$(head -3 "$out.log" | sed 's/^/           /')"
fi
OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 GRADE_PART=${PART:-} GRADE_RESULT=$out.points "$out" "$name"
code=$?
[ -f "$out.points" ] || no_points "the grader itself stopped (exit code $code)"
exit $code
