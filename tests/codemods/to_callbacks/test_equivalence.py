"""Calls of any shape, run before and after with classes that only write down what they are given."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wandb_keras_codemods.to_callbacks.arguments import DEFAULTS
from wandb_keras_codemods.to_callbacks.project import Keys

from ..tools import PROPERTY, migrate, reasons

EXAMPLES = ("input_type", "output_type", "validation_data", "generator", "labels", "predictions", "class_colors")
TABLES = {
    "validation_data": "validation_data", "generator": "generator", "validation_steps": "validation_steps",
    "labels": "labels", "log_evaluation_frequency": "frequency", "validation_indexes": "indexes",
    "validation_row_processor": "validation_row_processor", "prediction_row_processor": "prediction_row_processor",
    "infer_missing_processors": "infer_missing_processors",
}  # fmt: skip
SWITCHES = ("log_weights", "log_gradients", "save_model", "log_evaluation", "save_graph", "compute_flops")
LITERALS = {
    "monitor": ["'loss'", "'val_acc'"],
    "mode": ["'max'"],
    "input_type": ["None", "'image'", "'label'", "'auto'"],
    "output_type": ["None", "'label'", "'segmentation_mask'"],
    "log_best_prefix": ["''", "None", "'best_'", "'top_'"],
    "log_batch_frequency": ["None", "0", "5"],
    "infer_missing_processors": ["False", "True"],
}
PLACES = [
    "fit(callbacks=[{}])",
    "fit(callbacks=[0, {}, 1])",
    "fit(callbacks={})",
    "fit(callbacks=[0, {} if yes else 1])",
    "fit(callbacks=[1 if not yes else ({})])",
    "fit(callbacks={} if yes else None)",
    "a = {}\nmodel.fit(callbacks=[0, a])",
    "a = {}\nb = [0]\nb.append(a)\nmodel.fit(callbacks=b)",
    "a = []\na.append({})\nmodel.fit(callbacks=a)",
    "a = [0] + [{}]\nmodel.fit(callbacks=a)",
    "def f():\n\ta = [\n\t\t0,\n\t\t{},\n\t]\n\tmodel.fit(callbacks=a)\nf()",
]
Call = tuple[str, dict[str, Any]]


class Value:
    """What an expression of a call stands for: equal to what the same expression gives again, called or read."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Value) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"<{self.name}>"


def run(text: str) -> tuple[list[Any], list[str]]:
    """What ``fit`` is given, and the calls that were evaluated for it, in order."""
    log: list[str] = []
    given_to_fit: list[Any] = []

    def call(name: str) -> Value:
        log.append(name)
        return Value(name)

    class Model:
        @staticmethod
        def fit(callbacks: Any) -> None:
            given_to_fit.extend(callbacks if isinstance(callbacks, list) else [callbacks])

    module = ModuleType("wandb_keras_compat")

    def recorder(name: str) -> Any:
        return lambda **arguments: (name, arguments)

    module.__getattr__ = recorder  # type: ignore[method-assign]
    names = {f"n_{name}": Value(name) for name in DEFAULTS}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "wandb_keras_compat", module)
        exec(compile(text, "train.py", "exec"), {"call": call, "model": Model, "yes": True, **names})
    return given_to_fit, log


def composed(call: Call, keys: Keys) -> list[Call]:
    """The list of callbacks that is the same as ``WandbCallback(...)``, by the documentation of the small ones."""
    found = DEFAULTS | call[1]
    best = {"monitor": found["monitor"], "mode": found["mode"], "prefix": found["log_best_prefix"]}
    result: list[Call] = []
    result += [("WandbFlopsLogger", {})] if found["compute_flops"] else []
    result += [("WandbGraphLogger", {})] if found["save_graph"] else []
    result += [("WandbWeightsLogger", {})] if found["log_weights"] else []
    result += [("WandbGradientsLogger", {"training_data": found["training_data"]})] if found["log_gradients"] else []
    if found["input_type"] or found["output_type"]:
        result.append(("WandbExamplesLogger", {name: found[name] for name in EXAMPLES}))
    if found["log_evaluation"]:
        result.append(("WandbPredictionsLogger", {new: found[old] for old, new in TABLES.items()}))
    result.append(("WandbMetricsLogger", {"log_freq": found["log_batch_frequency"] or "epoch", "keys": keys}))
    speaks = {"verbose": found["verbose"]}
    if found["log_best_prefix"]:
        result.append(("WandbBestSummary", best | ({} if found["save_model"] else speaks)))
    if found["save_model"]:
        result.append(("WandbBestModel", best | speaks | {"save_weights_only": found["save_weights_only"]}))
    return result


