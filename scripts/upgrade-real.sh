#!/usr/bin/env bash
# Rewrites the flows that the real Kestra 1.3 takes, and gives what changes to the real 2.0: scripts/upgrade-real.sh REAL [FLOWS]
#
# REAL is a folder with the recorders of both engines, `flows/1.3` and `records/1.3`; it needs a JDK. FLOWS is another folder of flows for
# 1.3, which are all taken to be right. The last line counts the texts that 2.0 refuses; each is named before.
set -euo pipefail
real=$(cd "$1" && pwd)
flows=${2:-$real/flows/1.3}
flows=$(cd "$flows" && pwd)
cd "$(dirname "$0")/.."
cargo build --quiet --features cli
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/in" "$work/out"
n=0 left=0
for flow in "$flows"/*.yaml; do
  name=$(basename "$flow" .yaml)
  record=$real/records/1.3/$name.json
  if [ "$flows" = "$real/flows/1.3" ] && { [ ! -f "$record" ] || grep -q '"refused"' "$record"; }; then continue; fi
  n=$((n + 1))
  cp "$flow" "$work/$name.yaml"
  target/debug/parallelogram upgrade --write "$work/$name.yaml" > /dev/null 2> "$work/said" || {
    left=$((left + 1))
    echo "left for a person: $name"
    continue
  }
  if ! cmp --quiet "$flow" "$work/$name.yaml"; then
    cp "$work/$name.yaml" "$work/in/"
    if [ -f "${flow%.yaml}.run.json" ]; then cp "${flow%.yaml}.run.json" "$work/in/"; fi
  fi
done
"$real/2.0/run.sh" "$work/in" "$work/out" > "$work/log" 2>&1 || { tail -n 5 "$work/log"; exit 1; }
refused=0 changed=0
for record in "$work/out"/*.json; do
  changed=$((changed + 1))
  if grep -qE '"(refused|harnessError)"' "$record"; then
    refused=$((refused + 1))
    echo "refused: $(basename "$record" .json): $(grep -A 1 -E '"(refused|harnessError)"' "$record" | tail -n 1)"
  fi
done
echo "$n flows of 1.3: $left left for a person, $changed rewritten, $refused of them refused by 2.0"
[ "$refused" = 0 ]
