"""What is hostile is shown and does nothing."""
import telemetry
import pytest
from playwright.sync_api import expect

ROWS = ".virtual-row:not([hidden])"
EVIL = "<script>window.hit=1</script><img src=x onerror=window.hit=1>\x1b[31mred \u202egnp.exe\u202c"
PAGES = ["/", "/calls", "/sessions", "/users", "/prompts", "/models", "/dashboard?group=service", "/start"]


@pytest.fixture(scope="module")
def hostile(base):
    """Traces whose every text means harm."""
    for number in range(2):
        telemetry.send(base, [telemetry.call(EVIL, EVIL, prompt=EVIL, answer=EVIL, session=EVIL, user=EVIL, provider=EVIL, ago=50 + number)],
                       service=EVIL, project="hostile")
    telemetry.send(base, [telemetry.call("long line", prompt="x" * 10_000_000, answer="y", session="long", ago=40)], project="hostile")


@pytest.mark.parametrize("path", PAGES)
def test_markup_and_marks_are_text(page, page_url, hostile, path):
    page.goto(page_url(path, project="hostile"))
    page.wait_for_selector(f"{ROWS}, .page table, .page .empty, .page .step, .page .chart")
    page.wait_for_timeout(200)
    assert page.evaluate("window.hit") is None
    assert page.locator("main script, main img").count() == 0
    text = page.locator("main").inner_text()
    assert "\x1b" not in text and "\u202e" not in text


def test_a_hostile_name_is_readable(page, page_url, hostile):
    page.goto(page_url("/", project="hostile"))
    name = page.locator(f"{ROWS} .c-name", has_text="<script>").first
    expect(name).to_contain_text("<script>window.hit=1</script>")
    expect(name).to_contain_text("⟦ESC⟧[31m")


def test_a_hostile_value_can_be_filtered_by(page, page_url, hostile):
    page.goto(page_url("/users", project="hostile"))
    page.locator(f"{ROWS} .c-name a", has_text="<script>").first.click()
    expect(page.locator(ROWS)).to_have_count(2)
    expect(page.locator(".chip")).to_contain_text("<script>")


def test_a_line_of_10_mb_does_not_stop_a_session(page, page_url, hostile):
    page.goto(page_url("/sessions/long", project="hostile"))
    expect(page.locator(".turn")).to_have_count(1)
    assert page.evaluate("document.querySelector('.message').textContent.length") < 10_000


def test_the_price_of_a_hostile_model_is_one_value_of_yaml(page, page_url, hostile):
    page.goto(page_url("/models", project="hostile"))
    page.get_by_role("button", name="Add a price").first.click()
    text = page.locator(".dialog pre").first.text_content()
    assert text.split("\n")[1].startswith('  - model: "<script>')
    assert len(text.strip().split("\n")) == 6


def test_every_page_has_the_strict_policy(page, page_url):
    for path in PAGES:
        policy = page.goto(page_url(path)).headers["content-security-policy"]
        assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
