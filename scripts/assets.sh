#!/usr/bin/env bash
# Puts what trunk does not make beside the page: one style sheet, and the editor as one file. Called by trunk.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${TRUNK_STAGING_DIR:-dist}

# Tokens, base and layout first, then the views by name.
{
  cat styles/tokens.css styles/base.css
  for view in styles/*.css; do
    case $view in */tokens.css | */base.css | */layout.css) ;; *) cat "$view" ;; esac
  done
  cat styles/layout.css
} | esbuild --loader=css --minify >"$out/style.css"
esbuild js/editor.js --bundle --minify --format=esm --target=es2022 --outfile="$out/editor.js" --log-level=warning
