"""Makes the pictures of docs/pages.md again: ``nox -s pages -- screenshots``."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from PIL import Image

from .browser import NARROW, WIDE, started
from .looked_at import written

DOCS = Path(__file__).parents[2] / "docs"
PICTURES = {
    "page-of-a-diff": ("few", WIDE, 1000, "light"),
    "page-of-a-diff-narrow": ("few", NARROW, 900, "dark"),
    "page-of-the-results": ("results", WIDE, 1000, "dark"),
    "page-of-the-results-narrow": ("results", NARROW, 1100, "light"),
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, started() as browser:
        pages = written(Path(folder))
        for name, (page_name, width, height, scheme) in PICTURES.items():
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto(pages[page_name].as_uri())
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(256)
            picture.save(DOCS / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
