#!/usr/bin/env python3
"""Lists the functions of Swift files that are longer than a limit.

    function_lengths.py LIMIT FOLDER

Counts from the line of `func` or `init` to the line of its closing brace, found by indentation: the sources are
formatted, so a declaration and its closing brace stand in one column. Exit status 1 when there is one.
"""
import os
import re
import sys

START = re.compile(r"^(\s*)(?:[a-z@A-Z()]+ )*(?:func |init[?(<])")


def long_functions(path, limit):
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    for number, line in enumerate(lines):
        start = START.match(line)
        if not start or line.rstrip().endswith("}"):
            continue
        closing = start.group(1) + "}"
        for end in range(number, len(lines)):
            if lines[end].startswith(closing) and (end > number or lines[end].rstrip().endswith("}")):
                break
            if end > number and not lines[end].strip() and lines[end - 1].startswith(start.group(1) + ")") \
                    and not lines[end - 1].rstrip().endswith("{"):
                break   # a requirement of a protocol has no body
        else:
            continue
        if end - number + 1 > limit and any(text.rstrip().endswith("{") for text in lines[number:end]):
            yield number + 1, end - number + 1


def main():
    limit, folder = int(sys.argv[1]), sys.argv[2]
    found = 0
    for top, _, files in sorted(os.walk(folder)):
        for name in sorted(files):
            if name.endswith(".swift"):
                path = os.path.join(top, name)
                for line, length in long_functions(path, limit):
                    print("check: %s:%d is a function of %d lines, at most %d are allowed" % (path, line, length, limit))
                    found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
