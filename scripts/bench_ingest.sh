#!/usr/bin/env bash
# Measures ingest on the release build: spans/s acknowledged durable, server CPU and disk per span, peak memory, what
# the index behind takes, and the time to read a trace by id afterwards. Runs on fresh data, one after the other; the
# table has the medians. "of ingest" is CPU without the thread of the text index, "x limit" how many times that of the
# limit program (scripts/bench_limit.sh) it is, over the same bodies in the same run.
#
#   scripts/bench_ingest.sh [--profile llm|lean|agent] [--bodies 1000] [--connections 8] [--runs 3] [--text-index on|off]
#                           [--transport http,gzip,json,grpc,grpc-gzip] [--allocations] [--no-limit] [--compare A B]
#
# --compare measures two commits in turns: each is built in .build/compare when it is not there yet, `.` is the release
# build of the working tree. --allocations counts blocks asked of malloc, in a run of its own for each row.
#
# Needs gcc and python3; the load generator needs opentelemetry-proto, gRPC needs grpcio: both are installed into
# .build/bench/venv.
set -euo pipefail
cd "$(dirname "$0")/.."

case "${1-}" in -h | --help) sed -n "2,17p" "$0"; exit 64 ;; esac
work=.build/bench
mkdir -p "$work"
[ "$work/blast" -nt scripts/tools/otlp_blast.c ] || gcc -O2 -o "$work/blast" scripts/tools/otlp_blast.c 2>/dev/null
packages=(opentelemetry-proto)
case "$*" in *grpc*) packages+=(grpcio) ;; esac
python=$(scripts/python_env.sh "${packages[@]}")
exec "$python" scripts/bench_ingest.py --work "$work" "$@"
