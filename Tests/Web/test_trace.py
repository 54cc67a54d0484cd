"""The view of one trace: its spans, the span that was chosen, the conversation, the graph of steps."""
import json
import re

import pytest
import telemetry
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import expect

EVIL = "<script>window.hit=1</script><img src=x onerror=window.hit=1>\x1b[31mred \u202egnp.exe\u202c"
ROWS = ".w-row:not([hidden])"
READY = '.trace-page[aria-busy="false"]'


def row(page, text):
    return page.locator(ROWS, has_text=text).first


def message(role, text):
    return {"role": role, "parts": [{"type": "text", "content": text}]}


def child(parent, name, ago=59.0, ms=100, error=None, **attributes):
    return telemetry.span(name, trace=parent["traceId"], parent=parent["spanId"], ago=ago, ms=ms, error=error, **attributes)


def model_call(parent, ago, told, said, tokens, ms=100, error=None, **more):
    return child(parent, "chat claude-sonnet-4-5", ago=ago, ms=ms, error=error, **{
        "gen_ai__operation__name": "chat", "gen_ai__provider__name": "anthropic", "gen_ai__request__model": "claude-sonnet-4-5",
        "gen_ai__request__max_tokens": 500, "gen_ai__usage__input_tokens": tokens[0], "gen_ai__usage__output_tokens": tokens[1],
        "gen_ai__input__messages": json.dumps(told), "gen_ai__output__messages": json.dumps([said]) if said else None, **more})


@pytest.fixture(scope="module")
def run(base):
    """An agent that asks a model twice, runs a tool between, twelve small look-ups, and a step that fails."""
    root = telemetry.span("travel agent", ago=60, ms=3000, gen_ai__operation__name="invoke_agent", gen_ai__agent__name="travel",
                          session__id="trip-1", user__id="ann")
    user = message("user", "Will it rain in Oslo?")
    asks = {"role": "assistant", "parts": [{"type": "tool_call", "id": "c1", "name": "get_weather", "arguments": {"city": "Oslo"}}]}
    told = {"role": "tool", "parts": [{"type": "tool_call_response", "id": "c1", "result": "sunny, 21 C"}]}
    system = message("system", "You are brief.")
    first = model_call(root, 59.9, [system, user], asks, (1000, 50), ms=300, gen_ai__usage__cache_creation__input_tokens=800)
    tool = child(root, "execute_tool get_weather", ago=59.5, ms=200, gen_ai__operation__name="execute_tool", gen_ai__tool__name="get_weather",
                 gen_ai__tool__call__id="c1", gen_ai__tool__call__arguments='{"city": "Oslo"}', gen_ai__tool__call__result="sunny, 21 C")
    second = model_call(root, 59.2, [system, user, asks, told], message("assistant", "No, it stays sunny."), (5000, 900), ms=800,
                        gen_ai__usage__cache_read__input_tokens=4000)
    step = child(root, "collect", ago=58.3, ms=900)
    looks = [child(step, "lookup", ago=58.3 - number * 0.05, ms=20, gen_ai__operation__name="execute_tool", gen_ai__tool__name="lookup")
             for number in range(12)]
    failed = child(root, "publish", ago=57.3, ms=100, error="disk is full")
    failed["events"] = [{"timeUnixNano": failed["startTimeUnixNano"], "name": "exception", "attributes": [
        {"key": key, "value": {"stringValue": value}} for key, value in
        {"exception.type": "IOError", "exception.message": "disk is full", "exception.stacktrace": "Traceback: line 12"}.items()]}]
    spans = {"root": root, "first": first, "tool": tool, "second": second, "step": step, "failed": failed}
    telemetry.send(base, [*spans.values(), *looks], service="travel", project="trace")
    return {"id": root["traceId"], **{name: span["spanId"] for name, span in spans.items()}}


@pytest.fixture
def open_trace(page, page_url):
    """Opens a trace and waits until all of it is there."""
    def go(trace, project="trace", **query):
        text = "&".join(f"{name}={value}" for name, value in query.items() if name != "hash")
        url = page_url(f"/traces/{trace}" + (f"?{text}" if text else ""), project=project)
        page.goto(url + (f"#{query['hash']}" if "hash" in query else ""))
        page.wait_for_selector(READY, timeout=30_000)
    return go


