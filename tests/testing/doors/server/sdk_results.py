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


def wrong(version: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that are other ones than the wandb of *version* is to be given, and those that lack."""
    found = {}
    for question in QUESTIONS:
        right = MISSING if has_not(question, version) else expected(question, version)
        if answers.get(question, "not asked") != right:
            found[question] = answers.get(question, "not asked")
    return found | {question: answer for question, answer in answers.items() if question not in QUESTIONS}
