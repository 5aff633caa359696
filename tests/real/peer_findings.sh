#!/usr/bin/env bash
# Which defects of one real server do Specwarden and Schemathesis find, each in the same time, over five seeds?
#
#   tests/real/peer_findings.sh kinto           PyPI, Swagger 2.0 at /v1/__api__, basic auth
#   tests/real/peer_findings.sh alertmanager    Debian's prometheus-alertmanager, document beside this script
#   tests/real/peer_findings.sh httpbin         PyPI, Swagger 2.0 at /spec.json; ours may send anything (--safety full)
#
#   SEEDS="1 2 3" BUDGET=20    fewer seeds; seconds of each run (60; ours ends when it has nothing more to send)
#   SPECWARDEN=path            a built program instead of a debug build of this tree
#   PEERS=path                 an environment with kinto and schemathesis, instead of target/peers/venv
#   HTTPBIN=path               an environment with httpbin and gunicorn, instead of target/peers/httpbin-venv
#   ONLY=ours | ONLY=peer      runs one of the two again, and keeps what the other found
#
# Each run meets a server that was started for it. Prints every distinct defect (a kind, at an operation) with the
# seeds that found it and the judgement in tests/real/peer_findings.judged. Says what is not judged yet. No pass or fail.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
server=${1:?kinto, alertmanager or httpbin}
budget=${BUDGET:-60}
peers=${PEERS:-$root/target/peers/venv}
out=$root/target/peers/$server
mkdir -p "$out"

if [ ! -x "$peers/bin/st" ]; then
    python3 -m venv "$peers"
    "$peers/bin/pip" install --quiet --no-compile "kinto==26.5.0" "schemathesis==4.32.5"
fi
httpbin=${HTTPBIN:-$root/target/peers/httpbin-venv}
if [ "$server" = httpbin ] && [ ! -x "$httpbin/bin/gunicorn" ]; then
    python3 -m venv "$httpbin"
    "$httpbin/bin/pip" install --quiet --no-compile "httpbin==0.10.4" flasgger gunicorn packaging
fi
if [ -z "${SPECWARDEN:-}" ]; then
    cargo build --quiet
    SPECWARDEN=$root/target/debug/specwarden
fi

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

running=
stop() {
    [ -z "$running" ] || kill "$running" 2> /dev/null || true
    [ -z "$running" ] || wait "$running" 2> /dev/null || true
    running=
}
trap stop EXIT

start() { # sets base, document, login
    port=$(free_port)
    case $server in
    kinto)
        cat > "$out/kinto.ini" << INI
[server:main]
use = egg:waitress#main
host = 127.0.0.1
port = %(http_port)s

[app:main]
use = egg:kinto
kinto.includes = kinto.plugins.default_bucket
                 kinto.plugins.admin
kinto.storage_backend = kinto.core.storage.memory
kinto.cache_backend = kinto.core.cache.memory
kinto.permission_backend = kinto.core.permission.memory
kinto.userid_hmac_secret = for-tests-alone
kinto.default_bucket_hmac_secret = for-tests-alone
kinto.bucket_create_principals = system.Authenticated
multiauth.policies = basicauth

[loggers]
keys = root
[handlers]
keys = console
[formatters]
keys = plain
[logger_root]
level = ERROR
handlers = console
[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = plain
[formatter_plain]
format = %(message)s
INI
        "$peers/bin/kinto" start --ini "$out/kinto.ini" --port "$port" 2> "$out/server-$1.log" > /dev/null &
        base=http://127.0.0.1:$port/v1 document=http://127.0.0.1:$port/v1/__api__ login=admin:s3cret
        ;;
    alertmanager)
        printf 'route:\n  receiver: nobody\nreceivers:\n  - name: nobody\n' > "$out/alertmanager.yml"
        rm -rf "$out/data"
        prometheus-alertmanager --config.file="$out/alertmanager.yml" --storage.path="$out/data" \
            --cluster.listen-address= --web.listen-address="127.0.0.1:$port" 2> "$out/server-$1.log" > /dev/null &
        base=http://127.0.0.1:$port/api/v2 document=$root/tests/real/alertmanager.yaml login=
        ;;
    httpbin)
        "$httpbin/bin/gunicorn" --worker-class gthread --workers 1 --threads 8 --bind "127.0.0.1:$port" \
            --log-level error httpbin:app 2> "$out/server-$1.log" > /dev/null &
        base=http://127.0.0.1:$port document=http://127.0.0.1:$port/spec.json login=
        safety=full
        ;;
    *)
        echo "unknown server $server" >&2
        exit 2
        ;;
    esac
    running=$!
    for _ in $(seq 100); do
        python3 -c "import socket; socket.create_connection(('127.0.0.1', $port), 1)" 2> /dev/null && return
        kill -0 "$running" || { cat "$out/server-$1.log" >&2; exit 1; }
        sleep 0.1
    done
}

for seed in ${SEEDS:-1 2 3 4 5}; do
    if [ "${ONLY:-ours}" = ours ]; then
        start "ours-$seed"
        began=$(date +%s.%N)
        code=0
        (cd "$out" && SPECWARDEN_API_KEY=$login "$SPECWARDEN" test "$document" --base-url "$base" --seed "$seed" \
            --safety "${safety:-own-resources}" --max-time "$budget" --format json > "ours-$seed.json" 2> "ours-$seed.txt") || code=$?
        case $code in 0 | 1 | 4) ;; *) cat "$out/ours-$seed.txt" >&2; exit 1 ;; esac
        date +%s.%N | awk -v began="$began" '{ printf "%.1f\n", $1 - began }' > "$out/ours-$seed.seconds"
        stop
    fi
    if [ "${ONLY:-peer}" = peer ]; then
        start "peer-$seed"
        began=$(date +%s.%N)
        # Phases before the last ones are not cut by its own budget; twice as much is the end of it.
        (cd "$out" && timeout $((2 * budget)) "$peers/bin/st" run "$document" --url "$base" ${login:+-a "$login"} \
            --seed "$seed" --max-time "$budget" --continue-on-failure --generation-database none --no-color \
            --report json --report-json-path "peer-$seed.json" > "peer-$seed.txt" 2>&1) || true
        date +%s.%N | awk -v began="$began" '{ printf "%.1f\n", $1 - began }' > "$out/peer-$seed.seconds"
        stop
    fi
done
exec python3 tests/real/peer_findings.py "$out" "$root/tests/real/peer_findings.judged" "$server"
