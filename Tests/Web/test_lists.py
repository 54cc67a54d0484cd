"""The list of traces: filters, order, scrolling, keys, live."""
import re
import time
import urllib.parse

import telemetry
from playwright.sync_api import expect

ROWS = ".virtual-row:not([hidden])"


def names(page):
    """The names in sight, in order."""
    page.wait_for_selector(ROWS)
    return page.evaluate("""() => [...document.querySelectorAll('.virtual-row:not([hidden])')]
        .sort((a, b) => a.dataset.index - b.dataset.index).map((row) => row.querySelector('.c-name').textContent)""")


def opened(page, url):
    page.goto(url)
    page.wait_for_selector(f"{ROWS}, .empty, .step")


def test_the_newest_trace_is_first(page, page_url, api):
    opened(page, page_url("/"))
    newest = [row["root_span"]["name"] for row in api("/v1/traces", project="web", limit=10)["data"]]
    assert names(page)[:10] == newest


def test_a_row_shows_name_model_tokens_cost_duration_status_spans_and_service(page, page_url):
    opened(page, page_url("/?service=local"))
    cells = page.locator(f"{ROWS} [role=gridcell]").all_inner_texts()
    assert cells[1:] == ["local", "house-model", "500 / 50", "–", "800 ms", "ok", "1", "local"]


def test_the_time_is_relative_and_its_title_has_local_time_and_utc(page, page_url):
    opened(page, page_url("/?service=local"))
    when = page.locator(f"{ROWS} time")
    expect(when).to_have_text(re.compile(r"\d+ min ago"))
    title = when.get_attribute("title")
    assert "local" in title and "UTC" in title


def test_the_time_opens_the_trace(page, page_url):
    opened(page, page_url("/?service=local"))
    page.locator(f"{ROWS} .c-time a").click()
    page.wait_for_url("**/traces/*")


def test_a_part_of_a_model_name_is_enough(page, page_url):
    opened(page, page_url("/"))
    with page.expect_request(lambda request: "/v1/traces" in request.url and "model=*sonnet*" in urllib.parse.unquote(request.url)):
        page.get_by_label("Model", exact=True).fill("sonnet")
        page.keyboard.press("Enter")
    page.wait_for_url("**model=sonnet**")
    expect(page.locator(f"{ROWS} .c-model").first).to_have_text("claude-sonnet-4-5")
    assert set(page.locator(f"{ROWS} .c-model").all_inner_texts()) == {"claude-sonnet-4-5"}


def test_a_model_in_quotes_is_exactly_that_one(page, page_url):
    opened(page, page_url('/?model="gpt-4o"&service=shop'))
    assert set(page.locator(f"{ROWS} .c-model").all_inner_texts()) == {"gpt-4o"}


def test_models_are_suggested_with_their_counts(page, page_url):
    opened(page, page_url("/"))
    page.get_by_label("Model", exact=True).focus()
    option = page.locator("#filter-model-values option[value='\"house-model\"']")
    option.wait_for(state="attached")
    assert option.get_attribute("label") == "house-model · 1 calls"


def test_each_filter_is_a_chip_and_removing_it_removes_it_from_the_address(page, page_url, query):
    opened(page, page_url("/?status=error&service=failing&range=24h"))
    assert page.locator(".chip").count() == 3
    page.get_by_label("Remove the filter Service").click()
    expect(page.locator(".chip")).to_have_count(2)
    assert query() == {"status": "error", "range": "24h", "project": "web"}


def test_clear_all_leaves_the_project_alone(page, page_url, query):
    opened(page, page_url("/?status=error&service=failing"))
    page.get_by_role("button", name="Clear all").click()
    expect(page.locator(".chip")).to_have_count(0)
    assert query() == {"project": "web"}


def test_every_field_of_the_panel_becomes_a_parameter(page, page_url, query):
    opened(page, page_url("/"))
    fields = {"service": "shop", "provider": "openai", "session_id": "s", "user_id": "user-1", "name": "order 001", "operation": "chat",
              "tool": "t", "tag": "g", "error_type": "e", "min_latency_ms": "1", "max_latency_ms": "99999", "min_cost": "0.00001",
              "max_cost": "5", "min_tokens": "1"}
    page.get_by_role("button", name="Filters").click()
    for name, value in fields.items():
        page.locator(f"#filter-{name}").fill(value)
        page.keyboard.press("Enter")
    page.locator("#filter-has_warning").select_option("false")
    page.locator("#filter-attr-key").fill("deployment.environment")
    page.locator("#filter-attr-value").fill("test")
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_count(len(fields) + 2)
    assert query() == {**fields, "has_warning": "false", "attr.deployment.environment": "test", "project": "web"}


