#!/bin/sh
# Reads the well-known example documents of OpenAPI and Swagger, fetched as packages, and expects that every operation
# of theirs is understood: none set aside, none missing, and no issue but those listed in `examples.expected`.
#
#   tests/real/examples.sh [folder with the documents]
#
# Without a folder the packages are fetched with npm and pip (petstore in every size, uspto, links, callbacks, webhooks, …).
# Needs python3 and a built binary (`cargo build`), or one named by SPECWARDEN.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
specwarden=${SPECWARDEN:-$root/target/debug/specwarden}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ $# -gt 0 ]; then
    documents=$1
else
    documents=$work
    (
        cd "$work"
        # The examples of the specification and many more, by feature.
        npm pack --silent @readme/oas-examples@8.2.2 >/dev/null
        tar xzf ./*.tgz
        # Real documents of several megabytes.
        python3 -m pip download --quiet --no-deps --no-binary :all: openapi-spec-validator==0.9.0
        tar xzf ./*.tar.gz
        mkdir large
        for name in github kubernetes stripe petstore-v3; do
            mv openapi_spec_validator-0.9.0/tests/bench/specs/$name.yaml large/
        done
        rm -r openapi_spec_validator-0.9.0 ./*.tgz ./*.tar.gz
    )
fi
find "$documents" -type f \( -name '*.json' -o -name '*.yaml' \) ! -name package.json | LC_ALL=C sort >"$work/list"
python3 "$here/examples.py" "$specwarden" "$documents" "$here/examples.expected" <"$work/list"
