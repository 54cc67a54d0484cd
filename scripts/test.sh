#!/usr/bin/env bash
# Runs the checks and every test (debug build).
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/check.sh
echo "Building the tests (debug). The first build compiles everything it stands on: several minutes on two cores."
# So many tests at a time: with all at once the time limit of one counts the work of a thousand others.
swift test -Xswiftc -warnings-as-errors --explicit-target-dependency-import-check error \
    --experimental-maximum-parallelization-width 16 "$@"
