#!/usr/bin/env bash
# Runs the checks and every test (debug build).
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/check.sh
echo "Building the tests (debug). The first build compiles everything it stands on: several minutes on two cores."
swift test -Xswiftc -warnings-as-errors --explicit-target-dependency-import-check error "$@"
