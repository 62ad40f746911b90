"""Splices, and the way back through them."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wandb_keras_codemods.documents.edits import Edit, OverlapError, original_offset, splice

from .tools import PROPERTY

TEXT = string.ascii_lowercase


@st.composite
def edits(draw: st.DrawFn) -> list[Edit]:
    """Edits of TEXT that do not overlap, each with a letter of its own, some of them with a line end."""
    marks = sorted(draw(st.sets(st.integers(0, len(TEXT)), max_size=8)))
    pairs = zip(marks[::2], marks[1::2], strict=False)
    new = st.sampled_from(["{}", "", "\n", "{0}{0}{0}{0}"])
    return [Edit(*pair, draw(new).format(letter)) for letter, pair in zip(string.ascii_uppercase, pairs, strict=False)]


@given(edits(), st.randoms())
@PROPERTY
def test_what_no_edit_names_is_kept(found: list[Edit], random: object) -> None:
    """Characters outside the edits come through, in order, and know where they were; new ones know their edit."""
    random.shuffle(found)  # type: ignore[attr-defined]
    result = splice(TEXT, found)
    inside = {position for edit in found for position in range(edit.start, edit.end)}
    kept = [position for position in range(len(TEXT)) if position not in inside]
    assert "".join(letter for letter in result if letter in TEXT) == "".join(TEXT[position] for position in kept)
    edited_at = {letter: edit.start for edit in found for letter in edit.text}
    for offset, letter in enumerate(result):
        if letter != "\n":
            was_at = TEXT.index(letter) if letter in TEXT else edited_at[letter]
            assert original_offset(offset, found) == was_at


def test_edits_that_meet_are_refused() -> None:
    """Never half of each."""
    with pytest.raises(OverlapError):
        splice(TEXT, [Edit(1, 4, "x"), Edit(3, 5, "y")])


def test_insertions_at_one_place_keep_their_order() -> None:
    """And equal ones are made once."""
    assert splice("ab", [Edit(1, 1, "1"), Edit(1, 1, "2"), Edit(1, 1, "1")]) == "a12b"
