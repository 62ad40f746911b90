"""Programs without Keras, through the server with the real SDK and through the recorder: the same trace, all of it known."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("starlette", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.child_environment import inherited_environment, wandb_folders
from wandb_keras_compat.testing.doors.recorder import Recorder
from wandb_keras_compat.testing.doors.recorder.program_init import answers_init
from wandb_keras_compat.testing.doors.server import Backend
from wandb_keras_compat.testing.model.snapshot import RunSnapshot, Snapshot

from ..doors.test_doors_agree import differences, seen
from . import programs

pytestmark = pytest.mark.slow

SOURCE = Path(__file__).parents[3] / "src"
NEEDS = {"torch_logger": "torch", "sklearn_classifier": "sklearn"}


def served(name: str, folder: Path) -> Snapshot:
    """By a process with the real SDK, as it comes."""
    with Backend() as backend:
        own = {**wandb_folders(folder), "HOME": str(folder), "WANDB_SILENT": "true"}
        done = subprocess.run(
            [sys.executable, programs.__file__, name],
            env=inherited_environment(own, backend.environment(), drop=["WANDB_"], path=[SOURCE]),
            cwd=folder,
            text=True,
            capture_output=True,
            timeout=280,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return backend.snapshot()


def recorded(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Snapshot:
    monkeypatch.chdir(folder)
    with Recorder() as recorder, answers_init(recorder):
        programs.PROGRAMS[name]()
        return recorder.snapshot()


def plain_loop(run: RunSnapshot) -> None:
    assert [row["loss"] for row in run.history()[:3]] == [16.0, 4.0, 1.0]
    assert all({"loss", "epoch", "weights", "learning rate"} == row.keys() for row in run.history()[:3])
    assert (run.config(), run.tags) == ({"lr": 0.5, "epochs": 3, "batch": 4}, ("baseline",))
    assert run.summary()["best_loss"] == 1.0
    (model,) = run.artifacts("model")
    assert "best" in model.asked_aliases
    assert (model.metadata, model.content("weight.json")) == ({"best": 1.0}, b"1.0")


def torch_logger(run: RunSnapshot) -> None:
    assert (run.name, run.group, run.job_type) == ("training-DT", "folds", "train")
    assert [row["Prediction/epoch"] for row in run.history()] == list(range(6))
    watched = {key for key in run.history_keys() if key.startswith(("gradients/", "parameters/"))}
    assert {f"{kind}/{name}" for kind in ("gradients", "parameters") for name in ("0.weight", "2.bias")} <= watched
    assert run.config() == {"lr": 0.05, "layers": [3, 4, 1]}
    assert [a.paths() for a in run.artifacts("model")] == [["best.pt"]]


def sklearn_classifier(run: RunSnapshot) -> None:
    assert run.config() == {"n_estimators": 5, "train_len": 40, "test_len": 20}
    assert 0.5 < run.column("accuracy")[0] <= 1
    assert {"confusion_table", "importances_table"} <= set(run.history_keys())
    assert [a.paths() for a in run.artifacts("model")] == [["model.pkl"]]


def trainer_with_callbacks(run: RunSnapshot) -> None:
    steps = [row["train/global_step"] for row in run.history()]
    assert steps == [1, 2, 3, 3, 4, 5, 6, 6, 6]
    assert run.column("eval/accuracy") == [0.5, 0.5]
    assert run.summary()["train_runtime"] == 1.5 and run.config()["learning_rate"] == 0.05
    (model,) = run.artifacts("model")
    assert (model.name, model.paths()) == ("model-tiny", ["config.json", "model.safetensors"])


CHECKS: dict[str, Callable[[RunSnapshot], None]] = {
    each.__name__: each for each in (plain_loop, torch_logger, sklearn_classifier, trainer_with_callbacks)
}


@pytest.mark.parametrize("name", programs.PROGRAMS)
def test_a_program_through_both_fixtures_doors(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if name in NEEDS:
        pytest.importorskip(NEEDS[name], reason="the program is about it")
    folders = [tmp_path / door for door in ("http", "recorder")]
    for folder in folders:
        folder.mkdir()
    there = served(name, folders[0])
    here = recorded(name, folders[1], monkeypatch)
    for snapshot in (there, here):
        assert snapshot.unknown == ()
        assert snapshot.run().exit_code == 0
        CHECKS[name](snapshot.run())
        assert "feature.keras" not in snapshot.run().telemetry()
    assert [*differences(seen(here.run(), "recorder", "http"), seen(there.run(), "http", "recorder"))] == []
