"""What was seen of each wandb that the project is tried with: the files, and what is right in them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wandb_keras_compat.testing.model.snapshot import Snapshot

from . import reading_back
from .expected_answers import MISSING, QUESTIONS, expected, has_not

#: Version of wandb to what ``reading_back.py`` was told with it.
ANSWERS = Path(__file__).with_name("sdk_answers.json")


def program_digest() -> str:
    """Of the program that asks: answers to another one say nothing."""
    return hashlib.sha256(Path(reading_back.__file__).read_bytes()).hexdigest()[:16]


def answers(output: str, seen: Snapshot) -> dict[str, Any]:
    """What the program was told, by question, and what its run left in the backend."""
    found = dict(json.loads(line[5:]) for line in output.splitlines() if line.startswith("SAID"))
    run = seen.run("a")
    found["alert"] = [[alert.title, alert.text, alert.severity, alert.wait] for alert in run.alerts()]
    found["link by a run"] = [[artifact.name, list(artifact.links)] for artifact in run.artifacts() if artifact.links]
    return found


def check_function_sweep(output: str, seen: Snapshot) -> None:
    """What ``function_sweep.py grid`` was told is what is in the backend, and the best run has the lowest loss.

    Raises:
        AssertionError: not so.
    """
    assert seen.unknown == ()
    said = json.loads(next(line for line in output.splitlines() if line.startswith("SAID"))[5:])
    (sweep,) = seen.sweeps
    assert (said["id"], said["state"], said["method"], said["of the run"]) == (sweep.id, "FINISHED", "grid", sweep.id)
    assert [values for _, values in sweep.given] == [{"lr": lr, "size": 4} for lr in (0.1, 0.2, 0.4)]
    began = {run_id: [run_id, values, "finished"] for run_id, values in sweep.given}
    assert {run[0]: run[:3] for run in said["runs"]} == began
    losses = {run_id: loss for run_id, _, _, loss in said["runs"]}
    assert said["best"] == [min(losses, key=losses.__getitem__), min(losses.values())]
    assert dict(sweep.given)[said["best"][0]]["lr"] == 0.2
    assert [run.sweep for run in seen.runs] == [sweep.id] * 3
    assert [run.config() for run in seen.runs] == [values for _, values in sweep.given]


def wrong(version: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that are other ones than the wandb of *version* is to be given, and those that lack."""
    found = {}
    for question in QUESTIONS:
        right = MISSING if has_not(question, version) else expected(question, version)
        if answers.get(question, "not asked") != right:
            found[question] = answers.get(question, "not asked")
    return found | {question: answer for question, answer in answers.items() if question not in QUESTIONS}
