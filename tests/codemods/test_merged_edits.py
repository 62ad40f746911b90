"""Edits of several rules, put together: by position, and where they meet in the order in which they were made."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wandb_keras_codemods.documents.edits import Edit, OverlapError, merged, splice

INSERTIONS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["a", "b", "import z\n", ""])), max_size=6)


@given(INSERTIONS)
def test_insertions_at_one_place_keep_the_order_in_which_they_were_made(insertions: list[tuple[int, str]]) -> None:
    """Not that of their texts: a statement may need the one before it. What is the same twice is made once."""
    edits = [Edit(at, at, text) for at, text in insertions]
    expected = ""
    for at in range(4):
        expected += "".join(dict.fromkeys(text for place, text in insertions if place == at)) + "xyz"[at : at + 1]
    assert splice("xyz", edits) == expected


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2)), max_size=4))
def test_no_two_edits_touch_the_same_characters(spans: list[tuple[int, int]]) -> None:
    edits = [Edit(start, start + length, f"<{at}>") for at, (start, length) in enumerate(spans)]
    taken = [{*range(edit.start, edit.end)} for edit in edits]
    inside = any(
        a.start < b.start < a.end for a in edits for b in edits if b.start == b.end
    )  # an insertion in the middle of what is replaced
    overlap = any(one & other for at, one in enumerate(taken) for other in taken[:at])
    if overlap or inside:
        with pytest.raises(OverlapError):
            merged(edits)
    else:
        assert [(e.start, e.end) for e in merged(edits)] == sorted((e.start, e.end) for e in edits)
