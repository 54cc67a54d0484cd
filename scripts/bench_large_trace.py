#!/usr/bin/env python3
"""A trace of 100,000 spans and one with a prompt of 20 MB: listed, opened, exported, deleted, and what memory that takes.

    scripts/bench_large_trace.py [--binary .build/release/skein] [--spans 100000] [--prompt-mb 20]
                                 [--work .build/large]

Sends the long trace in requests of 512 spans (a tree, each fourth span a call) and the large one in a single request, then
does with both what a user does, and prints how long each step took, how many bytes came, and the server's memory. Exit
status 0: every span came back once over the pages and in the export, the prompt as it was sent, and nothing is left after the
deletion. Standard library only.
"""
import argparse
import http.client
import json
import os
import shutil
import sys
import time
import urllib.parse

from live_server import Server
from otlp_wire import request, span

PAGE = 10_000
BATCH = 512


class Client:
    """One connection that is kept, and the steps so far."""

    def __init__(self, server):
        self.server = server
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)

    def ask(self, step, method, path, body=None, status=200):
        """Asks, prints a line unless the step has no name, and gives the answer's body."""
        headers = {"Content-Type": "application/x-protobuf"} if body else {}
        start = time.perf_counter()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        data = answer.read()
        if answer.status != status:
            sys.exit("%s %s: %d %s" % (method, path, answer.status, data[:300]))
        if step:
            print("  %-44s %8.1f ms %12d B   memory %4.0f MiB, peak %4.0f" % (
                step, (time.perf_counter() - start) * 1000, len(data), self.server.memory_mib("VmRSS"),
                self.server.peak_mib()), flush=True)
        return data


def expect(is_so, what):
    if not is_so:
        sys.exit("not as it has to be: " + what)


def spans_of(trace, count, now):
    """Encoded spans of a tree in which each has up to ten children."""
    for number in range(count):
        parent = None if number == 0 else ((number - 1) // 10 + 1).to_bytes(8, "big")
        call = () if number % 4 else (
            ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "gpt-4o"),
            ("gen_ai.response.id", "resp-%d" % number), ("gen_ai.usage.input_tokens", 120),
            ("gen_ai.usage.output_tokens", 30),
            ("gen_ai.input.messages", json.dumps([{"role": "user", "parts": [
                {"type": "text", "content": "question number %d about the order" % number}]}])))
        yield span(trace, (number + 1).to_bytes(8, "big"), parent, "step %d" % number, now + number * 1000,
                   now + number * 1000 + 900, *call)


def send_long(client, trace, count, now):
    batch = []
    for encoded in spans_of(trace, count, now):
        batch.append(encoded)
        if len(batch) == BATCH:
            client.ask(None, "POST", "/v1/traces", request(batch, "long-agent"))
            batch = []
    if batch:
        client.ask(None, "POST", "/v1/traces", request(batch, "long-agent"))


def long_trace(client, count):
    trace = bytes.fromhex("1" * 32)
    now = time.time_ns() - 60 * 10**9
    start = time.perf_counter()
    send_long(client, trace, count, now)
    print("%d spans in one trace, sent in %.1f s" % (count, time.perf_counter() - start))
    path = "/v1/traces/" + trace.hex()
    rows = json.loads(client.ask("listed", "GET", "/v1/traces?service=long-agent"))["data"]
    expect([row["span_count"] for row in rows] == [count], "span_count of the list")
    client.ask("tree of its first spans", "GET", path + "?view=tree&fields=summary")
    seen, cursor, pages = set(), "", 0
    while cursor is not None:
        more = "&cursor=" + urllib.parse.quote(cursor) if cursor else ""
        page = json.loads(client.ask("page %d of %d spans" % (pages + 1, PAGE), "GET",
                                     "%s/spans?limit=%d%s" % (path, PAGE, more)))
        seen.update(each["span_id"] for each in page["data"])
        cursor, pages = page["pagination"].get("next_cursor"), pages + 1
    expect(len(seen) == count, "spans over the pages: %d" % len(seen))
    lines = client.ask("exported, OTLP lines", "GET", "/v1/export?format=otlp&service=long-agent").splitlines()
    sent = [each["spanId"] for line in lines for resource in json.loads(line)["resourceSpans"]
            for scope in resource["scopeSpans"] for each in scope["spans"]]
    expect(len(sent) == len(set(sent)) == count, "spans in the export: %d" % len(sent))
    client.ask("deleted", "DELETE", path)
    client.ask(None, "GET", path, status=404)


def large_trace(client, megabytes):
    trace, now = bytes.fromhex("2" * 32), time.time_ns() - 10**9
    text = ("A line of a very long document, with \"quotes\" and Umläuten.\n" * (megabytes * 10**6 // 60 + 1))
    text = text.encode()[:megabytes * 10**6].decode(errors="ignore")
    prompt = json.dumps([{"role": "user", "parts": [{"type": "text", "content": text}]}], ensure_ascii=False)
    call = (("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "gpt-4o"),
            ("gen_ai.usage.input_tokens", 5_000_000), ("gen_ai.input.messages", prompt))
    body = request([span(trace, b"\0" * 7 + b"\1", None, "read all of it", now, now + 10**9, *call)], "large-agent")
    print("a prompt of %d MB" % megabytes)
    path = "/v1/traces/" + trace.hex()
    client.ask("sent", "POST", "/v1/traces", body)
    rows = json.loads(client.ask("listed", "GET", "/v1/traces?service=large-agent"))["data"]
    expect(len(rows) == 1, "the list")
    client.ask("opened, summary of spans", "GET", path + "?fields=summary")
    shown = json.loads(client.ask("opened, everything", "GET", path))["data"]["spans"][0]
    expect(shown["llm"]["input_messages"][0]["parts"][0]["content"] == text, "the prompt")
    client.ask("opened, OTLP", "GET", path + "?view=otlp")
    calls = json.loads(client.ask("its call in the list", "GET", "/v1/calls?service=large-agent"))["traces"]
    client.ask("its call", "GET", "/v1/calls/" + urllib.parse.quote(calls[0]["request_id"], safe=""))
    exported = client.ask("exported, OTLP lines", "GET", "/v1/export?format=otlp&service=large-agent")
    expect(len(exported) > len(text), "the export")
    client.ask("deleted", "DELETE", path)
    client.ask(None, "GET", path, status=404)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", default=".build/release/skein")
    parser.add_argument("--spans", type=int, default=100_000)
    parser.add_argument("--prompt-mb", type=int, default=20)
    parser.add_argument("--work", default=".build/large")
    args = parser.parse_args()
    data = os.path.join(args.work, "data")
    shutil.rmtree(data, ignore_errors=True)
    os.makedirs(args.work, exist_ok=True)
    server = Server(args.binary, data)
    try:
        client = Client(server)
        long_trace(client, args.spans)
        large_trace(client, args.prompt_mb)
        print("peak memory %.0f MiB" % server.peak_mib())
    finally:
        server.stop()
        shutil.rmtree(args.work, ignore_errors=True)


if __name__ == "__main__":
    main()
