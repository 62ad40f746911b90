"""The bridge of keys, and that the judge notices every change: of programs that are made up, so that any can be drawn."""

from __future__ import annotations

import copy
import pathlib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.parity.migration import bridge
from wandb_keras_compat.parity.migration.judge import Verdict, differences, outcome
from wandb_keras_compat.parity.migration.migrated import SETTINGS, Migrated
from wandb_keras_compat.parity.migration.table import table

from . import deeds

NOWHERE = pathlib.Path("nowhere")
CHANGED = Migrated(NOWHERE)

#: What the bridge lets pass, by the documentation: see its table.
_FREE = {
    "both": ("schema", "door", "made_with", "blind"),
    "compat": ("schema", "door", "made_with", "blind"),
    "new": ("schema", "door", "made_with", "blind", "terminal", "metadata", "description"),
}


@pytest.mark.parametrize("setting", SETTINGS)
def test_what_the_documentation_says_is_equal(setting: str) -> None:
    assert outcome(deeds.before(), deeds.after(setting), setting, CHANGED) == ("equal", ())


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_deeds_stay_as_they_are(setting: str) -> None:
    before, after = deeds.before(), deeds.after(setting)
    bridge.bridged(before, after, setting)
    assert (before, after) == (deeds.before(), deeds.after(setting))


@pytest.mark.parametrize(("one", "other"), [(a, b) for a in SETTINGS for b in SETTINGS if a != b])
def test_no_setting_passes_for_another(one: str, other: str) -> None:
    """But for one that has all that the other has to have, too."""
    wanted = "equal" if (one, other) == ("both", "new") else "differs"
    assert outcome(deeds.before(), deeds.after(one), other, CHANGED)[0] == wanted


def test_keys_that_did_not_move_are_right_where_that_was_said() -> None:
    before = deeds.before()
    assert outcome(before, before, "new", CHANGED)[0] == "differs"
    assert outcome(before, before, "new", Migrated(NOWHERE, ("line 3: why",))) == ("left", ("line 3: why",))


def test_a_model_that_hdf5_cannot_hold_has_a_file_now() -> None:
    """Keras 2 writes the artifact of such a model in another format, and no ``model-best.h5``; its weights are held to."""
    before, after = deeds.before(), deeds.after("new")
    del before["trace"]["runs"][0]["files"]["model-best.h5"]
    assert outcome(before, after, "new", CHANGED) == ("equal", ())
    for name in [name for name in after["files"] if name.startswith("model-best")]:
        after["files"][name] = deeds.weights(7.0, "keras")
    assert outcome(before, after, "new", CHANGED)[0] == "differs"


@pytest.mark.parametrize("setting", SETTINGS)
def test_an_exception_is_a_failure(setting: str) -> None:
    after = {**deeds.after(setting), "ended": "KeyError: 'val_loss'"}
    assert outcome(deeds.before(), after, setting, CHANGED) == ("fails", ("KeyError: 'val_loss'",))
    assert outcome(after, deeds.after(setting), setting, CHANGED)[0] == "differs"
    assert outcome(after, {**after, "ended": "ValueError: 1"}, setting, CHANGED)[0] == "differs"
    failed = Migrated(NOWHERE, failed="RecursionError: too deep")
    assert outcome(deeds.before(), deeds.after(setting), setting, failed)[0] == "fails"


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_program_that_does_nothing_before_and_after_is_not_equal_for_that(setting: str) -> None:
    """Every program of TensorFlow was once equal where there is none: it ended alike at its first import."""
    nothing = {
        **deeds.before(),
        "trace": {"runs": [], "blind": []},
        "ended": "ModuleNotFoundError: No module named 'x'",
    }
    found, said = outcome(nothing, nothing, setting, CHANGED)
    assert found == "not here" and "No module named 'x'" in said[0]
    raises = {**nothing, "ended": "KeyError: 1"}
    assert outcome(raises, raises, setting, CHANGED)[0] == "fails"
    # One that logged something first is compared.
    midway = {**deeds.before(), "ended": "KeyError: 1"}
    assert outcome(midway, {**deeds.after(setting), "ended": "KeyError: 2"}, setting, CHANGED) == ("equal", ())


def test_rows() -> None:
    old = {"_step": 1, "epoch": 0, "loss": 0.5, "rate": 2}
    assert _equal(
        bridge.row(old, {"_step": 1, "epoch/epoch": 0, "epoch/loss": 0.5, "epoch/learning_rate": 1, "rate": 2})
    )
    assert _equal(bridge.row(old, old))
    assert _equal(bridge.row({"_step": 1, "loss": 0.5}, {"_step": 1, "batch/loss": 0.5, "batch/batch_step": 4}))
    own = {"_step": 1, "epoch": 0, "epoch/epoch": 0, "epoch/loss": 0.5, "rate": 2}  # the program logs epoch, too
    assert _equal(bridge.row(old, own))
    for wrong in (
        {"_step": 1, "epoch/epoch": 0, "rate": 2},
        {"_step": 1, "epoch/epoch": 0, "epoch/loss": 0.501, "rate": 2},
        {"_step": 1, "epoch/epoch": 0, "epoch/loss": 0.5, "epoch/rate": 2, "epoch/more": 1},
        {"_step": 1, "epoch/epoch": 0, "batch/loss": 0.5, "rate": 2},
        {"_step": 1, "epoch/learning_rate": 0.1, **old},
        {"_step": 1, "epoch/epoch": 0, "epoch/loss": 0.5, "loss": 0.6, "rate": 2},
    ):
        assert not _equal(bridge.row(old, wrong)), wrong


