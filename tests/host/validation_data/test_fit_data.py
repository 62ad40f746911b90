"""Validation data that only ``fit`` is given reaches the callback, and nobody else notices."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat import messages
from wandb_keras_compat.data.batches import first_samples, join

from ...builders import callback, classifier, fit, generator_of, images, keras, sequence_of
from ...conftest import Observed

X, Y = images()
SIZE = 2

#: How fit is given the six samples of (X, Y) to validate on: {name: () -> keyword arguments}.
FORMS: dict[str, Callable[[], dict[str, Any]]] = {
    "tuple": lambda: {"validation_data": (X, Y)},
    "list": lambda: {"validation_data": [X, Y]},
    "with weights": lambda: {"validation_data": (X, Y, np.ones(6, "float32"))},
    "dataset": lambda: {"validation_data": tf.data.Dataset.from_tensor_slices((X, Y)).batch(SIZE)},
    "generator": lambda: {"validation_data": generator_of(X, Y, SIZE, forever=True), "validation_steps": 3},
    "sequence": lambda: {"validation_data": sequence_of(X, Y, SIZE)},
}


def train(form: str, *callbacks: Any, epochs: int = 2) -> dict[str, list[float]]:
    if form == "list" and not _takes_lists():
        pytest.skip("this Keras reads a list as inputs without targets")
    given = FORMS[form]()
    return fit(classifier(), *callbacks, data=(X, Y), epochs=epochs, **given)


def _takes_lists() -> bool:
    try:
        fit(classifier(), data=(X, Y), validation_data=[X, Y])
    except Exception:
        return False
    return True


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_it_reaches_images_and_tables_and_training_is_the_same(observed: Observed, form: str) -> None:
    expected = train(form)
    found = train(form, callback(input_type="image", output_type="label", log_evaluation=True))
    assert found["loss"] == expected["loss"]
    # Keras reads a generator ahead in a thread: which batches a second validation meets is up to it.
    passes = 1 if form == "generator" else 2
    assert found["val_loss"][:passes] == expected["val_loss"][:passes]
    assert [len(row) for row in observed.column("examples")] == [6, 6]
    (table,) = observed.column("validation_predictions")
    assert len(table.get_column("output")) == 6
    assert observed.warnings == []


def test_by_position(observed: Observed) -> None:
    under_test = callback(input_type="image", log_evaluation=True)
    # x, y, batch_size, epochs, verbose, callbacks, validation_split, validation_data
    classifier().fit(X, Y, 2, 1, 0, [under_test], 0.0, (X[:3], Y[:3]))
    assert [len(row) for row in observed.column("examples")] == [3]
    assert len(observed.column("validation_predictions")) == 1


@pytest.mark.parametrize("split", [0.2, 0.5, 0.75])
def test_validation_split_gives_the_samples_keras_validates_on(observed: Observed, split: float) -> None:
    x, y = images(11)
    model = classifier(optimizer=keras.optimizers.SGD(0.0))
    under_test = callback(log_evaluation=True, infer_missing_processors=False)
    history = fit(model, under_test, data=(x, y), validation_data=None, validation_split=split)
    (table,) = observed.column("validation_predictions")
    rows = len(table.get_column("output"))
    np.testing.assert_allclose(table.get_column("output"), model.predict(x[-rows:], verbose=0), rtol=1e-5)
    assert history["val_loss"][0] == pytest.approx(model.evaluate(x[-rows:], y[-rows:], verbose=0), rel=1e-5)


def test_the_callbacks_own_data_goes_before_that_of_fit(observed: Observed) -> None:
    fit(classifier(), callback(input_type="image", validation_data=(X[:2], Y[:2])), data=(X, Y))
    assert [len(row) for row in observed.column("examples")] == [2]


def test_data_of_one_fit_is_not_that_of_the_next(observed: Observed) -> None:
    under_test = callback(input_type="image")
    fit(classifier(), under_test, data=(X, Y))
    assert under_test.fit_data is None
    fit(classifier(), under_test, data=(X, Y), validation_data=(X[:1], Y[:1]))
    assert [len(row) for row in observed.column("examples")] == [6, 1]
    assert observed.warnings == []
    fit(classifier(), under_test, data=(X, Y), validation_data=None)
    assert len(observed.column("examples")) == 2
    assert [messages.NO_VALIDATION_DATA in said for said in observed.warnings] == [True, False]


@pytest.mark.slow
def test_quirk_30_no_fit_is_ever_replaced(observed: Observed) -> None:
    original = keras.Model.fit
    waiting = [callback(input_type="image"), callback(log_evaluation=True)]
    assert keras.Model.fit is original
    for form in FORMS:
        if form != "list":
            train(form, *waiting)
            assert keras.Model.fit is original


@pytest.mark.parametrize("kind", ["one", "CallbackList"])
def test_the_callback_is_found_however_fit_is_given_it(observed: Observed, kind: str) -> None:
    under_test, model = callback(input_type="image"), classifier()
    listed = keras.callbacks.CallbackList([under_test], model=model, add_history=True)
    given = under_test if kind == "one" else listed
    model.fit(X, Y, validation_data=(X, Y), verbose=0, callbacks=given)
    assert [len(row) for row in observed.column("examples")] == [6]


def test_two_threads_have_their_own_data(observed: Observed) -> None:
    """Each thread trains with its own callback; what fit was given must not cross over."""
    seen: dict[int, list[int]] = {1: [], 5: []}
    barrier = threading.Barrier(2, timeout=60)
    failed: list[BaseException] = []

    def train(samples: int) -> None:
        class Looks(type(callback())):  # type: ignore[misc]
            def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
                barrier.wait()  # both trainings are inside fit now
                seen[samples].append(len(self.fit_data.data[0]))

        try:
            fit(classifier(), callback(Looks, input_type="image"), data=(X, Y), epochs=2,
                validation_data=(X[:samples], Y[:samples]))  # fmt: skip
        except BaseException as error:
            failed.append(error)
            barrier.abort()

    threads = [threading.Thread(target=train, args=(samples,)) for samples in seen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert seen == {1: [1, 1], 5: [5, 5]}


def test_what_a_fit_that_raised_had_is_not_that_of_the_next(observed: Observed) -> None:
    class Stops(keras.callbacks.Callback):  # type: ignore[misc, name-defined]
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            raise KeyboardInterrupt

    under_test = callback(input_type="image")
    with pytest.raises(KeyboardInterrupt):
        fit(classifier(), under_test, Stops(), data=(X, Y))
    fit(classifier(), under_test, data=(X, Y), validation_data=None)
    assert under_test.fit_data is None and under_test.validation_data is None
    assert len(observed.column("examples")) == 1


# --- the readers ------------------------------------------------------------------------------------------

SIZES = st.lists(st.integers(1, 4), min_size=1, max_size=5)


def _batches(sizes: list[int], kind: str) -> list[Any]:
    """Batches of numbered samples; x is an array, a dict or a tuple of arrays."""
    batches, start = [], 0
    for size in sizes:
        ids = np.arange(start, start + size, dtype="float32")
        x: Any = {"array": ids[:, None], "dict": {"a": ids, "b": -ids[:, None]}, "tuple": (ids, -ids)}[kind]
        batches.append((x, ids * 2))
        start += size
    return batches


def _leaves(x: Any) -> list[Any]:
    return list(x.values()) if isinstance(x, dict) else list(x) if isinstance(x, tuple) else [x]


@given(sizes=SIZES, kind=st.sampled_from(["array", "dict", "tuple"]), tensors=st.booleans())
def test_join_is_concatenation(sizes: list[int], kind: str, tensors: bool) -> None:
    batches = _batches(sizes, kind)
    x, y = join(tf.nest.map_structure(tf.constant, batches) if tensors else batches)
    assert type(x) is type(batches[0][0])
    np.testing.assert_array_equal(y, np.concatenate([batch[1] for batch in batches]))
    for index, joined in enumerate(_leaves(x)):
        np.testing.assert_array_equal(joined, np.concatenate([_leaves(batch[0])[index] for batch in batches]))


def test_inputs_without_targets_have_none() -> None:
    batches = [np.zeros((2, 1)), np.zeros((3, 1))]
    assert join(batches)[1] is None
    assert first_samples(batches, 4)[1] is None
    assert len(first_samples(batches, 4)[0]) == 4


@given(sizes=SIZES, kind=st.sampled_from(["array", "dict", "tuple"]), count=st.integers(1, 25))
def test_first_samples_are_the_first_and_read_no_batch_more(sizes: list[int], kind: str, count: int) -> None:
    batches, read = _batches(sizes, kind), []

    def reader() -> Iterator[Any]:
        for batch in batches:
            read.append(len(batch[1]))
            yield batch

    x, y = first_samples(reader(), count)
    total = sum(sizes)
    np.testing.assert_array_equal(y, 2 * np.arange(min(count, total)))
    assert all(len(leaf) == min(count, total) for leaf in _leaves(x))
    assert sum(read[:-1]) < count
