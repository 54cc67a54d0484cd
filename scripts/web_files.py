#!/usr/bin/env python3
"""Writes Sources/CAssets/web_files.h: which files of Assets/web are embedded, and of which type they are.

    scripts/web_files.py [--check]

With --check nothing is written, and the exit status is 1 when the table is stale.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent / "Sources/CAssets"
TABLE = ROOT / "web_files.h"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


def table():
    """The text of the table; a file of an unknown type ends the script."""
    web = ROOT / "Assets/web"
    arrays, rows = [], []
    for path in sorted(web.rglob("*")):
        if path.is_dir():
            continue
        if path.suffix not in TYPES:
            sys.exit("web_files: %s has no media type; name it in scripts/web_files.py" % path)
        name = path.relative_to(web).as_posix()
        symbol = "web_" + re.sub(r"[^A-Za-z0-9]", "_", name)
        arrays.append('static const unsigned char %s[] = {\n#embed "Assets/web/%s"\n};\n' % (symbol, name))
        rows.append('    {"%s", "%s", %s, sizeof(%s)},\n' % (name, TYPES[path.suffix], symbol, symbol))
    head = "/* web_files.h - written by scripts/web_files.py; not edited by hand. */\n"
    return head + "".join(arrays) + "static const skein_web_file web_files[] = {\n" + "".join(rows) + "};\n"


if __name__ == "__main__":
    text = table()
    if sys.argv[1:] == ["--check"]:
        if not TABLE.exists() or TABLE.read_text() != text:
            sys.exit("web_files: Sources/CAssets/web_files.h is stale, run scripts/web_files.py")
    else:
        TABLE.write_text(text)
