#!/usr/bin/env bash
# Makes dist/skein-VERSION-ARCH.tar.gz: the binary with the Swift runtime inside, so that it starts without a toolchain.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/build_release.sh
version=$(.build/release/skein --version)
name="skein-$version-$(uname -m)"
rm -rf "dist/$name"
mkdir -p "dist/$name"
cp .build/release/skein README.md CHANGELOG.md "dist/$name/"
strip "dist/$name/skein"
tar -C dist -czf "dist/$name.tar.gz" "$name"
rm -rf "dist/${name:?}"
echo "dist/$name.tar.gz: needs libprotobuf-c1, libsqlite3-0, libzstd1, libdeflate0 and zlib1g of the system"
