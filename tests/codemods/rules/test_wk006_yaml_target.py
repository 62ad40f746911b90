"""WK006: Hydra's ``_target_`` in YAML."""

from __future__ import annotations

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
    .replace("'wandb.keras.WandbMetricsLogger'", "'wandb.integration.keras.WandbMetricsLogger'")
    .replace('"wandb.integration.keras.WandbCallback"', '"wandb_keras_compat.WandbCallback"')
)


def test_values_move_and_all_else_stays() -> None:
    """Comments, quotes, anchors, documents; the ignored line too."""
    outcome = migrate(BEFORE, kind="yaml", file="c.yaml")
    assert (outcome.after or b"").decode() == AFTER
    assert ("WK006", "ignored", 9) in actions(outcome)
    assert migrate(AFTER, kind="yaml", file="c.yaml").after is None


def test_line_ends_marks_and_letters_are_kept() -> None:
    """CRLF, a byte order mark and text beyond ASCII before the value."""
    data = "\ufeff# caf\xe9 \U0001f600\r\na: \xe9\r\n_target_: wandb.keras.WandbCallback\r\n".encode()
    assert migrate(data, kind="yaml").after == data.replace(b"wandb.keras", b"wandb_keras_compat")


def test_a_template_is_an_error_with_its_line() -> None:
    """What is not YAML is named, not guessed at."""
    outcome = migrate("a: 1\n_target_: {{ x }}: wandb.keras.WandbCallback\n  b\n", kind="yaml")
    assert outcome.failed
    assert outcome.records[0].location.line in {2, 3}
