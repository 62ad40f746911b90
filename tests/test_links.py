"""Every link from one file of ours to another leads to something: pages, READMEs, and the headings in them.

The docs build judges the links between the pages of docs/; this takes all Markdown that git knows, which GitHub shows.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"\[[^\]]*\]\((?!\w+:)([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
PAGES = [
    path
    for pattern in ("*.md", "docs/**/*.md", "benchmarks/*.md", "compat_matrix/*.md", "codemods/*.md", "src/**/*.md", "tests/**/*.md")
    for path in sorted(ROOT.glob(pattern))
    if "cases" not in path.parts
]  # fmt: skip


def anchors(text: str) -> set[str]:
    """What GitHub makes of the headings: small letters, no punctuation, a number behind a name that was there already."""
    seen: Counter[str] = Counter()
    found = set()
    for heading in HEADING.findall(re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        name = re.sub(r"[^\w\- ]", "", plain).strip().replace(" ", "-")
        found.add(f"{name}-{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return found


def broken(page: Path) -> list[str]:
    text = page.read_text(encoding="utf-8")
    found = []
    for link in LINK.findall(CODE.sub("", text)):
        target, _, anchor = link.partition("#")
        path = (page.parent / target).resolve() if target else page
        if not path.exists() or (
            anchor and path.suffix == ".md" and anchor not in anchors(path.read_text(encoding="utf-8"))
        ):
            found.append(link)
    return found


def test_there_are_pages() -> None:
    assert ROOT / "README.md" in PAGES
    assert ROOT / "docs" / "uses.md" in PAGES


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    assert broken(page) == []


def test_a_broken_link_is_seen(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# One `two`, three!\n\n## Twice\n\n## Twice\n")
    page = tmp_path / "page.md"
    good = ["other.md", "other.md#one-two-three", "other.md#twice-1", "#here", "https://example.com/x.md"]
    bad = ["none.md", "other.md#two", "#there", "other.md#twice-2"]
    page.write_text("# Here\n\n" + "\n".join(f"[text]({link})" for link in [*good, *bad]) + "\n\n`[x](code.md)`\n")
    assert broken(page) == bad
