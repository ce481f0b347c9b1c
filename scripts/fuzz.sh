#!/usr/bin/env bash
# Feeds each target of fuzz/ with texts that are found by watching what the program does with them.
#
#   scripts/fuzz.sh SECONDS [TARGET...]   so long for each target, of all or of these
#
# A text that makes a target fail is written to fuzz/artifacts/TARGET/. Once it is understood, it goes to fuzz/corpus/TARGET/, which
# `cargo test --test fuzz` tries each time. What was found on the way stays in target/fuzz/, for the next time.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/steps.sh
seconds=$1
shift
command -v cargo-fuzz >/dev/null || stop "there is no cargo-fuzz: 'cargo install --locked cargo-fuzz' builds it in about 3 min"
cargo +nightly --version >/dev/null 2>&1 || stop "there is no nightly Rust, which the sanitizers need: 'rustup toolchain install nightly' gets it"
targets=("$@")
[ $# -gt 0 ] || mapfile -t targets < <(cargo +nightly fuzz list)
# The tables of types are made once and never freed.
export ASAN_OPTIONS=detect_leaks=0
failed=0
for target in "${targets[@]}"; do
  log=$(mktemp)
  mkdir -p "target/fuzz/found/$target" "fuzz/corpus/$target"
  if watch "$target" "$((seconds + 30))" "$log" cargo +nightly fuzz run --debug-assertions --target-dir target/fuzz "$target" \
    "target/fuzz/found/$target" "fuzz/corpus/$target" examples tests/flows -- -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=8192; then
    say "$target: ok, $(grep -oE '^Done [0-9]+ runs' "$log" | grep -oE '[0-9]+' || echo no) inputs"
  else
    grep -m 3 -E 'panicked at|^==[0-9]+==ERROR|ERROR: libFuzzer' "$log" || true
    tail -n 40 "$log"
    failed=1
  fi
  rm -f "$log"
done
exit $failed
