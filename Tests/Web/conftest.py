"""A real server with real data, and a real browser in front of it.

SKEIN_BINARY        the server; .build/debug/skein without it
SKEIN_WEB_SOURCES   1: the files of the page come from the sources (scripts/tools/web_dev.py), not from the binary
SKEIN_WEB_URL       a server that runs already, for the tests that need no server of their own
CHROMIUM            the browser; without it the first of chromium and google-chrome
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request

import pytest
from playwright.sync_api import sync_playwright

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(pathlib.Path(__file__).parent)]

import telemetry  # noqa: E402
from live_server import Server  # noqa: E402

BINARY = os.environ.get("SKEIN_BINARY", str(ROOT / ".build/debug/skein"))


class Web:
    """A server whose page can be opened at `url`."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="skein-web-")
        self.server = Server(BINARY, self.folder)
        self.url = self.server.url
        self.front = None
        if os.environ.get("SKEIN_WEB_SOURCES"):
            self.front = subprocess.Popen([sys.executable, ROOT / "scripts/tools/web_dev.py", "--port", "0", "--server", self.server.url],
                                          stdout=subprocess.PIPE, text=True)
            self.url = re.match(r"(http://\S+) over", self.front.stdout.readline())[1]

    def create_key(self, scope):
        made = subprocess.run([BINARY, "keys", "create", "--scope", scope, "--data-dir", self.folder], check=True, capture_output=True, text=True)
        return made.stdout.strip()

    def stop(self):
        for process in filter(None, [self.front, self.server.process]):
            process.terminate()
            process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)


def running():
    web = Web()
    try:
        yield web
    finally:
        web.stop()


@pytest.fixture(scope="session")
def base():
    """The address of a server with the corpus and the shop."""
    if url := os.environ.get("SKEIN_WEB_URL"):
        telemetry.send_corpus(url)
        telemetry.send_shop(url)
        yield url
        return
    for web in running():
        telemetry.send_corpus(web.url)
        telemetry.send_shop(web.url)
        yield web.url


@pytest.fixture
def own_server():
    """A server without data, for one test."""
    yield from running()


@pytest.fixture
def page_url(base):
    """Gives the address of a page in the project of the shop, or in the one that it names."""
    def address(path, project="web"):
        return base + path + (("&" if "?" in path else "?") + "project=" + project if project else "")
    return address


@pytest.fixture
def api(base):
    """Asks the API."""
    def ask(path, **query):
        text = urllib.parse.urlencode(query)
        with urllib.request.urlopen(f"{base}{path}{'?' + text if text else ''}", timeout=30) as answer:
            return json.load(answer)
    return ask


@pytest.fixture(scope="session")
def browser():
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    """A page of 1280 by 800. Whatever the browser complains about fails the test: errors, refused scripts and styles."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda message: page.complaints.append(message.text)
            if message.type == "error" and "status of 4" not in message.text else None)
    yield page
    context.close()
    assert page.complaints == []


@pytest.fixture
def query(page):
    """Gives the parameters of the address now."""
    return lambda: dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(page.url).query))
