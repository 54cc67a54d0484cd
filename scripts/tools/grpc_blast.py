#!/usr/bin/env python3
"""Send every body of a set once over OTLP/gRPC, as otlp_blast.c does over HTTP: K connections, one request at a time on
each. Prints one JSON object with the same names.

    grpc_blast.py [-k 8] [-o SKIP] [-n MOST] [-z] 127.0.0.1:PORT DIR

-z compresses requests with gzip. Needs grpcio (PyPI).
"""
import argparse
import glob
import json
import os
import threading
import time

import grpc

METHOD = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
OPTIONS = [("grpc.use_local_subchannel_pool", 1), ("grpc.enable_http_proxy", 0), ("grpc.max_send_message_length", -1)]


def send(address, bodies, places, compression, times, failures):
    with grpc.insecure_channel(address, OPTIONS, compression) as channel:
        call = channel.unary_unary(METHOD)
        for place in places:
            begun = time.monotonic()
            try:
                call(bodies[place], timeout=60)
            except grpc.RpcError as error:
                failures.append(error.code().name)
            times.append(time.monotonic() - begun)


def percentile(times, share):
    return sorted(times)[int((len(times) - 1) * share)] * 1e3 if times else 0


def main():
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    args.add_argument("-k", type=int, default=8)
    args.add_argument("-o", type=int, default=0)
    args.add_argument("-n", type=int, default=1 << 30)
    args.add_argument("-z", action="store_true")
    args.add_argument("address")
    args.add_argument("set")
    args = args.parse_args()
    bodies = []
    for path in sorted(glob.glob(os.path.join(args.set, "*.pb")))[args.o:args.o + args.n]:
        with open(path, "rb") as file:
            bodies.append(file.read())
    compression = grpc.Compression.Gzip if args.z else grpc.Compression.NoCompression
    times, failures = [], []
    places = iter(range(len(bodies)))
    lock = threading.Lock()

    def shared():
        while True:
            with lock:
                place = next(places, None)
            if place is None:
                return
            yield place

    begun = time.monotonic()
    threads = [threading.Thread(target=send, args=(args.address, bodies, shared(), compression, times, failures))
               for _ in range(args.k)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall = time.monotonic() - begun
    status = {"200": len(times) - len(failures)}
    for each in failures:
        status[each] = status.get(each, 0) + 1
    print(json.dumps({"requests": len(bodies), "wall_s": round(wall, 4), "status": status,
                      "lat_ms": {"p50": percentile(times, .5), "p99": percentile(times, .99)},
                      "client_cpu_s": round(time.process_time(), 3)}))


if __name__ == "__main__":
    main()
