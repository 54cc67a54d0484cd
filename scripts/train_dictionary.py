#!/usr/bin/env python3
"""Trains the zstd dictionary that ships with the binary from the captures in Tests/Fixtures/corpus.

    scripts/train_dictionary.py [--size BYTES] [--out Sources/CAssets/Assets/spans.dict]

Each sample is what a stored part holds: the spans of one trace in one request, each with its length in front.
A database keeps a copy of the dictionary it was written with, so a new one can replace this file at any time.
Needs Python's standard library and the `zstd` command.
"""
import argparse
import gzip
import os
import subprocess
import tempfile

import otlp_wire


def read_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def fields(data):
    at = 0
    while at < len(data):
        tag, at = read_varint(data, at)
        kind = tag & 7
        if kind == 2:
            length, at = read_varint(data, at)
            yield tag >> 3, data[at:at + length]
            at += length
        elif kind == 0:
            at = read_varint(data, at)[1]
        else:
            at += 8 if kind == 1 else 4


def parts(body):
    """The spans of each trace of an export request, as a part holds them."""
    traces = {}
    for number, resource_spans in fields(body):
        for field, scope_spans in fields(resource_spans) if number == 1 else ():
            for inner, span in fields(scope_spans) if field == 2 else ():
                if inner == 2:
                    trace = next(value for key, value in fields(span) if key == 1)
                    traces.setdefault(trace, []).append(otlp_wire.varint(len(span)) + span)
    return [b"".join(spans) for spans in traces.values()]


def main():
    top = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    args.add_argument("--corpus", default=os.path.join(top, "Tests/Fixtures/corpus"))
    args.add_argument("--out", default=os.path.join(top, "Sources/CAssets/Assets/spans.dict"))
    args.add_argument("--size", type=int, default=65536)
    args = args.parse_args()
    samples = []
    for folder in sorted(os.listdir(args.corpus)):
        path = os.path.join(args.corpus, folder)
        for name in sorted(os.listdir(path)) if os.path.isdir(path) else ():
            if name.endswith(".pb") and not name.startswith("logs-"):
                with open(os.path.join(path, name), "rb") as file:
                    body = file.read()
                if body[:2] == b"\x1f\x8b":
                    body = gzip.decompress(body)
                samples += parts(body)
    with tempfile.TemporaryDirectory() as scratch:
        names = []
        for index, sample in enumerate(samples):
            # Long parts are cut: the trainer wants many short samples.
            for piece in range(0, len(sample), 8192):
                names.append(os.path.join(scratch, "%05d-%05d" % (index, piece)))
                with open(names[-1], "wb") as file:
                    file.write(sample[piece:piece + 8192])
        os.makedirs(os.path.dirname(args.out), exist_ok=True)
        subprocess.run(["zstd", "-q", "--train", "-r", scratch, "--maxdict=%d" % args.size, "--dictID=1", "-o", args.out, "-f"],
                       check=True)
    print("%d parts, %d bytes -> %s (%d bytes)" % (len(samples), sum(map(len, samples)), os.path.basename(args.out),
                                                   os.path.getsize(args.out)))


if __name__ == "__main__":
    main()
