#!/usr/bin/env python3
"""The runs of scripts/bench_ingest.sh; call that."""
import argparse
import json
import os
import random
import shutil
import statistics
import struct
import subprocess
import sys
import time
import urllib.request

from live_server import Server

HERE = os.path.dirname(os.path.abspath(__file__))
WARM = 50
TRANSPORTS = {"http": ".pb", "gzip": ".pb.gz", "json": ".json", "grpc": ".pb", "grpc-gzip": ".pb"}
COLUMNS = [("spans_per_s", "spans/s", "%.0f"), ("cpu_us_per_span", "CPU us/span", "%.2f"),
           ("ingest_us_per_span", "of ingest", "%.2f"), ("times_limit", "x limit", "%.2f"),
           ("allocations_per_span", "allocations/span", "%.1f"), ("disk_bytes_per_span", "disk B/span", "%.0f"),
           ("peak_mib", "peak MiB", "%.0f"), ("p50_ms", "p50 ms", "%.1f"), ("p99_ms", "p99 ms", "%.1f")]


class Measured(Server):
    """A server whose CPU is looked at, thread by thread."""

    def __init__(self, binary, data, text_index, counts=None):
        self.text_index, self.counts = text_index, counts
        if counts:
            os.environ["LD_PRELOAD"], os.environ["SKEIN_ALLOCATIONS"] = counts
        try:
            super().__init__(binary, data, grpc=True)
        finally:
            os.environ.pop("LD_PRELOAD", None)
            os.environ.pop("SKEIN_ALLOCATIONS", None)

    def command(self, binary, data, grpc=False):
        return Server.command(binary, data, grpc) + ["--text-index", self.text_index]

    def cpu_seconds(self):
        """Of all threads, and of the one that works behind the writer."""
        with open("/proc/%d/stat" % self.process.pid) as file:
            fields = file.read().rsplit(") ", 1)[1].split()
        indexer = 0
        for task in os.listdir("/proc/%d/task" % self.process.pid):
            try:
                with open("/proc/%d/task/%s/stat" % (self.process.pid, task)) as file:
                    name, rest = file.read().rsplit(") ", 1)
            except OSError:
                continue  # it has ended
            if name.endswith("(skein-indexer"):
                indexer = sum(int(each) for each in rest.split()[11:13])
        ticks = os.sysconf("SC_CLK_TCK")
        return (int(fields[11]) + int(fields[12])) / ticks, indexer / ticks

    def ingest_seconds(self):
        """Of all threads but that one."""
        everything, indexer = self.cpu_seconds()
        return everything - indexer

    def allocations(self):
        """Blocks asked of malloc so far; Benchmarks/Sources/CAllocationCount has the form of the file."""
        if not self.counts:
            return 0
        with open(self.counts[1], "rb") as file:
            return sum(blocks for _, blocks, _ in struct.iter_unpack("<qQQ", file.read()))

    def lag(self):
        with urllib.request.urlopen(self.url + "/metrics") as answer:
            for line in answer.read().decode().splitlines():
                if line.startswith("skein_store_text_lag_parts "):
                    return float(line.split()[1])
        return 0

    def wait_for_index(self):
        begun = time.monotonic()
        while self.lag() > 0:
            time.sleep(0.1)
        return time.monotonic() - begun


def run_json(command):
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def send(args, server, transport, load, *more):
    """Sends a range of the bodies, as a transport has them."""
    if transport.startswith("grpc"):
        zipped = ["-z"] if transport == "grpc-gzip" else []
        return run_json([sys.executable, os.path.join(HERE, "tools", "grpc_blast.py"), "-k", str(args.connections),
                         *zipped, *more, "127.0.0.1:%d" % server.grpc_port, load])
    return run_json([os.path.join(args.work, "blast"), "-q", "-k", str(args.connections), "-s", TRANSPORTS[transport],
                     *more, server.url + "/v1/traces", load])


def read_latency(args, url, load):
    with open(os.path.join(load, "ids.txt")) as file:
        ids = [line.split()[0] for line in file]
    paths = os.path.join(args.work, "paths.txt")
    with open(paths, "w") as file:
        file.writelines("/v1/traces/%s\n" % each for each in random.sample(ids, min(2000, len(ids))))
    return run_json([os.path.join(args.work, "blast"), "-q", "-G", "-k", "1", url + "/", paths])["lat_ms"]


def generate(args, load):
    """A set of bodies with ids of its own -> spans of each body"""
    shutil.rmtree(load, ignore_errors=True)
    command = [sys.executable, os.path.join(HERE, "tools", "otlp_load.py"), "--out", load, "--profile", args.profile,
               "--seed", str(random.randrange(1 << 30)), "--bodies", str(args.bodies + WARM),
               "--traces-per-body", "16" if args.profile == "agent" else "64"]
    command += [] if "gzip" in args.transport else ["--no-gzip"]
    command += ["--json"] if "json" in args.transport else []
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with open(os.path.join(load, "manifest.json")) as file:
        manifest = json.load(file)
    return manifest.get("body_spans") or [manifest["spans_per_body"]] * manifest["bodies"]


def run_limit(load):
    figures = run_json([os.path.join(HERE, "bench_limit.sh"), "--warm", str(WARM), load])
    return {"spans_per_s": figures["spans_per_s"], "cpu_us_per_span": figures["cpu_us_per_span"],
            "ingest_us_per_span": figures["cpu_us_per_span"], "peak_mib": figures["peak_mib"]}


