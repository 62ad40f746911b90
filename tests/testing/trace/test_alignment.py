"""Lists of unequal length: what is missing is said to be missing, and nothing else."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.testing.trace.align import _in_common, align
from wandb_keras_compat.testing.trace.compare import diff
from wandb_keras_compat.testing.trace.differences import ABSENT

from .strategies import bare, png, rich

LISTS = st.lists(
    st.one_of(
        st.integers(0, 3),
        st.sampled_from("ab"),
        st.fixed_dictionaries({"_step": st.integers(0, 3), "x": st.integers(0, 2)}),
        st.lists(st.integers(0, 2), max_size=2),
    ),
    max_size=8,
)


def trace_with(history):
    trace = rich()
    run = {**bare(trace["runs"][0]), "history": history}
    return {**trace, "runs": [run]}


def rows(count):
    return [{"_step": at, "epoch": at, "loss": 1 / (at + 1.5), "acc": 0.5} for at in range(count)]


@given(LISTS, LISTS)
def test_an_alignment_has_every_item_once_and_in_order(old, new):
    pairs = align(old, new)
    for side, items in enumerate((old, new)):
        assert [pair[side] for pair in pairs if pair[side] is not None] == list(range(len(items)))
    assert [(j, i) for i, j in pairs] == align(new, old)


@given(st.lists(st.integers(0, 40), unique=True, min_size=2, max_size=12), st.data())
def test_items_left_out_are_the_ones_that_are_missing(items, data):
    gone = data.draw(st.sets(st.sampled_from(items), min_size=1))
    kept = [item for item in items if item not in gone]
    assert {items[i] for i, j in align(items, kept) if j is None} == gone


@given(st.integers(0, 19))
def test_one_missing_row_is_one_difference(gone):
    new = rows(20)
    del new[gone]
    (found,) = diff(trace_with(rows(20)), trace_with(new))
    assert (found.path, found.kind, found.new) == (f"runs[0].history[{gone}]", "missing", ABSENT)


@given(st.integers(0, 18), st.integers(0, 18))
def test_one_missing_row_and_one_changed_value(gone, changed):
    new = rows(20)
    new[changed if changed < gone else changed + 1]["loss"] = 9.5
    del new[gone]
    found = diff(trace_with(rows(20)), trace_with(new))
    assert sorted(found.paths()) == sorted(
        [f"runs[0].history[{gone}]", f"runs[0].history[{changed if changed < gone else changed + 1}].loss"]
    )


def test_a_row_left_out_moves_the_steps_behind_it_and_nothing_else():
    new = rows(20)
    del new[5]
    for at, row in enumerate(new):
        row["_step"] = at
    found = diff(trace_with(rows(20)), trace_with(new))
    assert found.paths()[0] == "runs[0].history[5]"
    assert found.paths()[1:] == [f"runs[0].history[{at}]._step" for at in range(6, 20)]


@given(st.integers(0, 9))
def test_a_row_left_out_among_rows_that_are_all_alike_in_part_is_found(gone):
    """Each row but that one has a partner, with which it has two of three values in common."""
    old = [{"a": at, "b": at, "c": at} for at in range(10)]
    new = [{**row, "c": -1 - row["c"]} for row in old if row["a"] != gone]
    assert [i for i, j in align(old, new) if j is None] == [gone]


def test_an_item_that_both_begin_with_is_not_paired_again():
    assert [i for i, _ in align("xyx", "xxyz") if i is not None] == [0, 1, 2]


def test_large_integers_that_differ_in_their_last_digits_are_alike():
    assert align([10_000], [3, 10_001]) == [(None, 0), (0, 1)]
    assert align([9_998], [3, 9_999]) == [(0, 0), (None, 1)]


ITEMS = st.one_of(
    st.integers(0, 3),
    st.text("ab", max_size=3),
    st.lists(st.integers(0, 2), max_size=3),
    st.dictionaries(st.sampled_from("ab"), st.integers(0, 2)),
)


def test_an_empty_list_is_no_empty_mapping():
    assert align([[]], [{}, []]) == [(None, 0), (0, 1)]


@given(ITEMS, ITEMS)
def test_items_of_all_kinds_are_compared_on_one_scale(one, other):
    """Else a pair of rows with little in common would be preferred to one of texts that are nearly the same."""
    assert 0 <= _in_common(one, other) <= 1
    assert (_in_common(one, other) == 1) is (one == other and one not in ([], {}))


def test_one_missing_row_among_values_that_all_moved():
    new = rows(2000)
    for row in new:
        row["acc"] = 0.625
    del new[700]
    for at, row in enumerate(new):
        row["_step"] = at
    found = diff(trace_with(rows(2000)), trace_with(new))
    assert [item.path for item in found if item.kind == "missing"] == ["runs[0].history[700]"]
    assert not [item for item in found if item.path.endswith((".loss", ".epoch"))]


def operations(function: Callable[[], object]) -> int:
    """How many functions, of Python and of C, are called by *function*: its work, whatever the machine."""
    count = 0

    def see(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(see)
    try:
        function()
    finally:
        sys.setprofile(before)
    return count


def work(count: int) -> int:
    """Of two comparisons of *count* rows with images among them; in the second all values moved and a row is gone."""
    history = rows(count)
    generator = np.random.default_rng(0)
    for at in range(0, count, 100):
        history[at]["image"] = png(generator.integers(0, 256, (8, 8, 3)))
    moved = copy.deepcopy(history)
    for row in moved:
        row["acc"] *= 1 + 1e-7
    del moved[count // 2]
    same, old, new = trace_with(copy.deepcopy(history)), trace_with(history), trace_with(moved)
    found: list[list[str]] = []
    total = operations(lambda: found.extend([diff(old, same).paths(), diff(old, new).paths()]))
    assert found == [[], [f"runs[0].history[{count // 2}]"]]
    return total


def test_the_work_grows_as_the_number_of_rows_does():
    """Four times the rows are four times the work, and a little for sorting; an algorithm that squares has sixteen."""
    assert work(4000) < 5 * work(1000)


def test_rows_of_which_none_is_the_same_are_not_compared_each_with_each():
    def changed(count: int) -> int:
        new = [{**row, "loss": -row["loss"], "acc": 0.25, "epoch": row["epoch"] + 0.5} for row in rows(2 * count)]
        old = rows(count)
        return operations(lambda: align(old, new))

    assert changed(2000) < 5 * changed(500)


def test_rows_left_out_here_and_there_are_found_by_what_is_there_once():
    def thinned(count: int) -> int:
        old = rows(count)
        new = [row for at, row in enumerate(rows(count)) if at % 10]
        found: list[list[tuple[int | None, int | None]]] = []
        total = operations(lambda: found.append(align(old, new)))
        assert [one for one, other in found[0] if other is None] == list(range(0, count, 10))
        return total

    assert thinned(4000) < 5 * thinned(1000)
