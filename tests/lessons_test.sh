#!/usr/bin/env bash
# lessons_test.sh: the lessons' programs as a person uses them: published figures, same bits from the same seed, bad input, memory.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
work=build/lessons-test
rm -rf "$work"
mkdir -p "$work"
read -ra lessons < <(make -s print-LESSONS)
passed=0 failed=0 skipped=0
pass() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)); echo "FAIL $1"; }

# near WHAT FILE KEY WANT TOLERANCE: a figure of a summary
near() {
  local got
  got=$(sed -n "s/.*\"$3\": \([-0-9.e]*\).*/\1/p" "$2")
  if awk -v got="${got:-nan}" -v want="$4" -v by="$5" 'BEGIN { d = got - want; exit !(got != "nan" && d <= by && d >= -by) }'; then pass; else fail "$1: $3 is ${got:-absent}, want $4 within $5"; fi
}

# at_step WHAT LOG STEP WANT: the training loss in a log, to four digits
at_step() {
  if [ "$(awk -F, -v step="$3" '$1 == step { printf "%.4f", $4 }' "$2")" = "$4" ]; then pass; else fail "$1: the loss at step $3 is not $4: $(grep "^$3," "$2")"; fi
}

# refuses WHAT PATTERN COMMAND...: exit code 2 and one line on stderr that says so
refuses() {
  local what=$1 pattern=$2 code lines
  shift 2
  "$@" >"$work/out" 2>"$work/err" </dev/null
  code=$?
  lines=$(wc -l <"$work/err")
  if [ $code -eq 2 ] && [ "$lines" -eq 1 ] && grep -qE -- "$pattern" "$work/err"; then pass; else fail "$what: exit code $code, $lines lines on stderr: $(head -2 "$work/err")"; fi
}

figures() {
  if [ ! -f datasets/names.txt ]; then
    if [ -n "${REQUIRE_DATA:-}" ]; then fail "datasets/names.txt is not here"; else skipped=$((skipped + 1)); echo "SKIP the published figures: datasets/fetch.sh names brings the data"; fi
    return
  fi
  build/01-bigram train --data names --run "$work/a" >/dev/null 2>&1 || fail "01-bigram train: exit code $?"
  local s=$work/a/summary.json
  near "lesson 01" "$s" nll_all 2.454014 0.0000005
  near "lesson 01" "$s" nll_all_add1 2.454577 0.0000005
  near "lesson 01" "$s" train_loss 2.45484 0.000005
  near "lesson 01" "$s" val_loss 2.45326 0.000005
  near "lesson 01" "$s" test_loss 2.45839 0.000005
  near "lesson 01" "$s" trigram_add1_train_loss 2.2156 0.00005
  near "lesson 01" "$s" trigram_add1_val_loss 2.2365 0.00005
  near "lesson 01" "$s" trigram_add1_test_loss 2.2373 0.00005
  near "lesson 01" "$s" trigram_add0.1_train_loss 2.1874 0.00005
  near "lesson 01" "$s" trigram_add0.1_val_loss 2.2225 0.00005
  near "lesson 01" "$s" trigram_add0.1_test_loss 2.2240 0.00005
  near "lesson 01" "$s" params 729 0
  build/02-neural-bigram train --data names --run "$work/b" >/dev/null 2>&1 || fail "02-neural-bigram train: exit code $?"
  near "lesson 02" "$work/b/summary.json" step0_loss 3.7590 0.00005
  near "lesson 02" "$work/b/summary.json" loss_all 2.4624 0.00005
  at_step "lesson 02" "$work/b/log.csv" 99 2.4729
  build/02-neural-bigram train --data names --penalty 0.01 --run "$work/c" >/dev/null 2>&1
  near "lesson 02, penalty" "$work/c/summary.json" step0_loss 3.7686 0.00005
  near "lesson 02, penalty" "$work/c/summary.json" loss_all 2.4830 0.00005
  at_step "lesson 02, penalty" "$work/c/log.csv" 99 2.4901
  build/02-neural-bigram train --data names --by-hand --run "$work/d" >/dev/null 2>&1
  near "lesson 02, by hand" "$work/d/summary.json" step0_loss 3.7590 0.00005
  near "lesson 02, by hand" "$work/d/summary.json" loss_all 2.4624 0.00005
}

