#!/usr/bin/env python3
"""Measures what one very long trace costs the writer: one-span requests to one trace between those of normal load.

    scripts/bench_late_spans.py --load DIR DIR DIR [--binary .build/release/skein] [--spans 100000]

Each DIR is a set of 1,000 bodies made by scripts/tools/otlp_load.py (512-span bodies). Three phases over 8 connections,
each with the CPU seconds of the thread `skein-writer`: the first set alone; the second one with half of the one-span
requests spread evenly between its own (50 to one); the third with the other half, after a restart. Prints CPU
microseconds per span of everything in a phase, and what a one-span request added. Needs gcc for otlp_blast.
"""
import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import urllib.request

import otlp_wire
from live_server import Server


def one_span(trace, span, parent, index):
    start = 1_750_000_000_000_000_000 + index * 1_000_000
    call = [("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-4o"),
            ("gen_ai.usage.input_tokens", 100), ("gen_ai.usage.output_tokens", 10)]
    tool = [("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.name", "search")]
    name, attributes = ("chat gpt-4o", call) if index % 3 == 0 else ("execute_tool search", tool)
    return otlp_wire.request([otlp_wire.span(trace, span, parent, name, start, start + 900_000, *attributes)], "long-runner")


def mix(load, singles, place):
    """A set of the bodies of a load with one-span bodies spread evenly between them; gives how many spans it has."""
    os.makedirs(place)
    bodies = sorted(name for name in os.listdir(load) if name.endswith(".pb"))
    written = sent = 0
    for index, name in enumerate(bodies):
        os.symlink(os.path.join(os.path.abspath(load), name), os.path.join(place, "%07d.pb" % written))
        written += 1
        while sent < len(singles) * (index + 1) // len(bodies):
            with open(os.path.join(place, "%07d.pb" % written), "wb") as file:
                file.write(singles[sent])
            written, sent = written + 1, sent + 1
    spans = spans_in(load) + len(singles)
    with open(os.path.join(place, "manifest.json"), "w") as file:
        json.dump({"spans_per_body": spans / written, "spans": spans}, file)
    return spans


def spans_in(directory):
    with open(os.path.join(directory, "manifest.json")) as file:
        return json.load(file)["spans"]


def main():
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    args.add_argument("--load", required=True, nargs=3)
    args.add_argument("--binary", default=".build/release/skein")
    args.add_argument("--spans", type=int, default=100_000)
    args = args.parse_args()
    folder = tempfile.mkdtemp(prefix="skein-late-")
    try:
        blast = os.path.join(folder, "blast")
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tools", "otlp_blast.c")
        subprocess.run(["gcc", "-O2", "-o", blast, source], check=True, stderr=subprocess.DEVNULL)
        rng = random.Random()
        trace, root = rng.randbytes(16), rng.randbytes(8)
        singles = [one_span(trace, rng.randbytes(8) if n else root, root if n else None, n) for n in range(args.spans)]
        halves = [singles[:args.spans // 2], singles[args.spans // 2:]]
        mixed = [os.path.join(folder, "mixed-%d" % half) for half in range(2)]
        spans = [mix(args.load[half + 1], halves[half], mixed[half]) for half in range(2)]
        server = Server(args.binary, os.path.join(folder, "data"))

        def send(bodies):
            """Sends a set; gives the CPU seconds of the writer."""
            before = server.writer_seconds()
            subprocess.run([blast, "-q", "-k", "8", server.url + "/v1/traces", bodies], check=True, stdout=subprocess.DEVNULL)
            return server.writer_seconds() - before

        normal = send(args.load[0]) / spans_in(args.load[0])
        print("normal load alone: %.2f us of writer CPU per span" % (normal * 1e6))
        for half in range(2):
            seconds = send(mixed[half])
            mean, added = seconds / spans[half], seconds - normal * (spans[half] - len(halves[half]))
            print("%s: %d spans, %d of them one to a request: %.2f us per span (%.2f times normal), %.2f us for a one-span "
                  "request" % ("after a restart" if half else "interleaved", spans[half], len(halves[half]), mean * 1e6,
                               mean / normal, added / len(halves[half]) * 1e6))
            if half == 0:
                server.stop()
                server = Server(args.binary, os.path.join(folder, "data"))
        with urllib.request.urlopen("%s/v1/traces/%s?limit=1" % (server.url, trace.hex())) as answer:
            count = json.load(answer)["data"]["span_count"]
        print("the trace has %d of %d spans" % (count, args.spans))
        server.stop()
        return 0 if count == args.spans else 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
