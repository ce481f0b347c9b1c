#!/usr/bin/env bash
# Adds what trunk does not build to the page: the two parts of the simulator, style sheets, the editor and the dialogs as one
# file each, the element for other pages. Trunk calls it.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${TRUNK_STAGING_DIR:-dist}
. scripts/env.sh

# Both parts keep the names of their functions in target/parts/, for `scripts/parts.mjs`.
small() {
  wasm-opt "${WASM_FEATURES[@]}" -Oz --converge -g "target/parts/$1-whole.wasm" -o "target/parts/$1.wasm"
  wasm-opt "${WASM_FEATURES[@]}" --strip-debug --strip-producers "target/parts/$1.wasm" -o "$out/$2"
}
mkdir -p target/parts
node scripts/split.mjs target/wasm32-unknown-unknown/wasm/web.wasm "$out/web_bg.wasm" target/parts/first-whole.wasm target/parts/later-whole.wasm
small later web_later.wasm &
small first web_bg.wasm
wait $!

# Each lesson is a file, fetched when it is wanted; the list has of each what stands above its flow.
mkdir -p "$out/lessons"
cp lessons/*.yaml "$out/lessons"
for lesson in lessons/*.yaml; do
  printf -- '---\nfile: %s\n' "${lesson##*/}"
  sed '/^flow:/,$d' "$lesson"
done >"$out/lessons/index.yaml"

# What the page says in each language but English, as one file. The words of the element for other pages are in its script, and those of the
# tool in the tool.
mkdir -p "$out/languages"
for folder in languages/*/; do
  for catalog in "$folder"*.po; do
    case $catalog in */element.po | */tool.po) ;; *) cat "$catalog" && echo ;; esac
  done >"$out/languages/$(basename "$folder").txt"
done

# Tokens, base and layout first, then the views by name.
views() {
  cat styles/tokens.css styles/base.css
  for view in styles/*.css; do
    case $view in */tokens.css | */base.css | */layout.css | */embed.css | */course.css | */upgrade.css) ;; *) cat "$view" ;; esac
  done
  cat styles/layout.css
}
minified() { esbuild --loader=css --minify; }
views | minified >"$out/style.css"
# An embed has a layout of its own, so the rules for narrow pages do not apply to it.
for view in course upgrade; do minified <"styles/$view.css" >"$out/$view.css"; done # With the first lesson, and that view.
{ views | sed 's/@media (max-width: [0-9]*px)/@media not all/'; cat styles/embed.css; } | minified >"$out/embed.css"
esbuild js/flow-playground.js --bundle --loader:.po=text --minify --legal-comments=none --format=esm --target=es2022 --outfile="$out/flow-playground.js" --log-level=warning
esbuild js/dialogs.js --bundle --loader:.md=text --minify --format=esm --target=es2022 --outfile="$out/dialogs.js" --log-level=warning
esbuild js/editor.js --bundle --minify --format=esm --target=es2022 --outfile="$out/editor.js" --log-level=warning
# The script that wasm-bindgen makes names some modules twice, which esbuild would warn of.
for script in "$out"/{start,theme,language,pace,web}.js "$out"/snippets/*/js/*.js; do
  esbuild "$script" --minify --legal-comments=none --target=es2022 --outfile="$script" --allow-overwrite --log-level=error
done
