# Where tools are, for the other scripts: sourced, not run.

CACHE=${PARALLELOGRAM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/parallelogram}
TRUNK_VERSION=0.21.14
BINDGEN_VERSION=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p;}' Cargo.lock)
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || echo /usr/bin/chromium)}
PATH=$CACHE/trunk-$TRUNK_VERSION/bin:$CACHE/wasm-bindgen-$BINDGEN_VERSION/bin:$PWD/node_modules/.bin:$PATH
export CHROMIUM PATH

# The sysroot built by setup.sh, by the version of the compiler it belongs to.
built_sysroot() {
  echo "$CACHE/wasm-std-$(/usr/bin/rustc --version 2>/dev/null | cut -d ' ' -f 2)"
}

wasm_std_is_there() {
  [ -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown/lib" ] || [ -d "$(built_sysroot)/lib" ]
}

# A page is built with the usual compiler if that has the wasm32 standard library, else with the one the built one is for.
# The paths of this machine stay out of it.
use_wasm_std() {
  local flags="--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo --remap-path-prefix=$PWD=."
  if [ ! -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown/lib" ]; then
    local linker
    linker=$(echo "$(rustc --print sysroot)"/lib/rustlib/*/bin/rust-lld)
    [ -x "$linker" ] || linker=$(command -v wasm-ld-19 || command -v wasm-ld || echo rust-lld)
    export RUSTC=/usr/bin/rustc
    export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$linker
    flags="$flags --sysroot=$(built_sysroot)"
  fi
  export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS=$flags
}
