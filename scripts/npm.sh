#!/usr/bin/env bash
# Packs the npm package into target/npm/: the core of the simulator for Node and bundlers, the plugins for generators, and the page's
# files for live diagrams.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
. scripts/steps.sh

scripts/build.sh
LOG=target/npm.log
package=target/npm/parallelogram

core() {
  use_wasm_std
  cargo build --quiet --locked --target wasm32-unknown-unknown --profile wasm --bin npm --features npm
  wasm-bindgen --target web --omit-default-module-path --out-dir $package/core --out-name core target/wasm32-unknown-unknown/wasm/npm.wasm
  rm $package/core/core_bg.wasm.d.ts
  wasm-opt "${WASM_FEATURES[@]}" -Oz --strip-debug --strip-producers $package/core/core_bg.wasm -o $package/core/core_bg.wasm
}

# Of dist/, without the docs and the mark of what it was built from.
files() {
  mkdir $package/element
  cp -r dist/* $package/element/
  rm -rf $package/element/docs
  cp integrations/npm/* integrations/npm/.attw.json LICENSE-MIT LICENSE-APACHE $package/
  # An ES module alone is what it is meant to be: attw reads this where it is run.
  cp integrations/npm/.attw.json target/npm/
  tsc --project $package
  rm $package/tsconfig.json
}

one_at_a_time target/npm.lock
rm -rf target/npm && mkdir -p $package
step "compiling the core of the npm package" 60 core || failed "the core does not compile: fix the errors above, then run this again."
step "types of the npm package" 3 files || failed "the types of the package are wrong: see the lines above."
step "packing it" 2 npm pack ./$package --pack-destination target/npm || failed "npm can't pack it: see the lines above."
echo target/npm/*.tgz