# Killed at several moments and resumed each time: the same bits as a run that was never killed. 05 keeps running estimates too; 06 its optimizer's
# averages, its place in the text and the state that it carries.
killed_and_resumed() {
  local lesson=$1 options=(--data given-names --seed 5 "${@:2}") code
  rm -rf "$work/whole" "$work/killed"
  build/$lesson train "${options[@]}" --run "$work/whole" >/dev/null 2>&1
  timeout -s KILL 0.4 build/$lesson train "${options[@]}" --run "$work/killed" >/dev/null 2>&1
  for after in 0.3 0.35 0.5; do
    [ -f "$work/killed/model.safetensors" ] || break
    timeout -s KILL $after build/$lesson train "${options[@]}" --run "$work/killed" --resume >/dev/null 2>&1
  done
  if [ -f "$work/killed/model.safetensors" ]; then build/$lesson train "${options[@]}" --run "$work/killed" --resume >/dev/null 2>&1
  else build/$lesson train "${options[@]}" --run "$work/killed" >/dev/null 2>&1; fi
  code=$?
  if [ $code -eq 0 ] && cmp -s "$work/whole/model.safetensors" "$work/killed/model.safetensors"; then pass; else fail "$lesson: killed and resumed gives other bits (exit code $code)"; fi
  if diff <(cut -d, -f1,2,4- "$work/whole/log.csv") <(cut -d, -f1,2,4- "$work/killed/log.csv") >/dev/null; then pass; else fail "$lesson: killed and resumed leaves another log"; fi
}

same_bits() {
  for lesson in "${lessons[@]}"; do
    local steps=()
    [ $lesson = 01-bigram ] || steps=(--steps 5)
    for run in 1 2; do build/$lesson train --data given-names --run "$work/same-$lesson-$run" "${steps[@]}" >/dev/null 2>&1; done
    if cmp -s "$work/same-$lesson-1/model.safetensors" "$work/same-$lesson-2/model.safetensors"; then pass; else fail "$lesson: the same seed gives other bits"; fi
    if diff <(build/$lesson generate --checkpoint "$work/same-$lesson-1") <(build/$lesson generate --checkpoint "$work/same-$lesson-2") >/dev/null; then pass; else fail "$lesson: the same seed writes other names"; fi
    printf 'em\n/temperature 0\nol\n/quit\n' | build/$lesson chat --checkpoint "$work/same-$lesson-1" >"$work/out"
    if [ $lesson = 10-bpe ]; then     # tokens have no names; what comes between is noise, of any lines
      if [ "$(head -c 2 "$work/out")" = em ] && grep -qa '^ol' "$work/out" && [ "$(tail -c 1 "$work/out" | od -An -tx1)" = " 0a" ]; then pass; else fail "$lesson chat: two prompts should be gone on with"; fi
    elif [ "$(wc -l <"$work/out")" -eq 6 ]; then pass; else fail "$lesson chat: two prompts should be answered by three names each"; fi
    if build/$lesson eval --data given-names --checkpoint "$work/same-$lesson-1" | grep -q '^validation'; then pass; else fail "$lesson eval prints no validation loss"; fi
    if build/$lesson inspect --data given-names --checkpoint "$work/same-$lesson-1" >"$work/inspect" 2>&1 </dev/null && grep -q '^picture:' "$work/inspect"; then pass; else fail "$lesson inspect: $(tail -1 "$work/inspect")"; fi
  done
}

