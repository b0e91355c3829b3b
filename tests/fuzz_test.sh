#!/usr/bin/env bash
# fuzz_test.sh [SECONDS]: are readers of files right whatever the bytes are? clang's libFuzzer calls the targets tests/fuzz/*.c, which say what must hold.
# Without SECONDS: the same few thousand inputs every time. With it: each target so long, with new ones; what is of use is kept in
# build/fuzz/found, and the next time begins with it. NAME=10_text: that target alone.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
seconds=${1:-} clang=${FUZZ_CC:-clang} passed=0 failed=0 skipped=0
targets=${NAME:-$(make -s --no-print-directory print-FUZZERS)}

if [[ -n $seconds && ! $seconds =~ ^[1-9][0-9]*$ ]]; then echo "fuzz_test.sh: $seconds: want a number of seconds" >&2; exit 2; fi
for name in $targets; do
  if [[ ! -f tests/fuzz/$name.c ]]; then echo "fuzz_test.sh: there is no target $name: want one of $(make -s --no-print-directory print-FUZZERS)" >&2; exit 2; fi
done

# a directory in memory, where there is one: the targets write files that need not last
work=$(mktemp -d -p "$([[ -d /dev/shm && -w /dev/shm ]] && echo /dev/shm || echo "${TMPDIR:-/tmp}")")
trap 'rm -rf "$work"' EXIT
export TMPDIR=$work UBSAN_OPTIONS=print_stacktrace=1

echo 'int LLVMFuzzerTestOneInput(const unsigned char *data, unsigned long size) { return data && size > 9; }' >"$work/probe.c"
if ! "$clang" -fsanitize=fuzzer,address,undefined -fopenmp "$work/probe.c" -o "$work/probe" >/dev/null 2>&1; then
  # not counted: REQUIRE_DATA asks for data, not for this
  echo "SKIP clang's libFuzzer is not here (Debian, Ubuntu: the packages clang, libclang-rt-NN-dev and libomp-dev)"
  echo "$passed passed, $failed failed, $skipped skipped"
  exit 0
fi
make -s --no-print-directory CC="$clang" fuzz-programs || { echo "the fuzz targets do not build"; echo "0 passed, 1 failed"; exit 1; }
build/fuzz/seeds "$work/seeds" || { echo "no seeds"; echo "0 passed, 1 failed"; exit 1; }

runs() { case $1 in 10_text | 10_files) echo 2500 ;; 01_text) echo 5000 ;; *) echo 20000 ;; esac; }    # some seconds each

for name in $targets; do
  corpus=("$work/seeds/$name") options=(-max_len=4096 -timeout=20 -print_final_stats=1 -artifact_prefix="build/fuzz/$name-")
  if [[ -z $seconds ]]; then options+=(-seed=1 -runs="$(runs "$name")" -use_cmp=0)   # else numbers that were compared go into inputs, addresses too
  else
    mkdir -p "build/fuzz/found/$name"
    corpus=("build/fuzz/found/$name" "${corpus[@]}") options+=(-max_total_time="$seconds")
  fi
  if "build/fuzz/$name" "${options[@]}" "${corpus[@]}" >"$work/log" 2>&1; then
    passed=$((passed + 1))
    [[ -z $seconds ]] || echo "$name: $(awk '/number_of_executed_units/ { n = $2 } /average_exec_per_sec/ { s = $2 } /peak_rss_mb/ { m = $2 } END { print n " inputs, " s " a second, " m " MB" }' "$work/log")"
  else
    failed=$((failed + 1))
    echo "FAIL $name: $(grep -aE -B1 'does not hold' "$work/log" | head -1)"
    grep -aE 'runtime error|^==.*ERROR|^SUMMARY' "$work/log" | cut -c1-300
    grep -aE '^ +#[0-9]+ .*/(common|tests/fuzz)/' "$work/log" | sed "s|$PWD/||" | head -6
    sed -n "s|.*Test unit written to \(.*\)|once more: build/fuzz/$name \1|p" "$work/log"
  fi
done
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0))
