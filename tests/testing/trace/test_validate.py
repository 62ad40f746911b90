"""What is no trace is refused with the place that is wrong."""

from __future__ import annotations

import copy
import json
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from wandb_keras_compat.testing.trace.normalize import dumps
from wandb_keras_compat.testing.trace.paths import parse, text_of
from wandb_keras_compat.testing.trace.validate import TraceError, check, load

from . import strategies
from .mutate import places

RICH = strategies.rich()


def test_the_schema_is_one():
    text = resources.files("wandb_keras_compat.testing.trace").joinpath("trace.schema.json").read_text()
    Draft202012Validator.check_schema(json.loads(text))


@given(strategies.traces)
def test_a_trace_is_what_it_was_after_writing_and_reading(trace):
    text = dumps(trace)
    assert text.endswith("}\n")
    assert json.loads(text) == trace
    check(json.loads(text))


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("schema", "wandb-keras-compat/trace/0"),
        ("door", "window"),
        ("blind[0]", "runs["),
        ("runs[0].name", None),
        ("runs[0].exit_code", "0"),
        ("runs[0].tags[1]", 3),
        ("runs[0].telemetry", ["a", "a"]),
        ("runs[0].config.nested.deep.er", {"_type": "unheard of"}),
        ("runs[0].history[2]._step", -1),
        ("runs[0].history[0].nan.is", "nan"),
        ("runs[0].history[2].one.width", "8"),
        ("runs[0].history[2].one.png", "aGVsbG8="),
        ("runs[0].history[2].one.height", 3),
        ("runs[0].history[2].examples[0].masks.predictions.image.mode", "X"),
        ("runs[0].history[2].hist.bins", [1, 2]),
        ("runs[0].history[2].hist.counts[1]", "4"),
        ("runs[0].history[2].tab.rows", [[1]]),
        ("runs[0].history[2].tab.rows[0][1].mode", 3),
        ("runs[0].summary.graph.edges", "a-b"),
        ('runs[0].files["notes.txt"].policy', "sometimes"),
        ('runs[0].files["notes.txt"].content.text', 1),
        ('runs[0].files["model-best.h5"].content.weights["dense/kernel"].dtype', 32),
        ('runs[0].artifacts.logged[0].entries["a.keras"].format', ""),
    ],
)
def test_the_place_that_is_wrong_is_named(where, value):
    trace = copy.deepcopy(RICH)
    trace["blind"] = ["runs[*].console"]
    *above, last = parse(where)
    place = trace
    for part in above:
        place = place[part]
    place[last] = value
    with pytest.raises(TraceError) as caught:
        check(trace)
    found = caught.value.path
    assert found == (where if not where.endswith("height") else where.replace("height", "png"))
    assert str(caught.value).startswith(f"{found}: ")


@given(st.data())
def test_an_object_of_no_known_type_is_refused_anywhere(data):
    """But for the content of a JSON file, which may be anything, and for mappings whose keys are the user's."""
    users = [("runs", 0, name) for name in ("config", "summary")]
    users += [("runs", 0, "artifacts", "logged", at, "metadata") for at in (0, 1)]
    users += [("runs", 0, "artifacts", "used", 0, "metadata"), ("runs", 1, "config"), ("runs", 1, "summary")]
    everywhere = [path for path, _ in places(("runs",), RICH["runs"]) if "data.json" not in path and path not in users]
    path = data.draw(st.sampled_from(everywhere))
    trace = copy.deepcopy(RICH)
    place = trace
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = {"_type": "unheard of"}
    with pytest.raises(TraceError) as caught:
        check(trace)
    assert text_of(path).startswith(caught.value.path) or caught.value.path.startswith(text_of(path))


@pytest.mark.parametrize("text", ["", "[", "[]", '"x"', "null", '{"schema": NaN}', "[" * 100_000, "\ufeff{}"])
def test_a_file_that_is_no_trace_is_refused(tmp_path, text):
    path = tmp_path / "t.json"
    path.write_text(text, "utf-8")
    with pytest.raises(TraceError):
        load(path)


def test_a_file_that_is_not_there_or_no_text(tmp_path):
    (tmp_path / "t.json").write_bytes(b"\xff\xfe{}")
    for name in ("none.json", "t.json", ""):
        with pytest.raises(TraceError, match="is no trace"):
            load(tmp_path / name)


def test_a_file_that_is_one(tmp_path):
    (tmp_path / "t.json").write_text(dumps(RICH), "utf-8")
    assert load(tmp_path / "t.json") == RICH


def test_what_is_not_strict_json_is_not_written():
    with pytest.raises(ValueError, match="nan"):
        dumps({"x": float("nan")})
