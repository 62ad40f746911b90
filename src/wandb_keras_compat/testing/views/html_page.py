"""The page: one HTML file that needs nothing else, neither a network nor a script."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from ..number_texts import plural
from ..safe_text import plain
from .curves import legend_key
from .findings import texts_of
from .report_model import Report


def render(report: Report) -> str:
    """The page as text. Everything that came from a trace is escaped; templates are those of this package."""
    return _environment().get_template("page.html").render(report=report, style=Markup(_template("style.css")))  # noqa: S704 - made of escaped parts


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        finalize=_harmless,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(plural=plural, legend_key=legend_key, texts_of=texts_of)
    return environment


def _harmless(value: object) -> object:
    """No control characters on the page, whichever way they came; the ends of lines in a text stay."""
    return plain(value, keep="\n\t") if isinstance(value, str) and not isinstance(value, Markup) else value


def _template(name: str) -> str:
    return (resources.files(__package__) / "templates" / name).read_text(encoding="utf-8")
