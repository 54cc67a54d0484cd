"""A server under test, for the scripts beside this file: starts it, looks at it, reads back what it stored."""
import http.client
import json
import os
import re
import signal
import subprocess
import threading
import time


class Failed(SystemExit):
    """The server did not do what it has to. Not caught, it ends the script with its message."""


class Server:
    """A server on free ports of loopback, with a data directory that outlives it."""

    def __init__(self, binary, data, grpc=False, options=()):
        self.binary, self.data, self.grpc, self.options = binary, data, grpc, options
        self.earlier_peak = 0
        self.start()

    @staticmethod
    def command(binary, data, grpc=False):
        return [binary, "serve", "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0" if grpc else "off", "--data-dir", data]

    def start(self):
        """Starts it and waits until /ready answers 200; `start_seconds` is how long that took."""
        begun = time.monotonic()
        command = [*self.command(self.binary, self.data, self.grpc), *self.options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.process.stdout:
            ports = re.findall(r"127\.0\.0\.1:(\d+)", line) if "listening" in line else []
            if ports:
                break
        else:
            raise Failed("the server did not start")
        self.port = int(ports[0])
        self.grpc_port = int(ports[1]) if len(ports) > 1 else None
        self.url = "http://127.0.0.1:%d" % self.port
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        self.wait_until_ready()
        self.start_seconds = time.monotonic() - begun

    def status(self, path):
        """The status of a GET."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()

    def wait_until_ready(self, limit=60):
        deadline = time.monotonic() + limit
        while self.status("/ready") != 200:
            if time.monotonic() > deadline:
                raise Failed("/ready is not 200 after %d s" % limit)
            time.sleep(0.005)

    def kill(self):
        self.earlier_peak = self.peak_mib()
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.earlier_peak = self.peak_mib()
        self.process.terminate()
        return self.process.wait(timeout=60)

    def peak_mib(self):
        """The most resident memory of any of its processes."""
        return max(self.earlier_peak, self.memory_mib("VmHWM"))

    def memory_mib(self, field):
        """A line of /proc/PID/status in MiB."""
        with open("/proc/%d/status" % self.process.pid) as file:
            return next(int(line.split()[1]) for line in file if line.startswith(field + ":")) / 1024

    def cpu_seconds(self):
        """CPU seconds of all its threads."""
        with open("/proc/%d/stat" % self.process.pid) as file:
            fields = file.read().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def writer_seconds(self):
        """CPU seconds of the writer's thread."""
        for task in os.listdir("/proc/%d/task" % self.process.pid):
            with open("/proc/%d/task/%s/stat" % (self.process.pid, task)) as file:
                name, rest = file.read().rsplit(") ", 1)
            if name.endswith("(skein-writer"):
                fields = rest.split()
                return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        raise Failed("no thread named skein-writer")

    def missing(self, acknowledged):
        """Those of these (trace id, span id) pairs that the API does not show."""
        wanted = {}
        for trace, span in acknowledged:
            wanted.setdefault(trace, set()).add(span)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        lost = set()
        for trace, spans in wanted.items():
            connection.request("GET", "/v1/traces/%s/spans?limit=10000" % trace.hex())
            answer = connection.getresponse()
            body = answer.read()
            shown = {s["span_id"] for s in json.loads(body)["data"]} if answer.status == 200 else set()
            lost.update((trace, span) for span in spans if span.hex() not in shown)
        connection.close()
        return lost
