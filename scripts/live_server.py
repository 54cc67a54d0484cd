"""A server under test, for the scripts beside this file: starts it, looks at it, reads back what it stored."""
import http.client
import json
import os
import signal
import subprocess
import threading


class Server:
    """A server on a free port of loopback, with a data directory that outlives it."""

    def __init__(self, binary, data):
        self.binary, self.data = binary, data
        self.start()

    def start(self):
        command = [self.binary, "serve", "--http", "127.0.0.1:0", "--grpc", "off", "--data-dir", self.data]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.process.stdout:
            if "http://127.0.0.1:" in line:
                self.port = int(line.split("http://127.0.0.1:")[1].split()[0].split("/")[0])
                break
        else:
            raise SystemExit("the server did not start")
        self.url = "http://127.0.0.1:%d" % self.port
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.terminate()
        return self.process.wait(timeout=60)

    def peak_mib(self):
        with open("/proc/%d/status" % self.process.pid) as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024

    def writer_seconds(self):
        """CPU seconds of the writer's thread."""
        for task in os.listdir("/proc/%d/task" % self.process.pid):
            with open("/proc/%d/task/%s/stat" % (self.process.pid, task)) as file:
                name, rest = file.read().rsplit(") ", 1)
            if name.endswith("(skein-writer"):
                fields = rest.split()
                return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        raise SystemExit("no thread named skein-writer")

    def missing(self, acknowledged):
        """How many of these (trace id, span id) pairs the API does not show."""
        wanted = {}
        for trace, span in acknowledged:
            wanted.setdefault(trace.hex(), set()).add(span.hex())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        lost = 0
        for trace, spans in wanted.items():
            connection.request("GET", "/v1/traces/%s/spans?limit=10000" % trace)
            answer = connection.getresponse()
            body = answer.read()
            shown = {s["span_id"] for s in json.loads(body)["data"]} if answer.status == 200 else set()
            lost += len(spans - shown)
        return lost
