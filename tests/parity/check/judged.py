"""``check`` without the processes: what is played is played here, or is what the real class left, changed."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from wandb_keras_compat.parity.check import process, run, uses
from wandb_keras_compat.parity.check.options import Options
from wandb_keras_compat.parity.check.report import Report, Row
from wandb_keras_compat.parity.ledger import ledger
from wandb_keras_compat.parity.record_goldens import GOLDENS

HERE = {"python": "3.11.7", "tensorflow": "2.12.1", "keras": "2.12.0", "wandb": "0.16.6", "numpy": "1.23.5"}

#: Puts what a process would leave of the scenarios into the folder; says how it ended.
Player = Callable[[pathlib.Path, Sequence[str]], process.ProcessResult]
ENDED = process.ProcessResult(0, "", "")
#: What each process is said to have used.
PROCESSOR_SECONDS = 1.5


def environment(folder: pathlib.Path, **fields: Any) -> None:
    (folder / "environment.json").write_text(json.dumps({"versions": HERE, **fields}), encoding="utf-8")


def checked(monkeypatch: pytest.MonkeyPatch, player: Player, *names: str, **options: Any) -> Report:
    """The report on the scenarios *names*, with *player* in the place of each process."""

    def replaced(
        command: Sequence[str], variables: object, folder: object, limits: process.TimeLimits, *_: Any
    ) -> process.ProcessResult:
        limits.used += PROCESSOR_SECONDS
        at = command.index("wandb_keras_compat.parity.check.player") + 2
        return player(pathlib.Path(command[at]), command[at + 1 :])

    monkeypatch.setattr(process, "run", replaced)
    return run.check(names, options.pop("known", ledger()), Options(**options))


def goldens(change: Callable[[dict[str, Any]], Any] = lambda trace: None) -> Player:
    """Leaves what the real class left, changed."""

    def play(folder: pathlib.Path, names: Sequence[str]) -> process.ProcessResult:
        environment(folder)
        for name in names:
            if name in uses.names():
                (folder / uses.file_of(name)).write_text(json.dumps({"use": name, "result": "ok"}), encoding="utf-8")
                continue
            trace = json.loads((GOLDENS / f"{name}.json").read_text(encoding="utf-8"))
            change(trace)
            (folder / f"{name}.json").write_text(json.dumps(trace), encoding="utf-8")
        return ENDED

    return play


def played_here(folder: pathlib.Path, names: Sequence[str]) -> process.ProcessResult:
    """Trains them in this process."""
    from wandb_keras_compat.parity import play, recording

    environment(folder, versions=recording.made_with())
    for name in names:
        recording.write(folder, name, *play.play(name, "shim"))
    return ENDED


def states(report: Report) -> dict[str, str]:
    return {row.capability: row.state for row in report.rows}


def row(report: Report, capability: str) -> Row:
    return next(row for row in report.rows if row.capability == capability)
