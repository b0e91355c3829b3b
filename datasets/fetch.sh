#!/usr/bin/env bash
# fetch.sh: brings the real datasets of the course here; resumable, checked by SHA-256, put in place when whole.
# Wants curl or wget, and sha256sum or shasum. Keeps to what bash 3.2 knows, the bash of macOS.
set -euo pipefail

dir=${LM_DATASETS:-$(cd "$(dirname "${BASH_SOURCE[0]}")" >/dev/null && pwd)}
mirror=${MIRROR:-}
unreachable=''  # the sets that found no network
result=0        # the exit code: 2 when a set failed

# A `set` row is followed by the rows of its files. Sums parted by a comma are all right ones; `-` is a sum that nobody
# told us. An `else` row is a file to take from a mirror that holds none of the set's own.
# gpt2-merges.txt has two sums: as published, and without its first line "#version: 0.2", as some mirrors hold it.
table() {
  if [[ -n ${FETCH_TABLE:-} ]]; then cat "$FETCH_TABLE"; return; fi  # only the tests set FETCH_TABLE
  local github=https://raw.githubusercontent.com hub=https://huggingface.co
  local wikitext=$github/pytorch/examples/main/word_language_model/data/wikitext-2
  local stories=$hub/datasets/roneneldan/TinyStories/resolve/main/TinyStoriesV2-GPT4
  local gpt2=$hub/openai-community/gpt2/resolve/main
  cat <<END
#    name | size | licence | what it is
#    file | name in a mirror | SHA-256 | URL
set  names | 228 kB | MIT | 32,033 given names, one a line
file names.txt | names.txt | 0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d | $github/karpathy/makemore/master/names.txt
set  shakespeare | 1.1 MB | public domain | Tiny Shakespeare: scenes from the plays
file shakespeare.txt | tinyshakespeare.txt | 86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed | $github/karpathy/char-rnn/master/data/tinyshakespeare/input.txt
set  wikitext2 | 13 MB | CC BY-SA | WikiText-2: articles of Wikipedia, cut into words
file wikitext2-train.txt | wikitext2-train.txt | 9e9fa1ad55b1c2c95b08e37dd8e653f638fac2c6de904b79e813611eefbc985f | $wikitext/train.txt
file wikitext2-valid.txt | wikitext2-valid.txt | f0737ed31fc1329026e95cb8b98e19c2a182c39c240ab909dc31abf2f8af58e8 | $wikitext/valid.txt
file wikitext2-test.txt | wikitext2-test.txt | d790b833ef8cf03a90db7bf1271b7520b83c45ce07ba3c1a9699df81e239eca0 | $wikitext/test.txt
set  tinystories | 2.2 GB | CDLA-Sharing | TinyStories: stories in the words of a small child
file tinystories-train.txt | TinyStoriesV2-GPT4-train.txt | 6418d412de72888f52b5142c761ac21a582f7d1166f0bfbdb5f03ccfdec90443 | $stories-train.txt
file tinystories-valid.txt | TinyStoriesV2-GPT4-valid.txt | 6874bae9a4c1a4e7edcf0e53b86c17817e9cf881fc75ff2368da457b80c0585d | $stories-valid.txt
else tinystories-sample.txt | tinystories-sample.txt | - | -
set  gpt2-tokenizer | 1.5 MB | MIT | GPT-2's vocabulary and merges
file gpt2-vocab.json | gpt2-vocab.json | 196139668be63f3b5d6574427317ae82f612a97c5d1cdaf36ed2256dbf636783 | $gpt2/vocab.json
file gpt2-merges.txt | gpt2-merges.txt | 1ce1664773c50f3e0cc8842619a93edc4624525b728b188a9e0be33b7726adc5,ac33235097fe06d4a8fff0feac994644809e6eb6ab70669e1e9fd40ae032428e | $gpt2/merges.txt
END
}

say() { printf '%s\n' "$*"; }
complain() { printf '%s\n' "$*" >&2; }
die() { complain "$*"; exit 2; }
set_names() { table | awk '$1 == "set" { print $2 }'; }
sum_of() { if command -v sha256sum >/dev/null; then sha256sum <"$1"; else shasum -a 256 <"$1"; fi | cut -d ' ' -f 1; }

rows() {  # rows KIND SET: the rows of that kind in that set, as a|b|c|d
  table | sed 's/ *| */|/g' | awk -v kind="$1" -v name="$2" '
    $1 == "set"          { split($2, cell, "|"); inside = cell[1] == name }
    $1 == kind && inside { sub(/^[a-z]+ +/, ""); print }'
}

approve() {  # approve FILE PATH SUMS HOW CURE: is the sum of PATH one of SUMS? One line says so, or what to do
  local seen; seen=$(sum_of "$2")
  if [[ $3 == - ]]; then
    say "$seen  $1" >"$dir/$1.sha256"  # as `sha256sum --check` reads it
    say "$1: $4; no SHA-256 was known for it, so the one seen, $seen, is kept in $1.sha256 and checked from now on"
  elif [[ ,$3, == *,$seen,* ]]; then
    say "$1: $4, SHA-256 right"
  else
    complain "$1: $4, SHA-256 wrong: seen $seen, wanted ${3/,/ or }; $5"
    return 1
  fi
}