def test_rows_with_both() -> None:
    old = {"_step": 1, "epoch": 0, "loss": 0.5}
    assert _equal(bridge.row_with_both(old, {**old, "epoch/epoch": 0, "epoch/loss": 0.5, "epoch/learning_rate": 1}))
    for wrong in ({"epoch/loss": 0.6}, {"epoch/mae": 1}, {"other/loss": 0.5}, {"mine": 1}):
        assert not _equal(bridge.row_with_both(old, {**old, **wrong})), wrong


def _equal(pair: tuple[Any, Any]) -> bool:
    return bool(pair[0] == pair[1])


def test_the_graph_has_to_stay_where_it_is_asked_for(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "train.py"
    path.write_text("callbacks = [WandbGraphLogger()]\n")
    found = differences(deeds.before(), deeds.after("new"), "new", Migrated(path))
    assert [line.split(" ")[0] for line in found] == ["runs[0].summary.graph"]


def _logs_the_last_again(which: deeds.Deeds) -> deeds.Deeds:
    logged = which["trace"]["runs"][0]["artifacts"]["logged"]
    logged.append(copy.deepcopy(logged[-1]))
    return which


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 1), (1, 1), (1, 0)])
def test_a_model_that_is_logged_twice(old: int, new: int) -> None:
    """By W&B's own checkpoint, at each epoch; by two callbacks in one fit, before and after. None may be lost."""
    before = _logs_the_last_again(deeds.before()) if old else deeds.before()
    after = _logs_the_last_again(deeds.after("new")) if new else deeds.after("new")
    assert outcome(before, after, "new", CHANGED)[0] == ("equal" if new >= old else "differs")


def test_a_file_that_the_report_names_is_there() -> None:
    said = Migrated(NOWHERE, moved=(("run file model-best.h5", "model-best-<run id>.keras in the working directory"),))
    assert any("the report says" in line for line in differences(deeds.before(), deeds.after("new"), "new", said))
    said = Migrated(NOWHERE, moved=(("run file model-best.h5", "model-best.keras in the working directory"),))
    assert not differences(deeds.before(), deeds.after("new"), "new", said)


# --- drawn changes ------------------------------------------------------------------------------------------------------


def _places(value: Any, setting: str, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in deeds that can be changed, what the bridge lets pass aside."""
    if _is_free(path, setting):
        return
    if path:
        yield path
    if isinstance(value, dict):
        for key in value:
            yield from _places(value[key], setting, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _places(each, setting, (*path, index))


def _is_free(path: tuple[Any, ...], setting: str) -> bool:
    last = path[-1] if path else None
    free = last in _FREE[setting] or last == "console" or "png" in path  # pixels: of one
    free |= path[:1] == ("trace",) and len(path) < 4  # a whole run, or more
    if setting != "compat":
        free |= "telemetry" in path and "set_init_name" not in str(last)
        free |= str(last).endswith(("learning_rate", "batch_step")) or "metrics" in path
    if setting == "new":
        free |= any(str(part).startswith("optimizer/") for part in path)
        free |= last in ("format", "weights")  # of a model
        free |= "entries" in path and "weights" not in path  # which file of the artifact holds the weights
        free |= "aliases" in path
    return free or last == "sha256" or (isinstance(last, str) and last.startswith("layers/"))


def _changed(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return "changed"
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):
        return value + 1e-3
    if isinstance(value, str):
        return f"{value}x"
    if isinstance(value, list):
        return [*value, "one more"]
    return {**value, "one more": 1}


@pytest.mark.parametrize("setting", SETTINGS)
@given(data=st.data())
def test_a_changed_trace_is_never_equal(setting: str, data: st.DataObject) -> None:
    after = deeds.after(setting)
    path = data.draw(st.sampled_from(list(_places(after, setting))))
    changed = copy.deepcopy(after)
    inner = changed
    for part in path[:-1]:
        inner = inner[part]
    value = inner[path[-1]]
    is_model = isinstance(value, dict) and value.get("_type") == "weights"
    if len(path) == 1 or (not is_model and data.draw(st.booleans())):
        inner[path[-1]] = _changed(value)
    else:
        del inner[path[-1]]
    assert outcome(deeds.before(), changed, setting, CHANGED)[0] in ("differs", "fails"), path


def test_the_table_counts_every_verdict() -> None:
    outcomes: list[Any] = ["equal", "equal", "left", "differs", "fails", "not here"]
    verdicts = [Verdict("drawn/001", "new", "script", outcome, (), "keras 3") for outcome in outcomes]
    verdicts += [Verdict("drawn/001", "both", "script", "equal", (), "keras 2")]
    assert table(verdicts).splitlines()[2:] == [
        "| keras 3 | drawn | new | script | 2 | 1 | 1 | 1 | 1 |",
        "| keras 2 | drawn | both | script | 1 | 0 | 0 | 0 | 0 |",
        "| all |  |  |  | 3 | 1 | 1 | 1 | 1 |",
    ]
