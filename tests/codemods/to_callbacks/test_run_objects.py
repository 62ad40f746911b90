"""W&B's objects, and what comes of them: their attributes, the results of their methods, their items and elements."""

from __future__ import annotations

import libcst as cst
import pytest
from wandb_keras_codemods.documents.module import ModuleView
from wandb_keras_codemods.to_callbacks.run_objects import (
    Value,
    What,
    attribute_of,
    element_of,
    history_keys,
    imported,
    item_of,
    result_of,
)

ATTRIBUTES: list[tuple[What, str, What]] = [
    ("wandb", "run", "run"), ("wandb", "summary", "summary"), ("wandb", "config", "other"),
    ("run", "summary", "summary"), ("run", "summary_metrics", "summary"), ("run", "name", "other"),
    ("unknown", "summary", "summary"), ("unknown", "summary_metrics", "summary"), ("unknown", "model", "unknown"),
    ("foreign", "summary", "foreign"), ("foreign", "runs", "foreign"),
    ("summary", "_json_dict", "summary"), ("summary", "best", "other"),
    ("sweep", "runs", "runs"), ("sweep", "summary", "other"),
    ("history", "loc", "locator"), ("history", "iloc", "locator"), ("history", "at", "locator"),
    ("history", "columns", "columns"), ("history", "loss", "other"), ("other", "summary", "other"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "name", "found"), ATTRIBUTES)
def test_an_attribute_of_a_thing(what: What, name: str, found: What) -> None:
    """It is of the same run."""
    assert attribute_of(Value(what, "process", True), name).what == found
    if found != "other":
        assert attribute_of(Value(what, "process", True), name) == Value(found, "process", True)


RESULTS: list[tuple[What, str, What]] = [
    ("wandb", "init", "run"), ("wandb", "log", "other"),
    ("api", "run", "run"), ("api", "from_path", "run"), ("api", "runs", "runs"), ("api", "sweep", "sweep"),
    ("api", "artifact", "other"), ("sweep", "best_run", "run"), ("run", "history", "history"), ("run", "log", "other"),
    ("unknown", "history", "history"), ("unknown", "run", "unknown"), ("foreign", "history", "foreign"),
    ("other", "load", "unknown"), ("summary", "copy", "summary"), ("summary", "get", "other"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "method", "found"), RESULTS)
def test_what_a_method_returns(what: What, method: str, found: What) -> None:
    assert result_of(Value(what, "api"), method, bounded=False).what == found


@pytest.mark.parametrize("what", ["run", "unknown", "other", "foreign", "runs"])
def test_nobody_else_has_a_method_that_scans_a_history(what: What) -> None:
    for bounded in (True, False):
        assert result_of(Value(what), "scan_history", bounded=bounded) == Value("history", "api", bounded)


def test_a_history_that_was_asked_for_by_name_stays_that() -> None:
    """Whatever is done with its table."""
    asked = result_of(Value("run", "api"), "history", bounded=True)
    assert asked == Value("history", "api", bounded=True)
    assert result_of(asked, "head", bounded=False) == asked
    assert element_of(asked) == Value("row", "api", bounded=True)
    assert result_of(Value("run", "api"), "history", bounded=False) == Value("history", "api")


@pytest.mark.parametrize(
    "method",
    [
        "copy()", "dropna()", "fillna(0)", "head(3)", "tail(3)", "sort_values('_step')", "reset_index()", "set_index('_step')",
        "drop_duplicates()", "ffill()", "bfill()", "infer_objects()", "sample(3)", "filter(names)", "to_dict('records')",
    ],
)  # fmt: skip
def test_a_table_of_a_history_is_one_after_what_pandas_does_with_it(method: str) -> None:
    """Its columns are those it had."""
    assert result_of(Value("history"), method.partition("(")[0], bounded=False).what == "history"
    assert result_of(Value("history"), "mean", bounded=False).what == "other"


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ("runs", "run"), ("history", "row"), ("unknown", "unknown"), ("other", "unknown"), ("foreign", "foreign"),
        ("summary", "other"), ("row", "other"),
    ],
)  # fmt: skip
def test_what_a_loop_gives(what: What, found: What) -> None:
    """Of a container of the program's own it may be a run."""
    assert element_of(Value(what, "api")).what == found


ITEMS: list[tuple[What, str, What]] = [
    ("runs", "x[0]", "run"), ("runs", "x[i]", "run"), ("runs", "x[:3]", "runs"),
    ("history", "x[0]", "row"), ("history", "x[-1]", "row"), ("history", "x[1:]", "history"),
    ("history", "x[['a', 'b']]", "history"), ("history", "x[x.a > 1]", "history"), ("history", "x[a & b]", "history"),
    ("history", "x[x.a.notna()]", "history"), ("history", "x['a']", "other"), ("history", "x[1:, 2]", "other"),
    ("locator", "x[0]", "row"), ("locator", "x[0, 'a']", "row"), ("locator", "x[a > 1]", "row"),
    ("unknown", "x[0]", "unknown"), ("other", "x['a']", "unknown"), ("foreign", "x[0]", "foreign"),
    ("summary", "x['a']", "other"), ("summary", "x[['a']]", "other"), ("row", "x[0]", "other"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "code", "found"), ITEMS)
def test_what_an_item_is(what: What, code: str, found: What) -> None:
    (node, *_) = ModuleView(code + "\n").nodes(cst.Subscript)
    assert item_of(Value(what, "api", True), node) == Value(found, "api", True)


ASKED = {
    "run.history(100, ['a'])": "['a']",
    "run.history(['a'])": None,
    "run.history()": None,
    "run.history(100, keys=['a'])": "['a']",
    "run.history(100, None)": None,
    "run.history(keys=None)": None,
    "run.history(keys=names)": "names",
    "run.history(*more, ['a'])": None,
    "run.history(pandas=False)": None,
    "run.scan_history(['a'])": "['a']",
    "run.scan_history(keys=['a'], page_size=9)": "['a']",
    "run.scan_history()": None,
    "run.files(1, ['a'])": None,
    "history(1, ['a'])": None,
}


@pytest.mark.parametrize(("code", "keys"), ASKED.items(), ids=ASKED)
def test_the_keys_that_a_history_is_asked_for(code: str, keys: str | None) -> None:
    """By their place or by name; None asks for all."""
    view = ModuleView(code + "\n")
    (call,) = view.nodes(cst.Call)
    found = history_keys(call)
    assert (None if found is None else view.code(found)) == keys


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("wandb", Value("wandb", "process")), ("wandb.run", Value("run", "process")),
        ("wandb.run.summary", Value("summary", "process")), ("wandb.sdk.x", Value("other", "unknown")),
        *((name, Value("foreign")) for name in ("keras", "pandas.DataFrame", "json.load", "tensorflow.keras", "os.path")),
        *((name, Value("unknown")) for name in ("common", "wandb_tools.run", "src.keras", "")),
    ],
)  # fmt: skip
def test_what_an_import_gives(name: str, found: Value) -> None:
    """W&B's own things, nothing of W&B's, or what one's own module may hold."""
    assert imported(name) == {found}
