#!/usr/bin/env bash
# Runs random flows on Kestra's own engine, in both versions, and in ours: scripts/test-kestra.sh [N] [FIRST_SEED] [FOLDER]
#
# N flows a version, from FIRST_SEED up. Prints a line for each flow that differs, with what became of it, and a line for each version.
# Both engines run side by side. What neither a known fault nor the engine's own delays explain is recorded a second time, one flow after
# another: where both recordings differ, it was a race of the engine or a busy machine. Flows and records stay in FOLDER, which is target/kestra when not given.
set -euo pipefail
cd "$(dirname "$0")/.."
n=${1:-20} seed=${2:-1} folder=${3:-target/kestra}
cargo build --quiet --features cli
cargo test --quiet --features cli --test kestra_fresh --no-run
rm -rf "$folder"
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
record() { # FLOWS RECORDS VERSION
  target/debug/parallelogram record "$folder/$1/$3" "$folder/$2/$3" --kestra "$3"
}
compare() {
  cargo test --quiet --features cli --test kestra_fresh -- "$folder" 2>/dev/null
}
node scripts/kestra-random.mjs 1.3 "$seed" "$n" "$folder/flows/1.3"
node scripts/kestra-random.mjs 2.0 "$seed" "$n" "$folder/flows/2.0"
record flows records 1.3 &
beside=$!
trap 'kill $beside 2>/dev/null || true' EXIT
record flows records 2.0
wait $beside
compare >/dev/null || true
for version in 1.3 2.0; do
  if [ -d "$folder/again/$version" ]; then record again records-again "$version"; fi
done
status=0
compare >"$folder/differences.txt" || status=1
cat "$folder/differences.txt"
exit $status
