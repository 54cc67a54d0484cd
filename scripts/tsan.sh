#!/usr/bin/env bash
# Runs the tests under ThreadSanitizer; fails on a race that scripts/tsan.supp does not explain.
# Usage: scripts/tsan.sh [arguments of swift test]
set -euo pipefail
cd "$(dirname "$0")/.."

build=${SKEIN_TSAN_BUILD:-.build/tsan-build}
echo "Building the tests for ThreadSanitizer. The first build compiles everything it stands on: 15 minutes on two cores."
swift build --build-tests --sanitize=thread --scratch-path "$build"
log=$build/tsan.log
status=0
# Few tests at a time: under the sanitizer all at once would take longer than the deadlines that they test.
TSAN_OPTIONS="suppressions=$PWD/scripts/tsan.supp:halt_on_error=0:exitcode=66:print_suppressions=1" \
    swift test --skip-build --sanitize=thread --scratch-path "$build" \
    --experimental-maximum-parallelization-width 4 "$@" >"$log" 2>&1 || status=$?
grep -E '^. (Test run|Suite .* failed|Test .* failed)|Executed [0-9]+ tests' "$log" | tail -20 || true
reports=$(grep -c 'WARNING: ThreadSanitizer' "$log" || true)
if [ "$reports" -gt 0 ] || [ "$status" -ne 0 ]; then
    grep -E 'SUMMARY: ThreadSanitizer' "$log" | sort | uniq -c | sort -rn >&2 || true
    echo "tsan: $reports reports, exit $status; all of it in $log" >&2
    exit 1
fi
echo "tsan: no report"
