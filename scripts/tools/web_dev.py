#!/usr/bin/env python3
"""Serves the web page from its sources, and passes everything else to a running skein: no build while working on it.

    scripts/tools/web_dev.py [--port 4380] [--server http://127.0.0.1:4318]

Reload the page to see a change. Headers are those of the real server. Only for loopback.
"""
import argparse
import http.client
import http.server
import pathlib
import re
import sys
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
WEB = ROOT / "Sources/CAssets/Assets/web"
sys.path.insert(0, str(ROOT / "scripts"))
from web_files import TYPES, pages, served  # noqa: E402

SOURCES = ROOT / "Sources/WebUI"
HOP = {"connection", "keep-alive", "transfer-encoding", "host", "content-length"}


def headers():
    """The header fields of the real server, read from its source."""
    text = (SOURCES / "WebHeaders.swift").read_text()
    policy = re.search(r"static let policy = \[(.*?)\]", text, re.S)[1]
    fields = dict(re.findall(r'\("([a-z-]+)", "([^"]+)"\)', text))
    return {**fields, "content-security-policy": "; ".join(re.findall(r'"([^"]+)"', policy)), "cache-control": "no-store"}


def is_page(path):
    """Whether the page is served at a path, by the table of the real server."""
    return any(re.fullmatch(re.sub(r":\w+", "[^/]+", page), path) for page in pages())


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_url = None

    def do_GET(self):
        path = urllib.parse.urlsplit(self.path).path
        if path.startswith("/assets/"):
            self.send_files(served().get(path.removeprefix("/assets/")))
        elif is_page(path):
            self.send_files(["index.html"])
        else:
            self.pass_on()

    do_HEAD = do_GET

    def send_files(self, names):
        if not names:
            self.send_error(404)
            return
        body = b"".join((WEB / name).read_bytes() for name in names)
        kind = TYPES[pathlib.PurePosixPath(names[0]).suffix]
        self.send_response(200)
        for name, value in {**headers(), "content-type": kind, "content-length": len(body)}.items():
            self.send_header(name, str(value))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def pass_on(self):
        """Sends the request to the server, and its answer back as it comes."""
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        fields = {name: value for name, value in self.headers.items() if name.lower() not in HOP | {"origin"}}
        upstream = http.client.HTTPConnection(self.server_url.hostname, self.server_url.port or 80)
        self.close_connection = True
        try:
            upstream.request(self.command, self.path, body or None, fields)
            answer = upstream.getresponse()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in HOP:
                    self.send_header(name, value)
            self.send_header("connection", "close")
            self.end_headers()
            while piece := answer.read1(65536):
                self.wfile.write(piece)
                self.wfile.flush()
        except (BrokenPipeError, ConnectionResetError):
            pass
        except ConnectionRefusedError:
            self.send_error(502, "no server at %s" % self.server_url.geturl())
        finally:
            upstream.close()

    do_POST = do_PUT = do_DELETE = do_OPTIONS = do_PATCH = pass_on

    def log_message(self, form, *values):
        pass


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=4380)
    parser.add_argument("--server", default="http://127.0.0.1:4318")
    arguments = parser.parse_args()
    Handler.server_url = urllib.parse.urlsplit(arguments.server)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", arguments.port), Handler)
    print("http://127.0.0.1:%d over %s" % (server.server_port, arguments.server), flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
