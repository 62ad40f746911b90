"""Numbers and objects as a trace has them."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.testing.trace import canonical
from wandb_keras_compat.testing.trace.canonical import (
    Content,
    float_of,
    from_json,
    is_number,
    number,
    object_type,
    plain,
)

SPECIAL = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_keeps_its_value_and_an_integral_one_is_an_integer(value: float) -> None:
    found = number(value)
    assert found == value
    assert isinstance(found, int) is (value.is_integer() and abs(value) < 2**53)


@pytest.mark.parametrize(
    ("value", "kind"), [(2.0**53 - 1, int), (1 - 2.0**53, int), (2.0**53, float), (-(2.0**53), float), (-0.0, int)]
)
def test_where_a_float_no_longer_tells_integers_apart_it_stays_one(value: float, kind: type) -> None:
    assert type(number(value)) is kind


@pytest.mark.parametrize("name", SPECIAL)
def test_what_is_not_finite_has_a_name(name: str) -> None:
    found = number(SPECIAL[name])
    assert (found, type(found)) == ({"_type": "number", "is": name}, Content)
    assert repr(float_of(found)) == repr(SPECIAL[name])
    assert is_number(found)


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        (1, True),
        (0.5, True),
        (True, False),
        ("1", False),
        (None, False),
        ([1], False),
        ({}, False),
        ({"_type": "image"}, False),
    ],
)
def test_what_is_a_number(value: Any, is_one: bool) -> None:
    assert is_number(value) is is_one


@given(st.recursive(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=2)), lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=2), inner, max_size=3)), max_leaves=6))  # fmt: skip
def test_a_json_value_has_its_numbers_in_that_form_and_nothing_else_changed(value: Any) -> None:
    def expected(each: Any) -> Any:
        if isinstance(each, dict):
            return {key: expected(item) for key, item in each.items()}
        if isinstance(each, list):
            return [expected(item) for item in each]
        return number(each) if isinstance(each, float) else each

    found = plain(value)
    assert json.dumps(found) == json.dumps(expected(value))
    assert "NaN" not in json.dumps(found).replace('"NaN"', "") and plain(found) == found


@pytest.mark.parametrize(
    ("data", "value"), [(None, None), (b"", None), (b"{", None), (b"[" * 100_000, None), (b"[1]", [1]), (b"null", None)]
)
def test_json_that_is_none_is_none(data: bytes | None, value: Any) -> None:
    assert from_json(data) == value


MEMBERS: dict[str, dict[str, type]] = {
    "number": {"is": str},
    "image": {"width": int, "height": int, "mode": str, "png": str},
    "histogram": {"bins": list, "counts": list},
    "table": {"columns": list, "rows": list},
    "graph": {"nodes": list, "edges": list},
    "weights": {"format": str, "weights": dict},
    "json": {"value": object},
    "text": {"text": str},
    "bytes": {"size": int, "sha256": str},
    "reference": {"uri": str},
    "media": {"media": str, "content": object},
}


def test_the_types_of_objects_are_those() -> None:
    assert sorted(canonical._MEMBERS) == sorted(MEMBERS)


@pytest.mark.parametrize("kind", MEMBERS)
def test_an_object_of_a_type_has_all_its_members(kind: str) -> None:
    """A mapping of the user's that lacks one, or has another kind of value there, is a mapping."""
    members = MEMBERS[kind]
    whole = {"_type": kind, **{name: of() for name, of in members.items()}}
    assert object_type(whole) == kind
    for name, of in members.items():
        assert object_type({key: value for key, value in whole.items() if key != name}) is None
        if of is not object:
            assert object_type({**whole, name: None}) is None
    assert object_type({**whole, "_type": "another"}) is None


@pytest.mark.parametrize(
    "value", [None, 1, "image", [], {}, {"_type": 3}, {"_type": ["number"]}, {"_type": None, "is": "NaN"}]
)
def test_what_is_no_object(value: Any) -> None:
    assert object_type(value) is None


def test_types_of_the_sdk() -> None:
    assert canonical.has_type({"_type": "x"}, "x")
    assert (
        not canonical.has_type({"_type": "x"}, "y")
        and not canonical.has_type("x", "x")
        and not canonical.has_type({}, "x")
    )
