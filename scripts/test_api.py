"""Runs schemathesis against a server that holds the corpus; see test_api.sh."""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import urllib.request

from live_server import Failed, Server

CORPUS = os.path.join(os.path.dirname(__file__), "../Tests/Fixtures/corpus")
CHECKS = [
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "missing_required_header", "unsupported_method", "allow_header_conformance",
]
# OTLP asks receivers to skip what they do not know, so that no schema can say what has to be refused.
STRICT = ["negative_data_rejection"]


def send(url, body=None, headers=None):
    with urllib.request.urlopen(urllib.request.Request(url, body, headers or {}), timeout=60) as answer:
        return json.loads(answer.read() or b"{}")


def load(server):
    """Posts every capture of the corpus."""
    for name in sorted(os.listdir(CORPUS)):
        folder = os.path.join(CORPUS, name)
        if not os.path.exists(os.path.join(folder, "headers.json")):
            continue
        with open(os.path.join(folder, "headers.json")) as file:
            requests = json.load(file)["requests"]
        for request in requests:
            if request["signal"] != "traces" or not isinstance(request.get("file"), str):
                continue
            sent = {key.lower(): value for key, value in request["headers"].items()}
            # A gRPC message is plain protobuf and goes as such.
            headers = {"Content-Type": "application/x-protobuf", "X-Skein-Project": name}
            if request["transport"] == "http":
                headers["Content-Type"] = sent["content-type"]
                if sent.get("content-encoding"):
                    headers["Content-Encoding"] = sent["content-encoding"]
            with open(os.path.join(folder, request["file"]), "rb") as file:
                url = server.url + "/v1/traces"
                post = urllib.request.Request(url, file.read(), headers, method="POST")
                urllib.request.urlopen(post, timeout=60).read()


def settings(server):
    """Ids that are there, so that not every answer is a 404."""
    call = send(server.url + "/v1/calls?limit=1")["traces"][0]["request_id"]
    ids = '[parameters]\n"path.request_id" = "%s"\n"path.trace_id" = "%s"\n"path.span_id" = "%s"\n'
    return ids % (call, call[2:34], call[34:])


def run(server, data, arguments, checks, seconds):
    # A stream that goes on for ever is tested elsewhere.
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", os.path.join(data, "schemathesis.toml")]
    command += ["run", server.url + "/openapi.json", "--checks", ",".join(checks), "--exclude-path", "/v1/live"]
    command += ["--phases", "examples,coverage,fuzzing", "--max-time", str(seconds), "--request-timeout", "30"]
    command += ["--warnings", "off", "--continue-on-failure"]
    # It leaves files where it runs.
    return subprocess.run(command + arguments, cwd=data).returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as data:
        server = Server(os.path.abspath(options.binary), data)
        try:
            load(server)
            with open(os.path.join(data, "schemathesis.toml"), "w") as file:
                file.write(settings(server))
            seed = ["--seed", str(options.seed)]
            # What deletes comes last, so that the others find something.
            failed = run(server, data, seed + ["--include-method", "GET"], CHECKS + STRICT, options.seconds * 7 // 10)
            failed |= run(server, data, seed + ["--include-method", "POST"], CHECKS, options.seconds * 2 // 10)
            failed |= run(server, data, seed + ["--include-method", "DELETE"], CHECKS + STRICT, options.seconds // 10)
        finally:
            server.stop()
    if failed:
        raise Failed("test_api: schemathesis found something")
    print("test_api: the server does what /openapi.json says")


if __name__ == "__main__":
    main()
