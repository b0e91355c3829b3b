#!/usr/bin/env bash
# speed.sh: the lessons' training steps beside PyTorch's, in the same minutes: make bench [WORK="mlp wavenet lstm"].
# Each program is timed from outside with few steps and with many; the difference, divided, is the time of a step, whatever else
# the program does. PyTorch is tried with 1 and 2 threads, as it is and compiled, by every Python of $PYTHONS that has it, and the fastest
# counts. Run nothing else meanwhile: two programs of several threads on two cores slow each other down many times over.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
rounds=${ROUNDS:-3}
pythons=${PYTHONS:-python3}
# Debian's PyTorch multiplies with OpenBLAS, which may take a slower kernel than the processor has; ours would choose this one by itself
if grep -qw avx512bw /proc/cpuinfo; then export OPENBLAS_CORETYPE=${LM_KERNEL:-SKYLAKEX}; fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# elapsed COMMAND...: seconds on the wall
elapsed() {
  local start=$EPOCHREALTIME
  "$@" >"$scratch/out" 2>"$scratch/err" </dev/null || { echo "speed.sh: $*: $(tail -1 "$scratch/err")" >&2; return 1; }
  awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }'
}

# rate FEW MANY COMMAND...: steps a second; the command's word STEPS stands for the number of them
rate() {
  local few=$1 many=$2 short long
  shift 2
  rm -rf "$scratch/run"*
  short=$(elapsed "${@/#STEPS/$few}") || return 1
  long=$(elapsed "${@/#STEPS/$many}") || return 1
  awk -v t="$short" -v T="$long" -v n="$few" -v N="$many" 'BEGIN { printf "%.3f\n", (N - n) / (T - t) }'
}

# best RATE NAME: keeps the fastest
best() { if [ -n "$1" ] && awk -v a="$1" -v b="$fastest" 'BEGIN { exit !(a > b) }'; then fastest=$1 fastest_name=$2; fi; }

# a short text, so that measuring the loss on it costs next to nothing
head -c 20000 build/data/tales.txt >"$scratch/text"

# work | ours | steps few, many | PyTorch's steps few, many
works="mlp|build/03-mlp train --data given-names|20000 220000|2000 42000
wavenet|build/05-wavenet train --data given-names --variant tree128|2000 27000|500 8500
lstm|build/06-rnn-lstm train --data tales --block 64|100 1100|20 220
small|build/08-transformer train --data $scratch/text --variant small|100 1600|20 420
gpt-cpu|build/09-gpt train --data $scratch/text --eval-every 100000|50 550|10 160
gpt-baby|build/09-gpt train --data $scratch/text --preset baby --eval-every 100000|2 12|2 7
gpt2|build/09-gpt train --data $scratch/text --preset gpt2 --block 64 --eval-every 100000|2 14|2 8"

echo "steps a second, $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs), $(nproc) cores"
printf '%-9s %5s %10s %10s %7s  %s\n' work round ours PyTorch ratio "PyTorch's fastest way"
while IFS='|' read -r work command steps torch_steps; do
  [[ " ${WORK:-mlp wavenet lstm} " = *" $work "* ]] || continue
  for ((round = 1; round <= rounds; round++)); do
    # shellcheck disable=SC2086
    ours=$(rate $steps $command --steps STEPS --run "$scratch/run") || exit 1
    fastest=0 fastest_name=none
    for python in $pythons; do
      for threads in 1 2; do
        for how in "" compile; do
          # what is compiled is kept: the first run is not like the others
          if [ -n "$how" ]; then elapsed "$python" bench/torch_steps.py "$work" 2 $threads $how >/dev/null 2>>"$scratch/complaints" || continue; fi
          # shellcheck disable=SC2086
          best "$(rate $torch_steps "$python" bench/torch_steps.py "$work" STEPS $threads $how 2>>"$scratch/complaints")" "$(tail -1 "$scratch/out"), threads $threads${how:+, compiled}"
        done
      done
    done
    if [ "$fastest_name" = none ]; then echo "speed.sh: no PyTorch ran: pip install torch, or PYTHONS=\"...\": $(tail -1 "$scratch/complaints")" >&2; exit 2; fi
    awk -v w="$work" -v r="$round" -v o="$ours" -v t="$fastest" -v n="$fastest_name" 'BEGIN { printf "%-9s %5d %10.5g %10.5g %7.2f  %s\n", w, r, o, t, o / t, n }'
  done
done <<<"$works"
