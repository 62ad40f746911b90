"""Sphinx: the pages beside this file and the README, as they are on GitHub; ``nox -s docs``."""

import re
from pathlib import Path

from sphinx.application import Sphinx

ROOT = Path(__file__).parents[1]

project = "wandb-keras-compat"
author = "the authors of wandb-keras-compat"
extensions = ["myst_parser"]
html_theme = "furo"
myst_heading_anchors = 4
nitpicky = True

LINK_TO_A_FILE = re.compile(r"(?<!!)\[([^\]]*)\]\((?!\w+:|#)([^)#]+)(#[^)]*)?\)")


def as_seen_from_here(link: re.Match[str]) -> str:
    """A page of docs/ stays a link; another file becomes a download, and a folder its name."""
    text, target, anchor = link.groups()
    if target.startswith("docs/"):
        return f"[{text}]({target.removeprefix('docs/')}{anchor or ''})"
    return text if (ROOT / target).is_dir() else f"[{text}](path:../{target})"


def stand_in_the_readme(app: Sphinx, page: str, source: list[str]) -> None:
    """Makes the README, which is not below this folder, the page that ``readme.md`` keeps a place for."""
    if page == "readme":
        text = LINK_TO_A_FILE.sub(as_seen_from_here, (ROOT / "README.md").read_text(encoding="utf-8"))
        source[0] = re.sub(r"!\[([^\]]*)\]\((?!\w+:)", r"![\1](../", text)


def setup(app: Sphinx) -> None:
    app.connect("source-read", stand_in_the_readme)
