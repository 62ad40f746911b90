"""Every TensorFlow with each Keras against every minor of wandb, as squares that :mod:`.report` draws."""

from __future__ import annotations

from dataclasses import dataclass

from packaging.version import Version

from .picture import REFUSED_STATE, Picture
from .run import DOES_NOT_START

#: What a square without numbers says.
EMPTY = "empty"


@dataclass(frozen=True)
class Square:
    """One place of the picture.

    Attributes:
        state: ``ran``, ``does not start``, ``cannot be installed``, or ``empty``: nothing of that place was run.
        ours, native: how many capabilities work, in the environment of that place in which the fewest do.
        runs: in how many environments.
    """

    state: str
    ours: int = 0
    native: int = 0
    runs: int = 0


def minors(found: Picture) -> list[str]:
    """Of wandb, oldest first."""
    return sorted({minor(wandb) for wandb in found.wandbs}, key=Version)


def minor(version: str) -> str:
    return "{0.major}.{0.minor}".format(Version(version))


def square(found: Picture, build: tuple[str, str], of_wandb: str) -> Square:
    """What came of *build*, a TensorFlow and a Keras, with a minor of wandb."""
    wandbs = [wandb for wandb in found.wandbs if minor(wandb) == of_wandb]
    ran = [row for row in found.ran if (row.cell.tensorflow, row.cell.flavour) == build and row.cell.wandb in wandbs]
    if ran:
        ours, native = (min(row.working(who) for row in ran) for who in ("ours", "native"))
        return Square("ran", ours, native, len(ran))
    results = [row.result for wandb in wandbs for row in found.at(build, wandb) if row.result]
    if any(result.outcome == DOES_NOT_START for result in results):
        return Square(DOES_NOT_START)
    if all((build, wandb) in found.proofs for wandb in wandbs):
        return Square(REFUSED_STATE)
    return Square(EMPTY)
