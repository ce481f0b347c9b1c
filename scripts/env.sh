# shellcheck shell=bash
# Where tools are, for the other scripts: sourced, not run.

CACHE=${PARALLELOGRAM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/parallelogram}
TRUNK_VERSION=0.21.14
MDBOOK_VERSION=0.5.4
BINDGEN_VERSION=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p;}' Cargo.lock)
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || echo /usr/bin/chromium)}
FIREFOX=${FIREFOX:-$(command -v firefox-esr || command -v firefox || echo /usr/bin/firefox-esr)}
PATH=$CACHE/mdbook-$MDBOOK_VERSION/bin:$CACHE/trunk-$TRUNK_VERSION/bin:$CACHE/wasm-bindgen-$BINDGEN_VERSION/bin:$PWD/node_modules/.bin:$PATH
export CHROMIUM FIREFOX PATH

# What the compiler uses of WebAssembly, for wasm-opt.
# shellcheck disable=SC2034
WASM_FEATURES=(--enable-bulk-memory --enable-bulk-memory-opt --enable-nontrapping-float-to-int --enable-sign-ext --enable-mutable-globals
  --enable-reference-types --enable-multivalue)

# The compiler flags that turn a panic into a trap. The standard library has to be built with them too.
TRAPS=-Zunstable-options$'\x1f'-Cpanic=immediate-abort

# What optimizing for size inlines, a little more than by itself: a sixth less time for a run, and 1.5 % more bytes.
INLINES=-Cllvm-args=-inline-threshold=20

# The linker notes which data there is and who points to it, for `split.mjs`.
RELOCATIONS=-Clink-arg=--emit-relocs

# Where setup.sh puts the small standard library of this compiler.
small_sysroot() {
  echo "$CACHE/wasm-std-small-$("$1" --version 2>/dev/null | cut -d ' ' -f 2)"
}

# The compiler that a small standard library was built for: the usual one, or Debian's.
small_std_compiler() {
  local rustc
  for rustc in rustc /usr/bin/rustc; do
    if command -v $rustc >/dev/null && [ -d "$(small_sysroot $rustc)/lib" ]; then echo $rustc && return; fi
  done
  return 1
}

compiler_has_wasm_std() {
  [ -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown/lib" ]
}

wasm_std_is_there() {
  small_std_compiler >/dev/null
}

# Sets the compiler of the page: the one that has the small standard library, else the usual one with its own library. No path of
# this machine gets into the page.
use_wasm_std() {
  local rustc linker flags=("$INLINES" "$RELOCATIONS" "--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo" "--remap-path-prefix=$PWD=.")
  if rustc=$(small_std_compiler); then
    flags+=("--sysroot=$(small_sysroot "$rustc")" "$TRAPS")
    export RUSTC=$rustc RUSTC_BOOTSTRAP=1
    if [ "$rustc" = /usr/bin/rustc ]; then
      linker=$(echo "$(rustc --print sysroot)"/lib/rustlib/*/bin/rust-lld)
      [ -x "$linker" ] || linker=$(command -v wasm-ld-19 || command -v wasm-ld || echo rust-lld)
      export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$linker
    fi
  fi
  # Cargo uses these for the wasm32 target alone. The separator allows paths with spaces.
  CARGO_ENCODED_RUSTFLAGS=$(IFS=$'\x1f'; echo "${flags[*]}")
  export CARGO_ENCODED_RUSTFLAGS
}
