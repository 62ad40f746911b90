"""WK104: where a configuration names the legacy callback."""

from __future__ import annotations

import pytest
from wandb_keras_codemods.engine.migrate_file import may_apply
from wandb_keras_codemods.rules.wk104_configured import RULE, mentions_the_class, names_the_class

from ..tools import actions, migrate

NAMED = "a: 1\ncallback:\n  _target_: {}\n"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("wandb_keras_compat.WandbCallback", True),
        ("wandb_keras_compat.WandbCallback.set_model", True),
        ("wandb_keras_compat.WandbCallbacks", False),
        ("wandb_keras_compat", False),
        ("my.wandb_keras_compat.WandbCallback", False),
        ("wandb_keras_compat.WandbMetricsLogger", False),
    ],
)
def test_the_path_of_the_class_is_told_with_its_line(name: str, told: bool) -> None:
    """At level 2, and nothing is edited."""
    text = NAMED.format(name)
    assert names_the_class(name) == told
    outcome = migrate(text, kind="yaml", file="c.yaml", level=2)
    assert outcome.after is None
    assert actions(outcome) == ([("WK104", "left", 3)] if told else [])
    assert [record.before for record in outcome.records] == [name] * told
    assert actions(migrate(text, kind="yaml", file="c.yaml")) == []


def test_an_old_path_is_told_where_it_was_moved_by_level_1() -> None:
    outcome = migrate(NAMED.format("wandb.keras.WandbCallback"), kind="yaml", file="c.yaml", level=2)
    assert actions(outcome) == [("WK006", "changed", 3), ("WK104", "left", 3)]


def test_an_ignored_line_is_not_told() -> None:
    text = NAMED.format("wandb_keras_compat.WandbCallback  # wandb-keras-compat: ignore")
    assert ("WK104", "ignored", 3) in actions(migrate(text, kind="yaml", file="c.yaml", level=2))


def test_a_file_without_one_of_the_words_is_not_parsed() -> None:
    text = NAMED.format("wandb_keras_compat.WandbCallback").encode()
    assert RULE.hint is mentions_the_class
    assert mentions_the_class(text) and may_apply("yaml", text, level=2)
    for word in (b"wandb", b"keras"):
        assert not mentions_the_class(text.replace(word, b"other").replace(b"Wandb", b"Other"))
