#!/usr/bin/env bash
# tokenizers.sh: lesson 10's comparison: the same net on characters, words and byte-pair tokens of several vocabularies, each trained for the same time.
# usage: tokenizers.sh [SECONDS]        of training for each; 45. NET="--layers 1 --width 32": another net
# Wants datasets/fetch.sh shakespeare and a machine that has nothing else to do. Makes runs/10-bpe/tokens/: table.txt, tokens.gp, tokens.png, a sample of each.
# A run that is there already is not repeated (rm -r runs/10-bpe/tokens to).
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
seconds=${1:-45}
[[ $seconds =~ ^[0-9]+$ ]] || { echo "tokenizers.sh: $seconds is no number of seconds" >&2; exit 2; }
[ -f datasets/shakespeare.txt ] || { echo "tokenizers.sh: datasets/shakespeare.txt is not here: datasets/fetch.sh shakespeare" >&2; exit 2; }
make -s --no-print-directory build/10-bpe || exit 2
folder=runs/10-bpe/tokens
mkdir -p "$folder"
net="--data shakespeare ${NET:---preset char --lr 3e-3}"
# name | options
rows="char|--tokenizer char
word|--tokenizer word
bpe-300|--tokenizer bpe --vocab-size 300
bpe-512|--tokenizer bpe --vocab-size 512
bpe-1024|--tokenizer bpe --vocab-size 1024
bpe-2048|--tokenizer bpe --vocab-size 2048
bpe-4096|--tokenizer bpe --vocab-size 4096
bpe-8192|--tokenizer bpe --vocab-size 8192"

figure() { sed -n "s/.*\"$2\": \([-0-9.e]*\).*/\1/p" "$1/summary.json"; }
train() {  # train NAME STEPS EVERY OPTIONS...: what it prints goes to NAME.txt
  local run=$folder/$1 steps=$2 every=$3
  shift 3
  # shellcheck disable=SC2086
  build/10-bpe train $net "$@" --steps "$steps" --eval-every "$every" --run "$run" >"$run.txt" 2>"$run.err" || { tail -1 "$run.err" >&2; exit 2; }
}

while IFS='|' read -r name options; do
  run=$folder/$name
  [ -f "$run/summary.json" ] && continue
  read -ra options <<<"$options"
  train "trial-$name" 100 1000000 "${options[@]}"           # how fast is it?
  steps=$(awk -v rate="$(figure "$folder/trial-$name" steps_per_second)" -v s="$seconds" 'BEGIN { printf "%d", rate * s }')
  echo "$name: $steps steps" >&2
  train "$name" "$steps" $((steps / 12 + 1)) "${options[@]}"
  rm -rf "$folder/trial-$name"*
done <<<"$rows"

# --- the table ---

{
  echo "tokens      vocabulary parameters bytes/token   steps  passes  seconds  nats/token  bits/byte       best"
  while IFS='|' read -r name _; do
    run=$folder/$name
    awk -v name="$name" -v params="$(figure "$run" params)" -v steps="$(figure "$run" steps)" -v read="$(tail -1 "$run/log.csv" | cut -d, -f2)" -v rate="$(figure "$run" steps_per_second)" \
      -v loss="$(figure "$run" val_loss)" -v bits="$(figure "$run" bits_per_byte)" -v best="$(figure "$run" best_val_loss)" '
      / bytes a token/ { bytes = $1 }
      /: vocabulary / { size = $3 + 0; tokens = $4 }
      END { if (bits == "") bits = loss / log(2) / bytes
            printf "%-10s %11d %10d %11.3f %7d %7.2f %8.1f %11.4f %10.4f %10.4f\n", name, size, params, bytes, steps, read / tokens, steps / rate, loss, bits, best * bits / loss }' "$run.txt"
  done <<<"$rows"
} | tee "$folder/table.txt"

# --- the picture ---

while IFS='|' read -r name _; do        # seconds of training, bits a byte
  run=$folder/$name
  awk -F, -v rate="$(figure "$run" steps_per_second)" -v loss="$(figure "$run" val_loss)" \
    -v bits="$(awk -v name="$name" '$1 == name { print $9 }' "$folder/table.txt")" 'NR > 1 && $5 != "" { print $1 / rate, $5 * bits / loss }' "$run/log.csv" >"$run.curve"
done <<<"$rows"
cat >"$folder/tokens.gp" <<E2
# draw again with: gnuplot $folder/tokens.gp
set terminal pngcairo size 1200,520 font ",12" background "#ffffff"
set output "$folder/tokens.png"
set multiplot layout 1,2
set grid lc rgb "#dddddd"
set ylabel "bits per byte, validation"
set yrange [*:3.6]
set title "Equal time"
set xlabel "seconds of training"
set key top right
plot "$folder/char.curve" with linespoints lw 2 pt 7 lc rgb "#0072B2" title "characters", \\
     "$folder/bpe-512.curve" with linespoints lw 2 pt 5 dt 2 lc rgb "#D55E00" title "512 tokens", \\
     "$folder/bpe-2048.curve" with linespoints lw 2 pt 9 dt 4 lc rgb "#009E73" title "2,048 tokens", \\
     "$folder/bpe-8192.curve" with linespoints lw 2 pt 13 dt 3 lc rgb "#CC79A7" title "8,192 tokens"
set title "The best in that time"
set xlabel "tokens in the vocabulary"
set logscale x 2
set xrange [200:10000]
set yrange [*:*]
plot "<awk '\$1 ~ /bpe/' $folder/table.txt" using 2:10 with linespoints lw 2 pt 7 lc rgb "#D55E00" title "byte-pair tokens", \\
     $(awk '$1 == "char" { print $10 }' "$folder/table.txt") with lines lw 2 dt 2 lc rgb "#0072B2" title "characters"
E2
if gnuplot "$folder/tokens.gp" 2>"$folder/gnuplot.log"; then echo "picture: $folder/tokens.png"; else echo "the picture was not drawn: $(head -1 "$folder/gnuplot.log")" >&2; fi

# --- samples ---

while IFS='|' read -r name _; do
  best=$folder/$name/best.safetensors
  [ -f "$best" ] || best=$folder/$name
  echo "--- $name"
  build/10-bpe generate --checkpoint "$best" --prompt "ROMEO:" --length "$(awk -v name="$name" '$1 == name { printf "%d", 200 / $4 }' "$folder/table.txt")" --temperature 0.8 --seed 1
done <<<"$rows" >"$folder/samples.txt" 2>&1
echo "samples: $folder/samples.txt"
