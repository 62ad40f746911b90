"""The rows of the legacy class: Keras' logs as they are, and the epoch that it counts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.metric_keys import KEYS, checked_keys, legacy_row, wanted_keys

LOGS = st.one_of(
    st.none(), st.dictionaries(st.sampled_from(["loss", "val_loss", "epoch", "lr"]), st.integers(), max_size=4)
)


@given(LOGS, st.integers(0, 9))
def test_the_epoch_of_a_row_is_that_of_the_training(logs: dict[str, Any] | None, epoch: int) -> None:
    """Whatever a metric or a callback of the user's has put there under that name."""
    before = None if logs is None else dict(logs)
    row = legacy_row(logs, epoch)
    assert row == {**(logs or {}), "epoch": epoch}
    assert logs == before, "Keras hands the same logs to the next callback"


@given(LOGS)
def test_a_row_of_batches_has_no_epoch_of_ours(logs: dict[str, Any] | None) -> None:
    assert legacy_row(logs) == (logs or {})


@pytest.mark.parametrize("logs", [{"loss": 1.0}, {}])
def test_it_is_another_mapping(logs: dict[str, Any]) -> None:
    assert legacy_row(logs) is not logs


@pytest.mark.parametrize("keys", ["new", "legacy", "both"])
def test_one_of_the_three_words_is_taken_as_it_is(keys: str) -> None:
    assert keys in KEYS
    assert (wanted_keys(keys), checked_keys(keys, "WandbCallback")) == (None, keys)


@pytest.mark.parametrize("keys", ["newer", "", None, 3])
def test_another_is_refused_with_what_there_is_and_who_refuses(keys: Any) -> None:
    wanted = wanted_keys(keys)
    assert wanted is not None and all(repr(known) in wanted for known in KEYS)
    assert wanted == f"one of {', '.join(map(repr, KEYS))}"
    with pytest.raises(ValueError, match="WandbMine") as refused:
        checked_keys(keys, "WandbMine")
    assert all(text in str(refused.value) for text in ("keys", repr(keys), wanted))
