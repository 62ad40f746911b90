"""Which values count as the best one of a run."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from wandb_keras_compat.host.best_value import as_number, previous_best


@pytest.mark.parametrize("value", [0.0, 0, 1.5, -2, np.float32(1.5), np.int64(3), np.array([2.5]), np.array(2.5), True])
def test_one_number_in_any_form_is_that_number(value: Any) -> None:
    number = as_number(value)
    assert type(number) is float and number == float(np.asarray(value).item())


@pytest.mark.parametrize("value", [None, "1.5", b"1.5", [1.0, 2.0], np.zeros(3), [], {}, object()])
def test_what_is_no_single_number_is_none(value: Any) -> None:
    assert as_number(value) is None


def test_a_resumed_run_goes_on_from_the_key_with_its_prefix() -> None:
    run = SimpleNamespace(summary={"best_loss": 0, "top_loss": 2.0, "loss": 3.0, "best_text": "none"})
    assert previous_best(run, "best_", "loss") == 0.0
    assert previous_best(run, "top_", "loss") == 2.0
    assert [previous_best(run, "best_", name) for name in ("acc", "text")] == [None, None]


@pytest.mark.parametrize("prefix", [None, ""])
def test_without_a_prefix_nothing_was_kept(prefix: str | None) -> None:
    assert previous_best(SimpleNamespace(summary={"loss": 3.0, "Noneloss": 3.0}), prefix, "loss") is None
