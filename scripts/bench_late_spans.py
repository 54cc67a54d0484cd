#!/usr/bin/env python3
"""Measures what one very long trace costs the writer: many one-span requests to one trace beside normal load.

    scripts/bench_late_spans.py --load DIR DIR DIR [--binary .build/release/skein] [--spans 100000]

Each DIR is a set of bodies made by scripts/tools/otlp_load.py (512-span bodies), large enough that normal load lasts
about as long as the one-span requests beside it. Three phases, each with the CPU seconds of the thread `skein-writer`:
normal load alone; half of the one-span requests beside normal load; the other half after a restart. Prints CPU
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


def one_span(trace, span, parent, index):
    start = 1_750_000_000_000_000_000 + index * 1_000_000
    call = [("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-4o"),
            ("gen_ai.usage.input_tokens", 100), ("gen_ai.usage.output_tokens", 10)]
    tool = [("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.name", "search")]
    name, attributes = ("chat gpt-4o", call) if index % 3 == 0 else ("execute_tool search", tool)
    return otlp_wire.request([otlp_wire.span(trace, span, parent, name, start, start + 900_000, *attributes)], "long-runner")


def write_set(place, bodies):
    os.makedirs(place)
    for index, body in enumerate(bodies):
        with open(os.path.join(place, "%06d.pb" % index), "wb") as file:
            file.write(body)
    with open(os.path.join(place, "manifest.json"), "w") as file:
        json.dump({"spans_per_body": 1, "spans": len(bodies)}, file)


def make_singles(folder, count, rng):
    trace, root = rng.randbytes(16), rng.randbytes(8)
    for half in range(2):
        numbers = range(half * (count // 2), (half + 1) * (count // 2))
        write_set(os.path.join(folder, "singles-%d" % half), [
            one_span(trace, root if n == 0 else rng.randbytes(8), None if n == 0 else root, n) for n in numbers])
    return trace


class Server:
    def __init__(self, binary, data):
        self.process = subprocess.Popen([binary, "serve", "--http", "127.0.0.1:0", "--data-dir", data],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.process.stdout:
            if "http://127.0.0.1:" in line:
                self.url = "http://127.0.0.1:" + line.split("http://127.0.0.1:")[1].split()[0].split("/")[0]
                break
        else:
            raise SystemExit("the server did not start")

    def writer_seconds(self):
        for task in os.listdir("/proc/%d/task" % self.process.pid):
            with open("/proc/%d/task/%s/stat" % (self.process.pid, task)) as file:
                name, rest = file.read().rsplit(") ", 1)
            if name.endswith("(skein-writer"):
                fields = rest.split()
                return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        raise SystemExit("no thread named skein-writer")

    def stop(self):
        self.process.terminate()
        self.process.wait()


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
        trace = make_singles(folder, args.spans, random.Random())
        data = os.path.join(folder, "data")
        server = Server(args.binary, data)

        def spans_in(directory):
            with open(os.path.join(directory, "manifest.json")) as file:
                return json.load(file)["spans"]

        def load(*sets):
            """Sends sets beside each other; gives writer CPU seconds and the seconds that each set took."""
            jobs = [subprocess.Popen([blast, "-q", "-k", "4", server.url + "/v1/traces", each], stdout=subprocess.PIPE, text=True)
                    for each in sets]
            before = server.writer_seconds()
            answers = [json.loads(job.communicate()[0]) for job in jobs]
            return server.writer_seconds() - before, [answer["wall_s"] for answer in answers]

        seconds, _ = load(args.load[0])
        normal = seconds / spans_in(args.load[0])
        print("normal load alone: %.2f us of writer CPU per span" % (normal * 1e6))
        for half in range(2):
            spans, singles = spans_in(args.load[half + 1]), args.spans // 2
            seconds, took = load(args.load[half + 1], os.path.join(folder, "singles-%d" % half))
            mean, added = seconds / (spans + singles), (seconds - normal * spans) / singles
            print("%s: %d one-span requests in %.1f s beside %d spans in %.1f s: %.2f us per span (%.2f times normal), "
                  "%.2f us for a one-span request" % ("after a restart" if half else "interleaved", singles, took[1], spans,
                                                      took[0], mean * 1e6, mean / normal, added * 1e6))
            if half == 0:
                server.stop()
                server = Server(args.binary, data)
        with urllib.request.urlopen("%s/v1/traces/%s?limit=1" % (server.url, trace.hex())) as answer:
            count = json.load(answer)["data"]["span_count"]
        print("the trace has %d of %d spans" % (count, args.spans))
        server.stop()
        return 0 if count == args.spans else 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
