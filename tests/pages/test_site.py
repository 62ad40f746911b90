"""The site of docs/ in a headless browser: it fits a narrow window, follows the system's colours, and axe finds nothing serious.

``nox -s pages`` builds it and says where it lies.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright", reason="no Playwright here; nox -s pages installs it")

from . import browser
from .browser import NARROW, WIDE
from .looked_at import SITE, site

#: A page of each kind: with a picture, with commands, with wide tables, made of the code.
PAGES = ("index", "tutorial/old-notebook", "install-proofs", "reference/api", "reference/rules")
#: Rules of axe that Sphinx' own HTML breaks: a signature over several lines is a list without terms.
SPHINX = "definition-list"


@pytest.fixture(scope="module")
def shown() -> Iterator[Any]:
    with browser.started() as made:
        yield made


@pytest.fixture(scope="module")
def folder() -> Path:
    found = site()
    if found is None:
        pytest.skip(f"no built site here; nox -s pages makes one and sets {SITE}")
    return found


def opened(shown: Any, folder: Path, name: str, width: int, scheme: str) -> Any:
    page = shown.new_page(viewport={"width": width, "height": 1000}, color_scheme=scheme)
    page.goto((folder / f"{name}.html").as_uri())
    return page


def test_every_page_fits_a_narrow_window(shown: Any, folder: Path) -> None:
    page = shown.new_page(viewport={"width": NARROW, "height": 1000})
    wrong = {}
    names = [
        path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.html")) if path.parts[-2] != "_static"
    ]
    for name in names:
        page.goto((folder / name).as_uri())
        if "_downloads" not in name and (found := browser.of_width(page)):
            wrong[name] = found
    page.close()
    assert len(names) > 30 and wrong == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(shown: Any, folder: Path, name: str, scheme: str) -> None:
    page = opened(shown, folder, name, WIDE, scheme)
    found = [text for text in browser.of_axe(page) if text.startswith(("critical", "serious"))]
    page.close()
    assert [text for text in found if SPHINX not in text] == []


def test_it_is_dark_where_the_system_is(shown: Any, folder: Path) -> None:
    light, dark = (browser.lightness(opened(shown, folder, "index", WIDE, scheme)) for scheme in ("light", "dark"))
    assert light > 0.9 and dark < 0.2


def test_the_picture_of_the_matrix_can_be_read_in_a_narrow_window_and_moved_with_the_keyboard(
    shown: Any, folder: Path
) -> None:
    page = opened(shown, folder, "index", NARROW, "light")
    picture = page.locator('img[src$="overview.svg"]')
    assert picture.bounding_box()["width"] > 600
    assert picture.locator("..").get_attribute("tabindex") == "0"
    page.close()
