#!/usr/bin/env bash
# course.sh: is the course right about itself? Every solution passes everything, every pristine stub nothing, every mutant is
# rejected with its own message, and whatever a learner's file does costs that file or that check only.
# LESSON=04-batchnorm: of this lesson only. The last line reads "N passed, N failed"; exit code 0 only without failures.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
work=build/course${LESSON:+-$LESSON}
rm -rf "$work"
mkdir -p "$work"
: >"$work/failures"
: >"$work/passes"
lessons=${LESSON:-$(make -s --no-print-directory print-LESSONS)}

pass() { echo "$1" >>"$work/passes"; }
fail() {
  echo "FAIL $1"
  echo "$1" >>"$work/failures"
}
expect_of() { sed -n '1s/^\/\/ expect: //p' "$1"; }

# judge_all: reads lines "LESSON NAME SOURCE OUT" and judges them, two at a time, each into OUT.said
judge_all() { xargs -r -P 2 -L 1 bash -c 'mkdir -p "$(dirname "$3")"; exercises/judge.sh "$0" "$1" "$2" "$3" >"$3.said" 2>&1; true'; }

# --- the pristine stubs, from git's objects: a learner's own work is none of the tests' business ---
stubs() {
  local blob file count=0
  while read -r blob file; do
    mkdir -p "$work/stubs/${file#exercises/}" && rmdir "$work/stubs/${file#exercises/}"
    if git cat-file blob "$blob" >"$work/stubs/${file#exercises/}" 2>/dev/null; then count=$((count + 1)); else fail "stubs.manifest: git has no object $blob for $file"; fi
    if [ -n "${CI:-}" ] && [ "$(git hash-object "$file")" != "$blob" ]; then fail "stubs.manifest: $file is another blob than it says (make stubs)"; fi
  done <exercises/stubs.manifest
  for lesson in $lessons; do
    for file in solutions/"$lesson"/*.c; do
      grep -q " exercises/$lesson/$(basename "$file")$" exercises/stubs.manifest || fail "stubs.manifest lacks exercises/$lesson/$(basename "$file") (make stubs)"
    done
  done
  echo "stubs: $count"
}

stubs_and_solutions() {
  for lesson in $lessons; do
    local number=${lesson%%-*} said
    said=$(exercises/check.sh "$lesson" "$work/stubs" 2>&1) && fail "lesson $number: the stubs pass"
    if grep -q "^lesson $number: 0/[1-9][0-9]* points$" <<<"$said"; then pass stubs; else fail "lesson $number: the stubs get points: $(tail -1 <<<"$said")"; fi
    if grep -qE '^  \[(ok|no) ' <<<"$said"; then fail "lesson $number: a check of a stub is not TODO: $(grep -m1 -E '^  \[(ok|no) ' <<<"$said")"; else pass todo; fi
    if said=$(exercises/check.sh "$lesson" solutions 2>&1); then pass solutions; else fail "lesson $number: the solutions do not pass: $(grep -m1 -A2 '\[no' <<<"$said")"; fi
    if grep -qE "^lesson $number: ([0-9]+)/\1 points$" <<<"$said"; then pass points; else fail "lesson $number: the solutions' last line: $(tail -1 <<<"$said")"; fi
    echo "lesson $number: $(tail -1 <<<"$said") for the solutions, none for the stubs"
  done
}

mutants() {
  for lesson in $lessons; do
    for file in tests/mutants/"$lesson"/*.c; do
      [ -f "$file" ] || continue
      local short
      short=$(basename "$file" .c)
      echo "$lesson ${short%%.*} $file $work/mutants/$lesson/$short"
    done
  done | judge_all
  for lesson in $lessons; do
    local count=0
    for file in tests/mutants/"$lesson"/*.c; do
      [ -f "$file" ] || continue
      local short want out
      short=$(basename "$file" .c) want=$(expect_of "$file") out=$work/mutants/$lesson/$short
      count=$((count + 1))
      read -r points all _ <"$out.points"
      if [ "$points" -ge "$all" ]; then fail "$file: passes every check"
      elif ! grep -qF "$want" "$out.said"; then fail "$file: want \"$want\", the grader said: $(grep -m1 -A2 '\[no' "$out.said" | tail -2)"
      else pass mutant; fi
    done
    [ "$(for file in tests/mutants/"$lesson"/*.c; do name=$(basename "$file"); echo "${name%%.*} $(expect_of "$file")"; done | sort | uniq -d | wc -l)" -eq 0 ] || fail "lesson ${lesson%%-*}: two mutants of one exercise expect the same message"
    [ $count -ge 6 ] || fail "lesson ${lesson%%-*}: $count mutants, want at least 6"
    echo "lesson ${lesson%%-*}: $count mutants, each with its own message"
  done
}

# Whatever nll.c does in one of its three checks, the other two stay; and no process of it is left.
hostile() {
  for file in tests/hostile/*.c; do echo "01-bigram nll $file $work/hostile/$(basename "$file" .c)"; done | judge_all
  local count=0
  for file in tests/hostile/*.c; do
    local out want
    out=$work/hostile/$(basename "$file" .c) want=$(expect_of "$file") count=$((count + 1))
    read -r points all _ <"$out.points"
    case $file in *deleted*|*not-c*) kept=0 ;; *) kept=$((all - 1)) ;; esac
    if [ "$points" -ne "$kept" ]; then fail "$file: $points of $all points, want $kept"
    elif ! grep -qF "$want" "$out.said"; then fail "$file: want \"$want\", the grader said: $(grep -m1 -A2 '\[no' "$out.said" | tail -2)"
    else pass hostile; fi
  done
  if pgrep -f "$work/hostile" >/dev/null; then fail "processes of a hostile answer are still there"; pkill -9 -f "$work/hostile"; else pass gone; fi
  echo "hostile answers: $count, each costs its own check only"
}

# With one stub unsolved and the rest from common/, the lesson's program stops at that TODO: nothing goes round an exercise.
unsolved() {
  for lesson in $lessons; do
    for stub in "$work/stubs/$lesson"/*.c; do
      local name use said code
      name=$(basename "$stub" .c)
      if ! make -s --no-print-directory link-mine LESSON="$lesson" MINE="$stub" OUT="$work/unsolved/$lesson-$name" >"$work/log" 2>&1; then fail "$lesson with the stub $name does not link: $(head -1 "$work/log")"; continue; fi
      use=$(use_of "$lesson/$name")
      [[ $use == *--data* || $use == generate* || $use == decode* ]] || use+=" --data given-names"
      said=$("$work/unsolved/$lesson-$name" $use 2>&1 <<<"72 105")
      code=$?
      if [ $code -eq 3 ] && grep -q "TODO .*$name.c:" <<<"$said"; then pass unsolved; else fail "$lesson $use with the stub $name: exit code $code, want 3 and its TODO: $(tail -1 <<<"$said")"; fi
    done
  done
  echo "with one stub unsolved, every lesson stops there"
}
# The command that needs an exercise: training, for nearly all.
use_of() {
  case $1 in
    03-mlp/lrfind) echo inspect --lrfind ;;
    04-batchnorm/saturation|04-batchnorm/update_ratio) echo inspect --after 2 ;;
    05-wavenet/op_conv1d|05-wavenet/dilated)
      build/05-wavenet train --steps 2 --data given-names --run "$work/unsolved/model-05" >/dev/null 2>&1
      echo inspect --checkpoint "$work/unsolved/model-05"
      ;;
    06-rnn-lstm/*)
      local small="train --steps 2 --hidden 16 --batch 4 --block 8 --run $work/unsolved/run-${1/\//-}"
      case $1 in
        */op_rnn) echo "$small --cell rnn" ;;
        */op_gru) echo "$small --cell gru" ;;
        */op_additive_attention) echo "$small --attention 16" ;;
        */word_vocab) echo "$small --level word --data tales" ;;
        *) echo "$small" ;;
      esac
      ;;
    07-attention/*)
      local short="train --steps 2 --run $work/unsolved/run-${1/\//-}"
      case $1 in
        */sinusoid) echo "$short --positions sinusoidal" ;;
        */op_rope) echo "$short --positions rope" ;;
        */alibi) echo "$short --positions alibi" ;;
        *) echo "$short" ;;
      esac
      ;;
    08-transformer/*)
      local tiny="train --steps 2 --width 16 --layers 1 --block 20 --batch 4 --run $work/unsolved/run-${1/\//-}"
      case $1 in
        */op_gelu) echo "$tiny --activation gelu" ;;
        *) echo "$tiny" ;;
      esac
      ;;
    09-gpt/*)
      local least="--steps 2 --width 16 --layers 1 --heads 2 --block 20 --batch 4"
      case $1 in
        */sampler | */kvcache)
          # shellcheck disable=SC2086
          build/09-gpt train $least --data tales --run "$work/unsolved/model-09" >/dev/null 2>&1
          echo "generate --checkpoint $work/unsolved/model-09 --top-p 0.9"
          ;;
        *) echo "train $least --run $work/unsolved/run-${1/\//-}" ;;
      esac
      ;;
    10-bpe/*)
      case $1 in
        */bpe_decode)
          build/10-bpe train --data given-names --vocab-size 260 --out "$work/unsolved/tokens" >/dev/null 2>&1
          echo "decode --vocab $work/unsolved/tokens/vocab.json --merges $work/unsolved/tokens/merges.txt"
          ;;
        */wordpiece_word) echo inspect ;;
        *) echo "train --steps 2 --width 16 --layers 1 --heads 2 --block 20 --batch 4 --run $work/unsolved/run-${1/\//-}" ;;
      esac
      ;;
    11-moe/*) echo "train --steps 2 --width 16 --layers 1 --heads 2 --hidden 8 --block 20 --batch 4 --run $work/unsolved/run-${1/\//-}" ;;
    01-*) echo train --run "$work/unsolved/run-${1/\//-}" ;;
    *) echo train --steps 2 --run "$work/unsolved/run-${1/\//-}" ;;
  esac
}

# Wrong answers by people who had not seen the graders: tests/blind/LESSON/NAME-N.c. 90 % or more must be rejected; survivors.txt
# explains each of the others.
blind() {
  [ -d tests/blind ] || return
  for lesson in $lessons; do
    for file in tests/blind/"$lesson"/*.c; do
      [ -f "$file" ] || continue
      local short
      short=$(basename "$file" .c)
      echo "$lesson ${short%-*} $file $work/blind/$lesson/$short"
    done
  done | judge_all
  for lesson in $lessons; do
    local all=0 rejected=0
    for file in tests/blind/"$lesson"/*.c; do
      [ -f "$file" ] || continue
      local short
      short=$(basename "$file" .c) all=$((all + 1))
      read -r points of _ <"$work/blind/$lesson/$short.points"
      if [ "$points" -lt "$of" ]; then rejected=$((rejected + 1))
      elif ! grep -q "^$short:" "tests/blind/$lesson/survivors.txt" 2>/dev/null; then fail "$file passes, and survivors.txt does not say why"; fi
    done
    [ $all -gt 0 ] || { fail "lesson ${lesson%%-*}: no wrong answers in tests/blind/$lesson"; continue; }
    echo "lesson ${lesson%%-*}: $rejected of $all wrong answers written without seeing the grader are rejected ($((100 * rejected / all)) %)"
    if [ $((10 * rejected)) -ge $((9 * all)) ]; then pass blind; else fail "lesson ${lesson%%-*}: fewer than 90 % are rejected"; fi
  done
}

for lesson in $lessons; do make -s --no-print-directory grade-parts LESSON="$lesson" || exit 1; done
stubs
stubs_and_solutions
mutants
hostile
unsolved
blind
echo "course: $(wc -l <"$work/passes") passed, $(wc -l <"$work/failures") failed"
[ ! -s "$work/failures" ]