def test_the_head_says_what_a_trace_came_to(page, run, open_trace, api):
    open_trace(run["id"])
    trace = api(f"/v1/traces/{run['id']}", fields="summary")["data"]
    head = page.locator(".t-head")
    expect(head.locator("h1")).to_have_text("travel agent")
    expect(head.locator(".t-figures")).to_contain_text(f"Spans{trace['span_count']}")
    expect(head.locator(".t-figures")).to_contain_text("6,000 / 950")
    expect(head).to_contain_text("complete")
    expect(head.get_by_role("link", name="travel", exact=True)).to_have_attribute("href", re.compile(r"service=travel"))
    expect(head.get_by_role("link", name="trip-1")).to_have_attribute("href", re.compile(r"/sessions/trip-1"))
    expect(head.get_by_role("link", name="ann")).to_have_attribute("href", re.compile(r"user_id=ann"))


def test_like_siblings_fold_and_unfold(page, run, open_trace):
    open_trace(run["id"])
    fold = row(page, "lookup × 12")
    expect(fold).to_contain_text("240 ms")
    before = page.locator(ROWS).count()
    fold.locator(".w-twist").click()
    expect(page.locator(ROWS)).to_have_count(before + 11)
    page.keyboard.press("ArrowLeft")
    expect(row(page, "lookup × 12")).to_be_visible()


def test_keys_move_collapse_and_choose(page, run, open_trace, query):
    open_trace(run["id"])
    row(page, "travel agent").focus()
    page.keyboard.press("j")
    expect(row(page, "chat claude-sonnet-4-5")).to_be_focused()
    expect(page.locator(".detail h2")).to_have_text("chat claude-sonnet-4-5")
    page.keyboard.press("k")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(ROWS)).to_have_count(1)
    expect(row(page, "travel agent")).to_contain_text("1 below")
    page.keyboard.press("ArrowRight")
    expect(page.locator(ROWS)).to_have_count(7)
    page.keyboard.press("Escape")
    expect(page.locator(".detail")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator(".detail")).to_be_visible()


def test_the_next_error_and_the_most_expensive_call_are_found(page, run, open_trace, query):
    open_trace(run["id"])
    page.keyboard.press("e")
    expect(page.locator(".detail h2")).to_have_text("publish")
    assert query()["span"] == run["failed"]
    banner = page.locator(".error-banner")
    expect(banner).to_contain_text("IOError")
    expect(banner).to_contain_text("disk is full")
    banner.get_by_text("Stack trace").click()
    expect(banner).to_contain_text("Traceback: line 12")
    page.get_by_role("button", name="Most expensive").click()
    expect(page.locator(".token-card")).to_contain_text("5,000")
    assert query()["span"] == run["second"]


def test_an_error_in_a_folded_or_closed_place_is_opened(page, open_trace, base):
    root = telemetry.span("batch", ago=20, ms=1000)
    spans = [root] + [child(root, "item", ago=20 - number * 0.01, ms=5, error="broken" if number == 30 else None) for number in range(60)]
    telemetry.send(base, spans, project="trace")
    open_trace(root["traceId"])
    expect(row(page, "item × 60")).to_contain_text("1 error")
    page.keyboard.press("e")
    expect(page.locator(f"{ROWS}[aria-selected=true]")).to_contain_text("error")
    expect(page.locator(".error-banner")).to_contain_text("broken")


def test_the_filter_shows_what_matches_and_what_is_above_it(page, run, open_trace):
    open_trace(run["id"])
    page.keyboard.press("/")
    page.keyboard.type("get_weather")
    expect(page.locator(ROWS)).to_have_count(2)
    expect(page.locator(ROWS).first).to_contain_text("travel agent")
    page.keyboard.press("Escape")
    expect(page.locator(ROWS)).to_have_count(7)
    page.locator(".t-filter").fill("no such span")
    expect(page.locator(".w-note")).to_have_text("No span matches.")


