"""``save_graph``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from wandb_keras_compat.backends.common import keras3

from ..builders import Subclassed, callback, dense, fit, keras, layers, run_epochs
from ..conftest import Observed


def drawn(observed: Observed) -> dict[str, Any]:
    """The logged graph, read from the file in the run folder."""
    (path,) = Path(observed.run.dir).glob(observed.summary["graph"]["path"])
    content: dict[str, Any] = json.loads(path.read_text())
    return content


@pytest.mark.parametrize("verbose", [0, 1, 2])
def test_quirk_22_the_graph_does_not_depend_on_how_much_fit_says(observed: Observed, verbose: int) -> None:
    fit(dense(), callback(save_graph=True), verbose=verbose)
    graph = drawn(observed)
    assert graph["format"] == "keras"
    assert [node["class_name"] for node in graph["nodes"]] == ["InputLayer", "Dense"]
    assert graph["nodes"][1] == {
        "id": "d", "name": "d", "class_name": "Dense", "output_shape": [None, 1], "num_parameters": 4,
    }  # fmt: skip
    assert graph["edges"] == [[graph["nodes"][0]["name"], "d"]]


def test_the_graph_is_drawn_once_per_callback(observed: Observed) -> None:
    under_test = run_epochs(callback(save_graph=True), {"loss": 1.0})
    del observed.summary["graph"]
    run_epochs(under_test, {"loss": 1.0})
    assert "graph" not in observed.summary.keys()


def test_quirk_33_a_layer_that_was_never_built_has_no_parameters(observed: Observed) -> None:
    model = Subclassed()
    model.compile("sgd", "mse", run_eagerly=True)
    fit(model, callback(save_graph=True))
    graph = drawn(observed)
    found = {node["name"]: (node["num_parameters"], node["output_shape"]) for node in graph["nodes"]}
    assert found["used"][0] == 4
    assert found["unused"] == (0, ["multiple"])
    assert graph["edges"] == []
    assert observed.warnings == []


def test_quirk_34_a_layer_called_twice_is_one_node_with_its_edges_twice(observed: Observed) -> None:
    shared = layers.Dense(3, name="shared")
    first, second = keras.Input((3,), name="first"), keras.Input((3,), name="second")
    model = keras.Model([first, second], layers.Add(name="sum")([shared(first), shared(second)]))
    run_epochs(callback(save_graph=True), {"loss": 1.0}, model=model)
    graph = drawn(observed)
    assert [node["name"] for node in graph["nodes"]].count("shared") == 1
    assert sorted(graph["edges"]) == [["first", "shared"], ["second", "shared"], ["shared", "sum"], ["shared", "sum"]]


@pytest.mark.parametrize(
    ("version", "shown"), [((3, 4), True), ((3, 5), False), ((3, 9), False), ((3, 10), True), (None, True)]
)
def test_a_cast_that_keras_itself_puts_before_a_layer_is_no_node(
    observed: Observed, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int] | None, shown: bool
) -> None:
    """Keras 3.5 to 3.9 has one in the graph of a model in mixed precision; written out here, in a Keras that has none."""
    if not hasattr(keras, "ops"):
        pytest.skip("Keras 2 casts inside the layer")
    given = keras.Input((3,), name="given")
    half = layers.Dense(2, dtype="float16", name="half")
    model = keras.Model(given, layers.Dense(1, name="d")(half(keras.ops.cast(given, "float16"))))
    model.compile("sgd", "mse")
    if version is not None:
        monkeypatch.setattr(keras3, "minor", lambda _: version)
    run_epochs(callback(save_graph=True), {"loss": 1.0}, model=model)
    graph = drawn(observed)
    casts = [node["name"] for node in graph["nodes"] if node["class_name"] == "Cast"]
    assert len(casts) == shown and len(graph["nodes"]) == 3 + shown
    assert [casts[0] if shown else "given", "half"] in graph["edges"]
