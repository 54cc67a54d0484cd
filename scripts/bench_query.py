#!/usr/bin/env python3
"""How long questions take over many stored spans, alone and while more arrive.

    scripts/bench_query.py [--binary .build/release/skein] [--spans 10000000] [--days 30] [--work .build/query]
                           [--keep] [--reuse] [--max-wait 7200] [--load-rate 0.5] [--repeat 100]

Stores LLM-like traces of 8 spans each, spread over the last --days (scripts/tools/otlp_blast.c with -F -D), waits until
everything is looked through for search, then asks each question --repeat times over one connection and prints the median
and the 99th percentile in milliseconds. Then the same while ingest runs at --load-rate of its top speed, and what that
does to ingest, and once more alone, since the newest traces are others then. With --reuse the data of a run with --keep
is used again. Needs gcc, and opentelemetry-proto, which is installed into .build/bench/venv.
"""
import argparse
import http.client
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
import urllib.parse

from live_server import Server

HERE = os.path.dirname(os.path.abspath(__file__))
SPANS_PER_BODY = 512
BODIES = 1000


def prepare(args, spread=600):
    """Builds the load generator and its bodies in the working folder; gives their paths.

    The traces of the bodies start within so many seconds."""
    os.makedirs(args.work, exist_ok=True)
    blast = os.path.join(args.work, "blast")
    load = os.path.join(args.work, "load" if spread == 600 else f"load-{spread}")
    subprocess.run(["gcc", "-O2", "-o", blast, os.path.join(HERE, "tools", "otlp_blast.c")], check=True)
    if not os.path.exists(os.path.join(load, "manifest.json")):
        made = subprocess.run([os.path.join(HERE, "python_env.sh"), "opentelemetry-proto"], check=True,
                              stdout=subprocess.PIPE, text=True)
        generator = os.path.join(HERE, "tools", "otlp_load.py")
        subprocess.run([made.stdout.split()[-1], generator, "--out", load, "--no-gzip", "--bodies", str(BODIES),
                        "--traces-per-body", str(SPANS_PER_BODY // 8), "--spread", str(spread)],
                       check=True, stdout=subprocess.DEVNULL)
    return blast, load


def send(blast, load, url, spans, *options):
    """Sends about so many spans; gives the process."""
    rounds = max(1, round(spans / (SPANS_PER_BODY * BODIES)))
    command = [blast, "-q", "-F", "-k", "8", "-r", str(rounds), *options, url + "/v1/traces", load]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def result(process):
    """What a process that sent says."""
    return json.loads(process.communicate()[0].splitlines()[-1])


class Asker:
    """One connection that is kept."""

    def __init__(self, url):
        self.host = urllib.parse.urlsplit(url).netloc
        self.connection = http.client.HTTPConnection(self.host, timeout=60)

    def ask(self, path):
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            sys.exit(f"{path}: {answer.status} {body[:300]!r}")
        return body

    def time(self, path):
        start = time.perf_counter()
        body = self.ask(path)
        return (time.perf_counter() - start) * 1000, body


def questions(asker, days):
    """Names, and for each the paths that are asked in turn."""
    rows = json.loads(asker.ask("/v1/traces?limit=100"))["data"]
    oldest = json.loads(asker.ask("/v1/traces?limit=100&order=asc"))["data"]
    some = rows + oldest
    sessions = [row["session_id"] for row in some if row["session_id"]]
    users = [row["user_id"] for row in some if row["user_id"]]
    ids = [row["trace_id"] for row in some]
    now = time.time()

    def day(number):
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now - number * 86400))

    def filtered(*conditions):
        return ["/v1/traces?" + urllib.parse.urlencode(list(condition.items())) for condition in conditions]

    calls = [path.replace("/v1/traces", "/v1/calls") for path in filtered(
        {"model_id": "gpt-4o-2024-08-06"}, {"provider": "anthropic"}, {"status": "timeout"})]
    return [
        ("newest 50 traces", ["/v1/traces"]),
        ("filter: time", filtered({"start_time": day(days / 2), "end_time": day(days / 2 - 1)})),
        ("filter: model", filtered({"model": "gpt-4o*"}, {"model": "claude-haiku*"})),
        ("filter: provider", filtered({"provider": "anthropic"}, {"provider": "gcp.gemini"})),
        ("filter: service", filtered({"service": "support-bot"})),
        ("filter: session", filtered(*[{"session_id": value} for value in random.sample(sessions, min(20, len(sessions)))])),
        ("filter: user", filtered(*[{"user_id": value} for value in random.sample(users, min(20, len(users)))])),
        ("filter: status", filtered({"status": "error"})),
        ("filter: error type", filtered({"error_type": "APITimeoutError"}, {"error_type": "NoSuchError"})),
        ("filter: has_warning", filtered({"has_warning": "true"})),
        ("filter: project that is empty", filtered({"project": "nowhere"})),
        ("sort by cost", filtered({"sort": "cost"})),
        ("sort by duration", filtered({"sort": "duration_ms"})),
        ("sort by tokens", filtered({"sort": "tokens"})),
        ("three filters, no match", filtered(
            {"status": "error", "model": "gpt-4o*", "min_cost": "100"},
            {"model": "gemini*", "provider": "anthropic", "status": "ok"},
            {"service": "support-bot", "min_latency_ms": "1", "max_cost": "0.0000001"})),
        ("trace by id", ["/v1/traces/" + value for value in random.sample(ids, min(100, len(ids)))]),
        ("full text, two words", filtered({"q": "upstream gateway"}, {"q": "billing-agent triage"},
                                          {"q": "rate limit"})),
        ("full text, no match", filtered({"q": "xylophone quantum"})),
        ("stats: 30 days by day and model", ["/v1/stats?" + urllib.parse.urlencode(
            {"from": day(30), "interval": "day", "group_by": "model"})]),
        ("stats: all, by service", ["/v1/stats?group_by=service"]),
        ("newest 100 calls, counted", ["/v1/calls"]),
        ("calls: filters", calls),
        ("calls: sort by cost", ["/v1/calls?sort=cost"]),
        ("attribute, common", filtered({"attr.gen_ai.agent.name": "planner"})),
    ]


