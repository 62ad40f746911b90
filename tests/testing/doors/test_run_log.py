"""The log reader tells what the installed, real SDK wrote in an offline run."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wandb_keras_compat.testing.doors import run_log
from wandb_keras_compat.testing.model.artifacts import RunKey
from wandb_keras_compat.testing.model.store import RunStore

from .test_leveldb_log import frame

wandb = pytest.importorskip("wandb")


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for everything the SDK writes, and no network."""
    for name in ("WANDB_DATA_DIR", "WANDB_CACHE_DIR", "WANDB_CONFIG_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("WANDB_ERROR_REPORTING", "false")
    monkeypatch.setenv("WANDB_SILENT", "true")
    wandb.finish()  # wandb.init hands out a run that another test left open
    # The run is to have a service of its own: one that another process started is not waited for at the end.
    if hasattr(wandb, "teardown"):
        wandb.teardown()
    os.environ.pop("WANDB_SERVICE", None)
    return tmp_path


def finish(run: Any) -> None:
    """End the run and the SDK's service: only then is the log sure to be on disk to its end."""
    run.finish()
    wandb.teardown()


def only_log(folder: Path) -> run_log.RunLog:
    (path,) = run_log.find_run_logs(folder)
    return run_log.load(path)


@pytest.mark.slow
def test_a_run_of_the_installed_sdk(offline: Path) -> None:
    config = {"batch": 8, "deep": {"er": 1}}
    run = wandb.init(mode="offline", dir=str(offline), project="p", group="a group", config=config)
    for i in range(3):
        run.log({"loss": 1.0 / (i + 1), "epoch/loss": i, "nested": {"a": {"b": i}}})
    run.log({"weights": wandb.Histogram([0.0, 1.0, 2.0]), "nan": float("nan"), "big": "x" * 100_000})
    run.summary["best_loss"] = 0.25
    run.summary["gone"] = 1
    del run.summary["gone"]
    run.config.update({"late": True})
    saved = Path(run.dir) / "model-best.h5"
    saved.write_bytes(b"h5")
    run.save(str(saved), base_path=run.dir, policy="live")
    artifact = wandb.Artifact("model-x", type="model")
    with artifact.new_file("weights/part.bin", mode="wb") as part:
        part.write(b"12345")
    run.log_artifact(artifact, aliases=["latest", "epoch_0"])
    finish(run)

    read = only_log(offline)
    assert read.report == run_log.ReadReport(), "the log of a finished run is whole"
    log = read.run
    assert log.exit_code == 0
    assert log.group == "a group"
    assert log.column("loss") == [1.0, 0.5, 1.0 / 3]
    assert log.column("epoch/loss") == [0, 1, 2]
    assert log.column("nested") == [{"a": {"b": 0}}, {"a": {"b": 1}}, {"a": {"b": 2}}]
    assert [row["_step"] for row in log.history(internal=True)] == [0, 1, 2, 3]
    assert [value["_type"] for value in log.column("weights")] == ["histogram"]
    assert log.column("big") == ["x" * 100_000], "a payload over several blocks"
    assert set(log.history_keys()) == {"loss", "epoch/loss", "nested", "weights", "nan", "big"}
    assert log.summary()["best_loss"] == 0.25
    assert log.summary()["loss"] == 1.0 / 3
    assert "gone" not in log.summary()
    assert log.config() == {"batch": 8, "deep": {"er": 1}, "late": True}
    assert log.policies()["model-best.h5"] == "live"
    assert log.files()["model-best.h5"] == b"h5"
    assert [(a.name, a.type, sorted(a.asked_aliases), a.paths()) for a in log.artifacts()] == [
        ("model-x", "model", ["epoch_0", "latest"], ["weights/part.bin"])
    ]
    assert log.artifacts()[0].content("weights/part.bin") == b"12345"


def test_an_image_and_its_file(offline: Path) -> None:
    numpy = pytest.importorskip("numpy")
    pytest.importorskip("PIL", reason="wandb.Image needs Pillow")
    run = wandb.init(mode="offline", dir=str(offline), project="p")
    run.log({"image": wandb.Image(numpy.zeros((8, 8), "uint8"))})
    finish(run)
    log = only_log(offline).run
    (value,) = log.column("image")
    assert value["_type"] == "image-file"
    assert log.files()[value["path"]].startswith(b"\x89PNG")


def test_a_cut_log_gives_what_came_before(offline: Path) -> None:
    """A killed process leaves a log without an end; every prefix of it can be read."""
    run = wandb.init(mode="offline", dir=str(offline), project="p")
    for i in range(20):
        run.log({"i": i})
    finish(run)
    (path,) = run_log.find_run_logs(offline)
    content = path.read_bytes()
    cut = offline / "cut.wandb"
    rows = -1
    for length in range(7, len(content), 97):
        cut.write_bytes(content[:length])
        values = run_log.load(cut).run.column("i")
        assert values == list(range(len(values)))
        assert len(values) >= rows
        rows = len(values)
    assert rows == 20
    assert run_log.load(path).run.exit_code == 0


def test_runs_are_found_oldest_first_and_once(offline: Path) -> None:
    ids = ["zz", "aa"]
    for run_id in ids:
        finish(wandb.init(mode="offline", dir=str(offline), project="p", id=run_id))
    by_time = sorted(run_log.find_run_logs(offline), key=lambda path: path.stat().st_mtime)
    assert run_log.find_run_logs(offline) == by_time
    assert [path.stem for path in by_time] == [f"run-{run_id}" for run_id in ids]


def test_a_payload_that_is_no_record_is_counted(tmp_path: Path) -> None:
    from wandb.proto.wandb_internal_pb2 import Record

    good = Record()
    good.exit.exit_code = 3
    path = tmp_path / "run-x.wandb"
    # Field 2 announces 127 bytes of history and brings one.
    path.write_bytes(frame([b"\x12\x7f\x00", good.SerializeToString()]))
    log = run_log.load(path)
    assert (log.run.exit_code, log.report.unparsed, log.report.broke_at) == (3, 1, 7)


def about(run_id: str, **place: str) -> Any:
    from wandb.proto.wandb_internal_pb2 import Record

    record = Record()
    record.run.run_id = run_id
    for name, value in place.items():
        setattr(record.run, name, value)
    return record


def test_the_run_is_the_one_that_the_log_names_and_without_a_word_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "run-of-the-file.wandb"
    named = about("of the log", entity="e", project="p")
    for records, key in (([named, about("a later one")], ("e", "p", "of the log")), ([], ("", "", "of-the-file"))):
        path.write_bytes(frame([record.SerializeToString() for record in records]))
        store = RunStore()
        assert run_log.read_log(path, store) is store.runs[RunKey(*key)]
        assert len(store.runs) == 1


def test_files_that_were_to_be_sent_at_the_end_are_read_though_the_run_has_none(tmp_path: Path) -> None:
    from wandb.proto.wandb_internal_pb2 import FilesItem, Record

    saved = Record()
    for name in ("end", "live", "now"):
        saved.files.files.add(path=f"{name}.txt", policy=FilesItem.PolicyType.Value(name.upper()))
        (tmp_path / "files").mkdir(exist_ok=True)
        (tmp_path / "files" / f"{name}.txt").write_text(name)
    path = tmp_path / "run-x.wandb"
    path.write_bytes(frame([record.SerializeToString() for record in (about("x"), saved)]))
    log = run_log.load(path)
    assert log.run.files() == {f"{name}.txt": name.encode() for name in ("end", "live", "now")}
    assert log.run.exit_code is None


def test_what_it_offers_is_there() -> None:
    assert [name for name in run_log.__all__ if not hasattr(run_log, name)] == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=3), inner, max_size=3),
    max_leaves=5,
)
rows = st.dictionaries(st.text(min_size=1, max_size=5), json_values, max_size=4)


