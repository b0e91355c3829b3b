#!/usr/bin/env bash
# experts.sh: lesson 11's question, measured: one net for all, experts at equal active parameters, experts at equal total parameters; on two texts, with
# three seeds each. A table on stdout, and runs/experts/experts.png. A run that is there already is not repeated (rm -r runs/experts to).
# Seconds and tokens a second mean something only where nothing else runs.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
folder=runs/experts texts=${TEXTS:-shakespeare tales} presets="dense moe moe-small" seeds=${SEEDS:-1337 1 2} steps=${STEPS:-2000}
[ -x build/11-moe ] || { echo "experts.sh: build/11-moe is not there: make build" >&2; exit 2; }
for text in $texts; do
  if [ "$text" = shakespeare ] && [ ! -f datasets/shakespeare.txt ]; then echo "experts.sh: datasets/shakespeare.txt is not there: datasets/fetch.sh shakespeare" >&2; exit 2; fi
done
mkdir -p "$folder"

figure() { sed -n "s/.*\"$2\": \([-0-9.e]*\).*/\1/p" "$1/summary.json"; }

for text in $texts; do
  for seed in $seeds; do        # all presets in the same minutes
    for preset in $presets; do
      run=$folder/$text-$preset-$seed-$steps
      [ -f "$run/summary.json" ] && continue
      echo "training: $preset on $text, seed $seed" >&2
      build/11-moe train --data "$text" --preset "$preset" --seed "$seed" --steps "$steps" --run "$run" >"$folder/out" 2>&1 || { echo "experts.sh: $(tail -1 "$folder/out")" >&2; exit 1; }
    done
  done
done

printf '%-12s %-10s %10s %8s %8s %8s %9s %10s %8s\n' text model parameters train val sd seconds "tokens/s" busiest
for text in $texts; do
  for preset in $presets; do
    for seed in $seeds; do
      run=$folder/$text-$preset-$seed-$steps
      echo "$(figure "$run" params) $(figure "$run" train_loss) $(figure "$run" val_loss) $(figure "$run" seconds) $(figure "$run" tokens_per_second) $(figure "$run" expert_load_max)"
    done | awk -v text="$text" -v preset="$preset" '{ n++; p = $1; t += $2; v += $3; q += $3 * $3; s += $4; r += $5; if ($6 > b) b = $6 }
      END { d = n > 1 ? (q - v * v / n) / (n - 1) : 0
        printf "%-12s %-10s %10d %8.4f %8.4f %8.4f %9.1f %10.0f %8s\n", text, preset, p, t / n, v / n, sqrt(d > 0 ? d : 0), s / n, r / n, (b > 0 ? sprintf("%.2f", b) : "-") }'
  done
done

# the mean over the seeds, at each measurement
for text in $texts; do
  for preset in $presets; do
    # shellcheck disable=SC2046  # one file a seed
    awk -F, 'FNR > 1 && $5 != "" { sum[$1] += $5; n[$1]++; if (!($1 in seen)) { seen[$1]; order[++k] = $1 } } END { for (i = 1; i <= k; i++) print order[i] + 1, sum[order[i]] / n[order[i]] }' \
      $(for seed in $seeds; do echo "$folder/$text-$preset-$seed-$steps/log.csv"; done) >"$folder/$text-$preset.txt"
  done
done
# above: the loss; below: by how much it is higher than that of one net for all
losses() {  # losses TEXT: the three curves
  echo "plot \"$folder/$1-dense.txt\" with linespoints lw 2 pt 7 lc rgb \"#0072B2\" title \"one net for all\", \\"
  echo "  \"$folder/$1-moe.txt\" with linespoints lw 2 pt 5 lc rgb \"#D55E00\" title \"8 experts, as much work\", \\"
  echo "  \"$folder/$1-moe-small.txt\" with linespoints lw 2 pt 9 lc rgb \"#009E73\" title \"8 experts, as many weights\""
}
differences() {  # differences TEXT
  local from="< paste $folder/$1-dense.txt $folder/$1"
  echo "plot 0 lw 2 lc rgb \"#0072B2\" notitle, \\"
  echo "  \"$from-moe.txt\" using 1:(\$4 - \$2) with linespoints lw 2 pt 5 lc rgb \"#D55E00\" notitle, \\"
  echo "  \"$from-moe-small.txt\" using 1:(\$4 - \$2) with linespoints lw 2 pt 9 lc rgb \"#009E73\" notitle"
}
{
  cat <<E2
# draw again with: gnuplot $folder/experts.gp
set terminal pngcairo size 960,720 font ",12" background "#ffffff"
set output "$folder/experts.png"
set multiplot layout 2,$(wc -w <<<"$texts")
set grid lc rgb "#dddddd"
set xlabel "step"
set xrange [0:$steps]
set key top right
E2
  for text in $texts; do
    case $text in shakespeare) name="Tiny Shakespeare" least=1.6 ;; *) name="the tales" least=0.4 ;; esac
    echo "set title \"$name\"; set ylabel \"validation loss\"; set yrange [$least:$least + 0.8]"
    losses "$text"
  done
  for text in $texts; do
    echo 'set title " "; set ylabel "more than one net for all"; set yrange [-0.02:0.06]'
    differences "$text"
  done
  echo "unset multiplot"
} >"$folder/experts.gp"
gnuplot "$folder/experts.gp" && echo "picture: $folder/experts.png"
