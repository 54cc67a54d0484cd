#!/usr/bin/env bash
# Installs the C libraries that the build needs, when they are missing. Says what to do where it cannot.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(libprotobuf-c-dev libsqlite3-dev libzstd-dev libdeflate-dev zlib1g-dev pkg-config sqlite3)

if ! command -v swift >/dev/null; then
    echo "skein needs Swift 6.2 or newer, and there is no 'swift' on the PATH." >&2
    echo "Install a toolchain (https://www.swift.org/install) and run this again." >&2
    exit 1
fi
version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+)\.([0-9]+).*/\1 \2/p' | head -1)
read -r major minor <<<"${version:-0 0}"
if [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -lt 2 ]; }; then
    echo "skein needs Swift 6.2 or newer, this is Swift $major.$minor." >&2
    echo "Install a newer toolchain (https://www.swift.org/install) and run this again." >&2
    exit 1
fi

missing=()
if command -v dpkg-query >/dev/null; then
    for package in "${packages[@]}"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
    done
else
    for library in libprotobuf-c sqlite3 libzstd libdeflate zlib; do
        pkg-config --exists "$library" 2>/dev/null || missing+=("$library")
    done
fi
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
    echo "skein needs the development files of these libraries: ${missing[*]}" >&2
    echo "This is no Debian or Ubuntu, so install them with the package manager of this system, then run this again." >&2
    exit 1
fi
sudo=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "skein needs these packages, and there is no sudo here: ${missing[*]}" >&2
        echo "Install them as root: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    sudo=(sudo)
fi
echo "Installing: ${missing[*]}"
"${sudo[@]}" apt-get install -y -q "${missing[@]}" >/dev/null 2>&1 || {
    "${sudo[@]}" apt-get update -q >/dev/null
    "${sudo[@]}" apt-get install -y -q "${missing[@]}" >/dev/null
}
