#!/usr/bin/env python3
"""How ingest, reads, start and idling change as a store grows.

    scripts/bench_growth.py [--binary .build/release/skein] [--millions 50] [--work .build/growth] [--keep]

Stores LLM-like traces of 8 spans in 512-span requests over 8 connections, half a million spans at a time, without the
text index (scripts/tools/otlp_blast.c with -F), and prints a row for each step: spans/s, server CPU per span, bytes per
span, memory, and how long a trace by id takes. Then it stops the server, starts it again, and measures when the first
request is answered, what memory it holds and what CPU it takes while nothing comes. Needs gcc, and opentelemetry-proto,
which is installed into .build/bench/venv.
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
WITHOUT_TEXTS = ("--text-index", "off")


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
    server = Server(args.binary, data, options=WITHOUT_TEXTS)
    try:
        result(send(blast, load, server.url, 25_600))
        print("   M spans   spans/s  CPU us/span  bytes/span  peak MiB  by id p50  p99 ms", flush=True)
        while stored < args.millions * 1_000_000:
            before = server.cpu_seconds()
            sent = result(send(blast, load, server.url, STEP))
            if set(sent["status"]) != {"200"}:
                raise SystemExit(f"not every request was answered with 200: {sent['status']}")
            cpu = (server.cpu_seconds() - before) / STEP * 1e6
            stored += STEP
            page = json.loads(get(server.url + "/v1/traces?limit=100"))["data"]
            ids += [row["trace_id"] for row in random.sample(page, 20)]
            p50, p99 = read_times(server.url, ids)
            print(f"  {stored / 1e6:8.2f} {sent['spans_per_s']:9,.0f} {cpu:12.2f} {size(data) / stored:11.0f} "
                  f"{server.peak_mib():9.0f} {p50:10.2f} {p99:7.2f}", flush=True)
    finally:
        server.stop()
    return ids


def start_again(args, data, ids):
    """Starts the server over what is stored, and lets it idle."""
    begun = time.perf_counter()
    server = Server(args.binary, data, options=WITHOUT_TEXTS)
    try:
        get(server.url + "/v1/traces?limit=50")
        first = (time.perf_counter() - begun) * 1000
        print(f"ready after {server.start_seconds * 1000:.0f} ms, newest 50 after {first:.0f} ms, {size(data) / 1e9:.1f} GB")
        time.sleep(5)
        memory = server.memory_mib("VmRSS")
        before = server.cpu_seconds()
        time.sleep(20)
        spent = server.cpu_seconds() - before
        print(f"idle: {memory:.0f} MiB, {spent * 1000:.0f} ms of CPU in 20 s")
        print("trace by id: median %.2f ms, p99 %.2f ms" % read_times(server.url, ids), flush=True)
    finally:
        server.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=".build/release/skein")
    parser.add_argument("--millions", type=float, default=50)
    parser.add_argument("--work", default=".build/growth")
    parser.add_argument("--keep", action="store_true")
    args = parser.parse_args()
    blast, load = prepare(args)
    data = os.path.join(args.work, "data")
    shutil.rmtree(data, ignore_errors=True)
    ids = grow(args, blast, load, data)
    for _ in range(3):
        start_again(args, data, ids)
    if not args.keep:
        shutil.rmtree(args.work)


if __name__ == "__main__":
    main()
