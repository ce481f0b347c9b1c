#!/usr/bin/env bash
# Adds what trunk does not build to the page: style sheets, the editor as one file, the element for other pages. Trunk calls it.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${TRUNK_STAGING_DIR:-dist}

# Tokens, base and layout first, then the views by name.
views() {
  cat styles/tokens.css styles/base.css
  for view in styles/*.css; do
    case $view in */tokens.css | */base.css | */layout.css | */embed.css) ;; *) cat "$view" ;; esac
  done
  cat styles/layout.css
}
minified() { esbuild --loader=css --minify; }
views | minified >"$out/style.css"
# An embed has a layout of its own, so the rules for narrow pages do not apply to it.
{ views | sed 's/@media (max-width: [0-9]*px)/@media not all/'; cat styles/embed.css; } | minified >"$out/embed.css"
esbuild js/flow-playground.js --minify --format=esm --target=es2022 --outfile="$out/flow-playground.js" --log-level=warning
esbuild js/editor.js --bundle --minify --format=esm --target=es2022 --outfile="$out/editor.js" --log-level=warning
