"""The same program seen through the recorder, the log of an offline run and the server is the same run.

What a door cannot see is left out by name (:data:`wandb_keras_compat.testing.trace.build.BLIND`); nothing else is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from wandb_keras_compat.testing.snapshot import RunSnapshot, Snapshot
from wandb_keras_compat.testing.trace.build import Door, trace_of

from .scenarios import NOT_OFFLINE, SCENARIOS
from .through import Server, logged_offline, recorded


def job(scenario: str) -> dict[str, Any]:
    return {"id": scenario.replace("_", "-"), "scenario": scenario}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("online"))
    yield server
    server.end()


@pytest.fixture(scope="module")
def offline(tmp_path_factory: pytest.TempPathFactory) -> dict[str, RunSnapshot]:
    jobs = [job(name) for name in SCENARIOS if name not in NOT_OFFLINE]
    return logged_offline(tmp_path_factory.mktemp("offline"), jobs)


def seen(run: RunSnapshot, door: Door, other: Door) -> dict[str, Any]:
    """The run in canonical form, without what *door* or *other* is blind to."""
    (found,) = trace_of(Snapshot((run,)), door)["runs"]
    found.pop("console")
    found.pop("name")  # generated where a server is
    # Each door's program has imported something else.
    found["telemetry"] = [name for name in found["telemetry"] if not name.startswith("imports_")]
    if "http" in {door, other}:
        for file in found["files"].values():
            del file["policy"]
    if "log" in {door, other}:
        del found["artifacts"]["used"]
    return found


@pytest.mark.timeout(900)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_recorder_and_server(scenario: str, server: Server) -> None:
    ours = seen(recorded(job(scenario)), "recorder", "http")
    theirs = seen(server.run(job(scenario)), "http", "recorder")
    assert ours == theirs


@pytest.mark.timeout(900)
@pytest.mark.parametrize("scenario", sorted(SCENARIOS.keys() - NOT_OFFLINE))
def test_recorder_and_log(scenario: str, offline: dict[str, RunSnapshot]) -> None:
    ours = seen(recorded(job(scenario)), "recorder", "log")
    assert ours == seen(offline[job(scenario)["id"]], "log", "recorder")
