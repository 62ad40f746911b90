"""The demo does the main job on real data, without an account or a network, and says what was logged."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wandb_keras_compat.commands.demo import BACKENDS, example_script
from wandb_keras_compat.hook.frameworks import present_backend
from wandb_keras_compat.testing.child_environment import WANDB_FOLDERS

from .conftest import Finished

#: TensorFlow, and in the sessions keras-jax and keras-torch the one that they have.
BACKEND = present_backend()
pytest.importorskip(BACKEND)
pytest.importorskip("sklearn", reason="the demo trains on scikit-learn's digits")
pytest.importorskip("PIL", reason="wandb.Image needs Pillow")

DEMO = "from wandb_keras_compat.commands.demo import demo; demo()"
LABELS = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}
LAYERS = ("conv_1", "conv_2", "scores")


@pytest.mark.timeout(300)
def test_the_demo_prints_what_was_logged(python: Callable[..., Finished]) -> None:
    finished = python("-c", DEMO, "--backend", BACKEND, "--epochs", "2", "--keep", "kept", seed=1)
    assert finished.code == 0, finished.output[-4000:]
    assert f"Training with {example_script(BACKEND).name}, unmodified, on {LABELS[BACKEND]}" in finished.output
    (run,) = finished.runs()

    assert len(run.column("val_accuracy")) == 2
    assert run.column("val_accuracy")[-1] > 0.5, "it learns: chance is 0.1"
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
    assert f"with {LABELS[BACKEND]} " in message
    assert str(finished.folder / "kept") in message


def test_the_demo_leaves_no_folder_behind_when_nothing_ran(python: Callable[..., Finished]) -> None:
    finished = python("-c", DEMO, "--epochs", "0")
    assert finished.code == 2
    made_for_wandb = set(WANDB_FOLDERS.values()) - {"."}
    assert {path.name for path in finished.folder.iterdir()} == made_for_wandb
    assert not [path for name in made_for_wandb for path in (finished.folder / name).iterdir()]


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_script_is_the_one_in_examples(backend: str) -> None:
    script = example_script(backend).read_text(encoding="utf-8")
    assert "from wandb.keras import WandbCallback" in script
    assert "compat" not in script


def test_both_scripts_are_one_program() -> None:
    """What a user changes who leaves TensorFlow: the import, and the name of Keras."""
    legacy, keras_3 = (example_script(backend).read_text(encoding="utf-8") for backend in ("tensorflow", "jax"))
    moved = legacy.replace("import tensorflow as tf\n", "").replace("tf.keras.", "keras.")
    assert moved == keras_3.replace("import keras\n", "")
