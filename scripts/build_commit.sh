#!/usr/bin/env bash
# Builds the release binary of a commit and prints its path. All commits are built in one clone of their own, so that
# only what changed between them is compiled again; the first one compiles everything.
#
#   scripts/build_commit.sh COMMIT
set -euo pipefail
cd "$(dirname "$0")/.."

commit=$(git rev-parse --verify --short=12 "$1^{commit}")
binary=$PWD/.build/compare/$commit/skein
if [ ! -x "$binary" ]; then
    tree=$PWD/.build/compare/tree
    # It shares the objects of this repository, so that it knows every commit.
    [ -e "$tree/.git" ] || git clone -q --shared --no-checkout "$PWD" "$tree"
    git -C "$tree" checkout -q --detach "$commit"
    swift build -c release --product skein --package-path "$tree" >&2
    mkdir -p "${binary%/*}"
    cp "$tree/.build/release/skein" "$binary"
fi
echo "$binary"
