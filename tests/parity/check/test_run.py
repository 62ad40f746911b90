"""What is judged, what is not, and that the rest of the table is there all the same."""

from __future__ import annotations

import json
import pathlib
import shutil
from collections.abc import Sequence
from typing import Any

import pytest

from wandb_keras_compat.parity.check import process, uses
from wandb_keras_compat.parity.check.options import Options
from wandb_keras_compat.parity.check.player import AFTERWARDS
from wandb_keras_compat.parity.check.run import check
from wandb_keras_compat.parity.record_goldens import GOLDENS
from wandb_keras_compat.testing.trace.ledger import Ledger

from .judged import ENDED, PROCESSOR_SECONDS, checked, environment, goldens, row, states

NAMES = ("metrics_alone", "monitor_max", "gradients", "weights", "flops", "graph_nested", "save_model", "table")


def test_what_the_real_class_left_works(monkeypatch: pytest.MonkeyPatch) -> None:
    report = checked(monkeypatch, goldens(), *NAMES)
    assert set(states(report).values()) == {"works"}
    assert report.exit_code == 0 and report.problems == []
    assert [row.of for row in report.rows] == [row.judged for row in report.rows] == [1] * len(NAMES)


def wrong_val_loss(trace: dict[str, Any]) -> None:
    for run in trace["runs"]:
        for line in run["history"]:
            if "val_loss" in line:
                line["val_loss"] += 0.001


def scaled_histograms(trace: dict[str, Any]) -> None:
    for run in trace["runs"]:
        for line in run["history"]:
            for value in line.values():
                if isinstance(value, dict) and "bins" in value:
                    value["bins"] = [1.01 * edge for edge in value["bins"]]


def test_a_capability_fails_by_name_path_and_both_values(monkeypatch: pytest.MonkeyPatch) -> None:
    report = checked(monkeypatch, goldens(wrong_val_loss), *NAMES)
    failed = {name for name, state in states(report).items() if state == "fails"}
    assert failed == {"metrics"} and report.exit_code == 1
    text = "\n".join(report.lines())
    assert "metrics_alone: runs[0].history[0].val_loss (number)" in text
    first = json.loads((GOLDENS / "metrics_alone.json").read_text())["runs"][0]["history"][0]["val_loss"]
    assert f"the real class  {first!r}" in text and f"here            {first + 0.001!r}" in text


def test_pixels_are_counted_and_the_other_keys_that_differ_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def change(trace: dict[str, Any]) -> None:
        wrong_val_loss(trace)
        row = trace["runs"][0]["history"][0]
        row["epoch"] += 1
        row["examples"][0]["png"] = row["examples"][1]["png"]

    text = "\n".join(checked(monkeypatch, goldens(change), "images_labels").lines())
    assert "pixels, the first in row" in text and "png" not in text
    assert "images_labels: runs[0].history[0].epoch (number), and 2 more (epoch, val_loss)" in text


def test_histograms_are_of_weights_and_gradients(monkeypatch: pytest.MonkeyPatch) -> None:
    report = checked(monkeypatch, goldens(scaled_histograms), *NAMES)
    assert {name for name, state in states(report).items() if state == "fails"} == {"gradients", "weights"}


def test_a_capability_that_was_not_asked_for_is_there_where_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    report = checked(monkeypatch, goldens(wrong_val_loss), "gradients")
    assert states(report) == {"metrics": "fails", "gradients": "works"}


def test_known_differences_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def unsaved(trace: dict[str, Any]) -> None:
        trace["runs"][0]["telemetry"].remove("feature.save")

    report = checked(monkeypatch, goldens(unsaved), "save_model", "metrics_alone")
    assert row(report, "checkpoint").known == ["KD-001"] and row(report, "metrics").known == []
    assert states(report) == {"metrics": "works", "checkpoint": "differs"} and report.exit_code == 0


