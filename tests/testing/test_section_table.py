"""The table of a run in a terminal: sections with their rows, printed as they are."""

from __future__ import annotations

import io

import pytest

pytest.importorskip("rich", reason="the table needs the `testing` extra")

from rich.console import Console
from rich.table import Column
from rich.text import Text

from wandb_keras_compat.testing.section_table import section_table


def printed(*sections: tuple[str, list[tuple[str, ...]]], title: str | Text = "run") -> list[str]:
    out = io.StringIO()
    columns = [Column("name"), Column("value")]
    Console(file=out, width=60, color_system=None).print(section_table(title, columns, sections))
    return out.getvalue().splitlines()


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("│").split("│")]


def test_a_section_is_named_beside_its_first_row_and_ruled_off_after_its_last() -> None:
    lines = printed(("metrics", [("loss", "1"), ("acc", "2")]), ("empty", []), ("files", [("m.h5", "3"), ("x", "4")]))
    title, top, head, _, *rows, bottom = lines
    assert title.strip() == "run" and not title.startswith(" " * 5)
    assert (top[0], top[-1], bottom[0], bottom[-1]) == ("╭", "╮", "╰", "╯")
    assert cells(head) == ["", "name", "value"]
    assert [cells(row) for row in rows if row.startswith("│")] == [
        ["metrics", "loss", "1"], ["", "acc", "2"], ["files", "m.h5", "3"], ["", "x", "4"],
    ]  # fmt: skip
    assert [row.startswith("├") for row in rows] == [False, False, True, False, False]


def test_the_name_of_a_section_is_not_folded() -> None:
    name = "a name of a section in words"
    assert any(name in line for line in printed((name, [("x" * 40, "y" * 40)])))


def test_what_a_program_logged_is_no_markup_and_controls_nothing() -> None:
    text = "\n".join(printed(("[b]s[/b]", [("[red]x[/red]", "\x1b[31m")])))
    assert "[b]s[/b]" in text and "[red]x[/red]" in text and "\\x1b[31m" in text and "\x1b" not in text


@pytest.mark.parametrize("title", ["plain", Text("styled", style="bold green")])
def test_a_title_that_brings_a_style_has_it_alone(title: str | Text) -> None:
    table = section_table(title, [], [])
    out = io.StringIO()
    Console(file=out, width=40, force_terminal=True, color_system="standard").print(table)
    codes = out.getvalue().partition(str(title))[0]
    if isinstance(title, str):
        assert table.title_style is None and "3m" in codes, "the title of a table is italic by itself"
    else:
        assert "3m" not in codes.replace("33m", "") and "32m" in codes
