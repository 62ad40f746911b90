"""The table: which uses of a newer callback mean something else with W&B's own class than with the package's.

It speaks of the versions that a program can be moved to: wandb 0.18 and later, on every TensorFlow and Keras that the
package is played on. (wandb 0.17 and Keras 3 cannot make a ``WandbModelCheckpoint`` at all.) What W&B's classes do was
played: ``newer_callbacks/FIXES.md`` of the package has a row for each documented use, with what this table says of it
beside what was seen, and a test holds the one to the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import libcst as cst

from ..names import CHECKPOINT, EVAL, METRICS
from ..to_callbacks.arguments import UNKNOWN
from .use import Use, ending, has_placeholder


@dataclass(frozen=True)
class Difference:
    """Something that W&B's own class does otherwise."""

    callbacks: frozenset[str]
    sentence: str
    """What W&B's own class does."""
    refuses: bool
    """Whether the program ends in an error, and not only what is logged differs."""
    applies: Callable[[Use], bool]


def _switch(use: Use, name: str) -> object:
    """True, False or ``UNKNOWN`` for an argument that is a switch."""
    value = use.value(name, False)
    return value if value is UNKNOWN else bool(value)


def _weights_elsewhere(use: Use) -> bool:
    end = ending(use.path) if use.path is not None else None
    return _switch(use, "save_weights_only") is True and end is not None and not end.endswith(".weights.h5")


def _model_elsewhere(use: Use) -> bool:
    end = ending(use.path) if use.path is not None else None
    return _switch(use, "save_weights_only") is False and end is not None and not end.endswith(".keras")


def _path_unknown(use: Use) -> bool:
    return (
        use.path is None or ending(use.path) is None or _switch(use, "save_weights_only") is UNKNOWN
    ) and not _is_path_object(use)


def _is_path_object(use: Use) -> bool:
    return (
        isinstance(use.path, cst.Call) and isinstance(use.path.func, cst.Name) and use.path.func.value in _PATHS
    ) or (isinstance(use.path, cst.BinaryOperation) and isinstance(use.path.operator, cst.Divide))


_PATHS = frozenset({"Path", "PurePath", "PosixPath", "WindowsPath"})
_ANY = frozenset({METRICS, CHECKPOINT, EVAL})
_CHECKPOINT = frozenset({CHECKPOINT})

DIFFERENCES: tuple[Difference, ...] = (
    Difference(
        frozenset({METRICS, CHECKPOINT}), "it is a base class or handed on, so how it is used cannot be seen", False,
        lambda use: not use.is_call,
    ),
    Difference(
        _ANY, "its arguments come from * or **, so they cannot be read here", False, lambda use: not use.complete
    ),
    Difference(
        _CHECKPOINT, "Keras 3 and W&B's own class refuse a model's path that does not end in .keras", True,
        _model_elsewhere,
    ),
    Difference(
        _CHECKPOINT, "Keras 3 and W&B's own class refuse a path of weights that does not end in .weights.h5", True,
        _weights_elsewhere,
    ),
    Difference(_CHECKPOINT, "W&B's own class refuses a pathlib.Path on Keras 2", True, _is_path_object),
    Difference(
        _CHECKPOINT, "Keras 3 has no options= for checkpoints", True, lambda use: use.value("options", None) is not None
    ),
    Difference(
        _CHECKPOINT, "with W&B's own class a training ends that does not reach initial_value_threshold at once", True,
        lambda use: use.value("initial_value_threshold", None) is not None,
    ),
    Difference(
        _CHECKPOINT, "with W&B's own class a training ends in the first epoch that does not improve: its path has a "
        "placeholder and save_best_only is on", True,
        lambda use: _switch(use, "save_best_only") is True and use.path is not None and has_placeholder(use.path),
    ),
    Difference(
        _CHECKPOINT, "with save_best_only W&B's own class logs an artifact in epochs that save nothing, and ends a "
        "training that does not report the monitored value", False,
        lambda use: _switch(use, "save_best_only") is not False,
    ),
    Difference(_CHECKPOINT, "whether W&B's own class takes its path is only known when it runs", False, _path_unknown),
    Difference(
        _ANY, "W&B's own class has not all of its arguments", True,
        lambda use: bool(use.unknown_arguments),
    ),
    Difference(
        frozenset({METRICS}), "W&B's own class ends the training with a frequency of 0", True,
        lambda use: use.value("log_freq", "epoch") in (0, False),
    ),
    Difference(
        frozenset({EVAL}), "offline and disabled runs end in an error with W&B's own class", False, lambda use: True
    ),
)  # fmt: skip
"""In the order in which they are told: the first that applies is the reason."""


def differences_of(use: Use) -> Iterator[Difference]:
    """What W&B's own class would do otherwise with this use, the plainest first."""
    return (each for each in DIFFERENCES if use.callback in each.callbacks and each.applies(use))
