"""One file, through all passes: whatever is wrong with it becomes a record, and places are those of the file as it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from wandb_keras_codemods.documents.document import Document, Kind
from wandb_keras_codemods.documents.edits import Edit
from wandb_keras_codemods.engine import migrate_file as engine
from wandb_keras_codemods.engine.migrate_file import Job, Outcome, failure, may_apply, migrate_file
from wandb_keras_codemods.records import Location, Record, SourceError
from wandb_keras_codemods.rules import selected
from wandb_keras_codemods.rules.rule import Rule
from wandb_keras_codemods.to_callbacks.project import Project

OLD = "from wandb.keras import WandbCallback\n"
NEW = OLD.replace("wandb.keras", "wandb_keras_compat")
FIT = "model.fit(x, callbacks=[WandbCallback({})])\n"


def migrated(
    text: str,
    *,
    level: int = 1,
    kind: Kind = "python",
    rules: tuple[str, ...] | None = None,
    project: Project | None = None,
) -> Outcome:
    chosen = selected(level) if rules is None else rules
    return migrate_file(Job("f", kind, text.encode(), chosen, project or (Project() if level > 1 else None)))


@pytest.mark.parametrize(
    ("kind", "data", "levels"),
    [
        ("python", b"import wandb.keras", {1, 2}),
        ("python", b"from common import WandbCallback", {2}),
        ("python", b"x = 1", set()),
        ("python", b"c = {'metric': {'name': n}, 'method': m, 'parameters': {}}", {2}),
        ("yaml", b"_target_: wandb.keras.WandbCallback", {1, 2}),
        ("yaml", b"metric: {name: loss}", {2}),
        ("requirements", b"wandb", {1, 2}),
        ("requirements", b"numpy", set()),
        ("notebook", b"!pip install wandb", set()),
        ("prose", b"x = 1", set()),
    ],
)
def test_a_file_is_looked_at_if_a_rule_of_the_level_could_find_something(
    kind: Kind, data: bytes, levels: set[int]
) -> None:
    assert {level for level in (1, 2) if may_apply(kind, data, level=level)} == levels
    assert may_apply(kind, data) == (1 in levels)


def test_a_failure_is_an_error_of_no_rule() -> None:
    outcome = failure("a.py", "why", 3)
    assert outcome == Outcome("a.py", None, (Record("a.py", Location(3), "", "error", "why"),))
    assert outcome.failed
    assert failure("a.py", "why").records[0].location == Location(1)
    assert not Outcome("a.py", b"", (Record("a.py", Location(3), "WK001", "left", "why"),)).failed


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SourceError("is no text", 4), (4, "is no text")),
        (RecursionError(), (1, "is nested too deeply to be read")),
        (KeyError("x"), (1, "cannot be handled: KeyError: 'x'; please report this")),
        (MemoryError(), (1, "cannot be handled: MemoryError: ; please report this")),
    ],
)
def test_whatever_a_reader_raises_is_an_error_of_the_file(
    error: Exception, said: tuple[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> Document:
        raise error

    monkeypatch.setattr(engine, "read_document", refuse)
    outcome = migrated(OLD)
    assert outcome.after is None
    assert [(record.location.line, record.reason) for record in outcome.records] == [said]
    assert outcome.failed


def test_an_interrupt_is_no_error_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> Document:
        raise KeyboardInterrupt

    monkeypatch.setattr(engine, "read_document", interrupt)
    with pytest.raises(KeyboardInterrupt):
        migrated(OLD)


def test_a_file_that_cannot_be_read_is_an_error_without_any_rule() -> None:
    outcome = migrated("x = = 1\n", rules=())
    assert [(record.action, record.location) for record in outcome.records] == [("error", Location(1))]


def test_only_the_rules_that_were_chosen_run() -> None:
    assert migrated(OLD, rules=()) == Outcome("f", None, ())
    assert migrated(OLD, rules=("WK002",)) == Outcome("f", None, ())
    assert migrated(OLD, rules=("WK001",)).after == NEW.encode()


def test_places_are_those_of_the_file_as_it_was_after_any_pass() -> None:
    """Level 1 adds a line above; records are in the order of their places, whichever rule made them."""
    text = "import wandb\n\n" + FIT.replace("Wandb", "wandb.keras.Wandb").format("save_model=False") + FIT.format("**x")
    text += "from wandb.keras import WandbCallback\n"
    outcome = migrated(text, level=2)
    assert [(record.rule, record.action, record.location.line) for record in outcome.records] == [
        ("WK002", "changed", 3), ("WK101", "changed", 3), ("WK101", "left", 4), ("WK001", "changed", 5),
    ]  # fmt: skip


def test_text_with_code_is_only_of_level_1() -> None:
    text = f"---\njupytext: {{}}\n---\n```python\n{OLD}{FIT.format('save_model=False')}```\n"
    assert migrated(text, level=2, kind="prose") == migrated(text, kind="prose")
    assert migrated(text, kind="prose").after == text.replace(OLD, NEW).encode()


def test_a_cell_that_is_broken_or_not_read_is_told_beside_what_is_done() -> None:
    text = f"---\njupytext: {{}}\n---\n```python\nx = = 1\n```\n```python\n{OLD}```\n"
    outcome = migrated(text, kind="prose")
    assert [(record.action, record.location.line) for record in outcome.records] == [("error", 5), ("changed", 8)]
    assert outcome.after is not None
    script = f"# Databricks notebook source\n{OLD}# MAGIC %run wandb.keras\n"
    unread = [record for record in migrated(script).records if record.action == "left"]
    assert [(record.rule, record.location.line) for record in unread] == [("", 3)]


Applied = Callable[..., tuple[list[Edit], list[Record]]]


@pytest.mark.parametrize("level", [1, 2])
def test_a_pass_that_fails_changes_nothing_and_is_the_last(level: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the pass before has made stays, and the error is at the line that the user has."""
    apply: Applied = engine.apply_rules
    passes: list[set[int]] = []

    def failing(file: str, document: Document, rules: Sequence[Rule], *more: object) -> tuple[list[Edit], list[Record]]:
        passes.append({rule.level for rule in rules})
        if level in passes[-1]:
            raise SourceError("two rules meet", document.text.count("\n", 0, document.text.index("fit")) + 1)
        return apply(file, document, rules, *more)

    monkeypatch.setattr(engine, "apply_rules", failing)
    text = "import wandb\nx = wandb.keras.WandbCallback\nmodel.fit()\n"
    outcome = migrated(text, level=2)
    assert passes == [{1}, {2}][:level]
    assert [(record.location.line, record.reason) for record in outcome.records if record.action == "error"] == [
        (3, "two rules meet")
    ]
    assert outcome.failed
    assert (outcome.after is None) == (level == 1)


