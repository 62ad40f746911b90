"""A ``DataLoader`` that is read beside Keras gives its batches, and leaves Keras' own reading as it was."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from wandb_keras_compat.data.loaders import is_data_loader, read_beside


class Generator:
    """As much of ``torch.Generator`` as is used."""

    def __init__(self) -> None:
        self.drawn = 0

    def get_state(self) -> int:
        return self.drawn

    def set_state(self, state: int) -> None:
        self.drawn = state

    def draw(self) -> int:
        self.drawn += 1
        return self.drawn


class DataLoader:
    """As much of torch's: each pass draws, and workers that stay have one iterator for all passes."""

    def __init__(self, generator: Any = None, sampler: Any = None, batch_sampler: Any = None) -> None:
        self.generator, self.sampler, self.batch_sampler = generator, sampler, batch_sampler
        self._iterator: Any = None

    def __iter__(self) -> Iterator[Any]:
        if self._iterator is None:
            self._iterator = self._passing()
        return iter(self._iterator)

    def _passing(self) -> Iterator[Any]:
        inner = getattr(self.batch_sampler, "sampler", None)
        for _ in range(3):
            for part in (self, self.sampler, self.batch_sampler, inner):
                if getattr(part, "generator", None) is not None:
                    yield part.generator.draw()  # type: ignore[union-attr]


@pytest.fixture
def torch(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("torch.utils.data")
    vars(module)["DataLoader"] = DataLoader
    monkeypatch.setitem(sys.modules, "torch.utils.data", module)


def test_only_a_loader_of_a_torch_that_is_loaded_is_one(torch: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_data_loader(DataLoader()) and not is_data_loader([1])
    monkeypatch.delitem(sys.modules, "torch.utils.data")
    assert not is_data_loader(DataLoader())


def holders(generator: Generator) -> dict[str, DataLoader]:
    held = SimpleNamespace(generator=generator)
    return {
        "the loader": DataLoader(generator),
        "the sampler": DataLoader(sampler=held),
        "the sampler of batches": DataLoader(batch_sampler=held),
        "the sampler in that": DataLoader(batch_sampler=SimpleNamespace(sampler=held)),
    }


@pytest.mark.parametrize("holder", holders(Generator()))
def test_the_generator_of_a_loader_is_put_back_wherever_it_is(holder: str) -> None:
    generator = Generator()
    generator.draw()
    loader = holders(generator)[holder]
    assert list(read_beside(loader)) == [2, 3, 4]
    assert generator.drawn == 1
    assert list(read_beside(loader)) == [2, 3, 4]


def test_it_is_put_back_where_the_reading_stops_early() -> None:
    generator = Generator()
    reading = read_beside(DataLoader(generator))
    next(reading)
    reading.close()  # type: ignore[attr-defined]
    assert generator.drawn == 0


def test_a_pass_that_keras_has_begun_goes_on_where_it_was() -> None:
    loader = DataLoader(Generator())
    keras = iter(loader)
    assert next(keras) == 1
    assert list(read_beside(loader)) == [2, 3, 4]
    assert list(keras) == [2, 3]


def test_a_loader_without_a_generator_is_read_as_it_is() -> None:
    loader = DataLoader(sampler=SimpleNamespace(generator="no state"))
    loader._passing = lambda: iter("ab")  # type: ignore[method-assign]
    assert list(read_beside(loader)) == ["a", "b"]
    del loader.sampler, loader.batch_sampler, loader.generator
    assert list(read_beside(loader)) == ["a", "b"]
