"""``log_evaluation``: tables, columns, and when they are logged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
import wandb
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from wandb_keras_compat.features.row_processors import inferred_columns, label_table

from ..builders import callback, classifier, fit, generator_of, images, run_epochs, sequence_of
from ..conftest import Observed

X, Y = images()
LABELS = ["a", "b", "c"]


@pytest.fixture(scope="module")
def model() -> Any:
    return classifier()


def evaluated(observed: Observed, model: Any, epochs: int = 1, **options: Any) -> list[Any]:
    """The prediction tables that a training of so many epochs logs."""
    given = {"log_evaluation": True, "validation_data": (X, Y), "labels": LABELS, **options}
    run_epochs(callback(monitor="loss", **given), *[{"loss": 1.0}] * epochs, model=model)
    return observed.column("validation_predictions")


def test_quirk_12_names_and_order_of_columns(observed: Observed, model: Any) -> None:
    (predictions,) = evaluated(observed, model)
    assert predictions.columns == ["output", "val_row", "output:max_class", "output:score"]
    np.testing.assert_allclose(predictions.get_column("output"), model.predict(X, verbose=0), rtol=1e-5)
    (artifact,) = (a for a in observed.artifacts if a.type != "run_table")  # wandb makes those of logged tables
    assert (artifact.name, artifact.type, "validation_data.table.json" in artifact.files) == (
        "wb_validation_data", "validation_dataset", True,
    )  # fmt: skip


def test_quirk_12_36_offline_the_validation_table_is_logged_as_an_output(observed: Observed, model: Any) -> None:
    evaluated(observed, model)
    assert observed.used == []
    table = json.loads(Path(observed.artifacts[0].files["validation_data.table.json"]).read_text())
    assert table["columns"] == ["target", "input", "input:image", "target:max_class"]
    assert [row[0] for row in table["data"]] == Y.tolist()
    assert observed.warnings == []


@pytest.mark.slow
@settings(max_examples=12)
@given(frequency=st.integers(0, 5), epochs=st.integers(1, 7))
def test_quirk_13_at_epochs_0_n_2n_and_again_at_the_end(
    observed: Observed, model: Any, frequency: int, epochs: int
) -> None:
    observed.clear()
    evaluated(observed, model, epochs, log_evaluation_frequency=frequency, infer_missing_processors=False)
    due = [epoch for epoch in range(epochs) if frequency and epoch % frequency == 0]
    at_the_end = not due or due[-1] != epochs - 1
    expected = [*due, *([None] if at_the_end else [])]
    assert [row.get("epoch") for row in observed.rows if "validation_predictions" in row] == expected
    assert observed.warnings == []


@pytest.mark.parametrize("verbose", [0, 1, 2])
def test_quirk_22_the_final_evaluation_does_not_depend_on_how_much_fit_says(observed: Observed, verbose: int) -> None:
    under_test = callback(log_evaluation=True, validation_data=(X, Y))
    fit(classifier(), under_test, data=(X, Y), verbose=verbose)
    assert [set(row) for row in observed.rows] == [{"epoch", "loss", "val_loss"}, {"validation_predictions"}]


@pytest.mark.parametrize("form", ["dataset", "sequence", "generator"])
@pytest.mark.parametrize("steps", [None, 2])
def test_quirk_29_other_forms_make_the_same_table(observed: Observed, model: Any, form: str, steps: Any) -> None:
    data = {
        "dataset": lambda: tf.data.Dataset.from_tensor_slices((X, Y)).batch(2),
        "sequence": lambda: sequence_of(X, Y, 2),
        "generator": lambda: generator_of(X, Y, 2),
    }[form]()
    tables = evaluated(observed, model, validation_data=data, validation_steps=steps)
    if form == "generator" and steps is None:
        assert tables == []
        assert len(observed.warnings) == 1
        assert "you must pass validation_steps" in observed.warnings[0]
        return
    rows = 6 if steps is None else 4
    np.testing.assert_allclose(tables[0].get_column("output"), model.predict(X[:rows], verbose=0), rtol=1e-5)
    assert observed.warnings == []


def test_quirk_35_validation_indexes_replace_the_validation_table_but_not_the_data(
    observed: Observed, model: Any
) -> None:
    table = wandb.Table(columns=["name"], data=[[str(index)] for index in range(len(X))])
    artifact = wandb.Artifact("mine", type="dataset")
    artifact.add(table, "mine")
    observed.run.log_artifact(artifact)
    observed.clear()
    (predictions,) = evaluated(observed, model, validation_indexes=table.get_index())
    assert "validation_dataset" not in [artifact.type for artifact in observed.artifacts]
    assert predictions.columns[:2] == ["output", "val_row"]
    observed.clear()
    assert evaluated(observed, model, validation_indexes=table.get_index(), validation_data=None) == []
    assert len(observed.warnings) == 1
    assert "unable to read validation_data" in observed.warnings[0]


@pytest.mark.parametrize("kind", [list, tuple, np.array])
def test_quirk_37_labels_may_be_any_sequence(observed: Observed, model: Any, kind: Any) -> None:
    (predictions,) = evaluated(observed, model, labels=kind(LABELS))
    assert predictions.columns[2:] == ["output:max_class", "output:score"]
    assert [set(cell) for cell in predictions.get_column("output:score")] == [set(LABELS)] * len(X)


def test_users_row_processors_take_the_place_of_the_inferred_columns(observed: Observed, model: Any) -> None:
    def best(index: Any, row: dict[str, Any]) -> dict[str, Any]:
        return {"best": int(np.argmax(row["output"]))}

    (predictions,) = evaluated(observed, model, prediction_row_processor=best)
    assert predictions.columns == ["output", "val_row", "best"]
    assert predictions.get_column("best") == model.predict(X, verbose=0).argmax(axis=1).tolist()


VECTOR = arrays.arrays(st.sampled_from(["float32", "int64"]), st.integers(1, 12), elements=st.integers(-3, 3))
LABELLED = st.lists(st.text("abc", min_size=1, max_size=3), unique=True, max_size=5)


@given(value=VECTOR, names=LABELLED)
def test_inferred_columns_of_a_vector(value: Any, names: list[str]) -> None:
    columns = inferred_columns(value, label_table(names or None))
    hot = sorted(set(value.tolist())) == [0, 1]
    if names and len(value) == len(names):
        expected = {"max_class"} | (set() if hot else {"score"})
    elif len(value) == 1 and value.dtype == np.int64:
        expected = {"class" if names else "val"}
    else:
        expected = {"argmax"} | ({"node"} if len(value) <= 10 else set()) | (set() if hot else {"argmin"})
    assert set(columns) == expected
    if "argmax" in columns:
        assert columns["argmax"](value, None) == value.tolist().index(max(value.tolist()))
    if "argmin" in columns:
        assert columns["argmin"](value, None) == value.tolist().index(min(value.tolist()))
    if "node" in columns:
        assert columns["node"](value, None) == value.tolist()
    if "score" in columns:
        assert columns["score"](value, None) == dict(zip(names, value))


@given(
    value=arrays.arrays(
        "float32", arrays.array_shapes(min_dims=0, max_dims=5, max_side=3), elements=st.just(0.5)
    ).filter(lambda array: array.ndim != 1)
)
def test_inferred_columns_by_number_of_dimensions(value: Any) -> None:
    expected = {0: set(), 2: {"image"}, 3: {"image"}, 4: {"video"}, 5: set()}[value.ndim]
    assert set(inferred_columns(value, None)) == expected
    assert set(inferred_columns(value, label_table(["a", "b"]), base=value)) == expected


@pytest.mark.parametrize("value", ["text", 3, 2.5, np.float32(1)])
def test_plain_values_have_no_inferred_columns(value: Any) -> None:
    assert inferred_columns(value, label_table(["a"])) == {}
