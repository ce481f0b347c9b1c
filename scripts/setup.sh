#!/usr/bin/env bash
# Gets what building and testing need, each thing once: used when it is there, downloaded or built when it is not.
#
#   scripts/setup.sh page    for `make run`: npm parts, the wasm32 standard library, wasm-bindgen, trunk
#   scripts/setup.sh lints   for `make check`: rustfmt, clippy, npm parts
#   scripts/setup.sh test    for `make test`: all that, Chromium, and Firefox if it can be had
#   scripts/setup.sh docs    for the docs site: mdBook
#   scripts/setup.sh sample NAME    for the sample of a generator of the npm registry: its npm parts, and our package as npm would unpack it
#   scripts/setup.sh python NAME    for the package of a generator in integrations/NAME: a Python environment with what it needs
#
# Tools that are built go to a cache outside the checkout, so that a fresh clone on the same machine finds them.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
. scripts/steps.sh

LOG=$CACHE/setup.log
mkdir -p "$CACHE"

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo -n "$@"; else return 1; fi
}

# Installs Debian packages, where there is apt.
#
#   apt_get WHAT USUALLY PACKAGE...
apt_get() {
  local what=$1 usually=$2 states
  shift 2
  # A known package need not be there: one that was removed may have left its settings.
  states=$(dpkg-query -W -f '${db:Status-Status}\n' "$@" 2>/dev/null) && [ "$(sort -u <<<"$states")" = installed ] && return
  command -v apt-get >/dev/null || return 1
  step "reading Debian's list of packages" 10 as_root apt-get update || true
  step "$what" "$usually" as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends "$@"
}

need_basics() {
  has_rust || stop "Rust 1.88 or newer is missing: install it from rustup.rs, or run 'rustup update'."
  command -v cc >/dev/null || stop "a C compiler is missing, which Rust links with: install gcc (on Debian 'apt-get install gcc libc6-dev')."
  has_node || stop "Node.js 20.19 or newer with npm is missing: install it from nodejs.org."
}

has_rust() {
  command -v cargo >/dev/null && rustc --version 2>/dev/null | awk '{ split($2, v, "."); found = v[1] > 1 || v[2] >= 88 } END { exit !found }'
}

has_node() {
  command -v npm >/dev/null && node -e 'const [major, minor] = process.versions.node.split("."); process.exit(major * 100 + +minor < 2019 ? 1 : 0)' 2>/dev/null
}

npm_parts() {
  cmp -s package-lock.json node_modules/.parallelogram-lock && return
  step "fetching the npm parts (editor, esbuild, wasm-opt, lints)" 20 npm ci --no-audit --no-fund --loglevel=error ||
    failed "the npm parts could not be fetched: check that npm reaches its registry, then run this again."
  cp package-lock.json node_modules/.parallelogram-lock
}

# The standard library for wasm32 is built for size, from the sources that rustup has for the compiler in use, or else from
# Debian's with Debian's own compiler, which is then the one that builds the page. Without sources the ready-made library
# that rustup has will do: the page works the same and is some 30 KB larger.
wasm_std() {
  wasm_std_is_there && return
  if command -v rustup >/dev/null && ! compiler_has_sources; then
    step "fetching the sources of the standard library" 10 rustup component add rust-src || true
  fi
  if compiler_has_sources; then
    build_std "building the wasm32 standard library for size" 40 rustc && return
  fi
  if apt_get "installing Debian's Rust compiler for wasm32" 20 rustc-web rust-web-src; then
    build_std "building the wasm32 standard library for size, with Debian's compiler" 45 /usr/bin/rustc && return
  fi
  compiler_has_wasm_std && return
  command -v rustup >/dev/null && step "fetching the wasm32 standard library" 10 rustup target add wasm32-unknown-unknown && return
  failed "the wasm32 standard library is missing: run 'rustup component add rust-src', or on Debian install rustc-web and rust-web-src."
}

compiler_has_sources() {
  [ -d "$(rustc --print sysroot)/lib/rustlib/src" ]
}

# Panics are traps: `js/start.js` shows them, and the page does not carry their texts.
#
#   build_std WHAT USUALLY RUSTC
build_std() {
  local what=$1 usually=$2 rustc=$3 work=$CACHE/std-build sysroot rustflags lib
  rustflags=-Cembed-bitcode=yes$'\x1f'$TRAPS$'\x1f'--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo
  sysroot=$(small_sysroot "$rustc")
  rm -rf "$work" "$sysroot" && mkdir -p "$work/src"
  printf '[package]\nname = "throwaway"\nversion = "0.0.0"\nedition = "2021"\n[profile.release]\npanic = "abort"\nopt-level = "z"\n[workspace]\n' >"$work/Cargo.toml"
  echo '#![no_std]' >"$work/src/lib.rs"
  (cd "$work" && RUSTC=$rustc RUSTC_BOOTSTRAP=1 CARGO_ENCODED_RUSTFLAGS=$rustflags CARGO_TARGET_DIR=$work/target \
    step "$what" "$usually" cargo build --quiet --release -Zbuild-std=std,panic_abort -Zbuild-std-features=optimize_for_size --target wasm32-unknown-unknown) || return 1
  lib=$sysroot.part/lib/rustlib/wasm32-unknown-unknown/lib
  rm -rf "$sysroot.part" && mkdir -p "$lib"
  find "$work/target/wasm32-unknown-unknown/release/deps" -name '*.rlib' ! -name 'libthrowaway*' -exec cp {} "$lib" \;
  mv "$sysroot.part" "$sysroot" && rm -rf "$work"
}

