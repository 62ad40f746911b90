"""The ledger is alive: every entry has a witness, and every entry that is about these versions is needed."""

from __future__ import annotations

import ast
import functools
import pathlib
from typing import Any

import pytest

from wandb_keras_compat.parity import frameworks, workers
from wandb_keras_compat.parity.frameworks import framework
from wandb_keras_compat.parity.ledger import compare, ledger, may_end
from wandb_keras_compat.parity.scenarios import SCENARIOS
from wandb_keras_compat.testing.trace.ledger import Entry

from . import render_differences
from .conftest import Played, golden

pytestmark = pytest.mark.timeout(1200)

ROOT = pathlib.Path(__file__).parents[2]
ENTRIES = {entry.id: entry for entry in ledger().entries}


@functools.cache
def functions_of(path: pathlib.Path) -> set[str]:
    return {node.name for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_the_witness_exists(entry: Entry) -> None:
    path, _, function = entry.witness.partition("::")
    assert function in functions_of(ROOT / path)


def test_the_page_has_the_table_of_the_ledger() -> None:
    assert render_differences.main("--check") == 0


def test_ids_are_in_order() -> None:
    assert list(ENTRIES) == sorted(ENTRIES)


#: Those that some scenario can show; the others are about plays, see test_played_differences.py.
OF_SCENARIOS = {name: entry for name, entry in ENTRIES.items() if any(map(entry.is_about, SCENARIOS))}


@pytest.mark.parametrize("entry", OF_SCENARIOS.values(), ids=OF_SCENARIOS)
def test_the_difference_is_still_there(entry: Entry, played: Played) -> None:
    """Where it holds for the versions at hand, some scenario shows it; otherwise it is to be deleted."""
    made_with = played("shim", "defaults")["made_with"]
    if not entry.holds(made_with):
        pytest.skip(f"{entry.id} is about other versions: {entry.versions()}")
    if frameworks.name != "tensorflow" and not any(frameworks.name in each for each in entry.when):
        pytest.skip(f"{entry.id} is about all frameworks, and TensorFlow says whether it is needed")
    about = [name for name in SCENARIOS if entry.is_about(name)]
    assert any(entry.id in compare(golden(name), played("shim", name), ledger()).known for name in about)


# --- witnesses of what no test of a quirk shows ---------------------------------------------------------------------


def run_of(trace: dict[str, Any]) -> dict[str, Any]:
    (run,) = trace["runs"]
    return dict(run)


def test_no_use_is_reported_as_deprecated(played: Played) -> None:
    old, new = run_of(golden("images_old_name")), run_of(played("shim", "images_old_name"))
    assert "deprecated.keras_callback__data_type" in old["telemetry"]
    assert not [flag for flag in new["telemetry"] if flag.startswith("deprecated.")]


def said(trace: dict[str, Any]) -> list[str]:
    return list(run_of(trace)["terminal"])


def test_two_sentences_are_warnings_now(played: Played) -> None:
    """The same words, once; Keras 3 writes the second model's HDF5, and there is nothing to say."""
    (mode,) = said(golden("mode_unknown"))
    assert said(played("shim", "mode_unknown")) == [f"WARNING {mode}"]
    error = next(sentence for sentence in said(golden("save_subclassed")) if sentence.startswith("ERROR "))
    trace = played("shim", "save_subclassed")
    assert [line for line in said(trace) if "logs no SavedModel" not in line] == (
        [] if ENTRIES["KD-020"].holds(trace["made_with"]) else [error.replace("ERROR", "WARNING")]
    )


def test_the_sentence_about_flops_goes_on(played: Played) -> None:
    (old,), (new,) = said(golden("flops_subclassed")), said(played("shim", "flops_subclassed"))
    assert new.startswith(f"{old} ") and "build it" in new


@pytest.mark.parametrize("name", ["table_processor_raises", "table_validation_processor_raises"])
def test_what_went_wrong_with_a_table_is_said_with_its_kind(name: str, played: Played) -> None:
    mistake = "this processor has a mistake"
    (new,) = said(played("shim", name))
    assert new.endswith(f": ValueError: {mistake}")
    same = {
        sentence.replace("durring", "during").replace(mistake, f"ValueError: {mistake}")
        for sentence in said(golden(name))
    }
    assert same == {new}


def test_only_the_numbers_of_the_dropout_scenario_differ(played: Played) -> None:
    old, new = run_of(golden("dropout")), run_of(played("shim", "dropout"))
    assert [sorted(row) for row in old["history"]] == [sorted(row) for row in new["history"]]
    assert sorted(old["summary"]) == sorted(new["summary"])
    assert [row["epoch"] for row in new["history"]] == [0, 1]


def test_batch_normalization_differs_in_the_fourth_digit_only(played: Played) -> None:
    old, new = run_of(golden("gradients_convolutional")), run_of(played("shim", "gradients_convolutional"))
    assert [row["val_loss"] for row in new["history"]] == pytest.approx(
        [row["val_loss"] for row in old["history"]], rel=1e-3
    )


def test_old_wandb_says_that_it_cannot_patch(played: Played) -> None:
    """When its callbacks are imported for the model artifact, by each of their modules; the artifact is there."""
    trace = played("shim", "defaults")
    holds = ENTRIES["KD-039"].holds(trace["made_with"])
    assert ("ERROR Unable to patch Tensorflow/Keras" in said(trace)) == holds
    assert run_of(trace)["artifacts"]["logged"]


def test_the_flag_of_tables_is_wandbs_own(played: Played) -> None:
    """It is there where a table was logged, and nowhere else, on the versions that have it."""
    with_table, without = (run_of(played("shim", name))["telemetry"] for name in ("table", "metrics_alone"))
    assert "feature.table" not in without
    holds = ENTRIES["KD-040"].holds(played("shim", "table")["made_with"])
    assert ("feature.table" in with_table) == holds


def _keras_3_before_3_15(trace: dict[str, Any]) -> bool:
    return ENTRIES["KD-029"].holds(trace["made_with"])


def test_the_flag_of_the_summary_is_wandbs_own(played: Played) -> None:
    trace = played("shim", "metrics_alone")
    assert ("feature.set_summary" in run_of(trace)["telemetry"]) != ENTRIES["KD-041"].holds(trace["made_with"])


def test_early_keras_3_reports_only_the_sum_of_the_outputs(played: Played) -> None:
    trace = played("shim", "several_outputs")
    assert ("o1_loss" in run_of(trace)["history"][0]) != _keras_3_before_3_15(trace)


def test_two_replicas_halve_the_loss_of_early_keras_3(played: Played) -> None:
    trace = played("shim", "mirrored")
    share = run_of(trace)["history"][0]["loss"] / run_of(golden("mirrored"))["history"][0]["loss"]
    assert share == pytest.approx(0.5 if _keras_3_before_3_15(trace) else 1.0, rel=0.02)


def test_early_keras_3_misjudges_a_short_execution(played: Played) -> None:
    """Three batches in executions of two: the same model and data, evaluated two batches at a time or one."""
    trace = played("shim", "steps_per_execution")
    if may_end("steps_per_execution", trace["made_with"], ledger()):
        pytest.skip("Keras on PyTorch takes one step per execution")
    plain = run_of(played("shim", "metrics_alone"))["summary"]["val_loss"]
    share = run_of(trace)["summary"]["val_loss"] / plain
    assert (share == pytest.approx(1.0, rel=1e-3)) != _keras_3_before_3_15(trace)


def test_old_tensorflow_writes_no_fingerprint(played: Played) -> None:
    """And names the state of the optimizer otherwise; the weights of the model are under the same names."""
    trace = played("shim", "save_weights_only")
    entries = run_of(trace)["artifacts"]["logged"][0]["entries"]
    if frameworks.name != "tensorflow":
        pytest.skip(f"Keras on {frameworks.name} writes no SavedModel")
    assert ("fingerprint.pb" in entries) != ENTRIES["KD-035"].holds(trace["made_with"])
    assert "saved_model.pb" in entries


def test_a_saved_model_is_tensorflow_s(played: Played) -> None:
    """Where there is none it is said, once, and ``model.keras`` is logged all the same."""
    trace = played("shim", "save_model")
    (first, *_) = run_of(trace)["artifacts"]["logged"]
    there = frameworks.name == "tensorflow"
    assert {name.partition("/")[0] for name in first["entries"]} >= (
        {"saved_model.pb", "variables"} if there else {"model.keras"}
    )
    assert ("saved_model.pb" in first["entries"]) == there
    assert [line for line in said(trace) if "logs no SavedModel" in line] == said(trace)[: not there]


def test_a_recurrent_layer_is_counted_by_the_profiler_alone(played: Played) -> None:
    trace = played("shim", "flops_lstm")
    there = frameworks.name == "tensorflow"
    assert ("GFLOPs" in run_of(trace)["summary"]) == there
    assert [line for line in said(trace) if "recurrent" in line] == said(trace)[: not there]


@pytest.mark.slow
def test_only_keras_2_trains_with_two_workers() -> None:
    if "two_workers" in framework.NOT_PLAYED:
        pytest.skip(framework.NOT_PLAYED["two_workers"])
    trace, ended = workers.play("two_workers", "none")
    assert (ended is not None) == trace["made_with"]["keras"].startswith("3.")


def test_every_version_is_of_something_that_a_trace_is_made_with() -> None:
    names = {name for entry in ledger().entries for alternative in entry.when for name in alternative}
    there = {"tensorflow", "jax", "torch", "keras", "tf-keras", "wandb", "python"}
    assert names <= there, "a name that nothing has never holds"
