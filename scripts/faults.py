#!/usr/bin/env python3
"""Does to a running server what a bad network and bad clients do, and counts what it lost.

    scripts/faults.py [--binary .build/release/skein] [--only NAME]

For each fault: the spans that were acknowledged while it lasted and are missing afterwards (has to be 0), the requests
that were refused, the server's peak memory, and how long it took until exports were accepted as before. Prints a table
in Markdown, as docs/reliability.md has it. Standard library only. The full disk has a script of its own,
scripts/disk_full.sh; kill -9 has scripts/kill9.py.
"""
import argparse
import gzip
import http.client
import io
import os
import random
import resource
import shutil
import socket
import sys
import tempfile
import threading
import time

import otlp_wire
from live_server import Server

KIND = {"Content-Type": "application/x-protobuf"}


class Traffic:
    """Normal clients, each with a connection of its own, until told to stop."""

    def __init__(self, server, workers=4):
        self.server, self.stopping = server, threading.Event()
        self.lock, self.acknowledged, self.refused, self.broken = threading.Lock(), [], 0, 0
        self.last_success = time.monotonic()
        self.slowest = 0.0
        self.threads = [threading.Thread(target=self.run, args=(random.randrange(1 << 30),), daemon=True) for _ in range(workers)]
        for thread in self.threads:
            thread.start()

    def run(self, seed):
        rng, connection = random.Random(seed), None
        while not self.stopping.is_set():
            trace = rng.randbytes(16)
            ids = [rng.randbytes(8) for _ in range(8)]
            body = otlp_wire.request([otlp_wire.span(trace, span, None, "step", time.time_ns(), time.time_ns() + 1000,
                                                     ("note", "x" * 100)) for span in ids], "faults")
            begun = time.monotonic()
            try:
                connection = connection or http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
                connection.request("POST", "/v1/traces", body, KIND)
                answer = connection.getresponse()
                answer.read()
                with self.lock:
                    if answer.status == 200:
                        self.acknowledged += [(trace, span) for span in ids]
                        self.last_success = time.monotonic()
                        self.slowest = max(self.slowest, self.last_success - begun)
                    else:
                        self.refused += 1
            except (OSError, http.client.HTTPException):
                connection = None
                self.broken += 1
                time.sleep(0.05)
            time.sleep(0.002)

    def wait_for_success(self, limit=30):
        """Seconds until the next export is accepted."""
        begun = time.monotonic()
        while self.last_success < begun:
            if time.monotonic() - begun > limit:
                raise SystemExit("no export was accepted within %d s" % limit)
            time.sleep(0.005)
        return time.monotonic() - begun

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()


def connect(server):
    return socket.create_connection(("127.0.0.1", server.port), timeout=30)


def idle_connections(server, traffic):
    """5,000 connections that say nothing"""
    sockets = []
    try:
        for _ in range(5000):
            sockets.append(connect(server))
    except OSError:
        pass  # beyond the server's limit on connections the rest waits in the system's queue
    time.sleep(3)
    opened = len(sockets)
    for each in sockets:
        each.close()
    return "%d opened" % opened


def slow_loris(server, traffic):
    """200 connections that send their head a byte at a time"""
    sockets = [connect(server) for _ in range(200)]
    head = b"POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"a" * 100
    for place in range(12):
        for each in sockets:
            try:
                each.send(head[place:place + 1])
            except OSError:
                pass
        time.sleep(0.25)
    for each in sockets:
        each.close()
    return ""


def gzip_bomb(server, traffic):
    """a gzip body of 1 MB that inflates to 1 GiB"""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=9) as pack:
        zeros = bytes(1 << 20)
        for _ in range(1024):
            pack.write(zeros)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    statuses = []
    for _ in range(3):
        connection.request("POST", "/v1/traces", buffer.getvalue(), dict(KIND, **{"Content-Encoding": "gzip"}))
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    if statuses != [413] * 3:
        raise SystemExit("a gzip bomb was answered with %s" % statuses)
    return "413 each time"


def deaf_client(server, traffic):
    """20 clients that ask for a large answer and never read it"""
    trace = bytes(15) + b"\x07"
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    for batch in range(40):
        spans = [otlp_wire.span(trace, (batch * 500 + n + 1).to_bytes(8, "big"), None, "wide", time.time_ns(), time.time_ns(),
                                ("note", "y" * 2000)) for n in range(500)]
        connection.request("POST", "/v1/traces", otlp_wire.request(spans, "faults"), KIND)
        connection.getresponse().read()
    sockets = []
    for _ in range(20):
        each = connect(server)
        each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        each.sendall(b"GET /v1/traces/%s HTTP/1.1\r\nHost: localhost\r\n\r\n" % trace.hex().encode())
        sockets.append(each)
    time.sleep(4)
    for each in sockets:
        each.close()
    return ""


def terminate(server, traffic):
    """SIGTERM under load, and a start"""
    begun = time.monotonic()
    code = server.stop()
    took = time.monotonic() - begun
    if code != 0:
        raise SystemExit("SIGTERM ended with status %d" % code)
    server.start()
    return "stopped in %.2f s" % took


def giant(server, traffic):
    """one body of 60 MiB beside small ones"""
    trace = os.urandom(16)
    spans = [otlp_wire.span(trace, os.urandom(8), None, "giant", time.time_ns(), time.time_ns(), ("note", "z" * 60000))
             for _ in range(1040)]
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("POST", "/v1/traces", otlp_wire.request(spans, "faults"), KIND)
    answer = connection.getresponse()
    answer.read()
    traffic.slowest, slowest = 0, traffic.slowest
    return "%d; the slowest small request took %.0f ms" % (answer.status, slowest * 1000)


def main():
    faults = [idle_connections, slow_loris, gzip_bomb, deaf_client, giant, terminate]
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    args.add_argument("--binary", default=".build/release/skein")
    args.add_argument("--only", choices=[fault.__name__ for fault in faults])
    args = args.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    print("| fault | spans acknowledged | lost | requests refused | peak memory | accepted again after | |")
    print("|---|---|---|---|---|---|---|")
    total = 0
    for fault in faults:
        if args.only and fault.__name__ != args.only:
            continue
        data = tempfile.mkdtemp(prefix="skein-faults-")
        server = Server(args.binary, data)
        try:
            traffic = Traffic(server)
            traffic.wait_for_success()
            note = fault(server, traffic)
            recovered = traffic.wait_for_success()
            traffic.stop()
            peak = server.peak_mib()
            lost = server.missing(traffic.acknowledged)
            total += lost
            print("| %s | %d | %d | %d | %.0f MiB | %.2f s | %s |" % (fault.__doc__, len(traffic.acknowledged), lost, traffic.refused,
                                                                   peak, recovered, note), flush=True)
        finally:
            server.process.kill()
            shutil.rmtree(data, ignore_errors=True)
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main())
