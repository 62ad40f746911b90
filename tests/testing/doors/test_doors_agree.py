"""The same program seen through the recorder, the log of an offline run and the server is the same run.

What a door cannot see is left out by name (:data:`wandb_keras_compat.testing.trace.normalize.BLIND`); nothing else is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fnmatch import fnmatch
from typing import Any

import pytest

from wandb_keras_compat.testing.doors import installed_sdk
from wandb_keras_compat.testing.model.snapshot import RunSnapshot, Snapshot
from wandb_keras_compat.testing.trace.normalize import Door, trace_of

from .door_runners import Server, logged_offline, recorded
from .scenarios import NOT_OFFLINE, SCENARIOS


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
        del found["metrics"]  # see `told_metrics`
    if "log" in {door, other}:
        del found["artifacts"]["used"]
    return found


def told_metrics(run: RunSnapshot, globs: Iterable[str]) -> dict[str, Any]:
    """The metrics that every version tells a server as the user defined them, without their summaries.

    wandb up to 0.28 tells no globs, but what they met; all tell step metrics that were not defined; wandb-core drops
    the summary ``best``.
    """
    metrics = run.metrics()
    steps = {metric.step_metric for metric in metrics.values()}
    met = {name for name in metrics for glob in globs if fnmatch(name, glob)}
    return {name: replace(metrics[name], summary=()) for name in metrics.keys() - steps - met}


def without_unseen(ours: dict[str, Any], log: dict[str, Any]) -> None:
    """Takes out the contents of artifacts that were gone when the log was read."""
    for mine, there in zip(ours["artifacts"]["logged"], log["artifacts"]["logged"]):
        for path in [path for path, content in there["entries"].items() if content is None]:
            assert mine["entries"].pop(path) is not None
            del there["entries"][path]


def differences(ours: Any, theirs: Any, path: str = "run") -> Iterator[str]:
    """One line for each place where they differ."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted({*ours, *theirs}):
            yield from differences(ours.get(key, "-"), theirs.get(key, "-"), f"{path}.{key}")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, pair in enumerate(zip(ours, theirs)):
            yield from differences(*pair, f"{path}[{index}]")
    elif ours != theirs:
        yield f"{path}: {ours!r:.200} != {theirs!r:.200}"


@pytest.mark.timeout(900)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_recorder_and_server(scenario: str, server: Server) -> None:
    mine, there = recorded(job(scenario)), server.run(job(scenario))
    ours, theirs = seen(mine, "recorder", "http"), seen(there, "http", "recorder")
    if scenario == "summary" and not installed_sdk.has_core():
        theirs["summary"].pop("gone", None)  # 0.16's service tells no server that a value was removed
    assert [*differences(ours, theirs)] == []
    globs = [name for name in mine.metrics() if "*" in name]
    assert told_metrics(mine, globs) == told_metrics(there, globs)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("scenario", sorted(SCENARIOS.keys() - NOT_OFFLINE))
def test_recorder_and_log(scenario: str, offline: dict[str, RunSnapshot]) -> None:
    ours = seen(recorded(job(scenario)), "recorder", "log")
    theirs = seen(offline[job(scenario)["id"]], "log", "recorder")
    without_unseen(ours, theirs)
    assert [*differences(ours, theirs)] == []
