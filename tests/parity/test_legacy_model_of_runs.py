"""What the executable model of the legacy class keeps: rows, artifacts, pictures, and the best epoch so far."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from wandb_keras_compat.parity.state_machine.legacy_model import pictures
from wandb_keras_compat.parity.state_machine.legacy_model import run as run_module
from wandb_keras_compat.parity.state_machine.legacy_model.best import Best, counts_upwards
from wandb_keras_compat.parity.state_machine.legacy_model.pictures import UndrawableError, in_255, picture
from wandb_keras_compat.parity.state_machine.legacy_model.rules import DiesError, Rules
from wandb_keras_compat.parity.state_machine.legacy_model.run import Run
from wandb_keras_compat.testing.trace.media import base64_png

VERSIONS = {"keras": "2.12.0", "tensorflow": "2.12.1", "wandb": "0.16.6"}

# --- rows and artifacts ----------------------------------------------------------------------------------------------


def test_a_row_is_added_to_until_it_is_committed() -> None:
    run = Run("play")
    run.close_row()  # where there is none, none is closed
    run.log({"a": 1}, commit=False)
    run.log({"a": 2, "b": (1.0,)}, commit=False)
    assert run.rows == [] and run.summary == {}
    run.log({"c": None}, commit=True)
    run.log({}, commit=True)  # a row of nothing is one
    run.close_row()
    run.log({"a": 3}, commit=False)
    run.close_row()
    assert run.rows == [{"_step": 0, "a": 2, "b": [1], "c": None}, {"_step": 1}, {"_step": 2, "a": 3}]
    assert run.summary == {"a": 3, "b": [1], "c": None}


def test_a_resumed_run_goes_on_where_it_was() -> None:
    run = Run("play", {"loss": 0.5, "x": (1,)}, step=5)
    run.log({"x": 2}, commit=True)
    assert run.rows == [{"_step": 5, "x": 2}] and run.summary == {"loss": 0.5, "x": 2}
    assert run.previous == {"loss": 0.5, "x": (1,)}


def test_a_trace_of_a_run_is_a_copy_of_it() -> None:
    run = Run("play")
    run.files["a"] = {"content": 1}
    run.log_artifact("m", "model", ["latest"], {"e": 1})
    run.use_artifact("d", "dataset", {})
    trace = run.trace()
    assert trace == {
        "name": "play", "history": [], "summary": {}, "files": {"a": {"content": 1}},
        "artifacts": {
            "logged": [{"name": "m", "type": "model", "aliases": ["latest"], "entries": {"e": 1}}],
            "used": [{"name": "d", "type": "dataset", "aliases": ["latest"], "entries": {}}],
        },
    }  # fmt: skip
    trace["files"]["a"]["content"] = 2
    assert run.files == {"a": {"content": 1}}


@pytest.mark.parametrize(("reuses", "versions"), [(True, 2), (False, 3)])
def test_a_version_of_the_same_content_is_one_that_is_there(
    monkeypatch: pytest.MonkeyPatch, reuses: bool, versions: int
) -> None:
    """Of older wandb only if it is the last; also of the run before."""
    monkeypatch.setattr(run_module.installed_sdk, "reuses_artifacts", lambda: reuses)
    first = Run("play")
    first.log_artifact("m", "model", ["epoch_0", "latest"], {"e": 1})
    first.log_artifact("m", "model", ["epoch_1"], {"e": 1})
    first.log_artifact("other", "model", ["epoch_1"], {"e": 1})
    second = Run("play", before=first)
    second.log_artifact("m", "model", ["latest"], {"e": 2})
    second.log_artifact("m", "model", ["epoch_2"], {"e": 1})
    found = [each for each in (*first.logged, *second.logged) if each["name"] == "m"]
    assert len({id(each) for each in found}) == versions and len(first.logged) == 3
    assert first.logged[0] is first.logged[1] and first.logged[2] is not first.logged[0]
    again = ["epoch_2"] if reuses else []
    assert first.logged[0]["aliases"] == ["epoch_0", "latest", "epoch_1", *again]


def test_what_is_used_need_not_be_there_and_is_found_where_it_is() -> None:
    run = Run("play")
    run.log_artifact("d", "dataset", ["mine"], {"e": 1})
    run.log_artifact("d", "dataset", ["mine"], {"e": 2})
    run.use_artifact("d", "dataset", {"e": 1})
    run.use_artifact("d", "dataset", {"e": 3})
    assert run.used[0] is run.logged[0] and run.used[0]["aliases"] == ["latest"]
    assert run.used[1]["entries"] == {"e": 3} and len(run.used) == 2


# --- pictures --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pixels", "levels"),
    [
        ([0.0, 0.5, 1.0], [0, 127, 255]),
        ([0, 1, 1], [0, 255, 255]),
        ([0, 2, 255], [0, 2, 255]),
        ([0, 1.5, 2.0], [0, 1, 2]),
        ([0, 300, 1.5], [0, 255, 1]),
        ([-1.0, 0.0, 1.0], [0, 127, 255]),
        ([-100.0, 100.0, 300.0], [0, 127, 255]),
        ([-3.0, -3.0, -3.0], [0, 0, 0]),
    ],
)
def test_levels_are_from_0_to_255_by_the_legacy_rule(pixels: list[float], levels: list[int]) -> None:
    found = in_255(np.array(pixels))
    assert found.tolist() == levels and found.dtype == np.uint8


@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (3, "RGB"), (4, "RGBA")])
@pytest.mark.parametrize(
    ("caption", "kept"), [(None, None), ("", None), ("cat", "cat"), (3, "3"), ([0.5, None], "[0.5, null]")]
)
def test_a_picture_has_its_size_mode_and_caption(channels: int, mode: str, caption: Any, kept: str | None) -> None:
    found = picture(np.zeros((2, 5, channels)), caption, Rules(False, VERSIONS))
    assert (found["_type"], found["width"], found["height"], found["mode"]) == ("image", 5, 2, mode)
    assert found.get("caption") == kept and ("caption" in found) is (kept is not None)


def test_from_wandb_0_20_on_the_real_class_leaves_the_pixels_to_wandb(monkeypatch: pytest.MonkeyPatch) -> None:
    pixels = np.arange(12.0).reshape(2, 2, 3) / 4
    by_rule = picture(pixels, None, Rules(False, VERSIONS))
    drawn = Image.new("RGB", (2, 2), (1, 2, 3))
    given: list[Any] = []
    monkeypatch.setattr(pictures.wandb, "Image", lambda array: given.append(array) or SimpleNamespace(image=drawn))
    shim, real = (Rules(which, VERSIONS | {"wandb": "0.20.0"}) for which in (True, False))
    assert picture(pixels, None, shim) == by_rule and given == []
    assert picture(pixels, None, real)["png"] == base64_png(drawn) and given[0].tolist() == pixels.tolist()
    assert shim.met == real.met == {"KD-062"}


@pytest.mark.parametrize("channels", [2, 5])
def test_no_picture_has_other_channels(channels: int) -> None:
    with pytest.raises(UndrawableError):
        picture(np.zeros((2, 2, channels)), None, Rules(True, VERSIONS))


# --- the best epoch --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("monitor", "mode", "upwards"),
    [
        ("val_loss", "auto", False), ("val_acc", "auto", True), ("accuracy", "auto", True), ("fmeasure_x", "auto", True),
        ("my_fmeasure", "auto", False), ("val_loss", "max", True), ("acc", "min", False), ("acc", "other", True),
    ],
)  # fmt: skip
def test_what_is_better(monitor: str, mode: str, upwards: bool) -> None:
    assert counts_upwards(monitor, mode) is upwards


def best(shim: bool = True, previous: dict[str, Any] | None = None, **options: Any) -> tuple[Best, Any]:
    owner = SimpleNamespace(
        options={
            "mode": "auto", "monitor": "loss", "log_best_prefix": "best_", "verbose": False, "save_model": False, **options,
        },
        rules=Rules(shim, VERSIONS), run=Run("play", previous), said=[],
    )  # fmt: skip
    owner.say = owner.said.append
    return Best(owner), owner  # type: ignore[arg-type]


def see(which: Best, *values: Any) -> list[Any]:
    found = []
    for epoch, value in enumerate(values):
        found.append(which.see(epoch, {} if value is None else {"loss": value}))
        which.value = which.value if found[-1] is None else found[-1]
    return found


def test_an_epoch_that_is_better_is_written_to_the_summary() -> None:
    which, owner = best()
    assert see(which, 0.5, 0.5, None, 0.75, 0.25, math.nan) == [0.5, None, None, None, 0.25, None]
    assert owner.run.summary == {"best_loss": 0.25, "best_epoch": 4}
    which, owner = best(mode="max")
    assert see(which, 0.5, 0.5, 0.75) == [0.5, None, 0.75] and owner.run.summary["best_epoch"] == 2
    which, owner = best(log_best_prefix=None)
    assert see(which, 0.5) == [0.5] and owner.run.summary == {}


def test_zero_is_no_value_for_the_real_class() -> None:
    for shim, expected in ((True, [0.5, 0, None]), (False, [0.5, None, 0.25])):
        which, owner = best(shim)
        assert see(which, 0.5, 0, 0.25) == expected
        assert owner.rules.met == {"KD-044"}


def test_what_is_no_single_number_ends_the_real_class() -> None:
    which, _ = best()
    assert see(which, np.array([0.5, 1.0]), "low", np.array([[0.5]]), np.float32(0.25)) == [None, None, 0.5, 0.25]
    with pytest.raises(DiesError, match="TypeError or ValueError"):
        see(best(False)[0], np.array([0.5, 1.0]))


@pytest.mark.parametrize(
    ("prefix", "previous", "shim", "value", "met"),
    [
        ("best_", {}, True, math.inf, set()),
        ("best_", {"best_loss": 0.25, "loss": 0.5}, False, 0.25, set()),
        ("best_", {"best_loss": "NaN"}, True, math.inf, {"KD-046"}),
        ("best_", {"best_loss": "NaN"}, False, "NaN", {"KD-046"}),
        ("", {"loss": 0.5}, True, math.inf, {"KD-045"}),
        ("", {"loss": 0.5}, False, 0.5, {"KD-045"}),
    ],
)
def test_a_resumed_run_has_a_best_value_already(
    prefix: str, previous: dict[str, Any], shim: bool, value: Any, met: set[str]
) -> None:
    which, owner = best(shim, previous, log_best_prefix=prefix)
    assert which.value == value and owner.rules.met == met
    if value == "NaN":
        with pytest.raises(DiesError, match="TypeError"):
            see(which, 0.5)
    assert best(shim, {}, mode="max")[0].value == -math.inf


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, []),
        ({"verbose": True}, ["Epoch 00000: loss improved from inf to 0.50000"]),
        ({"verbose": True, "save_model": True}, []),
        ({"mode": "other"}, ["WandbCallback mode other is unknown, fallback to auto mode."]),
    ],
)
def test_what_is_said_of_it(options: dict[str, Any], said: list[str]) -> None:
    which, owner = best(**options)
    see(which, 0.5, 0.75)
    assert owner.said == said
