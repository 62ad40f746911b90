"""What a copy of a callback keeps: its settings; and what it does not: a training, a model, what is of this process."""

from __future__ import annotations

import copy
import pickle
import threading
from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from wandb_keras_compat.host.copies import Copies


class Callback(Copies):
    _of_training: ClassVar = (*Copies._of_training, "seen")
    _of_process: ClassVar = ("path",)
    _shared: ClassVar = ("data",)

    def __init__(self) -> None:
        self.options = {"nested": [1, 2]}
        self.data = [[1, 2, 3]]
        self.path = "/a/path/of/this/process"
        self.model = self._model = self.params = self.seen = "of this training"
        self.started = 1

    def _start_afresh(self) -> None:
        self.started = vars(self).get("started", 0) + 100


WAYS: dict[str, Callable[[Any], Any]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda original: pickle.loads(pickle.dumps(original)),
}
EACH = pytest.mark.parametrize("way", WAYS)


@EACH
@pytest.mark.parametrize("name", ["model", "_model", "params", "seen"])
def test_a_copy_has_no_model_and_nothing_of_a_training(way: str, name: str) -> None:
    original = Callback()
    twin = WAYS[way](original)
    assert vars(twin)[name] is None
    assert vars(original)[name] == "of this training", "the original goes on training"


@EACH
def test_a_copy_begins_afresh_and_is_another_object(way: str) -> None:
    original = Callback()
    twin = WAYS[way](original)
    assert (type(twin), twin is original, twin.started, original.started) == (Callback, False, 101, 1)
    assert twin.options == original.options


@EACH
def test_what_is_changed_in_a_copy(way: str) -> None:
    original = Callback()
    twin = WAYS[way](original)
    assert (twin.options["nested"] is original.options["nested"]) is (way == "copy")
    assert (twin.data is original.data) is (way != "pickle"), "data may be large"
    assert ("path" in vars(twin)) is (way != "pickle"), "another process has other paths"


def test_a_deep_copy_shares_what_has_no_copy() -> None:
    original = Callback()
    original.options = {"lock": threading.Lock()}  # type: ignore[dict-item]
    assert copy.deepcopy(original).options is original.options


@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy])
def test_a_callback_that_names_nothing_of_its_own_is_copied_too(way: Callable[[Any], Any]) -> None:
    class Plain(Copies):
        pass

    original: Any = Plain()
    original.options, original.model = [1], "of this training"
    assert vars(way(original)) == {"options": [1], "model": None}


def test_a_deep_copy_that_meets_itself_ends() -> None:
    original: Any = Callback()
    original.me = original
    twin = copy.deepcopy(original)
    assert twin.me is twin


@pytest.mark.parametrize("inside", [False, True], ids=["at once", "in another callback"])
def test_what_has_no_pickle_is_named(inside: bool) -> None:
    original: Any = Callback()
    original.labels_of_mine = threading.Lock()
    outer: Any = original
    if inside:
        outer = Callback()
        outer.other = original
    with pytest.raises(TypeError, match="labels_of_mine" if not inside else "other") as refused:
        pickle.dumps(outer)
    assert str(refused.value).count("cannot be pickled") == 1, "said of the one that was to be pickled"


def test_functions_are_left_to_whatever_pickles() -> None:
    """cloudpickle takes lambdas, pickle does not: neither is refused by us first."""
    original: Any = Callback()
    original.metric = lambda value: value
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(original)
    original.metric = len
    assert pickle.loads(pickle.dumps(original)).metric is len


@pytest.mark.parametrize("name", ["mine", "_mine", "__mine_"])
def test_the_sentence_names_the_argument_and_what_it_holds(name: str) -> None:
    original: Any = Callback()
    setattr(original, name, threading.Lock())
    with pytest.raises(TypeError) as refused:
        pickle.dumps(original)
    text = str(refused.value)
    assert "Callback" in text and name.lstrip("_") in text and "is a lock" in text
    assert f"_{name.lstrip('_')}" not in text
