"""The page of Keras' minors on JAX and PyTorch is what the results say, and a capability that logs nothing is seen."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from compat_matrix import keras_minors
from compat_matrix.keras_minors import MinorCell, cells, known, logged, rendered, said

KEYS = [
    "parameters/conv.weights", "gradients/conv/kernel.gradient", "gradients/bn/gamma.gradient", "examples",
    "validation_predictions", "loss", "accuracy", "val_loss", "epoch", "epoch/loss", "epoch/val_loss", "epoch/learning_rate",
]  # fmt: skip
SUMMARY = {"GFLOPs": 1.0, "graph": {}, "best_val_loss": 1.0, "best_epoch": 0}
ARTIFACTS = [("model", "model-x"), ("model", "run_x_model"), ("evaluation", "run_x_pred")]
CELL = MinorCell("jax", "3.9.2", "3.11", ("jax==0.4.38",), refused=False)
VERSIONS = {"keras": "3.9.2", "jax": "0.4.38", "numpy": "2.2.6", "wandb": "0.31.0"}


def a_run(keys: list[str] = KEYS, summary: Any = SUMMARY, artifacts: Any = ARTIFACTS) -> Any:
    made = [SimpleNamespace(type=kind, name=name) for kind, name in artifacts]
    return SimpleNamespace(history_keys=lambda: keys, summary=lambda: summary, artifacts=lambda: made)


def test_the_page_is_what_the_results_say() -> None:
    assert keras_minors.PAGE.read_text(encoding="utf-8") == rendered()
    assert set(known()) <= {cell.name for cell in cells()}


def test_every_minor_is_there_on_both() -> None:
    for backend in keras_minors.LABELS:
        minors = [cell.keras.rpartition(".")[0] for cell in cells() if cell.backend == backend]
        assert minors == [f"3.{minor}" for minor in range(15, 1, -1)]
    assert {cell.keras for cell in cells() if cell.refused} == {"3.2.1"}


def test_all_that_is_logged_is_seen() -> None:
    assert len(logged(a_run())) == 12
    assert all(logged(a_run()).values())


@pytest.mark.parametrize("lost", [*KEYS, *SUMMARY, *ARTIFACTS])
def test_what_is_not_logged_is_seen(lost: Any) -> None:
    keys = [key for key in KEYS if key != lost]
    summary = {key: value for key, value in SUMMARY.items() if key != lost}
    found = logged(a_run(keys, summary, [one for one in ARTIFACTS if one != lost]))
    assert list(found.values()).count(False) == 1, found


def test_what_is_said_of_a_result() -> None:
    whole = {"versions": VERSIONS, "logged": logged(a_run()), "untouched": True}
    of = "(JAX 0.4.38, NumPy 2.2.6)"
    before = "check not run; everything on:"
    assert said(CELL, None) == "not run"
    assert said(CELL, whole) == f"{before} 12 of 12 {of}"
    assert said(CELL, {**whole, "untouched": False}) == f"{before} 12 of 12 {of}, **the weights are others**"
    assert said(CELL, {**whole, "logged": logged(a_run(summary={}))}).endswith(
        f" 9 of 12 {of}, no flops, no graph, no best"
    )
    assert said(CELL, {**whole, "ended": "TypeError: x"}) == f"ends {of}: TypeError: x"
    too_old = MinorCell("jax", "3.2.1", "3.11", (), refused=True)
    assert said(too_old, {**whole, "ended": "ImportError: too old"}) == "refused: ImportError: too old"


def report_of(**states: str) -> dict[str, Any]:
    capabilities = {
        name: {"state": state, "findings": ["a_scenario"] * (state == "fails")} for name, state in states.items()
    }
    return {"capabilities": capabilities, "problems": []}


def test_what_check_said_is_in_the_table() -> None:
    whole = {"versions": VERSIONS, "logged": logged(a_run()), "untouched": True}
    begin = lambda report: said(CELL, {**whole, "check": report}).partition("; everything on: 12 of 12 ")[0]
    assert begin(report_of(best="works", graph="differs")) == "2 of 2"
    assert begin(report_of(best="works", graph="fails")) == "1 of 2, **graph fails** (a_scenario)"
    assert begin(report_of(best="not run")) == "0 of 1, **best not run**"
    assert begin({**report_of(best="not run"), "problems": ["no Keras"]}).endswith(", no Keras")


def test_check_was_run_in_every_environment_that_is_not_too_old() -> None:
    without = [cell.name for cell in cells() if not cell.refused and "check" not in known().get(cell.name, {})]
    assert not without
