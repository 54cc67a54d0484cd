"""The disk faults of scripts/faults.py: what a server does when its database can be read but not written."""
import contextlib
import hashlib
import os
import shutil
import subprocess
import tempfile
import time

import otlp_clients
from live_server import Failed, Server


class NotHere(Exception):
    """This machine or user cannot make the fault."""


def check(holds, what):
    if not holds:
        raise Failed(what)


def command(*arguments):
    """Runs a tool of the system that the fault needs."""
    try:
        done = subprocess.run(arguments, capture_output=True, text=True)
    except FileNotFoundError:
        raise NotHere("there is no %s" % arguments[0]) from None
    if done.returncode != 0:
        raise NotHere((done.stderr.strip() or "%s failed" % arguments[0]).splitlines()[0])
    return done.stdout.strip()


def files_of(server, *endings):
    return [os.path.join(server.data, "skein.db" + ending) for ending in endings]


def within(seconds, holds):
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def refusals(server, traffic):
    """What has to be so while nothing can be written."""
    stored = traffic.acknowledged[-200:]
    kinds = {otlp_clients.HTTPExporter} | ({otlp_clients.GRPCExporter} if server.grpc else set())
    check(within(15, lambda: traffic.refused_by == kinds), "exports are not refused on each protocol")
    check(within(5, lambda: server.status("/ready") == 503), "/ready is not 503")
    check(server.status("/health") == 200, "/health is not 200")
    check(not server.missing(stored), "what was stored before cannot be read")
    time.sleep(3)
    check(server.process.poll() is None, "the server ended")
    check(traffic.without_hint == 0, "%d refusals do not say when to try again" % traffic.without_hint)
    return "503%s with when to try again, `/ready` 503, reading goes on" % (" or `UNAVAILABLE`" if server.grpc else "")


def immutable(paths, on):
    command("chattr", "+i" if on else "-i", *paths)


def stops_open_files(folder):
    """Whether the immutable attribute holds for files that are open already; on ext4 it does."""
    path = os.path.join(folder, "probe")
    with open(path, "wb", buffering=0) as file:
        immutable([path], True)
        try:
            file.write(b"x")
            return False
        except PermissionError:
            return True
        finally:
            immutable([path], False)
            os.unlink(path)


def read_only_file(server, traffic):
    """the database file and its log made read-only, and writable again"""
    if not stops_open_files(server.data):
        raise NotHere("the immutable attribute does not stop open files on this file system")
    paths = files_of(server, "", "-wal")
    immutable(paths, True)
    try:
        return refusals(server, traffic)
    finally:
        immutable(paths, False)


def without_override(arguments):
    """A command for which the mode of a file counts, also when root runs it."""
    if os.geteuid() != 0:
        return arguments
    if not shutil.which("setpriv"):
        raise NotHere("there is no setpriv")
    return ["setpriv", "--bounding-set", "-dac_override", "--inh-caps", "-dac_override", *arguments]


def digests(paths):
    found = []
    for path in paths:
        with open(path, "rb") as file:
            found.append(hashlib.sha256(file.read()).hexdigest())
    return found


def read_only_start(server, traffic):
    """a start on a read-only database file, after kill -9 with a log that is not moved into it"""
    start = without_override(Server.command(server.binary, server.data))
    server.kill()
    paths = files_of(server, "", "-wal")
    before = digests(paths)
    for path in paths:
        os.chmod(path, 0o444)
    try:
        done = subprocess.run(start, capture_output=True, text=True, timeout=10)
        check(done.returncode != 0, "the exit status is 0")
        text = done.stderr
        check(server.data in text and any(word in text for word in ("read-only", "writable", "ermission")),
              "the message is %r" % text)
        return "status %d and a message that names the file" % done.returncode
    except subprocess.TimeoutExpired:
        raise Failed("it starts all the same") from None
    finally:
        same = digests(paths) == before
        for path in paths:
            os.chmod(path, 0o600)
        server.start()
        check(same, "the files were changed")


@contextlib.contextmanager
def mounted(make):
    """A data directory on a disk of its own, which `make` makes and mounts in a folder."""
    if os.geteuid() != 0:
        raise NotHere("needs root")
    with tempfile.TemporaryDirectory(prefix="skein-disk-", ignore_cleanup_errors=True) as folder:
        disk = os.path.join(folder, "disk")
        os.mkdir(disk)
        make(disk)
        try:
            yield os.path.join(disk, "data")
        finally:
            subprocess.run(["umount", disk], check=True)


def small_disk():
    """256 MiB of memory: more than the log takes before it is moved into the file."""
    return mounted(lambda disk: command("mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", disk))


def full_disk(server, traffic):
    """a disk that is full in the middle of a commit, and space again"""
    filler = os.path.join(os.path.dirname(server.data), "filler")
    with contextlib.suppress(OSError), open(filler, "wb", buffering=0) as file:
        while True:
            file.write(bytes(65536))
    try:
        return refusals(server, traffic)
    finally:
        os.unlink(filler)


def failing_disk():
    """An ext4 file system that turns read-only at its first error."""
    def make(disk):
        command("truncate", "-s", "1G", disk + ".image")
        command("mkfs.ext4", "-q", disk + ".image")
        mount_image(disk)
    return mounted(make)


def mount_image(disk):
    command("mount", "-o", "loop,errors=remount-ro", disk + ".image", disk)


def read_only_disk(server, traffic):
    """a disk that the kernel made read-only after an error; repaired, then a start"""
    disk = os.path.dirname(server.data)
    device = os.path.basename(command("findmnt", "-n", "-o", "SOURCE", disk))
    trigger = "/sys/fs/ext4/%s/trigger_fs_error" % device
    if not os.path.exists(trigger):
        raise NotHere("the kernel has no %s" % trigger)
    with open(trigger, "w") as file:
        file.write("1")
    try:
        return refusals(server, traffic)
    finally:
        code = server.stop()
        command("umount", disk)
        subprocess.run(["fsck.ext4", "-f", "-y", disk + ".image"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        mount_image(disk)
        server.start()
        check(code == 0, "SIGTERM ended with status %d" % code)
