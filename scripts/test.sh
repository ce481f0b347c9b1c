#!/usr/bin/env bash
# Runs every test: native, format and lints, sizes, browser. One line a stage; the last line counts all tests.
set -uo pipefail
cd "$(dirname "$0")/.."
passed=0 failed=0
out=$(mktemp)
trap 'rm -f "$out"' EXIT

# Runs a stage with its output kept back; shows it when the stage fails, and always when CI asks for it.
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
  if [ $status != 0 ] && [ "$n_failed" = 0 ] || [ "$n_passed" = 0 ]; then n_failed=$((n_failed + 1)); fi
  count "$n_passed" "$n_failed"
}

sum() { grep -oE "$1" "$out" | grep -oE '[0-9]+' | awk '{ n += $1 } END { print n + 0 }'; }

scripts/setup.sh page && scripts/setup.sh test || exit 1
. scripts/env.sh

one "format" cargo fmt --check
many '[0-9]+ passed;' '[0-9]+ failed;' "native tests" cargo test --features cli --no-fail-fast
one "lints of the core and the command line tool" cargo clippy --all-targets --features cli -- -D warnings
one "lints of the page" cargo clippy --lib --bins --features web -- -D warnings
one "release page" scripts/build.sh
one "sizes" node scripts/sizes.mjs
many '^# pass [0-9]+' '^# fail [0-9]+' "browser tests" node --test --test-reporter=tap tests/e2e/

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
