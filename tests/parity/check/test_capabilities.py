"""All that is played is about one capability, and a difference counts for the capability that writes to its place."""

from __future__ import annotations

import pytest

from wandb_keras_compat.parity.check.capabilities import (
    BESIDE_SCENARIOS,
    CAPABILITIES,
    OF_THE_CLASS,
    NoSuchName,
    capability_of,
    concerned,
    items_of,
)
from wandb_keras_compat.parity.scenarios import SCENARIOS
from wandb_keras_compat.testing.trace.paths import parse


@pytest.mark.parametrize("name", [*SCENARIOS, *BESIDE_SCENARIOS])
def test_all_that_is_played_is_of_one_capability(name: str) -> None:
    """A program named as a scenario's pattern was once counted for that scenario's capability."""
    assert [each.name for each in CAPABILITIES.values() if each.has(name)] == [capability_of(name).name]


def test_what_is_selected_is_there_and_of_its_capability() -> None:
    for name in OF_THE_CLASS:
        capability = CAPABILITIES[name]
        assert capability.selection and capability.kind == "scenario"
        assert all(name in SCENARIOS and capability.has(name) for name in capability.selection)


def test_the_selection_and_all() -> None:
    selected = {name for each in CAPABILITIES.values() for name in each.selection}
    assert set(items_of()) == {*selected, *BESIDE_SCENARIOS}
    assert items_of(every=True) == [*SCENARIOS, *BESIDE_SCENARIOS]


def test_every_capability_has_something_that_is_played_and_says_what() -> None:
    kinds = {each.name: each.kind for each in CAPABILITIES.values() if each.items(every=False)}
    assert kinds.keys() == CAPABILITIES.keys()
    assert {name: kind for name, kind in kinds.items() if kind != "scenario"} == {
        "metrics_logger": "use", "model_checkpoint": "use", "eval_callback": "use",
        "hook": "program", "keras_2_spelling": "program",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("only", "every", "expected"),
    [
        (["flops"], False, {"flops", *CAPABILITIES["flops"].selection}),
        (["best"], False, set(CAPABILITIES["best"].selection)),
        (["best"], True, {name for name in SCENARIOS if CAPABILITIES["best"].has(name)}),
        (["table_of_fit"], False, {"table_of_fit"}),
        (["EvalCallback: o*"], False, {"EvalCallback: online", "EvalCallback: offline"}),
        (["hook"], True, set(CAPABILITIES["hook"].programs)),
        (["table_of_*", "prefix"], False, {name for name in SCENARIOS if name.startswith("table_of_")} | {"prefix"}),
    ],
)
def test_only(only: list[str], every: bool, expected: set[str]) -> None:
    assert set(items_of(only, every=every)) == expected


@pytest.mark.parametrize("name", ["gradient", "", "Table*", "runs"])
def test_a_name_of_nothing_is_refused(name: str) -> None:
    with pytest.raises(NoSuchName):
        items_of(["best", name])


def model(kind: str) -> dict[str, object]:
    return {"runs": [{"artifacts": {"logged": [{"type": "own"}, {"type": kind}]}}]}


@pytest.mark.parametrize(
    ("scenario", "path", "capability"),
    [
        ("gradients", "runs[0].history[0].val_loss", "metrics"),
        ("gradients", "runs[0].history[0].epoch", "metrics"),
        ("metrics_alone", 'runs[0].history[1]["gradients/h/kernel.gradient"].bins[3]', "gradients"),
        ("table", 'runs[0].summary["parameters/h.weights"].counts[0]', "weights"),
        ("everything", "runs[0].summary.GFLOPs", "flops"),
        ("everything", "runs[0].summary.graph.nodes[0]", "graph"),
        ("everything", "runs[0].history[0].examples[1].pixels", "examples"),
        ("everything", "runs[0].summary.validation_predictions", "evaluation"),
        ("everything", "runs[0].summary.best_epoch", "best"),
        ("monitor_max", "runs[0].summary.val_mae", "best"),
        ("monitor_max", "runs[0].history[0].val_mae", "metrics"),
        ("prefix", "runs[0].summary.top_epoch", "best"),
        ("several_outputs", "runs[0].history[0].val_o1_loss", "metrics"),
        ("save_model", "runs[0].history[1]", "checkpoint"),
        ("table", "runs[0].history[1].own", "evaluation"),
        ("two_fits", 'runs[0].files["model-best.h5"]', "checkpoint"),
        ("two_fits", 'runs[0].files["media/graph/x.json"]', "graph"),
        ("two_fits", 'runs[0].files["requirements.txt"]', "together"),
        ("two_fits", 'runs[0].telemetry["feature.save"]', "checkpoint"),
        ("two_fits", 'runs[0].telemetry["feature.keras"]', "together"),
        ("two_fits", "runs[1]", "together"),
        ("table", "runs[0].artifacts.logged[1].aliases", "checkpoint"),
        ("table", "runs[0].artifacts.logged[0].aliases", "evaluation"),
        ("graph_nested", "runs[0].artifacts.logged[7]", "graph"),
    ],
)
def test_what_a_difference_is_about(scenario: str, path: str, capability: str) -> None:
    assert concerned(scenario, parse(path), {"runs": []}, model("model")) == capability
    assert concerned(scenario, parse(path), model("model"), {"runs": []}) == capability


def test_tables_are_evaluation() -> None:
    path = parse("runs[0].artifacts.logged[1].files")
    assert concerned("metrics_alone", path, model("run_table"), model("run_table")) == "evaluation"
