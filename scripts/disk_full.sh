#!/usr/bin/env bash
# Fills the disk under a running server and frees it again: refusals are 503 with Retry-After, the process lives,
# writing goes on by itself, and nothing acknowledged is lost. Needs root (it mounts a small tmpfs) and curl.
set -euo pipefail
cd "$(dirname "$0")/.."

binary=${1:-.build/release/skein}
data=$(mktemp -d)
mount -t tmpfs -o size=24m tmpfs "$data"
"$binary" serve --http 127.0.0.1:0 --grpc off --data-dir "$data/store" >"$data.out" 2>"$data.err" &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; umount "$data"; rm -rf "$data" "$data.out" "$data.err" "$data.head"' EXIT
for _ in $(seq 100); do
    url=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$data.out" | head -1 || true)
    if [ -n "$url" ] && curl -fs "$url/ready" >/dev/null; then break; fi
    sleep 0.1
done

sent=0
send() { # sends trace $1: one span with 8 KB of text that does not compress
    printf '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"%032x","spanId":"%016x","name":"s","startTimeUnixNano":"1","endTimeUnixNano":"2","attributes":[{"key":"t","value":{"stringValue":"%s"}}]}]}]}]}' \
        "$1" "$1" "$(head -c 6000 /dev/urandom | base64 -w0)" |
        curl -s -o /dev/null -D "$data.head" -w '%{http_code}' -H 'Content-Type: application/json' --data-binary @- "$url/v1/traces"
}
fail() { echo "disk full: $1" >&2; cat "$data.err" >&2; exit 1; }

for sent in 1 2 3 4 5; do [ "$(send "$sent")" = 200 ] || fail "the first spans are refused"; done
good=$sent
head -c 24m /dev/zero >"$data/filler" 2>/dev/null || true
status=200
while [ "$status" = 200 ] && [ "$sent" -lt 3000 ]; do
    sent=$((sent + 1))
    status=$(send "$sent")
    [ "$status" = 200 ] && good=$sent
done
[ "$status" = 503 ] || fail "expected 503 on a full disk, got $status"
grep -qi '^retry-after:' "$data.head" || fail "no Retry-After"
[ "$(curl -s -o /dev/null -w '%{http_code}' "$url/ready")" = 503 ] || fail "/ready is not 503"
[ "$(curl -s -o /dev/null -w '%{http_code}' "$url/health")" = 200 ] || fail "/health is not 200"
[ "$(curl -s -o /dev/null -w '%{http_code}' "$url/v1/traces")" = 200 ] || fail "reading does not work on a full disk"
rm "$data/filler"
[ "$(curl -s -o /dev/null -w '%{http_code}' "$url/ready")" = 200 ] || fail "/ready does not recover"
[ "$(send "$sent")" = 200 ] || fail "writing does not go on"
for id in 1 "$good" "$sent"; do
    curl -fs "$url/v1/traces/$(printf '%032x' "$id")" >/dev/null || fail "trace $id is lost"
done
echo "disk full: refused with 503 after $good spans, recovered by itself, nothing lost"
