#!/bin/sh
# Reads the well-known example documents of OpenAPI and Swagger, fetched as packages, and expects that every operation
# of theirs is understood: none set aside, none missing, and no issue but those listed in `examples.expected`.
#
#   tests/real/examples.sh [folder with the documents]
#
# Without a folder the packages are fetched with npm (petstore in every size, uspto, links, callbacks, webhooks, …).
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
    for package in @readme/oas-examples@8.2.2; do
        (cd "$work" && npm pack --silent "$package" >/dev/null && for archive in *.tgz; do tar xzf "$archive" && rm "$archive"; done)
    done
fi
find "$documents" -type f \( -name '*.json' -o -name '*.yaml' \) ! -name package.json | LC_ALL=C sort >"$work/list"
python3 "$here/examples.py" "$specwarden" "$documents" "$here/examples.expected" <"$work/list"