_SMALL_DEFAULTS: dict[str, dict[str, Any]] = {
    "WandbExamplesLogger": {name: DEFAULTS[name] for name in EXAMPLES} | {"input_type": "auto"},
    "WandbPredictionsLogger": {new: DEFAULTS[old] for old, new in TABLES.items()},
    "WandbMetricsLogger": {"log_freq": "epoch", "keys": "new"},
    "WandbBestSummary": {"monitor": "val_loss", "mode": "auto", "prefix": "best_", "verbose": 0},
    "WandbBestModel": {
        "monitor": "val_loss", "mode": "auto", "prefix": "best_", "verbose": 0, "save_weights_only": False
    },
}  # fmt: skip


def draws_nothing(item: Any) -> bool:
    """Examples where neither side is an image, and the output not guessed from the model."""
    if not isinstance(item, tuple) or item[0] != "WandbExamplesLogger":
        return False
    return item[1]["input_type"] in (None, "label") and item[1]["output_type"] == "label"


def complete(calls: list[Any]) -> list[Any]:
    """The callbacks with every argument; those that do nothing left out."""
    found = [
        (item[0], _SMALL_DEFAULTS.get(item[0], {}) | item[1]) if isinstance(item, tuple) else item for item in calls
    ]
    return [item for item in found if not draws_nothing(item)]


@st.composite
def arguments(draw: st.DrawFn) -> dict[str, str]:
    """Arguments in any order: switches as literals, the others as literals, names, selections or calls."""
    names = draw(st.lists(st.sampled_from([*DEFAULTS]), unique=True, max_size=12))
    found: dict[str, str] = {}
    for name in names:
        if name in SWITCHES:
            found[name] = draw(st.sampled_from(["True", "False", "1", "(0)"]))
            continue
        kinds = [f"n_{name}", f"call('{name}')"]
        if name not in {"input_type", "output_type", "log_best_prefix", "log_batch_frequency"}:
            kinds.append(f"( call('{name}') if yes else 1)")
        found[name] = draw(st.sampled_from([*LITERALS.get(name, []), *kinds]))
    return found


@pytest.mark.slow
@given(arguments(), st.sampled_from(PLACES), st.sampled_from(["both", "legacy"]))
@PROPERTY
def test_the_callbacks_are_the_composed_ones(given_: dict[str, str], place: str, keys: Keys) -> None:
    """Wherever it stands: the same capabilities with the same values, each evaluated once and in the same order."""
    call = f"WandbCallback({', '.join(f'{name}={code}' for name, code in given_.items())})"
    place = place.replace("fit(", "model.fit(") if place.startswith("fit(") else place
    before = "from wandb_keras_compat import WandbCallback\n" + place.replace("{}", call) + "\n"
    outcome = migrate(before, level=2, keys=keys)
    assert not outcome.failed, outcome.records
    if outcome.after is None:
        allowed = ("would be evaluated before", "without training_data")
        assert any(words in reasons(outcome) for words in allowed), outcome.records
        return
    text = outcome.after.decode()
    assert migrate(text, level=2, keys=keys).after is None

    old, evaluated = run(before)
    new, evaluated_now = run(text)
    expected: list[Any] = []
    for item in old:
        expected += composed(item, keys) if isinstance(item, tuple) else [item]
    assert complete(new) == complete(expected)
    carried = {repr(value) for item in new if isinstance(item, tuple) for value in item[1].values()}
    assert evaluated_now == [name for name in evaluated if f"<{name}>" in carried]
