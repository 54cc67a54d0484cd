"""Charts over time, and the way from a bar to what is behind it."""
import re

from playwright.sync_api import expect


def opened(page, url):
    page.goto(url)
    page.wait_for_selector(".chart svg")


def chart(page, title):
    return page.locator("figure.chart", has=page.get_by_role("heading", name=title, exact=True))


def test_every_figure_has_its_chart(page, page_url):
    opened(page, page_url("/dashboard"))
    titles = page.locator("figure.chart h2").all_inner_texts()
    assert titles == ["Cost", "Calls", "Tokens by kind", "Failed calls", "Share of calls that failed", "Latency", "Time to first token", "Input read from the cache"]


def test_the_totals_are_those_of_the_statistics(page, page_url, api):
    opened(page, page_url("/dashboard?range=30d"))
    total = api("/v1/stats", project="web")["data"][0]
    calls = page.locator(".big-figures li", has=page.get_by_text("Calls", exact=True)).locator("strong")
    expect(calls).to_have_text(f"{total['calls']:,}")


def test_a_bar_leads_to_the_traces_of_that_interval_and_group(page, page_url, query, api):
    opened(page, page_url("/dashboard?range=7d&group=service"))
    bar = chart(page, "Calls").locator("rect[data-place]").last
    bar.scroll_into_view_if_needed()
    bar.click()
    page.wait_for_url(lambda url: "/dashboard" not in url)
    asked = query()
    assert {"start_time", "end_time", "service"} <= set(asked)
    page.wait_for_selector(".virtual-row")
    services = set(page.locator(".virtual-row:not([hidden]) .c-service").all_inner_texts())
    assert services == {asked["service"]}


def test_failed_calls_lead_to_calls_that_failed(page, page_url, query):
    opened(page, page_url("/dashboard"))
    chart(page, "Failed calls").locator("rect[data-place]").first.click()
    page.wait_for_url("**/calls?**")
    assert query()["status"] == "error"
    expect(page.locator(".virtual-row:not([hidden]) .badge.error")).to_have_count(3)


def test_the_pointer_reads_values(page, page_url):
    opened(page, page_url("/dashboard"))
    chart(page, "Cost").locator("rect[data-place]").first.hover()
    expect(chart(page, "Cost").locator(".chart-tip")).to_contain_text("$")


def test_arrow_keys_read_values_aloud_and_enter_opens_them(page, page_url):
    opened(page, page_url("/dashboard"))
    plot = chart(page, "Cost").locator(".chart-plot")
    plot.focus()
    page.keyboard.press("ArrowLeft")
    expect(chart(page, "Cost").locator("[aria-live]")).to_have_text(re.compile(r"\(UTC\).*\$"))
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "start_time" in url)


def test_range_and_group_are_in_the_address(page, page_url, query):
    opened(page, page_url("/dashboard"))
    page.get_by_label("Group by").select_option("user")
    page.wait_for_url("**group=user**")
    page.locator("#filter-range").select_option("24h")
    page.wait_for_url("**range=24h**")
    assert query() == {"group": "user", "range": "24h", "project": "web"}
    expect(page.get_by_role("columnheader", name="By user")).to_be_visible()


def test_a_day_is_split_into_hours_and_a_month_into_days(page, page_url):
    for range_, interval in {"24h": "hour", "30d": "day"}.items():
        with page.expect_request(lambda request, interval=interval: f"interval={interval}" in request.url):
            page.goto(page_url(f"/dashboard?range={range_}"))


def test_each_chart_is_a_table_too(page, page_url, api):
    opened(page, page_url("/dashboard?range=30d"))
    cost = chart(page, "Calls")
    cost.locator("summary").click()
    cost.locator("tbody tr").first.wait_for()
    cells = cost.locator("tbody td.num").all_inner_texts()
    total = api("/v1/stats", project="web")["data"][0]["calls"]
    assert sum(int(cell.replace(",", "")) for cell in cells if cell != "–") == total


def test_a_period_without_calls_says_so(page, page_url):
    page.goto(page_url("/dashboard?service=nobody"))
    expect(page.get_by_text("No calls in this period")).to_be_visible()
