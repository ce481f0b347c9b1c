#!/usr/bin/env bash
# Builds the release page into dist/, unless nothing it is made of has changed.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

inputs() { git ls-files -co --exclude-standard -- Cargo.toml Cargo.lock Trunk.toml index.html package-lock.json src styles js assets examples scripts/assets.sh scripts/build.sh; }
print=$(inputs | sort | while read -r file; do [ -f "$file" ] && sha256sum "$file"; done | sha256sum)
if [ -f dist/.inputs ] && [ "$(cat dist/.inputs)" = "$print" ]; then
  echo "build: dist/ is up to date"
  exit 0
fi
echo "build: building the release page, about 2 min the first time"
use_wasm_std
log=$CACHE/build.log
TRUNK_OFFLINE=true NO_COLOR=true trunk --skip-version-check build >"$log" 2>&1 </dev/null || { tail -n 40 "$log" >&2; exit 1; }
echo "$print" >dist/.inputs