def test_an_attribute_filters(page, page_url):
    opened(page, page_url("/?attr.deployment.environment=test&service=local"))
    assert names(page) == ["local"]
    opened(page, page_url("/?attr.deployment.environment=elsewhere&service=local"))
    expect(page.get_by_text("No trace matches these filters.")).to_be_visible()


def test_words_are_searched_and_the_slash_goes_there(page, page_url):
    opened(page, page_url("/"))
    page.keyboard.press("/")
    page.keyboard.type("parcels")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=parcels**")
    expect(page.locator(f"{ROWS} .c-name").first).to_have_text("turn")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") != "filter-q"


def test_a_lag_of_the_words_is_told(page, page_url):
    page.route("**/v1/traces?**", lambda route: route.fulfill(
        json={"data": [], "pagination": {"limit": 100, "has_more": False, "next_cursor": None, "search_lag_parts": 12}}))
    opened(page, page_url("/?q=word"))
    expect(page.get_by_text("12 parts that arrived lately")).to_be_visible()


def test_a_page_that_ran_out_of_time_says_how_far_it_got_and_goes_on(page, page_url, api):
    rows = api("/v1/traces", project="web", limit=3)["data"]
    answers = iter([{"data": rows[:1], "pagination": {"limit": 100, "has_more": True, "next_cursor": "c", "partial": True}},
                    {"data": rows[1:], "pagination": {"limit": 100, "has_more": False, "next_cursor": None}}])
    page.route("**/v1/traces?**", lambda route: route.fulfill(json=next(answers)))
    opened(page, page_url("/"))
    expect(page.locator(".grid-foot")).to_contain_text("Searched back to")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(ROWS)).to_have_count(3)
    expect(page.locator(".grid-foot")).to_have_text("That is all.")


def test_heads_sort_in_both_orders(page, page_url, query):
    opened(page, page_url("/?service=shop"))
    for label, name in [("Duration", "duration_ms"), ("Cost", "cost"), ("Tokens in / out", "tokens")]:
        head = page.get_by_role("columnheader", name=label)
        head.get_by_role("button").click()
        expect(head).to_have_attribute("aria-sort", "descending")
        assert query()["sort"] == name
        head.get_by_role("button").click()
        expect(head).to_have_attribute("aria-sort", "ascending")
        assert query()["order"] == "asc"


def test_the_slowest_is_first_when_sorted_by_duration(page, page_url):
    opened(page, page_url("/?service=shop&sort=duration_ms"))
    assert names(page)[0] == "order 239"
    opened(page, page_url("/?service=shop&sort=duration_ms&order=asc"))
    assert names(page)[0] == "order 000"


def test_scrolling_loads_all_without_a_gap(page, page_url):
    opened(page, page_url("/?service=shop"))
    expect(page.locator(".note")).to_contain_text("50+ traces")
    seen = set(names(page))
    for _ in range(60):
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(20)
        seen.update(names(page))
        if page.locator(".grid-foot").inner_text() == "That is all." and page.evaluate("scrollY + innerHeight >= document.body.scrollHeight - 4"):
            break
    assert seen == {f"order {number:03}" for number in range(240)}


def test_all_matches_are_counted_when_asked(page, page_url):
    opened(page, page_url("/?service=shop"))
    page.get_by_role("button", name="Count all").click()
    expect(page.locator(".note")).to_have_text("240 traces")


def test_keys_move_open_and_come_back(page, page_url):
    opened(page, page_url("/?service=shop"))
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    expect(page.locator(".virtual-row[aria-selected=true] .c-name")).to_have_text("order 001")
    page.keyboard.press("Enter")
    page.wait_for_url("**/traces/*")
    page.go_back()
    page.wait_for_selector(ROWS)
    assert names(page)[0] == "order 000"


def test_the_way_back_finds_the_list_where_it_was(page, page_url):
    opened(page, page_url("/?service=shop"))
    page.evaluate("scrollTo(0, 1600)")
    page.wait_for_timeout(300)
    page.locator(f"{ROWS} .c-name a", has_text="order 055").click()
    page.wait_for_url("**/traces/*")
    page.go_back()
    page.wait_for_selector(ROWS)
    page.wait_for_function("() => scrollY > 1500")


def test_a_new_trace_comes_in_at_the_top(own_server, page):
    telemetry.send(own_server.url, [telemetry.call("first", ago=30)])
    opened(page, own_server.url)
    expect(page.locator(".connection")).to_have_text("Live")
    telemetry.send(own_server.url, [telemetry.call("second", ago=1)])
    expect(page.locator(f"{ROWS} .c-name").filter(has_text="second")).to_be_visible()
    assert names(page) == ["second", "first"]


