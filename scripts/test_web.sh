#!/usr/bin/env bash
# Drives the web page with a real browser against the real server, with the corpus loaded: Tests/Web.
#
#   scripts/test_web.sh [--if-possible] [--sources] [BINARY] [-- PYTEST ARGUMENTS]
#
# The binary is .build/debug/skein, which is built when it is not there. With --sources the files of the page come from the
# sources in place of the binary. Needs python3 and Chromium (CHROMIUM names one; else chromium or google-chrome); Playwright,
# pytest and axe-core are installed into .build/bench/venv. With --if-possible a machine without them skips the tests, and
# says so.
set -euo pipefail
cd "$(dirname "$0")/.."

optional=no binary=
while [ $# -gt 0 ]; do
    case "$1" in
        --if-possible) optional=yes ;;
        --sources) export SKEIN_WEB_SOURCES=1 ;;
        --) shift; break ;;
        -*) sed -n "2,9p" "$0"; exit 64 ;;
        *) binary=$1 ;;
    esac
    shift
done

missing() {
    [ "$optional" = yes ] || { echo "test_web: $1" >&2; exit 1; }
    echo "test_web: SKIPPED, $1"
    exit 0
}
[ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v google-chrome >/dev/null ||
    missing "Chromium is not installed (apt-get install chromium)"
python=$(scripts/python_env.sh "playwright>=1.50,<2" "pytest>=8,<10" "axe-core-python>=0.1,<1") ||
    missing "Playwright, pytest or axe-core could not be installed"
if [ -z "$binary" ]; then
    binary=.build/debug/skein
    [ -x "$binary" ] || swift build --product skein
fi
SKEIN_BINARY=$(realpath "$binary") exec "$python" -m pytest -q -p no:cacheprovider Tests/Web "$@"
