#!/usr/bin/env python3
"""Writes Sources/CAssets/web_files.h: which files of Assets/web are embedded, their types, and what each page begins with.

    scripts/web_files.py [--check]

The style sheets become one file, style.css. The pages are those of js/routes.js; each has the modules that it imports, so
that a browser can be told of all of them at once. With --check nothing is written, and the exit status is 1 when the table is
stale.
"""
import pathlib
import posixpath
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent / "Sources/CAssets"
WEB = ROOT / "Assets/web"
TABLE = ROOT / "web_files.h"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
# In the order in which they hold; tokens.css names the layers.
STYLES = ["css/%s.css" % name for name in ("tokens", "base", "components", "layout", "tables", "lists", "charts", "trace")]
STYLE = "style.css"


def served():
    """What is served, by its path: the files that it is made of."""
    names = sorted(path.relative_to(WEB).as_posix() for path in WEB.rglob("*") if path.is_file())
    styles = [name for name in names if name.endswith(".css")]
    if sorted(STYLES) != styles:
        sys.exit("web_files: STYLES in scripts/web_files.py does not name the files of css: %s" % ", ".join(set(STYLES) ^ set(styles)))
    files = {name: [name] for name in names if name not in STYLES}
    return {**files, STYLE: STYLES}


def imports(name):
    """The modules that a module imports, without those that it loads later."""
    text = (WEB / name).read_text()
    return [posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
            for path in re.findall(r"^import [^;']*'(\.[^']+)';$", text, re.M)]


def closure(roots):
    """These modules and all that they need, those that others wait for last."""
    found = []
    waiting = list(roots)
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found.append(name)
            waiting += imports(name)
    return found


def pages():
    """The paths of the pages, and the modules of each."""
    routes = re.findall(r"path: '([^']+)'.*import\('\./([^']+)'\)", (WEB / "js/routes.js").read_text())
    return {path: closure(["js/main.js", "js/" + module]) for path, module in routes}


def table():
    """The text of the table; a file of an unknown type ends the script."""
    arrays, rows = [], []
    for name, parts in sorted(served().items()):
        suffix = pathlib.PurePosixPath(name).suffix
        if suffix not in TYPES:
            sys.exit("web_files: %s has no media type; name it in scripts/web_files.py" % name)
        symbol = "web_" + re.sub(r"[^A-Za-z0-9]", "_", name)
        bytes_ = ",\n".join('#embed "Assets/web/%s"\n' % part for part in parts)
        arrays.append("static const unsigned char %s[] = {\n%s};\n" % (symbol, bytes_))
        rows.append('    {"%s", "%s", %s, sizeof(%s)},\n' % (name, TYPES[suffix], symbol, symbol))
    entries = ['    {"%s",\n     "%s"},\n' % (path, '\\n"\n     "'.join(modules)) for path, modules in pages().items()]
    head = "/* web_files.h - written by scripts/web_files.py; not edited by hand. */\n"
    return (head + "".join(arrays) + "static const skein_web_file web_files[] = {\n" + "".join(rows) + "};\n"
            + "static const skein_web_page web_pages[] = {\n" + "".join(entries) + "};\n")


if __name__ == "__main__":
    text = table()
    if sys.argv[1:] == ["--check"]:
        if not TABLE.exists() or TABLE.read_text() != text:
            sys.exit("web_files: Sources/CAssets/web_files.h is stale, run scripts/web_files.py")
    else:
        TABLE.write_text(text)
