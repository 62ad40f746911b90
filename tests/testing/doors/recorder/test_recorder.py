"""What the recorder promises beside agreeing with the other doors."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import wandb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.testing.doors.program import play
from tests.testing.doors.scenarios import SCENARIOS, Unsupported, model
from tests.testing.doors.server.same_content import evaluation
from wandb_keras_compat.testing.doors.recorder import Recorder
from wandb_keras_compat.testing.model.store import RunStore


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    with Recorder() as recorder:
        yield recorder


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_no_process_no_thread_no_connection(scenario: str, recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("the recorder works alone")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(subprocess.Popen, "__init__", refuse)
    monkeypatch.setattr(threading.Thread, "start", refuse)
    run = recorder.start_run()
    try:
        play(run, {"scenario": scenario})
    except Unsupported as reason:
        pytest.skip(str(reason))
    run.finish()
    assert recorder.store.unknown == []


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    environment = dict(os.environ)
    run, log, asked = wandb.run, wandb.log, getattr(wandb.util, "_get_max_cli_version", None)
    with Recorder() as recorder:
        recorder.start_run().log({"image": wandb.Image(np.zeros((2, 2), "uint8"))})
    assert wandb.run is run
    assert type(wandb.log) is type(log)
    assert getattr(wandb.util, "_get_max_cli_version", None) is asked
    assert os.environ == environment
    assert not [*tmp_path.glob("wandb-recorder-*")]


def test_the_run_is_behind_the_module(recorder: Recorder) -> None:
    run = recorder.start_run(config={"lr": 0.1}, name="a name", group="g", tags=["t"], notes="n", job_type="j")
    assert wandb.run is run
    wandb.define_metric("loss", summary="min")
    for loss in (2.0, 1.0, 3.0):
        wandb.log({"loss": loss})
    wandb.summary["best"] = 1
    wandb.config.update({"late": True})
    wandb.log_artifact(model(b"x")).wait()
    assert wandb.use_artifact("model:latest").id == recorder.store.runs[run.entity, run.project, run.id].used[0].id
    assert run.step == 3
    assert dict(run.summary["loss"]) == {"min": 1.0}
    wandb.finish(exit_code=3)
    assert wandb.run is None
    with pytest.raises(wandb.Error):
        wandb.log({"x": 1})

    seen = recorder.snapshot().run()
    assert (seen.name, seen.group, seen.tags, seen.notes, seen.job_type) == ("a name", "g", ("t",), "n", "j")
    assert seen.column("loss") == [2.0, 1.0, 3.0]
    assert seen.summary() == {"loss": {"min": 1.0}, "best": 1}
    assert seen.config() == {"lr": 0.1, "late": True}
    assert seen.exit_code == 3
    assert seen.versions()["wandb"] == wandb.__version__
    assert {"feature.finish", "feature.set_init_name"} <= seen.telemetry()


def test_a_failing_test_ends_the_run_with_1() -> None:
    store = RunStore()
    with pytest.raises(ZeroDivisionError), Recorder(store) as recorder:
        recorder.start_run()
        raise ZeroDivisionError
    assert store.snapshot().run().exit_code == 1


def test_starting_a_run_finishes_the_one_before(recorder: Recorder) -> None:
    first = recorder.start_run(id="first")
    first.log({"x": 1}, commit=False)
    recorder.start_run(id="second")
    assert recorder.snapshot().run("first").column("x") == [1]
    assert recorder.snapshot().run("first").exit_code == 0
    assert recorder.snapshot().run("second").exit_code is None


def test_a_resumed_run_goes_on(recorder: Recorder) -> None:
    run = recorder.start_run(id="again", config={"lr": 0.1})
    run.log({"loss": 0.5})
    run.log({"loss": 0.25})
    run.finish()
    run = recorder.start_run(id="again")
    assert run.resumed
    assert run.summary.get("loss") == 0.25
    run.log({"loss": 0.125})
    run.finish()
    seen = recorder.snapshot().run("again")
    assert [row["_step"] for row in seen.history(internal=True)] == [0, 1, 2]
    assert seen.summary() == {"loss": 0.125}
    assert seen.config() == {"lr": 0.1}


def test_a_run_resumed_from_elsewhere(recorder: Recorder) -> None:
    run = recorder.start_run(resume_summary={"best_val_loss": 0.25, "deep": {"er": 1}}, step=7)
    assert run.summary.get("best_val_loss") == 0.25
    assert run.summary["deep"]["er"] == 1
    assert run.step == 7
    run.log({"x": 1})
    assert recorder.snapshot().history(internal=True)[0]["_step"] == 7


def test_files_are_as_they_are_when_looked_at(recorder: Recorder) -> None:
    run = recorder.start_run()
    path = Path(run.dir, "live.txt")
    path.write_bytes(b"1")
    run.save(str(path), base_path=run.dir, policy="live")
    path.write_bytes(b"2")
    assert recorder.snapshot().files() == {"live.txt": b"2"}
    path.write_bytes(b"3")
    run.finish()
    assert recorder.snapshot().run().file_versions("live.txt") == (b"1", b"2", b"3")
    assert recorder.snapshot().run().policies() == {"live.txt": "live"}


def test_an_alias_names_one_version(recorder: Recorder) -> None:
    run = recorder.start_run()
    first = run.log_artifact(model(b"0"), aliases=["best"]).wait()
    second = run.log_artifact(model(b"1"), aliases=["best"]).wait()
    assert (first.version, second.version, second.state) == ("v0", "v1", "COMMITTED")
    second.aliases = ["good"]
    second.save()
    old, new = recorder.snapshot().artifacts()
    assert old.aliases == ()
    assert "best" in old.asked_aliases
    assert set(new.aliases) == {"good"}
    assert run.use_artifact("model:v0").id == first.id
    with pytest.raises(LookupError):
        run.use_artifact("model:best")


def test_an_artifact_keeps_its_type(recorder: Recorder) -> None:
    run = recorder.start_run()
    run.log_artifact(model(b"0"))
    with pytest.raises(ValueError, match="has type 'model'"):
        run.log_artifact(wandb.Artifact("model", type="dataset"))
    with pytest.raises(ValueError, match="has type 'model'"):
        run.use_artifact("model:latest", type="dataset")


def test_clear_forgets(recorder: Recorder) -> None:
    recorder.start_run().log_artifact(model(b"0"))
    recorder.clear()
    assert recorder.snapshot().runs == ()
    with pytest.raises(LookupError):
        recorder.start_run().use_artifact("model:latest")


def test_a_run_needs_the_recorder_entered() -> None:
    with pytest.raises(RuntimeError, match="with Recorder"):
        Recorder().start_run()


rows = st.dictionaries(
    st.sampled_from(["a", "b", "c"]), st.integers(-9, 9) | st.text(min_size=1, max_size=3), max_size=3
)


@settings(suppress_health_check=[*HealthCheck], deadline=None)
@given(logged=st.lists(st.tuples(rows, st.booleans()), max_size=10))
def test_commits_close_rows(logged: list[tuple[dict[str, Any], bool]], recorder: Recorder) -> None:
    """Rows are what was logged between two commits, numbered; the end closes the last."""
    run = recorder.start_run()
    expected: list[dict[str, Any]] = []
    open_row: dict[str, Any] = {}
    for row, commit in logged:
        open_row = {**open_row, **row}
        run.log(row, commit=commit)
        if commit:
            expected.append(open_row)
            open_row = {}
    if logged and not logged[-1][1]:
        expected.append(open_row)
    run.finish()
    seen = recorder.snapshot().run(run.id)
    assert seen.history() == expected
    assert [row["_step"] for row in seen.history(internal=True)] == [*range(len(expected))]
    recorder.clear()


def test_leaving_it_puts_back_its_own_variables_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """What wandb itself sets or clears meanwhile, the address of its service among it, stays as it is then."""
    monkeypatch.setenv("WANDB_CACHE_DIR", "before")
    monkeypatch.delenv("WANDB_DATA_DIR", raising=False)
    monkeypatch.setenv("CLEARED_MEANWHILE", "old")
    monkeypatch.delenv("SET_MEANWHILE", raising=False)
    with Recorder():
        assert os.environ["WANDB_CACHE_DIR"] != "before"
        del os.environ["CLEARED_MEANWHILE"]
        os.environ["SET_MEANWHILE"] = "new"
    assert os.environ["WANDB_CACHE_DIR"] == "before"
    assert "WANDB_DATA_DIR" not in os.environ
    assert "CLEARED_MEANWHILE" not in os.environ
    assert os.environ.pop("SET_MEANWHILE") == "new"


def test_leaving_it_gives_back_the_run_that_was_there(recorder: Recorder) -> None:
    run = recorder.start_run()
    with Recorder() as inner:
        inner.start_run()
        assert wandb.run is not run
    assert wandb.run is run
    wandb.log({"loss": 1.0})
    assert recorder.snapshot().history() == [{"loss": 1.0}]


def test_leaving_it_gives_back_no_run_that_has_ended(recorder: Recorder) -> None:
    run = recorder.start_run()
    with Recorder() as inner:
        inner.start_run()
        run.finish()
    assert wandb.run is None


def test_the_same_tables_in_two_runs_and_twice_in_each_are_found_by_either_id(recorder: Recorder) -> None:
    for name in ("one", "two"):
        run = recorder.start_run(id=name)
        for validation, _ in [evaluation(run, name) for _ in range(2)]:
            assert validation.wait().version == "v0"
            assert len(validation.get("data").data) == 2
            # As wandb-core sees it: an id of the client's leads to what was logged, whoever logged it first.
            assert recorder._references[validation._client_id].collection.name == "validation"
        seen = recorder.snapshot().run(name)
        assert [(a.name, a.state) for a in seen.used_artifacts()] == [("validation", "COMMITTED")] * 2
        tables = seen.artifacts("run_table")
        assert [(a.name, a.state) for a in tables] == [(f"{name}-predictions", "COMMITTED")] * 2
        references = {entry.reference for table in tables for _, entry in table.entries if entry.reference}
        assert references == {"wandb-artifact://validation:v0/data.table.json"}
