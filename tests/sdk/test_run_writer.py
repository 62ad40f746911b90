"""What is written to a run, in which order, and inside which of the waits that wandb is spared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
import wandb

from wandb_keras_compat.sdk import run_writer
from wandb_keras_compat.sdk.run_writer import RunWriter


class Run:
    """Notes what it is told, and what it is told inside of."""

    disabled = False

    def __init__(self, *, offline: bool = False) -> None:
        self.offline = offline
        self.said: list[Any] = []
        self.inside: tuple[str, ...] = ()
        self.summary = self

    def _say(self, *said: Any) -> None:
        self.said.append((*said, *self.inside))

    def log(self, values: Any, *, commit: bool) -> None:
        self._say("log", values, commit)

    def __setitem__(self, key: str, value: Any) -> None:
        self._say("summary", key, value)

    def log_artifact(self, artifact: Any, aliases: Any = None) -> None:
        self._say("log_artifact", artifact, aliases)

    def use_artifact(self, artifact: Any) -> None:
        self._say("use_artifact", artifact)


@pytest.fixture
def begin(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    """``begin(offline=...)``: a run that is the current one."""

    def guard(name: str) -> Any:
        @contextmanager
        def inside(run: Run) -> Iterator[None]:
            before, run.inside = run.inside, (*run.inside, name)
            yield
            run.inside = before

        return inside

    for name in ("without_waiting", "inputs_not_waited_for"):
        monkeypatch.setattr(run_writer, name, guard(name))
    monkeypatch.setattr(run_writer, "publish_file", lambda run, path: run.said.append(("publish", path)))

    def start(**how: Any) -> Run:
        run = Run(**how)
        monkeypatch.setattr(wandb, "run", run)
        return run

    return start


WAITS = "without_waiting"


@pytest.mark.parametrize("commit", [True, False])
def test_a_row_of_numbers_is_handed_over_as_it_is(begin: Callable[..., Run], commit: bool) -> None:
    """wandb asks nobody about numbers, and most rows are of numbers."""
    run = begin()
    for row in ({"a": 1, "b": 0.5, "c": True}, {}):
        RunWriter().log(row, commit=commit)
    assert run.said == [("log", {"a": 1, "b": 0.5, "c": True}, commit), ("log", {}, commit)]


@pytest.mark.parametrize("value", ["text", None, np.float32(1), [1], object()])
def test_a_row_with_anything_else_is_not_waited_for(begin: Callable[..., Run], value: Any) -> None:
    run = begin()
    RunWriter().log({"a": 1, "b": value}, commit=True)
    assert run.said == [("log", {"a": 1, "b": value}, True, WAITS)]


def test_a_part_of_a_row_does_not_close_it_and_an_empty_one_is_none(begin: Callable[..., Run]) -> None:
    run = begin()
    RunWriter().add({})
    RunWriter().add({"a": 1})
    assert run.said == [("log", {"a": 1}, False)]


def test_summary_and_files_are_the_runs(begin: Callable[..., Run]) -> None:
    run = begin()
    RunWriter().set_summary("best", 0.5)
    RunWriter().publish("model.h5")
    assert run.said == [("summary", "best", 0.5), ("publish", "model.h5")]


def test_an_artifact_is_an_output_with_its_aliases(begin: Callable[..., Run]) -> None:
    run = begin()
    RunWriter().log_artifact("artifact", ["best"])
    assert run.said == [("log_artifact", "artifact", ["best"], WAITS)]


def test_an_input_is_used_and_where_no_server_is_it_is_an_output(begin: Callable[..., Run]) -> None:
    online = begin()
    RunWriter().use_artifact("artifact")
    assert online.said == [("use_artifact", "artifact", WAITS, "inputs_not_waited_for")]
    offline = begin(offline=True)
    RunWriter().use_artifact("artifact")
    assert offline.said == [("log_artifact", "artifact", None, WAITS)]


def test_it_writes_to_whichever_run_is_there(begin: Callable[..., Run]) -> None:
    writer, first = RunWriter(), begin()
    assert (writer.run, writer.state) == (first, "online")
    second = begin(offline=True)
    writer.log({"a": 1}, commit=True)
    assert (writer.run, writer.state, first.said, len(second.said)) == (second, "offline", [], 1)


def test_without_a_run_it_says_what_to_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wandb, "run", None)
    for call in (lambda: RunWriter().run, lambda: RunWriter().state, lambda: RunWriter().log({}, commit=True)):
        with pytest.raises(wandb.Error, match=r"call wandb\.init\(\)"):
            call()
