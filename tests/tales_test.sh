#!/usr/bin/env bash
# tales_test.sh: tests datasets/tales.c: its stories, its entropy, and that the one is the entropy of the others.
# A case that passes prints nothing; one that fails prints what was seen. The last line counts both.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." >/dev/null && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
modes=('' --long-range) seeds=(1 2 3)

tales() { "$work/tales" ${1:+"$1"} "${@:2}"; }  # tales MODE [OPTION...]; the MODE may be empty

run() { seen=$("$@" 2>&1) && status=0 || status=$?; }  # run COMMAND: sets seen and status
wrong() { printf '%s: %s\n' "$case" "$1"; right=no; }
refused() {  # refused COMMAND: exit code 2, nothing on stdout, one line on stderr
  local said code=0; said=$("$@" 2>"$work/complaint") || code=$?
  [[ $code == 2 && -z $said && $(wc -l <"$work/complaint") -eq 1 ]] ||
    wrong "$*: exit code $code, wanted 2 and one line; it said: $said $(cat "$work/complaint")"
}
text() { printf '%s' "$work/text$1$2"; }  # text MODE SEED: the file that main made for them
figure() { awk -v what="$1" 'index($0, what) == 1 { print substr($0, length(what) + 1) + 0 }'; }
within() { awk -v x="$1" -v least="$2" -v most="$3" 'BEGIN { exit !(x != "" && x + 0 >= least && x + 0 <= most) }'; }

# Reads stories, prints: how many, questions, wrong answers, answers that the rule of datasets/README.md does not find,
# the fewest characters between a fact and its question, and how often a fact's words are named in the middle.
read -r -d '' ANSWERS <<'AWK'
function fact(sentence, end,    w, n, i) {
  n = split(sentence, w, " ")
  for (i = 2; i < n; i++) {
    if (w[i] == "a") { colour[w[i + 2]] = w[i + 1]; thing[w[i + 1]] = w[i + 2]; owner[w[i + 2]] = w[1]; has[w[1]] = w[i + 2] }
    if (w[i] == "likes") { eater[w[i + 1]] = w[1]; likes[w[1]] = w[i + 1] }
  }
  said[w[1]] = end
}
function introduce(    s, n, i, end) {
  split("", colour); split("", thing); split("", owner); split("", has); split("", eater); split("", likes); split("", said)
  n = split($0, s, /\. ?/)
  for (i = 1; i < n; i++) { end += length(s[i]) + 1; fact(s[i], end); end++ }
}
function leaks(    w, n, i) {
  n = split($0, w, /[^A-Za-z]+/)
  for (i = 1; i <= n; i++) leaked += (w[i] in colour) + (w[i] in thing) + (w[i] in owner) + (w[i] in eater)
}
function question(    cut, q, a, w, n, who, want, word, found) {
  cut = index($0, "? "); q = substr($0, 1, cut - 1); a = substr($0, cut + 2)
  n = split(q, w, " ")
  if (q ~ /^Who has the /) { who = word = owner[w[4]]; want = who " has the " w[4] "." }
  else if (q ~ /^Who likes /) { who = word = eater[w[3]]; want = who " likes " w[3] "." }
  else if (q ~ /^What does .* have$/) { who = w[3]; word = has[who]; want = who " has the " word "." }
  else if (q ~ /^What does .* like$/) { who = w[3]; word = likes[who]; want = who " likes " word "." }
  else if (q ~ /^What colour is the /) { who = owner[w[5]]; word = colour[w[5]]; want = "The " w[5] " is " word "." }
  else if (q ~ /^What is /) { word = thing[w[3]]; who = owner[word]; want = "It is the " word "." }
  n = split(substr(a, 1, length(a) - 1), w, " ")
  found = $1 == "Who" ? w[1] : w[n]
  questions++; bad += a != want; unfound += word == "" || found != word
  if (least == "" || here - said[who] < least) least = here - said[who]
}
{ line++ }
line == 1 { introduce(); here = 0 }
line == 2 { leaks() }
/^Wh/ { question() }
{ here += length($0) + 1 }
$0 == "" { stories++; line = 0 }
END { print stories, questions, bad + 0, unfound + 0, least, leaked + 0 }
AWK

test_no_warnings() { [[ -s $work/warnings ]] && wrong "$(cat "$work/warnings")"; }

test_same_seed_same_bytes() {
  for mode in "${modes[@]}"; do
    tales "$mode" --bytes 2000000 --seed 1 | cmp -s - "$(text "$mode" 1)" || wrong "seed 1 $mode tells other stories again"
    cmp -s "$(text "$mode" 1)" "$(text "$mode" 2)" && wrong "seeds 1 and 2 $mode tell the same stories"
  done
}

test_size() {  # the text ends with the story that crosses N bytes
  for n in 1 1000 100000; do
    tales '' --bytes $n >"$work/some"
    run awk -v n=$n '{ size += length($0) + 1 } $0 == "" { before = at; at = size } END { exit !(before < n && at >= n && at == size) }' "$work/some"
    [[ $status == 0 ]] || wrong "--bytes $n: $(wc -c <"$work/some") bytes"
  done
}

test_score_meets_the_bound() {
  for mode in "${modes[@]}"; do
    for seed in "${seeds[@]}"; do
      run tales "$mode" --score "$(text "$mode" "$seed")"
      [[ $status == 0 ]] || wrong "$mode seed $seed: exit code $status"
      within "$(figure difference <<<"$seen")" -3.5 3.5 || wrong "$mode seed $seed: $seen"
    done
  done
}

