"""``torch.utils.data.DataLoader``: read beside Keras so that Keras' own reading stays as it was.

Nothing is imported here: a loader of a library that is not loaded cannot have been given.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Iterator
from typing import Any


def is_data_loader(data: Any) -> bool:
    module = sys.modules.get("torch.utils.data")
    return module is not None and isinstance(data, module.DataLoader)


def read_beside(loader: Any) -> Iterator[Any]:
    """The batches of *loader*, in a pass of its own.

    A pass draws its order and a seed from the loader's generator, which the training may share: it is put back. (The
    process-wide generator that is used where a loader has none is kept by :mod:`..host.random_state`.) With
    ``persistent_workers`` a loader has one iterator for all its passes, so that Keras' pass would end with this one:
    the pass is that of a copy.
    """
    twin = copy.copy(loader)
    twin._iterator = None
    generators = _generators(loader)
    states = [generator.get_state() for generator in generators]
    try:
        yield from twin
    finally:
        for generator, state in zip(generators, states):
            generator.set_state(state)


def _generators(loader: Any) -> list[Any]:
    """Each generator that *loader* or one of its samplers was given, once."""
    samplers = [loader, getattr(loader, "sampler", None), getattr(loader, "batch_sampler", None)]
    samplers.append(getattr(samplers[-1], "sampler", None))
    found = [getattr(one, "generator", None) for one in samplers]
    return list({id(generator): generator for generator in found if hasattr(generator, "set_state")}.values())
