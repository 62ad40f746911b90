"""What of a run, of its keys, files and models, may be otherwise after a migration, and what may not."""

from __future__ import annotations

import copy
import pathlib
from typing import Any

import pytest

from wandb_keras_compat.parity.migration import bridge
from wandb_keras_compat.parity.migration.judge import differences, outcome
from wandb_keras_compat.parity.migration.migrated import SETTINGS, Migrated

from . import deeds

CHANGED = Migrated(pathlib.Path("nowhere"))


def equal(pair: tuple[Any, Any]) -> bool:
    return bool(pair[0] == pair[1])


def _with_text(tmp_path: pathlib.Path, text: str) -> Migrated:
    path = tmp_path / "train.py"
    path.write_text(text, encoding="utf-8")
    return Migrated(path)


def test_the_best_values_have_to_stay_where_they_are_asked_for(tmp_path: pathlib.Path) -> None:
    asked = _with_text(tmp_path, "callbacks = [WandbModelCheckpoint('x', best_of_run=True)]\n")
    found = differences(deeds.before(), deeds.after("new"), "new", asked)
    assert [line.split(" ")[0] for line in found] == ["runs[0].summary.best_epoch", "runs[0].summary.best_val_loss"]
    stayed = deeds.after("new")
    stayed["trace"]["runs"][0]["summary"].update(best_epoch=1, best_val_loss=0.4)
    assert differences(deeds.before(), stayed, "new", asked) == []
    stayed["trace"]["runs"][0]["summary"].update(best_epoch=2)
    assert len(differences(deeds.before(), stayed, "new", CHANGED)) == 1


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_summary_has_no_new_key_but_that_of_a_logger(setting: str) -> None:
    before, after = deeds.before(), deeds.after(setting)
    del before["trace"]["runs"][0]["summary"]["mine"]  # which the last row has
    found = differences(before, after, setting, CHANGED)
    assert [line.split(" ")[0] for line in found] == ["runs[0].summary.mine"]
    after = deeds.after(setting)
    after["trace"]["runs"][0]["summary"]["epoch/more"] = 1  # which no row has
    found = differences(deeds.before(), after, setting, CHANGED)
    assert [line.split(" ")[0] for line in found] == ['runs[0].summary["epoch/more"]']


def test_the_summary_has_the_last_value_of_the_rows_as_they_were_logged() -> None:
    for setting in ("both", "new"):
        after = deeds.after(setting)
        after["trace"]["runs"][0]["summary"]["epoch/learning_rate"] = 0.2
        assert [line.split(" ")[0] for line in differences(deeds.before(), after, setting, CHANGED)] == [
            'runs[0].summary["epoch/learning_rate"]'
        ]


@pytest.mark.parametrize(("setting", "text", "equal"), [
    ("new", "", True), ("new", "WandbGraphLogger()", False), ("both", "", False), ("compat", "", False),
])  # fmt: skip
def test_the_files_of_a_graph_that_is_no_more_may_go(
    tmp_path: pathlib.Path, setting: str, text: str, equal: bool
) -> None:
    before, after = deeds.before(), deeds.after(setting)
    graph = {"policy": "now", "content": {"_type": "text", "text": "g"}}
    before["trace"]["runs"][0]["files"]["media/graph/x.json"] = graph
    if text:
        after["trace"]["runs"][0]["summary"]["graph"] = before["trace"]["runs"][0]["summary"]["graph"]
    migrated = _with_text(tmp_path, text)
    found = differences(before, after, setting, migrated)
    assert found == [] if equal else [line.split(" ")[0] for line in found] == ['runs[0].files["media/graph/x.json"]']
    after["trace"]["runs"][0]["files"]["media/graph/x.json"] = {**graph, "policy": "end"}
    assert differences(before, after, setting, migrated)


def test_no_other_file_may_go() -> None:
    for name in ("media/images/x.png", "graph.json", "model-best.h5.tmp"):
        before = deeds.before()
        before["trace"]["runs"][0]["files"][name] = {"policy": "now", "content": None}
        assert outcome(before, deeds.after("new"), "new", CHANGED)[0] == "differs"