def test_a_ledger_of_ones_own_accounts_for_more(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {
        "id": "MY-1", "feature": "metrics", "where": "runs[*].history[*].val_loss", "kind": "upstream",
        "legacy": "a", "shim": "b", "why": "c", "witness": "tests/x.py::test_x",
    }  # fmt: skip
    report = checked(monkeypatch, goldens(wrong_val_loss), "metrics_alone", known=Ledger.of([own]))
    assert states(report) == {"metrics": "differs"} and row(report, "metrics").known == ["MY-1"]


def test_a_training_that_ended_fails_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def play(folder: pathlib.Path, names: Sequence[str]) -> process.ProcessResult:
        ended = goldens()(folder, names)
        (folder / "gradients.ended.txt").write_text("Traceback\nValueError: no such thing\n", encoding="utf-8")
        return ended

    report = checked(monkeypatch, play, *NAMES)
    assert {name for name, state in states(report).items() if state == "fails"} == {"gradients"}
    assert row(report, "gradients").findings[0].how == "ValueError: no such thing"
    assert report.exit_code == 1


def stops_at(name: str, how: process.ProcessResult, calls: list[list[str]]) -> Any:
    def play(folder: pathlib.Path, names: Sequence[str]) -> process.ProcessResult:
        calls.append(list(names))
        if name not in names:
            return goldens()(folder, names)
        goldens()(folder, names[: names.index(name)])
        environment(folder)
        return how

    return play


def test_one_that_hangs_is_not_judged_and_the_rest_is(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[list[str]] = []
    hung = process.ProcessResult(-9, "", "", "nothing happened for 300 s")
    report = checked(monkeypatch, stops_at("gradients", hung, calls), *NAMES)
    assert len(calls) == 2 and calls[1] == list(NAMES[NAMES.index("gradients") + 1 :])
    assert states(report).pop("gradients") == "not run"
    assert set(states(report).values()) == {"works", "not run"} and report.exit_code == 2
    (sentence,) = row(report, "gradients").not_judged
    assert "nothing happened for 300 s" in sentence and "--timeout" in sentence


def test_one_at_which_the_process_dies_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    died = process.ProcessResult(-11, "", "Fatal Python error: Segmentation fault")
    report = checked(monkeypatch, stops_at("weights", died, []), *NAMES)
    assert {name for name, state in states(report).items() if state == "fails"} == {"weights"}
    assert "-11" in row(report, "weights").findings[0].how and report.exit_code == 1


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (
            {"cannot_import": "wandb", "error": "ModuleNotFoundError: No module named 'wandb'"},
            "wandb cannot be imported",
        ),
        ({"cannot_import": "tensorflow", "error": "ImportError: libx.so: no such file"}, "libx.so: no such file"),
        ({"backend": "openvino"}, "compute with openvino here (TensorFlow 2.12.1"),
        (None, "the process that imports Keras and wandb came to nothing: it ended with -4"),
    ],
)
def test_where_nothing_can_be_played_every_row_says_not_judged(
    monkeypatch: pytest.MonkeyPatch, found: Any, sentence: str
) -> None:
    calls = []

    def play(folder: pathlib.Path, names: Sequence[str]) -> process.ProcessResult:
        calls.append(names)
        if found is not None:
            environment(folder, **found)
        return process.ProcessResult(-4, "", "") if found is None else ENDED

    report = checked(monkeypatch, play, *NAMES)
    assert len(calls) == 1 and report.exit_code == 2
    assert len(report.problems) == 1 and sentence in report.problems[0]
    assert len(report.rows) == len(NAMES) and set(states(report).values()) == {"not run"}
    assert "\n".join(report.lines()).count("NOT JUDGED") == len(NAMES)


def test_what_the_framework_does_not_have_is_left_out_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def play(folder: pathlib.Path, names: Sequence[str]) -> process.ProcessResult:
        left = [name for name in names if name != "of_a_dataset"]
        ended = goldens()(folder, left)
        environment(folder, backend="jax", not_played={"of_a_dataset": "it has none"})
        return ended

    report = checked(monkeypatch, play, "of_a_dataset", *NAMES)
    assert report.exit_code == 0 and set(states(report).values()) == {"works"}
    assert (row(report, "metrics").of, row(report, "metrics").judged) == (1, 1)
    assert "of_a_dataset is not played here: it has none" in "\n".join(report.lines())

    alone = checked(monkeypatch, play, "of_a_dataset")
    assert states(alone) == {"metrics": "absent"} and alone.exit_code == 2
    assert checked(monkeypatch, play, "of_a_dataset", "weights").exit_code == 0


def test_a_framework_is_named_with_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    def play(folder: pathlib.Path, names: Sequence[str]) -> process.ProcessResult:
        ended = goldens()(folder, names)
        environment(folder, versions={"python": "3.13.0", "jax": "0.12.0", "keras": "3.15.1", "wandb": "0.31.0"})
        return ended

    report = checked(monkeypatch, play, "weights")
    assert next(report.lines()).startswith("JAX 0.12.0, Keras 3.15.1, wandb 0.31.0, Python 3.13.0: ")


def test_a_start_that_hangs_says_for_how_long(monkeypatch: pytest.MonkeyPatch) -> None:
    hung = process.ProcessResult(-9, "", "", "nothing happened for 5 s")
    report = checked(monkeypatch, lambda folder, names: hung, *NAMES)
    assert "nothing happened for 5 s" in report.problems[0] and report.exit_code == 2


def test_a_wandb_without_the_class_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def play(folder: pathlib.Path, names: Sequence[str]) -> process.ProcessResult:
        environment(folder, legacy_class="ModuleNotFoundError: No module named 'wandb.integration.keras.keras'")
        return ENDED

    report = checked(monkeypatch, play, *NAMES, against="native")
    assert set(states(report).values()) == {"fails"} and report.exit_code == 1
    assert "\n".join(report.lines()).count("has no WandbCallback") == len(NAMES)