def test_the_token_card_tells_tokens_cost_and_cache(page, run, open_trace):
    open_trace(run["id"], span=run["second"])
    card = page.locator(".token-card")
    for label, value in {"Input": "5,000", "Output": "900", "Cache read": "4,000", "Cache created": "–", "Reasoning": "–"}.items():
        expect(card.locator("li", has_text=label)).to_contain_text(value)
    expect(card).to_contain_text("counted")
    expect(card).to_contain_text("computed $")
    expect(card).to_contain_text("Warm: 80 % of the input came from the cache.")
    row(page, "chat claude-sonnet-4-5").click()
    expect(card).to_contain_text("Cold: this call wrote the cache")


def test_the_request_and_the_response_are_shown(page, run, open_trace):
    open_trace(run["id"], span=run["second"])
    detail = page.locator(".detail")
    expect(detail.locator(".params")).to_contain_text("max_tokens500")
    expect(detail.locator(".message .role")).to_have_text(["system", "user", "assistant", "tool", "assistant"])
    expect(detail.locator("#m-3")).to_contain_text("get_weather")
    expect(detail.locator("#m-5")).to_contain_text("No, it stays sunny.")


def test_a_permalink_leads_to_a_message(page, run, open_trace):
    open_trace(run["id"], span=run["second"], hash="m-4")
    expect(page.locator("#m-4")).to_have_class(re.compile("target"))
    expect(page.locator("#m-4")).to_be_in_viewport()


def test_curl_has_the_request_and_no_key(page, run, open_trace):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_trace(run["id"], span=run["second"])
    page.get_by_role("button", name="Copy as curl").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    command = page.evaluate("navigator.clipboard.readText()")
    assert command.startswith('curl "https://api.anthropic.com/v1/messages"')
    assert "x-api-key: $ANTHROPIC_API_KEY" in command
    body = json.loads(re.search(r"-d '(.*)'$", command, re.S)[1].replace("'\\''", "'"))
    assert body["model"] == "claude-sonnet-4-5" and body["system"] == "You are brief." and body["max_tokens"] == 500
    assert body["messages"][1]["content"] == [{"type": "tool_use", "id": "c1", "name": "get_weather", "input": {"city": "Oslo"}}]
    assert body["messages"][2]["content"][0]["type"] == "tool_result"


def test_attributes_can_be_searched(page, run, open_trace, query):
    open_trace(run["id"], span=run["second"])
    page.get_by_role("tab", name="Attributes").click()
    assert query()["part"] == "attributes"
    page.get_by_label("Filter: Attributes").fill("cache_read")
    expect(page.locator(".attributes dt")).to_have_text(["gen_ai.usage.cache_read.input_tokens"])
    page.get_by_role("tab", name="Source").click()
    expect(page.locator(".d-body")).to_contain_text("deployment.environment")
    page.get_by_role("tab", name="JSON").click()
    expect(page.locator(".d-body .json")).to_contain_text("span_id")


def test_a_run_reads_as_a_conversation(page, run, open_trace, query):
    open_trace(run["id"], view="conversation")
    expect(page.locator(".c-foot")).to_contain_text("steps")
    text = page.locator(".conversation").inner_text()
    assert text.count("Will it rain in Oslo?") == 1
    assert text.index("Will it rain") < text.index("get_weather") < text.index("sunny, 21 C") < text.index("No, it stays sunny.")
    assert text.count("sunny, 21 C") == 1
    expect(page.locator(".c-bubble.answer")).to_contain_text("No, it stays sunny.")
    expect(page.locator(".c-box.dearest")).to_contain_text("5,000 / 900")
    expect(page.locator(".c-box").first).to_contain_text("so far")
    page.locator(".c-box.dearest a").first.click()
    expect(page.locator(".detail h2")).to_have_text("chat claude-sonnet-4-5")
    assert query()["span"] == run["second"] and "view" not in query()


def test_a_run_is_a_graph_of_steps(page, run, open_trace, query):
    open_trace(run["id"], view="graph")
    expect(page.locator(".g-box", has_text="lookup")).to_contain_text("× 12")
    dear = page.locator(".g-box.dearest")
    expect(dear).to_contain_text("chat claude")
    expect(dear).to_contain_text("$")
    expect(page.locator(".g-box.failed")).to_contain_text("publish")
    page.locator(".g-box.failed").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".detail h2")).to_have_text("publish")
    assert query()["span"] == run["failed"]


