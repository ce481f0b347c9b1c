#!/usr/bin/env bash
# Builds as on a machine that has never built this: in a temporary clone, with nothing in CARGO_HOME but its config.toml.
#
#   scripts/bare.sh page   builds the page with the tools that are there, and moves it into dist/ of this checkout
#   scripts/bare.sh all    has no tools and no npm parts either: `make run`, `make test`, and how long each step took
#
# Exits with 77 when git cannot clone this folder, as it is not a checkout or belongs to another user.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh

# Clones the last commit and applies what was changed since, so that the clone is what a commit would hold now.
clone() {
  local to=$1
  git clone --quiet . "$to"
  git diff --binary HEAD >"$work/changes"
  if [ -s "$work/changes" ]; then git -C "$to" apply "$work/changes"; fi
  git ls-files -z --others --exclude-standard | tar -c --null -T - | tar -x -C "$to"
}

empty_cargo_home() {
  local config=${CARGO_HOME:-$HOME/.cargo}/config.toml
  mkdir "$work/cargo"
  [ ! -f "$config" ] || cp "$config" "$work/cargo/"
  export CARGO_HOME=$work/cargo
  unset CARGO_TARGET_DIR CARGO_BUILD_TARGET_DIR
}

page() {
  "$work/clone/scripts/build.sh"
  rm -rf dist
  mv "$work/clone/dist" dist
}

all() {
  local status=0
  export PARALLELOGRAM_CACHE=$work/cache
  { run && make --no-print-directory -C "$work/clone" test; } 2>&1 | tee "$work/log" || status=$?
  echo
  say "how long each step took, $SECONDS s together"
  grep -E '^(setup|build|bare|test): .* \([0-9]+ s\)$' "$work/log" || true
  return $status
}

# `make run` until it serves the page.
run() {
  local maker line address='' start=$SECONDS
  exec 7< <(exec make --no-print-directory -C "$work/clone" run PORT=0 2>&1)
  maker=$!
  while read -r line <&7; do
    echo "$line"
    case $line in 'serve: http'*) address=${line#serve: } && break ;; esac
  done
  if [ -n "$address" ] && node scripts/fetch.mjs "$address" "" web.js web_bg.wasm editor.js style.css; then
    kill "$maker"
    say "make run, until it serves the page: ok ($((SECONDS - start)) s)"
  else
    say "make run does not serve the page"
    return 1
  fi
}

git rev-parse --verify HEAD >/dev/null || { say "git cannot clone this folder"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
clone "$work/clone"
empty_cargo_home
case "${1:-}" in
  page | all) "$1" ;;
  *) stop "say what to build: 'page' or 'all'." ;;
esac
