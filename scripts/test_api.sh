#!/usr/bin/env bash
# Holds the running server against /openapi.json with schemathesis: no server error, no answer that is not documented,
# no method, parameter or value that is taken although it should not be.
#
#   scripts/test_api.sh [--seconds 300] [--seed N] [--if-possible] [BINARY]
#
# The binary is .build/debug/skein, which is built when it is not there. Needs python3; schemathesis is installed into
# .build/bench/venv. With --if-possible a machine where it cannot be installed skips the test, and says so.
set -euo pipefail
cd "$(dirname "$0")/.."

arguments=() optional=no binary=
while [ $# -gt 0 ]; do
    case "$1" in
        --seconds | --seed) arguments+=("$1" "$2"); shift ;;
        --if-possible) optional=yes ;;
        -*) sed -n "2,8p" "$0"; exit 64 ;;
        *) binary=$1 ;;
    esac
    shift
done

if ! python=$(scripts/python_env.sh "schemathesis>=4,<5"); then
    [ "$optional" = yes ] || { echo "test_api: schemathesis could not be installed" >&2; exit 1; }
    echo "test_api: SKIPPED, schemathesis could not be installed"
    exit 0
fi
if [ -z "$binary" ]; then
    binary=.build/debug/skein
    [ -x "$binary" ] || swift build --product skein
fi
exec "$python" scripts/test_api.py "$binary" ${arguments[@]+"${arguments[@]}"}
