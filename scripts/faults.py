#!/usr/bin/env python3
"""Does to a running server what a bad network and bad clients do, and counts what it lost.

    scripts/faults.py [--binary .build/release/skein] [--only NAME]

For each fault: the spans that were acknowledged while it lasted and are missing afterwards (has to be 0), the requests
that were refused, the server's peak memory, and how long it took until exports were accepted as before. Prints a table
in Markdown, as docs/reliability.md has it. Half of the clients use gRPC, when grpcio can be had. The faults of disks are
in scripts/disk_faults.py and need root; one that cannot be made here is named as not tested. scripts/disk_full.sh looks at
a full disk without Python, kill -9 has scripts/kill9.py.
"""
import argparse
import gzip
import http.client
import io
import os
import resource
import socket
import sys
import tempfile
import time

import disk_faults
import otlp_clients
import otlp_wire
from live_server import Failed, Server

KIND = {"Content-Type": "application/x-protobuf"}


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
        raise Failed("a gzip bomb was answered with %s" % statuses)
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
    time.sleep(12)
    for each in sockets:
        each.close()
    return ""


def terminate(server, traffic):
    """SIGTERM under load, and a start"""
    begun = time.monotonic()
    code = server.stop()
    took = time.monotonic() - begun
    if code != 0:
        raise Failed("SIGTERM ended with status %d" % code)
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


def temporary_folder():
    """A data directory of its own, gone afterwards."""
    return tempfile.TemporaryDirectory(prefix="skein-faults-", ignore_cleanup_errors=True)


def run(fault, place, args, grpc):
    """One fault on one server: prints its row, gives whether all was as it has to be."""
    with place() as data:
        server = Server(args.binary, data, grpc)
        traffic = otlp_clients.Traffic(server)
        try:
            traffic.wait_for_success()
            time.sleep(2)
            failed = False
            try:
                note = fault(server, traffic)
            except Failed as failure:
                note, failed = "FAILED: %s" % failure, True
            recovered = traffic.wait_for_success()
            server.wait_until_ready(5)
            time.sleep(1)
            traffic.stop()
            peak = server.peak_mib()
            lost = len(server.missing(traffic.acknowledged))
            print("| %s | %d | %d | %d | %.0f MiB | %.2f s | %s |" % (fault.__doc__, len(traffic.acknowledged), lost,
                                                                   traffic.refused, peak, recovered, note), flush=True)
            return not failed and not lost
        finally:
            server.process.kill()
            server.process.wait()
            traffic.stop()


def main():
    faults = [idle_connections, slow_loris, gzip_bomb, deaf_client, giant, terminate, disk_faults.full_disk,
              disk_faults.read_only_file, disk_faults.read_only_disk, disk_faults.read_only_start]
    places = {disk_faults.full_disk: disk_faults.small_disk, disk_faults.read_only_disk: disk_faults.failing_disk}
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    args.add_argument("--binary", default=".build/release/skein")
    args.add_argument("--only", choices=[fault.__name__ for fault in faults])
    args = args.parse_args()
    grpc = otlp_clients.use_grpc()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    print("| fault | spans acknowledged | lost | requests refused | peak memory | accepted again after | |")
    print("|---|---|---|---|---|---|---|")
    good = True
    for fault in faults:
        if args.only in (None, fault.__name__):
            try:
                good = run(fault, places.get(fault, temporary_folder), args, grpc) and good
            except disk_faults.NotHere as reason:
                print("%s: NOT TESTED HERE: %s" % (fault.__name__, reason), file=sys.stderr)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
