"""Writes a page that is rendered of results, or says that it is not what they say."""

from __future__ import annotations

import sys
from pathlib import Path


def write_or_check(page: Path, text: str, *, check: bool) -> None:
    """Writes *text*; with *check* writes nothing, and ends the process where the page is another."""
    if not check:
        page.write_text(text, encoding="utf-8")
    elif page.read_text(encoding="utf-8") != text:
        sys.exit(f"docs/{page.name} is not what the results say")
