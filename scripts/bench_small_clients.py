#!/usr/bin/env python3
"""Many small clients: what a request of one span costs the server, and how long it takes.

    scripts/bench_small_clients.py [--connections 200] [--rate 10] [--seconds 20] [--spans 1] [--binary PATH]

So many connections send so many spans a second each, --spans to a request, from as many traces at a time: over HTTP, then
over gRPC, each on fresh data. Then 8 connections send requests of one span as fast as they are answered. One line for
each: requests/s, microseconds of server CPU per request without the thread of the text index, p50 and p99 of their times.

The client of gRPC is Python: where requests/s stay below connections times rate it is the client that cannot do more, and
its times are mostly its own.

Needs a release build and gcc; the packages opentelemetry-proto and grpcio are installed into .build/bench/venv.
"""
import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def in_venv():
    """Runs this script again with the interpreter that has the packages."""
    if os.environ.get("SKEIN_SCRIPT_VENV"):
        return
    made = subprocess.run([os.path.join(HERE, "python_env.sh"), "opentelemetry-proto", "grpcio"], check=True,
                          stdout=subprocess.PIPE, text=True)
    os.environ["SKEIN_SCRIPT_VENV"] = "1"
    python = made.stdout.split()[-1]
    os.execv(python, [python, *sys.argv])


def traces_of(load):
    """The spans of a set by trace, each with resource and scope, as encoded ResourceSpans."""
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
    from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans
    traces = {}
    for name in sorted(each for each in os.listdir(load) if each.endswith(".pb")):
        with open(os.path.join(load, name), "rb") as file:
            request = ExportTraceServiceRequest.FromString(file.read())
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                for span in scope.spans:
                    alone = ResourceSpans(resource=resource.resource)
                    alone.scope_spans.add(scope=scope.scope, spans=[span])
                    traces.setdefault(span.trace_id, []).append(alone.SerializeToString())
    return list(traces.values())


def requests_of(traces, connections, per_request):
    """For each connection its bodies."""
    from otlp_wire import field
    result = []
    for place in range(connections):
        spans = [span for trace in traces[place::connections] for span in trace]
        result.append([b"".join(field(1, span) for span in spans[at:at + per_request])
                       for at in range(0, len(spans), per_request)])
    return result