# A Rust tool of one version: the one on the PATH, else a ready-made one if cargo binstall is installed, else built from source,
# to be built soon rather than to run fast.
#
#   tool NAME VERSION USUALLY CRATE [OPTION...]   USUALLY is for building it; OPTION is one of cargo install
tool() {
  local name=$1 version=$2 usually=$3 crate=$4 root=$CACHE/$1-$2
  shift 4
  has_version "$name" "$version" && return
  if command -v cargo-binstall >/dev/null; then
    step "fetching a ready-made $name $version" 10 \
      cargo binstall --no-confirm --force --disable-strategies compile --install-path "$root/bin" "$crate@$version" || true
    has_version "$name" "$version" && return
    say "there is no ready-made $name $version for this machine"
  fi
  export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_TARGET_DIR=$CACHE/build
  step "building $name $version" "$usually" cargo install --quiet --force "$crate" "$@" --version "$version" --root "$root" || true
  has_version "$name" "$version" || failed "$name $version could not be built: see the lines above, or put a $name of this version on the PATH."
  rm -rf "$CACHE/build"
}

# Whether the first such tool on the PATH, where the cache comes first, has this version. A commit may follow it, a `v` precede it.
has_version() {
  local found
  found=$(command "$1" --version 2>/dev/null) && [ "$(cut -d ' ' -f 1,2 <<<"${found/ v/ }")" = "$1 $2" ]
}

# The npm parts of a sample, and the package of `make npm` beside them. What a generator has kept of another package goes.
sample() {
  local folder=integrations/samples/$1
  if ! cmp -s "$folder/package-lock.json" "$folder/node_modules/.parallelogram-lock"; then
    step "fetching the npm parts of the sample for $1" 30 npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error ||
      failed "the npm parts of the sample for $1 could not be fetched: check that npm reaches its registry, then run this again."
    cp "$folder/package-lock.json" "$folder/node_modules/.parallelogram-lock"
  fi
  rm -rf "$folder"/node_modules/{parallelogram,.cache,.astro} "$folder"/.{docusaurus,astro} "$folder/.vitepress/cache"
  mkdir "$folder/node_modules/parallelogram"
  tar -xzf target/npm/parallelogram-*.tgz --strip-components 1 -C "$folder/node_modules/parallelogram"
}

# A Python environment with the packages of a list, for one of the packages in integrations/.
python() {
  local venv=$CACHE/python-$1 list=integrations/$1/requirements.txt
  cmp -s "$list" "$venv/requirements.txt" && return
  python3 -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || apt_get "installing Python" 20 python3 python3-venv || true
  rm -rf "$venv"
  python3 -m venv "$venv" >"$LOG" 2>&1 || failed "Python 3.10 or newer with venv is missing: install it (on Debian 'apt-get install python3-venv')."
  step "fetching the Python packages for $1" 25 "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$list" ||
    failed "the Python packages for $1 could not be fetched: check that pip reaches its index, then run this again."
  cp "$list" "$venv/requirements.txt"
}

lints() {
  cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1 && return
  step "fetching rustfmt and clippy" 10 rustup component add rustfmt clippy ||
    failed "rustfmt and clippy are missing: run 'rustup component add rustfmt clippy'."
}

chromium() {
  [ -x "$CHROMIUM" ] && return
  apt_get "installing Chromium for the browser tests" 30 chromium || true
  [ -x "$CHROMIUM" ] || stop "Chromium is missing: install it (on Debian 'apt-get install chromium'), or set CHROMIUM to the browser's path."
}

# Where it can't be had, its tests are skipped.
firefox() {
  [ -x "$FIREFOX" ] || apt_get "installing Firefox for the browser tests" 30 firefox-esr || true
}

page() {
  npm_parts
  wasm_std
  tool wasm-bindgen "$BINDGEN_VERSION" 110 wasm-bindgen-cli
  tool trunk "$TRUNK_VERSION" 280 trunk --locked --no-default-features
}

need_basics
one_at_a_time "$CACHE/setup.lock"
case "${1:-}" in
  page) page ;;
  lints) lints; npm_parts ;;
  test) lints; chromium; firefox; page ;;
  docs) tool mdbook "$MDBOOK_VERSION" 100 mdbook --locked --no-default-features --features search ;;
  python) python "$2" ;;
  sample) sample "$2" ;;
  *) stop "say what for: 'page', 'lints', 'test', 'docs', 'python' or 'sample'." ;;
esac
