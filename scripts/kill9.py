#!/usr/bin/env python3
"""Kills a server with SIGKILL under load, again and again, and counts what it had acknowledged and lost.

    scripts/kill9.py [--binary .build/release/skein] [--rounds 100] [--workers 6] [--seed 1] [--keep DIR]

Each round starts the server on the same data directory and lets several clients export spans: half of them over HTTP
(protobuf and JSON), half over gRPC, plain and gzip, new traces and late spans of older ones. It kills the server at a
random moment (in every fourth round also once while it starts), starts it, and reads back every span that was
acknowledged in that round and 500 of earlier rounds; then `PRAGMA integrity_check` runs. At the end every span of all
rounds is looked up in the file itself. gRPC needs grpcio, which is installed into .build/bench/venv; where that is not
possible the script says so and uses HTTP alone. Exit status 0: nothing lost, no damage.
"""
import argparse
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import otlp_clients
from live_server import Server


class Client(threading.Thread):
    """Exports until the server is gone. Remembers what was acknowledged."""

    def __init__(self, server, number, seed, old_traces, killed):
        super().__init__(daemon=True)
        self.random, self.old, self.killed = random.Random(seed), old_traces, killed
        self.exporter = otlp_clients.exporter(server, self.random, number)
        self.acknowledged, self.refused, self.broken = [], 0, 0

    @property
    def over_grpc(self):
        return isinstance(self.exporter, otlp_clients.GRPCExporter)

    def spans(self):
        rng = self.random
        out = []
        for place in range(rng.choice((1, 1, 8, 64))):
            if place % 8 == 0:
                old = self.old and rng.random() < 0.2
                trace = rng.choice(self.old) if old else rng.randbytes(16)
            out.append((trace, rng.randbytes(8), rng.randbytes(8) if rng.random() < 0.5 else None, "step", time.time_ns()))
        return out

    def run(self):
        try:
            while True:
                spans = self.spans()
                answer, _ = self.exporter.export(spans)
                if answer == otlp_clients.STORED:
                    self.acknowledged += [(t, s) for t, s, _, _, _ in spans]
                else:
                    self.refused += 1
        except otlp_clients.Gone:
            self.broken += not self.killed.is_set()  # a connection that ends before the kill is a fault of its own
        finally:
            self.exporter.close()


class Rounds:
    """The rounds on one data directory, and what came of them."""

    def __init__(self, args, data, grpc):
        self.args, self.data, self.grpc = args, data, grpc
        self.random = random.Random(args.seed)
        self.everything, self.lost, self.damaged = [], set(), 0
        self.over_grpc = self.refused = self.broken = 0
        self.starts, self.peaks = [], []

    def load(self):
        """Starts the server, kills it under load; gives what was acknowledged and the refusals."""
        rng, killed = self.random, threading.Event()
        server = Server(self.args.binary, self.data, self.grpc)
        old = [t for t, _ in rng.sample(self.everything, min(200, len(self.everything)))]
        clients = [Client(server, number, rng.random(), old, killed) for number in range(self.args.workers)]
        for client in clients:
            client.start()
        time.sleep(rng.uniform(0.1, 1.2))
        self.peaks.append(server.peak_mib())
        killed.set()
        server.kill()
        for client in clients:
            client.join()
        self.over_grpc += sum(len(client.acknowledged) for client in clients if client.over_grpc)
        self.broken += sum(client.broken for client in clients)
        return [pair for client in clients for pair in client.acknowledged], sum(client.refused for client in clients)

    def kill_while_it_starts(self):
        process = subprocess.Popen(Server.command(self.args.binary, self.data), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(self.random.uniform(0, 0.3))
        process.kill()
        process.wait()

    def run(self, number):
        acknowledged, refused = self.load()
        if number % 4 == 3:
            self.kill_while_it_starts()
        server = Server(self.args.binary, self.data)
        older = self.random.sample(self.everything, min(500, len(self.everything)))
        gone = server.missing(acknowledged + older)
        self.peaks.append(server.peak_mib())
        server.kill()
        path = os.path.join(self.data, "skein.db")
        database = sqlite3.connect(path)
        verdict = database.execute("PRAGMA integrity_check").fetchone()[0]
        database.close()
        self.everything += acknowledged
        self.lost |= gone
        self.damaged += verdict != "ok"
        self.refused += refused
        self.starts.append(server.start_seconds)
        print("round %d: %d acknowledged, %d lost, %d refused, ready after %.2f s, peak %.0f MiB, file %.0f MiB, "
              "integrity_check: %s" % (number + 1, len(acknowledged), len(gone), refused, server.start_seconds,
                                       max(self.peaks[-2:]), os.path.getsize(path) / 2**20, verdict), flush=True)

    def look_at_all(self):
        """Looks every acknowledged span up in the file itself."""
        stored = spans_in_file(os.path.join(self.data, "skein.db"))
        self.lost.update(pair for pair in self.everything if pair not in stored)

    def summary(self):
        return ("%d rounds, %s: %d spans acknowledged (%d over gRPC), %d lost, %d damaged files, %d requests refused, "
                "%d connections ended before the kill; ready after %.2f s in the median, %.2f s at most; peak memory "
                "%.0f MiB in the median, %.0f MiB at most"
                % (self.args.rounds, "HTTP and gRPC" if self.grpc else "HTTP only", len(self.everything), self.over_grpc,
                   len(self.lost), self.damaged, self.refused, self.broken, statistics.median(self.starts),
                   max(self.starts), statistics.median(self.peaks), max(self.peaks)))


def spans_in_file(path):
    """Every (trace id, span id) of a database file."""
    database = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    found = set()
    rows = database.execute("SELECT t.trace_id, p.span_ids FROM parts p JOIN traces t ON t.trace_no = p.part_id >> 24")
    for trace, ids in rows:
        found.update((trace, ids[i:i + 8]) for i in range(0, len(ids), 8))
    database.close()
    return found


def main():
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    args.add_argument("--binary", default=".build/release/skein")
    args.add_argument("--rounds", type=int, default=100)
    args.add_argument("--workers", type=int, default=6)
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--keep", metavar="DIR", help="use and keep this data directory")
    args = args.parse_args()
    grpc = otlp_clients.use_grpc()
    data = args.keep or tempfile.mkdtemp(prefix="skein-kill9-")
    try:
        rounds = Rounds(args, data, grpc)
        for number in range(args.rounds):
            rounds.run(number)
        rounds.look_at_all()
        print(rounds.summary())
        clean = rounds.everything and not rounds.lost and not rounds.damaged and not rounds.broken
        return 0 if clean and bool(rounds.over_grpc) == grpc else 1
    finally:
        if not args.keep:
            shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
