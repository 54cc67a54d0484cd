"""Calls, sessions, users, prompts, models, getting started, and the frame around them."""
import re

import telemetry
from playwright.sync_api import expect

ROWS = ".virtual-row:not([hidden])"


def test_calls_have_a_row_each_and_open_their_span(page, page_url, api):
    page.goto(page_url("/calls?service=local"))
    cells = page.locator(f"{ROWS} [role=gridcell]")
    expect(cells).to_have_text([re.compile("ago"), "house-model", "acme", "500 / 50", "–", "800 ms", "ok", "Details"])
    row = api("/v1/calls", project="web", service="local")["traces"][0]
    page.locator(f"{ROWS} .c-name a").click()
    page.wait_for_url(f"**/traces/{row['request_id'][2:34]}**")
    assert row["request_id"][34:] in page.url


def test_the_details_of_a_call_have_tokens_with_cache_first_token_error_and_texts(page, page_url):
    page.goto(page_url("/calls?service=repeat"))
    page.wait_for_selector(ROWS)
    page.keyboard.press("j")
    page.keyboard.press("i")
    dialog = page.get_by_role("dialog")
    for text in ["1,000 tokens", "read from cache", "First token", "Summarise the weather report", "Sunny", "4 × this week"]:
        expect(dialog).to_contain_text(text)
    page.keyboard.press("Escape")
    page.goto(page_url("/calls?service=failing"))
    page.locator(ROWS).first.hover()
    page.locator(f"{ROWS} .c-more button").first.click()
    expect(dialog.locator(".banner.error")).to_have_text("rate_limit: too many requests")
    dialog.get_by_role("link", name="Open in its trace").click()
    page.wait_for_url("**/traces/*")


def test_failed_calls_are_found_by_their_status(page, page_url):
    page.goto(page_url("/calls?service=failing"))
    page.wait_for_selector(ROWS)
    page.locator("#filter-status").select_option("error")
    expect(page.locator(f"{ROWS} .badge.error")).to_have_count(3)


def test_calls_are_sorted_by_cost(page, page_url):
    page.goto(page_url("/calls?service=shop"))
    page.get_by_role("columnheader", name="Cost").get_by_role("button").click()
    page.wait_for_url("**sort=cost**")
    expect(page.locator(".virtual-row[data-index='0'] .c-name")).to_have_text("claude-sonnet-4-5")


def test_a_session_reads_as_a_conversation_with_its_running_cost(page, page_url):
    page.goto(page_url("/sessions"))
    page.get_by_role("link", name="talk-1").first.click()
    expect(page.locator(".turn")).to_have_count(3)
    expect(page.locator(".message.user .long-text")).to_have_text([f"Question {turn} about parcels" for turn in range(3)])
    expect(page.locator(".message.assistant .long-text")).to_have_text([f"Answer {turn}" for turn in range(3)])
    expect(page.locator(".running")).to_have_text(["so far $0.000042", "so far $0.000084", "so far $0.000126"])
    who, said = (page.locator(f".message.user {part}").first.bounding_box() for part in (".role", ".long-text"))
    assert who["x"] + who["width"] <= said["x"] and abs(who["y"] - said["y"]) < 8
    page.get_by_role("link", name="Turn 2").click()
    page.wait_for_url("**/traces/*")


def test_a_session_that_is_not_there_says_so(page, page_url):
    page.goto(page_url("/sessions/none"))
    expect(page.get_by_text("No such session")).to_be_visible()


def test_a_user_leads_to_the_traces_of_that_user(page, page_url, query):
    page.goto(page_url("/users"))
    page.get_by_role("link", name="user-2").first.click()
    page.wait_for_url("**user_id=user-2**")
    page.wait_for_selector(ROWS)
    page.get_by_role("button", name="Count all").click() if page.get_by_role("button", name="Count all").count() else None
    expect(page.locator(".note")).to_have_text("60 traces")


def test_a_repeated_prompt_is_shown_with_its_count_and_text(page, page_url):
    page.goto(page_url("/prompts"))
    row = page.locator("tbody tr", has_text="Summarise the weather report")
    expect(row.locator("td").nth(2)).to_have_text("4")
    row.get_by_role("link", name="Calls").click()
    page.wait_for_url("**/calls?**")
    expect(page.locator(ROWS)).to_have_count(4)


def test_prompts_are_sorted_by_cost(page, page_url, query):
    page.goto(page_url("/prompts"))
    with page.expect_request(lambda request: "/v1/prompts" in request.url and "sort=cost" in request.url):
        page.get_by_label("Order", exact=True).first.select_option("cost")


