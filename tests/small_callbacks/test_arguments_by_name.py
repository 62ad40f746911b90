"""Every argument of a small callback is the attribute that its feature reads under that name, and no other."""

from __future__ import annotations

import inspect
import operator
from typing import Any

import numpy as np
import pytest

from wandb_keras_compat import small_callbacks
from wandb_keras_compat.arguments import BY_NAME

from ..builders import generator_of, images
from ..conftest import Observed

X, Y = images()

#: Where the name of an argument is not the legacy one.
OTHER_NAMES = {"prefix": "log_best_prefix", "frequency": "log_evaluation_frequency", "indexes": "validation_indexes"}

#: A value of each argument that is not its default, and not that of another argument.
VALUES: dict[str, Any] = {
    "monitor": "val_mine", "mode": "max", "prefix": "mine_", "verbose": 1, "save_weights_only": True,
    "validation_data": (X, Y), "generator": generator_of(X, Y, 2), "validation_steps": 3, "labels": ["a", "b", "c"],
    "frequency": 2, "indexes": [5, 6], "validation_row_processor": lambda ndx, row: {"v": 1},
    "prediction_row_processor": lambda ndx, row: {"p": 1}, "infer_missing_processors": False,
    "training_data": (X[:2], Y[:2]), "input_type": "image", "output_type": "label", "predictions": 7,
    "class_colors": [[0, 0, 1], [0, 1, 0], [1, 0, 0]],
}  # fmt: skip
ARGUMENTS = [
    (kind, name)
    for kind in map(small_callbacks.__dict__.get, small_callbacks.__all__)
    for name in inspect.signature(kind).parameters
]


def attributes(under_test: Any) -> dict[str, Any]:
    """By argument: what features read."""
    named = {name: argument.attribute or name for name, argument in BY_NAME.items()}
    found = {name: getattr(under_test, attribute, None) for name, attribute in named.items()}
    return {**found, "mode": {operator.gt: "max", operator.lt: "min"}.get(getattr(under_test, "monitor_op", None))}


def same(one: Any, other: Any) -> bool:
    return one is other or (type(one) is type(other) and repr(one) == repr(other))


@pytest.mark.parametrize(("kind", "name"), ARGUMENTS, ids=[f"{kind.__name__}-{name}" for kind, name in ARGUMENTS])
def test_it_is_set_and_nothing_else_is(observed: Observed, kind: type[Any], name: str) -> None:
    needed = {"training_data": VALUES["training_data"]} if "training_data" in inspect.signature(kind).parameters else {}
    plain = {} if name in needed else attributes(kind(**needed))
    made = attributes(kind(**{**needed, name: VALUES[name]}))
    legacy = OTHER_NAMES.get(name, name)
    found = made.pop(legacy)
    assert found is VALUES[name] or np.all(np.asarray(found) == np.asarray(VALUES[name]))
    plain.pop(legacy, None)
    follows = {"mode"} if name == "monitor" else set()  # "auto" goes by the name of the metric
    assert {other for other in plain if not same(plain[other], made[other])} <= follows
