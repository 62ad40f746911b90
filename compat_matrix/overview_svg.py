"""The squares of overview.svg: how many capabilities work with one TensorFlow, one Keras and one or several wandbs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from packaging.version import Version

from wandb_keras_compat.parity.check.judge import NOT_RUN

from .results import DOES_NOT_START, RAN
from .summary import REFUSED_STATE, MatrixSummary

#: Nothing of a place was chosen.
EMPTY = "empty"


@dataclass(frozen=True)
class Square:
    """One place of a picture.

    Attributes:
        state: ``ran``, ``does not start``, ``cannot be installed``, ``not run`` or ``empty``.
        ours, native: how many capabilities work, in the environment of that place in which the fewest do.
        runs: in how many environments.
        older: whether that environment's result is of earlier code.
        of, unknown: how many capabilities apply there, and how many of ours nobody has looked at.
    """

    state: str
    ours: int = 0
    native: int = 0
    runs: int = 0
    older: bool = False
    of: int = 0
    unknown: int = 0


def minors(found: MatrixSummary) -> dict[str, list[str]]:
    """The minors of wandb, oldest first, each with its versions."""
    of: dict[str, list[str]] = {}
    for wandb in found.wandbs:
        of.setdefault("{0.major}.{0.minor}".format(Version(wandb)), []).append(wandb)
    return of


def square(found: MatrixSummary, build: tuple[str, str], wandbs: Sequence[str]) -> Square:
    """What came of *build*, a TensorFlow and a Keras, with *wandbs*."""
    rows = [row for wandb in wandbs for row in found.at(build, wandb)]
    if done := [row for row in rows if row.result]:
        least = min(done, key=lambda row: (row.working("ours"), row.working("native")))
        if least.state in {DOES_NOT_START, REFUSED_STATE}:
            return Square(least.state)
        return Square(
            RAN, least.working("ours"), least.working("native"), len(done), least.older, least.of, least.unknown("ours")
        )
    if rows:
        return Square(NOT_RUN)
    return Square(REFUSED_STATE if all((build, wandb) in found.proofs for wandb in wandbs) else EMPTY)