def test_the_time_axis_zooms(page, run, open_trace):
    open_trace(run["id"])
    width = lambda: page.locator(f"{ROWS} .w-bar").nth(1).bounding_box()["width"]
    before = width()
    box = page.locator(".axis").bounding_box()
    page.mouse.move(box["x"] + 1, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + 10)
    page.mouse.up()
    assert width() > before * 2.5
    page.keyboard.press("0")
    assert abs(width() - before) < 2


def test_the_download_is_the_whole_trace(page, run, open_trace):
    open_trace(run["id"])
    with page.expect_download() as download:
        page.get_by_role("button", name="Download OTLP").click()
    document = json.loads(open(download.value.path(), encoding="utf-8").read())
    spans = [span for resource in document["resourceSpans"] for scope in resource["scopeSpans"] for span in scope["spans"]]
    assert len(spans) == 18


def test_a_trace_that_is_not_there_says_why(page, page_url):
    page.goto(page_url("/traces/" + "f" * 32))
    expect(page.get_by_role("alert")).to_contain_text("This trace is not here")
    expect(page.get_by_role("alert")).to_contain_text("retention")


def test_a_trace_appears_and_grows_while_it_is_looked_at(page, page_url, base):
    root = telemetry.span("slow job", ago=1, ms=900)
    page.goto(page_url(f"/traces/{root['traceId']}", project="trace"))
    expect(page.get_by_role("alert")).to_contain_text("This trace is not here")
    expect(page.locator(".connection")).to_have_attribute("data-state", "live")
    telemetry.send(base, [child(root, "first part", ago=0.9)], project="trace")
    expect(row(page, "first part")).to_be_visible()
    expect(page.locator(".t-head")).to_contain_text("still running")
    expect(page.locator(".t-head")).to_contain_text("1 missing parent")
    telemetry.send(base, [root], project="trace")
    expect(row(page, "slow job")).to_be_visible()
    expect(page.locator(".t-head")).to_contain_text("complete")


def test_expired_content_is_said(page, run, page_url):
    def expire(route):
        answer = route.fetch()
        body = answer.json()
        body["data"]["content"] = "expired"
        route.fulfill(response=answer, json=body)
    page.route(re.compile(r"/v1/traces/[0-9a-f]{32}\?"), expire)
    page.goto(page_url(f"/traces/{run['id']}?span={run['second']}", project="trace"))
    expect(page.locator(".t-head")).to_contain_text("content expired")
    expect(page.locator(".detail .banner")).to_contain_text("has expired")


def test_a_hostile_trace_does_nothing(page, base, open_trace):
    root = telemetry.span(EVIL, ago=30, ms=1000)
    parts = [{"type": "uri", "modality": "image", "uri": "https://example.com/track.png"}, {"type": "uri", "modality": "image", "uri": "javascript:window.hit=1"}]
    call = model_call(root, 29.5, [message("system", EVIL), message("user", "x" * 10_000_000), {"role": EVIL, "parts": parts}],
                      {"role": "assistant", "parts": [{"type": "tool_call", "id": "c", "name": EVIL, "arguments": {EVIL: [EVIL]}}]}, (5, 5), error=EVIL)
    telemetry.send(base, [root, call], service=EVIL, project="hostile")
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    for view in ("", "conversation", "graph"):
        open_trace(root["traceId"], project="hostile", span=call["spanId"], view=view)
        page.wait_for_selector({"": ".token-card", "conversation": ".c-foot:has-text('steps'), .c-foot:has-text('step')", "graph": ".g-box"}[view])
        assert page.evaluate("window.hit") is None
        assert page.locator("main script, main img, main iframe").count() == 0
        text = page.locator("main").inner_text()
        assert "\x1b" not in text and "\u202e" not in text and len(text) < 200_000
    for part in ("attributes", "events", "source", "json"):
        open_trace(root["traceId"], project="hostile", span=call["spanId"], part=part)
        page.wait_for_selector(".d-body :is(.attributes, .json, .d-section)")
        assert page.evaluate("window.hit") is None
    assert not [url for url in requests if "example.com" in url]


