"""Plays drawn by hypothesis, judged in a cell; the real class takes part where it is there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from wandb_keras_compat.parity.check import cell_environment, retry
from wandb_keras_compat.parity.check.cell_environment import CellEnvironment
from wandb_keras_compat.parity.check.judge import Verdict
from wandb_keras_compat.parity.check.process import ProcessResult
from wandb_keras_compat.parity.state_machine import agreed
from wandb_keras_compat.testing.child_environment import python_path

from .axes import Matrix

#: Between what the judge says and what hypothesis says: the play once more, as Python.
_REPEATED = re.compile(
    r"^(?:Failing test case|Falsifying example): .*?(?=^You can reproduce|\Z)", re.MULTILINE | re.DOTALL
)
_DISAGREEMENT = re.compile(r"^(?:[\w.]+\.)?Disagreement: (.*)", re.MULTILINE)
_FIRST = re.compile(r"^by path, .*:\n\s*(.*)", re.MULTILINE)
_REPRODUCED = re.compile(r"^You can reproduce .*", re.MULTILINE)


#: What plays them.
_PLAY = ("-m", "wandb_keras_compat.parity.state_machine")


@dataclass(frozen=True)
class DrawnPlays:
    """The property tests of a cell.

    Attributes:
        tools: where what they need beside the cell is.
    """

    matrix: Matrix
    tools: Path

    @classmethod
    def of(cls, matrix: Matrix, environment: CellEnvironment) -> DrawnPlays:
        """With its tools installed."""
        return cls(matrix, cell_environment.tools(environment.python, matrix.drawn.requirements, environment.folder))

    @property
    def names(self) -> list[str]:
        return list(self.matrix.drawn.properties.values())

    @property
    def afterwards(self) -> tuple[str, ...]:
        """What has ``check`` play them in its own process, which has imported everything: see :class:`.Options`."""
        return (str(self.tools), _PLAY[1], *self.words(self.names))

    def words(self, names: Sequence[str]) -> tuple[str, ...]:
        """What the module that plays takes."""
        return (*names, "--examples", str(self.matrix.drawn.examples), "--seed", str(self.matrix.drawn.seed))


def verdicts(drawn: DrawnPlays, environment: CellEnvironment, printed: str) -> list[Verdict]:
    """One for each property.

    What did not agree in the process that *printed* this is played again, in one of its own that tells more of it.
    """
    through = {*agreed.names_in(printed)}
    known = [name for name in drawn.names if name in through]
    others = [name for name in drawn.names if name not in through]

    def attempt(left: Sequence[str]) -> ProcessResult:
        path = python_path([*environment.import_path, drawn.tools])
        ended = environment.run(*_PLAY, *drawn.words(left), step="drawn plays", PYTHONPATH=path)
        through.update(agreed.names_in(ended.out))
        return ended

    def verdict(name: str) -> Verdict | None:
        return Verdict(name) if name in through else None

    found = retry.each(others, attempt, verdict, environment.limits, failure_of, play_failed)
    return [replace(item, what=plays_of(drawn.matrix, item.what)) for item in (*map(Verdict, known), *found)]


def plays_of(matrix: Matrix, name: str) -> str:
    return f"{matrix.drawn.examples} drawn plays of {name}"


def failure_of(name: str, ended: ProcessResult) -> Verdict:
    """The verdict on the plays of the property *name*, some of which failed.

    Where two sides disagreed: who, where and their values; then all of it, as the judge says it, and the line that
    reproduces it. What else the process printed, and the play as Python, which that line is for, are left out.
    """
    found = retry.failure_of(name, ended)
    disagreements = list(_DISAGREEMENT.finditer(ended.err))
    if ended.hung or not ended.code:
        return found
    if not disagreements:
        of_this = _REPEATED.split(ended.err)[0]
        at = of_this.rfind("Traceback (most recent call last):")
        kept = of_this[max(at, 0) :].strip()
        how = retry.failure_of(name, replace(ended, err=kept)).how
        return replace(found, how=how, traceback="\n".join([kept, *_REPRODUCED.findall(ended.err)[-1:]]))
    block = ended.err[disagreements[-1].start() :]
    first = _FIRST.search(block)
    how = f"{disagreements[-1][1]}: {first[1]}" if first else disagreements[-1][1]
    return replace(found, how=how[:300], traceback=_REPEATED.sub("", block).strip())


def play_failed(ended: ProcessResult) -> bool:
    """Whether hypothesis drew a play that failed, which concerns this property alone: the next is tried as well."""
    return bool(_REPRODUCED.search(ended.err))