def test_what_ends_all_trainings_alike_is_said_once_and_every_other_scenario_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = ["metrics_alone", "every_batch", "dropout", "prefix", "monitor_max", "monitor_min", "mode_unknown"]

    def play(folder: pathlib.Path, played: Sequence[str]) -> process.ProcessResult:
        ended = goldens(wrong_summary)(folder, played)
        for name in names[:3]:
            (folder / f"{name}.ended.txt").write_text("ValueError: no such thing\n", encoding="utf-8")
        return ended

    def wrong_summary(trace: dict[str, Any]) -> None:
        trace["runs"][0]["summary"]["best_epoch"] = -1

    text = "\n".join(checked(monkeypatch, play, *names).lines())
    assert text.count("no such thing") == 1
    assert all(name in text for name in names)


@pytest.mark.parametrize("content", [None, "{", "[]", '{"runs": 3}'])
def test_a_golden_that_is_none_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path, content: str | None
) -> None:
    for name in NAMES:
        shutil.copy(GOLDENS / f"{name}.json", tmp_path)
    (tmp_path / "weights.json").unlink()
    if content is not None:
        (tmp_path / "weights.json").write_text(content, encoding="utf-8")
    report = checked(monkeypatch, goldens(), *NAMES, goldens=tmp_path)
    assert {name for name, state in states(report).items() if state != "works"} == {"weights"}
    assert report.exit_code == 2 and "weights: " in row(report, "weights").not_judged[0]


def test_json_has_every_path(monkeypatch: pytest.MonkeyPatch) -> None:
    report = checked(monkeypatch, goldens(scaled_histograms), "weights")
    found = json.loads(json.dumps(report.as_json()))
    (capability,) = [item for item in found["capabilities"] if item["capability"] == "weights"]
    (finding,) = capability["findings"]
    assert finding["count"] == len(finding["differences"]) > 100
    assert all(item["path"] and item["kind"] for item in finding["differences"])
    assert (found["exit_code"], capability["state"]) == (1, "fails")
    assert found["processor_seconds"] == PROCESSOR_SECONDS


def test_what_is_to_be_done_afterwards_is_told_to_each_process_and_what_they_printed_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = []

    def play(folder: pathlib.Path, names: Sequence[str]) -> process.ProcessResult:
        at = names.index(AFTERWARDS)
        told.append(tuple(names[at:]))
        last = [name for name in names[:at] if name != "weights" or len(told) > 1]  # the first dies at the weights
        goldens()(folder, last)
        return process.ProcessResult(0 if "weights" in last else -6, f"process {len(told)}\n", "")

    report = checked(monkeypatch, play, "metrics_alone", "weights", "flops", afterwards=("place", "module", "-n", "2"))
    assert told == [(AFTERWARDS, "place", "module", "-n", "2")] * len(told) and len(told) > 1
    assert report.printed == "".join(f"process {each + 1}\n" for each in range(len(told)))
    assert checked(monkeypatch, goldens(), "flops").printed == ""


#: Command and variables of each process.
Started = list[tuple[Sequence[str], dict[str, str]]]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    """What was started; nothing of it says anything."""
    found: Started = []

    def run(command: Sequence[str], variables: dict[str, str], *_: Any) -> process.ProcessResult:
        found.append((command, variables))
        return process.ProcessResult(1, "", "")

    monkeypatch.setattr(process, "run", run)
    return found


@pytest.mark.parametrize(("own", "expected"), [({}, "1"), ({"OMP_NUM_THREADS": "3"}, "3")])
def test_pytorch_has_one_thread_where_the_environment_says_nothing_else(
    started: Started, own: dict[str, str], expected: str
) -> None:
    """Two, of two workers on two processors, took two fifths of the time for waiting."""
    check(["weights"], Ledger(), Options(variables=own))
    assert {variables["OMP_NUM_THREADS"] for _, variables in started} == {expected}


def test_what_is_started_is_the_interpreter_asked_for_quiet_and_without_a_gpu(started: Started) -> None:
    own = {"WANDB_SILENT": "false", "CUDA_VISIBLE_DEVICES": "0", "OF_THE_USER": "kept"}
    for name in ("weights", next(iter(uses.names()))):
        check([name], Ledger(), Options(python="/this/python", variables=own))
    (command, of_scenario), (_, of_use) = started
    assert command[0] == "/this/python"
    said = {"WANDB_SILENT": "true", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "OF_THE_USER": "kept"}
    assert said.items() <= of_scenario.items() and said.items() <= of_use.items()
    # What newer callbacks do alone is asked of a server; scenarios are recorded without one.
    assert "WANDB_BASE_URL" in of_use and "WANDB_BASE_URL" not in of_scenario


@pytest.mark.parametrize(("kind", "capability"), [("model", "checkpoint"), ("run_table", "evaluation")])
def test_an_artifact_that_is_missing_counts_for_what_the_golden_says_it_is(
    monkeypatch: pytest.MonkeyPatch, kind: str, capability: str
) -> None:
    def without(trace: dict[str, Any]) -> None:
        for run in trace["runs"]:
            run["artifacts"]["logged"] = [each for each in run["artifacts"]["logged"] if each["type"] != kind]

    report = checked(monkeypatch, goldens(without), "everything")
    assert states(report) == {capability: "fails", "together": "works"}
