#!/usr/bin/env bash
# Builds the release page into dist/, unless nothing that goes into it has changed. Gets what is missing for that first.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
. scripts/steps.sh
one_at_a_time target/page.lock

inputs() {
  find Cargo.toml Cargo.lock Trunk.toml index.html embed.html package-lock.json src styles js assets examples \
    scripts/assets.sh scripts/build.sh scripts/env.sh -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
}

print=$(inputs | sha256sum)
if [ -f dist/.inputs ] && [ "$(cat dist/.inputs)" = "$print" ]; then
  say "dist/ is up to date"
  exit 0
fi
scripts/setup.sh page
use_wasm_std
LOG=target/page.log

# Trunk, which runs last, is told to stay offline, as else it may download tools. Cargo below it is offline then too.
if ! cargo fetch --quiet --locked --offline 2>/dev/null; then
  step "fetching the crates" 20 cargo fetch --quiet --locked ||
    failed "the crates could not be fetched: check that cargo reaches its registry, then run this again."
fi

# Trunk would compile the same, with its own messages around those of the compiler.
step "compiling the page" 120 cargo build --quiet --locked --offline --target wasm32-unknown-unknown --profile wasm --bin web --features web ||
  failed "the page does not compile: fix the errors above, then run this again."

step "putting the page together" 30 env RUST_BACKTRACE=0 NO_COLOR=true TRUNK_OFFLINE=true trunk --skip-version-check --quiet build ||
  failed "the compiled page could not be put together: see the lines above."
echo "$print" >dist/.inputs
