#!/usr/bin/env bash
# Gets what building and testing need, each thing once: used when it is there, fetched or built when it is not.
#
#   scripts/setup.sh page   what `make run` needs: npm parts, the wasm32 standard library, wasm-bindgen, trunk
#   scripts/setup.sh lints  what `make check` needs: rustfmt, clippy, npm parts
#   scripts/setup.sh test   what `make test` needs: all that, and Chromium
#
# Tools that are built go to a cache outside the checkout, so that a fresh clone on the same machine finds them.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

LOG=$CACHE/setup.log
mkdir -p "$CACHE"

say() { printf 'setup: %s\n' "$*"; }
stop() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# Runs a command with its noise in the log; when it fails, shows the end of it.
quietly() {
  "$@" >"$LOG" 2>&1 </dev/null 9>&- || { tail -n 25 "$LOG" >&2; return 1; }
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo -n "$@"; else return 1; fi
}

# Installs Debian packages, where there is apt.
apt_get() {
  # Known packages alone won't do: one that was removed may still be known by its settings.
  local states
  states=$(dpkg-query -W -f '${db:Status-Status}\n' "$@" 2>/dev/null) && [ "$(sort -u <<<"$states")" = installed ] && return
  command -v apt-get >/dev/null || return 1
  quietly as_root apt-get update 2>/dev/null || true
  quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends "$@"
}

need_basics() {
  command -v cargo >/dev/null && rustc --version | awk '{ split($2, v, "."); exit !(v[1] > 1 || v[2] >= 88) }' ||
    stop "Rust 1.88 or newer is missing: install it from rustup.rs, or run 'rustup update'."
  command -v cc >/dev/null || stop "a C compiler is missing, which Rust links with: install gcc (on Debian 'apt-get install gcc libc6-dev')."
  command -v npm >/dev/null && node -e 'process.exitCode = parseInt(process.versions.node) < 20 ? 1 : 0' 2>/dev/null ||
    stop "Node.js 20 or newer with npm is missing: install it from nodejs.org."
}

npm_parts() {
  cmp -s package-lock.json node_modules/.parallelogram-lock && return
  say "fetching the npm parts (editor, esbuild, wasm-opt, lints), about 20 s"
  quietly npm ci --no-audit --no-fund || stop "the npm parts could not be fetched: check that npm reaches its registry, then run this again."
  cp package-lock.json node_modules/.parallelogram-lock
}

# The standard library for wasm32 is built for size, from the sources that rustup has for the compiler in use, or else from
# Debian's with Debian's own compiler, which is then the one that builds the page. Without sources the ready-made library
# that rustup has will do: the page works the same and is some 30 KB larger.
wasm_std() {
  wasm_std_is_there && return
  if command -v rustup >/dev/null && [ ! -d "$(rustc --print sysroot)/lib/rustlib/src" ]; then
    say "fetching the sources of the standard library, about 10 s"
    quietly rustup component add rust-src 2>/dev/null || true
  fi
  if [ -d "$(rustc --print sysroot)/lib/rustlib/src" ]; then
    say "building the wasm32 standard library for size, about 30 s"
    build_std rustc && return
  fi
  if apt_get rustc-web rust-web-src; then
    say "building the wasm32 standard library for size, with Debian's compiler, about 45 s"
    build_std /usr/bin/rustc && return
  fi
  compiler_has_wasm_std && return
  command -v rustup >/dev/null && say "fetching the wasm32 standard library, about 10 s" &&
    quietly rustup target add wasm32-unknown-unknown && return
  stop "the wasm32 standard library is missing: run 'rustup component add rust-src', or on Debian install rustc-web and rust-web-src."
}

# Panics are traps: `js/start.js` shows them, and the page does not carry their texts.
build_std() {
  local rustc=$1 work=$CACHE/std-build sysroot
  local flags=-Cembed-bitcode=yes$'\x1f'$TRAPS$'\x1f'--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo
  sysroot=$(small_sysroot "$rustc")
  rm -rf "$work" "$sysroot" && mkdir -p "$work/src"
  printf '[package]\nname = "throwaway"\nversion = "0.0.0"\nedition = "2021"\n[profile.release]\npanic = "abort"\nopt-level = "z"\n[workspace]\n' >"$work/Cargo.toml"
  echo '#![no_std]' >"$work/src/lib.rs"
  (cd "$work" && RUSTC=$rustc RUSTC_BOOTSTRAP=1 CARGO_ENCODED_RUSTFLAGS=$flags CARGO_TARGET_DIR=$work/target \
    quietly cargo build --release -Zbuild-std=std,panic_abort -Zbuild-std-features=optimize_for_size --target wasm32-unknown-unknown) || return 1
  local lib=$sysroot.part/lib/rustlib/wasm32-unknown-unknown/lib
  rm -rf "$sysroot.part" && mkdir -p "$lib"
  find "$work/target/wasm32-unknown-unknown/release/deps" -name '*.rlib' ! -name 'libthrowaway*' -exec cp {} "$lib" \;
  mv "$sysroot.part" "$sysroot" && rm -rf "$work"
}

# Builds a Rust tool into the cache, quickly rather than for speed.
cargo_tool() {
  local name=$1 version=$2 minutes=$3
  shift 3
  [ -x "$CACHE/$name-$version/bin/$name" ] && return
  say "building $name $version, about $minutes min"
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_TARGET_DIR=$CACHE/build \
    quietly cargo install "$@" --version "$version" --root "$CACHE/$name-$version" ||
    stop "$name $version could not be built: see $LOG, or put a '$name' of this version on the PATH."
  rm -rf "$CACHE/build"
}

bindgen() {
  [ "$(wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $BINDGEN_VERSION" ] && return
  cargo_tool wasm-bindgen "$BINDGEN_VERSION" 2 wasm-bindgen-cli
}

trunk() {
  [ "$(command trunk --version 2>/dev/null)" = "trunk $TRUNK_VERSION" ] && return
  cargo_tool trunk "$TRUNK_VERSION" 5 trunk --locked --no-default-features
}

lints() {
  cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1 && return
  say "fetching rustfmt and clippy, about 10 s"
  quietly rustup component add rustfmt clippy || stop "rustfmt and clippy are missing: run 'rustup component add rustfmt clippy'."
}

chromium() {
  [ -x "$CHROMIUM" ] && return
  say "installing Chromium for the browser tests, about 30 s"
  apt_get chromium || true
  [ -x "$CHROMIUM" ] || stop "Chromium is missing: install it (on Debian 'apt-get install chromium'), or set CHROMIUM to the browser's path."
}

page() {
  npm_parts
  wasm_std
  bindgen
  trunk
}

need_basics
one_at_a_time "$CACHE/setup.lock"
case "${1:-}" in
  page) page ;;
  lints) lints; npm_parts ;;
  test) lints; chromium; page ;;
  *) stop "say what for: 'page', 'lints' or 'test'." ;;
esac
