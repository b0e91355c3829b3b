#!/usr/bin/env bash
# tour.sh: what `make tour` runs after the build. Trains every finished lesson briefly on the built-in data, shows what it
# writes and how its loss fell, and says what to do next. Needs no network and no terminal.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2

# LESSON | options of its training | what it is, in one sentence
lessons='
01-bigram | | It counts which letter follows which, and writes names from the counts.
02-neural-bigram | --steps 100 --split train | It learns the same table by gradient descent, from random numbers on.
03-mlp | --steps 20000 | It looks at three letters at once, and has a vector for each letter.
04-batchnorm | --variant deep --gain 0.3 --steps 5000 | Six matrices, begun much too small. Batch normalisation lets them learn all the same.
05-wavenet | --steps 10000 | It joins eight letters to pairs, fours, one: a tree, which is a dilated convolution.
06-rnn-lstm | --embedding 24 --hidden 64 --steps 3000 | It has no window: an LSTM reads letter by letter, and carries along what it wants to keep.
07-attention | --positions rope --steps 3000 | Nothing waits: every letter looks at all before it at once, in four ways.
08-transformer | --variant names --steps 300 | Four blocks of attention and thinking. In ten seconds they only begin to learn.
09-gpt | --layers 2 --width 64 --block 16 --batch 32 --lr 5e-3 --steps 2000 --threads 1 | A small GPT, with a rate that rises and falls. When it writes, it remembers what it has read.
10-bpe | --data tales --vocab-size 512 --layers 2 --width 64 --block 16 --batch 16 --lr 5e-3 --steps 600 --threads 1 | It learns 512 tokens from small stories, and then a small GPT that reads and writes in them.
11-moe | --layers 2 --width 64 --hidden 96 --block 16 --batch 32 --lr 5e-3 --steps 1500 --threads 1 | Eight small nets in place of one, of which each letter asks two.
'
# LESSON | another run of it | that run'"'"'s options | what lies over what
comparisons='
02-neural-bigram | 02-small-steps | --steps 100 --split train --lr 10 | The same again at learning rate 10 in place of 50, over the first.
04-batchnorm | 04-without | --variant deep --gain 0.3 --steps 5000 --no-norm | The same without batch normalisation, over the first.
'

out=runs/tour
wide=80 bold='' plain=''
if [[ -t 1 ]]; then
  wide=$(tput cols 2>/dev/null || echo 80) bold=$(tput bold 2>/dev/null || true) plain=$(tput sgr0 2>/dev/null || true)
fi
if ((wide > 100)); then wide=100; fi

rows() { sed -n 's/ *| */|/gp' <<<"$1"; }
figure() { sed -n 's/.*"'"$2"'": \([0-9]*\.[0-9]\{4\}\).*/\1/p' "$out/$1/summary.json"; }

# says LESSON: its loss, and what it writes. Names; or tokens, of which no loss can be compared with the others'
says() {
  if [[ $1 == 10-* ]]; then
    echo "On stories it has not seen: $(figure "$1" bits_per_byte) bits per byte. It writes:"
    "build/$1" generate --checkpoint "$out/$1" --length 60 | tr '\n' ' ' | fold -s -w $((wide - 2)) | sed 's/^/  /; s/ *$//'
    echo
    return
  fi
  echo "Loss on names it has not seen: $(figure "$1" val_loss) nats per character. It writes:"
  "build/$1" generate --checkpoint "$out/$1" --length 5 | paste -sd ' ' | sed 's/^/  /'
}

train() {  # train LESSON RUN OPTION...: the progress bar on a terminal; all else goes to RUN.txt
  local lesson=$1 log=$out/$2.txt show=/dev/stderr run=$out/$2
  shift 2
  if [[ ! -t 2 ]]; then show=$log.progress; fi
  if "build/$lesson" train --data given-names --run "$run" "$@" >"$log" 2>"$show"; then return; fi
  cat "$log"
  if [[ ! -t 2 ]]; then cat "$show"; fi
  echo "the tour ends here: build/$lesson train failed" >&2
  exit 1
}

curve() {  # curve SCRIPT: the picture again, made of letters, as wide as the terminal
  gnuplot -e "dumb = 1; set terminal dumb size $wide,18" "$1" 2>/dev/null | tr -d '\f' | sed 's/ *$//; /^$/d'
  if [[ -e ${1%.gp}.png ]]; then echo "picture: ${1%.gp}.png"; fi
}

started=$SECONDS
rm -rf "$out"
mkdir -p "$out"
if [[ ! -e ${LM_DATASETS:-datasets}/names.txt ]]; then
  echo "The built-in list given-names serves. The real data: datasets/fetch.sh names"
fi

while IFS='|' read -r lesson options what; do
  if [[ ! -x build/$lesson ]]; then echo "$lesson is not built: make build"; exit 1; fi
  printf '\n%s\n%s\n' "$bold$lesson$plain" "$what"
  # shellcheck disable=SC2086  # several options
  train "$lesson" "$lesson" $options
  says "$lesson"
  curve "$out/$lesson/curve.gp"
done < <(rows "$lessons")

while IFS='|' read -r lesson run options what; do
  printf '\n%s\n%s\n' "$bold$run beside $lesson$plain" "$what"
  # shellcheck disable=SC2086
  train "$lesson" "$run" $options
  build/compare "$out/$lesson" "$out/$run" >/dev/null && curve runs/compare.gp
done < <(rows "$comparisons")

cat <<END

${bold}That was the tour$plain, in $((SECONDS - started)) seconds. What to do next:
  read 01-bigram/README.md               the first lesson
  fill in exercises/01-bigram/*.c        its exercises
  make check-lesson-01                   your points, and what is wrong where
  datasets/fetch.sh names shakespeare    the real data, once you have a network
  make                                   everything else
END
