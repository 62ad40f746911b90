"""Sphinx: the pages below this folder, and pages of the repository that are shown as they are; ``nox -s docs``."""

import os
import posixpath
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

DOCS = Path(__file__).parent
ROOT = DOCS.parent

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # what TensorFlow says when it is imported is no warning of Sphinx
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

project = "wandb-keras-compat"
author = "the authors of wandb-keras-compat"
#: Where the repository is public, if it is: the line that hatch_build.py reads.
PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
REPOSITORY = re.findall(r'^repository = "(.*)"$', PROJECT, re.MULTILINE)[0]
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_click"]
html_theme = "furo"
html_title = project
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_theme_options = (
    {"source_repository": REPOSITORY, "source_branch": "main", "source_directory": "docs/"} if REPOSITORY else {}
)
myst_heading_anchors = 4
nitpicky = True
smartquotes = False  # "--option" is none with a dash
autodoc_member_order = "bysource"
autodoc_class_signature = "mixed"
autodoc_typehints = "signature"
python_maximum_signature_line_length = 100
# Names of others, whose inventories would have to be fetched: the library, W&B, Keras and pytest.
nitpick_ignore_regex = [
    ("py:.*", r"(Any|Literal|Self|ClassVar|bool|bytes|dict|float|frozenset|int|list|object|str|tuple|type|None)"),
    ("py:.*", r"(os|pathlib|typing|typing_extensions|collections|threading|packaging|pytest|wandb|keras)\..*"),
    ("py:.*", r"(Path|RuntimeError|ValueError|TypeError|OSError|ImportError|KeyError|LookupError|AttributeError)"),
]

#: Pages that hold nothing themselves: the file of the repository that is shown there.
STAND_INS = {
    "reference/rules": "codemods/README.md",
    "reference/newer-callbacks": "src/wandb_keras_compat/newer_callbacks/FIXES.md",
    "reference/results": "compat_matrix/RESULTS.md",
}
PLACES = {source: f"docs/{page}.md" for page, source in STAND_INS.items()}
BLOCK = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)
LINK_TO_A_FILE = re.compile(r"(!?)\[([^\]]*)\]\((?!\w+:|#)([^)#]+)(#[^)]*)?\)")


def as_seen_from(page: str, source: str) -> Callable[[re.Match[str]], str]:
    """How a link in *source* is written on *page*: to a page, as a download; of a folder its name or address."""

    def link(found: re.Match[str]) -> str:
        image, text, target, anchor = found.groups()
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        path = PLACES.get(path, path)
        here = posixpath.relpath(path, posixpath.dirname(f"docs/{page}"))
        if image:
            return f"![{text}]({here})"
        if path.startswith("docs/"):
            return f"[{text}]({here}{anchor or ''})"
        if (ROOT / path).is_dir():
            return f"[{text}]({REPOSITORY}/tree/main/{path})" if REPOSITORY else text
        return f"[{text}](path:{here})"

    return link


def written_for_here(app: Sphinx, page: str, source: list[str]) -> None:
    """Gives a stand-in its text, and makes of all links, which are those of the repository, links of the site."""
    file = STAND_INS.get(page, f"docs/{page}.md")
    parts = BLOCK.split((ROOT / file).read_text(encoding="utf-8"))
    link = as_seen_from(page, file)
    source[0] = "".join(part if at % 2 else LINK_TO_A_FILE.sub(link, part) for at, part in enumerate(parts))


def with_levels(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Says of which level the captions of the navigation are: Sphinx calls them headings and leaves that out."""
    for name in ("body", "furo_navigation_tree"):
        if name in context:
            context[name] = context[name].replace('role="heading">', 'role="heading" aria-level="2">')


def setup(app: Sphinx) -> None:
    app.connect("source-read", written_for_here)
    app.connect("html-page-context", with_levels, priority=900)  # behind the theme, which makes the tree