def test_a_key_may_have_strokes_of_its_own() -> None:
    old = {"_step": 1, "epoch": 0, "val/loss": 0.5}
    assert equal(bridge.row_with_both(old, {**old, "epoch/epoch": 0, "epoch/val/loss": 0.5}))
    assert not equal(bridge.row_with_both(old, {**old, "epoch/val/loss": 0.6}))
    assert equal(bridge.row(old, {"_step": 1, "epoch/epoch": 0, "epoch/val/loss": 0.5}))
    assert not equal(bridge.row(old, {"_step": 1, "epoch/epoch": 0, "epoch/val/loss": 0.6}))


def test_keys_of_batches_are_not_of_epochs() -> None:
    batch = {"_step": 1, "loss": 0.5}
    assert not equal(bridge.row(batch, {"_step": 1, "epoch/loss": 0.5}))
    assert not equal(bridge.row(batch, {"_step": 1, "batch/loss": 0.5, "epoch/learning_rate": 1}))
    assert not equal(bridge.row(batch, {**batch, "batch/batch_step": 4}))  # a logger that logs nothing else
    assert equal(bridge.row_with_both(batch, {**batch, "batch/loss": 0.5, "batch/batch_step": 4}))
    assert not equal(bridge.row_with_both(batch, {**batch, "batch/epoch": 4}))
    kept = {**batch, "batch/learning_rate": 3}  # of the program's own, before and after
    assert equal(bridge.row(kept, {"_step": 1, "batch/loss": 0.5, "batch/learning_rate": 3}))
    assert not equal(bridge.row(kept, {"_step": 1, "batch/loss": 0.5, "batch/learning_rate": 4}))


def _metric(step: str | None, **more: Any) -> dict[str, Any]:
    return {"summary": [], "hidden": False, "step_sync": False, "goal": None, "step_metric": step, **more}


@pytest.mark.parametrize("setting", ["both", "new"])
@pytest.mark.parametrize(
    ("name", "metric", "equal"),
    [
        ("epoch/*", _metric("epoch/epoch"), True),
        ("epoch/*", _metric(None), True),
        ("batch/*", _metric("batch/batch_step"), True),
        ("batch/batch_step", _metric(None), True),
        ("epoch/*", _metric("batch/batch_step"), False),
        ("epoch/*", _metric("mine"), False),
        ("mine", _metric("epoch/epoch"), False),
        ("mine", _metric(None), False),
    ],
)
def test_only_a_loggers_own_metrics_may_be_defined(
    setting: str, name: str, metric: dict[str, Any], equal: bool
) -> None:
    after = deeds.after(setting)
    after["trace"]["runs"][0]["metrics"] = {name: metric}
    assert (outcome(deeds.before(), after, setting, CHANGED)[0] == "equal") is equal
    before = deeds.before()
    before["trace"]["runs"][0]["metrics"][name] = {**metric, "hidden": True}  # defined before, and otherwise
    assert outcome(before, after, setting, CHANGED)[0] == "differs"


@pytest.mark.parametrize("setting", ["both", "new"])
@pytest.mark.parametrize("name", ["feature.keras_x", "feature.metric", "feature.save", "feature.set_summary"])
def test_callbacks_may_use_other_functions_of_the_sdk_and_the_program_may_not(setting: str, name: str) -> None:
    for used, equal in ((name, True), ("feature.set_init_tags", False), ("imports_init.torch", False)):
        after = deeds.after(setting)
        after["trace"]["runs"][0]["telemetry"].append(used)
        assert (outcome(deeds.before(), after, setting, CHANGED)[0] == "equal") is equal


