#!/usr/bin/env python3
"""How long a request waits for its answer, at full speed and at half of that.

    scripts/bench_latency.py [--binary .build/release/skein ...] [--runs 5] [--seconds 15] [--work .build/latency]

Sends 512-span requests over 8 connections, without the text index, each run to a new store: first as fast as they are
answered, then evenly at half of that rate. With several binaries each takes its turn. Prints p50, p99 and the longest of each
run, and the medians. What other guests of the host take is printed as well, in percent of the cores: with more than a few, the
figures are theirs. Needs gcc, and opentelemetry-proto, which is installed into .build/bench/venv.
"""
import argparse
import os
import shutil
import statistics

from bench_query import SPANS_PER_BODY, prepare, result, send
from live_server import Server

WARM = 100


def stolen():
    """Ticks of all cores so far: those that others took, and all."""
    with open("/proc/stat") as file:
        ticks = [int(each) for each in file.readline().split()[1:9]]
    return ticks[7], sum(ticks)


def run(args, binary, rate):
    """One run on a new store; no rate means as fast as it goes."""
    data = os.path.join(args.work, "data")
    shutil.rmtree(data, ignore_errors=True)
    server = Server(binary, data, options=("--text-index", "off"))
    try:
        result(send(args.blast, args.load, server.url, 0, "-n", str(WARM)))
        before = stolen()
        requests = str(int((rate or 150) * args.seconds))
        pace = ["-W", "%.1f" % rate] if rate else []
        figures = result(send(args.blast, args.load, server.url, 0, "-n", requests, *pace))
        after = stolen()
    finally:
        server.stop()
    if set(figures["status"]) != {"200"}:
        raise SystemExit("not every request was answered with 200: %s" % figures["status"])
    figures["stolen"] = (after[0] - before[0]) / (after[1] - before[1]) * 100
    return figures


def main():
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    args.add_argument("--binary", nargs="+", default=[".build/release/skein"])
    args.add_argument("--runs", type=int, default=5)
    args.add_argument("--seconds", type=float, default=15)
    args.add_argument("--work", default=".build/latency")
    args = args.parse_args()
    args.blast, args.load = prepare(args)
    figures = {}
    for _ in range(args.runs):
        for binary in args.binary:
            full = run(args, binary, None)
            half = run(args, binary, full["req_per_s"] / 2)
            for name, each in (("full", full), ("half", half)):
                times = each["lat_ms"]
                figures.setdefault((binary, name), []).append(times)
                print("%s, %s speed: %6.0f spans/s, p50 %5.1f, p99 %5.1f, longest %5.1f ms; others took %4.1f %%" % (
                    binary, name, each["req_per_s"] * SPANS_PER_BODY, times["p50"], times["p99"], times["max"],
                    each["stolen"]), flush=True)
    for (binary, name), runs in figures.items():
        medians = [statistics.median(each[key] for each in runs) for key in ("p50", "p99", "max")]
        print("%s, %s speed, medians of %d: p50 %.1f, p99 %.1f, longest %.1f ms" % (binary, name, len(runs), *medians))
    shutil.rmtree(os.path.join(args.work, "data"), ignore_errors=True)


if __name__ == "__main__":
    main()
