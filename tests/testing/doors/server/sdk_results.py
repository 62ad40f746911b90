"""What was seen of each wandb that the project is tried with: the files, and what is right in them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import reading_back
from .expected_answers import MISSING, QUESTIONS, expected, has_not

#: Version of wandb to what ``reading_back.py`` was told with it.
ANSWERS = Path(__file__).with_name("sdk_answers.json")


def program_digest() -> str:
    """Of the program that asks: answers to another one say nothing."""
    return hashlib.sha256(Path(reading_back.__file__).read_bytes()).hexdigest()[:16]


def wrong(version: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that are other ones than the wandb of *version* is to be given, and those that lack."""
    found = {}
    for question in QUESTIONS:
        right = MISSING if has_not(question, version) else expected(question, version)
        if answers.get(question, "not asked") != right:
            found[question] = answers.get(question, "not asked")
    return found | {question: answer for question, answer in answers.items() if question not in QUESTIONS}
