"""A finder that is put on ``sys.meta_path`` and taken off again, for readers and writers of the list who know nothing of it."""

from __future__ import annotations

import sys
import threading
from contextlib import AbstractContextManager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.hook.meta_path import FirstOnMetaPath, OnMetaPath


class Finder:
    """Finds nothing."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        return None


FINDER, OTHER, ADDED = Finder(), Finder(), Finder()


@pytest.fixture
def before(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The list of the interpreter, which is one of the test's own meanwhile."""
    own = [OTHER, *sys.meta_path]
    monkeypatch.setattr(sys, "meta_path", own)
    return own


def test_who_goes_through_the_list_has_it_as_it_was(before: list[Any]) -> None:
    as_it_was, place = list(before), OnMetaPath(FINDER)
    place.put_first()
    assert before == as_it_was
    assert sys.meta_path == [FINDER, *as_it_was]
    place.put_first()
    assert sys.meta_path == [FINDER, *as_it_was], "once is enough"
    place.take_off()
    assert sys.meta_path is before and before == as_it_was


def test_what_others_put_there_meanwhile_stays(before: list[Any]) -> None:
    as_it_was, place = list(before), OnMetaPath(FINDER)
    place.put_first()
    sys.meta_path.append(ADDED)
    sys.meta_path.remove(OTHER)
    place.take_off()
    assert sys.meta_path is before and before == [*as_it_was[1:], ADDED]


@pytest.mark.parametrize("with_it", [True, False], ids=["with the finder", "without it"])
def test_a_list_that_others_gave_the_interpreter_is_theirs(before: list[Any], with_it: bool) -> None:
    as_it_was, place = list(before), OnMetaPath(FINDER)
    place.put_first()
    theirs: list[Any] = [ADDED, *([FINDER] if with_it else [])]
    sys.meta_path = theirs
    place.take_off()
    assert sys.meta_path == [ADDED]
    assert (sys.meta_path is theirs) is not with_it, "nobody's list shrinks"
    assert before == as_it_was
    place.put_first()
    place.take_off()
    assert sys.meta_path == [ADDED]


def test_where_others_gave_another_list_that_one_comes_back(before: list[Any]) -> None:
    place = OnMetaPath(FINDER)
    place.put_first()
    theirs: list[Any] = [ADDED]
    sys.meta_path = theirs
    place.put_first()
    assert sys.meta_path == [FINDER, ADDED]
    place.take_off()
    assert sys.meta_path is theirs and theirs == [ADDED]


def test_a_finder_that_others_took_off_comes_back_and_goes(before: list[Any]) -> None:
    as_it_was, place = list(before), OnMetaPath(FINDER)
    place.put_first()
    sys.meta_path.remove(FINDER)
    place.put_first()
    assert sys.meta_path == [FINDER, *as_it_was]
    place.take_off()
    assert sys.meta_path is before and before == as_it_was


@given(st.lists(st.integers(0, 2), max_size=12))
def test_it_is_there_for_as_long_as_any_block_is_in(steps: list[int]) -> None:
    """Blocks begin and end in any order, as those of several threads do."""
    before, first = sys.meta_path, FirstOnMetaPath(FINDER)
    open_blocks: dict[int, AbstractContextManager[None]] = {}
    try:
        for block in steps:
            if block in open_blocks:
                open_blocks.pop(block).__exit__(None, None, None)
            else:
                open_blocks[block] = first()
                open_blocks[block].__enter__()
            assert sys.meta_path.count(FINDER) == bool(open_blocks)
    finally:
        for each in open_blocks.values():
            each.__exit__(None, None, None)
    assert sys.meta_path is before and FINDER not in before


def test_the_finder_on_the_meta_path_comes_and_goes_under_the_hands_of_other_threads() -> None:
    """A list that shrinks while it is gone through makes the reader skip an entry: an import that fails."""
    before, members = sys.meta_path, list(sys.meta_path)
    first = FirstOnMetaPath(FINDER)
    skipped, stop = [], threading.Event()

    def read() -> None:
        while not stop.is_set():
            if [finder for finder in sys.meta_path if finder in members] != members:
                skipped.append(1)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    readers = [threading.Thread(target=read) for _ in range(2)]
    try:
        for reader in readers:
            reader.start()
        for _ in range(2000):
            with first(), first():
                assert sys.meta_path[0] is FINDER
    finally:
        stop.set()
        sys.setswitchinterval(interval)
        for reader in readers:
            reader.join()
    assert not skipped
    assert sys.meta_path is before
