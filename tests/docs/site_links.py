"""``python tests/docs/site_links.py FOLDER``: whether every link of a built site leads to a file of it, and to a place there.

Sphinx judges what pages say; this is what a browser gets (standard library only). Links to other sites are not followed.
"""

from __future__ import annotations

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    """The links of a page, and the places that can be linked to."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.places: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"href", "src"} and value:
                self.links.append(value)
            elif name == "id" and value:
                self.places.add(value)


def read(folder: Path) -> dict[Path, Page]:
    """The pages of the site; what it gives for a download is no page of it."""
    found = {}
    for path in sorted(folder.rglob("*.html")):
        if "_downloads" not in path.parts:
            found[path] = Page()
            found[path].feed(path.read_text(encoding="utf-8"))
    return found


def broken(pages: dict[Path, Page]) -> list[str]:
    """``page: link`` of each that leads nowhere."""
    found = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            place = unquote(parts.fragment)
            if not target.exists() or (place and target in pages and place not in pages[target].places):
                found.append(f"{path.name}: {link}")
    return found


def main(folder: str) -> None:
    pages = read(Path(folder).resolve())
    wrong = broken(pages)
    print(f"{sum(len(page.links) for page in pages.values())} links on {len(pages)} pages, {len(wrong)} of them broken")
    if wrong or not pages:
        sys.exit("\n".join(wrong) or "no pages")


if __name__ == "__main__":
    main(*sys.argv[1:])