def measure(asker, questions, repeat):
    found = {}
    for name, paths in questions:
        for path in paths:
            asker.ask(path)
        times = [asker.time(paths[turn % len(paths)])[0] for turn in range(repeat)]
        times.sort()
        found[name] = (statistics.median(times), times[min(len(times) - 1, int(len(times) * 0.99))])
        print(f"  {name:34} {found[name][0]:9.2f} {found[name][1]:9.2f}", flush=True)
    return found


def lag(asker):
    text = asker.ask("/metrics").decode()
    lines = [line for line in text.splitlines() if line.startswith("skein_store_text_lag_parts ")]
    return float(lines[0].split()[1]) if lines else 0


def wait_for_index(asker, longest):
    """Waits until all parts are looked through, or so many seconds."""
    begun = time.time()
    while (left := lag(asker)) > 0 and time.time() - begun < longest:
        print(f"  {left:,.0f} parts to be looked through", flush=True)
        time.sleep(10)
    print(f"looked through but for {left:,.0f} parts {time.time() - begun:.0f} s later", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", default=".build/release/skein")
    parser.add_argument("--spans", type=float, default=10e6)
    parser.add_argument("--days", type=float, default=30)
    parser.add_argument("--work", default=".build/query")
    parser.add_argument("--repeat", type=int, default=100)
    parser.add_argument("--max-wait", type=float, default=7200, help="seconds to wait for the index; then it goes on beside")
    parser.add_argument("--load-rate", type=float, default=0.5)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--reuse", action="store_true")
    args = parser.parse_args()
    random.seed(1)
    blast, load = prepare(args)
    data = os.path.join(args.work, "data")
    if not args.reuse:
        shutil.rmtree(data, ignore_errors=True)
    server = Server(args.binary, data)
    asker = Asker(server.url)
    top = None
    if not args.reuse:
        sent = result(send(blast, load, server.url, args.spans, "-D", str(args.days), "-T", "7200"))
        top = sent["spans_per_s"]
        print(f"stored {sent['finished'] * SPANS_PER_BODY:,.0f} spans at {top:,.0f}/s; "
              f"file {os.path.getsize(os.path.join(data, 'skein.db')) / 1e9:.2f} GB", flush=True)
    wait_for_index(asker, args.max_wait)
    print(f"file {os.path.getsize(os.path.join(data, 'skein.db')) / 1e9:.2f} GB", flush=True)
    asked = questions(asker, args.days)
    print("alone: median and p99, ms", flush=True)
    alone = measure(asker, asked, args.repeat)
    if not top:
        top = result(send(blast, load, server.url, SPANS_PER_BODY * BODIES))["spans_per_s"]
    rate = top * args.load_rate
    print(f"while {rate:,.0f} spans/s arrive: median and p99, ms", flush=True)
    loading = send(blast, load, server.url, rate * 3600, "-W", str(rate / SPANS_PER_BODY), "-T", "3600")
    time.sleep(5)
    busy = measure(asker, asked, max(20, args.repeat // 4))
    loading.terminate()
    reached = result(loading)["spans_per_s"]
    print(f"ingest meanwhile: {reached:,.0f} spans/s, {reached / rate:.2f} of what was sent")
    wait_for_index(asker, args.max_wait)
    print("alone again, with what has arrived: median and p99, ms", flush=True)
    after = measure(asker, asked, max(20, args.repeat // 4))
    for name in alone:
        ratios = [busy[name][0] / max(quiet[name][0], 0.01) for quiet in (alone, after)]
        print(f"  {name:34} {ratios[0]:6.2f} times the median alone before, {ratios[1]:6.2f} after")
    print(f"peak memory {server.peak_mib():.0f} MiB")
    server.stop()
    if not args.keep:
        shutil.rmtree(args.work, ignore_errors=True)


if __name__ == "__main__":
    main()
