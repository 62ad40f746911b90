"""What a running ``fit`` validates on is found below the hook that asks, whatever else is called ``fit``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from wandb_keras_compat.backends import running_fit
from wandb_keras_compat.backends.running_fit import FitData, fit_data
from wandb_keras_compat.data.batch_memory import BatchMemory

X, Y = np.arange(4.0), np.arange(4.0)

#: As Keras does it: the iterator of the validation is made of ``val_x`` after the callbacks were asked.
FIT = """
def fit(self, hook, validation_data=None, validation_steps=None, validation_split=0.0, use_multiprocessing=False):
    val_x = validation_data
    if {without_val_x}:
        val_x = None
    asked = hook()
    read = None if val_x is None or isinstance(val_x, (list, tuple)) else list(val_x)
    return asked, read, val_x
"""


def fit_of(module: str, without_val_x: bool = False) -> Any:
    space: dict[str, Any] = {"__name__": module}
    exec(FIT.format(without_val_x=without_val_x), space)
    return space["fit"]


def asking(model: Any = "model", samples: int | None = None, own: Any = None) -> Any:
    return lambda: fit_data(model, samples, own)


def batches(count: int = 3) -> Iterator[Any]:
    return ((X + number, Y) for number in range(count))


def sequence(**attributes: Any) -> Any:
    methods = {"__len__": lambda self: 2, "__iter__": lambda self: (self[index] for index in range(2)), **attributes}
    methods["__getitem__"] = lambda self, index: (X + index, Y)
    return type("Mine", (type("Sequence", (), {"__module__": "keras.utils"}),), methods)()


@pytest.mark.parametrize("module", ["keras.src.trainers", "tf_keras.src.engine", "tensorflow.python.keras", "keras"])
def test_the_fit_of_any_keras_is_found(module: str) -> None:
    asked, _, _ = fit_of(module)("model", asking(), (X, Y), 3)
    assert asked == FitData((X, Y), (X, Y), 3, None)
    asked, _, _ = fit_of(module)("model", asking(), [X, Y])
    assert asked.data is asked.given and asked.steps is None


@pytest.mark.parametrize("module", ["my_program", "kerastuner", "my.keras"])
def test_a_fit_of_somebody_else_is_none(module: str) -> None:
    assert fit_of(module)("model", asking(), (X, Y))[0] is None


def test_the_fit_of_another_model_or_under_another_name_is_none() -> None:
    fit = fit_of("keras")
    assert fit("other", asking(), (X, Y))[0] is None
    assert fit_data("model", None) is None
    space: dict[str, Any] = {"__name__": "keras"}
    exec("def fit(self, hook):\n    return hook()\ndef train(self, hook, validation_data):\n    return hook()", space)
    assert space["fit"]("model", asking()) is None and space["train"]("model", asking(), (X, Y)) is None


def test_of_a_training_in_a_training_each_model_has_its_own() -> None:
    fit = fit_of("keras")
    inner = lambda: (fit("inner", asking("inner"), (X, Y))[0], fit("inner", asking("outer"), (X, Y))[0])
    (of_inner, of_outer), *_ = fit("outer", inner, [Y, X])
    assert of_inner.given == (X, Y) and of_outer.given == [Y, X]


def test_data_that_the_callback_prefers_is_looked_at_only_where_it_is_the_same() -> None:
    fit, own = fit_of("keras"), (Y, X)
    assert fit("model", asking(own=own), (X, Y), 2)[0] == FitData((X, Y), None, 2, None)
    assert fit("model", asking(own=own), own)[0].data is own
    assert fit("model", asking())[0] == FitData()


def test_what_a_split_sets_aside_may_be_nowhere_to_be_seen() -> None:
    fit = fit_of("keras")
    assert "validation_split" in fit("model", asking(), validation_split=0.5)[0].unreadable
    assert fit("model", asking(), (X, Y), validation_split=0.5)[0].unreadable is None


@pytest.mark.parametrize("kind", [batches, sequence])
def test_what_can_be_read_once_is_read_by_keras_and_remembered(kind: Any) -> None:
    given = kind()
    asked, read, val_x = fit_of("keras")("model", asking(), given)
    assert asked.given is given and isinstance(asked.data, BatchMemory) and asked.unreadable is None
    assert val_x is not given and type(val_x).__name__ != "NoneType"
    assert len(read) == len(asked.data.seen) == (3 if kind is batches else 2)
    for (one, _), (other, _) in zip(read, asked.data.seen):
        np.testing.assert_array_equal(one, other)


def test_two_callbacks_share_a_memory_which_keeps_what_either_needs() -> None:
    def both() -> Any:
        first = fit_data("model", 4)
        second = fit_data("model", None)
        assert first is not None and second is not None
        return first, second

    (first, second), read, _ = fit_of("keras")("model", both, batches())
    assert first.data is second.data and len(first.data.seen) == len(read) == 3


@pytest.mark.parametrize(("samples", "steps", "kept"), [(5, None, 2), (4, None, 1), (None, 2, 2), (None, None, 3)])
def test_no_more_is_remembered_than_is_asked_for(samples: int | None, steps: int | None, kept: int) -> None:
    asked, read, _ = fit_of("keras")("model", asking(samples=samples), batches(), steps)
    assert len(read) == 3 and len(asked.data.seen) == kept


def test_a_sequence_that_other_processes_read_is_read_in_a_copy() -> None:
    given = sequence()
    asked, _, val_x = fit_of("keras")("model", asking(), given, use_multiprocessing=True)
    assert val_x is given and len(asked.data.seen) == 2
    own = sequence(use_multiprocessing=True)
    assert fit_of("keras")("model", asking(), own)[2] is own


def test_why_data_cannot_be_read_is_said_by_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    given = batches()
    asked, read, _ = fit_of("keras", without_val_x=True)("model", asking(), given)
    assert (asked.data, asked.unreadable) == (None, "this Keras does not keep a generator where other versions do")
    asked, read, _ = fit_of("keras")("model", asking(), {"of": "no kind"})
    assert (asked.data, asked.unreadable, read) == (None, "a dict cannot be read beside Keras", ["of"])
    monkeypatch.setattr(running_fit, "_set_local", lambda *_: False)
    asked, read, val_x = fit_of("keras")("model", asking(), given)
    assert asked.data is None and "does not let the variables" in asked.unreadable
    assert val_x is given and len(read) == 3


def test_without_frames_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running_fit, "sys", object())
    assert fit_of("keras")("model", asking(), (X, Y))[0] is None
