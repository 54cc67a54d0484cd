#!/usr/bin/env python3
"""Full load for one hour or 100 million spans, whichever is first, and whether the server's memory stays flat.

    scripts/soak.py [--binary .build/release/skein] [--spans 100000000] [--seconds 3600] [--connections 8]
                    [--bodies 1000] [--work .build/soak] [--min-free-gb 6] [--keep]

Sends bodies of 512 LLM-like spans over OTLP/HTTP as fast as they are answered, each with fresh ids and the time of now
(scripts/tools/otlp_blast.c with -F). Every 10 s it notes the server's memory, the sizes of database and log, open
descriptors and spans/s in WORK/samples.csv. It stops early when less than --min-free-gb is free on the disk: a span takes
about 420 bytes, so 100 million take 42 GB. The database lies in WORK/data; it is removed at the end unless --keep is
given. Needs gcc, and opentelemetry-proto, which is installed into .build/bench/venv. Exit status 0: the disk sufficed,
every acknowledged span is stored, and memory is flat: over the second half of the run it rose by less than 5 % (or 8 MiB)
along the fitted line, and its peak is at most 10 % above the peak of the first half.
"""
import argparse
import csv
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys

from live_server import Server

HERE = os.path.dirname(os.path.abspath(__file__))
SPANS_PER_BODY = 512
INTERVAL = 10
BYTES_PER_SPAN = 420


