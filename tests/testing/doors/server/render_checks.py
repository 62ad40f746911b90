"""The page ``docs/backend-checks.md``: what the public API of each wandb was told, from ``sdk_answers.json``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .expected_answers import ELSEWHERE, FURTHER, MISSING, QUESTIONS, REFUSED, expected, release
from .sdk_results import ANSWERS, program_digest, wrong

PAGE = Path(__file__).parents[4] / "docs" / "backend-checks.md"

_HEAD = """<!-- Made by python -m tests.testing.doors.server.record_sdks render -->
# The backend, asked by real SDKs

Each row is a call of wandb's public API, made by the real wandb of that version against the local backend, and
compared with what it is to give: `tests/testing/doors/server/reading_back.py` logs three runs with artifacts and
links, and asks. Nothing of wandb is replaced. `nox -s sdk -- record` does it again.

* **yes**: the answer is the right one.
* **refused**: the backend does not do it, or there is no such thing; the program gets an error, and it was to.
* **not told**: the backend refused and kept it; this wandb does not tell its program.
* *none*: this wandb has no such call, or does it otherwise.
* numbers: see below the table.
"""


def page() -> str:
    """The page, in Markdown."""
    recorded = json.loads(ANSWERS.read_text(encoding="utf-8"))
    notes: list[str] = []
    lines = [_HEAD, f"| call | {' | '.join(recorded)} |", "|---|" + "---|" * len(recorded)]
    for name, question in QUESTIONS.items():
        cells = [_cell(name, version, one["answers"].get(name), notes) for version, one in recorded.items()]
        call = question.call.replace("|", "\\|")
        lines.append(f"| `{call}` | {' | '.join(cells)} |")
    for name, (call, since) in FURTHER.items():
        cells = [_further(one.get("further", {}).get(name), version, since) for version, one in recorded.items()]
        lines.append(f"| {call} | {' | '.join(cells)} |")
    right = sum(len(QUESTIONS) - len(wrong(version, one["answers"])) for version, one in recorded.items())
    stale = sorted(version for version, one in recorded.items() if one["program"] != program_digest())
    lines += ["", f"{right} of {len(QUESTIONS) * len(recorded)} as they are to be."]
    lines += [f"To be recorded again: {', '.join(stale)}."] if stale else []
    lines += ["", *(f"{number}. {note}." for number, note in enumerate(notes, 1))]
    return "\n".join(lines) + "\n"


def _further(seen: str | None, version: str, since: str) -> str:
    if seen is None:
        return "*none*" if release(version) < release(since) else "not tried"
    return seen


def _cell(name: str, version: str, answer: Any, notes: list[str]) -> str:
    if name in wrong(version, {name: answer}):
        return f"**wrong**: `{answer!r:.60}`"
    if answer == MISSING:
        return "*none*"
    if expected(name, version) != QUESTIONS[name].answer:
        note = ELSEWHERE[name][3]
        if note not in notes:
            notes.append(note)
        told = "refused" if answer == REFUSED else "not told" if answer is None else "yes"
        return f"{told} ({notes.index(note) + 1})"
    return "refused" if answer == REFUSED else "yes"
