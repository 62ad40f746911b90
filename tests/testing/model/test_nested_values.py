"""Values in nested mappings, as the two services of wandb keep them."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat.testing.model.nested_values import Nested, leaves, path_of, value_of

PATHS = st.lists(st.sampled_from("ab"), min_size=1, max_size=3).map(tuple)


@given(st.lists(st.tuples(PATHS, st.integers(0, 5)), max_size=5), st.booleans())
def test_what_was_put_at_a_path_is_there_until_something_is_put_above_or_below(writes: list[Any], whole: bool) -> None:
    values: dict[str, Any] = {}
    nested = Nested(values, whole=whole)
    expected: dict[tuple[str, ...], int] = {}
    for path, value in writes:
        nested.put(path, value)
        expected = {old: kept for old, kept in expected.items() if old[: len(path)] != path and path[: len(old)] != old}
        expected[path] = value
    assert dict(leaves(values)) == expected


@pytest.mark.parametrize(("whole", "expected"), [(True, {"a": {"y": 2}}), (False, {"a": {"x": 1, "y": 2}})])
def test_a_mapping_that_was_set_as_one_value(whole: bool, expected: Any) -> None:
    values: dict[str, Any] = {}
    nested = Nested(values, whole=whole)
    nested.put(["a"], {"x": 1})
    nested.put(["a", "y"], 2)
    assert values == expected
    nested.put(["a", "z"], 3)
    assert values == {"a": {**expected["a"], "z": 3}}, "what was made on the way is no one value"


@pytest.mark.parametrize("whole", [True, False])
def test_a_whole_value_below_one_that_was_replaced_is_none_any_more(whole: bool) -> None:
    values: dict[str, Any] = {}
    nested = Nested(values, whole=whole)
    nested.put(["a", "b"], {"x": 1})
    nested.put(["a"], 1)
    nested.put(["a", "b", "c"], 2)
    nested.put(["a", "b", "d"], 3)
    assert values == {"a": {"b": {"c": 2, "d": 3}}}


@pytest.mark.parametrize(("keep", "expected"), [(True, {"a": {"b": None}}), (False, {"a": {}})])
def test_none_is_a_value_or_takes_one_away(keep: bool, expected: Any) -> None:
    values: dict[str, Any] = {"a": {"b": 1}}
    Nested(values, whole=True, keep_none=keep).put(["a", "b"], None)
    assert values == expected


@pytest.mark.parametrize("path", [["a"], ["a", "b"], ["a", "b", "c"], ["x"], ["a", "x", "y"]])
def test_dropping_what_is_there_and_what_is_not(path: list[str]) -> None:
    values: dict[str, Any] = {"a": {"b": 1}, "c": 2}
    Nested(values, whole=True).drop(path)
    assert values == {("a",): {"c": 2}, ("a", "b"): {"a": {}, "c": 2}}.get(tuple(path), {"a": {"b": 1}, "c": 2})


def item(value: Any, key: str = "", path: tuple[str, ...] = ()) -> Any:
    return SimpleNamespace(key=key, nested_key=list(path), value_json=json.dumps(value))


def test_items_of_a_record() -> None:
    assert (path_of(item(1, "a.b")), path_of(item(1, path=("a", "b")))) == (("a.b",), ("a", "b"))
    assert value_of(item({"x": [1, None]})) == {"x": [1, None]}
    values: dict[str, Any] = {"gone": 1}
    Nested(values, whole=True).apply(
        [item(1, "a"), item(2, path=("n", "m")), item(3, "a")], [item(None, "gone"), item(None, "never")]
    )
    assert values == {"a": 3, "n": {"m": 2}}


def test_leaves_are_the_values_that_are_no_mapping() -> None:
    assert [*leaves({"a": {"b": 1, "c": {}}, "d": [2], "e": None})] == [(("a", "b"), 1), (("d",), [2]), (("e",), None)]
