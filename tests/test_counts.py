"""``Any``, ``type: ignore`` and long modules do not get more."""

from __future__ import annotations

import pytest

from . import counts


def test_nothing_that_should_get_fewer_got_more() -> None:
    """Fewer are welcome: ``python -m tests.counts --write`` keeps the smaller number."""
    assert counts.risen(counts.counted(), counts.kept()) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("from typing import Any", 0),
        ("def f(x: Any, *, y: dict[str, Any]) -> Any: ...", 3),
        ("x: list[Any] = []", 1),
        ("Row = dict[str, Any]", 1),
        ("import typing\nx: typing.Any", 1),
        ("def f(x: 'Any') -> 'list[Any]': ...", 2),
        ("'Any'\n# Any\nx = 'Any'", 0),
    ],
)
def test_uses_of_any(text: str, number: int) -> None:
    assert counts.uses_of_any(text) == number


def test_type_ignores() -> None:
    assert counts.type_ignores("x = 1  # type: ignore[misc]\ny = '# type: ignore'\n# type: ignore\n") == 2


def test_a_rise_says_what_to_do() -> None:
    before = {"src": {"any": 1, "type_ignore": 0, "long_modules": 2}}
    assert counts.risen(before, before) == []
    (said,) = counts.risen({"src": {"any": 2, "type_ignore": 0, "long_modules": 1}}, before)
    assert said.startswith("src: any is 2 and was 1; name the type")
