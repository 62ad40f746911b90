"""The demo does the main job on real data, without an account or a network, and says what was logged."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wandb_keras_compat.commands.demo import legacy_script
from wandb_keras_compat.testing.child_environment import WANDB_FOLDERS

from .conftest import Finished

pytest.importorskip("tensorflow")
pytest.importorskip("sklearn", reason="the demo trains on scikit-learn's digits")
pytest.importorskip("PIL", reason="wandb.Image needs Pillow")

DEMO = "from wandb_keras_compat.commands.demo import demo; demo()"
LAYERS = ("conv_1", "conv_2", "scores")


@pytest.mark.timeout(300)
def test_the_demo_prints_what_was_logged(python: Callable[..., Finished]) -> None:
    finished = python("-c", DEMO, "--epochs", "2", "--keep", "kept")
    assert finished.code == 0, finished.output[-4000:]
    (run,) = finished.runs()

    assert len(run.column("val_accuracy")) == 2
    assert {f"parameters/{layer}.weights" for layer in LAYERS} <= set(run.history_keys())
    assert {f"gradients/{layer}/kernel.gradient" for layer in LAYERS} <= set(run.history_keys())
    assert [value["count"] for value in run.column("examples")] == [24, 24]
    assert [value["nrows"] for value in run.column("validation_predictions")] == [360, 360]
    assert {"best_val_accuracy", "best_epoch", "GFLOPs", "graph"} <= set(run.summary())
    assert {"model", "run_table"} <= {artifact.type for artifact in run.artifacts()}

    table = finished.output[finished.output.index("What was logged") :]
    for key in {*run.history_keys(), "best_val_accuracy", "GFLOPs", "model-best.h5"}:
        assert key in table
    assert "24 images of 8x8" in table
    assert "360 rows" in table


@pytest.mark.timeout(120)
def test_a_failing_training_is_reported(python: Callable[..., Finished]) -> None:
    """A training that fails ends the demo with code 2 and the place to look."""
    broken = (
        "import sys; from wandb_keras_compat.commands import demo as d; "
        "d.child_command = lambda *_: [sys.executable, '-c', 'raise SystemExit(7)']; d.demo()"
    )
    finished = python("-c", broken, "--keep", "kept")
    assert finished.code == 2
    message = " ".join(finished.output.split())
    assert "ended with exit code 7" in message
    assert "TensorFlow" in message
    assert str(finished.folder / "kept") in message


def test_the_demo_leaves_no_folder_behind_when_nothing_ran(python: Callable[..., Finished]) -> None:
    finished = python("-c", DEMO, "--epochs", "0")
    assert finished.code == 2
    made_for_wandb = set(WANDB_FOLDERS.values()) - {"."}
    assert {path.name for path in finished.folder.iterdir()} == made_for_wandb
    assert not [path for name in made_for_wandb for path in (finished.folder / name).iterdir()]


def test_the_script_is_the_one_in_examples() -> None:
    script = legacy_script()
    assert "from wandb.keras import WandbCallback" in script.read_text(encoding="utf-8")
    assert "compat" not in script.read_text(encoding="utf-8")
