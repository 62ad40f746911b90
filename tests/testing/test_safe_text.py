"""What a traced program wrote is printed so that it cannot move a cursor, change a colour, or turn a line around."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.testing.safe_text import plain

SHOWN = {
    "\x1b[31m": "\\x1b[31m", "\n": "\\n", "\t": "\\t", "\x00": "\\x00", "\x7f": "\\x7f", "\x85": "\\x85",
    "\x9b": "\\x9b", "\u2028": "\\u2028", "\u202e": "\\u202e", "\u2066": "\\u2066", "\u200f": "\\u200f",
    "\ud800": "\\ud800", "\uffff": "\\uffff",
}  # fmt: skip


@pytest.mark.parametrize("text", SHOWN)
def test_what_could_act_on_a_terminal_is_shown_as_an_escape(text: str) -> None:
    assert plain(f"a{text}b{text}") == f"a{SHOWN[text]}b{SHOWN[text]}"


@pytest.mark.parametrize("text", ["", " ", "é", "日本", "🎉", "[bold]", "\\n", "\xa0", "\u200d"])
def test_ordinary_text_is_as_it_was(text: str) -> None:
    assert plain(text) == text


@given(st.text())
def test_nothing_is_left_that_controls_or_changes_the_direction(text: str) -> None:
    left = plain(text)
    assert {unicodedata.category(sign) for sign in left}.isdisjoint({"Cc", "Zl", "Zp", "Cs"})
    assert {unicodedata.bidirectional(sign) for sign in left}.isdisjoint(
        {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    )
    left.encode()


def test_what_is_to_be_kept_stays_and_nothing_else() -> None:
    assert plain("a\nb\tc\rd", keep="\n\t") == "a\nb\tc\\rd"
    assert plain("a\nb") == "a\\nb"
