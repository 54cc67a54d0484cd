"""OTLP clients for the scripts beside this file: one that exports over HTTP, one over gRPC, and normal traffic of both.

gRPC needs the package grpcio, which `use_grpc` gets into .build/bench/venv; without it there is HTTP alone.
"""
import gzip
import http.client
import importlib.util
import json
import os
import random
import subprocess
import sys
import threading
import time

import otlp_wire
from live_server import Failed

STORED, REFUSED = "stored", "refused"


class Gone(Exception):
    """The connection ended without an answer."""


def use_grpc():
    """Whether gRPC can be used. Runs the script again with the interpreter that has grpcio, when this one has not."""
    if importlib.util.find_spec("grpc"):
        return True
    if "SKEIN_SCRIPT_VENV" not in os.environ:
        here = os.path.dirname(os.path.abspath(__file__))
        made = subprocess.run([os.path.join(here, "python_env.sh"), "grpcio"], capture_output=True, text=True)
        if made.returncode == 0:
            os.environ["SKEIN_SCRIPT_VENV"] = "1"
            python = made.stdout.split()[-1]
            os.execv(python, [python, *sys.argv])
        print((made.stderr.strip().splitlines() or ["no reason given"])[-1], file=sys.stderr)
    print("grpcio cannot be installed here: HTTP ONLY, gRPC is not tested", flush=True)
    return False


def json_request(spans):
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [
        {"traceId": t.hex(), "spanId": s.hex(), "parentSpanId": p.hex() if p else "", "name": n,
         "startTimeUnixNano": str(at), "endTimeUnixNano": str(at + 1_000_000)} for t, s, p, n, at in spans]}]}]}).encode()


def protobuf_request(spans):
    return otlp_wire.request([otlp_wire.span(trace, span, parent, name, start, start + 1_000_000, ("note", "x" * 200))
                              for trace, span, parent, name, start in spans], "scripts")


class HTTPExporter:
    """OTLP/HTTP, protobuf or JSON, plain or gzip. A span is (trace id, span id, parent or None, name, start)."""

    def __init__(self, server, rng):
        self.random = rng
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)

    def export(self, spans):
        """STORED or REFUSED, and whether a refusal said when to try again. Throws `Gone`."""
        as_json, packed = self.random.random() < 0.3, self.random.random() < 0.5
        body = json_request(spans) if as_json else protobuf_request(spans)
        headers = {"Content-Type": "application/json" if as_json else "application/x-protobuf"}
        if packed:
            body, headers["Content-Encoding"] = gzip.compress(body, 1), "gzip"
        try:
            self.connection.request("POST", "/v1/traces", body, headers)
            answer = self.connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise Gone from error
        if answer.status == 200:
            return STORED, False
        return REFUSED, answer.status == 503 and answer.getheader("Retry-After") is not None

    def close(self):
        self.connection.close()


class GRPCExporter:
    """OTLP/gRPC, plain or gzip, on a connection of its own."""

    def __init__(self, server, rng):
        import grpc
        self.grpc, self.random = grpc, rng
        options = [("grpc.use_local_subchannel_pool", 1), ("grpc.enable_http_proxy", 0)]
        self.channel = grpc.insecure_channel("127.0.0.1:%d" % server.grpc_port, options)
        self.call = self.channel.unary_unary("/opentelemetry.proto.collector.trace.v1.TraceService/Export")

    def export(self, spans):
        """STORED or REFUSED, and whether a refusal said when to try again. Throws `Gone`."""
        grpc = self.grpc
        packed = grpc.Compression.Gzip if self.random.random() < 0.5 else grpc.Compression.NoCompression
        try:
            self.call(protobuf_request(spans), timeout=30, compression=packed)
            return STORED, False
        except grpc.RpcError as error:
            # An answer of the server carries a google.rpc.Status; a status without one is of the client's own making.
            details = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin")
            if details is None:
                raise Gone from error
            return REFUSED, error.code() == grpc.StatusCode.UNAVAILABLE and b"google.rpc.RetryInfo" in details

    def close(self):
        self.channel.close()


def exporter(server, rng, number):
    """The exporter of the n-th client: every other one uses gRPC, when the server has it."""
    return GRPCExporter(server, rng) if server.grpc_port and number % 2 else HTTPExporter(server, rng)


class Traffic:
    """Normal clients, each with a connection of its own, until told to stop."""

    def __init__(self, server, workers=4):
        self.server, self.stopping = server, threading.Event()
        self.lock, self.acknowledged = threading.Lock(), []
        self.refused, self.refused_by, self.without_hint, self.broken = 0, set(), 0, 0
        self.last_success = time.monotonic()
        self.slowest = 0.0
        self.threads = [threading.Thread(target=self.run, args=(number,), daemon=True) for number in range(workers)]
        for thread in self.threads:
            thread.start()

    def run(self, number):
        rng, client = random.Random(), None
        while not self.stopping.is_set():
            trace = rng.randbytes(16)
            spans = [(trace, rng.randbytes(8), None, "step", time.time_ns()) for _ in range(8)]
            begun = time.monotonic()
            try:
                client = client or exporter(self.server, rng, number)
                answer, hint = client.export(spans)
            except Gone:
                client.close()
                client = None
                with self.lock:
                    self.broken += 1
                time.sleep(0.05)
                continue
            self.note(answer, hint, spans, type(client), begun)
            time.sleep(0.002 if answer == STORED else 0.05)
        if client:
            client.close()

    def note(self, answer, hint, spans, kind, begun):
        with self.lock:
            if answer == STORED:
                self.acknowledged += [(each[0], each[1]) for each in spans]
                self.last_success = time.monotonic()
                self.slowest = max(self.slowest, self.last_success - begun)
            else:
                self.refused += 1
                self.refused_by.add(kind)
                self.without_hint += not hint

    def wait_for_success(self, limit=30):
        """Seconds until the next export is accepted."""
        begun = time.monotonic()
        while self.last_success < begun:
            if time.monotonic() - begun > limit:
                raise Failed("no export was accepted within %d s" % limit)
            time.sleep(0.005)
        return time.monotonic() - begun

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()
