#!/usr/bin/env bash
# Builds the release binary of a commit and prints its path. All commits are built in one worktree of their own, so that
# only what changed between them is compiled again; the first one compiles everything.
#
#   scripts/build_commit.sh COMMIT
set -euo pipefail
cd "$(dirname "$0")/.."

commit=$(git rev-parse --verify --short=12 "$1^{commit}")
binary=$PWD/.build/compare/$commit/skein
if [ ! -x "$binary" ]; then
    tree=$PWD/.build/compare/tree
    git worktree prune
    if [ -e "$tree/.git" ]; then
        git -C "$tree" checkout -q --detach "$commit"
    else
        git worktree add -q --detach "$tree" "$commit"
    fi
    swift build -c release --product skein --package-path "$tree" >&2
    mkdir -p "${binary%/*}"
    cp "$tree/.build/release/skein" "$binary"
fi
echo "$binary"
