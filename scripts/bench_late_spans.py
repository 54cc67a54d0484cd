#!/usr/bin/env python3
"""Measures what one very long trace costs the writer: many one-span requests to one trace beside normal load.

    scripts/bench_late_spans.py --load DIR [--binary .build/release/skein] [--spans 100000]

DIR is a set of bodies made by scripts/tools/otlp_load.py (512-span bodies). Three phases, each with the CPU seconds of
the thread `skein-writer`: normal load alone; half of the one-span requests beside normal load; the same again after a
restart. Prints CPU microseconds per span and the ratio. Needs gcc for otlp_blast; otherwise the standard library.
"""
import argparse
import json
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import urllib.request


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def field(number, data):
    return varint(number << 3 | 2) + varint(len(data)) + data


def attribute(key, value):
    encoded = field(1, value.encode()) if isinstance(value, str) else b"\x18" + varint(value)
    return field(9, field(1, key.encode()) + field(2, encoded))


def one_span(trace, span, parent, index):
    start = 1_750_000_000_000_000_000 + index * 1_000_000
    message = field(1, trace) + field(2, span) + (field(4, parent) if parent else b"")
    message += field(5, b"chat gpt-4o" if index % 3 == 0 else b"execute_tool search")
    message += b"\x39" + struct.pack("<Q", start) + b"\x41" + struct.pack("<Q", start + 900_000)
    if index % 3 == 0:
        message += attribute("gen_ai.operation.name", "chat") + attribute("gen_ai.request.model", "gpt-4o")
        message += attribute("gen_ai.usage.input_tokens", 100) + attribute("gen_ai.usage.output_tokens", 10)
    else:
        message += attribute("gen_ai.operation.name", "execute_tool") + attribute("gen_ai.tool.name", "search")
    resource = field(1, field(1, field(1, b"service.name") + field(2, field(1, b"long-runner"))))
    return field(1, resource + field(2, field(2, message)))


def make_singles(folder, count, rng):
    trace, root = rng.randbytes(16), rng.randbytes(8)
    for half in range(2):
        place = os.path.join(folder, "singles-%d" % half)
        os.makedirs(place)
        for index in range(count // 2):
            number = half * (count // 2) + index
            span, parent = (root, None) if number == 0 else (rng.randbytes(8), root)
            with open(os.path.join(place, "%06d.pb" % index), "wb") as file:
                file.write(one_span(trace, span, parent, number))
        with open(os.path.join(place, "manifest.json"), "w") as file:
            json.dump({"spans_per_body": 1, "spans": count // 2}, file)
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
    args.add_argument("--load", required=True)
    args.add_argument("--binary", default=".build/release/skein")
    args.add_argument("--spans", type=int, default=100_000)
    args = args.parse_args()
    with open(os.path.join(args.load, "manifest.json")) as file:
        manifest = json.load(file)
    third = manifest["bodies"] // 3
    folder = tempfile.mkdtemp(prefix="skein-late-")
    try:
        blast = os.path.join(folder, "blast")
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tools", "otlp_blast.c")
        subprocess.run(["gcc", "-O2", "-o", blast, source], check=True, stderr=subprocess.DEVNULL)
        trace = make_singles(folder, args.spans, random.Random())
        data = os.path.join(folder, "data")
        server = Server(args.binary, data)

        def load(part, *more):
            target = server.url + "/v1/traces"
            jobs = [subprocess.Popen([blast, "-k", "4", "-o", str(part * third), "-n", str(third), target, args.load],
                                     stdout=subprocess.DEVNULL)]
            jobs += [subprocess.Popen([blast, "-k", "8", target, each], stdout=subprocess.DEVNULL) for each in more]
            before = server.writer_seconds()
            for job in jobs:
                if job.wait():
                    raise SystemExit("the load failed")
            return server.writer_seconds() - before

        normal_spans = third * manifest["spans_per_body"]
        normal = load(0) / normal_spans
        report = [("normal load alone", normal_spans, normal)]
        for half in range(2):
            seconds = load(half + 1, os.path.join(folder, "singles-%d" % half))
            each = (seconds - normal * normal_spans) / (args.spans // 2)
            report.append(("one-span requests%s" % (" after a restart" if half else ""), args.spans // 2, each))
            if half == 0:
                server.stop()
                server = Server(args.binary, data)
        for name, spans, each in report:
            print("%-34s %8d spans  %6.2f us of writer CPU per span  %.2f times" % (name, spans, each * 1e6, each / normal))
        with urllib.request.urlopen("%s/v1/traces/%s?limit=1" % (server.url, trace.hex())) as answer:
            count = json.load(answer)["data"]["span_count"]
        print("the trace has %d of %d spans" % (count, args.spans))
        server.stop()
        return 0 if count == args.spans else 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
