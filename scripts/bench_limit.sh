#!/usr/bin/env bash
# Builds the limit program (Benchmarks/limit) and runs it over a set of scripts/tools/otlp_load.py, in a fresh folder:
# what the same bodies cost when they are scanned, decoded, compressed and inserted, and nothing else.
#
#   scripts/bench_limit.sh [--warm 50] [--per-commit 8] [--dictionary own|shipped|none] [--level N] SET
#   scripts/bench_limit.sh --build
#
# Needs cc and the libraries of scripts/setup.sh.
set -euo pipefail
cd "$(dirname "$0")/.."

work=.build/bench
program=$work/limit
mkdir -p "$work"
sources=(Benchmarks/limit/*.c Sources/CSQLiteSetup/*.c)
while IFS= read -r -d '' each; do sources+=("$each"); done < <(find Sources/COTLP -name '*.c' -print0)
newest=$(find Benchmarks/limit Sources/COTLP Sources/CSQLiteSetup -name '*.[ch]' -newer "$program" -print -quit 2>/dev/null || echo all)
if [ ! -x "$program" ] || [ -n "$newest" ]; then
    cc -std=gnu11 -O2 -Wall -Wextra -Wno-missing-braces -o "$program" -ISources/COTLP/include -ISources/COTLP/Generated -ISources/CSQLiteSetup/include \
        -ISources/CSQLiteSetup "${sources[@]}" -lprotobuf-c -lzstd -lsqlite3 -lpthread
fi
[ "${1-}" != --build ] || exit 0

data=$(mktemp -d "$work/limit.XXXXXX")
trap 'rm -rf "$data"' EXIT
"$program" --data "$data" "$@"
