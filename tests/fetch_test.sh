#!/usr/bin/env bash
# fetch_test.sh: tests datasets/fetch.sh without a network, on files and a table that it makes itself.
# A case that passes prints nothing; one that fails prints what was seen. The last line counts both.
set -uo pipefail

fetch=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." >/dev/null && pwd)/datasets/fetch.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
out=$work/out mirror=$work/mirror web=$work/web closed=http://127.0.0.1:1
unset MIRROR FETCH_BASE
export LM_DATASETS=$out FETCH_TABLE=$work/table no_proxy=127.0.0.1 NO_PROXY=127.0.0.1

sum_of() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1; }

# Every case starts with empty folders and this table. Its URLs lead to a closed port.
fresh() {
  rm -rf "$out" "$mirror" "$web"
  mkdir "$out" "$mirror" "$web"
  cat >"$FETCH_TABLE" <<END
set  one | 10 B | none | one file
file one.txt | first.txt | $(printf 0123456789 | sum_of) | $closed/one.txt
set  two | 2 B | none | two files
file left.txt | left.txt | $(printf L | sum_of) | $closed/left.txt
file right.txt | right.txt | $(printf R | sum_of) | $closed/right.txt
set  either | 1 B | none | a file with two right sums
file either.txt | either.txt | $(printf x | sum_of),$(printf y | sum_of) | $closed/either.txt
set  unknown | 9 B | none | a file whose sum nobody told us, or a sample of it
file big.txt | big.txt | - | $closed/big.txt
else sample.txt | sample.txt | - | -
END
}

run() { seen=$(env "$@" 2>&1) && status=0 || status=$?; }  # run [NAME=VALUE...] COMMAND: sets seen and status
wrong() { printf '%s: %s\n' "$case" "$1"; right=no; }
exits() { [[ $status == "$1" ]] || wrong "exit code $status, wanted $1; it said: $seen"; }
says() { [[ $seen == *"$1"* ]] || wrong "wanted \"$1\" in: $seen"; }
lines() { local n; n=$(grep -c '' <<<"$seen"); [[ $n == "$1" ]] || wrong "$n lines, wanted $1: $seen"; }
holds() { local is; is=$(cat "$out/$1" 2>&1); [[ $is == "$2" ]] || wrong "$1 holds \"$is\", wanted \"$2\""; }
folder() { local is; is=$(cd "$out" && echo *); [[ $is == "$1" ]] || wrong "the folder has: $is; wanted: $1"; }

test_mirror_copy() {
  printf 0123456789 >"$mirror/first.txt"  # under its mirror name
  printf L >"$mirror/left.txt"
  printf R >"$mirror/right.txt"
  run MIRROR="$mirror" "$fetch" one two
  exits 0; lines 3; says 'one.txt: copied from the mirror, SHA-256 right'
  holds one.txt 0123456789; holds left.txt L; folder 'left.txt one.txt right.txt'
}

test_mirror_copy_under_the_final_name() {
  printf 0123456789 >"$mirror/one.txt"
  run MIRROR="$mirror" "$fetch" one
  exits 0; holds one.txt 0123456789; folder one.txt
}

test_relative_mirror_and_new_folder() {
  printf 0123456789 >"$mirror/one.txt"
  cd "$work" || return
  run LM_DATASETS=out/deep/down MIRROR=mirror "$fetch" one
  exits 0; holds deep/down/one.txt 0123456789
}

test_wrong_sum_keeps_the_old_file() {
  printf old >"$out/one.txt"
  printf bad >"$mirror/first.txt"
  run MIRROR="$mirror" "$fetch" one
  exits 2; lines 2; says "one.txt: copied from the mirror, SHA-256 wrong: seen $(printf bad | sum_of)"
  says "wanted $(printf 0123456789 | sum_of); thrown away"
  holds one.txt old; folder one.txt
}

test_wrong_file_here_is_replaced() {
  printf old >"$out/one.txt"
  printf 0123456789 >"$mirror/first.txt"
  run MIRROR="$mirror" "$fetch" one
  exits 0; says "one.txt: already here, SHA-256 wrong: seen $(printf old | sum_of)"
  holds one.txt 0123456789; folder one.txt
}

test_resume_of_a_half_part() {
  printf 01234 >"$out/one.txt.part"
  printf '?????56789' >"$web/one.txt"  # only a download that goes on from byte 5 comes out right
  run FETCH_BASE="file://$web" "$fetch" one
  exits 0; lines 1; says 'one.txt: fetched, SHA-256 right'; holds one.txt 0123456789; folder one.txt
}

test_wrong_part_is_thrown_away() {
  printf '?????' >"$out/one.txt.part"
  printf 0123456789 >"$web/one.txt"
  run FETCH_BASE="file://$web" "$fetch" one
  exits 2; lines 1; says 'SHA-256 wrong'; folder '*'
  run FETCH_BASE="file://$web" "$fetch" one
  exits 0; holds one.txt 0123456789; folder one.txt
}

