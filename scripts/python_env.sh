#!/usr/bin/env bash
# Makes .build/bench/venv with the named Python packages, and prints the path of its interpreter.
#
#   scripts/python_env.sh PACKAGE...
set -euo pipefail
cd "$(dirname "$0")/.."

venv=.build/bench/venv
if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    rm -rf "$venv"
    mkdir -p .build/bench
    python3 -m venv "$venv" >&2
fi
for package in "$@"; do
    "$venv/bin/python" -m pip show -q "$package" >/dev/null 2>&1 ||
        "$venv/bin/python" -m pip install -q --disable-pip-version-check --retries 2 --timeout 20 "$package" >&2
done
echo "$PWD/$venv/bin/python"
