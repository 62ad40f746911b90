"""Helpers of the codemod tests: two verbs for one file, and whole trees in and out."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import jsonschema
from hypothesis import HealthCheck, settings
from wandb_keras_codemods.documents.document import Kind
from wandb_keras_codemods.engine.json_report import schema
from wandb_keras_codemods.engine.migrate_file import Job, Outcome, may_apply, migrate_file
from wandb_keras_codemods.rules import selected
from wandb_keras_codemods.to_callbacks.key_readers import facts_of
from wandb_keras_codemods.to_callbacks.project import Keys, combine

EXAMPLES = int(os.environ.get("CODEMODS_EXAMPLES", "100"))
"""Examples per property; raise it to look for longer."""
PROPERTY = settings(deadline=None, print_blob=True, max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])


RECORD = jsonschema.Draft202012Validator({"$ref": "#/$defs/record", "$defs": schema()["$defs"]})


def checked(job: Job) -> Outcome:
    """One file, with what holds of every one.

    Each record is as the report's schema has it, a change, and nothing else, says what stands there now, and a file in which a rule finds
    something is one that a run looks at.
    """
    outcome = migrate_file(job)
    for record in outcome.records:
        RECORD.validate(record.as_json())
        assert bool(record.after) == (record.action == "changed"), record
        level = 2 if job.project else 1
        assert not record.rule or record.action == "error" or may_apply(job.kind, job.data, level=level), record
    return outcome


def migrate(
    data: str | bytes,
    *,
    level: int = 1,
    kind: Kind = "python",
    file: str = "train.py",
    rules: tuple[str, ...] = (),
    keys: Keys = "new",
) -> Outcome:
    """One file as a project of its own."""
    raw = data.encode() if isinstance(data, str) else data
    project = combine([facts_of(file, kind, raw)], keys) if level > 1 else None
    return checked(Job(file, kind, raw, rules or selected(level), project))


def check_noop(before: str, *, level: int = 1) -> Outcome:
    """Nothing changes and nothing fails."""
    outcome = migrate(before, level=level)
    assert not outcome.failed, outcome.records
    assert outcome.after is None, outcome.after.decode()
    return outcome


def check_transformed(before: str, after: str, *, level: int = 1, keys: Keys = "new") -> Outcome:
    """``before`` becomes ``after``, which parses and does not change again."""
    ast.parse(after)
    outcome = migrate(before, level=level, keys=keys)
    assert not outcome.failed, outcome.records
    assert (outcome.after or before.encode()).decode() == after
    again = migrate(after, level=level, keys=keys)
    assert again.after is None, "running twice changes it again"
    return outcome


def actions(outcome: Outcome) -> list[tuple[str, str, int]]:
    """Rule, action and line of each record."""
    return [(record.rule, record.action, record.location.line) for record in outcome.records]


def reasons(outcome: Outcome, action: str = "left") -> str:
    return "\n".join(record.reason for record in outcome.records if record.action == action)


def tree(folder: Path) -> dict[str, bytes]:
    """The files below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