bad_input() {
  printf 'x' >"$work/short"; : >"$work/empty"; head -c 3000 /dev/urandom >"$work/noise"; mkdir -p "$work/full"; touch "$work/full/something"
  for lesson in "${lessons[@]}"; do
    refuses "$lesson without a command" 'want train, (plan, |encode, decode, )?eval' build/$lesson
    refuses "$lesson with a wrong command" 'no command "nix"' build/$lesson nix
    refuses "$lesson with a wrong option" 'no option --nix' build/$lesson train --nix 1
    refuses "$lesson with a value that is no number" '"x": want a' build/$lesson generate --seed x
    refuses "$lesson with a value out of range" 'want a number from 0 to 100' build/$lesson generate --temperature -1
    refuses "$lesson without the data" 'no data set and no file' build/$lesson train --data "$work/nix"
    refuses "$lesson with an empty text" 'is empty' build/$lesson train --data "$work/empty"
    refuses "$lesson with a short text" 'want at least' build/$lesson train --data "$work/short"
    refuses "$lesson with a directory as text" 'cannot read' build/$lesson train --data "$work"
    refuses "$lesson with a run directory that holds other things" 'name a new directory' build/$lesson train --run "$work/full"
    refuses "$lesson with a checkpoint that is not there" 'cannot open' build/$lesson generate --checkpoint "$work/nix"
    refuses "$lesson with a checkpoint that is none" 'safetensors' build/$lesson generate --checkpoint "$work/noise"
    if [ $lesson = 10-bpe ]; then     # which reads every prompt
      if [ "$(build/$lesson generate --checkpoint "$work/same-$lesson-1" --prompt 'Ümit' | head -c 5)" = Ümit ]; then pass; else fail "$lesson with a prompt of bytes it has never seen"; fi
    else refuses "$lesson with a prompt it cannot read" 'has never seen' build/$lesson generate --checkpoint "$work/same-$lesson-1" --prompt 'Ümit'; fi
    [ -e "$work/full/something" ] && pass || fail "$lesson: a refused run lost what was there"
  done
  refuses "02 with the model of 01" 'saved by 01-bigram' build/02-neural-bigram generate --checkpoint "$work/same-01-bigram-1"
  refuses "05 with a context that no tree fits" 'no power of --fuse' build/05-wavenet train --block 6
  refuses "05 with a name it cannot read" 'has never seen' build/05-wavenet inspect --checkpoint "$work/same-05-wavenet-1" --score 'Zo'
  for lesson in 04-batchnorm 05-wavenet; do refuses "$lesson with a batch of one" 'no variance' build/$lesson train --data given-names --batch 1; done
  refuses "04 with a loss that is NaN" 'lower --lr' build/04-batchnorm train --data given-names --steps 200 --lr 1e30 --variant original --activation relu --run "$work/nan4"
  refuses "a loss that is NaN" 'learning rate' build/02-neural-bigram train --data given-names --steps 20 --lr 1e30 --penalty 1e6 --run "$work/nan"
}

# Lesson 09: the cache changes nothing; fine-tuning wants the same characters; a small text is learned by heart; plan's memory is what a run takes.
gpt() {
  local tiny=(--data tales --layers 2 --heads 2 --width 32 --block 32 --batch 4) s=$work/gpt-small/summary.json planned peak
  build/09-gpt train "${tiny[@]}" --steps 300 --run "$work/gpt" >/dev/null 2>&1
  build/09-gpt generate --checkpoint "$work/gpt" --temperature 0 --length 200 >"$work/with"
  build/09-gpt generate --checkpoint "$work/gpt" --temperature 0 --length 200 --no-cache >"$work/without"
  if [ -s "$work/with" ] && cmp -s "$work/with" "$work/without"; then pass; else fail "09-gpt: with the cache it writes something else"; fi
  if build/09-gpt generate --checkpoint "$work/gpt" --length 5000 --stop . | head -c -1 | grep -qE '^[^.]*\.$'; then pass; else fail "09-gpt generate --stop .: does not end with the first full stop"; fi
  refuses "09 fine-tuned with other characters" 'has other characters' build/09-gpt train --data given-names --init-from "$work/gpt" --run "$work/gpt-other"
  refuses "09 fine-tuned with another size" "has its sizes already" build/09-gpt train --data tales --init-from "$work/gpt" --layers 3 --run "$work/gpt-other"
  build/09-gpt train --data tales --init-from "$work/gpt" --batch 4 --steps 2 --run "$work/gpt-tuned" >/dev/null 2>&1
  near "09-gpt --init-from" "$work/gpt-tuned/summary.json" step0_loss "$(sed -n 's/.*"train_loss": \([0-9.]*\).*/\1/p' "$work/gpt/summary.json")" 0.4
  head -c 3000 build/data/tales.txt >"$work/little"
  build/09-gpt train --data "$work/little" --layers 2 --heads 2 --width 64 --block 32 --lr 3e-3 --steps 2000 --eval-every 100 --patience 3 --run "$work/gpt-small" >/dev/null 2>&1
  if awk -F'[:,]' '/"train_loss/ { t = $2 } /"val_loss/ { v = $2 } /"steps"/ { n = $2 } END { exit !(t < 1.2 && v > t + 0.1 && n < 2000) }' "$s"; then pass; else fail "09-gpt on 3,000 characters: want a training loss under 1.2, a higher validation loss, and an early end: $(grep -E '_loss|steps"' "$s" | tr -d '\n')"; fi
  build/09-gpt train --preset char --data tales --steps 10 --run "$work/gpt-char" >/dev/null 2>&1
  planned=$(build/09-gpt plan --preset char --data tales | awk '/^in all/ { print $3 }') peak=$(sed -n 's/.*"peak_megabytes": \([0-9.]*\).*/\1/p' "$work/gpt-char/summary.json")
  if awk -v p="${planned:-0}" -v q="${peak:-1}" 'BEGIN { exit !(p > 0.9 * q && p < 1.1 * q) }'; then pass; else fail "09-gpt plan says $planned MB, the run took $peak: want within a tenth"; fi
  build/09-gpt plan --data tales --layers 64 --width 65536 --heads 64 >"$work/out"        # three terabytes of weights
  if grep -q 'that is too little' "$work/out" && ! grep -q 'will take' "$work/out"; then pass; else fail "09-gpt plan of what does not fit: $(tail -1 "$work/out")"; fi
  refuses "09 without enough memory" 'out of memory' build/09-gpt train --data tales --width 16777216 --run "$work/gpt-huge"
  killed_and_resumed 09-gpt --data tales --layers 2 --heads 2 --width 48 --block 32 --batch 4 --dropout 0.1 --accumulate 2 --steps 500 --eval-every 50
}

