"""What the public API of every wandb that is at hand is told of runs that are there: call by call the right answer.

``WANDB_KERAS_COMPAT_SDKS`` lists further interpreters.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wandb_keras_compat.testing.doors.server import Backend

from . import reading_back

PROGRAM = Path(reading_back.__file__)
INTERPRETERS = [sys.executable, *filter(None, os.environ.get("WANDB_KERAS_COMPAT_SDKS", "").split(os.pathsep))]

REFUSED = "refused"

EXPECTED: dict[str, Any] = {
    "viewer": "tester",
    "projects": ["reading"],
    "ordered": ["c", "b", "a"],
    "by config": ["b", "c"],
    "by summary": ["a"],
    "by or": ["b", "c"],
    "by state": ["a", "b", "c"],
    "by group": ["b"],
    "by time": [],
    "pages": ["a", "b", "c"],
    "how many": 2,
    "no such project": REFUSED,
    "unknown operator": REFUSED,
    "unknown key": REFUSED,
    "unknown order": REFUSED,
    "samples": [0, 2, 5],
    "samples of keys": [{"_step": 0, "x": 0}, {"_step": 5, "x": 5}],
    "system": [],
    "scan": list(range(6)),
    "scan of keys": list(range(6)),
    "scan of steps": [2, 3],
    "files": ["kept-0.txt", "kept-1.txt"],
    "one file": ["kept-1.txt"],
    "pattern": ["kept-0.txt", "kept-1.txt"],
    "logged": ["model:v0", "model:v1"],
    "used": ["model:v0"],
    "versions": ["model:v0", "model:v1"],
    "types": ["model"],
    "alias": True,
    "artifact deleted": "gone",
    "changed": [9, "renamed", ["late"], 1],
    "deleted": ["a", "b"],
}

#: What some wandb have no way to ask, or (wandb 0.18, of a link) do not tell the program the end of.
NOT_EVERYWHERE = {"pattern": "missing", "link": None}

#: The questions that are refused are kept.
UNKNOWN = {"$near", "nobody_knows", "linkArtifact"}


@pytest.mark.parametrize("python", INTERPRETERS)
def test_each_question_has_its_answer(python: str, program: Callable) -> None:
    with Backend() as backend:
        child = program(backend, PROGRAM, python=python)
        output, errors = child.communicate(timeout=280)
        seen = backend.snapshot()
    assert child.returncode == 0, output + errors
    said = dict(json.loads(line[5:]) for line in output.splitlines() if line.startswith("SAID"))
    missing = {name for name, answer in NOT_EVERYWHERE.items() if said[name] == answer}
    assert {name: answer for name, answer in said.items() if name not in missing} == {
        name: answer for name, answer in (EXPECTED | {"link": REFUSED}).items() if name not in missing
    }
    assert all(any(word in line for word in UNKNOWN) for line in seen.unknown), seen.unknown
    assert all(any(word in line for line in seen.unknown) for word in UNKNOWN), seen.unknown
