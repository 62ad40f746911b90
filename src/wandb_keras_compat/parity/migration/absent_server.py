"""What a program asks of W&B's server while it is played: runs by any arguments, sweeps, and the public API."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from unittest import mock

import wandb

from ...testing.doors.recorder import Recorder

_TAKEN = ("entity", "project", "id", "name", "group", "job_type", "notes", "resume_summary", "step")


class AbsentServer:
    """Stands for the server, for the programs of one process.

    Attributes:
        ids: of the runs that were started.
        sweeps: for each run of an agent what the sweep is to optimize, and its value in the summary.
    """

    def __init__(self, recorder: Recorder) -> None:
        self.ids: list[str] = []
        self.sweeps: list[dict[str, Any]] = []
        self._recorder = recorder
        self._configurations: dict[str, Mapping[str, Any]] = {}
        self._given: dict[str, Any] = {}
        self._real_init: Callable[..., Any] = wandb.init

    @contextlib.contextmanager
    def instead(self) -> Iterator[None]:
        """Within it, what would ask the server asks this."""
        stands_in = {
            "init": self._init,
            "sweep": self._sweep,
            "agent": self._agent,
            "login": lambda *_, **__: True,
            "Api": self._api,
        }
        with contextlib.ExitStack() as changed:
            for name, function in stands_in.items():
                changed.enter_context(mock.patch.object(wandb, name, function))
            yield

    def _init(self, job_type: str | None = None, **given: Any) -> Any:
        if given.get("mode") == "disabled":
            return self._real_init(mode="disabled")
        if wandb.run is not None and not given.get("reinit", True) and given.get("id") in (None, wandb.run.id):
            return wandb.run
        given["job_type"] = job_type
        config = given.get("config") or {}
        config = {**(config if isinstance(config, Mapping) else vars(config)), **self._given}
        tags = given.get("tags") or ()
        run = self._recorder.start_run(
            **{name: given[name] for name in _TAKEN if given.get(name) is not None}, tags=tags, config=config
        )
        self.ids.append(run.id)
        return run

    def _sweep(self, sweep: Mapping[str, Any], *_: Any, **__: Any) -> str:
        name = f"sweep-{len(self._configurations)}"
        self._configurations[name] = sweep
        return name

    def _agent(self, sweep_id: str, function: Callable[[], Any], *_: Any, count: int = 2, **__: Any) -> None:
        sweep = self._configurations[sweep_id.rpartition("/")[2]]
        metric = sweep.get("metric", {})
        for number in range(count):
            self._given = {name: _drawn(values, number) for name, values in sweep.get("parameters", {}).items()}
            function()
            wandb.finish()
            summary = self._recorder.snapshot().runs[-1].summary()
            self.sweeps.append({"goal": metric.get("goal"), "value": summary.get(metric.get("name"))})
        self._given = {}

    def _api(self, *_: Any, **__: Any) -> Api:
        return Api(self._recorder)


class Api:
    """The little of ``wandb.Api`` by which programs read their runs back."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def run(self, path: str) -> ApiRun:
        return next(run for run in self.runs() if run.id == path.rpartition("/")[2])

    def runs(self, *_: Any, **__: Any) -> list[ApiRun]:
        return [ApiRun(run) for run in self._recorder.snapshot().runs]


class ApiRun:
    """One run, as :class:`Api` has it."""

    def __init__(self, run: Any) -> None:
        self.id, self.name = run.id, run.name
        self.config, self.summary = run.config(), run.summary()
        self._rows: list[dict[str, Any]] = run.history()

    def scan_history(self, keys: list[str] | None = None, **_: Any) -> list[dict[str, Any]]:
        """The rows that have all of *keys*, and of each these."""
        if keys is None:
            return self._rows
        return [{key: row[key] for key in keys} for row in self._rows if all(key in row for key in keys)]

    def history(self, samples: int = 500, keys: list[str] | None = None, **_: Any) -> Any:
        return self.scan_history(keys)


def _drawn(values: Any, number: int) -> Any:
    """What a sweep tries in its run of that number."""
    if not isinstance(values, Mapping):
        return values
    if "values" in values:
        return values["values"][number % len(values["values"])]
    return values.get("value", values.get("min"))