# Lesson 10: encode and decode are inverse, whatever the bytes; wrong files and ids are refused; models of all three tokenizers.
bpe() {
  local files=(--vocab "$work/bpe/vocab.json" --merges "$work/bpe/merges.txt") text
  printf aaabdaaabac >"$work/aaab"
  build/10-bpe train --data "$work/aaab" --vocab-size 259 --out "$work/bpe" >/dev/null 2>&1
  if [ "$(build/10-bpe encode "${files[@]}" <"$work/aaab")" = "258 100 258 97 99" ]; then pass; else fail "10-bpe: aaabdaaabac with three merges is not 258 100 258 97 99"; fi
  build/10-bpe train --data tales --vocab-size 600 --out "$work/bpe" >/dev/null 2>&1
  : >"$work/empty"; head -c 100000 /dev/urandom >"$work/noise"; head -c 3000000 /dev/zero | tr '\0' a >"$work/long"
  for text in "$work/noise" "$work/long" "$work/empty" build/data/tales.txt; do
    if build/10-bpe encode "${files[@]}" <"$text" | build/10-bpe decode "${files[@]}" | cmp -s - "$text"; then pass; else fail "10-bpe: $text is another after encode and decode"; fi
  done
  refuses "10 without files" 'want --vocab FILE' build/10-bpe encode
  refuses "10 with a vocabulary that is none" 'no JSON' build/10-bpe encode --vocab "$work/noise" --merges "$work/bpe/merges.txt"
  refuses "10 with merges that are none" 'want two tokens|NUL' build/10-bpe encode --vocab "$work/bpe/vocab.json" --merges "$work/noise"
  echo 5 99999 >"$work/ids"
  build/10-bpe decode "${files[@]}" <"$work/ids" >/dev/null 2>"$work/err"
  if [ $? -eq 2 ] && grep -q 'word 2 is 99999' "$work/err"; then pass; else fail "10-bpe decode: an id that is no token"; fi
  refuses "10 with a net's size beside --out" 'a vocabulary, and no net' build/10-bpe train --data tales --layers 2 --out "$work/bpe"
  refuses "10 with fewer tokens than bytes" 'bytes alone are 256' build/10-bpe train --data tales --vocab-size 99
  build/10-bpe inspect --data tales --prompt "it's 2026! é" >"$work/out"
  if grep -qF "pieces: \"it\" \"'s\" \" 2026\" \"!\" \" é\"" "$work/out"; then pass; else fail "10-bpe inspect: want the pieces of a prompt"; fi
  refuses "10 with a tokenizer that is none" 'want char, word, bpe' build/10-bpe train --data tales --tokenizer nix
  for text in char word bpe "bpe:$work/bpe"; do
    build/10-bpe train --data tales --tokenizer "$text" --layers 1 --heads 2 --width 32 --block 16 --batch 4 --steps 30 --run "$work/tokens" >/dev/null 2>&1
    if [ "$(build/10-bpe generate --checkpoint "$work/tokens" --length 20 | wc -c)" -gt 19 ] && build/10-bpe eval --checkpoint "$work/tokens" | grep -q 'bits per byte'; then pass; else fail "10-bpe with --tokenizer $text"; fi
  done
  build/10-bpe inspect --checkpoint "$work/tokens" --prompt "the cat" >"$work/out"
  if grep -q '^7 bytes, ' "$work/out"; then pass; else fail "10-bpe inspect --checkpoint: want that model's tokens"; fi
  bpe_refused "$work/bpe" "$work/tokens"
  killed_and_resumed 10-bpe --data tales --vocab-size 300 --layers 2 --heads 2 --width 48 --block 32 --batch 4 --dropout 0.1 --steps 400 --eval-every 50
  refuses "10 that goes on with other tokens" 'learned from other' build/10-bpe train --data tales --vocab-size 310 --layers 2 --heads 2 --width 48 --block 32 --batch 4 --steps 500 --run "$work/whole" --resume
}

