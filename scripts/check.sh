#!/usr/bin/env bash
# What CI checks besides the tests: format, sizes, generated files, docs in step with the code.
set -euo pipefail
cd "$(dirname "$0")/.."

swift format lint --strict --recursive Sources Tests Benchmarks Package.swift
scripts/proto.sh --check
python3 scripts/web_files.py --check

failed=0
while read -r lines file; do
    if [ "$lines" -gt 500 ]; then
        echo "check: $file has $lines lines, at most 500 are allowed" >&2
        failed=1
    fi
done < <(find Sources Tests -name '*.swift' -not -path '*/Generated/*' -exec wc -l {} + | awk '$2 != "total" {print $1, $2}')

long=$(python3 scripts/function_lengths.py 60 Sources) || { echo "$long" >&2; failed=1; }
exit $failed
