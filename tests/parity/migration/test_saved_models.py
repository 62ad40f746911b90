"""Two saved models hold the same weights, whatever their formats call them, or they do not."""

from __future__ import annotations

from typing import Any

import pytest

from wandb_keras_compat.parity.migration.saved_models import weights_of

NAN = {"_type": "number", "is": "NaN"}


def array(*values: Any, shape: tuple[int, ...] | None = None, key: str = "values") -> dict[str, Any]:
    return {"shape": list(shape or (len(values),)), "dtype": "float32", "sha256": "x", key: list(values)}


def model(kind: str = "h5", **arrays: Any) -> dict[str, Any]:
    return {"_type": "weights", "format": kind, "weights": arrays}


def named(arrays: dict[str, Any]) -> dict[str, Any]:
    return {"_type": "weights", "format": "any", "weights": arrays}


def test_names_and_formats_decide_nothing() -> None:
    one = weights_of([model(a=array(1.0, 2.0), b=array(0.5))])
    other = weights_of([model("keras", z=array(0.5), y=array(1.0, 2.0))])
    assert one == other == named({"weight 0": array(0.5), "weight 1": array(1.0, 2.0)})


def test_arrays_are_in_the_order_of_their_shapes_and_then_of_their_numbers() -> None:
    arrays = [array(1, shape=(1,)), array(2, shape=(1,)), array(0, 0, shape=(1, 2)), array(0, 0, shape=(2,))]
    found = weights_of([model(**{f"k{at}": each for at, each in enumerate(reversed(arrays))})])
    assert found is not None and list(found["weights"].values()) == arrays


@pytest.mark.parametrize(
    "name",
    [
        "optimizer/m", "layers/optimizer/vars/0", "save_counter", "keras_api/x", "x/seed_generator/state", "metrics/0",
        "metric/0", "a/metrics/x", "compile_metrics/x", "loss_tracker/total", "metrics",
    ],
)  # fmt: skip
def test_what_is_not_the_models_is_left_out(name: str) -> None:
    assert weights_of([model(a=array(1.0), **{name: array(9.0)})]) == named({"weight 0": array(1.0)})
    assert weights_of([model(**{name: array(9.0)})]) is None


@pytest.mark.parametrize("name", ["dense/kernel", "symmetric/kernel", "metrics_of_mine", "biometrics/x"])
def test_a_layer_may_be_called_nearly_so(name: str) -> None:
    assert weights_of([model(**{name: array(9.0)})]) == named({"weight 0": array(9.0)})


def test_an_array_that_is_there_twice_is_there_once() -> None:
    """As those of frozen layers are in a SavedModel, where the last digits are as they came."""
    found = weights_of([model(a=array(1.0), b=array(1.00001), c=array(1.001))])
    assert found is not None and len(found["weights"]) == 2
    shapes = weights_of([model(a=array(1.0, shape=(1,)), b=array(1.0, shape=(1, 1)))])
    assert shapes is not None and len(shapes["weights"]) == 2


def test_large_arrays_are_told_apart_by_their_sketches_and_what_has_no_numbers_by_its_shape() -> None:
    large = [array(norm, 0, 1.5, shape=(100,), key="sketch") for norm in (2.5, 1.5)]
    words = {"shape": [3], "dtype": "string", "sha256": "x"}
    found = weights_of([model(a=large[0], b=large[1], c=words)])
    assert found == named({"weight 0": words, "weight 1": large[1], "weight 2": large[0]})
    assert weights_of([model(a=array(NAN, 1.0), b=array(NAN, 0.5))]) == named(
        {"weight 0": array(NAN, 0.5), "weight 1": array(NAN, 1.0)}
    )


@pytest.mark.parametrize("contents", [[], [None], ["text"], [{"_type": "bytes", "size": 1, "sha256": "x"}], [model()]])
def test_where_nothing_can_be_read_there_are_no_weights(contents: list[Any]) -> None:
    assert weights_of(contents) is None
    assert weights_of([*contents, model(a=array(1.0))]) == named({"weight 0": array(1.0)})


def test_the_files_of_one_model_are_read_together_and_stay_as_they_are() -> None:
    one, other = model(a=array(1.0)), model(a=array(2.0))
    found = weights_of([one, other])
    assert found == named({"weight 0": array(1.0), "weight 1": array(2.0)})
    found["weights"]["weight 0"]["shape"] = None
    assert one == model(a=array(1.0))
