#!/usr/bin/env bash
# Writes Sources/COTLP/Generated anew from proto/ with protoc-c (Debian: protobuf-c-compiler).
#
#   scripts/proto.sh           regenerate
#   scripts/proto.sh --check   exit 1 when the committed files are stale; exit 0 with a word when protoc-c is absent
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v protoc-c >/dev/null; then
    if [ "${1:-}" = "--check" ]; then
        echo "proto: protoc-c is not installed, freshness not checked"
        exit 0
    fi
    echo "proto: protoc-c is missing. Install it: apt-get install protobuf-c-compiler" >&2
    exit 1
fi

out=Sources/COTLP/Generated
[ "${1:-}" = "--check" ] && out=$(mktemp -d)
mkdir -p "$out"
rm -rf "${out:?}"/opentelemetry "${out:?}"/google "${out:?}"/grpc
find proto -name '*.proto' | sort | sed 's|^proto/||' | xargs protoc-c -I proto --c_out="$out"

if [ "${1:-}" = "--check" ]; then
    trap 'rm -rf "$out"' EXIT
    # The generator's version stands in its output: compare only what the messages say.
    if ! diff -r --exclude=module.modulemap -I 'PROTOBUF_C' -I 'protoc-c' "$out" Sources/COTLP/Generated; then
        echo "proto: Sources/COTLP/Generated is stale. Run: make proto" >&2
        exit 1
    fi
    echo "proto: generated files are fresh"
fi
