#!/usr/bin/env bash
# ladder_test.sh: the published figures, trained again in full: parameters exact, the loss of step 0 within 0.0005, those of the training and
# validation splits within the row's tolerance. One row a line; LESSON=05 takes one lesson's rows only. A row is not trained a second time
# by the same program (rm -r build/ladder to). As many rows at once as there are cores: each trains on one thread.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
mkdir -p build/ladder

# name | data | command | parameters | step 0 | training | validation | tolerance        "-": not published
rows="03 original|names|03-mlp train|11897|27.8817|2.1245|2.1682|0.01
04 original|names|04-batchnorm train --variant original|11897|27.8817|2.1245|2.1682|0.01
04 softmax|names|04-batchnorm train --variant softmax|11897|3.3221|2.0696|2.1311|0.01
04 tanh|names|04-batchnorm train --variant tanh|11897|-|2.0356|2.1027|0.01
04 kaiming|names|04-batchnorm train --variant kaiming|11897|-|2.0377|2.1070|0.01
04 batchnorm|names|04-batchnorm train --variant batchnorm|12097|3.3239|2.0674|2.1057|0.01
04 deep|names|04-batchnorm train --variant deep --steps 1001 --drop-at 1|47024|3.2870|2.4003|2.3982|0.01
05 flat3|names|05-wavenet train --variant flat3|12097|-|2.058|2.105|0.01
05 flat8|names|05-wavenet train --variant flat8|22097|-|1.918|2.027|0.01
05 tree68-bug|names|05-wavenet train --variant tree68-bug|22397|-|1.941|2.029|0.01
05 tree68|names|05-wavenet train --variant tree68|22397|-|1.912|2.022|0.01
05 tree128|names|05-wavenet train --variant tree128|76579|3.3167|1.7690|1.9937|0.01
07 one-head|shakespeare|07-attention train --variant one-head|7553|-|-|2.41|0.03
07 multi-head|shakespeare|07-attention train --variant multi-head|7553|-|-|2.28|0.03
08 feed-forward|shakespeare|08-transformer train --variant feed-forward --threads 1|8609|-|-|2.24|0.03
08 residual|shakespeare|08-transformer train --variant residual --threads 1|41921|-|-|2.08|0.03
08 layernorm|shakespeare|08-transformer train --variant layernorm --threads 1|42369|-|-|2.06|0.03
08 small|shakespeare|08-transformer train --variant small --threads 1|209729|-|-|1.8226|0.03
08 makemore|names|08-transformer train --variant names --split makemore --steps 15000 --threads 1|204544|-|-|1.9655|0.02
09 char-1337|shakespeare|09-gpt train --preset char --seed 1337 --threads 1|804096|-|-|1.909|0.015
09 char-1|shakespeare|09-gpt train --preset char --seed 1 --threads 1|804096|-|-|1.909|0.015
09 char-2|shakespeare|09-gpt train --preset char --seed 2 --threads 1|804096|-|-|1.909|0.015"
[ -n "${LESSON:-}" ] && rows=$(grep "^$LESSON " <<<"$rows")
[ -x build/09-gpt ] || rows=$(grep -v "^09 " <<<"$rows")

# train NAME DATA COMMAND: into build/ladder/NAME, unless this very program has done so
train() {
  local run program=build/${3%% *} sum
  run=build/ladder/$(tr ' ' - <<<"$1")
  sum=$({ cat "$program"; echo "$3"; } | cksum)
  if [ -f "$run/summary.json" ] && [ "$(cat "$run.program" 2>/dev/null)" = "$sum" ]; then return; fi
  rm -rf "$run"
  # shellcheck disable=SC2086
  build/$3 --data "$2" --run "$run" >"$run.out" 2>&1 && echo "$sum" >"$run.program"
}
export -f train

ready="" skipped=0 passed=0 failed=0
while IFS='|' read -r name data command rest; do
  if [ -f "datasets/$data.txt" ]; then ready+="$name|$data|$command|$rest"$'\n'; continue; fi
  skipped=$((skipped + 1))
  echo "SKIP $name: datasets/fetch.sh $data brings the data"
done <<<"$rows"
# the longest rows are the last ones: begin with them
tac <<<"${ready%$'\n'}" | while IFS='|' read -r name data command rest; do printf '%s\0%s\0%s\0' "$name" "$data" "$command"; done |
  xargs -0 -r -n 3 -P "$(nproc)" bash -c 'train "$@"' -

figure() { sed -n "s/.*\"$2\": \([-0-9.e]*\).*/\1/p" "$1/summary.json" 2>/dev/null; }

[ -n "$ready" ] && printf '%-16s %10s  %8s %-8s %9s %-8s %11s %-8s\n' run parameters "step 0" published training published validation published
while IFS='|' read -r name _ command params step0 training validation tolerance; do
  [ -n "$name" ] || continue
  run=build/ladder/$(tr ' ' - <<<"$name") key=val_loss
  case $name in *makemore) key=best_val_loss ;; esac      # its protocol: the best of all looks
  awk -v name="$name" -v by="$tolerance" -v p="$(figure "$run" params)" -v wp="$params" -v s="$(figure "$run" step0_loss)" -v ws="$step0" \
    -v t="$(figure "$run" train_loss)" -v wt="$training" -v v="$(figure "$run" "$key")" -v wv="$validation" '
    function far(got, want, by) { return want != "-" && !(got != "" && got - want <= by && want - got <= by) }
    BEGIN { printf "%-16s %10d  %8.4f %-8s %9.4f %-8s %11.4f %-8s\n", name, p, s, ws, t, wt, v, wv
            exit far(p, wp, 0) || far(s, ws, 0.0005) || far(t, wt, by) || far(v, wv, by) }' && passed=$((passed + 1)) && continue
  failed=$((failed + 1))
  echo "FAIL $name: build/$command: want the published figures, step 0 within 0.0005, the others within $tolerance: $(tail -1 "$run.out")"
done <<<"$ready"
if [ -f build/ladder/09-char-1337/summary.json ]; then
  mean=$(for seed in 1337 1 2; do figure "build/ladder/09-char-$seed" val_loss; done | awk '{ s += $1 } END { printf "%.4f", NR == 3 ? s / 3 : 9 }')
  if awk -v m="$mean" 'BEGIN { exit !(m <= 1.915) }'; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAIL 09 char: the mean of three seeds is $mean, want 1.915 or less"; fi
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
