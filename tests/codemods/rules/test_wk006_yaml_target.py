"""WK006: Hydra's ``_target_`` in YAML."""

from __future__ import annotations

import pytest
from wandb_keras_codemods.documents.edits import Edit
from wandb_keras_codemods.documents.yaml import YamlDocument
from wandb_keras_codemods.engine.migrate_file import may_apply

from ..tools import actions, migrate

BEFORE = """\
# callbacks
cb: &cb
  _target_: wandb.keras.WandbCallback   # legacy
  save_model: false
other: *cb
list: [{_target_: 'wandb.keras.WandbMetricsLogger'}, {_target_: "wandb.integration.keras.WandbCallback"}]
name: wandb.keras.WandbCallback
---
_target_: wandb.keras.WandbCallback  # wandb-keras-compat: ignore
"""
AFTER = (
    BEFORE.replace("_target_: wandb.keras.WandbCallback   #", "_target_: wandb_keras_compat.WandbCallback   #")
    .replace("'wandb.keras.WandbMetricsLogger'", "'wandb_keras_compat.WandbMetricsLogger'")
    .replace('"wandb.integration.keras.WandbCallback"', '"wandb_keras_compat.WandbCallback"')
)


def test_values_move_and_all_else_stays() -> None:
    """Comments, quotes, anchors, documents; the ignored line too."""
    outcome = migrate(BEFORE, kind="yaml", file="c.yaml")
    assert (outcome.after or b"").decode() == AFTER
    assert ("WK006", "ignored", 9) in actions(outcome)
    assert migrate(AFTER, kind="yaml", file="c.yaml").after is None


@pytest.mark.parametrize("word", ["_target_", "wandb", "keras"])
def test_a_file_without_one_of_the_words_is_not_parsed(word: str) -> None:
    """Most of a project's YAML has nothing to do with it, and some is no YAML at all."""
    assert may_apply("yaml", BEFORE.encode())
    assert not may_apply("yaml", BEFORE.replace(word, "other").encode())


def test_line_ends_marks_and_letters_are_kept() -> None:
    """CRLF, a byte order mark and text beyond ASCII before the value."""
    data = "\ufeff# caf\xe9 \U0001f600\r\na: \xe9\r\n_target_: wandb.keras.WandbCallback\r\n".encode()
    assert migrate(data, kind="yaml").after == data.replace(b"wandb.keras", b"wandb_keras_compat")


def test_a_template_is_an_error_with_its_line() -> None:
    """What is not YAML is named, not guessed at."""
    outcome = migrate("a: 1\n_target_: {{ x }}: wandb.keras.WandbCallback\n  b\n", kind="yaml")
    assert outcome.failed
    assert outcome.records[0].location.line in {2, 3}


STYLES = {
    "literal block": "_target_: |-\n  {}\nb: 1\n",
    "folded block": "a:\n  _target_: >-  # wandb.keras.WandbCallback\n    {}\n\n  # wandb.keras.WandbCallback\n  b: 1\n",
    "literal block at the end": "_target_: |-\n  {}",
    "anchor": "_target_: &a {}\nb: *a\n",
    "anchor and quotes": "_target_: &a '{}'\nb: *a\n",
    "anchor of that name": "_target_: &wandb.keras.WandbCallback {}\nb: *wandb.keras.WandbCallback\n",
    "tag": "_target_: !!str {}  # c\n",
    "flow": "[{{_target_: &a {}, b: *a}}]\n",
    "next line": "_target_:\n  {}\n",
    "key that is asked for": "? _target_\n: {}\n",
}


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_what_stands_around_a_value_stays(style: str) -> None:
    """Anchors, tags, block indicators and the line end of a block: without them the file is another one, or none."""
    before, after = style.format("wandb.keras.WandbCallback"), style.format("wandb_keras_compat.WandbCallback")
    outcome = migrate(before, kind="yaml", file="c.yaml")
    assert outcome.after is not None, outcome.records
    assert outcome.after.decode() == after


@pytest.mark.parametrize("anchor", ["", "&a "])
def test_a_value_over_two_lines(anchor: str) -> None:
    """It goes onto one line; its anchor stays."""
    before = f'_target_: {anchor}"wandb.keras.\\\n  WandbCallback"\nb: {"*a" if anchor else 1}\n'
    outcome = migrate(before, kind="yaml", file="c.yaml")
    expected = f'_target_: {anchor}"wandb_keras_compat.WandbCallback"\nb: {"*a" if anchor else 1}\n'
    assert (outcome.after or b"").decode() == expected, outcome.records


def test_a_rewritten_file_that_would_be_another_one_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should an edit go wrong, that is an error with its line, not a broken file."""
    monkeypatch.setattr(YamlDocument, "replacement", lambda _, scalar, value: Edit(scalar.start, scalar.end + 1, value))
    outcome = migrate("a: 1\n_target_: wandb.keras.WandbCallback\nb: 1\n", kind="yaml", file="c.yaml")
    assert outcome.failed
    assert outcome.after is None
    assert "please report this" in outcome.records[0].reason
