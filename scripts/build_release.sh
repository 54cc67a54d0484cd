#!/usr/bin/env bash
# Builds the release binary, and says beforehand when that will take long.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ ! -x .build/release/skein ]; then
    echo "Building skein (release). The first build compiles everything it stands on: 5 to 15 minutes on two cores,"
    echo "more on a busy machine. Later builds take seconds."
fi
swift build -c release --product skein
