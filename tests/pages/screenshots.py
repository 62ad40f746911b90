"""Makes the pictures of docs/pages.md again: ``nox -s pages -- screenshots``."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from PIL import Image

from .browser import NARROW, WIDE, started
from .looked_at import SITE, site, written

DOCS = Path(__file__).parents[2] / "docs"
PICTURES = {
    "page-of-a-diff": ("few", WIDE, 1000, "light"),
    "page-of-a-diff-narrow": ("few", NARROW, 900, "dark"),
    "page-of-the-results": ("results", WIDE, 1000, "dark"),
    "page-of-the-results-narrow": ("results", NARROW, 1100, "light"),
    "site": ("index", WIDE, 900, "light"),
    "site-dark": ("tutorial/old-notebook", WIDE, 900, "dark"),
    "site-narrow": ("tutorial/old-notebook", NARROW, 900, "light"),
    "site-narrow-dark": ("index", NARROW, 900, "dark"),
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, started() as browser:
        built = site()
        if built is None:
            raise SystemExit(f"{SITE} says where the site is")
        pages = written(Path(folder))
        pages |= {path.relative_to(built).with_suffix("").as_posix(): path for path in built.rglob("*.html")}
        for name, (page_name, width, height, scheme) in PICTURES.items():
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto(pages[page_name].as_uri())
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(256)
            picture.save(DOCS / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
