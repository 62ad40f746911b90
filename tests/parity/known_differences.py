"""A callback and its features outside of a training."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import wandb

from wandb_keras_compat import WandbCallback
from wandb_keras_compat.parity.state_machine.nets import DENSE
from wandb_keras_compat.testing.doors.recorder import Recorder


class Spoken(list[tuple[str, str | None]]):
    """What the features of a callback warn of."""

    def warn(self, message: str, subject: str | None = None) -> None:
        self.append((message, subject))


@contextmanager
def trained(model: Any = None, kind: Any = WandbCallback, **options: Any) -> Iterator[tuple[Any, list[str], Any]]:
    """A callback with a model, what it warns of from now on, and the recorded run."""
    warnings: list[str] = []
    with Recorder() as recorder:
        recorder.start_run(name="features")
        quiet = {"save_model": False, "save_graph": False} if issubclass(kind, WandbCallback) else {}
        callback = kind(**{**quiet, **options})
        callback.set_params({"epochs": 2, "steps": 2})
        callback.set_model(DENSE.model() if model is None else model)
        with mock.patch.object(wandb, "termwarn", lambda message, **_: warnings.append(message)):
            yield callback, warnings, only(recorder.store.runs)


def only(runs: dict[Any, Any]) -> Any:
    (run,) = runs.values()
    return run
