#!/usr/bin/env bash
# Fuzzes the ways of foreign bytes into the program: libFuzzer under AddressSanitizer and LeakSanitizer.
# Usage: scripts/fuzz.sh [--runs N | --seconds N] [--keep] [TARGET...]
#   --runs N     inputs for each target (default 100000)
#   --seconds N  time for each target instead
#   --keep       then keep what covers something new in Tests/Fixtures/fuzz, which the tests run
# Targets: protobuf json gzip grpc parts query http (default: all). A finding ends the run; its input is in dist/fuzz.
set -euo pipefail
cd "$(dirname "$0")/.."

all=(protobuf json gzip grpc parts query http)
limit=(-runs=100000)
keep=0
targets=()
while [ $# -gt 0 ]; do
    case "$1" in
        --runs) limit=("-runs=$2"); shift ;;
        --seconds) limit=("-max_total_time=$2"); shift ;;
        --keep) keep=1 ;;
        -*) sed -n '3,7s/^# //p' "$0"; exit 2 ;;
        *) [[ " ${all[*]} " == *" $1 "* ]] || { echo "no target $1; there are: ${all[*]}" >&2; exit 2; }
           targets+=("$1") ;;
    esac
    shift
done
[ ${#targets[@]} -gt 0 ] || targets=("${all[@]}")

runtime=$(clang -print-resource-dir)/lib/linux/libclang_rt.fuzzer_no_main-$(uname -m).a
[ -f "$runtime" ] || { echo "this toolchain has no libFuzzer: $runtime" >&2; exit 1; }
build=${SKEIN_FUZZ_BUILD:-.build/fuzz-build}
echo "Building for fuzzing. The first build compiles everything it stands on: 10 minutes on two cores."
SKEIN_FUZZ=$runtime swift build -c release --product skein-fuzz --scratch-path "$build" --sanitize address
binary=$build/release/skein-fuzz

# Longer inputs find little more and cost time.
declare -A longest=([protobuf]=4096 [json]=4096 [gzip]=4096 [grpc]=1024 [parts]=1024 [query]=512 [http]=2048)
# The sanitizer says where a crash is; Swift's own report would be caught by it.
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=quarantine_size_mb=32:malloc_context_size=5
total=0
for target in "${targets[@]}"; do
    export SKEIN_FUZZ_TARGET=$target
    corpus=dist/fuzz/corpus/$target
    mkdir -p "$corpus" "Tests/Fixtures/fuzz/$target"
    options=(-max_len="${longest[$target]}" -timeout=100 -rss_limit_mb=4096 -print_final_stats=1)
    dictionary=Tests/FuzzTests/Dictionaries/$target.dict
    [ -f "$dictionary" ] && options+=(-dict="$dictionary")
    # With threads, memory of one input is freed during the next: leaks are looked for at the end alone.
    [ "$target" = http ] && options+=(-detect_leaks=0)
    log=dist/fuzz/$target.log
    echo "== $target"
    if ! "$binary" "${limit[@]}" "${options[@]}" -artifact_prefix="dist/fuzz/$target-" \
        "$corpus" "Tests/Fixtures/fuzz/$target" >"$log" 2>&1; then
        tail -60 "$log" >&2
        echo "fuzz: $target has a finding; its input is the newest dist/fuzz/$target-*" >&2
        exit 1
    fi
    runs=$(awk '/stat::number_of_executed_units/ {print $2}' "$log")
    total=$((total + runs))
    grep -aE '^#[0-9]+.*DONE' "$log" | tail -1
    if [ "$keep" = 1 ]; then
        # What reaches new code, not what reaches the same more often: few files, which the tests run in seconds.
        "$binary" -set_cover_merge=1 -use_counters=0 "${options[@]}" "Tests/Fixtures/fuzz/$target" "$corpus" \
            >"$log.merge" 2>&1
    fi
done
echo "fuzz: $total inputs, no finding"