@pytest.mark.parametrize(
    ("before", "after", "equal"),
    [
        (["WARNING WandbCallback: no such argument"], [], True),
        (["WARNING WandbCallback says"], ["WARNING WandbEvalCallback says"], True),
        (["WARNING a", "WARNING b"], ["WARNING b", "WARNING a", "WARNING a"], True),
        (["WARNING a"], [], False),
        ([], ["ERROR a"], False),
        (["WARNING Wandb says"], ["WARNING WandbX says"], False),
    ],
)
def test_with_both_keys_the_same_is_said_by_whichever_callback(
    before: list[str], after: list[str], equal: bool
) -> None:
    old, new = deeds.before(), deeds.after("both")
    old["trace"]["runs"][0]["terminal"], new["trace"]["runs"][0]["terminal"] = before, after
    assert (outcome(old, new, "both", CHANGED)[0] == "equal") is equal
    new = deeds.after("new")
    old["trace"]["runs"][0]["terminal"], new["trace"]["runs"][0]["terminal"] = before, after
    assert outcome(old, new, "new", CHANGED)[0] == "equal"


@pytest.mark.parametrize(
    ("aliases", "equal"),
    [
        (["epoch_1", "latest"], True),
        (["epoch_1", "epoch_7_batch_3", "latest"], True),
        (["epoch_1", "best", "latest"], False),
        (["epoch_1", "epoch_x", "latest"], False),
        (["latest"], False),
        (["epoch_1"], False),
    ],
)
def test_of_the_aliases_of_a_model_only_later_epochs_may_be_more(aliases: list[str], equal: bool) -> None:
    after = deeds.after("new")
    after["trace"]["runs"][0]["artifacts"]["logged"][-1]["aliases"] = aliases
    assert (outcome(deeds.before(), after, "new", CHANGED)[0] == "equal") is equal


def test_an_artifact_of_the_programs_own_stays() -> None:
    def with_own(which: deeds.Deeds, name: str, kind: str, value: float = 5.0) -> deeds.Deeds:
        content = deeds.weights(value, "h5")
        own = {"name": name, "type": kind, "aliases": [], "metadata": {}, "description": "d", "entries": {"x": content}}
        which["trace"]["runs"][0]["artifacts"]["logged"].insert(0, own)
        return which

    for name, kind in (("mine", "model"), ("model-mine", "dataset"), ("mine", "dataset")):
        before = with_own(deeds.before(), name, kind)
        assert outcome(before, with_own(deeds.after("new"), name, kind), "new", CHANGED)[0] == "equal"
        assert outcome(before, deeds.after("new"), "new", CHANGED)[0] == "differs"
        assert outcome(before, with_own(deeds.after("new"), name, kind, 6.0), "new", CHANGED)[0] == "differs"


def test_of_two_runs_each_is_bridged() -> None:
    before, after = deeds.before(), deeds.after("new")
    for which, of in ((before, deeds.before()), (after, deeds.after("new"))):
        which["trace"]["runs"].append({**of["trace"]["runs"][0], "name": "second"})
    assert outcome(before, after, "new", CHANGED) == ("equal", ())
    after["trace"]["runs"].pop()
    assert outcome(before, after, "new", CHANGED)[0] == "differs"


def test_a_model_that_was_saved_has_its_file_and_no_other() -> None:
    after = deeds.after("new")
    saved = after["files"].pop("model-best.keras")
    assert outcome(deeds.before(), after, "new", CHANGED)[0] == "differs"
    for name, equal in (("model-best-abc.keras", True), ("model-best.weights.h5", True), ("best.keras", False)):
        other = copy.deepcopy(after)
        other["files"][name] = saved
        assert (outcome(deeds.before(), other, "new", CHANGED)[0] == "equal") is equal, name
    several = copy.deepcopy(after)  # of several runs the last counts
    several["files"] |= {"model-best-a.keras": deeds.weights(1.0, "keras"), "model-best-b.keras": saved}
    assert outcome(deeds.before(), several, "new", CHANGED)[0] == "equal"
    several["files"]["model-best-c.keras"] = deeds.weights(1.0, "keras")
    assert outcome(deeds.before(), several, "new", CHANGED)[0] == "differs"


def test_a_file_that_was_there_before_is_the_programs_own() -> None:
    before, after = deeds.before(), deeds.after("new")
    own = deeds.weights(9.0, "keras")
    before["files"]["model-best-own.keras"] = after["files"]["model-best-own.keras"] = own
    assert outcome(before, after, "new", CHANGED) == ("equal", ())
