#!/usr/bin/env python3
"""How soon a server answers after its start, and what it takes while nobody asks.

    scripts/bench_start.py [--binary .build/release/skein] [--data DIR] [--times 10] [--spans 512000] [--rest 30]
                           [--text-index on]

Start: from the start of the process to the last byte of the answer to GET /v1/traces?limit=1, asked again and again until
there is one; on a new folder, and with --data on the database of that folder (no other server may use it). The median,
least and most of --times starts, and the CPU that all threads have used when the answer is there. The files are in the
system's cache, but for the first start.

Idle: memory (VmRSS, and how much of it is the process's own, not pages of files) and clock ticks of CPU in 20 s, --rest
seconds after the start on a new folder; then after --spans spans were sent as fast as they are answered, looked through,
and --rest seconds have passed; that is followed by compressing finished traces again, so it is measured once more after
that. The last line is the first request after the rest, beside the second one.

Needs a release build and gcc; the package opentelemetry-proto is installed into .build/bench/venv.
"""
import argparse
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import time
import urllib.request

from live_server import Failed, Server

HERE = os.path.dirname(os.path.abspath(__file__))
WORK = ".build/start"
SPANS_PER_BODY = 512


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def ask(port, path="/v1/traces?limit=1"):
    """The status of an answer that was read to its end; None while nobody listens."""
    try:
        connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    except ConnectionRefusedError:
        return None
    with connection:
        connection.sendall(b"GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n" % (path.encode(), port))
        answer = b""
        while chunk := connection.recv(1 << 16):
            answer += chunk
    return int(answer.split()[1])


def cpu_ms(process):
    """CPU of all threads that it has."""
    folder, used = "/proc/%d/task" % process, 0
    for thread in os.listdir(folder):
        with open("%s/%s/schedstat" % (folder, thread)) as file:
            used += int(file.read().split()[0])
    return used / 1e6


def start_once(binary, data):
    """Milliseconds to the first answer, and of CPU."""
    port = free_port()
    begun = time.monotonic()
    process = subprocess.Popen([binary, "serve", "--http", "127.0.0.1:%d" % port, "--grpc", "127.0.0.1:0", "--data-dir", data],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while (status := ask(port)) is None:
            if process.poll() is not None:
                raise Failed("the server did not start")
            time.sleep(0.0003)
        took = (time.monotonic() - begun) * 1e3
        used = cpu_ms(process.pid)
        if status != 200:
            raise Failed("the first answer was %d" % status)
        return took, used
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def measure_start(args, name, data):
    start_once(args.binary, data)
    runs = [start_once(args.binary, data) for _ in range(args.times)]
    times = [each[0] for each in runs]
    print("first answer, %-22s median %6.1f ms, %.1f to %.1f, CPU %.1f ms" % (
        name, statistics.median(times), min(times), max(times), statistics.median(each[1] for each in runs)), flush=True)


def ticks(server):
    with open("/proc/%d/stat" % server.process.pid) as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def measure_idle(server, name):
    before = ticks(server)
    time.sleep(20)
    print("idle, %-30s %6.1f MiB, its own %5.1f, ticks in 20 s: %d" % (
        name, server.memory_mib("VmRSS"), server.memory_mib("RssAnon"), ticks(server) - before), flush=True)


def wait_until_looked_through(server):
    while True:
        with urllib.request.urlopen(server.url + "/metrics") as answer:
            lag = re.search(r"^skein_store_text_lag_parts (\S+)", answer.read().decode(), re.M)
        if lag is None or float(lag[1]) == 0:
            return
        time.sleep(0.5)


def wait_until_still(server):
    """Until it takes no more than a tick in 5 seconds, or 2 minutes are over."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        before = ticks(server)
        time.sleep(5)
        if ticks(server) - before <= 1:
            return


def prepare():
    """The load generator and 100 bodies."""
    blast, load = WORK + "/blast", WORK + "/load"
    subprocess.run(["gcc", "-O2", "-w", "-o", blast, os.path.join(HERE, "tools", "otlp_blast.c")], check=True)
    made = subprocess.run([os.path.join(HERE, "python_env.sh"), "opentelemetry-proto"], check=True, stdout=subprocess.PIPE,
                          text=True)
    shutil.rmtree(load, ignore_errors=True)
    subprocess.run([made.stdout.split()[-1], os.path.join(HERE, "tools", "otlp_load.py"), "--out", load, "--no-gzip",
                    "--bodies", "100", "--traces-per-body", "64"], check=True, stdout=subprocess.DEVNULL)
    return blast, load


def measure_loaded(args, data):
    blast, load = prepare()
    server = Server(args.binary, data, grpc=True, options=("--text-index", args.text_index))
    try:
        subprocess.run([blast, "-q", "-F", "-k", "8", "-r", str(max(1, args.spans // SPANS_PER_BODY // 100)),
                        server.url + "/v1/traces", load], check=True, stdout=subprocess.DEVNULL)
        print("under load, at most %26.1f MiB" % server.peak_mib(), flush=True)
        wait_until_looked_through(server)
        time.sleep(args.rest)
        measure_idle(server, "%d s after %d spans" % (args.rest, args.spans))
        time.sleep(60)
        wait_until_still(server)
        time.sleep(args.rest)
        measure_idle(server, "after compressing again")
        times = []
        for _ in range(2):
            begun = time.monotonic()
            ask(server.port)
            times.append((time.monotonic() - begun) * 1e3)
        print("a request after the rest %.1f ms, the next %.1f ms" % tuple(times), flush=True)
    finally:
        server.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", default=".build/release/skein")
    parser.add_argument("--data")
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--spans", type=int, default=512_000, help="0: no load")
    parser.add_argument("--rest", type=int, default=30)
    parser.add_argument("--text-index", default="on", choices=("on", "off"))
    args = parser.parse_args()
    data = WORK + "/fresh"
    os.makedirs(WORK, exist_ok=True)
    shutil.rmtree(data, ignore_errors=True)
    try:
        measure_start(args, "new folder", data)
        if args.data:
            measure_start(args, "--data", args.data)
        server = Server(args.binary, data, grpc=True)
        time.sleep(args.rest)
        measure_idle(server, "new folder")
        server.stop()
        if args.data:
            # A walk over all that is there would be in work for long.
            server = Server(args.binary, args.data, grpc=True, options=("--recompaction", "off"))
            wait_until_still(server)
            time.sleep(args.rest)
            measure_idle(server, "--data")
            server.stop()
        if args.spans:
            measure_loaded(args, data)
    finally:
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    main()
