#!/usr/bin/env bash
# texts.sh [FILE...]: every figure that a lesson's text promises is measured again; FILE: in these texts only. In a text,
#     <!-- measured: COMMAND -->
# before a block of code means: that command prints these lines (others between them do not matter, nor does a line of "...").
# Words must be equal; a number with a decimal point may differ by a few units of its last place, for another processor adds
# up in another order. After a long training run that has grown to more: <!-- measured within 0.01: COMMAND -->. A command that needs fetched data (--data NAME, or GPT-2's tokenizer) is skipped without it (REQUIRE_DATA=1: fails).
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
[ $# -gt 0 ] || rm -rf build/texts      # where the texts' own runs go
mkdir -p build/texts
work=$(mktemp -d build/texts.XXXXXX)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0

# blocks FILE: the commands and blocks of a text as FILE.N.command and FILE.N.want
blocks() {
  awk -v stem="$work/$(tr / - <<<"$1")" '
    /^<!-- measured( within [0-9.]+)?: .* -->$/ {
      command = $0; sub(/^<!-- measured[^:]*: /, "", command); sub(/ -->$/, "", command)
      within = /^<!-- measured within/ ? $4 : ""; sub(/:/, "", within); next }
    /^```/ && command != "" && !inside { inside = 1; n++; print command >(stem "." n ".command"); print within >(stem "." n ".within"); next }
    /^```/ && inside { inside = 0; command = ""; next }
    inside { print >(stem "." n ".want") }' "$1"
}

# compare WANT GOT WITHIN: the first wanted line that was not printed; WITHIN: by how much numbers may differ, if not by 3 of the last place
compare() {
  awk -v slack=3 -v within="$3" '
    function same(a, b,   i, n, m, x, y, places) {
      n = split(a, x, " "); m = split(b, y, " ")
      if (n != m) return 0
      for (i = 1; i <= n; i++) {
        if (x[i] == y[i]) continue
        if (x[i] !~ /^[-+(]?[0-9]*\.[0-9]+[),;%]*$/ || y[i] !~ /^[-+(]?[0-9]*\.[0-9]+[),;%]*$/) return 0
        gsub(/[(),;%]/, "", x[i]); gsub(/[(),;%]/, "", y[i])
        places = length(x[i]) - index(x[i], ".")
        if ((x[i] - y[i]) ^ 2 > (within != "" ? within : slack * 10 ^ -places) ^ 2) return 0
      }
      return 1
    }
    NR == FNR { got[++lines] = $0; next }
    $1 == "..." || NF == 0 || /^\$ / { next }
    { found = 0; for (i = 1; i <= lines && !found; i++) found = same($0, got[i]); if (!found) { print $0; exit } }' "$2" "$1"
}

# the texts of finished lessons; one that is begun, by its name
# shellcheck disable=SC2046
[ $# -gt 0 ] || set -- README.md $(make -s --no-print-directory print-LESSONS | tr ' ' '\n' | sed 's/$/\/README.md/') datasets/README.md
for text; do [ -f "$text" ] && blocks "$text"; done
for file in "$work"/*.command; do
  [ -f "$file" ] || continue
  command=$(cat "$file") stem=${file%.command}
  needs=$(grep -oE -- '--data (names|shakespeare|wikitext2[a-z-]*)' <<<"$command" | head -1 | cut -d' ' -f2)
  if [ -n "$needs" ] && [ ! -f "datasets/$needs.txt" ]; then
    if [ -n "${REQUIRE_DATA:-}" ]; then failed=$((failed + 1)); echo "FAIL $command: datasets/$needs.txt is not here"; else skipped=$((skipped + 1)); fi
    continue
  fi
  if grep -qE 'datasets/gpt2-(vocab|merges)' <<<"$command" && { [ ! -f datasets/gpt2-vocab.json ] || [ ! -f datasets/gpt2-merges.txt ]; }; then
    if [ -n "${REQUIRE_DATA:-}" ]; then failed=$((failed + 1)); echo "FAIL $command: GPT-2's tokenizer is not in datasets/"; else skipped=$((skipped + 1)); fi
    continue
  fi
  bash -c "$command" >"$stem.got" 2>&1 </dev/null
  missing=$(compare "$stem.want" "$stem.got" "$(cat "$stem.within")")
  if [ -z "$missing" ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAIL ${stem##*/}: $command"; echo "     the text says:  $missing"; echo "     nearest line:   $(grep -F -m1 -- "$(awk '{print $1}' <<<"$missing")" "$stem.got")"; fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
