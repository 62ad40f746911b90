"""What the codemods make of one program, and what they say about it, by the command that users have."""

from __future__ import annotations

import json
import pathlib
from dataclasses import dataclass
from typing import Any

from .program import Program

#: Setting to the arguments of ``migrate``.
SETTINGS = {
    "compat": ["--to", "compat"],
    "both": ["--to", "callbacks", "--keys", "both"],
    "new": ["--to", "callbacks", "--keys", "new"],
}
_LEFT = ("left", "ignored", "error")
#: A use of W&B's own newer classes that current versions refuse: it moves to the package by an option.
_LEFT_UNLESS_ASKED = ("note", "WK009")


@dataclass(frozen=True)
class Migrated:
    """A program after it.

    Attributes:
        path: where it is.
        left: why each place was left as it was: the report's records of that kind, and of files it could not handle.
        moved: what the report says is found elsewhere, old to new; "" for nowhere.
        failed: what the command said where it ended in an error of its own.
    """

    path: pathlib.Path
    left: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    failed: str = ""


def migrate(program: Program, form: str, setting: str, folder: pathlib.Path) -> Migrated:
    """Writes *program* to *folder*, which is a project of its own, and migrates it there."""
    from click.testing import CliRunner
    from wandb_keras_codemods.cli import migrate as command

    path = program.write(folder, form)
    report = folder.with_suffix(".report.json")
    arguments = [*SETTINGS[setting], "--write", "--exit-zero", "--jobs", "1", "--report", str(report), str(folder)]
    done = CliRunner().invoke(command, arguments)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        return Migrated(path, failed=f"{type(done.exception).__name__}: {done.exception}")
    records: list[dict[str, Any]] = json.loads(report.read_text(encoding="utf-8"))["records"]
    left = [
        f"line {record['line']}, {record['rule']}: {record['reason']}"
        for record in records
        if record["action"] in _LEFT or (record["action"], record["rule"]) == _LEFT_UNLESS_ASKED
    ]
    moved = [(each["old"], each["new"] or "") for record in records for each in record["moved"]]
    return Migrated(path, tuple(left), tuple(moved))
