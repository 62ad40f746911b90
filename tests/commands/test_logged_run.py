"""The table of what a run logged has each key with its last value, and how often it came."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wandb_keras_compat.commands.logged_run import report_table
from wandb_keras_compat.testing.model.artifacts import Entry, RunKey
from wandb_keras_compat.testing.model.runs import RunState
from wandb_keras_compat.testing.model.store import RunStore


def rows_of(folder: Path, run: RunState, store: RunStore) -> dict[str, list[str]]:
    """Name to the other cells."""
    columns = report_table(store.snapshot().run(), folder).columns
    rows = zip(*([str(cell).strip() for cell in column.cells] for column in columns))
    return {name: cells for _, name, *cells in rows}


@pytest.fixture
def made(tmp_path: Path) -> tuple[RunState, Any]:
    store = RunStore()
    run = store.run(RunKey("e", "p", "r"))
    return run, lambda: rows_of(tmp_path, run, store)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(
    st.lists(
        st.dictionaries(st.sampled_from(["loss", "epoch"]), st.integers(0, 99), max_size=2), min_size=1, max_size=5
    )
)
def test_a_key_of_the_history_has_its_count_and_its_last_value(made: Any, history: list[dict[str, Any]]) -> None:
    run, table = made
    run.history[:] = history
    found = table()
    for key in ("loss", "epoch"):
        values = [row[key] for row in history if key in row]
        assert found.get(key) == ([str(len(values)), str(values[-1])] if values else None)


MEDIA = [
    ({"_type": "histogram", "values": [1, 2, 3]}, "histogram, 3 bins"),
    ({"_type": "histogram"}, "histogram"),
    ({"_type": "images/separated", "count": 2, "width": 6, "height": 8}, "2 images of 6x8"),
    ({"_type": "images/separated", "count": 1}, "1 image"),
    ({"_type": "table-file", "nrows": 1, "ncols": 4}, "table, 1 row, 4 columns"),
    ({"_type": "html-file"}, "html-file"),
]


@pytest.mark.parametrize(("value", "content"), MEDIA)
def test_media_are_told_by_what_is_in_the_last_one(made: Any, value: dict[str, Any], content: str) -> None:
    run, table = made
    run.history[:] = [{"x": {"_type": "histogram", "values": [0]}}, {"x": value}]
    assert table()["x"] == ["2", content]


def test_the_summary_has_what_the_history_has_not(made: Any, tmp_path: Path) -> None:
    run, table = made
    run.history[:] = [{"loss": 0.5}]
    (tmp_path / "g.json").write_text(json.dumps({"nodes": [1, 2], "edges": [1]}))
    run.summary.update({"loss": 0.25, "best": 1.23456789, "graph": {"_type": "graph-file", "path": "g.json"}})
    found = table()
    assert found["loss"] == ["1", "0.5"]
    assert (found["best"], found["graph"]) == (["", "1.2346"], ["", "graph, 2 nodes, 1 edge"])


def test_files_have_their_size_and_policy_and_those_of_wandb_are_left_out(made: Any, tmp_path: Path) -> None:
    run, table = made
    for name in ("model.h5", "deep/mine.txt", "config.yaml", "media/images/x.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"12345")
    run.policies["model.h5"] = "live"
    found = table()
    assert found["model.h5"][1].endswith("upload policy live") and found["deep/mine.txt"][1].endswith("local only")
    assert not {"config.yaml", "media/images/x.png"} & set(found)


def test_an_artifact_has_its_versions_and_what_is_in_the_last(made: Any) -> None:
    run, table = made
    collection = RunStore().collection("e", "p", "model", "model")
    for at in range(3):
        version = collection.add(str(at))
        version.asked_aliases = ["latest", f"epoch_{at}"]
        version.entries = {f"{path}": Entry(size=100) for path in range(at + 1)}
        run.logged.append(version)
    assert table()["model"][0] == "3"
    assert table()["model"][1].startswith("type model; epoch_2, latest; 3 files, 300 ")


def test_each_section_is_named_beside_its_first_row_and_one_without_rows_is_left_out(made: Any, tmp_path: Path) -> None:
    run, _ = made
    store = RunStore()
    store.runs[run.key] = run
    sections = lambda: [str(cell) for cell in report_table(store.snapshot().run(), tmp_path).columns[0].cells]
    assert sections() == []
    run.history[:] = [{"a": 1, "b": 2, "m": {"_type": "histogram"}}]
    run.summary["s"] = 1
    (tmp_path / "f.txt").touch()
    run.logged.append(store.collection("e", "p", "model", "model").add("id"))
    assert sections() == ["history", "", "media", "summary", "files", "artifacts"]
    table = report_table(store.snapshot().run(), tmp_path)
    assert [column.header for column in table.columns][1:] == ["name", "times", "last value or content"]
    assert table.title == "What was logged"
