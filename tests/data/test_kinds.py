"""The kind of data is told by the classes it is made of, whichever library of that name they come from."""

from __future__ import annotations

from typing import Any

import pytest

from wandb_keras_compat.data.kinds import is_dataset, is_generator_like, is_sequence


def made(module: str, name: str, **methods: Any) -> Any:
    """An object of a user's subclass of the class *name* of *module*."""
    base = type(name, (), {"__module__": module})
    return type("Mine", (base,), {"__module__": "my_program", **methods})()


@pytest.mark.parametrize("module", ["keras.src.trainers", "keras", "tf_keras.src.utils", "tensorflow.python.keras"])
@pytest.mark.parametrize("name", ["Sequence", "PyDataset"])
def test_a_sequence_of_any_keras_is_one_and_hands_out_batches(module: str, name: str) -> None:
    data = made(module, name)
    assert is_sequence(data) and is_generator_like(data) and not is_dataset(data)


@pytest.mark.parametrize(
    ("module", "name"), [("torch.utils", "Sequence"), ("kerastuner", "Sequence"), ("keras.x", "List")]
)
def test_another_class_is_no_sequence(module: str, name: str) -> None:
    assert not is_sequence(made(module, name)) and not is_generator_like(made(module, name))


@pytest.mark.parametrize("name", ["DatasetV1", "DatasetV2"])
def test_a_dataset_is_one_of_tensorflows_alone(name: str) -> None:
    assert is_dataset(made("tensorflow.python.data.ops", name))
    assert not is_dataset(made("my.tensorflow.", name))
    assert not is_dataset(made("tensorflow.python.data.ops", "Options"))
    assert not is_generator_like(made("tensorflow.python.data.ops", name))


def test_whatever_has_a_next_hands_out_batches() -> None:
    assert is_generator_like(iter([]))
    assert is_generator_like(made("my", "Old", next=print))
    assert not is_generator_like([1, 2])
