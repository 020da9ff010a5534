"""The HTML report in a real browser: on a phone and a desk, light and dark, and on paper."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from chromium import Chromium, Page

from simulator.content.pack import Pack
from simulator.review import write_report
from simulator.session.running import golden_script
from simulator.session.script import play

EVIL = (
    "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">" + "w" * 300
)
SCRIPT: list[dict[str, Any]] = [
    {"at": 0, "do": "join", "name": EVIL[:300]},
    {"at": 30, "do": "view", "view": "overview"},
    {"at": 60, "do": "command", "line": EVIL},
    {"at": 80, "do": "post", "channel": "ops", "text": EVIL},
    {"at": 90, "do": "confused", "step": "outage#look", "note": EVIL},
    {"at": 300, "do": "command", "line": "kioskctl restart"},
    {"at": 480, "do": "hotwash", "answers": {"confused": EVIL}},
]

# Text against what lies behind it, by the formula of WCAG 2; the worst of the page.
CONTRAST = """(() => {
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92
    : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const rgb = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const behind = node => {
    for (let one = node; one; one = one.parentElement) {
      const [r, g, b, a = 1] = rgb(getComputedStyle(one).backgroundColor);
      if (a > 0.99) return [r, g, b];
    }
    return [255, 255, 255];
  };
  let worst = [99, ""];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const node = text.parentElement;
    if (!text.data.trim() || !node.getClientRects().length || node.closest("svg")) continue;
    const [a, b] = [light(rgb(getComputedStyle(node).color)), light(behind(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < worst[0]) worst = [ratio, node.outerHTML.slice(0, 120)];
  }
  return worst;
})()"""


@pytest.fixture(scope="module")
def pages(stuck: Pack, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The addresses of reports: one of a calm exercise, one of an exercise full of nasty words."""
    folder = tmp_path_factory.mktemp("reports")
    found = {}
    for name, script in (("calm", golden_script(stuck)), ("hostile", SCRIPT)):
        file = folder / f"{name}.html"
        file.write_text(write_report("abc", play(stuck, script, 1), "html"), encoding="utf-8")
        found[name] = file.as_uri()
    return found


def seen(
    chromium: Chromium, url: str, look: Callable[[Page], Any], width: int = 1200, **how: bool
) -> Any:
    """Return what somebody with a window of this width sees of a page."""

    async def visit() -> Any:
        async with chromium.person(width, 800, **how) as page:
            await page.open(url)
            result = await look(page)
            assert page.faults == []
            assert [one for one in page.received if not one.startswith("file:")] == []
            return result

    return asyncio.run(visit())


@pytest.mark.parametrize("name", ["calm", "hostile"])
@pytest.mark.parametrize("width", [320, 375, 768, 1200])
def test_no_width_makes_the_page_scroll_sideways(
    chromium: Chromium, pages: dict[str, str], name: str, width: int
) -> None:
    async def look(page: Page) -> Any:
        return await page.evaluate("document.documentElement.scrollWidth")

    assert seen(chromium, pages[name], look, width, phone=width < 700) <= width


@pytest.mark.parametrize("dark", [True, False])
def test_every_word_can_be_read_in_light_and_in_dark(
    chromium: Chromium, pages: dict[str, str], dark: bool
) -> None:
    async def look(page: Page) -> Any:
        shade = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        return shade, await page.evaluate(CONTRAST)

    shade, (ratio, where) = seen(chromium, pages["hostile"], look, dark=dark)
    assert ratio >= 4.5, where
    assert shade == ("rgb(20, 24, 29)" if dark else "rgb(255, 255, 255)")


def test_nothing_that_people_wrote_runs(chromium: Chromium, pages: dict[str, str]) -> None:
    async def look(page: Page) -> Any:
        images = await page.evaluate("document.images.length + document.scripts.length")
        return images, await page.evaluate("document.title")

    assert seen(chromium, pages["hostile"], look) == (0, "The kiosk is stuck: After-action report")


def test_on_paper_it_is_dark_on_white_and_nothing_is_cut(
    chromium: Chromium, pages: dict[str, str]
) -> None:
    async def look(page: Page) -> Any:
        await page.call("Emulation.setEmulatedMedia", media="print")
        shade = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        wide = await page.evaluate(
            "Math.max(...[...document.querySelectorAll('.wide')]"
            ".map(one => one.scrollWidth - one.clientWidth))"
        )
        return shade, wide

    assert seen(chromium, pages["calm"], look, 720) == ("rgb(255, 255, 255)", 0)


def test_the_charts_can_be_scrolled_by_the_keyboard_on_a_phone(
    chromium: Chromium, pages: dict[str, str]
) -> None:
    async def look(page: Page) -> Any:
        return await page.evaluate(
            "[...document.querySelectorAll('.wide')].every(one => one.tabIndex === 0"
            " && one.getAttribute('aria-label') && one.scrollWidth > one.clientWidth)"
        )

    assert seen(chromium, pages["calm"], look, 375, phone=True) is True
