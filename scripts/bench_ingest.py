#!/usr/bin/env python3
"""The runs of scripts/bench_ingest.sh; call that."""
import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request


def start(args, data):
    process = subprocess.Popen([args.binary, "serve", "--http", "127.0.0.1:0", "--grpc", "off", "--data-dir", data,
                                "--text-index", args.text_index],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    for line in process.stdout:
        if "http://127.0.0.1:" in line:
            return process, "http://127.0.0.1:" + line.split("http://127.0.0.1:")[1].split()[0].split("/")[0]
    raise SystemExit("the server did not start")


def cpu_seconds(pid):
    with open("/proc/%d/stat" % pid) as file:
        fields = file.read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def lag(url):
    with urllib.request.urlopen(url + "/metrics") as answer:
        for line in answer.read().decode().splitlines():
            if line.startswith("skein_store_text_lag_parts "):
                return float(line.split()[1])
    return 0


def wait_for_index(url):
    begun = time.monotonic()
    while lag(url) > 0:
        time.sleep(0.1)
    return time.monotonic() - begun


def peak_mib(pid):
    with open("/proc/%d/status" % pid) as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024


def blast(args, url, load, *more):
    command = [os.path.join(args.work, "blast"), "-q", "-k", str(args.connections), *more, url + "/v1/traces", load]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def read_latency(args, url, load):
    with open(os.path.join(load, "ids.txt")) as file:
        ids = [line.split()[0] for line in file]
    paths = os.path.join(args.work, "paths.txt")
    with open(paths, "w") as file:
        file.writelines("/v1/traces/%s\n" % each for each in random.sample(ids, min(2000, len(ids))))
    command = [os.path.join(args.work, "blast"), "-q", "-G", "-k", "1", url + "/", paths]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["lat_ms"]


def run(args, number):
    load, data = os.path.join(args.work, "load"), os.path.join(args.work, "data")
    for folder in (load, data):
        shutil.rmtree(folder, ignore_errors=True)
    generator = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tools", "otlp_load.py")
    seed = str(random.randrange(1 << 30))
    warm = 50
    subprocess.run([sys.executable, generator, "--out", load, "--profile", args.profile, "--seed", seed, "--no-gzip",
                    "--bodies", str(args.bodies + warm), "--traces-per-body", "64"], check=True, stdout=subprocess.DEVNULL)
    process, url = start(args, data)
    try:
        blast(args, url, load, "-n", str(warm))
        wait_for_index(url)
        before = cpu_seconds(process.pid)
        result = blast(args, url, load, "-o", str(warm))
        spans = args.bodies * 512
        figures = {
            "spans_per_s": result["spans_per_s"],
            "cpu_us_per_span": (cpu_seconds(process.pid) - before) / spans * 1e6,
            "peak_mib": peak_mib(process.pid),
            "p50_ms": result["lat_ms"]["p50"],
            "p99_ms": result["lat_ms"]["p99"],
        }
        before = cpu_seconds(process.pid)
        figures["parts_behind"] = lag(url)
        figures["index_s"] = wait_for_index(url)
        figures["index_cpu_us_per_span"] = (cpu_seconds(process.pid) - before) / spans * 1e6
        reads = read_latency(args, url, load)
        figures["read_p50_ms"], figures["read_p99_ms"] = reads["p50"], reads["p99"]
        if result["status"] != {"200": args.bodies}:
            raise SystemExit("not every request was answered with 200: %s" % result["status"])
    finally:
        process.terminate()
        process.wait()
    figures["disk_bytes_per_span"] = sum(
        os.path.getsize(os.path.join(data, name)) for name in os.listdir(data)) / (spans + warm * 512)
    print("run %d: %s" % (number, "  ".join("%s %.2f" % pair for pair in figures.items())), flush=True)
    return figures


def main():
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--work", required=True)
    args.add_argument("--binary", default=".build/release/skein")
    args.add_argument("--profile", default="llm")
    args.add_argument("--bodies", type=int, default=1000)
    args.add_argument("--connections", type=int, default=8)
    args.add_argument("--runs", type=int, default=3)
    args.add_argument("--text-index", default="on")
    args = args.parse_args()
    runs = [run(args, number + 1) for number in range(args.runs)]
    medians = {key: statistics.median(each[key] for each in runs) for key in runs[0]}
    print("median: %s" % "  ".join("%s %.2f" % pair for pair in medians.items()))


if __name__ == "__main__":
    main()
