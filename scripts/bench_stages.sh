#!/usr/bin/env bash
# Measures each stage of ingest alone: gunzip, JSON transcoder, scanner, grouping, decoder, extraction, assembler,
# compression and the SQLite writer. Prints spans/s, microseconds of CPU, blocks asked of malloc and peak memory of each.
#
#   scripts/bench_stages.sh [--profile llm|lean|agent] [--bodies 60] [--rounds 5] [--only STAGE]
#   scripts/bench_stages.sh --build
#
# Stages in front of the store run on one thread, the median of the rounds counts. Compression and writer run together,
# eight batches at a time, over up to 200 bodies into a new file: their spans/s and memory are those of both.
# Needs python3; the load generator needs opentelemetry-proto, which is installed into .build/bench/venv.
set -euo pipefail
cd "$(dirname "$0")/.."

# Apart from the product's own build, so that neither makes the other start anew.
swift build -c release --package-path Benchmarks --scratch-path .build/benchmarks >&2
[ "${1-}" != --build ] || exit 0

profile=llm options=()
while [ $# -gt 0 ]; do
    case "$1" in
        --profile) profile=$2 ;;
        --bodies | --rounds | --only) options+=("$1" "$2") ;;
        *) sed -n "2,10p" "$0"; exit 64 ;;
    esac
    shift 2
done

traces=64
[ "$profile" != agent ] || traces=16
set=.build/bench/sets/stages-$profile
if [ ! -f "$set/manifest.json" ] || [ scripts/tools/otlp_load.py -nt "$set/manifest.json" ]; then
    rm -rf "$set"
    mkdir -p "${set%/*}"
    "$(scripts/python_env.sh opentelemetry-proto)" scripts/tools/otlp_load.py --out "$set" --profile "$profile" --seed 7 \
        --bodies 250 --traces-per-body "$traces" --json >&2
fi
.build/benchmarks/release/stages --data .build/bench ${options[@]+"${options[@]}"} "$set"