def test_a_changed_trace_changes_in_its_place(own_server, page):
    root = telemetry.call("growing", ago=20)
    telemetry.send(own_server.url, [root])
    opened(page, own_server.url)
    expect(page.locator(".connection")).to_have_text("Live")
    telemetry.send(own_server.url, [telemetry.span("child", trace=root["traceId"], parent=root["spanId"], ago=19)])
    expect(page.locator(f"{ROWS} .c-spans")).to_have_text("2")
    assert names(page) == ["growing"]


def test_who_reads_further_down_is_not_moved_and_told_how_many_are_new(own_server, page):
    telemetry.send(own_server.url, [telemetry.call(f"old {number}", ago=1000 + number) for number in range(90)])
    opened(page, own_server.url)
    expect(page.locator(".connection")).to_have_text("Live")
    page.evaluate("scrollTo(0, 900)")
    page.wait_for_function("() => document.querySelector('.virtual-row[data-index=\"30\"]')")
    before = page.locator(".virtual-row[data-index='30']").inner_text()
    telemetry.send(own_server.url, [telemetry.call(f"new {number}", ago=1) for number in range(12)])
    expect(page.locator(".pill")).to_have_text("12 new")
    assert page.evaluate("scrollY") == 900
    assert page.locator(".virtual-row[data-index='30'] .c-name").inner_text() in before
    page.locator(".pill").click()
    expect(page.locator(".virtual-row[data-index='0'] .c-name")).to_contain_text("new")
    expect(page.locator(".pill")).to_be_hidden()


def test_what_came_while_a_trace_was_read_is_there_on_the_way_back(own_server, page):
    telemetry.send(own_server.url, [telemetry.call("before", ago=30)])
    opened(page, own_server.url)
    page.get_by_role("link", name="before").click()
    page.wait_for_url("**/traces/*")
    telemetry.send(own_server.url, [telemetry.call("meanwhile", ago=1)])
    page.go_back()
    expect(page.locator(f"{ROWS} .c-name").filter(has_text="meanwhile")).to_be_visible()
    assert names(page) == ["meanwhile", "before"]


def test_a_deleted_trace_goes_away(own_server, page):
    gone = telemetry.call("gone", ago=10)
    telemetry.send(own_server.url, [telemetry.call("stays", ago=30), gone])
    event = f'id: a-1\n\nevent: deleted\nid: a-2\ndata: {{"trace_id":"{gone["traceId"]}","project":"web"}}\n\n'
    page.route("**/v1/live", lambda route: route.fulfill(content_type="text/event-stream", body=event))
    page.goto(own_server.url)
    expect(page.locator(ROWS)).to_have_count(1)
    assert names(page) == ["stays"]


def test_only_what_matches_the_filters_arrives(own_server, page):
    telemetry.send(own_server.url, [telemetry.call("kept", ago=30)], service="mine")
    opened(page, own_server.url + "/?service=mine")
    expect(page.locator(".connection")).to_have_text("Live")
    telemetry.send(own_server.url, [telemetry.call("other", ago=2)], service="others")
    telemetry.send(own_server.url, [telemetry.call("kept too", ago=1)], service="mine")
    expect(page.locator(f"{ROWS} .c-name").filter(has_text="kept too")).to_be_visible()
    assert names(page) == ["kept too", "kept"]


def test_a_filter_that_is_wrong_is_told_in_the_words_of_the_server(page, page_url):
    page.goto(page_url("/?min_cost=much"))
    expect(page.get_by_role("alert")).to_contain_text("min_cost")


def test_an_export_has_what_is_filtered(page, page_url):
    opened(page, page_url("/?service=local"))
    page.locator("summary", has_text="Export").click()
    for label, word in [("OTLP JSON", "resourceSpans"), ("JSON lines", "trace_id"), ("CSV", "house-model")]:
        if not page.locator(".menu-items").is_visible():
            page.locator("summary", has_text="Export").click()
        with page.expect_download() as download:
            page.get_by_role("link", name=label).click()
        text = open(download.value.path()).read()
        assert word in text and "order 000" not in text


def test_no_match_offers_to_clear_the_filters(page, page_url):
    opened(page, page_url("/?service=nobody"))
    page.get_by_role("button", name="Clear the filters").click()
    page.wait_for_selector(ROWS)


def test_a_narrow_screen_shows_everything_without_scrolling_sideways(page, page_url):
    page.set_viewport_size({"width": 360, "height": 740})
    opened(page, page_url("/?service=shop&status=ok&range=7d"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_range_asks_for_traces_since_then(page, page_url):
    with page.expect_request(lambda request: "/v1/traces?" in request.url) as asked:
        page.goto(page_url("/?range=1h"))
    start = urllib.parse.parse_qs(urllib.parse.urlsplit(asked.value.url).query)["start_time"][0]
    assert abs(time.mktime(time.strptime(start[:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone - (time.time() - 3600)) < 60