def test_an_error_beyond_the_text_is_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> tuple[list[Edit], list[Record]]:
        raise SourceError("why", 99)

    monkeypatch.setattr(engine, "apply_rules", failing)
    assert migrated("a\nb\nc").records[0].location == Location(3)
    assert migrated("").records[0].location == Location(1)


def test_rules_know_of_the_project_at_level_2_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of level 1 do the same whatever the project is."""
    told: list[tuple[int, bool]] = []

    def noted(
        _: str, __: Document, rules: Sequence[Rule], project: Project | None, *more: object
    ) -> tuple[list[Edit], list[Record]]:
        told.append((max(rule.level for rule in rules), project is not None))
        return [], []

    monkeypatch.setattr(engine, "apply_rules", noted)
    migrated(OLD, level=2)
    assert told == [(1, False), (2, True)]


def test_dependencies_are_judged_by_the_file_as_it_was_and_what_became_of_it() -> None:
    """The line that installs wandb is named where it stands, if the file has come to need the package."""
    cells = "# %%\nimport wandb\nx = wandb.keras.WandbCallback\n# %%\n# !pip install wandb\n"
    notes = [record for record in migrated(cells).records if record.rule == "WK007"]
    assert [(record.action, record.location.line) for record in notes] == [("note", 5)]
    without = migrated(cells, rules=tuple(rule for rule in selected(1) if rule != "WK002"))
    assert "WK007" not in {record.rule for record in without.records}
    assert "WK007" not in {record.rule for record in migrated(cells, rules=("WK002",)).records}
