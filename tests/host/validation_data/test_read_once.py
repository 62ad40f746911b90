"""What would be another if it were read twice is read by Keras alone: training and ``val_loss`` are as without us."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.backends.validation_taps import reads_the_same_twice, tapped
from wandb_keras_compat.data.batch_memory import BatchMemory
from wandb_keras_compat.data.batches import join

from ...builders import KERAS_3, callback, classifier, generator_of, images, keras, sequence_of
from ...conftest import Observed

X, Y = images()
STEPS = 3


class OwnRandom(keras.utils.Sequence):
    """Augments with a generator of its own and counts how often it is read, as user-written ones do."""

    def __init__(self) -> None:
        super().__init__()
        self.random = np.random.default_rng(0)
        self.read: list[int] = []

    def __len__(self) -> int:
        return STEPS

    def __getitem__(self, index: int) -> Any:
        self.read.append(index)
        part = slice(2 * index, 2 * index + 2)
        return X[part] + self.random.normal(size=X[part].shape).astype("float32"), Y[part]


class OwnIterator:
    def __init__(self) -> None:
        self.source = generator_of(X, Y, 2, forever=True)

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        return next(self.source)


def shuffled() -> Any:
    return tf.data.Dataset.from_tensor_slices((X, Y)).shuffle(6, seed=1).batch(2)


def drawn_by_tensorflow() -> Any:
    noise = lambda x, y: (x + tf.random.normal(tf.shape(x), seed=1), y)
    return tf.data.Dataset.from_tensor_slices((X, Y)).batch(2).map(noise)


def of_a_python_generator() -> Any:
    random = np.random.default_rng(0)

    def items() -> Iterator[Any]:
        for x, y in zip(X, Y):
            yield x + random.normal(size=x.shape).astype("float32"), y

    spec = (tf.TensorSpec(X.shape[1:], tf.float32), tf.TensorSpec(Y.shape[1:], tf.float32))
    return tf.data.Dataset.from_generator(items, output_signature=spec).batch(2)


#: Data that is another each time it is read: {name: () -> what fit validates on}.
KINDS: dict[str, Callable[[], Any]] = {
    "generator": lambda: generator_of(X, Y, 2, forever=True),
    "a Sequence with its own random numbers": OwnRandom,
    "a shuffled dataset": shuffled,
    "a dataset that draws random numbers": drawn_by_tensorflow,
    "a dataset of a Python generator": of_a_python_generator,
}
if not KERAS_3:  # which takes generators and Sequences only
    KINDS["zip"] = lambda: zip(
        (x for x, _ in generator_of(X, Y, 2, forever=True)), (y for _, y in generator_of(X, Y, 2, forever=True))
    )
    KINDS["map"] = lambda: map(tuple, generator_of(X, Y, 2, forever=True))
    KINDS["an iterator class"] = OwnIterator

if hasattr(keras.preprocessing.image, "ImageDataGenerator"):
    KINDS["ImageDataGenerator.flow"] = lambda: keras.preprocessing.image.ImageDataGenerator(
        horizontal_flip=True, rotation_range=40
    ).flow(X, Y, batch_size=2, shuffle=True, seed=3)


ENDLESS = {"generator", "zip", "map", "an iterator class"}


def val_losses(kind: str, *callbacks: Any) -> list[float]:
    model = classifier()  # sets every seed
    given: dict[str, Any] = {"validation_data": KINDS[kind](), "verbose": 0, "batch_size": 6}
    if kind in ENDLESS:
        given["validation_steps"] = STEPS
    found: list[float] = model.fit(X, Y, epochs=3, callbacks=list(callbacks), **given).history["val_loss"]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_val_loss_is_what_it_is_without_the_callback(observed: Observed, kind: str) -> None:
    plain = val_losses(kind)
    seen = val_losses(kind, callback(input_type="image", output_type="label", log_evaluation=True))
    # Keras reads iterators ahead in a thread: which batches a second validation meets is up to it.
    same = 1 if kind in ENDLESS else 3
    assert plain[:same] == seen[:same]
    assert [len(row) for row in observed.column("examples")] == [6, 6, 6]
    (table,) = observed.column("validation_predictions")
    assert len(table.get_column("output")) == 6
    assert observed.warnings == []


@pytest.mark.parametrize("argument", ["generator", "validation_data"])
def test_also_where_the_callback_was_given_the_very_object_that_fit_reads(observed: Observed, argument: str) -> None:
    plain = OwnRandom()
    expected = classifier().fit(X, Y, validation_data=plain, epochs=2, verbose=0).history["val_loss"]
    shared = OwnRandom()
    under_test = callback(input_type="image", **{argument: shared})
    found = (
        classifier().fit(X, Y, validation_data=shared, epochs=2, verbose=0, callbacks=[under_test]).history["val_loss"]
    )
    assert found == expected and shared.read == plain.read
    assert len(observed.column("examples")) == 2


@pytest.mark.slow
def test_two_callbacks_share_what_keras_read(observed: Observed) -> None:
    few, all_of_it = callback(input_type="image", predictions=1), callback(log_evaluation=True)
    shared = OwnRandom()
    classifier().fit(X, Y, validation_data=shared, verbose=0, callbacks=[few, all_of_it])
    alone = OwnRandom()
    classifier().fit(X, Y, validation_data=alone, verbose=0)
    assert shared.read == alone.read
    assert [len(row) for row in observed.column("examples")] == [1]
    (table,) = observed.column("validation_predictions")
    assert len(table.get_column("output")) == 6


def test_epochs_that_do_not_validate_draw_nothing_and_the_next_that_does_draws(observed: Observed) -> None:
    given = generator_of(X, Y, 2, forever=True)
    under_test = callback(input_type="image")
    classifier().fit(
        X, Y, validation_data=given, validation_steps=3, validation_freq=2, epochs=3, verbose=0, callbacks=[under_test]
    )
    assert ["examples" in row for row in observed.rows] == [False, True, True]
    assert observed.warnings == []


def test_data_that_keras_never_read_is_said(observed: Observed) -> None:
    given = generator_of(X, Y, 2, forever=True)
    under_test = callback(input_type="image")
    classifier().fit(
        X, Y, validation_data=given, validation_steps=3, validation_freq=5, epochs=2, verbose=0, callbacks=[under_test]
    )
    assert any("Keras read nothing of the generator" in said for said in observed.warnings)


def test_a_generator_that_raises_raises_where_it_would_have_raised(observed: Observed) -> None:
    def breaks() -> Iterator[Any]:
        yield X[:2], Y[:2]
        yield X[2:4], Y[2:4]
        raise OSError("the disk is gone")

    def outcome(*callbacks: Any) -> tuple[list[str], str]:
        epochs: list[str] = []
        note = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: epochs.append(str(epoch)))
        with pytest.raises(Exception) as caught:
            classifier().fit(
                X, Y, validation_data=breaks(), validation_steps=3, epochs=2, verbose=0, callbacks=[note, *callbacks]
            )
        return epochs, type(caught.value).__name__

    assert outcome() == outcome(callback(input_type="image"))


# --- what tells, and what stands in --------------------------------------------------------------------------


def _slices() -> Any:
    return tf.data.Dataset.from_tensor_slices((X, Y))


SAME = {
    "slices": _slices,
    "batches": lambda: _slices().batch(2).prefetch(1),
    "mapped": lambda: _slices().map(lambda x, y: (x / 2, y), num_parallel_calls=2).batch(4),
    "taken": lambda: _slices().batch(2).take(2).repeat(),
    "windows": lambda: tf.data.Dataset.range(6).window(2).flat_map(lambda window: window.batch(2)),
    "parts": lambda: _slices().skip(1).take_while(lambda x, y: True).shard(2, 0).concatenate(_slices()),
    "records": lambda: tf.data.TFRecordDataset("records"),
    "lines, as in TensorFlow 1": lambda: tf.compat.v1.data.TextLineDataset("lines.txt"),
    "zipped": lambda: tf.data.Dataset.zip((_slices(), _slices())).filter(lambda a, b: True),
}
OTHER = {
    "shuffled": shuffled,
    "shuffled below": lambda: shuffled().map(lambda x, y: (x, y)).prefetch(1),
    "random numbers": drawn_by_tensorflow,
    "a Python generator": of_a_python_generator,
    "Python called": lambda: _slices().map(lambda x, y: (tf.numpy_function(np.copy, [x], tf.float32), y)),
    "a cache": lambda: _slices().cache(),
    "no dataset": lambda: [(X, Y)],
}


@pytest.mark.parametrize("name", SAME)
def test_what_reads_the_same_twice(name: str) -> None:
    assert reads_the_same_twice(SAME[name]())


@pytest.mark.parametrize("name", OTHER)
def test_what_may_read_otherwise_the_second_time(name: str) -> None:
    assert not reads_the_same_twice(OTHER[name]())


STRUCTURES: dict[str, Callable[[], Any]] = {
    "x": lambda: tf.data.Dataset.from_tensor_slices(X),
    "x, y": _slices,
    "three parts": lambda: tf.data.Dataset.from_tensor_slices((X, Y, np.ones(6, "float32"))),
    "named": lambda: tf.data.Dataset.from_tensor_slices(({"a": X, "b": Y}, Y)),
    "several": lambda: tf.data.Dataset.from_tensor_slices(((X, Y), Y)),
    "only named": lambda: tf.data.Dataset.from_tensor_slices({"a": X}),
    "text": lambda: tf.data.Dataset.from_tensor_slices((np.array(list("abcdef")), Y)),
}


@pytest.mark.parametrize("structure", STRUCTURES)
def test_a_dataset_hands_on_the_same_elements_of_the_same_kind(structure: str) -> None:
    dataset = STRUCTURES[structure]().batch(4)
    memory = BatchMemory(None, None)
    through = tapped(dataset, memory, in_processes=False)
    assert through.element_spec == dataset.element_spec
    assert int(through.cardinality()) == int(dataset.cardinality())
    handed_on = list(through)
    tf.nest.map_structure(np.testing.assert_array_equal, handed_on, list(dataset))
    tf.nest.map_structure(np.testing.assert_array_equal, memory.seen, handed_on)


@pytest.mark.parametrize("kind", ["generator", "iterator", "sequence"])
def test_what_stands_in_is_taken_for_what_it_stands_for(kind: str) -> None:
    data = {
        "generator": lambda: generator_of(X, Y, 2),
        "iterator": OwnIterator,
        "sequence": lambda: sequence_of(X, Y, 2),
    }[kind]()
    through = tapped(data, BatchMemory(None, None), in_processes=False)
    assert isinstance(through, type(data))
    if kind == "sequence":
        assert len(through) == len(data) and isinstance(through, keras.utils.Sequence)


@given(
    sizes=st.lists(st.integers(1, 4), min_size=1, max_size=5),
    batches=st.none() | st.integers(1, 6),
    samples=st.none() | st.integers(1, 12),
    order=st.randoms(use_true_random=False),
)
def test_a_memory_keeps_the_first_batches_in_order(sizes: list[int], batches: Any, samples: Any, order: Any) -> None:
    given_out = [(np.full((size, 1), number), np.full(size, number)) for number, size in enumerate(sizes)]
    memory, by_number = BatchMemory(batches, samples), BatchMemory(None, None)
    for batch in given_out:
        memory.remember(batch)
    kept: list[Any] = []
    for batch in given_out:
        if batches is not None and len(kept) >= batches:
            break
        if samples is not None and sum(len(y) for _, y in kept) >= samples:
            break
        kept.append(batch)
    assert len(memory.seen) == len(kept)
    np.testing.assert_array_equal(join(memory.seen)[1], join(kept)[1])
    numbered = list(enumerate(given_out)) * 2  # a second pass is not remembered
    order.shuffle(numbered)
    for number, batch in numbered:
        by_number.remember(batch, number)
    np.testing.assert_array_equal(join(by_number.seen)[1], join(given_out)[1])


def test_a_memory_does_not_follow_an_array_that_is_filled_again() -> None:
    memory, array = BatchMemory(None, None), np.zeros((2, 1))
    memory.remember((array, array))
    array += 1
    np.testing.assert_array_equal(memory.seen[0][0], np.zeros((2, 1)))
