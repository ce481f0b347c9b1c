#!/usr/bin/env bash
# Builds the release page into dist/, unless nothing it is made of has changed.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
one_at_a_time target/page.lock

inputs() {
  find Cargo.toml Cargo.lock Trunk.toml index.html embed.html package-lock.json src styles js assets examples \
    scripts/assets.sh scripts/build.sh scripts/env.sh -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
}

print=$(inputs | sha256sum)
if [ -f dist/.inputs ] && [ "$(cat dist/.inputs)" = "$print" ]; then
  echo "build: dist/ is up to date"
  exit 0
fi
echo "build: building the release page, about 2 min the first time"
use_wasm_std
log=target/page.log
TRUNK_OFFLINE=true NO_COLOR=true trunk --skip-version-check build >"$log" 2>&1 </dev/null 9>&- || { tail -n 40 "$log" >&2; exit 1; }
echo "$print" >dist/.inputs
