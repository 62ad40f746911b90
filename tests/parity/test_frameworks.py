"""What scenarios need of a framework is there for each, and what Keras makes of a training on it is as the ledger says."""

from __future__ import annotations

import pathlib

import numpy as np
import pytest

from wandb_keras_compat.parity import families, frameworks, play
from wandb_keras_compat.parity.check.player import FRAMEWORKS
from wandb_keras_compat.parity.frameworks import framework, keras
from wandb_keras_compat.parity.ledger import ledger
from wandb_keras_compat.parity.scenarios import SCENARIOS

#: Trainings that Keras ends on PyTorch, see KD-142.
ENDED = next(entry.run for entry in ledger().entries if entry.id == "KD-142")


def test_there_is_a_module_for_each() -> None:
    folder = pathlib.Path(frameworks.__file__).parent
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == set(frameworks.NAMES) == set(FRAMEWORKS)


def test_what_is_not_played_has_a_reason() -> None:
    assert framework.NOT_PLAYED.keys() <= SCENARIOS.keys()
    assert all(framework.NOT_PLAYED.values())
    assert frameworks.name != "tensorflow" or not framework.NOT_PLAYED


def test_keras_computes_with_it() -> None:
    assert keras.backend.backend() == frameworks.name


def test_a_stateful_layer_is_what_the_framework_makes_of_it() -> None:
    """The same batch again, which a state goes on from."""
    family = families.FAMILIES["stateful"]
    model = families.compiled(family)
    x, y = (part[:8] for part in families.data(family))
    first, again = (model.evaluate(x, y, batch_size=8, verbose=0) for _ in range(2))
    assert (first == again) == (frameworks.name == "jax")


@pytest.mark.slow
@pytest.mark.parametrize("name", ENDED)
def test_keras_on_pytorch_ends_these_trainings(name: str) -> None:
    _, ended = play.play(name, "none")
    assert (ended is not None) == (frameworks.name == "torch")


def test_a_step_of_ones_own_trains_as_that_of_keras() -> None:
    """Mean squared error by SGD, which the usual step takes as well."""
    family = families.FAMILIES["custom_step"]
    x, y = families.data(family)
    weights = []
    for kind in (families.CustomStep, keras.Model):
        i = keras.Input((4,), name="in")
        hidden = keras.layers.Dense(3, name="h")(i)
        model = families.numbered(kind(i, keras.layers.Dense(2, name="o")(hidden)))
        model.compile(keras.optimizers.SGD(0.01), "mse")
        model.fit(x, y, batch_size=8, shuffle=False, verbose=0)
        weights.append(model.get_weights())
    assert all(np.allclose(*pair, rtol=1e-5) for pair in zip(*weights))