def fill(items: Any, row: dict[str, Any], nested: bool) -> None:
    """Write a row as either generation of the SDK does: one key, or the path of every leaf."""
    for key, value in row.items():
        leaves = [([key], value)]
        while nested and leaves:
            path, value = leaves.pop()
            if isinstance(value, dict) and value:
                leaves += [([*path, name], inner) for name, inner in value.items()]
                continue
            item = items.add(value_json=json.dumps(value))
            item.nested_key.extend(path)
        if not nested:
            items.add(key=key, value_json=json.dumps(value))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(logged=st.lists(rows, max_size=5), nested=st.booleans())
def test_both_generations_of_keys_read_alike(logged: list[dict[str, Any]], nested: bool, tmp_path: Path) -> None:
    from wandb.proto.wandb_internal_pb2 import Record

    records = []
    for step, row in enumerate(logged):
        record = Record()
        fill(record.history.item, row, nested)
        record.history.step.num = step
        records.append(record)
        update = Record()
        fill(update.summary.update, row, nested=False)
        records.append(update)
    path = tmp_path / "run-x.wandb"
    path.write_bytes(frame([record.SerializeToString() for record in records]))
    log = run_log.load(path).run
    expected = [{**row, "_step": row.get("_step", step)} for step, row in enumerate(logged)]
    assert log.history(internal=True) == expected
    summary = {key: value for row in logged for key, value in row.items()}
    kept = {key: value for key, value in summary.items() if value is not None or not nested}
    assert log.summary(internal=True) == kept, "None is no value in a summary to the newer generation"