# All ways in which files of tokens, ids and a model can be wrong: one line, exit code 2, and nothing on the disk is another.
bpe_refused() {
  local vocab=$1/vocab.json merges=$1/merges.txt model=$2/model.safetensors before what pattern text
  before=$(cksum "$vocab" "$merges" "$model")
  refuses "10 with a vocabulary that is not there" 'cannot open' build/10-bpe encode --vocab "$work/nix" --merges "$merges"
  refuses "10 with merges that are not there" 'cannot open' build/10-bpe encode --vocab "$vocab" --merges "$work/nix"
  refuses "10 with a directory as vocabulary" 'cannot read' build/10-bpe encode --vocab "$work" --merges "$merges"
  refuses "10 with a directory as merges" 'cannot read' build/10-bpe encode --vocab "$vocab" --merges "$work"
  while IFS='|' read -r what pattern text; do
    printf '%b' "$text" >"$work/bad"
    refuses "10 with a vocabulary $what" "$pattern" build/10-bpe encode --vocab "$work/bad" --merges "$merges"
  done <<'END'
that is empty|no JSON|
that is cut off|no JSON|{"a": 1
that is a list|want a JSON object|["a", "b"]
of a number|no JSON|5
of ids in quotes|has no id that is a whole number|{"a": "1"}
of broken ids|has no id that is a whole number|{"a": 1.5}
of negative ids|has no id that is a whole number|{"a": -1}
of huge ids|has no id that is a whole number|{"a": 2000000000}
of ids beyond all numbers|no JSON|{"a": 99999999999999999999}
with an id twice|both have the id 1|{"a": 1, "b": 1}
with a token twice|duplicate|{"a": 1, "a": 2}
without most bytes|no token for the byte 0x00|{"a": 1}
of another kind|stands for no byte|{"\xe2\x96\x81the": 1}
END
  while IFS='|' read -r what pattern text; do
    printf '%b' "$text" >"$work/bad"
    refuses "10 with merges $what" "$pattern" build/10-bpe encode --vocab "$vocab" --merges "$work/bad"
  done <<'END'
that are empty|is empty|
of unknown tokens|line 2: "zq qz" merges|#version: 0.2\nzq qz\n
of one token|line 1: want two tokens|th\n
of three tokens|line 2: want two tokens|\r\nt h e\r\n
with a NUL|NUL|t h\0\n
END
  refuses "10 with a line of merges as long as a book" 'line 1: want two tokens' build/10-bpe encode --vocab "$vocab" --merges "$work/long"
  refuses "10 with a tokenizer without merges" 'cannot open' build/10-bpe train --data tales --tokenizer "bpe:$work" --run "$work/never"
  refuses "10 with tokens of no text" 'no data set' build/10-bpe train --data "$work/nix" --out "$1"
  refuses "10 with tokens for a file" 'want a directory' build/10-bpe train --data tales --vocab-size 300 --out "$merges"
  for text in 0 7 100 "$(($(wc -c <"$model") / 2))" "$(($(wc -c <"$model") - 1))"; do
    head -c "$text" "$model" >"$work/bad"
    refuses "10 with a model of $text bytes" 'safetensors|cut off' build/10-bpe generate --checkpoint "$work/bad"
  done
  for text in x 1.5 -1 99999 "$(printf '%040d' 5)" '6\0006'; do     # decode reads stdin, so not by refuses
    printf '%b' "$text" | build/10-bpe decode --vocab "$vocab" --merges "$merges" >"$work/out" 2>"$work/err"
    if [ $? -eq 2 ] && [ ! -s "$work/out" ] && [ "$(grep -c 'word 1 is' "$work/err")" = "$(wc -l <"$work/err")" ]; then pass; else fail "10-bpe decode of $text: $(head -2 "$work/err")"; fi
  done
  for text in encode decode; do
    build/10-bpe $text --vocab "$vocab" --merges "$merges" <"$work" >"$work/out" 2>"$work/err"
    if [ $? -eq 2 ] && [ ! -s "$work/out" ] && grep -q 'cannot read the' "$work/err"; then pass; else fail "10-bpe $text of a directory: $(head -2 "$work/err")"; fi
  done
  if [ "$before" = "$(cksum "$vocab" "$merges" "$model")" ] && [ ! -e "$work/never" ]; then pass; else fail "10-bpe: what it refused has changed files"; fi
}

memory() {
  make -s --no-print-directory DEBUG=1 "${lessons[@]/#/build/debug/}" || { fail "the debug build"; return; }
  for lesson in "${lessons[@]}"; do
    head -400 datasets/given-names.txt >"$work/few"
    local steps=()
    [ $lesson = 01-bigram ] || steps=(--steps 3)
    case $lesson in 08-* | 09-* | 10-* | 11-*) steps+=(--width 16 --layers 2 --block 16) ;; esac
    if build/debug/$lesson train --data "$work/few" --run "$work/debug-$lesson" "${steps[@]}" >"$work/out" 2>&1 && build/debug/$lesson inspect --data "$work/few" --checkpoint "$work/debug-$lesson" >>"$work/out" 2>&1 </dev/null &&
      build/debug/$lesson generate --checkpoint "$work/debug-$lesson" >>"$work/out" 2>&1; then pass; else fail "$lesson under the sanitizers: $(grep -m1 -E 'ERROR|runtime error' "$work/out")"; fi
    if command -v valgrind >/dev/null; then
      # valgrind does not know AVX-512, so that this program is built for a plain processor; and it must not start itself again (machine.h)
      make -s --no-print-directory PLAIN=1 "build/plain/$lesson" 2>"$work/out" || { fail "the plain build: $(head -1 "$work/out")"; continue; }
      if LM_KERNEL=Haswell OPENBLAS_CORETYPE=Haswell GOMP_SPINCOUNT=1000 OMP_NUM_THREADS=1 valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite build/plain/$lesson train --data "$work/few" --run "$work/valgrind-$lesson" "${steps[@]}" >"$work/out" 2>&1; then pass; else fail "$lesson under valgrind: $(grep -m1 '==' "$work/out")"; fi
    else echo "SKIP $lesson under valgrind: there is none here"; fi     # not counted: REQUIRE_DATA asks for data, not for this
  done
}

