"""The documented uses by name, and what a process leaves of each."""

from __future__ import annotations

import json
import pathlib

import pytest

from tests.newer_callbacks.online.recorded import results
from wandb_keras_compat.parity.check import process, uses
from wandb_keras_compat.parity.check.capabilities import CAPABILITIES

from .judged import ENDED, HERE, checked, environment, row, states


def test_the_names_are_those_that_are_played_and_each_belongs_to_a_capability() -> None:
    from wandb_keras_compat.parity import documented_uses

    assert list(uses.names()) == list(documented_uses.USES) == list(results()[0]["results"])
    prefixes = {each.uses for each in CAPABILITIES.values() if each.uses}
    assert {name.partition(":")[0] for name in uses.names()} == prefixes
    assert {*uses.OURS_ONLY, *documented_uses.OF_TENSORFLOW} <= set(uses.names())


def test_each_leaves_a_file_of_its_own() -> None:
    assert len({uses.file_of(name) for name in uses.names()}) == len(uses.names())


def left(folder: pathlib.Path, name: str, result: str) -> None:
    (folder / uses.file_of(name)).write_text(json.dumps({"use": name, "result": result}), encoding="utf-8")


def test_a_use_that_does_not_do_what_is_documented_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def play(folder: pathlib.Path, names: object) -> process.ProcessResult:
        environment(folder)
        left(folder, "EvalCallback: online", "ok")
        left(folder, "EvalCallback: offline", "the prediction table is not filled")
        left(folder, "MetricsLogger: keys of epochs", "ok")
        return ENDED

    wanted = ("MetricsLogger: keys of epochs", "EvalCallback: online", "EvalCallback: offline")
    report = checked(monkeypatch, play, *wanted)
    assert states(report) == {"metrics_logger": "works", "eval_callback": "fails"} and report.exit_code == 1
    (finding,) = row(report, "eval_callback").findings
    assert (finding.scenario, finding.how) == ("EvalCallback: offline", "the prediction table is not filled")
    text = "\n".join(report.lines())
    assert "metrics_logger  works, 1 of 1 use" in text and "eval_callback   FAILS in 1 use\n" in text


def test_a_use_at_which_the_process_dies_fails_and_the_next_is_played(monkeypatch: pytest.MonkeyPatch) -> None:
    def play(folder: pathlib.Path, names: object) -> process.ProcessResult:
        environment(folder)
        if "EvalCallback: online" in names:  # type: ignore[operator]
            return process.ProcessResult(-11, "", "Fatal Python error: Segmentation fault")
        left(folder, "EvalCallback: offline", "ok")
        return ENDED

    report = checked(monkeypatch, play, "EvalCallback: online", "EvalCallback: offline")
    (finding,) = row(report, "eval_callback").findings
    assert finding.scenario == "EvalCallback: online" and "-11" in finding.how
    assert row(report, "eval_callback").of == 2


def test_what_there_is_not_on_a_framework_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "ModelCheckpoint: options=SaveOptions"

    def play(folder: pathlib.Path, names: object) -> process.ProcessResult:
        environment(folder, backend="jax", versions=HERE, not_played={name: "its options are objects of TensorFlow"})
        left(folder, 'ModelCheckpoint: "m.keras"', "ok")
        return ENDED

    report = checked(monkeypatch, play, 'ModelCheckpoint: "m.keras"', name)
    assert (row(report, "model_checkpoint").judged, row(report, "model_checkpoint").of) == (1, 1)
    assert f"{name} is not played here: its options are objects of TensorFlow" in "\n".join(report.lines())


@pytest.mark.parametrize("against", ["shim", "native"])
def test_what_only_this_package_promises_is_not_asked_of_wandb(monkeypatch: pytest.MonkeyPatch, against: str) -> None:
    asked: list[str] = []

    def play(folder: pathlib.Path, names: object) -> process.ProcessResult:
        asked.extend(names)  # type: ignore[arg-type]
        environment(folder)
        for name in uses.names():
            left(folder, name, "ok")
        return ENDED

    report = checked(monkeypatch, play, *uses.names(), against=against)
    assert set(uses.names()) - set(asked) == (set(uses.OURS_ONLY) if against == "native" else set())
    assert report.exit_code == 0
