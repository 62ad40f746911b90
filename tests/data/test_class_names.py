"""``labels=``: whatever says which class has which name gives the same names, in captions and in tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
import wandb
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.data.arrays import class_names

from ..builders import callback, classifier, fit, images
from ..conftest import Observed

X, Y = images()
NAMES = ["ant", "bee", "cow"]

#: Ways to write down that class 0 is called by the first name, and so on.
FORMS: dict[str, Callable[[list[str]], Any]] = {
    "list": list,
    "tuple": tuple,
    "array": np.array,
    "bytes": lambda names: np.array([name.encode() for name in names]),
    "objects": lambda names: np.array(names, dtype=object),
    "tensor": tf.constant,
    "number to name": lambda names: dict(enumerate(names)),
    "NumPy number to name": lambda names: {np.int64(index): np.str_(name) for index, name in enumerate(names)},
    "number to name, reversed": lambda names: dict(reversed(list(enumerate(names)))),
    "number to name, from JSON": lambda names: {str(index): name for index, name in enumerate(names)},
    "name to number": lambda names: {name: index for index, name in enumerate(names)},
    "keys of class_indices": lambda names: {name: index for index, name in enumerate(names)}.keys(),
    "values": lambda names: dict(enumerate(names)).values(),
    "map": lambda names: map(str, names),
}


@given(st.sampled_from(sorted(FORMS)), st.lists(st.text("abc é", min_size=1), min_size=1, max_size=12, unique=True))
def test_every_form_gives_the_names_in_the_order_of_the_classes(form: str, names: list[str]) -> None:
    found = class_names(FORMS[form](names))
    assert found == names and {type(name) for name in found} == {str}


def test_a_series_names_the_classes_by_its_index_where_that_counts() -> None:
    pandas = pytest.importorskip("pandas", reason="what is tested is pandas'")
    assert class_names(pandas.Series(NAMES, index=[2, 0, 1])) == ["bee", "cow", "ant"]
    assert class_names(pandas.Series(NAMES, index=["x", "y", "z"])) == NAMES
    assert class_names(pandas.Index(NAMES)) == NAMES


@pytest.mark.parametrize(
    "form", ["Index", "Series", "shuffled Series", "Series with names as its index", "Categorical"]
)
def test_every_form_of_pandas(form: str) -> None:
    pandas = pytest.importorskip("pandas", reason="what is tested is pandas'")
    labels = {
        "Index": lambda: pandas.Index(NAMES),
        "Series": lambda: pandas.Series(NAMES),
        "shuffled Series": lambda: pandas.Series(NAMES).iloc[[2, 0, 1]],
        "Series with names as its index": lambda: pandas.Series(NAMES, index=["x", "y", "z"]),
        "Categorical": lambda: pandas.Categorical(NAMES),
    }[form]()
    assert class_names(labels) == NAMES


def test_numbers_stay_numbers_and_stand_in_for_names_that_are_not_given() -> None:
    assert class_names(np.array([10, 20])) == [10, 20]
    assert class_names({1: "bee", 3: "dog"}) == [0, "bee", 2, "dog"]
    assert [class_names(nothing) for nothing in (None, [], {}, np.array([]))] == [[], [], [], []]


@pytest.mark.parametrize(
    "labels", [{"ant", "bee"}, {"a": "b"}, {0: "a", -1: "b"}, {0: "a", 10**9: "b"}, {"a": 1.5}, np.eye(3), 7]
)
def test_what_says_no_order_gives_no_names(labels: Any) -> None:
    with pytest.raises(ValueError, match="Give a list of names in the order of the classes"):
        class_names(labels)


def test_labels_without_an_order_are_said_once_and_classes_stay_numbers(observed: Observed) -> None:
    under_test = callback(labels={"ant", "bee"}, input_type="image", output_type="label", log_evaluation=True)
    fit(classifier(), under_test, data=(X, Y))
    assert len(observed.warnings) == 1
    assert "Give a list of names" in observed.warnings[0]
    (pictures,) = observed.column("examples")
    assert all(isinstance(picture._caption, int) or picture._caption in ("0", "1", "2") for picture in pictures)


@pytest.mark.parametrize("form", ["bytes", "number to name", "name to number", "keys of class_indices", "map"])
def test_captions_and_tables_name_the_classes(observed: Observed, form: str) -> None:
    labels = FORMS[form](NAMES)
    under_test = callback(
        labels=labels, input_type="image", output_type="label", log_evaluation=True, validation_data=(X, Y)
    )
    model = classifier()
    fit(model, under_test, data=(X, Y), epochs=1)
    predicted = model.predict(X, verbose=0).argmax(1)
    assert observed.warnings == []
    (pictures,) = observed.column("examples")
    assert [picture._caption for picture in pictures] == [NAMES[index] for index in predicted]
    (table,) = observed.column("validation_predictions")
    assert list(table.data[0][table.columns.index("output:score")]) == NAMES
    if form != "map":  # which can be read once, and is kept as a list
        assert under_test.labels is labels, "legacy code finds what it gave"
    assert isinstance(table, wandb.Table)
