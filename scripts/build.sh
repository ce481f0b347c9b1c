#!/usr/bin/env bash
# Builds for release, and gets what is missing for that.
#
#   scripts/build.sh       the page in dist/, unless nothing that goes into it has changed
#   scripts/build.sh cli   the command line tool
#   scripts/build.sh docs  the docs site in dist/docs/, beside the page, likewise
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
. scripts/steps.sh

inputs() {
  find Cargo.toml Cargo.lock Trunk.toml index.html embed.html package-lock.json src styles js assets examples lessons languages docs/integrations \
    scripts/assets.sh scripts/build.sh scripts/data.mjs scripts/env.sh scripts/later.txt scripts/split.mjs scripts/wasm.mjs -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
}

page() {
  local print
  one_at_a_time target/page.lock
  print=$(inputs | sha256sum)
  if [ -f dist/.inputs ] && [ "$(cat dist/.inputs)" = "$print" ]; then
    say "dist/ is up to date"
    return
  fi
  scripts/setup.sh page
  LOG=target/page.log
  fetch
  use_wasm_std
  # Trunk would compile the same, with its own messages around those of the compiler.
  step "compiling the page" 180 cargo build --quiet --locked --offline --target wasm32-unknown-unknown --profile wasm --bin web --features web ||
    failed "the page does not compile: fix the errors above, then run this again."
  # Offline, trunk uses the tools on the PATH and downloads no others.
  step "putting the page together" 90 env RUST_BACKTRACE=0 NO_COLOR=true TRUNK_OFFLINE=true trunk --skip-version-check --quiet build ||
    failed "the compiled page could not be put together: see the lines above."
  echo "$print" >dist/.inputs
}

# Trunk hands its being offline on to cargo, so all crates have to be there before it runs.
fetch() {
  cargo fetch --quiet --locked --offline 2>/dev/null || step "fetching the crates" 20 cargo fetch --quiet --locked ||
    failed "the crates could not be fetched: check that cargo reaches its registry and that 'cargo check' leaves Cargo.lock as it is."
}

cli() {
  mkdir -p target
  LOG=target/cli.log
  step "compiling the command line tool" 180 cargo build --quiet --release --features cli --bin parallelogram ||
    failed "the command line tool does not compile: fix the errors above, then run this again."
}

# The docs as a book. mdBook wants all pages in one folder, so those of the repository's top join those of docs/.
docs() {
  local book=target/book print page
  one_at_a_time target/docs.lock
  print=$(find docs src Cargo.lock ARCHITECTURE.md CONTRIBUTING.md CHANGELOG.md scripts/build.sh -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
  [ ! -f dist/docs/.inputs ] || [ "$(cat dist/docs/.inputs)" != "$print" ] || { say "dist/docs/ is up to date"; return; }
  scripts/setup.sh docs
  LOG=target/docs.log
  step "compiling the tool that draws the docs" 40 cargo build --quiet --features cli --bin parallelogram ||
    failed "the tool does not compile: fix the errors above, then run this again."
  rm -rf "$book" && mkdir -p "$book"
  cp -r docs/. "$book"
  # What is not in the book is named without a link.
  for page in ARCHITECTURE CONTRIBUTING CHANGELOG; do
    sed -E 's#\]\(docs/#](#g; s#\[([^]]*)\]\((src/|README)[^)]*\)#\1#g' "$page.md" >"$book/$page.md"
  done
  sed -i 's#](\.\./#](#g' "$book"/*.md
  PATH=$PWD/target/debug:$PATH step "putting the docs together" 5 mdbook build "$book" --dest-dir "$PWD/$book/site" ||
    failed "the docs could not be put together: see the lines above."
  rm -f "$book/site/book.toml"
  echo "$print" >"$book/site/.inputs"
  mkdir -p dist && rm -rf dist/docs && cp -r "$book/site" dist/docs
}

case "${1:-page}" in
  page | cli | docs) "${1:-page}" ;;
  *) stop "say what to build: 'page', 'cli' or 'docs'." ;;
esac