class GRPCClients:
    """Connections that each send their bodies in turn, one every so many seconds."""

    def __init__(self, server, bodies, interval, seconds):
        self.port, self.bodies, self.interval, self.seconds = server.grpc_port, bodies, interval, seconds
        self.times = []

    async def one(self, channel, bodies, due):
        call = channel.unary_unary("/opentelemetry.proto.collector.trace.v1.TraceService/Export")
        for body in bodies:
            await asyncio.sleep(max(0, due - time.monotonic()))
            begun = time.monotonic()
            if begun > self.end:
                return
            await call(body, timeout=30)  # throws when it is refused
            self.times.append(time.monotonic() - begun)
            due += self.interval

    async def run(self, cpu):
        """Requests, seconds, the CPU that `cpu` counted meanwhile, and the times in order."""
        import grpc
        options = [("grpc.use_local_subchannel_pool", 1), ("grpc.enable_http_proxy", 0)]
        channels = [grpc.aio.insecure_channel("127.0.0.1:%d" % self.port, options) for _ in self.bodies]
        await asyncio.gather(*(each.channel_ready() for each in channels))
        before, begun = cpu(), time.monotonic()
        self.end = begun + self.seconds
        starts = [begun + self.interval * place / len(channels) for place in range(len(channels))]
        await asyncio.gather(*(self.one(*each) for each in zip(channels, self.bodies, starts)))
        took, used = time.monotonic() - begun, cpu() - before
        await asyncio.gather(*(each.close() for each in channels))
        times = sorted(self.times)
        return (len(times), took, used, times[len(times) // 2] * 1e3, times[int((len(times) - 1) * 0.99)] * 1e3)


def run_http(args, server, folder, rate, connections, cpu):
    """The same over HTTP, by scripts/tools/otlp_blast.c."""
    pace = ["-W", "%g" % rate] if rate else []
    before = cpu()
    made = subprocess.run([args.blast, "-q", "-k", str(connections), "-R", "0", *pace, "-T", str(args.seconds),
                           server.url + "/v1/traces", folder], stdout=subprocess.PIPE, text=True)
    result, used = json.loads(made.stdout), cpu() - before
    if set(result["status"]) != {"200"}:
        raise SystemExit("not every request was answered with 200: %s" % result["status"])
    return result["finished"], result["wall_s"], used, result["lat_ms"]["p50"], result["lat_ms"]["p99"]


def write_bodies(folder, clients):
    """The bodies in the order in which all connections together send them."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for turn in range(max(len(each) for each in clients)):
        for place, bodies in enumerate(clients):
            if turn < len(bodies):
                with open("%s/%06d-%06d.pb" % (folder, turn, place), "wb") as file:
                    file.write(bodies[turn])


def main():
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    args.add_argument("--binary", default=".build/release/skein")
    args.add_argument("--connections", type=int, default=200)
    args.add_argument("--rate", type=float, default=10, help="spans a second of each connection")
    args.add_argument("--spans", type=int, default=1, help="to a request")
    args.add_argument("--seconds", type=float, default=20)
    args.add_argument("--bodies", type=int, default=200, help="of 512 spans, which are sent one by one")
    args.add_argument("--text-index", default="on", choices=("on", "off"))
    args = args.parse_args()
    in_venv()
    from bench_ingest import Measured

    load, data, args.blast = ".build/bench/small", ".build/bench/data", ".build/bench/blast"
    shutil.rmtree(load, ignore_errors=True)
    os.makedirs(".build/bench", exist_ok=True)
    subprocess.run(["gcc", "-O2", "-w", "-o", args.blast, os.path.join(HERE, "tools", "otlp_blast.c")], check=True)
    subprocess.run([sys.executable, os.path.join(HERE, "tools", "otlp_load.py"), "--out", load, "--seed", "3", "--no-gzip",
                    "--bodies", str(args.bodies), "--traces-per-body", "64"], check=True, stdout=subprocess.DEVNULL)
    traces = traces_of(load)
    steady = requests_of(traces, args.connections, args.spans)
    few = requests_of(traces, 8, 1)
    write_bodies(load + "/steady", steady)
    write_bodies(load + "/few", few)
    rate = args.connections * args.rate / args.spans
    label = "%d x %g spans/s" % (args.connections, args.rate)
    runs = [
        ("HTTP, " + label, lambda s, cpu: run_http(args, s, load + "/steady", rate, args.connections, cpu)),
        ("gRPC, " + label, lambda s, cpu: asyncio.run(
            GRPCClients(s, steady, args.spans / args.rate, args.seconds).run(cpu))),
        ("HTTP, 8, as fast as answered", lambda s, cpu: run_http(args, s, load + "/few", 0, 8, cpu)),
        ("gRPC, 8, as fast as answered", lambda s, cpu: asyncio.run(GRPCClients(s, few, 0, args.seconds).run(cpu))),
    ]
    print("%-30s %10s %15s %8s %8s" % ("", "requests/s", "CPU us/request", "p50 ms", "p99 ms"))
    for name, run in runs:
        shutil.rmtree(data, ignore_errors=True)
        server = Measured(args.binary, data, args.text_index)
        try:
            requests, seconds, cpu, p50, p99 = run(server, lambda: server.ingest_seconds())
        finally:
            server.stop()
        print("%-30s %10.0f %15.1f %8.2f %8.2f" % (name, requests / seconds, cpu / requests * 1e6, p50, p99), flush=True)


if __name__ == "__main__":
    main()
