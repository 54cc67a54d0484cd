#!/usr/bin/env bash
# Starts the release binary on a free port, sends a first trace with curl and reads it back.
set -euo pipefail
cd "$(dirname "$0")/.."

binary=${1:-.build/release/skein}
data=$(mktemp -d)
"$binary" serve --http 127.0.0.1:0 --grpc off --data-dir "$data" >"$data/out" 2>"$data/err" &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$data"' EXIT

for _ in $(seq 100); do
    url=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$data/out" | head -1 || true)
    if [ -n "$url" ] && curl -fs "$url/ready" >/dev/null; then break; fi
    sleep 0.1
done
[ -n "$url" ] || { cat "$data/out" "$data/err" >&2; echo "smoke: the server did not start" >&2; exit 1; }

SKEIN_URL="$url" examples/send_first_trace.sh
answer=$(curl -fs "$url/v1/traces")
echo "$answer" | grep -q '"name":"user-query"' || { echo "smoke: the trace is not in the list: $answer" >&2; exit 1; }
kill -TERM "$server"
if wait "$server"; then code=0; else code=$?; fi
[ "$code" -eq 0 ] || { cat "$data/err" >&2; echo "smoke: exit status $code after SIGTERM" >&2; exit 1; }
echo "smoke: the trace was stored and read back, and the server stopped cleanly"
