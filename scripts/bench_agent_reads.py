#!/usr/bin/env python3
"""How long traces of agents take to read, in each form.

    scripts/bench_agent_reads.py [--binary .build/release/skein ...] [--bodies 60] [--rounds 2] [--turns 3]
                                 [--work .build/agent]

Stores traces of agents that send the whole conversation again with each of 5 to 30 steps (scripts/tools/otlp_load.py
--profile agent), then asks for the newest 100 of them one after the other on one connection: whole, as a tree, without content
and as OTLP. Prints milliseconds and bytes. Several binaries read the same store in turns. Needs gcc, and opentelemetry-proto,
which is installed into .build/bench/venv.
"""
import argparse
import http.client
import json
import os
import shutil
import statistics
import subprocess
import time

from bench_query import HERE, result
from live_server import Server

FORMS = ("", "?view=tree", "?fields=summary", "?view=otlp")
ALONE = ("--text-index", "off", "--recompaction", "off")


def prepare(args):
    """Builds the sender and the bodies; gives their paths."""
    os.makedirs(args.work, exist_ok=True)
    blast, load = os.path.join(args.work, "blast"), os.path.join(args.work, "load-%d" % args.bodies)
    subprocess.run(["gcc", "-O2", "-o", blast, os.path.join(HERE, "tools", "otlp_blast.c")], check=True)
    if not os.path.exists(os.path.join(load, "manifest.json")):
        made = subprocess.run([os.path.join(HERE, "python_env.sh"), "opentelemetry-proto"], check=True,
                              stdout=subprocess.PIPE, text=True)
        subprocess.run([made.stdout.split()[-1], os.path.join(HERE, "tools", "otlp_load.py"), "--out", load, "--no-gzip",
                        "--profile", "agent", "--bodies", str(args.bodies), "--traces-per-body", "16"],
                       check=True, stdout=subprocess.DEVNULL)
    return blast, load


def fill(args, blast, load, data):
    server = Server(args.binary[0], data, options=ALONE)
    try:
        command = [blast, "-q", "-k", "8", "-s", ".pb", server.url + "/v1/traces", load]
        sent = result(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        if set(sent["status"]) != {"200"}:
            raise SystemExit("not every request was answered with 200: %s" % sent["status"])
    finally:
        server.stop()


def read(args, binary, data):
    """Times and sizes of every answer, by form."""
    server = Server(binary, data, options=ALONE)
    try:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

        def get(path):
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise SystemExit("%s: %d" % (path, answer.status))
            return body

        ids = [trace["trace_id"] for trace in json.loads(get("/v1/traces?limit=100"))["data"]]
        figures = {}
        for form in FORMS:
            for _ in range(args.rounds):
                for each in ids:
                    start = time.perf_counter()
                    size = len(get("/v1/traces/" + each + form))
                    figures.setdefault(form, []).append(((time.perf_counter() - start) * 1000, size))
        return figures
    finally:
        server.stop()


def main():
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    args.add_argument("--binary", nargs="+", default=[".build/release/skein"])
    args.add_argument("--bodies", type=int, default=60)
    args.add_argument("--rounds", type=int, default=2)
    args.add_argument("--turns", type=int, default=3)
    args.add_argument("--work", default=".build/agent")
    args = args.parse_args()
    blast, load = prepare(args)
    data = os.path.join(args.work, "data")
    shutil.rmtree(data, ignore_errors=True)
    fill(args, blast, load, data)
    figures = {}
    for _ in range(args.turns):
        for binary in args.binary:
            for form, answers in read(args, binary, data).items():
                figures.setdefault((form, binary), []).extend(answers)
    for (form, binary), answers in figures.items():
        times, sizes = sorted(each[0] for each in answers), [each[1] for each in answers]
        print("%-30s %-16s p50 %6.2f, p99 %6.2f ms; %8d B in the median, %8d at most" % (
            binary, form or "whole", statistics.median(times), times[int(len(times) * 0.99)], statistics.median(sizes),
            max(sizes)))
    shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    main()