with_curl() {  # with_curl URL PART: curl's exit code
  local status=0 code show=--silent
  local options=(--fail --location --connect-timeout 20 --speed-limit 1 --speed-time 60)
  if [[ -t 2 ]]; then  # knock first, in silence: beside a progress bar curl writes complaints of its own
    curl --silent --head --connect-timeout 20 --output /dev/null "$1" || return
    show=--progress-bar
    complain "fetching ${2##*/}"
  fi
  code=$(curl "${options[@]}" "$show" --continue-at - --write-out '%{http_code}' --output "$2" "$1") || status=$?
  if [[ -s $2 && ($status == 33 || $status == 36 || $code == 416) ]]; then  # this .part cannot be resumed: anew
    rm -f "$2"; with_curl "$1" "$2"; return
  fi
  return "$status"
}

with_wget() {  # with_wget URL PART: the exit code that curl would have given
  local status=0 show=--quiet
  if [[ -t 2 ]]; then show=--show-progress; fi
  wget --quiet "$show" --continue --tries 2 --timeout 60 --output-document "$2" "$1" || status=$?
  if [[ ! -s $2 ]]; then rm -f "$2"; fi
  case $status in 0) return 0 ;; 4) return 7 ;; 8) return 22 ;; *) return 1 ;; esac
}

download() {  # download FILE URL: to FILE.part. 2: it failed, and a line said why; 3: no network
  local status=0 with=curl why url=$2
  if [[ -n ${FETCH_BASE:-} ]]; then url=$FETCH_BASE/${url##*/}; fi  # only the tests set FETCH_BASE
  if ! command -v curl >/dev/null; then with=wget; fi
  "with_$with" "$url" "$dir/$1.part" || status=$?
  case $status in
    0) return 0 ;;
    5 | 6 | 7 | 28) return 3 ;;
    22) why='the server refused it' ;;
    *) why="the transfer broke off ($with: $status)" ;;
  esac
  complain "$1: $why; what came so far is kept, try again later ($url)"
  return 2
}

copy() {  # copy FILE ALIAS: from the mirror to FILE.part. 1: the mirror has neither name; 2: it failed
  local from=$mirror/$2
  if [[ ! -f $from ]]; then from=$mirror/$1; fi
  if [[ ! -f $from ]]; then say "$1 is not in the mirror: skipped"; return 1; fi
  { cat "$from" >"$dir/$1.part"; } 2>/dev/null || { complain "$1: could not be copied from $from to $dir"; return 2; }
}

bring() {  # bring FILE ALIAS SUMS URL. 0: it is here; 1: not in the mirror; 2: it failed, and said so; 3: no network
  local file=$1 here=$dir/$1 part=$dir/$1.part sums=$3 how=fetched cure='thrown away: try again, or MIRROR=DIR'
  if [[ $sums == - && -s $here.sha256 ]]; then
    sums=$(cut -d ' ' -f 1 "$here.sha256")
    cure="$cure, or remove $file.sha256 to take any"
  fi
  if [[ -f $here ]] && approve "$file" "$here" "$sums" 'already here' 'kept until a good one comes'; then return 0; fi
  if [[ -n $mirror ]]; then
    how='copied from the mirror'
    copy "$file" "$2" || return
  elif [[ ! -s $part || ,$sums, != *,$(sum_of "$part"),* ]]; then  # else the .part is whole already
    download "$file" "$4" || return
  fi
  if approve "$file" "$part" "$sums" "$how" "$cure"; then mv -f "$part" "$here"; else rm -f "$part"; return 2; fi
}

bring_set() {
  local kind file alias sums url status found=''
  for kind in file else; do
    if [[ $kind == else && (-z $mirror || -n $found) ]]; then break; fi
    while IFS='|' read -r file alias sums url; do
      status=0
      bring "$file" "$alias" "$sums" "$url" || status=$?
      case $status in
        0) found=yes ;;
        1) ;;
        3) unreachable="$unreachable${unreachable:+, }$1"; return ;;
        *) found=yes; result=2 ;;
      esac
    done < <(rows "$kind" "$1")
  done
  if [[ -z $found ]]; then result=2; fi
}

list() {
  local name size licence what file rest files here
  say 'usage: datasets/fetch.sh NAME...   fetches these sets; "all" is every one'
  say '  MIRROR=DIR        takes them from a folder'
  say '  LM_DATASETS=DIR   puts them into another folder than datasets/'
  printf '\n%-15s %-7s %-7s %-14s %s\n' name here size licence 'what it is'
  for name in $(set_names); do
    files=0 here=0
    while IFS='|' read -r file rest; do
      files=$((files + 1))
      if [[ -f $dir/$file ]]; then here=$((here + 1)); fi
    done < <(rows file "$name")
    IFS='|' read -r name size licence what < <(rows set "$name")
    printf '%-15s %-7s %-7s %-14s %s\n' "$name" "$here of $files" "$size" "$licence" "$what"
  done
}

main() {
  local name known names="$*"
  known=$(set_names | tr '\n' ' ')
  case ${1:---list} in -h | --help | --list) list; return ;; esac
  for name in "$@"; do
    [[ " all $known" == *" $name "* ]] || die "no set is called \"$name\"; there are: ${known}and all"
  done
  if [[ " $names " == *' all '* ]]; then names=$known; fi
  [[ -z $mirror || -d $mirror ]] || die "MIRROR=$mirror is not a folder"
  [[ -n $mirror ]] || command -v curl wget >/dev/null || die 'fetch.sh wants curl or wget: neither is installed'
  if ! { mkdir -p "$dir" && [[ -w $dir ]]; } 2>/dev/null; then die "the folder $dir cannot be written to"; fi
  trap 'complain "stopped; what came so far is kept, the same command goes on from there"; exit 130' INT
  for name in $names; do bring_set "$name"; done
  [[ -z $unreachable ]] || die "$unreachable: not fetched, there is no network; the built-in given-names and tales" \
    'go on working; try again later, or take the files from a folder with MIRROR=DIR'
  exit "$result"
}

main "$@"