def measure(args, binary, transport, load, body_spans, counts=None):
    """One run on fresh data."""
    data, spans = os.path.join(args.work, "data"), sum(body_spans[WARM:])
    shutil.rmtree(data, ignore_errors=True)
    server = Measured(binary, data, args.text_index, counts)
    try:
        send(args, server, transport, load, "-n", str(WARM))
        server.wait_for_index()
        before, blocks = server.cpu_seconds(), server.allocations()
        result = send(args, server, transport, load, "-o", str(WARM))
        after = server.cpu_seconds()
        figures = {
            "spans_per_s": spans / result["wall_s"],
            "cpu_us_per_span": (after[0] - before[0]) / spans * 1e6,
            "ingest_us_per_span": (after[0] - after[1] - before[0] + before[1]) / spans * 1e6,
            "peak_mib": server.peak_mib(),
            "p50_ms": result["lat_ms"]["p50"],
            "p99_ms": result["lat_ms"]["p99"],
        }
        if counts:
            figures["allocations_per_span"] = (server.allocations() - blocks) / spans
        elif args.text_index == "on":
            before = server.cpu_seconds()[0]
            figures["parts_behind"] = server.lag()
            figures["index_s"] = server.wait_for_index()
            figures["index_cpu_us_per_span"] = (server.cpu_seconds()[0] - before) / spans * 1e6
            reads = read_latency(args, server.url, load)
            figures["read_p50_ms"], figures["read_p99_ms"] = reads["p50"], reads["p99"]
        if result["status"] != {"200": len(body_spans) - WARM}:
            raise SystemExit("not every request was answered with 200: %s" % result["status"])
    finally:
        server.stop()
    figures["disk_bytes_per_span"] = sum(
        os.path.getsize(os.path.join(data, name)) for name in os.listdir(data)) / sum(body_spans)
    return figures


def count_allocations(args, binary, transport, load, body_spans):
    """A run of its own, since counting takes time."""
    library, counts = os.path.join(args.work, "allocations.so"), os.path.join(args.work, "allocations.bin")
    source = os.path.join(HERE, "..", "Benchmarks", "Sources", "CAllocationCount")
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-I" + source + "/include", "-o", library,
                    source + "/allocation_count.c"], check=True)
    if os.path.exists(counts):
        os.remove(counts)
    figures = measure(args, binary, transport, load, body_spans, (os.path.abspath(library), os.path.abspath(counts)))
    return figures["allocations_per_span"]


def medians(runs):
    keys = {key for each in runs for key in each}
    return {key: statistics.median(each[key] for each in runs if key in each) for key in keys}


def print_table(rows):
    """Rows of (name, figures); figures that no row has are left out."""
    columns = [each for each in COLUMNS if any(each[0] in figures for _, figures in rows)]
    cells = [[""] + [title for _, title, _ in columns]]
    for name, figures in rows:
        cells.append([name] + [form % figures[key] if key in figures else "-" for key, _, form in columns])
    widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
    for row in cells:
        print("  ".join(cell.ljust(width) if place == 0 else cell.rjust(width)
                        for place, (cell, width) in enumerate(zip(row, widths))))


def built(args, commit):
    """The binary of a commit; `.` is the one that the working tree has."""
    if commit == ".":
        return args.binary
    return subprocess.run([os.path.join(HERE, "build_commit.sh"), commit], check=True, stdout=subprocess.PIPE,
                          text=True).stdout.splitlines()[-1]


def interleaved_runs(args, binaries):
    """Every run takes one set and goes through everything once, so that what disturbs one disturbs all."""
    names = [(label, transport) for label in binaries for transport in args.transport]
    runs, load = {name: [] for name in [("limit", "")] + names}, os.path.join(args.work, "load")
    for number in range(args.runs):
        body_spans = generate(args, load)
        if args.limit:
            runs[("limit", "")].append(run_limit(load))
        for label, transport in names if number % 2 == 0 else names[::-1]:
            figures = measure(args, binaries[label], transport, load, body_spans)
            if args.limit:
                figures["times_limit"] = figures["ingest_us_per_span"] / runs[("limit", "")][-1]["cpu_us_per_span"]
            if args.allocations and number == 0:
                figures["allocations_per_span"] = count_allocations(args, binaries[label], transport, load, body_spans)
            runs[(label, transport)].append(figures)
            print("run %d: %s: %s" % (number + 1, " ".join((label, transport)),
                                      "  ".join("%s %.2f" % pair for pair in figures.items())), flush=True)
    return {name: figures for name, figures in runs.items() if figures}


def main():
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--work", required=True)
    args.add_argument("--binary", default=".build/release/skein")
    args.add_argument("--profile", default="llm", choices=("llm", "lean", "agent"))
    args.add_argument("--bodies", type=int, default=1000)
    args.add_argument("--connections", type=int, default=8)
    args.add_argument("--runs", type=int, default=3)
    args.add_argument("--text-index", default="on", choices=("on", "off"))
    args.add_argument("--transport", type=lambda text: text.split(","), default=["http"])
    args.add_argument("--compare", nargs=2, metavar=("A", "B"))
    args.add_argument("--allocations", action="store_true")
    args.add_argument("--no-limit", dest="limit", action="store_false")
    args = args.parse_args()
    unknown = [each for each in args.transport if each not in TRANSPORTS]
    if unknown:
        raise SystemExit("no transport %s; there are %s" % (unknown[0], ", ".join(TRANSPORTS)))
    binaries = {each: built(args, each) for each in args.compare} if args.compare else {"skein": args.binary}
    rows = [(" ".join(name).strip(), medians(runs)) for name, runs in interleaved_runs(args, binaries).items()]
    print("\nmedians of %d, profile %s, %d connections, text index %s"
          % (args.runs, args.profile, args.connections, args.text_index))
    print_table(rows)


if __name__ == "__main__":
    main()