def test_ten_thousand_spans_are_a_few_rows(page, base, open_trace):
    root = telemetry.span("large", ago=600, ms=500_000)
    steps = [child(root, f"step {number}", ago=599 - number, ms=900) for number in range(200)]
    leaves = [child(step, f"leaf {number % 7}", ago=599 - place - number * 0.01, ms=9) for place, step in enumerate(steps) for number in range(49)]
    spans = [root, *steps, *leaves]
    for start in range(0, len(spans), 2500):
        telemetry.send(base, spans[start:start + 2500], project="large")
    open_trace(root["traceId"], project="large")
    expect(page.locator(".waterfall")).to_have_attribute("aria-rowcount", str(len(spans) + 1))
    page.locator(".w-scroll").evaluate("element => { element.scrollTop = element.scrollHeight }")
    expect(page.locator(f'{ROWS}[aria-rowindex="{len(spans) + 1}"]')).to_be_visible()
    assert page.locator(".w-row").count() < 120
    page.locator(".t-filter").fill("leaf 6")
    expect(page.locator(".waterfall")).to_have_attribute("aria-rowcount", str(200 * 7 + 200 + 2))


def test_a_circle_and_a_late_parent_are_shown(page, base, open_trace):
    root = telemetry.span("late root", ago=9, ms=500)
    early = child(root, "earlier than its parent", ago=10)
    one = child(root, "one", ago=8)
    two = child(one, "two", ago=7.9)
    one["parentSpanId"] = two["spanId"]
    telemetry.send(base, [early, one, two, root], project="trace")
    open_trace(root["traceId"])
    for name in ("late root", "earlier than its parent", "one", "two"):
        expect(row(page, name)).to_be_visible()
    expect(row(page, "earlier than its parent")).to_have_attribute("aria-level", "2")


def test_on_a_narrow_screen_the_span_is_a_screen_of_its_own(page, run, open_trace):
    page.set_viewport_size({"width": 360, "height": 740})
    open_trace(run["id"])
    expect(page.locator(".detail")).to_be_hidden()
    row(page, "publish").click()
    expect(page.locator(".error-banner")).to_be_visible()
    expect(page.locator(".waterfall")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]})
    assert [(entry["id"], node["target"]) for entry in found["violations"] for node in entry["nodes"]] == []
    page.go_back()
    expect(page.locator(".waterfall")).to_be_visible()


def test_a_run_of_a_coding_agent_reads_as_one(page, base, open_trace):
    root = telemetry.span("claude_code.interaction", ago=30, ms=21_000, user_prompt="Fix the test")
    tool = telemetry.span("claude_code.tool", trace=root["traceId"], parent=root["spanId"], ago=29, ms=500, tool_name="Bash",
                          tool_input='{"command": "make test"}')
    telemetry.send(base, [root, tool], project="trace")
    open_trace(root["traceId"])
    expect(page.locator(".d-facts")).to_contain_text("agent")
    # No label of the axis is cut: that of 20 s has no room.
    assert page.evaluate("""() => [...document.querySelectorAll('.axis-marks span')].every((mark) => !mark.textContent
        || mark.getBoundingClientRect().left + 6 * mark.textContent.length <= document.querySelector('.axis').getBoundingClientRect().right)""")
    page.get_by_role("link", name="Conversation").click()
    expect(page.locator(".c-step", has_text="Bash")).to_contain_text("make test")
    expect(page.locator(".c-step", has_text="Bash")).not_to_contain_text("gave")


def corpus_services():
    return sorted(entry.name for entry in telemetry.CORPUS.iterdir() if (entry / "headers.json").exists())


@pytest.mark.parametrize("service", corpus_services())
def test_a_trace_of_each_instrumentation_can_be_read(page, open_trace, api, service):
    folder = telemetry.CORPUS / service / "expected.json"
    traces = json.loads(folder.read_text())["traces"]
    trace = max(traces, key=lambda one: len(one["llm_calls"]))
    open_trace(trace["trace_id"], project="corpus")
    expect(page.locator(".t-figures")).to_contain_text(f"Spans{trace['distinct_span_ids']}")
    page.get_by_role("link", name="Conversation").click()
    page.wait_for_selector(".c-foot:has-text('step')")
    page.get_by_role("link", name="Steps").click()
    expect(page.locator(".g-box").first).to_be_visible()
