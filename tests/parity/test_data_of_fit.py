"""What only ``fit`` is given is drawn and tabulated, in every form that ``fit`` takes, where the real class does less."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Played

pytestmark = pytest.mark.timeout(1200)


def images(trace: dict[str, Any]) -> list[list[Any]]:
    (run,) = trace["runs"]
    return [row["examples"] for row in run["history"] if "examples" in row]


def tables(trace: dict[str, Any]) -> list[Any]:
    (run,) = trace["runs"]
    return [row["validation_predictions"] for row in run["history"] if "validation_predictions" in row]


def inputs(pictures: list[Any]) -> list[Any]:
    return [{name: value for name, value in picture.items() if name != "caption"} for picture in pictures]


@pytest.mark.parametrize("form", ["list", "weighted", "dataset", "sequence", "generator", "position"])
def test_every_form_of_data_is_drawn_as_arrays_are(form: str, played: Played) -> None:
    drawn, of_arrays = images(played("shim", f"images_of_fit_{form}")), images(played("shim", "images_of_fit"))
    assert len(drawn[0]) == 24
    # A training with other weights, or over a generator, has other captions; the samples are the same.
    assert inputs(drawn[0]) == inputs(of_arrays[0])


def test_masks_of_a_dataset_are_drawn_as_those_of_arrays(played: Played) -> None:
    drawn, of_arrays = images(played("shim", "masks_of_fit_dataset")), images(played("shim", "masks_of_fit"))
    assert [len(row) for row in drawn] == [len(row) for row in of_arrays] == [72, 72]


@pytest.mark.parametrize("form", ["list", "weighted", "dataset", "sequence", "generator", "position"])
def test_every_form_of_data_has_the_table_of_arrays(form: str, played: Played) -> None:
    (table,), (of_arrays,) = (tables(played("shim", name)) for name in (f"table_of_fit_{form}", "table_of_fit"))
    assert table["columns"] == of_arrays["columns"] and len(table["rows"]) == len(of_arrays["rows"]) == 24


def test_what_validation_split_sets_aside_is_drawn_and_tabulated(played: Played) -> None:
    """The last quarter of the samples."""
    of_all = images(played("shim", "images_of_fit"))[0]
    assert inputs(images(played("shim", "images_of_fit_split"))[0]) == inputs(of_all[-6:])
    (table,) = tables(played("shim", "table_of_fit_split"))
    assert len(table["rows"]) == 6
