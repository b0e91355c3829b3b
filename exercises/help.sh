#!/usr/bin/env bash
# help.sh hint|diff|reset|watch LESSON: the learner's help. NAME=ngram_count means that exercise only; FORCE=1 shows a solution
# before yours passes.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
what=$1 lesson=$2
[ -n "$lesson" ] && [ -d "exercises/$lesson" ] || { echo "there are no exercises for that lesson yet: see README.md for the lessons that are ready" >&2; exit 2; }
number=${lesson%%-*}
known=$(sed -n 's/^\[\(.*\) 1\]$/\1/p' "exercises/$lesson/hints.txt" | paste -sd ' ')
if [ -n "${NAME:-}" ] && [[ " $known " != *" $NAME "* ]]; then echo "NAME=$NAME: lesson $number has no such exercise: want one of $known" >&2; exit 2; fi

names() {
  if [ -n "${NAME:-}" ]; then echo "$NAME"; else tr ' ' '\n' <<<"$known"; fi
}

# Has this exercise all its points, in the last grading, which was of the file as it is now?
passed() {
  local result=build/grade/$lesson/exercises/$1.points
  [ -f "$result" ] && [ ! "exercises/$lesson/$1.c" -nt "$result" ] && read -r p all _ <"$result" && [ "$p" -eq "$all" ]
}

hint() {
  for name in $(names); do
    passed "$name" && [ -z "${NAME:-}" ] && continue
    local seen=build/grade/$lesson/$name.hints
    mkdir -p "$(dirname "$seen")"
    local level=$(($(cat "$seen" 2>/dev/null || echo 0) + 1))
    if ! grep -qx "\[$name $level\]" "exercises/$lesson/hints.txt"; then
      echo "$name: those were all the hints. make diff-lesson-$number NAME=$name FORCE=1 shows a solution."
      echo "(to read the hints again: rm $seen)"
      return
    fi
    echo "$name, hint $level:"
    awk -v head="[$name $level]" '/^\[/ { on = ($0 == head); next } on' "exercises/$lesson/hints.txt" | sed '/./,$!d; s/^/  /'
    echo "$level" >"$seen"
    return
  done
  echo "every exercise of lesson $number passes: nothing is left to hint at"
}

show_diff() {
  local shown=0
  for name in $(names); do
    if passed "$name" || [ -n "${FORCE:-}" ]; then
      git --no-pager diff --no-index --color=auto "exercises/$lesson/$name.c" "solutions/$lesson/$name.c"
      shown=1
    else echo "$name: shown once it passes (make check-lesson-$number), or now with FORCE=1"; fi
  done
  [ $shown -eq 1 ] || exit 1
}

reset() {
  for name in $(names); do
    local file=exercises/$lesson/$name.c blob
    blob=$(awk -v file="$file" '$2 == file { print $1 }' exercises/stubs.manifest)
    [ "$(git hash-object "$file" 2>/dev/null)" = "$blob" ] && continue
    if ! git cat-file -e "$blob" 2>/dev/null; then echo "$file: its stub is not in this repository's history; fetch all of it with git fetch --unshallow" >&2; exit 2; fi
    if [ -f "$file" ]; then
      local n=1
      while [ -e "$file.mine-$n" ]; do n=$((n + 1)); done
      mv "$file" "$file.mine-$n"
      echo "$file: a stub again; yours is kept (mv $file.mine-$n $file brings it back)"
    else echo "$file: brought back"; fi
    git cat-file blob "$blob" >"$file"
    rm -f "build/grade/$lesson/$name.hints"
  done
}

watch() {
  local last="" now
  while :; do
    now=$(cat "exercises/$lesson"/*.c | cksum)
    if [ "$now" != "$last" ]; then
      [ -t 1 ] && clear
      exercises/check.sh "$lesson" exercises
      echo "(checked $(date +%H:%M:%S); checks again at each save; Ctrl-C ends)"
      last=$now
    fi
    sleep 1
  done
}

case $what in
  hint) hint ;;
  diff) show_diff ;;
  reset) reset ;;
  watch) watch ;;
esac