# Lesson 11: the cache changes nothing; loads are written; with balancing, no expert has much more than its share.
moe() {
  local tiny=(--data tales --layers 2 --heads 4 --kv-heads 2 --width 32 --hidden 24 --block 32 --batch 4)
  build/11-moe train "${tiny[@]}" --steps 300 --run "$work/moe" >/dev/null 2>&1
  build/11-moe generate --checkpoint "$work/moe" --temperature 0 --length 200 >"$work/with"
  build/11-moe generate --checkpoint "$work/moe" --temperature 0 --length 200 --no-cache >"$work/without"
  if [ -s "$work/with" ] && cmp -s "$work/with" "$work/without"; then pass; else fail "11-moe: with the cache it writes something else"; fi
  if awk -F, 'NR > 1 { s = 0; for (i = 4; i <= NF; i++) s += $i; if ((s - 8) ^ 2 > 1e-4 || $3 < 0 || $3 > 1) bad = 1 } END { exit bad || NR < 3 }' "$work/moe/load.csv"; then pass; else fail "11-moe: load.csv: loads that are no fair shares"; fi
  build/11-moe train --data tales --init-from "$work/moe" --batch 4 --steps 2 --run "$work/moe-tuned" >/dev/null 2>&1
  near "11-moe --init-from" "$work/moe-tuned/summary.json" step0_loss "$(sed -n 's/.*"train_loss": \([0-9.]*\).*/\1/p' "$work/moe/summary.json")" 0.4
  refuses "11 with a preset without experts beside a model that has some" 'want the preset left out' build/11-moe train --data tales --init-from "$work/moe" --preset dense
  refuses "11 with experts in a preset that has none" 'want --active' build/11-moe train --data tales --preset dense --experts 8
  { grep -o . build/data/tales.txt | LC_ALL=C sort -u | tr -d '\n'; head -c 240 build/data/tales.txt; } >"$work/short"       # all its characters, and few of them
  refuses "11 inspect of a text that is too short" 'more than a block' build/11-moe inspect --checkpoint "$work/moe" --data "$work/short" --as text
  if [ "$(head -1 "$work/moe/load.csv")" = step,layer,dropped,expert0,expert1,expert2,expert3,expert4,expert5,expert6,expert7 ] && [ "$(tail -1 "$work/moe/load.csv" | cut -d, -f1,2)" = 300,1 ]; then pass; else fail "11-moe: load.csv: $(head -1 "$work/moe/load.csv") ... $(tail -1 "$work/moe/load.csv")"; fi
  if build/11-moe inspect --checkpoint "$work/moe" >"$work/out" 2>&1 && [ -f "$work/moe/experts.png" ] && [ -f "$work/moe/load.png" ]; then pass; else fail "11-moe inspect: $(tail -1 "$work/out")"; fi
  refuses "11 with more active experts than there are" 'want no more than there are' build/11-moe train --data tales --experts 4 --active 5
  refuses "11 with heads that no keys fit" 'want a divisor' build/11-moe train --data tales --heads 4 --kv-heads 3
  refuses "11 that goes on with other experts" 'has its sizes already' build/11-moe train --data tales --init-from "$work/moe" --experts 4
  build/11-moe train "${tiny[@]}" --experts 1 --steps 3 --run "$work/moe-one" >/dev/null 2>&1
  refuses "11 inspect of one net for all" 'one net for all' build/11-moe inspect --checkpoint "$work/moe-one"
  killed_and_resumed 11-moe "${tiny[@]}" --dropout 0.1 --favour 0.01 --noise 0.1 --steps 400 --eval-every 50
  if [ ! -f datasets/shakespeare.txt ]; then skipped=$((skipped + 1)); echo "SKIP 11's loads: datasets/fetch.sh shakespeare brings the data"; return; fi
  build/11-moe train --data shakespeare --steps 500 --run "$work/moe-500" >/dev/null 2>&1
  if awk -F'[:,]' '/"expert_load_max/ { m = $2 } END { exit !(m >= 1 && m <= 1.5) }' "$work/moe-500/summary.json"; then pass; else fail "11-moe after 500 steps: $(grep load_max "$work/moe-500/summary.json"), want 1.5 or less"; fi
}

figures
killed_and_resumed 03-mlp --steps 12000 --hidden 20
killed_and_resumed 05-wavenet --steps 3000 --hidden 20
killed_and_resumed 06-rnn-lstm --steps 1500 --hidden 24 --data tales
killed_and_resumed 06-rnn-lstm --steps 2000 --hidden 24 --cell gru
killed_and_resumed 07-attention --steps 3000 --data tales
killed_and_resumed 08-transformer --variant names --steps 300 --width 16 --layers 2 --dropout 0.1
if [ -x build/09-gpt ]; then gpt; fi
if [ -x build/10-bpe ]; then bpe; fi
if [ -x build/11-moe ]; then moe; fi
same_bits
bad_input
memory
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
