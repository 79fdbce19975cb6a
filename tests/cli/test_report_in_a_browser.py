"""The report of a release in a real browser: quiet, whole on every screen, and usable by keys alone."""

from __future__ import annotations

import base64
import itertools

import pytest

from tests.browser import Browser
from tests.desk import Desk

TAB, RIGHT, ENTER = ("Tab", 9), ("ArrowRight", 39), ("Enter", 13)
PRESSES = 40

CONTRAST = """
(() => {
  const parsed = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const behind = one => {
    for (let at = one; at; at = at.parentElement) {
      const [r, g, b, a] = parsed(getComputedStyle(at).backgroundColor);
      if (a === undefined || a > .99) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const poor = [];
  let looked = 0;
  for (const one of document.querySelectorAll('body *')) {
    const own = [...one.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (!own || !one.getClientRects().length || ['TITLE', 'STYLE', 'DESC'].includes(one.tagName.toUpperCase())) continue;
    const style = getComputedStyle(one);
    if (style.visibility === 'hidden') continue;
    const drawn = one instanceof SVGElement;
    const [over, under] = [light(parsed(drawn ? style.fill : style.color)), light(behind(one))];
    const ratio = (Math.max(over, under) + .05) / (Math.min(over, under) + .05);
    looked += 1;
    if (ratio < 4.5) poor.push(`${one.tagName} ${ratio.toFixed(2)}`);
  }
  return [looked, [...new Set(poor)]];
})()
"""
HEADINGS = """
[...document.querySelectorAll('h1, h2, h3')].filter(one => one.getClientRects().length)
  .map(one => Number(one.tagName[1]))
"""
NAMELESS = """
[...document.querySelectorAll('a[href], summary, input, svg[role]')]
  .filter(one => one.getClientRects().length || one.tagName === 'INPUT')
  .filter(one => !(one.textContent.trim() || one.getAttribute('aria-label'))).length
"""


@pytest.fixture
def report(browser: Browser, released: Desk) -> Browser:
    browser.ask("Emulation.setEmulatedMedia", {"media": "", "features": []})
    browser.open(released.out / "report.html")
    return browser


def says(page: Browser) -> str:
    return str(page.value("document.body.innerText"))


def test_it_asks_for_itself_only_and_complains_of_nothing(report: Browser, released: Desk) -> None:
    asked = [one["request"]["url"] for one in report.happened("Network.requestWillBeSent")]
    assert asked == [(released.out / "report.html").resolve().as_uri()]
    assert report.happened("Runtime.consoleAPICalled") == []
    assert report.happened("Runtime.exceptionThrown") == []
    assert report.happened("Log.entryAdded") == []


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_window(report: Browser, released: Desk, width: int) -> None:
    report.open(released.out / "report.html", width=width)
    assert report.value("document.scrollingElement.scrollWidth") <= width


def test_keys_alone_choose_the_language_and_follow_a_link(report: Browser) -> None:
    assert "De tre spørsmålene" in says(report)
    report.press(*TAB)
    assert report.value("document.activeElement.id") == "nb"
    report.press(*RIGHT)
    assert "The three questions" in says(report)
    assert "De tre spørsmålene" not in says(report)
    seen = []
    for _ in range(PRESSES):
        report.press(*TAB)
        seen.append(report.value("document.activeElement.outerHTML.slice(0, 120)"))
        assert report.value("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert len(set(seen)) > PRESSES // 2
    report.value("document.querySelector('nav a[href=\"#classes\"]').focus()")
    report.press(*ENTER)
    assert report.value("location.hash") == "#classes"


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_stands_out_from_what_is_behind_it(
    report: Browser, scheme: str, language: str
) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1."""
    feature = {"name": "prefers-color-scheme", "value": scheme}
    report.ask("Emulation.setEmulatedMedia", {"features": [feature]})
    report.value(f"document.getElementById('{language}').click()")
    report.value("document.querySelectorAll('details').forEach(one => one.open = true)")
    looked, poor = report.value(CONTRAST)
    assert looked > 300
    assert poor == []


def test_a_screen_reader_hears_a_name_for_everything_and_no_heading_is_skipped(
    report: Browser,
) -> None:
    assert report.value(NAMELESS) == 0
    levels = report.value(HEADINGS)
    assert levels[0] == 1
    assert max(after - before for before, after in itertools.pairwise(levels)) <= 1
    nodes = report.ask("Accessibility.getFullAXTree")["nodes"]
    drawn = [
        one
        for one in nodes
        if one.get("role", {}).get("value") in ("graphics-document", "group", "image")
    ]
    assert [one for one in drawn if one.get("name", {}).get("value")]


def test_it_prints_whole_without_what_only_a_screen_needs(report: Browser) -> None:
    report.ask("Emulation.setEmulatedMedia", {"media": "print"})
    assert report.value("document.querySelector('nav').getClientRects().length") == 0
    assert report.value("document.querySelector('svg.plot.wide').getClientRects().length") == 1
    paper = report.ask("Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.69})
    written = base64.b64decode(paper["data"])
    assert written.startswith(b"%PDF")
    assert written.count(b"/Type /Page\n") > 5
