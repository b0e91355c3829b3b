#!/usr/bin/env bash
# ladder.sh: the loss ladder: every model of the course on the same split of the names, one table and one picture.
# Each row is trained with seeds 1, 2, 3 into runs/ladder/; a run that is there already is not repeated (rm -r runs/ladder to).
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
data=names
[ -f datasets/names.txt ] || { data=given-names; echo "the names of the published figures are not here (datasets/fetch.sh names): the ladder uses the built-in given-names"; }
folder=runs/ladder/$data
mkdir -p "$folder"

# the cells at as many parameters as the tree has
memory="--embedding 24 --steps 20000 --lr 2e-3 --threads 1"
# label | seeds | command
rows="bigram, counted|1|build/01-bigram train
bigram, learned|1 2 3|build/02-neural-bigram train --split train
trigram, counted|1|build/01-bigram train --order 3 --add 0.1
net, 3 letters|1 2 3|build/03-mlp train
the same, begun well|1 2 3|build/04-batchnorm train --variant kaiming
deep, batch norm|1 2 3|build/04-batchnorm train --variant deep
flat, 8 letters|1 2 3|build/05-wavenet train --variant flat8
tree, 8 letters|1 2 3|build/05-wavenet train
RNN|1 2 3|build/06-rnn-lstm train --cell rnn --hidden 249 $memory
GRU|1 2 3|build/06-rnn-lstm train --cell gru --hidden 142 $memory
LSTM|1 2 3|build/06-rnn-lstm train --cell lstm --hidden 122 $memory"

figure() { sed -n "s/.*\"$2\": \([-0-9.e]*\).*/\1/p" "$1/summary.json"; }

table=$folder/ladder.txt
printf '%-22s %10s %9s %8s %8s %8s %8s\n' model parameters seconds train val test sd >"$table.new"
while IFS='|' read -r label seeds command; do
  lines=""
  for seed in $seeds; do
    run="$folder/$(tr A-Z a-z <<<"$label" | tr -cs 'a-z0-9\n' -)-$seed"
    if [ ! -f "$run/summary.json" ]; then
      echo "training: $label, seed $seed" >&2
      $command --data "$data" --seed "$seed" --run "$run" >"$run.out" 2>&1 || { echo "$command: $(tail -1 "$run.out")" >&2; exit 1; }
      rm -f "$run.out"
    fi
    lines+="$(figure "$run" params) $(figure "$run" seconds) $(figure "$run" train_loss) $(figure "$run" val_loss) $(figure "$run" test_loss)"$'\n'
  done
  awk -v label="$label" 'NF { n++; p = $1; s += $2; tr += $3; dv += $4; te += $5; sq += $4 * $4 }
    END { var = n > 1 ? (sq - dv * dv / n) / (n - 1) : 0; sd = n > 1 ? sprintf("%8.4f", sqrt(var > 0 ? var : 0)) : "       -"
      printf "%-22s %10d %9.2f %8.4f %8.4f %8.4f %s\n", label, p, s / n, tr / n, dv / n, te / n, sd }' <<<"$lines" >>"$table.new" 2>/dev/null
done <<<"$rows"
mv "$table.new" "$table"
cat "$table"

cat >"$folder/ladder.gp" <<E2
# draw again with: gnuplot $folder/ladder.gp
set terminal pngcairo size 960,560 font ",12" background "#ffffff"
set output "$folder/ladder.png"
set title "The loss ladder: $data, the same split for every model"
set ylabel "loss, nats per character"
set grid ytics lc rgb "#dddddd"
set key top right
set xtics nomirror rotate by 20 right
set xrange [-0.5:*]
set offsets 0.5, 0.5, 0.05, 0.05
plot "<awk 'NR > 1 { n = NF; label = \$1; for (i = 2; i <= n - 6; i++) label = label \" \" \$i; print \"\\\\\"\" label \"\\\\\"\", \$(n-3), \$(n-2), \$(n-1) }' $table" \\
     using 0:2:xtic(1) with linespoints lw 2 pt 7 dt 2 lc rgb "#0072B2" title "training", \\
     "" using 0:3 with linespoints lw 2 pt 5 lc rgb "#D55E00" title "validation", \\
     "" using 0:3:(sprintf("%.3f", \$3)) with labels offset 0,1 font ",10" notitle
E2
if gnuplot "$folder/ladder.gp" 2>"$folder/ladder.log"; then echo "picture: $folder/ladder.png"; else echo "the picture was not drawn: $(head -1 "$folder/ladder.log")" >&2; fi
