#!/usr/bin/env bash
# Sends one trace of three spans to Skein with curl (OTLP/JSON), fresh ids and times at each run.
#
#   examples/send_first_trace.sh
#   SKEIN_URL=http://127.0.0.1:5318 examples/send_first_trace.sh     for a server at another address
#
# Needs curl, od and date. Exit status 0: the server has stored the trace.
set -euo pipefail

url=${SKEIN_URL:-http://127.0.0.1:4318}
url=${url%/}

command -v curl >/dev/null || { echo "send_first_trace: curl is not installed" >&2; exit 1; }

# N random bytes in hex; the leading digit is never 0, so an id is never all zero.
random_hex() {
    printf 'a%s' "$(od -An -N "$1" -tx1 /dev/urandom | tr -d ' \n' | cut -c 2-)"
}

# A time in nanoseconds since the Unix epoch: the start plus some milliseconds.
start_seconds=$(date +%s)
at() {
    printf '%d%03d000000' "$((start_seconds + $1 / 1000))" "$(($1 % 1000))"
}

trace=$(random_hex 16)
root=$(random_hex 8)

body=$(cat <<JSON
{"resourceSpans": [{
  "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "first-trace"}}]},
  "scopeSpans": [{
    "scope": {"name": "send_first_trace"},
    "spans": [
      {"traceId": "$trace", "spanId": "$root", "name": "user-query", "kind": 2,
       "startTimeUnixNano": "$(at 0)", "endTimeUnixNano": "$(at 1234)",
       "attributes": [{"key": "user_id", "value": {"stringValue": "user-123"}}],
       "status": {"code": 1}},
      {"traceId": "$trace", "spanId": "$(random_hex 8)", "parentSpanId": "$root", "name": "find-documents", "kind": 1,
       "startTimeUnixNano": "$(at 12)", "endTimeUnixNano": "$(at 180)",
       "attributes": [{"key": "documents.found", "value": {"intValue": "4"}}]},
      {"traceId": "$trace", "spanId": "$(random_hex 8)", "parentSpanId": "$root", "name": "llm-call", "kind": 3,
       "startTimeUnixNano": "$(at 190)", "endTimeUnixNano": "$(at 1200)",
       "attributes": [
         {"key": "llm.vendor", "value": {"stringValue": "openai"}},
         {"key": "llm.model", "value": {"stringValue": "gpt-4"}},
         {"key": "llm.tokens.input", "value": {"intValue": "150"}},
         {"key": "llm.tokens.output", "value": {"intValue": "200"}},
         {"key": "llm.cost", "value": {"doubleValue": 0.0135}}]}
    ]
  }]
}]}
JSON
)

if ! answer=$(curl -sS --max-time 30 -w '\n%{http_code}' \
    -H 'Content-Type: application/json' --data-binary "$body" "$url/v1/traces"); then
    echo "send_first_trace: no server answers at $url. Start one with 'make run', or set SKEIN_URL." >&2
    exit 1
fi
status=${answer##*$'\n'}
answer=${answer%$'\n'*}

if [ "$status" != 200 ]; then
    echo "send_first_trace: $url/v1/traces answered $status: $answer" >&2
    exit 1
fi
case $answer in
*rejectedSpans*)
    echo "send_first_trace: stored in part only: $answer" >&2
    exit 1
    ;;
esac

echo "Stored trace $trace. Look at it:"
echo "  curl $url/v1/traces/$trace"
