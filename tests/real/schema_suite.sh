#!/usr/bin/env bash
# Judges every value of JSON-Schema-Test-Suite by its schema, standing in a Swagger 2.0, OpenAPI 3.0 or 3.1 document.
#
#   tests/real/schema_suite.sh       fetch the suite (in the source package of PyPI's jsonschema) into target/, run
#
# Passes if every answer is the suite's, but for those listed with their reason in tests/real/schema_suite.expected.
set -euo pipefail
cd "$(dirname "$0")/../.."
home=target/schema-suite
version=4.26.0

if [ ! -d "$home/json/tests" ]; then
    mkdir -p "$home"
    python3 -m pip download --quiet --no-deps --no-binary :all: --dest "$home" "jsonschema==$version"
    tar -xzf "$home/jsonschema-$version.tar.gz" -C "$home" --strip-components=1
fi
cargo run --quiet --example schema_suite -- "$home/json" tests/real/schema_suite.expected