def test_models_show_calls_tokens_cost_and_percentiles(page, page_url):
    page.goto(page_url("/models?service=shop"))
    row = page.locator("tbody tr", has=page.get_by_role("link", name="gpt-4o", exact=True))
    expect(row.locator("td").nth(2)).to_have_text("80")
    expect(row.locator("td").nth(8)).to_have_text(re.compile(r"\d s"))


def test_a_model_without_a_price_offers_lines_for_the_configuration(page, page_url):
    page.goto(page_url("/models"))
    page.locator("tbody tr", has_text="house-model").get_by_role("button", name="Add a price").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("model: house-model")
    expect(dialog).to_contain_text("provider: acme")
    expect(dialog).to_contain_text("skein reprice")
    expect(dialog).to_contain_text("cannot write the settings")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_a_model_leads_to_its_calls(page, page_url):
    page.goto(page_url("/models?service=shop"))
    page.get_by_role("link", name="gpt-4o", exact=True).click()
    page.wait_for_url("**/calls?**")
    page.wait_for_selector(ROWS)
    assert set(page.locator(f"{ROWS} .c-name").all_inner_texts()) == {"gpt-4o"}


def test_an_empty_store_shows_how_to_send_and_opens_the_first_trace(own_server, page):
    page.goto(own_server.url)
    expect(page.get_by_text("Waiting for your first span")).to_be_visible()
    expect(page.locator(".code pre").first).to_contain_text(f"OTEL_EXPORTER_OTLP_ENDPOINT={own_server.url}")
    telemetry.send(own_server.url, [telemetry.call("the very first", ago=1)])
    page.wait_for_url("**/traces/*")


def test_every_stack_has_its_tab(page, page_url):
    page.goto(page_url("/start"))
    words = {"OpenLLMetry": "opentelemetry.instrumentation.openai", "OpenInference": "openinference.instrumentation.openai",
             "LangChain": "LangChainInstrumentor", "Vercel AI SDK": "experimental_telemetry", "Pydantic AI": "instrument_pydantic_ai",
             "Claude Code": "CLAUDE_CODE_ENABLE_TELEMETRY=1", "curl": "resourceSpans"}
    for label, word in words.items():
        page.get_by_role("tab", name=label).click()
        expect(page.get_by_role("tabpanel")).to_contain_text(word)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="OpenLLMetry")).to_have_attribute("aria-selected", "true")


def test_the_curl_example_works_as_it_stands(own_server, page):
    import subprocess
    page.goto(own_server.url + "/start")
    page.get_by_role("tab", name="curl").click()
    text = page.locator(".tab-body pre").inner_text()
    subprocess.run(["bash", "-c", text.replace("curl ", "curl -sSf ", 1)], check=True, capture_output=True)
    page.wait_for_url("**/traces/*")


def test_two_letters_go_to_each_page(page, page_url):
    page.goto(page_url("/start"))
    for letter, path in {"t": "/", "c": "/calls", "s": "/sessions", "u": "/users", "p": "/prompts", "m": "/models", "d": "/dashboard", "b": "/start"}.items():
        page.keyboard.press("g")
        page.keyboard.press(letter)
        page.wait_for_url(lambda url, path=path: url.split("?")[0].endswith(path))
        expect(page.locator("nav [aria-current]")).to_have_count(1)
        expect(page.locator("h1")).to_be_visible()


def test_the_theme_stays_on_every_page(page, page_url):
    page.goto(page_url("/calls"))
    page.get_by_role("button", name=re.compile("Theme")).click()
    page.get_by_role("button", name=re.compile("Theme: light")).click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.goto(page_url("/models"))
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_key_is_asked_for_and_never_in_an_address(own_server, page):
    telemetry.send(own_server.url, [telemetry.call("guarded", ago=5)], project="default")
    key = own_server.create_key("ingest,read")
    addresses = []
    page.on("request", lambda request: addresses.append(request.url))
    page.goto(own_server.url)
    page.locator("#key-input").fill(key)
    page.keyboard.press("Enter")
    expect(page.locator(f"{ROWS} .c-name")).to_have_text("guarded")
    page.get_by_role("link", name="Start").click()
    expect(page.locator(".code pre").first).to_contain_text("OTEL_EXPORTER_OTLP_HEADERS=x-api-key=YOUR_KEY")
    page.go_back()
    page.locator("summary", has_text="Export").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert "guarded" in open(download.value.path()).read()
    assert not [address for address in addresses if key in address]
    assert key not in page.url
