#!/usr/bin/env python3
"""How long the page takes from the start of a navigation until rows are drawn and a key works, over many stored spans.

    scripts/bench_page.py [--binary .build/release/skein] [--spans 1000000] [--days 30] [--work .build/page] [--keep] [--reuse]
                          [--runs 15] [--url http://127.0.0.1:4318] [--detail]

Stores LLM-like traces as scripts/bench_query.py does, and one trace of 10,000 spans; then opens the list and that trace in
Chromium, each time in a new context (cold: nothing is cached) and a second time in the same one (warm). The clock is the
browser's and begins with the navigation. A page counts as interactive when its first rows are there, the key `j` has made
the first of them the active one, and that frame is drawn. With --url a server that runs already is measured, such as
scripts/tools/web_dev.py; with --detail each step of a median run is printed. Needs Chromium and gcc; Playwright and
opentelemetry-proto are installed into .build/bench/venv.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
LONG_TRACE = "5bf92f3577b34da6a3ce929d0e0e1000"
LONG_SPANS = 10_000

# Runs before the page does. `rows` are there, then a key is pressed; a frame later the page has answered.
WATCH = """
(() => {
  const found = globalThis.skeinBench = {};
  const note = (name) => { found[name] ??= performance.now(); };
  const look = () => {
    if (!found.rows && document.querySelector('.virtual-row:not([hidden])')?.textContent) {
      note('rows');
      const press = () => {
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true, cancelable: true }));
        if (!document.querySelector('.virtual-row[aria-selected="true"]')) { setTimeout(press); return; }
        requestAnimationFrame(() => setTimeout(() => note('interactive')));
      };
      setTimeout(press);
    }
    const page = document.querySelector('.trace-page');
    if (page && page.getAttribute('aria-busy') === 'false') note('complete');
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ['aria-busy'] });
})();
"""
READ = """() => ({ ...globalThis.skeinBench,
  paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
  document: performance.getEntriesByType('navigation')[0].responseEnd,
  requests: performance.getEntriesByType('resource').filter((entry) => entry.startTime < globalThis.skeinBench.interactive)
    .map(({ name, startTime, responseEnd, transferSize }) => [name.replace(location.origin, ''), startTime, responseEnd, transferSize]) })"""


def fill(args, server):
    """Stores the traces, and waits until everything is looked through."""
    import bench_query
    blast, load = bench_query.prepare(args)
    sent = bench_query.result(bench_query.send(blast, load, server.url, args.spans, "-D", str(args.days), "-T", "7200"))
    print("stored %d spans" % (sent["finished"] * bench_query.SPANS_PER_BODY), flush=True)
    now = time.time_ns()
    for begin in range(0, LONG_SPANS, 2000):
        send_spans(server.url, [long_span(number, now) for number in range(begin, begin + 2000)])
    asker = bench_query.Asker(server.url)
    while bench_query.lag(asker) > 0:
        time.sleep(1)


def long_span(number, now):
    """A span of the long trace: an agent with steps of 20 spans each."""
    parent = None if number == 0 else number - number % 20 if number % 20 else 0
    start = now - 60_000_000_000 + number * 1_000_000
    made = {"traceId": LONG_TRACE, "spanId": "%016x" % (number + 1), "name": "step %d" % number if number % 20 == 0 else "chat gpt-4o",
            "kind": 3, "startTimeUnixNano": str(start), "endTimeUnixNano": str(start + 800_000)}
    if parent is not None:
        made["parentSpanId"] = "%016x" % (parent + 1)
    if number % 20:
        texts = {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o"}
        made["attributes"] = [{"key": key, "value": {"stringValue": value}} for key, value in texts.items()] + [
            {"key": "gen_ai.usage.%s_tokens" % side, "value": {"intValue": "100"}} for side in ("input", "output")]
    return made


def send_spans(url, spans):
    body = {"resourceSpans": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "long"}}]},
                               "scopeSpans": [{"spans": spans}]}]}
    urllib.request.urlopen(urllib.request.Request(url + "/v1/traces", json.dumps(body).encode(),
                                                  {"content-type": "application/json"}), timeout=60).read()


def visit(page, url, last):
    """Opens a page and waits for it; the times of the browser."""
    page.goto(url, wait_until="commit")
    for _ in range(60):
        # To ask the page takes part of its time, so that it is asked late.
        page.wait_for_timeout(1500)
        times = page.evaluate(READ)
        if times.get("interactive") and times.get(last):
            return times
    raise SystemExit("%s was not there in time: %s" % (url, times))


def measure(browser, name, url, last, args):
    """Visits in turn, cold and warm; prints medians."""
    runs = {"cold": [], "warm": []}
    for _ in range(args.runs):
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        for kind in runs:
            page = context.new_page()
            page.add_init_script(WATCH)
            # What the browser does for a new window is not measured.
            page.wait_for_timeout(args.settle * 1000)
            runs[kind].append(visit(page, url, last))
            page.close()
        context.close()
    for kind, times in runs.items():
        figures = [median(times, step) for step in ("document", "paint", "rows", "interactive", *(["complete"] if last == "complete" else []))]
        print("%-6s %-5s %s" % (name, kind, "  ".join(figures)), flush=True)
        if args.detail:
            show(sorted(times, key=lambda one: one["interactive"])[len(times) // 2])


def median(times, step):
    values = sorted(one[step] for one in times if one.get(step) is not None)
    if not values:
        return "%s -" % step
    return "%s %.0f (%.0f to %.0f)" % (step, statistics.median(values), values[0], values[-1])


def show(times):
    for name, start, end, size in sorted(times["requests"], key=lambda one: one[1]):
        print("    %7.1f %7.1f %8d  %s" % (start, end, size, name))


def in_environment():
    """Runs again in the environment that has what is needed."""
    made = subprocess.run([HERE / "python_env.sh", "playwright>=1.50,<2", "opentelemetry-proto"], check=True, stdout=subprocess.PIPE, text=True)
    python = made.stdout.split()[-1]
    if os.path.realpath(sys.prefix) != os.path.realpath(pathlib.Path(python).parents[1]):
        os.execv(python, [python, *sys.argv])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=".build/release/skein")
    parser.add_argument("--spans", type=float, default=1e6)
    parser.add_argument("--days", type=float, default=30)
    parser.add_argument("--work", default=".build/page")
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--settle", type=float, default=1.5, help="seconds before each visit")
    parser.add_argument("--url")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--reuse", action="store_true")
    parser.add_argument("--detail", action="store_true")
    args = parser.parse_args()
    in_environment()
    from live_server import Server
    from playwright.sync_api import sync_playwright
    server = None
    if not args.url:
        data = os.path.join(args.work, "data")
        if not args.reuse:
            shutil.rmtree(data, ignore_errors=True)
        os.makedirs(args.work, exist_ok=True)
        server = Server(args.binary, data)
        if not args.reuse:
            fill(args, server)
    url = args.url or server.url
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            measure(browser, "list", url + "/", "interactive", args)
            measure(browser, "trace", url + "/traces/" + LONG_TRACE, "complete", args)
            browser.close()
    finally:
        if server:
            server.stop()
    if server and not args.keep and not args.reuse:
        shutil.rmtree(args.work, ignore_errors=True)


if __name__ == "__main__":
    main()