test_part_that_is_too_long_starts_anew() {
  printf 0123456789abc >"$out/one.txt.part"
  printf 0123456789 >"$web/one.txt"
  run FETCH_BASE="file://$web" "$fetch" one
  exits 0; holds one.txt 0123456789; folder one.txt
}

test_part_that_is_whole_needs_no_network() {
  printf 0123456789 >"$out/one.txt.part"
  run FETCH_BASE=$closed "$fetch" one
  exits 0; holds one.txt 0123456789; folder one.txt
}

test_missing_mirror_file() {
  printf R >"$mirror/right.txt"
  run MIRROR="$mirror" "$fetch" two
  exits 0; lines 2; says 'left.txt is not in the mirror: skipped'; holds right.txt R; folder right.txt
}

test_nothing_in_the_mirror() {
  run MIRROR="$mirror" "$fetch" one
  exits 2; lines 1; says 'one.txt is not in the mirror: skipped'; folder '*'
  run MIRROR="$work/none" "$fetch" one
  exits 2; lines 1; says "MIRROR=$work/none is not a folder"
}

test_unknown_name() {
  printf 0123456789 >"$mirror/first.txt"
  run MIRROR="$mirror" "$fetch" one shakespear
  exits 2; lines 1; says 'no set is called "shakespear"; there are: one two either unknown and all'; folder '*'
}

test_no_network() {
  printf 01234 >"$out/one.txt.part"
  run FETCH_BASE=$closed "$fetch" one two
  exits 2; lines 1; says 'one, two: not fetched, there is no network; the built-in given-names and tales'
  says MIRROR=DIR; holds one.txt.part 01234; folder one.txt.part
}

test_missing_on_the_server() {
  printf R >"$web/right.txt"
  run FETCH_BASE="file://$web" "$fetch" two
  exits 2; lines 2; says 'left.txt: '; holds right.txt R; folder right.txt
}

test_already_here() {
  printf 0123456789 >"$out/one.txt"
  run FETCH_BASE=$closed "$fetch" one
  exits 0; lines 1; says 'one.txt: already here, SHA-256 right'; folder one.txt
}

test_two_right_sums() {
  printf y >"$mirror/either.txt"
  run MIRROR="$mirror" "$fetch" either
  exits 0; says 'SHA-256 right'; holds either.txt y
}

test_unknown_sum_is_recorded_and_then_checked() {
  printf new >"$mirror/big.txt"
  run MIRROR="$mirror" "$fetch" unknown
  exits 0; lines 1; says "no SHA-256 was known"; folder 'big.txt big.txt.sha256'
  holds big.txt.sha256 "$(printf new | sum_of)  big.txt"
  run MIRROR="$mirror" "$fetch" unknown
  exits 0; says 'big.txt: already here, SHA-256 right'
  printf changed >"$mirror/big.txt"
  rm "$out/big.txt"
  run MIRROR="$mirror" "$fetch" unknown
  exits 2; says 'SHA-256 wrong'; says 'remove big.txt.sha256'; folder big.txt.sha256
}

test_sample_in_place_of_the_set() {
  printf few >"$mirror/sample.txt"
  run MIRROR="$mirror" "$fetch" unknown
  exits 0; holds sample.txt few; folder 'sample.txt sample.txt.sha256'
  printf many >"$mirror/big.txt"
  rm "$out"/*
  run MIRROR="$mirror" "$fetch" unknown
  exits 0; holds big.txt many; folder 'big.txt big.txt.sha256'
}

test_all() {
  for name in first left right either big; do printf '' >"$mirror/$name.txt"; done
  run MIRROR="$mirror" "$fetch" all
  exits 2; lines 5; folder 'big.txt big.txt.sha256'  # the others are empty, and that is wrong
}

test_list() {
  printf L >"$out/left.txt"
  run "$fetch"
  exits 0; says 'usage: '; says 'two             1 of 2  2 B     none           two files'
}

test_real_table() {  # five sets; every file has four cells, and as many sums of 64 digits as commas + 1
  run -u FETCH_TABLE "$fetch" --list
  exits 0
  for name in names shakespeare wikitext2 tinystories gpt2-tokenizer; do says "$name "; done
  seen=$(grep -E '^file ' "$fetch" | grep -cEv '^file [^ ]+ \| [^ ]+ \| [0-9a-f]{64}(,[0-9a-f]{64})* \| [^ ]+$')
  [[ $seen == 0 ]] || wrong "$seen rows of the table are not as they should be"
}

passed=0 failed=0
for case in $(declare -F | sed -n 's/^declare -f \(test_.*\)/\1/p'); do
  fresh
  right=yes
  "$case"
  if [[ $right == yes ]]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done
echo "$passed passed, $failed failed"
((failed == 0))
