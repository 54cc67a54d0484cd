#!/usr/bin/env python3
"""Kills a server with SIGKILL under load, again and again, and counts what it had acknowledged and lost.

    scripts/kill9.py [--binary .build/release/skein] [--rounds 50] [--workers 6] [--seed 1] [--keep DIR]

Each round starts the server on the same data directory, lets several clients export spans (protobuf and JSON, new
traces and late spans of older ones), kills it at a random moment, starts it again and reads back every span that was
answered with 200 in that round. At the end every span of all rounds is looked up in the file itself, and
`PRAGMA integrity_check` runs after each round. Standard library only. Exit status 0: nothing lost, no damage.
"""
import argparse
import http.client
import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import threading
import time

import otlp_wire
from live_server import Server


def protobuf_body(spans):
    return otlp_wire.request([otlp_wire.span(trace, span, parent, name, start, start + 1_000_000, ("note", "x" * 200))
                              for trace, span, parent, name, start in spans], "kill9")


def json_body(spans):
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [
        {"traceId": t.hex(), "spanId": s.hex(), "parentSpanId": p.hex() if p else "", "name": n,
         "startTimeUnixNano": str(at), "endTimeUnixNano": str(at + 1_000_000)} for t, s, p, n, at in spans]}]}]}).encode()


class Client(threading.Thread):
    """Exports until the server is gone. Remembers what was acknowledged."""

    def __init__(self, port, seed, old_traces):
        super().__init__(daemon=True)
        self.port, self.random, self.old = port, random.Random(seed), old_traces
        self.acknowledged, self.refused = [], 0

    def spans(self):
        rng = self.random
        out = []
        for _ in range(rng.choice((1, 1, 8, 64))):
            old = self.old and rng.random() < 0.2
            trace = rng.choice(self.old) if old else rng.randbytes(16)
            out.append((trace, rng.randbytes(8), rng.randbytes(8) if rng.random() < 0.5 else None, "step", time.time_ns()))
        return out

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            while True:
                spans = self.spans()
                as_json = self.random.random() < 0.3
                body = json_body(spans) if as_json else protobuf_body(spans)
                kind = "application/json" if as_json else "application/x-protobuf"
                connection.request("POST", "/v1/traces", body, {"Content-Type": kind})
                answer = connection.getresponse()
                answer.read()
                if answer.status == 200:
                    self.acknowledged += [(t, s) for t, s, _, _, _ in spans]
                else:
                    self.refused += 1
        except (OSError, http.client.HTTPException):
            pass


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
    args.add_argument("--rounds", type=int, default=50)
    args.add_argument("--workers", type=int, default=6)
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--keep", metavar="DIR", help="use and keep this data directory")
    args = args.parse_args()
    data = args.keep or tempfile.mkdtemp(prefix="skein-kill9-")
    rng = random.Random(args.seed)
    everything, lost, refused, slowest = [], 0, 0, 0.0
    try:
        for number in range(args.rounds):
            server = Server(args.binary, data)
            old = [t for t, _ in rng.sample(everything, min(200, len(everything)))]
            clients = [Client(server.port, rng.random(), old) for _ in range(args.workers)]
            for client in clients:
                client.start()
            time.sleep(rng.uniform(0.1, 1.2))
            server.kill()
            for client in clients:
                client.join()
            acknowledged = [pair for client in clients for pair in client.acknowledged]
            refused += sum(client.refused for client in clients)
            everything += acknowledged
            begun = time.monotonic()
            server = Server(args.binary, data)
            slowest = max(slowest, time.monotonic() - begun)
            gone = server.missing(acknowledged)
            server.kill()
            database = sqlite3.connect(os.path.join(data, "skein.db"))
            verdict = database.execute("PRAGMA integrity_check").fetchone()[0]
            database.close()
            lost += gone
            if gone or verdict != "ok":
                print("round %d: %d acknowledged, %d lost, integrity_check: %s" % (number, len(acknowledged), gone, verdict))
                lost += verdict != "ok"
        stored = spans_in_file(os.path.join(data, "skein.db"))
        lost += sum(1 for pair in everything if pair not in stored)
        print("%d rounds, %d spans acknowledged, %d requests refused, %d lost, slowest start %.2f s"
              % (args.rounds, len(everything), refused, lost, slowest))
        return 1 if lost or not everything else 0
    finally:
        if not args.keep:
            shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
