"""The ten documented uses run to the end, unmodified, and log what they promise.

The promises were read from the run logs of the same scripts on TensorFlow 2.12.1 with wandb 0.16.6, where
the legacy class works, started with plain python (the evaluation callbacks with ``use_artifact`` replaced,
because the SDK refuses it offline). Where Keras computes with JAX or PyTorch the same uses are played, as they are written
with ``keras``, and held to the same promises.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from wandb_keras_compat.hook.frameworks import present_backend
from wandb_keras_compat.testing.model.snapshot import RunSnapshot

from .conftest import REPOSITORY, Finished

BACKEND = present_backend()
pytest.importorskip(BACKEND)
pytest.importorskip("sklearn", reason="the uses train on scikit-learn's digits")
pytest.importorskip("PIL", reason="wandb.Image needs Pillow")

LEGACY, KERAS_3 = (REPOSITORY / "examples" / name for name in ("documented_uses", "documented_uses_keras3"))
USES = LEGACY if BACKEND == "tensorflow" else KERAS_3
#: Written anew without TensorFlow: with `tf.data`, or with options of its own.
OF_TENSORFLOW = {"use_04_checkpoint_save_freq", "use_05_checkpoint_save_options", "use_07_tables_tutorial"}


def epoch(*metrics: str) -> set[str]:
    return {f"epoch/{prefix}{metric}" for metric in metrics for prefix in ("", "val_")} | {
        "epoch/epoch",
        "epoch/learning_rate",
    }


METRICS = epoch("loss", "accuracy")
LEGACY_METRICS = {"epoch", "loss", "accuracy", "val_loss", "val_accuracy"}


@dataclass(frozen=True)
class Promise:
    """What the log of one use has to hold.

    Attributes:
        rows: history key to the number of rows that have it; no other key may be there.
        media: history key to its media type and number of images or table rows.
        summary: keys beyond the last values of the history.
        artifacts: for every kind of artifact a pattern of its name, its type, the aliases that one version
            each must have (one for each version), and the least number of versions.
        group: the run group.
    """

    rows: dict[str, int]
    media: dict[str, tuple[str, int]] = field(default_factory=dict)
    summary: frozenset[str] = frozenset()
    artifacts: tuple[tuple[str, str, frozenset[str], int], ...] = ()
    files: frozenset[str] = frozenset()
    group: str = ""


def rows(keys: set[str], count: int) -> dict[str, int]:
    return dict.fromkeys(keys, count)


def checkpoints(*aliases: str) -> tuple[str, str, frozenset[str], int]:
    return (r"run_\w+_model", "model", frozenset(aliases), len(aliases))


BATCH_METRICS = {"batch/loss", "batch/accuracy", "batch/batch_step", "batch/learning_rate"}
PARAMETERS = {f"parameters/{name}" for name in ("conv2d.weights", "conv2d.bias", "dense.weights", "dense.bias")}
GRADIENTS = {
    f"gradients/{name}.gradient"
    for name in (
        "conv2d/kernel",
        "conv2d/bias",
        "batch_normalization/gamma",
        "batch_normalization/beta",
        "dense/kernel",
        "dense/bias",
    )
}
# A best model is logged whenever the monitored value improves: at least once, at epoch 0.
BEST_MODEL = (r"model-.*", "model", frozenset({"epoch_0"}), 1)
PREDICTIONS = (r"run_\w+_pred", "evaluation", frozenset(), 2)

PROMISES = {
    "use_01_metrics_logger": Promise(rows(METRICS, 3)),
    "use_02_metrics_logger_resumed": Promise(rows(METRICS, 2) | rows(BATCH_METRICS, 40)),
    "use_03_model_checkpoint": Promise(rows(METRICS, 2), artifacts=(checkpoints("epoch_0", "epoch_1"),)),
    "use_04_checkpoint_save_freq": Promise(
        rows(METRICS, 4), artifacts=(checkpoints("epoch_1_batch_19", "epoch_3_batch_19"),)
    ),
    "use_05_checkpoint_save_options": Promise(rows(METRICS, 2), artifacts=(checkpoints("epoch_0", "epoch_1"),)),
    "use_06_eval_callback": Promise(rows(METRICS, 2), artifacts=(PREDICTIONS,)),
    "use_07_tables_tutorial": Promise(
        rows(epoch("loss", "accuracy", "top@5_accuracy"), 2) | rows({*BATCH_METRICS, "batch/top@5_accuracy"}, 6),
        artifacts=(PREDICTIONS,),
    ),
    "use_08_wandb_callback": Promise(
        rows(LEGACY_METRICS, 3),
        summary=frozenset({"best_val_loss", "best_epoch", "graph"}),
        artifacts=(BEST_MODEL,),
        files=frozenset({"model-best.h5"}),
    ),
    "use_09_every_argument": Promise(
        # Three epochs and batches 0, 10, 20, 30 of each; batch rows use the names of the training metrics.
        rows({"epoch", "val_loss", "val_accuracy"} | PARAMETERS | GRADIENTS, 3)
        | rows({"loss", "accuracy"}, 3 + 3 * 4)
        | rows({"examples", "validation_predictions"}, 3),
        media={
            **dict.fromkeys(PARAMETERS | GRADIENTS, ("histogram", 64)),
            "examples": ("images/separated", 12),
            "validation_predictions": ("table-file", 32),
        },
        summary=frozenset({"top_val_accuracy", "top_epoch", "graph", "GFLOPs"}),
        artifacts=(
            ("digits-validation", "dataset", frozenset({"latest"}), 1),
            (r"run-\w+-validation_predictions", "run_table", frozenset({"latest"}), 3),
            (r"model-every-argument", "model", frozenset({"epoch_0"}), 1),
        ),
        files=frozenset({"model-best.h5"}),
    ),
    "use_10_multiprocessing": Promise(
        rows(LEGACY_METRICS, 2),
        summary=frozenset({"best_val_loss", "best_epoch", "graph"}),
        artifacts=(BEST_MODEL,),
        files=frozenset({"model-best.h5"}),
        group="digits-multiprocessing",
    ),
}


@pytest.mark.parametrize("uses", [LEGACY, KERAS_3], ids=lambda path: path.name)
def test_every_use_has_a_promise(uses: Path) -> None:
    assert {path.stem for path in uses.glob("*.py")} == set(PROMISES)
    assert len(PROMISES) == 10


@pytest.mark.parametrize("script", sorted((*LEGACY.glob("*.py"), *KERAS_3.glob("*.py"))), ids=lambda path: path.stem)
def test_no_use_knows_this_package(script: Path) -> None:
    assert "compat" not in script.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(set(PROMISES) - OF_TENSORFLOW))
def test_a_use_is_the_same_with_keras(name: str) -> None:
    legacy, keras_3 = ((folder / f"{name}.py").read_text(encoding="utf-8") for folder in (LEGACY, KERAS_3))
    moved = legacy.replace("tf.keras.", "keras.").replace(
        "tf.argmax(scores, axis=-1).numpy()", "np.argmax(scores, axis=-1)"
    )
    assert _without_imports(moved) == _without_imports(keras_3)


def _without_imports(program: str) -> list[str]:
    return [line for line in program.splitlines() if not line.startswith("import ")]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", sorted(PROMISES))
def test_use_runs_to_the_end(name: str, python: Callable[..., Finished]) -> None:
    finished = python("-m", "wandb_keras_compat", "run", USES / f"{name}.py")
    assert finished.code == 0, finished.output[-4000:]
    (run,) = finished.runs()
    check(run, PROMISES[name], finished)


def check(run: RunSnapshot, promise: Promise, finished: Finished) -> None:
    assert run.exit_code == 0
    assert (run.group or "") == promise.group
    assert {key: len(run.column(key)) for key in run.history_keys()} == promise.rows
    assert {key: media(value) for key, value in last_row(run).items() if media(value)} == promise.media
    assert set(run.summary()) - set(run.history_keys()) == promise.summary
    for pattern, kind, aliases, least in promise.artifacts:
        versions = [a for a in run.artifacts() if a.type == kind and re.fullmatch(pattern, a.name)]
        assert len(versions) >= least, f"{pattern}: {[(a.name, a.type, a.asked_aliases) for a in run.artifacts()]}"
        assert aliases <= {alias for version in versions for alias in version.asked_aliases}
        # Entries that point into another artifact have no size of their own on newer wandb.
        assert all(any(entry.size for _, entry in version.entries) for version in versions), (
            f"{pattern}: an empty version"
        )
    for name in promise.files:
        assert [path for path in finished.folder.rglob(name) if path.stat().st_size], f"no {name}"


def last_row(run: RunSnapshot) -> dict[str, object]:
    return {key: run.column(key)[-1] for key in run.history_keys()}


def media(value: object) -> tuple[str, int] | None:
    """Media type and number of bins, images or rows; None for a plain value."""
    if not isinstance(value, dict) or "_type" not in value:
        return None
    size = {"histogram": lambda v: len(v["values"]) if "values" in v else 64}.get(
        value["_type"], lambda v: v.get("count", v.get("nrows", 0))
    )
    return value["_type"], size(value)
