"""The table of one run in a terminal: sections (metrics, files, artifacts), each with its rows. Needs rich alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.table import Column, Table
from rich.text import Text

from .safe_text import plain


def section_table(
    title: str | Text, columns: Sequence[Column], sections: Iterable[tuple[str, Sequence[Sequence[str]]]]
) -> Table:
    """A table whose first column names each section beside its first row; a section without rows is left out.

    What a program logged is printed as it is: square brackets are no markup, control characters are made visible.
    """
    style = None if isinstance(title, str) else ""  # a Text has a style of its own
    table = Table(Column(style="bold", no_wrap=True), *columns, title=title, box=box.ROUNDED, title_justify="left")
    table.title_style = style
    for name, rows in sections:
        for place, row in enumerate(rows):
            cells = (name if place == 0 else "", *row)
            table.add_row(*(Text(plain(cell)) for cell in cells), end_section=place == len(rows) - 1)
    return table
