"""What the pytest fixtures give a test: questions about what was sent, each to a new snapshot."""

from __future__ import annotations

import pytest

pytest.importorskip("starlette", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.doors.recorder import Recorder
from wandb_keras_compat.testing.doors.server import Backend, Fault
from wandb_keras_compat.testing.fixtures import BackendFixture, RecorderFixture
from wandb_keras_compat.testing.model.artifacts import RunKey
from wandb_keras_compat.testing.model.sweeps import Sweep


def test_a_backend_is_asked_about_its_runs_and_led_to_by_its_variables() -> None:
    server = Backend(api_key="k" * 40)  # which need not serve for that
    fixture = BackendFixture(server)
    assert (fixture.runs(), fixture.sweeps()) == ((), ())
    for name in ("one", "two"):
        server.store.run(RunKey("e", "p", name)).history.append({"a": name})
    server.store.sweeps["e", "p", "s"] = Sweep("e", "p", "s", {"method": "grid"})
    assert [run.id for run in fixture.runs()] == ["one", "two"]
    assert [sweep.id for sweep in fixture.sweeps()] == ["s"]
    assert fixture.run("two").history() == [{"a": "two"}]
    assert fixture.snapshot() == server.snapshot()
    with pytest.raises(LookupError):
        fixture.run()
    assert (fixture.url, fixture.environment()) == (server.url, server.environment())
    fixture.faults.add(Fault("graphql", status=500))
    assert server.faults.take("graphql", ["x"]) is not None


def test_a_backend_is_killed_and_serves_again_on_the_same_port(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Backend()
    said: list[str] = []
    monkeypatch.setattr(server, "kill", lambda: said.append("kill"))
    monkeypatch.setattr(server, "restart", lambda: said.append("restart"))
    fixture = BackendFixture(server)
    fixture.kill()
    fixture.restart()
    assert said == ["kill", "restart"]


def test_a_recorder_starts_runs_and_forgets_them() -> None:
    with Recorder() as recorder:
        fixture = RecorderFixture(recorder)
        run = fixture.start_run(id="one", config={"lr": 0.1})
        run.log({"loss": 0.5})
        assert (fixture.run().id, fixture.config(), fixture.history()) == ("one", {"lr": 0.1}, [{"loss": 0.5}])
        assert fixture.sweeps() == () and fixture.snapshot() == recorder.snapshot()
        fixture.clear()
        assert fixture.runs() == ()


def test_a_trace_says_by_which_door_it_was_seen() -> None:
    server = Backend()
    server.store.run(RunKey("e", "p", "r")).history.append({"_step": 0, "a": 1})
    seen = BackendFixture(server).trace()
    assert (seen["door"], len(seen["runs"])) == ("http", 1)
    with Recorder() as recorder:
        assert RecorderFixture(recorder).trace()["door"] == "recorder"
