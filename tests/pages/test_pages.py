"""The pages that people look at, in a headless browser: ``trace diff --html`` and the matrix's results.html."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright", reason="no Playwright here; nox -s pages installs it")

from packaging.version import Version

from . import browser
from .browser import NARROW, WIDE
from .looked_at import written


@pytest.fixture(scope="module")
def shown() -> Iterator[Any]:
    with browser.started() as made:
        yield made


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What is looked at, by name: a diff of thousands of paths, one of a few, and the committed results."""
    return written(tmp_path_factory.mktemp("pages"))


Opened = Callable[..., Any]


@pytest.fixture
def opened(shown: Any, pages: dict[str, Path]) -> Iterator[Opened]:
    """``opened("few", NARROW, "dark")``: that page as it comes up."""
    contexts = []

    def open_page(name: str, width: int = WIDE, scheme: str = "light") -> Any:
        # axe is put into the page, whose policy allows no script.
        context = shown.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
        contexts.append(context)
        page = context.new_page()
        page.goto(pages[name].as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()


def open_everything(page: Any) -> None:
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")


@pytest.mark.parametrize("name", ["few", "many", "results"])
def test_a_narrow_window_is_wide_enough(opened: Opened, name: str) -> None:
    page = opened(name, NARROW)
    assert browser.of_width(page) + browser.of_sides(page) + browser.of_structure(page) == []
    if name != "many":
        open_everything(page)
        assert browser.of_width(page) + browser.of_sides(page) == []
    assert name == "results" or page.locator("td.value.old").count() > 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_diff(opened: Opened, scheme: str) -> None:
    page = opened("few", WIDE, scheme)
    open_everything(page)
    assert browser.of_axe(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_results(opened: Opened, scheme: str) -> None:
    page = opened("results", WIDE, scheme)
    # Of each kind of row some: axe takes a minute for all 80.
    page.evaluate("for (const row of document.querySelectorAll('.capabilities tbody tr:nth-child(n+6)')) row.remove()")
    assert browser.of_axe(page) == []


@pytest.mark.parametrize("name", ["few", "results"])
def test_light_and_dark(opened: Opened, name: str) -> None:
    assert browser.lightness(opened(name, WIDE, "light")) > 0.9
    dark = opened(name, WIDE, "dark")
    assert browser.lightness(dark) < 0.2
    dark.emulate_media(media="print", color_scheme="dark")
    assert browser.lightness(dark) > 0.9, "paper is white"


def test_what_differs_is_first_and_opens_with_the_keyboard(opened: Opened) -> None:
    page = opened("many")
    assert page.locator("main > :first-child h2").inner_text().startswith("≠")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    topic = page.locator("details.topic").first
    assert topic.evaluate("one => one.open") and topic.locator("td.value.new").first.is_visible()


def test_a_diff_of_thousands_of_paths_prints_in_a_few_sheets(opened: Opened) -> None:
    page = opened("many")
    assert page.locator(".paths tbody tr").count() > 2000
    assert browser.sheets(page) <= 8
    page.emulate_media(media="print")
    page.set_viewport_size({"width": browser.SHEET["portrait"], "height": 1000})
    assert browser.of_width(page) == []


def test_what_is_the_same_is_closed_and_told(opened: Opened) -> None:
    page = opened("few")
    same = page.locator("#run-0-histograms details.same")
    assert not same.evaluate("one => one.open")
    assert "13 keys are the same" in same.locator("summary").first.inner_text()


@pytest.mark.parametrize(("name", "most"), [("few", 45), ("results", 60)])
def test_tab_stops_are_few(opened: Opened, name: str, most: int) -> None:
    assert 3 < browser.tab_stops(opened(name)) <= most


def test_the_newest_wandb_is_first(opened: Opened) -> None:
    page = opened("results")
    columns = [Version(text) for text in page.locator(".map thead th span").all_inner_texts()]
    assert columns == sorted(columns, reverse=True) and len(columns) > 20
    first = page.locator(".capabilities tbody th").first.inner_text()
    assert f"wandb {columns[0]}" in first


def test_the_results_keep_colours_and_columns_in_print(opened: Opened) -> None:
    page = opened("results")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": browser.SHEET["landscape"], "height": 700})
    adjusted = "getComputedStyle(document.querySelector('.map .works')).printColorAdjust"
    assert page.evaluate(adjusted) == "exact"
    assert browser.of_width(page) == []
    for grid in (".map", ".capabilities"):
        assert page.evaluate(f"document.querySelector('{grid}').getBoundingClientRect().right") <= 1062
    assert browser.sheets(page) <= 10


# --- the checks themselves ----------------------------------------------------------------------------

DAMAGE: dict[str, tuple[str, Callable[[Any], list[str]]]] = {
    "no alternative text": ("for (const one of document.images) one.removeAttribute('alt')", browser.of_axe),
    "low contrast": (
        "for (const one of document.querySelectorAll('.value, .quiet')) one.style.color = '#b8b8b8'",
        browser.of_axe,
    ),
    "a fixed width": ("document.querySelector('main').style.width = '900px'", browser.of_width),
    "new is hidden": (
        "for (const one of document.querySelectorAll('.value.new')) one.style.display = 'none'",
        browser.of_sides,
    ),
    "new cannot be seen": (
        "for (const one of document.querySelectorAll('.value.new')) one.style.visibility = 'hidden'",
        browser.of_sides,
    ),
    "new is pushed out": (
        "for (const one of document.querySelectorAll('.value.new')) { one.style.position = 'relative'; one.style.left = '400px' }",
        browser.of_sides,
    ),
    "no main": (
        "const main = document.querySelector('main'); main.replaceWith(...main.childNodes)",
        browser.of_structure,
    ),
    "a heading left out": (
        "for (const one of document.querySelectorAll('h2')) one.outerHTML = '<p>' + one.innerHTML + '</p>'",
        browser.of_structure,
    ),
    "no skip link": ("document.querySelector('.skip').remove()", browser.of_structure),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_page_that_is_broken_is_noticed(opened: Opened, damage: str) -> None:
    broken, check = DAMAGE[damage]
    page = opened("few", NARROW)
    assert browser.of_width(page) + browser.of_sides(page) == []
    page.evaluate(f"() => {{ {broken} }}")
    assert check(page) != []


def test_a_print_of_everything_is_noticed(opened: Opened) -> None:
    page = opened("many")
    page.add_style_tag(
        content="@media print { details::details-content { content-visibility: visible; block-size: auto } }"
    )
    assert browser.sheets(page) > 8
