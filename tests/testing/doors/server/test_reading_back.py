"""What the public API of every wandb that is at hand is told of runs that are there: call by call the right answer.

``WANDB_KERAS_COMPAT_SDKS`` lists further interpreters. What was seen of those that the project is tried with is in
``sdk_answers.json``, which ``python -m tests.testing.doors.server.record_sdks`` makes, and docs/backend-checks.md.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sdks import INTERPRETERS
from wandb_keras_compat.testing.doors.server import Backend

from . import reading_back
from .expected_answers import ELSEWHERE, MISSING, QUESTIONS, UNKNOWN, expected, has_not
from .sdk_results import ANSWERS, answers, program_digest, wrong

PROGRAM = Path(reading_back.__file__)


@pytest.mark.slow
@pytest.mark.parametrize("python", INTERPRETERS)
def test_each_question_has_its_answer(python: str, program: Callable) -> None:
    with Backend() as backend:
        child = program(backend, PROGRAM, python=python)
        output, errors = child.communicate(timeout=280)
        seen = backend.snapshot()
    assert child.returncode == 0, output + errors
    said = answers(output, seen)
    version = said.pop("version")
    assert wrong(version, said) == {}
    assert all(any(word in line for word in UNKNOWN) for line in seen.unknown), seen.unknown
    assert all(any(word in line for line in seen.unknown) for word in UNKNOWN), seen.unknown


def test_what_is_recorded_of_each_wandb_is_right_and_of_this_program():
    recorded = json.loads(ANSWERS.read_text(encoding="utf-8"))
    assert len(recorded) >= 6
    for version, one in recorded.items():
        assert one["program"] == program_digest(), f"{version}: record again"
        assert wrong(version, one["answers"]) == {}, version


def test_a_wrong_answer_is_noticed():
    right = {question: expected(question, "0.31.0") for question in QUESTIONS}
    assert wrong("0.31.0", right) == {}
    for question in QUESTIONS:
        assert question in wrong("0.31.0", right | {question: "something else"})
        assert question in wrong("0.31.0", right | {question: MISSING}), "the newest can ask everything"
        assert question in wrong("0.31.0", {q: a for q, a in right.items() if q != question})
    assert not has_not("viewer", "0.13.4") and has_not("pattern", "0.13.4")
    assert ELSEWHERE.keys() <= QUESTIONS.keys()
