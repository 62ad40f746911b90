"""The rules of one pass, on one document."""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst
import pytest
from wandb_keras_codemods.documents.edits import Edit
from wandb_keras_codemods.documents.python import PythonText
from wandb_keras_codemods.engine.apply_rules import apply_rules
from wandb_keras_codemods.records import Location, SourceError
from wandb_keras_codemods.rules.context import PythonContext
from wandb_keras_codemods.rules.rule import PythonRule
from wandb_keras_codemods.to_callbacks.project import Project

TEXT = "x = a\ny = b\n"


def rule(id: str, run: Callable[[PythonContext], None]) -> PythonRule:
    return PythonRule(id=id, name=id.lower(), level=1, doc="", run=run)


def renaming(old: str, new: str) -> Callable[[PythonContext], None]:
    """What a rule does that gives a name another one, and says so."""

    def run(context: PythonContext) -> None:
        for node in context.view.nodes(cst.Name):
            if node.value == old:
                context.replace(node, new)
                context.record(node, "changed", "renamed", new)

    return run


def test_edits_and_records_of_all_rules_come_together() -> None:
    """Edits by their place, records by their rule."""
    edits, records = apply_rules(
        "f.py", PythonText(TEXT), [rule("WK2", renaming("b", "d")), rule("WK1", renaming("a", "c"))]
    )
    assert edits == [Edit(4, 5, "c"), Edit(10, 11, "d")]
    assert [(record.file, record.rule, record.location, record.before, record.after) for record in records] == [
        ("f.py", "WK2", Location(2), "b", "d"), ("f.py", "WK1", Location(1), "a", "c"),
    ]  # fmt: skip


def test_a_file_that_an_ignore_comment_leaves_alone_is_shown_to_no_rule() -> None:
    text = f"# wandb-keras-compat: ignore-file\n{TEXT}"
    assert PythonText(text).ignores_file
    assert apply_rules("f.py", PythonText(text), [rule("WK1", renaming("a", "c"))]) == ([], [])


def test_rules_share_what_they_know() -> None:
    """The first is told of all that will run, and the next of what it has found."""
    found: list[tuple[object, ...]] = []

    def look(context: PythonContext) -> None:
        found.append((context, context.rule, context.enabled, context.project, context.newer_from))

    project = Project("why")
    assert apply_rules("f", PythonText(TEXT), iter([rule("WK1", look), rule("WK2", look)]), project, "wandb") == (
        [],
        [],
    )
    (first, *of_first), (second, *of_second) = found
    assert first is second
    assert of_first == ["WK1", {"WK1", "WK2"}, project, "wandb"]
    assert of_second == ["WK2", {"WK1", "WK2"}, project, "wandb"]


def test_without_a_project_rules_know_of_none() -> None:
    def look(context: PythonContext) -> None:
        assert (context.project, context.newer_from) == (None, None)

    assert apply_rules("f", PythonText(TEXT), [rule("WK1", look)]) == ([], [])


def test_places_are_those_of_the_file_of_the_user() -> None:
    """Whose text an earlier pass may have changed."""
    rules = [rule("WK1", renaming("a", "c"))]
    _, records = apply_rules("f", PythonText(TEXT), rules, locate=lambda offset: Location(100 + offset))
    assert [record.location for record in records] == [Location(104)]


def test_two_rules_that_change_the_same_characters_are_an_error() -> None:
    rules = [rule("WK1", renaming("a", "c")), rule("WK2", renaming("a", "d"))]
    with pytest.raises(SourceError, match="two rules meet at .*; please report this"):
        apply_rules("f", PythonText(TEXT), rules)
