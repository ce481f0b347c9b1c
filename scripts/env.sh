# Where tools are, for the other scripts: sourced, not run.

CACHE=${PARALLELOGRAM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/parallelogram}
TRUNK_VERSION=0.21.14
BINDGEN_VERSION=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p;}' Cargo.lock)
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || echo /usr/bin/chromium)}
PATH=$CACHE/trunk-$TRUNK_VERSION/bin:$CACHE/wasm-bindgen-$BINDGEN_VERSION/bin:$PWD/node_modules/.bin:$PATH
export CHROMIUM PATH

# Lets one such script run at a time: a second one waits, so that both don't make the same thing. FILE is the lock.
one_at_a_time() {
  command -v flock >/dev/null || return 0
  mkdir -p "$(dirname "$1")"
  exec 9>"$1"
  flock -n 9 || { echo "waiting for another set-up or build to finish"; flock 9; }
}

# The sysroot built by setup.sh, by the version of the compiler it belongs to.
built_sysroot() {
  echo "$CACHE/wasm-std-$(/usr/bin/rustc --version 2>/dev/null | cut -d ' ' -f 2)"
}

compiler_has_wasm_std() {
  [ -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown/lib" ]
}

wasm_std_is_there() {
  compiler_has_wasm_std || [ -d "$(built_sysroot)/lib" ]
}

# A page is built with the usual compiler if that has the wasm32 standard library, else with the one the built one is for.
# The paths of this machine stay out of it.
use_wasm_std() {
  local flags=("--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo" "--remap-path-prefix=$PWD=.")
  if ! compiler_has_wasm_std; then
    local linker
    linker=$(echo "$(rustc --print sysroot)"/lib/rustlib/*/bin/rust-lld)
    [ -x "$linker" ] || linker=$(command -v wasm-ld-19 || command -v wasm-ld || echo rust-lld)
    export RUSTC=/usr/bin/rustc
    export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$linker
    flags+=("--sysroot=$(built_sysroot)")
  fi
  # Cargo takes these for the wasm32 target alone; a list with this separator may hold paths with blanks.
  CARGO_ENCODED_RUSTFLAGS=$(IFS=$'\x1f'; echo "${flags[*]}")
  export CARGO_ENCODED_RUSTFLAGS
}
