"""A headless browser, and what is wrong with a page that it shows."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

#: Says which browser; "playwright" is the one that Playwright downloads. With it a browser that does not start is an
#: error, without it the tests are skipped.
VARIABLE = "WANDB_KERAS_COMPAT_BROWSER"
ON_THE_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
WIDE, NARROW = 1280, 400
SHEET = {"portrait": 703, "landscape": 1062}  # CSS pixels of A4 inside the margins that the pages ask for


def executable() -> str | None:
    """The path of a browser; None for the one that Playwright brings."""
    asked = os.environ.get(VARIABLE)
    if asked:
        return None if asked == "playwright" else asked
    return next((found for name in ON_THE_PATH if (found := shutil.which(name))), None)


def axe() -> str:
    """The source of axe-core, from the package that carries it."""
    carrier = pytest.importorskip("axe_playwright_python", reason="nox -s pages installs it")
    return Path(carrier.__file__).with_name("axe.min.js").read_text(encoding="utf-8")


@contextmanager
def started() -> Iterator[Any]:
    """A browser, or a skip that says what is missing."""
    api = pytest.importorskip("playwright.sync_api", reason="no Playwright here; nox -s pages installs it")
    with api.sync_playwright() as playwright:
        try:
            # Without a sandbox since containers run as root; what it shows is made by these tests.
            made = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox"])
        except api.Error as error:
            if os.environ.get(VARIABLE):
                raise
            pytest.skip(f"no browser here; nox -s pages finds one: {str(error).splitlines()[0]}")
        try:
            yield made
        finally:
            made.close()


def of_axe(page: Any) -> list[str]:
    """What axe finds, of any weight."""
    page.add_script_tag(content=axe())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{item['impact']}: {item['id']}: {node['html'][:120]}" for item in found for node in item["nodes"]]


def of_width(page: Any) -> list[str]:
    """Whether the whole page can be scrolled sideways."""
    wide, there = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [f"{wide} pixels wide where there are {there}"] if wide > there else []


def of_sides(page: Any) -> list[str]:
    """Of each difference that has a row: both values are there and inside the window."""
    return list(
        page.evaluate("""() => [...document.querySelectorAll('tr')].filter(row => row.querySelector('td.value.old'))
          .filter(row => row.checkVisibility()).flatMap(row => ['old', 'new'].flatMap(side => {
            const cell = row.querySelector('td.value.' + side)
            const box = cell && cell.checkVisibility({opacityProperty: true, visibilityProperty: true})
              ? cell.getBoundingClientRect() : null
            if (!box || box.width < 20) return [side + ' is hidden: ' + row.textContent.slice(0, 80)]
            return box.left < 0 || box.right > innerWidth + 1 ? [side + ' is off screen: ' + row.textContent.slice(0, 80)] : []
          }))""")
    )


def of_structure(page: Any) -> list[str]:
    """The language, one main, a skip link that leads there, headings that leave out no level."""
    found = page.evaluate("""() => ({language: document.documentElement.lang, mains: document.querySelectorAll('main').length,
      first: document.querySelector('a, summary, [tabindex="0"]')?.getAttribute('href'),
      main: document.querySelector('main')?.id,
      levels: [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(one => Number(one.tagName[1]))})""")
    wrong = [] if found["language"] == "en" else ["no language"]
    wrong += [] if found["mains"] == 1 else [f"{found['mains']} main elements"]
    wrong += [] if found["first"] == f"#{found['main']}" else ["the first tab stop does not lead to main"]
    levels = found["levels"]
    wrong += [f"h{before} before h{after}" for before, after in zip([0, *levels], levels) if after > before + 1]
    return wrong


def tab_stops(page: Any) -> int:
    return int(
        page.evaluate("""[...document.querySelectorAll('a[href], summary, button, [tabindex="0"]')]
          .filter(one => one.checkVisibility()).length""")
    )


def lightness(page: Any) -> float:
    """Of the background, from 0 to 1."""
    numbers = re.findall(r"\d+", page.evaluate("getComputedStyle(document.body).backgroundColor"))
    return sum(map(int, numbers[:3])) / 765


def sheets(page: Any) -> int:
    """How many sheets of A4 the page prints on."""
    printed = page.pdf(format="A4", print_background=False, prefer_css_page_size=True)
    return len(re.findall(rb"/Type\s*/Page[^s]", printed))
