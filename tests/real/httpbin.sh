#!/usr/bin/env bash
# Runs Specwarden against httpbin, a real server that nobody here wrote (PyPI, Swagger 2.0 at /spec.json).
#
#   tests/real/httpbin.sh            install into target/httpbin, start on a free port, test, stop
#   SEED=7 tests/real/httpbin.sh     with another seed
#
# Passes if the document loads whole, every operation is sent cases, and no finding is outside the list of those that
# were read and judged (tests/real/httpbin.expected).
set -euo pipefail
cd "$(dirname "$0")/../.."
home=target/httpbin
out=$home/out
mkdir -p "$out"

if [ ! -x "$home/venv/bin/gunicorn" ]; then
    python3 -m venv "$home/venv"
    "$home/venv/bin/pip" install --quiet "httpbin==0.10.4" flasgger gunicorn packaging
fi
# The tests build it too, with the same dependencies as everything else here.
cargo test --quiet --no-run
specwarden=$PWD/target/debug/specwarden

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$home/venv/bin/gunicorn" --worker-class gthread --workers 1 --threads 8 --bind "127.0.0.1:$port" --log-level error httpbin:app \
    2> "$out/server.log" &
server=$!
trap 'kill "$server" 2> /dev/null || true; wait "$server" 2> /dev/null || true' EXIT
for _ in $(seq 100); do
    python3 -c "import socket; socket.create_connection(('127.0.0.1', $port), 1)" 2> /dev/null && break
    kill -0 "$server" || { cat "$out/server.log"; exit 1; }
    sleep 0.1
done

code=0
(cd "$out" && "$specwarden" test "http://127.0.0.1:$port/spec.json" --base-url "http://127.0.0.1:$port" \
    --safety full --seed "${SEED:-1}" --timeout 20000 --format json > report.json 2> talk.txt) || code=$?
case $code in 0 | 1) ;; *) cat "$out/talk.txt"; echo "specwarden ended with $code"; exit 1 ;; esac
python3 tests/real/judge.py "$out/report.json" tests/real/httpbin.expected
