"""Splices, and the way back through them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wandb_keras_codemods.documents.edits import Edit, OverlapError, original_offset, splice

from .tools import PROPERTY

TEXT = "abcdefghijklmnopqrstuvwxyz"


@st.composite
def edits(draw: st.DrawFn) -> list[Edit]:
    """Edits of TEXT that do not overlap."""
    marks = sorted(draw(st.sets(st.integers(0, len(TEXT)), max_size=8)))
    pairs = zip(marks[::2], marks[1::2], strict=False)
    return [Edit(start, end, draw(st.sampled_from(["", "X", "1234", "\n"]))) for start, end in pairs]


@given(edits(), st.randoms())
@PROPERTY
def test_what_no_edit_names_is_kept(found: list[Edit], random: object) -> None:
    """Characters outside the edits come through, in order, and know where they were."""
    random.shuffle(found)  # type: ignore[attr-defined]
    result = splice(TEXT, found)
    inside = {position for edit in found for position in range(edit.start, edit.end)}
    kept = [position for position in range(len(TEXT)) if position not in inside]
    assert "".join(letter for letter in result if letter in TEXT) == "".join(TEXT[position] for position in kept)
    for offset, letter in enumerate(result):
        if letter in TEXT:
            assert TEXT[original_offset(offset, found)] == letter


def test_edits_that_meet_are_refused() -> None:
    """Never half of each."""
    with pytest.raises(OverlapError):
        splice(TEXT, [Edit(1, 4, "x"), Edit(3, 5, "y")])


def test_insertions_at_one_place_keep_their_order() -> None:
    """And equal ones are made once."""
    assert splice("ab", [Edit(1, 1, "1"), Edit(1, 1, "2"), Edit(1, 1, "1")]) == "a12b"
