#!/usr/bin/env bash
# Measures ingest on the release build: spans/s acknowledged durable, server CPU and disk per span, peak memory, what
# the index behind takes, and the time to read a trace by id afterwards. Three runs on fresh data; the last line is the
# medians.
#
#   scripts/bench_ingest.sh [--profile llm|lean] [--bodies 1000] [--connections 8] [--runs 3] [--text-index on|off]
#
# Needs gcc and python3; the load generator needs opentelemetry-proto, which is installed into .build/bench/venv.
set -euo pipefail
cd "$(dirname "$0")/.."

profile=llm bodies=1000 connections=8 runs=3 index=on
while [ $# -gt 0 ]; do
    case "$1" in
        --profile) profile=$2 ;;
        --bodies) bodies=$2 ;;
        --connections) connections=$2 ;;
        --runs) runs=$2 ;;
        --text-index) index=$2 ;;
        *) sed -n "2,9p" "$0"; exit 64 ;;
    esac
    shift 2
done

work=.build/bench
mkdir -p "$work"
[ "$work/blast" -nt scripts/tools/otlp_blast.c ] || gcc -O2 -o "$work/blast" scripts/tools/otlp_blast.c 2>/dev/null
python=$(scripts/python_env.sh opentelemetry-proto)
exec "$python" scripts/bench_ingest.py --work "$work" --profile "$profile" --bodies "$bodies" \
    --connections "$connections" --runs "$runs" --text-index "$index"
