"""How the page begins: what is asked for, in which order, and what the browser keeps."""
import os
import re

import pytest
import telemetry
from playwright.sync_api import expect

ROWS = ".virtual-row:not([hidden])"
served = pytest.mark.skipif(bool(os.environ.get("SKEIN_WEB_SOURCES")), reason="the sources are served without a version")


def questions(page):
    """The paths of the API that are asked for from now on, in their order."""
    asked = []
    page.on("request", lambda request: asked.append(re.sub(r"^https?://[^/]+", "", request.url)) if "/v1/" in request.url else None)
    return asked


def modules(page):
    return page.evaluate("() => performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.endsWith('.js'))")


@served
def test_a_second_visit_asks_for_the_document_alone(page, page_url):
    answers = {}
    page.on("response", lambda answer: answers.setdefault(answer.url, answer.headers))
    for _ in range(2):
        page.goto(page_url("/"))
        page.wait_for_selector(ROWS)
        files = page.evaluate("() => performance.getEntriesByType('resource').filter(({ name }) => name.includes('/assets/')).map(({ name, transferSize }) => [name, transferSize])")
    assert [name for name, size in files if size] == []
    assert {answers[name]["cache-control"] for name, _ in files} == {"public, max-age=31536000, immutable"}
    assert answers[page.url]["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/", "/traces", "/?status=ok&service=shop", "/?sort=cost&order=asc", "/?model=gpt-4o", "/?range=24h", "/?service="])
def test_the_list_asks_once_and_first_for_its_rows(page, page_url, path):
    asked = questions(page)
    page.route("**/v1/live**", lambda route: route.abort())
    page.complaints = []
    page.goto(page_url(path))
    page.wait_for_selector(ROWS)
    page.wait_for_load_state("networkidle")
    rows = [url for url in asked if url.startswith("/v1/traces?")]
    assert asked[0] == rows[0] and "limit=50" in rows[0]
    assert [url for url in rows if "cursor=" not in url] == rows[:1]
    page.complaints.clear()


def test_the_rows_are_asked_for_before_the_modules_are_there(page, page_url):
    held = []
    page.route("**/js/main.js", lambda route: held.append(route))
    with page.expect_request("**/v1/traces?**"):
        page.goto(page_url("/"), wait_until="commit")
    assert page.locator(ROWS).count() == 0
    held[0].continue_()
    page.wait_for_selector(ROWS)


def test_the_spans_are_asked_for_before_the_modules_are_there(page, page_url, api):
    trace = api("/v1/traces", project="web", limit=1)["data"][0]["trace_id"]
    asked = questions(page)
    held = []
    page.route("**/js/main.js", lambda route: held.append(route))
    with page.expect_request(f"**/v1/traces/{trace}?**"):
        page.goto(page_url(f"/traces/{trace}"), wait_until="commit")
    held[0].continue_()
    page.wait_for_selector(ROWS)
    assert len([url for url in asked if url.startswith(f"/v1/traces/{trace}?")]) == 1


def test_rows_wait_for_no_other_answer(page, page_url):
    page.route(re.compile(r"/v1/(facets|live|stats)"), lambda route: None)
    page.goto(page_url("/"), wait_until="commit")
    page.wait_for_selector(ROWS)
    page.keyboard.press("j")
    expect(page.locator(".virtual-row[aria-selected=true]")).to_have_count(1)


def test_a_key_goes_with_the_first_question(own_server, page):
    telemetry.send(own_server.url, [telemetry.call("guarded", ago=5)], project="default")
    key = own_server.create_key("ingest,read")
    page.goto(own_server.url + "/start")
    page.locator("#key-input").fill(key)
    page.keyboard.press("Enter")
    expect(page.locator(".step").first).to_be_visible()
    refused = []
    page.on("response", lambda answer: refused.append(answer.url) if answer.status == 401 else None)
    page.goto(own_server.url)
    expect(page.locator(f"{ROWS} .c-name")).to_have_text("guarded")
    assert refused == []


def test_a_tall_window_is_filled(page, page_url):
    page.set_viewport_size({"width": 1280, "height": 2600})
    page.goto(page_url("/?service=shop"))
    expect(page.locator(".virtual-row[data-index='70']")).to_be_visible()


def test_a_page_brings_its_modules_when_it_is_opened(page, page_url):
    page.goto(page_url("/"))
    page.wait_for_selector(ROWS)
    early = modules(page)
    assert not [name for name in early if re.search(r"js/(trace|charts|start)/|js/pages/(?!traces)|dialog|panel", name)]
    page.get_by_role("link", name="Dashboard").click()
    page.wait_for_selector(".chart svg")
    assert [name for name in modules(page) if name.endswith("js/pages/dashboard.js")]


def test_another_version_of_the_server_loads_the_page_again(page, page_url):
    page.goto(page_url("/"))
    page.wait_for_selector(ROWS)
    page.evaluate("globalThis.former = true")
    page.route("**/js/pages/calls.js", lambda route: route.fulfill(status=404), times=1)
    page.route(re.compile(r"//[^/]+/$"), lambda route: route.fulfill(body="<script src=/other/js/main.js>"), times=1)
    page.get_by_role("link", name="Calls", exact=True).click()
    page.wait_for_selector(f"{ROWS} .c-more")
    assert page.evaluate("globalThis.former") is None
    assert "/calls" in page.url


def test_a_module_that_is_missing_is_told(page, page_url):
    page.goto(page_url("/"))
    page.wait_for_selector(ROWS)
    page.route("**/js/pages/calls.js", lambda route: route.fulfill(status=404))
    page.get_by_role("link", name="Calls", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("This page could not be shown")
    page.complaints.clear()


def test_the_frame_says_live_only_where_something_is_followed(page, page_url):
    page.goto(page_url("/"))
    expect(page.locator(".connection")).to_have_text("Live")
    page.get_by_role("link", name="Users").click()
    expect(page.locator(".connection")).to_be_hidden()
    page.go_back()
    expect(page.locator(".connection")).to_have_text("Live")


def test_a_stream_that_is_refused_says_so(page, page_url):
    page.route("**/v1/live**", lambda route: route.fulfill(status=400, json={"error": {"code": "invalid_request", "message": "no"}}))
    page.goto(page_url("/"))
    expect(page.locator(".connection")).to_have_text("Not live")
