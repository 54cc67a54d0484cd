#!/usr/bin/env python3
"""How ingest, reads, start and idling change as a store grows.

    scripts/bench_growth.py [--binary .build/release/skein] [--millions 50] [--spread 600] [--work .build/growth]
                            [--keep] [--reuse]

Stores LLM-like traces of 8 spans in 512-span requests over 8 connections, half a million spans at a time, without the
text index (scripts/tools/otlp_blast.c with -F), and prints a row for each step: spans/s, server CPU per span, bytes per
span, memory, and how long a trace by id takes. Then it stops the server, starts it again, and measures when the first
request is answered, what memory it holds and what CPU it takes while nothing comes. At last it sends to the grown store
and to an empty one in turns: only figures of the same minute can be compared where others use the host. Without
recompaction, which would work between the steps. --keep leaves the store for --reuse, which only does what follows the
growth. Needs gcc, and opentelemetry-proto, which is installed into .build/bench/venv.
"""
import argparse
import json
import os
import random
import shutil
import statistics
import time
import urllib.request

from bench_query import prepare, result, send
from live_server import Server

STEP = 512_000
SAMPLES = 200
TURNS = 5
INGEST_ALONE = ("--text-index", "off", "--recompaction", "off")


def size(folder):
    return sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder))


def get(url):
    with urllib.request.urlopen(url) as answer:
        return answer.read()


def read_times(url, ids):
    """Milliseconds of some traces by id: the median and the 99th percentile."""
    times = []
    for each in random.sample(ids, min(SAMPLES, len(ids))):
        start = time.perf_counter()
        get(url + "/v1/traces/" + each)
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    return statistics.median(times), times[int(len(times) * 0.99)]


def grow(args, blast, load, data):
    """Fills a new store; gives the ids of some traces of every step."""
    ids, stored = [], 0
    server = Server(args.binary, data, options=INGEST_ALONE)
    try:
        result(send(blast, load, server.url, 25_600))
        print("   M spans   spans/s  CPU us/span  bytes/span  peak MiB  by id p50  p99 ms", flush=True)
        while stored < args.millions * 1_000_000:
            cpu, rate = step(blast, load, server)
            stored += STEP
            page = json.loads(get(server.url + "/v1/traces?limit=100"))["data"]
            ids += [row["trace_id"] for row in random.sample(page, 20)]
            p50, p99 = read_times(server.url, ids)
            print(f"  {stored / 1e6:8.2f} {rate:9,.0f} {cpu:12.2f} {size(data) / stored:11.0f} "
                  f"{server.peak_mib():9.0f} {p50:10.2f} {p99:7.2f}", flush=True)
    finally:
        server.stop()
    return ids


def start_again(args, data, ids):
    """Starts the server over what is stored, and lets it idle."""
    begun = time.perf_counter()
    server = Server(args.binary, data, options=INGEST_ALONE)
    try:
        get(server.url + "/v1/traces?limit=50")
        first = (time.perf_counter() - begun) * 1000
        print(f"ready after {server.start_seconds * 1000:.0f} ms, newest 50 after {first:.0f} ms, {size(data) / 1e9:.1f} GB")
        time.sleep(15)  # it rests after ten
        memory = server.memory_mib("VmRSS")
        before = server.cpu_seconds()
        time.sleep(20)
        spent = server.cpu_seconds() - before
        print(f"idle: {memory:.0f} MiB, {spent * 1000:.0f} ms of CPU in 20 s")
        if ids:
            print("trace by id: median %.2f ms, p99 %.2f ms" % read_times(server.url, ids), flush=True)
    finally:
        server.stop()


def step(blast, load, server):
    """CPU per span in microseconds, and spans/s, of one more step."""
    before = server.cpu_seconds()
    sent = result(send(blast, load, server.url, STEP))
    if set(sent["status"]) != {"200"}:
        raise SystemExit(f"not every request was answered with 200: {sent['status']}")
    return (server.cpu_seconds() - before) / STEP * 1e6, sent["spans_per_s"]


def compare(args, blast, load, data):
    """One step more for the grown store and for an empty one, in turns."""
    empty = os.path.join(args.work, "empty")
    shutil.rmtree(empty, ignore_errors=True)
    figures = {}
    for turn in range(TURNS + 1):
        for name, folder in (("grown", data), ("empty", empty)):
            if name == "empty" and turn > 0:
                shutil.rmtree(folder)
            server = Server(args.binary, folder, options=INGEST_ALONE)
            try:
                # The dictionary of an empty store is trained from its first spans.
                result(send(blast, load, server.url, 25_600))
                time.sleep(1)
                measured = step(blast, load, server)
                if turn > 0:  # the first one warms the system's cache
                    figures.setdefault(name, []).append(measured)
            finally:
                server.stop()
    for name, rows in figures.items():
        cpu = sorted(row[0] for row in rows)
        rate = statistics.median(row[1] for row in rows)
        print(f"{name}: {statistics.median(cpu):.2f} us per span ({cpu[0]:.2f} to {cpu[-1]:.2f}), {rate:,.0f} spans/s")
    ratio = statistics.median(g[0] / e[0] for g, e in zip(figures["grown"], figures["empty"]))
    print(f"grown / empty, median of {TURNS} turns: {ratio:.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=".build/release/skein")
    parser.add_argument("--millions", type=float, default=50)
    parser.add_argument("--work", default=".build/growth")
    parser.add_argument("--spread", type=int, default=600, help="seconds before they are sent in which traces start")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--reuse", action="store_true")
    args = parser.parse_args()
    blast, load = prepare(args, args.spread)
    data = os.path.join(args.work, "data")
    ids = []
    if not args.reuse:
        shutil.rmtree(data, ignore_errors=True)
        ids = grow(args, blast, load, data)
    for _ in range(3):
        start_again(args, data, ids)
    compare(args, blast, load, data)
    if not args.keep:
        shutil.rmtree(args.work)


if __name__ == "__main__":
    main()
