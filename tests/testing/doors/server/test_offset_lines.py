"""Lines at offsets: each ends where it belongs, however often and in which order it comes."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("starlette", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.doors.server.offset_lines import OffsetLines, json_row


def written(*posts: tuple[int, list[str]], there: list[Any] | None = None) -> tuple[list[Any], int]:
    target = [] if there is None else there
    lines = OffsetLines(target, lambda line: OffsetLines.SKIP if line == "part" else line)
    for offset, content in posts:
        lines.write(offset, content)
    return target, lines.count


def test_what_comes_in_order_is_appended() -> None:
    assert written((0, ["a", "b"]), (2, ["c"]), (3, [])) == (["a", "b", "c"], 3)


def test_a_line_that_comes_again_takes_the_place_of_the_first() -> None:
    assert written((0, ["a", "b", "c"]), (1, ["B"])) == (["a", "B", "c"], 3)
    assert written((0, ["a", "b"]), (1, ["B", "c"]), (0, ["A"])) == (["A", "B", "c"], 3)


def test_a_line_that_comes_late_is_put_between_the_others() -> None:
    assert written((4, ["e"]), (0, ["a"]), (2, ["c"]), (1, ["b"])) == (["a", "b", "c", "e"], 5)


def test_a_line_of_which_a_part_came_counts_and_is_none_yet() -> None:
    assert written((0, ["a", "part", "c"])) == (["a", "c"], 3)
    assert written((0, ["a", "part", "c"]), (1, ["b"])) == (["a", "b", "c"], 3)
    assert written((0, ["a"]), (0, ["part"])) == (["a"], 1), "the whole line that came before stays"


def test_what_was_there_before_has_the_first_places() -> None:
    assert written((2, ["c"]), there=["a", "b"]) == (["a", "b", "c"], 3)
    assert written((1, ["B"]), there=["a", "b"]) == (["a", "B"], 2)
    assert written(there=["a", "b"]) == (["a", "b"], 2)


@pytest.mark.parametrize("line", ["", "{", '{"a": 1', "[1]", "1", "null", '"text"', "[" * 90_000, '{"a": 1} x'])
def test_what_is_no_whole_object_is_no_row(line: str) -> None:
    assert json_row(line) is OffsetLines.SKIP


def test_an_object_is_a_row() -> None:
    assert (json_row("{}"), json_row('{"a": [1, null]}')) == ({}, {"a": [1, None]})