test_length_of_stories() {  # the mean characters and words of a story, against what --entropy says
  for mode in "${modes[@]}"; do
    tales "$mode" --entropy >"$work/entropy"
    chars=$(awk '/^a story/ { print $4 }' "$work/entropy") words=$(figure 'words per story' <"$work/entropy")
    run awk -v chars="$chars" -v words="$words" '
      { c += length($0) + 1; w += NF }
      $0 == "" { n++; sc += c - chars; sw += w - words; qc += (c - chars) ^ 2; qw += (w - words) ^ 2; c = w = 0 }
      END { x = sc / sqrt(qc); y = sw / sqrt(qw); print n, x, y; exit !(n && x * x < 3.5 ^ 2 && y * y < 3.5 ^ 2) }
    ' "$(text "$mode" 1)"
    [[ $status == 0 ]] || wrong "$mode: stories and two differences in standard errors: $seen"
  done
}

test_answers() {
  for mode in "${modes[@]}"; do
    for seed in "${seeds[@]}"; do
      run awk "$ANSWERS" "$(text "$mode" "$seed")"
      read -r stories questions bad unfound least leaked <<<"$seen"
      [[ $stories -gt 1000 && $questions == $((3 * stories)) && $bad$unfound$leaked == 000 ]] || wrong "$mode seed $seed: $seen"
      [[ -z $mode || $least -ge 300 ]] || wrong "$mode seed $seed: a question only $least characters from its fact"
    done
  done
}

test_language() {  # a or an; and nobody tells themselves a story
  run grep -hoiE '\<(a [aeiou]|an [^aeiou])[a-z]*|([A-Z][a-z]+) told \2 ' "$(text '' 1)" "$(text --long-range 1)"
  [[ -z $seen ]] || wrong "$(head -n 3 <<<"$seen")"
}

test_tampered() {
  sed '1000s/e/x/' "$(text '' 1)" >"$work/bad"
  refused tales '' --score "$work/bad"
  at=$(cmp "$work/bad" "$(text '' 1)" | sed 's/.*\(byte\|char\) \([0-9]*\),.*/\2/')
  grep -q "byte $((at - 1)):" "$work/complaint" || wrong "the change is at byte $((at - 1)) from 0: $(cat "$work/complaint")"
}

test_wrong_answer() {  # every word is one that the grammar knows, but not the answer
  awk 'NR == 4 { if (/^What is/) $NF = $NF == "kite." ? "drum." : "kite."; else $NF = $NF == "red." ? "blue." : "red." } 1' \
    "$(text '' 1)" >"$work/bad"
  cmp -s "$work/bad" "$(text '' 1)" && wrong "nothing was changed"
  refused tales '' --score "$work/bad"
}

test_no_story() {
  head -c 5000 "$(text '' 1)" >"$work/cut"; refused tales '' --score "$work/cut"
  printf 'Once\001upon\n' >"$work/other"; refused tales '' --score "$work/other"
  : >"$work/empty"; refused tales '' --score "$work/empty"
  refused tales '' --score "$work/nowhere"
  refused tales '' --score "$work"
}

test_wrong_kind() {
  refused tales '' --score "$(text --long-range 1)"
  refused tales --long-range --score "$(text '' 1)"
}

test_bad_options() {
  refused tales '' --bytes 0; refused tales '' --bytes -1; refused tales '' --bytes 1e6; refused tales '' --bytes ''
  refused tales '' --bytes 99999999999999999999; refused tales '' --bytes; refused tales '' --seed 4294967296
  refused tales '' --seed x; refused tales '' --colour; refused tales '' more; refused tales '' --entropy --score x
  run tales '' --help
  [[ $status == 0 && $seen == *--long-range* ]] || wrong "--help: exit code $status, said: $seen"
}

test_full_disk() {
  [[ -w /dev/full ]] || return 0
  run bash -c "'$work/tales' >/dev/full"
  [[ $status == 2 ]] || wrong "exit code $status, wanted 2; it said: $seen"
}

test_readme() {  # datasets/README.md shows what --entropy prints, and a story
  for mode in "${modes[@]}"; do
    while IFS= read -r line; do
      grep -qxF -- "$line" "$root/datasets/README.md" || wrong "--entropy $mode says \"$line\", datasets/README.md does not"
    done < <(tales "$mode" --entropy)
  done
  story=$(tales '' --bytes 1 --seed 6 | tr -s '[:space:]' ' ')
  [[ $(tr -s '[:space:]' ' ' <"$root/datasets/README.md") == *"$story"* ]] || wrong "datasets/README.md does not tell: $story"
}

"${CC:-cc}" -std=c11 -O2 -fopenmp -Wall -Wextra -Wshadow "$root/datasets/tales.c" "$root/common/util.c" "$root/common/rng.c" -lm \
  -o "$work/tales" 2>"$work/warnings" || { cat "$work/warnings"; exit 1; }
for mode in "${modes[@]}"; do
  for seed in "${seeds[@]}"; do tales "$mode" --bytes 2000000 --seed "$seed" >"$(text "$mode" "$seed")"; done
done

passed=0 failed=0
for case in $(declare -F | sed -n 's/^declare -f \(test_.*\)/\1/p'); do
  right=yes
  "$case"
  if [[ $right == yes ]]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done
echo "$passed passed, $failed failed"
((failed == 0))
