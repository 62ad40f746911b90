"""One offline run per test module, and a recorder of everything that a training logs to it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
import wandb

from wandb_keras_compat.testing.child_environment import wandb_folders


@dataclass
class LoggedArtifact:
    """An artifact as it was when it was logged; `folder` holds copies of its files, as a download would."""

    name: str
    type: str
    aliases: list[str]
    folder: Path

    @property
    def files(self) -> set[str]:
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file()}


@dataclass
class Recorder:
    """What reached the run, in order. The calls go on to the real run."""

    folder: Path
    rows: list[dict[str, Any]] = field(default_factory=list)
    metrics: dict[str, str | None] = field(default_factory=dict)
    artifacts: list[LoggedArtifact] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def log(self, row: dict[str, Any]) -> None:
        self.rows.append(dict(row))

    def define_metric(self, name: str, step_metric: str | None = None) -> None:
        self.metrics[name] = step_metric

    def log_artifact(self, artifact: Any, aliases: list[str] | None = None) -> None:
        folder = self.folder / f"artifact-{len(self.artifacts)}"
        folder.mkdir()
        for path, entry in artifact.manifest.entries.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(entry.local_path, target)
        name = artifact.name.split(":")[0]
        self.artifacts.append(LoggedArtifact(name, artifact.type, list(aliases or []), folder))

    def warned(self, *words: str) -> list[str]:
        """The warnings that hold all of these words."""
        return [text for text in self.warnings if all(word in text for word in words)]


@pytest.fixture(scope="package", autouse=True)
def nothing_is_left_behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An offline run keeps the files of its artifacts; here that is among what pytest removes, not in the user's own."""
    with pytest.MonkeyPatch.context() as patch:
        for name, place in wandb_folders(tmp_path_factory.mktemp("wandb-folders")).items():
            patch.setenv(name, place)
        yield


@pytest.fixture(scope="module")
def shared_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("wandb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WANDB_SILENT", "true")
        patch.setenv("WANDB_CONSOLE", "off")
        wandb.finish()  # wandb.init hands out a run that another test left open
        run = wandb.init(mode="offline", dir=str(folder), project="newer-callbacks")
        yield run
        run.finish()


@pytest.fixture
def recorder(shared_run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """Records what is logged to the module's offline run."""
    return record(Recorder(tmp_path), shared_run, monkeypatch)


def record(recorder: Recorder, run: Any, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """Let every door to ``run`` also tell the recorder, before the call goes on to the real one."""

    def told(name: str) -> Callable[..., Any]:
        real, note = getattr(run, name), getattr(recorder, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            note(*args, **kwargs)
            return real(*args, **kwargs)

        return call

    for name in ("log", "define_metric", "log_artifact"):
        call = told(name)
        monkeypatch.setattr(wandb, name, call)
        monkeypatch.setattr(run, name, call)

    def termwarn(text: str, repeat: bool = True, **_: Any) -> None:
        if repeat or text not in recorder.warnings:
            recorder.warnings.append(text)

    monkeypatch.setattr(wandb, "termwarn", termwarn)
    return recorder


X = np.linspace(-1, 1, 40, dtype="float32").reshape(10, 4)
Y = X.sum(axis=1, keepdims=True)


def small_model(optimizer: Any = None, **compile_arguments: Any) -> Any:
    """A model of one layer on 4 features; `optimizer` defaults to SGD with a fixed rate of 0.05."""
    model = tf.keras.Sequential([tf.keras.layers.Dense(1, name="out")])
    model.build((None, 4))
    # An object, not "mse": Keras 3 cannot load the short names back from HDF5 (whoever saved the file).
    loss = tf.keras.losses.MeanSquaredError()
    model.compile(optimizer or tf.keras.optimizers.SGD(0.05), loss, **compile_arguments)
    return model


def fit(model: Any, *callbacks: Any, **arguments: Any) -> Any:
    """Train on ten rows, two to a batch, so five batches an epoch."""
    settings = {"batch_size": 2, "epochs": 1, "verbose": 0, "shuffle": False, **arguments}
    return model.fit(X, Y, callbacks=list(callbacks), **settings)
