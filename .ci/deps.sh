#!/usr/bin/env bash
# deps.sh: what `make deps` runs. Looks for what the course needs and this machine lacks. On Debian and Ubuntu (also under
# WSL) it installs just that through apt-get; elsewhere it says what to install. Exit code 2: something is still missing.
set -euo pipefail

have() { command -v "$1" >/dev/null 2>&1; }
fail() { printf '%s\n' "$*" >&2; exit 2; }
compiles() { printf '#include <%s>\n' "$@" | "${CC:-cc}" -fopenmp -fsyntax-only -x c - >/dev/null 2>&1; }
one_line() { tr '\n' ' ' | sed 's/ *$//'; }

# --- Debian and Ubuntu ---

lacking() {  # the packages to install, one a line
  local package there
  if ! have "${CC:-cc}"; then printf '%s\n' gcc libc6-dev
  elif ! compiles stdio.h argp.h; then echo libc6-dev
  elif ! compiles omp.h; then echo libomp-dev; fi  # gcc brings its own; clang does not
  if ! have make; then echo make; fi
  if ! have pkg-config; then echo pkg-config; fi
  there=$(dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' libopenblas-openmp-dev libjansson-dev libpcre2-dev check 2>/dev/null || true)
  for package in libopenblas-openmp-dev libjansson-dev libpcre2-dev check; do
    if ! grep -qx "installed $package" <<<"$there"; then echo "$package"; fi
  done
  if ! have gnuplot; then echo gnuplot-nox; fi
  if ! have_font; then echo fonts-dejavu-core; fi  # without any, pictures have no letters
  if ! have curl && ! have wget; then echo curl; fi
  if [[ ! -e /etc/ssl/certs/ca-certificates.crt ]]; then echo ca-certificates; fi  # else https is refused
  if ! have git; then echo git; fi
  if ! have pgrep; then echo procps; fi
}

have_font() { [[ -n $(find -L /usr/share/fonts /usr/local/share/fonts -name '*.[to]tf' -print -quit 2>/dev/null) ]]; }

as_root() { if ((EUID == 0)); then "$@"; else sudo "$@"; fi; }

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get --quiet --yes --option DPkg::Lock::Timeout=120 --option Acquire::Retries=1 \
    --option Acquire::http::Timeout=20 --option Acquire::https::Timeout=20 "$@"
}

install() {  # install PACKAGE...
  local log why
  if ((EUID != 0)) && ! have sudo; then
    fail "you are not root and there is no sudo, so ask the administrator for what is missing: apt-get install $*"
  fi
  echo "installing $*: this takes a minute or two"
  log=$(mktemp)
  if ! { apt update && apt install --no-install-recommends "$@"; } >"$log" 2>&1; then
    why=$(grep -m 1 -oE 'Could not (connect|resolve).*|Temporary failure.*|Connection failed.*|^sudo: .*|^E: .*' "$log" || true)
    fail "missing: $*; apt-get could not install that (${why:-see $log}). When it can: make deps"
  fi
  rm -f "$log"
}

# With OpenBLAS's pthread build beside it, that one is loaded. Its threads and OpenMP's do not know of each other: it may hang.
choose_openblas() {
  local link now want
  for link in /etc/alternatives/libopenblas.so.0-*; do
    now=$(readlink "$link") || continue
    want=$(dirname "$(dirname "$now")")/openblas-openmp/$(basename "$now")
    if [[ $now == "$want" || ! -e $want || :${LD_LIBRARY_PATH:-}: == *:"${want%/*}":* ]]; then continue; fi
    if ((EUID == 0)); then
      update-alternatives --set "${link##*/}" "$want" >/dev/null && echo "OpenBLAS: its OpenMP build is used from now on ($want)"
    else
      echo "OpenBLAS: $now is used, want its OpenMP build: sudo update-alternatives --set ${link##*/} $want" \
        "(or, for this shell only: export LD_LIBRARY_PATH=${want%/*})" >&2
    fi
  done
}

debian() {
  local missing
  missing=$(lacking | one_line)
  if [[ -n $missing ]]; then
    # shellcheck disable=SC2086  # one word a package
    install $missing
    missing=$(lacking | one_line)
    if [[ -n $missing ]]; then fail "installed, but still not found: $missing"; fi
  fi
  choose_openblas
}

# --- other systems ---

elsewhere() {
  local system install missing='' tool
  system="$(uname -s) $(sed -n 's/^ID\(_LIKE\)*=//p' /etc/os-release 2>/dev/null | tr -d '"' | one_line)"
  case $system in
    Darwin*) install='brew install gcc make pkgconf openblas gnuplot check jansson argp-standalone libomp' ;;
    *fedora*) install='sudo dnf install gcc make pkgconf-pkg-config openblas-devel gnuplot check-devel jansson-devel libasan libubsan curl git' ;;
    *arch*) install='sudo pacman -S --needed gcc make pkgconf openblas gnuplot check jansson curl git' ;;
    *) install='' ;;
  esac
  if ! have "${CC:-cc}"; then missing=" a C compiler"; else
    if ! compiles argp.h; then missing="$missing argp"; fi
    if ! compiles omp.h; then missing="$missing OpenMP"; fi
  fi
  for tool in make pkg-config gnuplot git; do if ! have "$tool"; then missing="$missing $tool"; fi; done
  for tool in openblas jansson check; do if ! pkg-config --exists "$tool" 2>/dev/null; then missing="$missing $tool"; fi; done
  if ! have curl && ! have wget; then missing="$missing curl"; fi
  if [[ -z $missing ]]; then return; fi
  echo "missing:$missing" >&2
  echo "install with: ${install:-the packages of your system for gcc, make, pkg-config, OpenBLAS (OpenMP build), gnuplot, Check, jansson, argp, curl, git}" >&2
  # shellcheck disable=SC2016  # for the reader to run
  if [[ $system == Darwin* ]]; then
    echo 'then, as Homebrew keeps OpenBLAS apart: export PKG_CONFIG_PATH="$(brew --prefix openblas)/lib/pkgconfig" CPATH="$(brew --prefix)/include" LIBRARY_PATH="$(brew --prefix)/lib"' >&2
  fi
  exit 2
}

if have apt-get && have dpkg-query; then debian; else elsewhere; fi
echo "deps: everything is here"
