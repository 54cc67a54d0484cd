"""axe-core over every page, in both themes, wide and narrow."""
import pytest
from axe_core_python.sync_playwright import Axe

PAGES = ["/", "/?service=nobody", "/calls", "/sessions", "/sessions/talk-1", "/users", "/prompts", "/models", "/dashboard", "/start"]
READY = ".page .virtual-row, .page table, .page .empty, .page .step, .page .turn, .page .chart"


def findings(page):
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]})
    return [(entry["id"], node["target"], node["failureSummary"]) for entry in found["violations"]
            if entry["impact"] in ("serious", "critical") for node in entry["nodes"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("path", PAGES)
def test_there_is_no_serious_finding(page, page_url, path, width, theme):
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(page_url(path))
    page.wait_for_selector(READY)
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_there_is_no_serious_finding_in_panels_and_dialogs(page, page_url):
    page.goto(page_url("/?status=ok&service=shop"))
    page.get_by_role("button", name="Filters").click()
    page.wait_for_selector(".virtual-row")
    assert findings(page) == []
    page.keyboard.press("Escape")
    page.locator("summary", has_text="Export").click()
    assert findings(page) == []
    page.goto(page_url("/models"))
    page.get_by_role("button", name="Add a price").first.click()
    assert findings(page) == []
