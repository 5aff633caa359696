#!/usr/bin/env bash
# Times values of the same request bodies beside two generators in Python: Schemathesis, and hypothesis-jsonschema.
#
#   tests/real/generation_peer.sh                  install the peers into target/generation/peers, measure, print a table
#   STRIDE=2 VALUES=50 tests/real/generation_peer.sh    more documents, more values of each body
#
# All run on one core, in turn, a handful of documents at a time, so that a busy machine slows all of them. The peers are
# charged CPU time, we are charged time by the clock (at our own cost). A peer has 20 CPU seconds for each body.
# Needs the documents that tests/real/generation.sh fetches.
set -euo pipefail
cd "$(dirname "$0")/../.."
home=$PWD/target/generation
peers=$home/peers
[ -s "$home/documents.txt" ] || { echo "run tests/real/generation.sh first" >&2; exit 2; }
if [ ! -x "$peers/bin/python" ]; then
    python3 -m venv "$peers"
    "$peers/bin/pip" install --quiet schemathesis==4.32.5 hypothesis-jsonschema==0.23.1
fi
awk "NR % ${STRIDE:-8} == 0" "$home/documents.txt" > "$home/peer-documents.txt"
cargo build --quiet --profile bench --no-default-features --example generation
exec "$peers/bin/python" tests/real/generation_peer.py "$home/peer-documents.txt" \
    target/release/examples/generation "${VALUES:-20}" "$home/peers.json"
