#!/usr/bin/env python3
"""Fills a server to its limit on disk and goes on: does the disk stay within it, and does ingest ever stop?

    scripts/retention.py [--binary .build/release/skein] [--limit 2GB] [--times 2] [--connections 4] [--bodies 400]
                         [--work .build/retention] [--keep]

Starts a server with --retention-max-bytes and sends bodies of 512 LLM-like spans over OTLP/HTTP as fast as they are
answered, until as many bytes were written as the limit has, --times times over (at about 420 bytes for a span). Ten times
a second it notes what database and log take together. At the end it waits until the server has given free space back,
deletes everything, and looks whether the file is small then. Exit status 0: every request was answered with 200, no two
answers were more than 2 s apart, and the files never took more than the limit and 10 %. Needs gcc, and
opentelemetry-proto, which is installed into .build/bench/venv.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.request

from live_server import Server
from soak import SPANS_PER_BODY, prepare, size

BYTES_PER_SPAN = 420
UNITS = {"": 1, "MB": 10**6, "GB": 10**9, "MIB": 2**20, "GIB": 2**30}


class LimitedServer(Server):
    limit = "2GB"

    @classmethod
    def command(cls, binary, data, grpc=False):
        return Server.command(binary, data, grpc) + ["--retention-max-bytes", cls.limit]


def number(text):
    digits, unit = re.fullmatch(r"([0-9.]+) *([A-Za-z]*)", text).groups()
    return int(float(digits) * UNITS[unit.upper()])


def disk(data):
    return size(os.path.join(data, "skein.db")) + size(os.path.join(data, "skein.db-wal"))


def metric(server, name):
    with urllib.request.urlopen(server.url + "/metrics", timeout=60) as answer:
        for line in answer.read().decode().splitlines():
            if line.startswith(name + " "):
                return float(line.split()[1])
    return 0.0


def percentile(server, part):
    """An upper bound in seconds for this part of all commits."""
    with urllib.request.urlopen(server.url + "/metrics", timeout=60) as answer:
        text = answer.read().decode()
    buckets = [(le, int(count)) for le, count in
               re.findall(r'^skein_store_commit_seconds_bucket\{le="([^"]+)"\} (\d+)', text, re.M)]
    return next(le for le, count in buckets if count >= part * buckets[-1][1])


class Watch(threading.Thread):
    """Notes ten times a second what the files take, and when spans were stored last."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server, self.most, self.longest, self.stored = server, 0, 0.0, 0
        self.ended = threading.Event()

    def run(self):
        last, changed = -1, time.monotonic()
        while not self.ended.wait(0.1):
            self.most = max(self.most, disk(self.server.data))
            self.stored = metric(self.server, 'skein_exporter_sent_spans_total{exporter="store"}')
            now = time.monotonic()
            if self.stored != last:
                last, changed = self.stored, now
            self.longest = max(self.longest, now - changed)


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--binary", default=".build/release/skein")
    args.add_argument("--limit", default="2GB")
    args.add_argument("--times", type=float, default=2)
    args.add_argument("--connections", type=int, default=4)
    args.add_argument("--bodies", type=int, default=400)
    args.add_argument("--work", default=".build/retention")
    args.add_argument("--keep", action="store_true")
    args = args.parse_args()
    limit = number(args.limit)
    LimitedServer.limit = args.limit
    blast, load = prepare(args)
    data = os.path.join(args.work, "data")
    shutil.rmtree(data, ignore_errors=True)
    server = LimitedServer(args.binary, data)
    rounds = max(1, round(limit * (1 + args.times) / BYTES_PER_SPAN / SPANS_PER_BODY / args.bodies))
    bodies = rounds * args.bodies
    watch = Watch(server)
    watch.start()
    begun = time.monotonic()
    try:
        command = [blast, "-q", "-F", "-k", str(args.connections), "-r", str(rounds), server.url + "/v1/traces", load]
        result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        seconds = time.monotonic() - begun
        watch.ended.set()
        watch.join()
        deleted = metric(server, "skein_store_deleted_traces_total")
        commits = percentile(server, 0.99)
        time.sleep(3)
        idle = disk(data)
        request = urllib.request.Request(server.url + "/v1/traces?all=true", method="DELETE")
        answers = 0
        while True:
            with urllib.request.urlopen(request, timeout=120) as answer:
                answers += 1
                if "has_more" not in json.load(answer):
                    break
        deadline = time.monotonic() + 120
        while disk(data) > limit * 0.2 and time.monotonic() < deadline:
            time.sleep(0.2)
        empty = disk(data)
    finally:
        server.stop()
        if not args.keep:
            shutil.rmtree(data, ignore_errors=True)
    share = watch.most / limit
    print("sent %d spans in %.0f s: %.0f spans/s, answers p99 %s ms, commits p99 at most %s s" % (
        bodies * SPANS_PER_BODY, seconds, bodies * SPANS_PER_BODY / seconds, result["lat_ms"]["p99"], commits))
    print("files at most %.0f MB, %.1f %% of the limit of %.0f MB; %d traces deleted meanwhile" % (
        watch.most / 1e6, share * 100, limit / 1e6, deleted))
    print("longest time without a stored span %.2f s; idle %.0f MB; after deleting all (%d requests) %.0f MB" % (
        watch.longest, idle / 1e6, answers, empty / 1e6))
    isGood = result["status"] == {"200": bodies} and share <= 1.1 and watch.longest < 2 and empty <= limit * 0.2
    if not isGood:
        print("statuses: %s" % result["status"])
    return 0 if isGood else 1


if __name__ == "__main__":
    sys.exit(main())
