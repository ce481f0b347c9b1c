#!/usr/bin/env bash
# Runs the tests, one line a stage; the last line counts them.
#
#   scripts/test.sh         all: native, format and lints, sizes, browser
#   scripts/test.sh lints   format and lints alone
#   scripts/test.sh check   these, and the licenses of what it is built on
set -uo pipefail
cd "$(dirname "$0")/.."
passed=0 failed=0
out=$(mktemp)
trap 'rm -f "$out"' EXIT

# Runs a stage with its output kept back, and shows it when the stage fails.
stage() {
  local name=$1 start=$SECONDS
  shift
  "$@" >"$out" 2>&1 </dev/null
  local status=$?
  [ $status = 0 ] || cat "$out"
  printf 'test: %s: %s (%d s)\n' "$name" "$([ $status = 0 ] && echo ok || echo FAILED)" $((SECONDS - start))
  return $status
}

count() { passed=$((passed + $1)); failed=$((failed + $2)); }

# A stage that is one test.
one() { if stage "$@"; then count 1 0; else count 0 1; fi; }

# A stage that runs tests: adds up the numbers that match in its output, and fails when it ran none.
many() {
  local pass_pattern=$1 fail_pattern=$2 status n_passed n_failed
  shift 2
  stage "$@"
  status=$?
  n_passed=$(sum "$pass_pattern") n_failed=$(sum "$fail_pattern")
  if [ "$n_passed" = 0 ] && [ $status = 0 ]; then echo "test: $1: no test ran"; fi
  if [ $status != 0 ] && [ "$n_failed" = 0 ] || [ "$n_passed" = 0 ]; then n_failed=$((n_failed + 1)); fi
  count "$n_passed" "$n_failed"
}

sum() { grep -oE "$1" "$out" | grep -oE '[0-9]+' | awk '{ n += $1 } END { print n + 0 }'; }

lints() {
  scripts/setup.sh lints || { count 0 1; return; }
  . scripts/env.sh
  one "format" cargo fmt --check
  one "lints of the core" cargo clippy --lib -- -D warnings
  one "lints of the command line tool and the tests" cargo clippy --all-targets --features cli -- -D warnings
  one "lints of the page" cargo clippy --lib --bins --features web -- -D warnings
  one "documentation" env RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --features cli,web
  one "types of the page's scripts" tsc
  one "lints of all scripts" eslint --max-warnings 0 .
}

# Lints, and what is known of the crates that everything is built on.
check() {
  lints
  if command -v cargo-deny >/dev/null; then
    one "licenses and sources of the crates" cargo deny check licenses bans sources
  else
    echo "test: licenses and sources of the crates: skipped, as cargo-deny is missing: 'cargo install --locked cargo-deny' builds it in about 3 min"
  fi
}

all() {
  scripts/setup.sh test || { count 0 1; return; }
  . scripts/env.sh
  lints
  many '[0-9]+ passed;' '[0-9]+ failed;' "native tests" cargo test --features cli --no-fail-fast
  one "release page" scripts/build.sh
  one "sizes" node scripts/sizes.mjs
  many '^# pass [0-9]+' '^# (fail|cancelled) [0-9]+' "browser tests" node --test --test-reporter=tap tests/e2e/*.test.mjs
}

"${1:-all}"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