def prepare(args):
    """Builds the load generator and its bodies in the working folder; gives their paths."""
    os.makedirs(args.work, exist_ok=True)
    blast, load = os.path.join(args.work, "blast"), os.path.join(args.work, "load")
    subprocess.run(["gcc", "-O2", "-o", blast, os.path.join(HERE, "tools", "otlp_blast.c")], check=True,
                   stderr=subprocess.DEVNULL)
    made = subprocess.run([os.path.join(HERE, "python_env.sh"), "opentelemetry-proto"], check=True, stdout=subprocess.PIPE,
                          text=True)
    shutil.rmtree(load, ignore_errors=True)
    generator = os.path.join(HERE, "tools", "otlp_load.py")
    subprocess.run([made.stdout.split()[-1], generator, "--out", load, "--no-gzip", "--bodies", str(args.bodies),
                    "--traces-per-body", str(SPANS_PER_BODY // 8)], check=True, stdout=subprocess.DEVNULL)
    return blast, load


def free_gb(path):
    found = os.statvfs(path)
    return found.f_bavail * found.f_frsize / 1e9


def size(path):
    return os.path.getsize(path) if os.path.exists(path) else 0


class Watch:
    """What is sampled while the load runs."""

    FIELDS = ("seconds", "spans", "spans_per_s", "rss_mib", "anonymous_mib", "database_mib", "log_mib", "descriptors",
              "retries")

    def __init__(self, server, path):
        self.server, self.rows = server, []
        self.file = open(path, "w", newline="")
        self.table = csv.writer(self.file)
        self.table.writerow(self.FIELDS)

    def sample(self, progress):
        server, database = self.server, os.path.join(self.server.data, "skein.db")
        spans, seconds = progress["ok"] * SPANS_PER_BODY, progress["wall_s"]
        before = self.rows[-1] if self.rows else {"spans": 0, "seconds": 0}
        row = dict(zip(self.FIELDS, (
            seconds, spans, (spans - before["spans"]) / max(seconds - before["seconds"], 0.001),
            server.memory_mib("VmRSS"), server.memory_mib("RssAnon"), size(database) / 2**20, size(database + "-wal") / 2**20,
            len(os.listdir("/proc/%d/fd" % server.process.pid)), progress["retries"])))
        self.rows.append(row)
        self.table.writerow("%.1f" % row[field] for field in self.FIELDS)
        self.file.flush()
        if len(self.rows) % 6 == 1:
            print(line(row), flush=True)


def line(row):
    return ("%5.0f s  %11d spans  %7.0f spans/s  memory %4.0f MiB (anonymous %4.0f)  database %6.0f MiB  log %4.0f MiB  "
            "%d descriptors" % tuple(row[field] for field in Watch.FIELDS[:-1]))


def drive(args, server, watch, blast, load):
    """Runs the load to its end; gives the figures of the generator, what ended it, and whether that was the disk."""
    repeats = -(-args.spans // (args.bodies * SPANS_PER_BODY))
    command = [blast, "-q", "-F", "-k", str(args.connections), "-r", str(repeats), "-P", str(INTERVAL),
               "-T", str(args.seconds), server.url + "/v1/traces", load]
    sender = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    reason, short = None, False
    try:
        for text in sender.stdout:
            progress = json.loads(text)
            if "status" in progress:
                break
            if server.process.poll() is not None:
                raise SystemExit("the server ended with status %d" % server.process.returncode)
            watch.sample(progress)
            if not reason and free_gb(server.data) < args.min_free_gb:
                reason, short = "less than %g GB are free on the disk" % args.min_free_gb, True
            elif not reason and progress["ok"] * SPANS_PER_BODY >= args.spans:
                reason = "%d spans" % args.spans
            if reason:
                sender.terminate()
        else:
            raise SystemExit("the load generator gave no figures")
    finally:
        sender.terminate()
        sender.wait()
    watch.sample({"wall_s": progress["wall_s"], "ok": progress["status"].get("200", 0), "retries": progress["retries"]})
    if not reason:
        reason = "%d spans" % args.spans if progress["finished"] == progress["requests"] else "%d seconds" % args.seconds
    return progress, reason, short


def slope(rows):
    """The fitted line of resident memory: MiB per second."""
    times, values = [row["seconds"] for row in rows], [row["rss_mib"] for row in rows]
    return statistics.linear_regression(times, values).slope if len(set(times)) > 1 else 0.0


def judge(rows, peak):
    """Prints what memory did; gives whether it was flat."""
    tenths = [rows[min(len(rows) - 1, len(rows) * n // 10)] for n in range(1, 11)]
    print("memory at each tenth of the run, MiB: %s" % ", ".join("%.0f" % row["rss_mib"] for row in tenths))
    middle = len(rows) // 2
    first, second = rows[:middle], rows[middle:]
    if len(first) < 3:
        print("verdict: the run was too short to tell")
        return False
    fitted, seconds = slope(second), second[-1]["seconds"] - second[0]["seconds"]
    mean, rise = statistics.mean(row["rss_mib"] for row in second), fitted * seconds
    peaks = [max(row["rss_mib"] for row in half) for half in (first, second)]
    spans = second[-1]["spans"] - second[0]["spans"]
    flat = rise < max(0.05 * mean, 8) and peaks[1] <= 1.1 * peaks[0]
    print("peak memory: %.0f MiB (sampled: %.0f in the first half, %.0f in the second)" % (peak, *peaks))
    print("second half: %+.2f MiB per million spans, %+.1f MiB in all, mean %.0f MiB"
          % (rise / max(spans, 1) * 1e6, rise, mean))
    print("verdict: %s" % ("flat" if flat else "NOT FLAT"))
    return flat


def stored_spans(data):
    database = sqlite3.connect("file:%s?mode=ro" % os.path.join(data, "skein.db"), uri=True)
    try:
        return database.execute("SELECT sum(span_count) FROM traces").fetchone()[0] or 0
    finally:
        database.close()


def main():
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    args.add_argument("--binary", default=".build/release/skein")
    args.add_argument("--spans", type=int, default=100_000_000)
    args.add_argument("--seconds", type=int, default=3600)
    args.add_argument("--connections", type=int, default=8)
    args.add_argument("--bodies", type=int, default=1000)
    args.add_argument("--work", default=".build/soak")
    args.add_argument("--min-free-gb", type=float, default=6)
    args.add_argument("--keep", action="store_true", help="leave the database in WORK/data")
    args = args.parse_args()
    blast, load = prepare(args)
    data = os.path.join(args.work, "data")
    shutil.rmtree(data, ignore_errors=True)
    os.makedirs(data, mode=0o700)
    need = args.spans * BYTES_PER_SPAN / 1e9 + args.min_free_gb
    if free_gb(data) < need:
        print("note: %.0f GB are free, %d spans need about %.0f; it may end early" % (free_gb(data), args.spans, need))
    server = Server(args.binary, data)
    try:
        watch = Watch(server, os.path.join(args.work, "samples.csv"))
        figures, reason, short = drive(args, server, watch, blast, load)
        peak, last = server.peak_mib(), watch.rows[-1]
        code = server.stop()
        stored = stored_spans(data)
        print(line(last))
        print("ended by: %s" % reason)
        print("%d spans acknowledged in %.0f s (%.0f spans/s), %d stored, %d requests sent again, answers %s"
              % (last["spans"], last["seconds"], last["spans"] / last["seconds"], stored, figures["retries"],
                 figures["status"]))
        flat = judge(watch.rows, peak)
        whole = last["spans"] <= stored <= last["spans"] + args.connections * SPANS_PER_BODY
        if not whole:
            print("LOST: %d spans" % (last["spans"] - stored))
        return 0 if flat and whole and code == 0 and not short else 1
    finally:
        server.process.kill()
        server.process.wait()
        if not args.keep:
            shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
