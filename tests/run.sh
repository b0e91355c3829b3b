#!/usr/bin/env bash
# run.sh: every test, what `make test` runs after the build. The last line reads "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
passed=0 failed=0 skipped=0
log=build/tests/log
mkdir -p build/tests

# step WHAT COMMAND...: runs it, and adds up the "N passed, N failed[, N skipped]" of its last line
step() {
  local what=$1 code line started=$SECONDS
  shift
  printf '%-44s' "$what"
  "$@" >"$log" 2>&1 </dev/null
  code=$?
  line=$(grep -E '^([a-z]+: )?[0-9]+ passed, [0-9]+ failed' "$log" | tail -1)
  read -r p f s < <(sed -E 's/^([a-z]+: )?([0-9]+) passed, ([0-9]+) failed(, ([0-9]+) skipped)?.*/\2 \3 \5/' <<<"${line:-0 passed, 0 failed}")
  [ -z "$line" ] && f=1
  [ $code -ne 0 ] && [ "$f" -eq 0 ] && f=1
  [ -n "${REQUIRE_DATA:-}" ] && f=$((f + ${s:-0})) && s=0
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + ${s:-0}))
  printf '%5d passed, %d failed%s  (%d s)\n' "$p" "$f" "${s:+, $s skipped}" $((SECONDS - started))
  if [ "$f" -gt 0 ] || [ $code -ne 0 ]; then sed 's/^/    /' "$log" | grep -vE '^ *([a-z]+: )?[0-9]+ passed' | tail -40; fi
  grep -E '% ?\)$|SKIP' "$log" | sed 's/^/    /'
}

make -s --no-print-directory test-programs || { echo "the tests do not build"; echo "0 passed, 1 failed"; exit 1; }
for test in tests/test_*.c; do step "$(basename "$test" .c)" "build/tests/$(basename "$test" .c)"; done
for test in tests/test_*.c; do step "$(basename "$test" .c), sanitizers" "build/debug/tests/$(basename "$test" .c)"; done
for test in tests/structure.sh tests/fetch_test.sh tests/tales_test.sh tests/fuzz_test.sh tests/lessons_test.sh tests/ladder_test.sh tests/texts.sh tests/course.sh; do
  step "$(basename "$test" .sh)" "$test"
done
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
