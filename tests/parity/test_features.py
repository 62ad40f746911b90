"""What holds of every feature, whatever it logs: when it is on, what its failure leads to, whose method it goes through.

No training shows this: the real class has no features, and ends the training with whatever fails in it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import numpy as np
import pytest

from wandb_keras_compat import WandbCallback, WandbMetricsLogger, WandbWeightsLogger, messages
from wandb_keras_compat.features import REGISTRY, Features
from wandb_keras_compat.features.checkpoint import Checkpoint
from wandb_keras_compat.host.feature import Feature
from wandb_keras_compat.parity.state_machine.nets import DENSE
from wandb_keras_compat.sdk.run_writer import RunWriter
from wandb_keras_compat.testing.doors.recorder import Recorder

from .known_differences import Spoken, only, trained

#: The option that switches a feature on; the other two are always on.
SWITCHES = {
    "compute_flops": "flops",
    "save_graph": "graph",
    "log_weights": "weights",
    "log_gradients": "gradients",
    "input_type": "examples",
    "output_type": "examples",
    "log_evaluation": "evaluation",
    "save_model": "checkpoint",
}
NAMES = ["flops", "graph", "weights", "gradients", "examples", "evaluation", "metrics", "best", "checkpoint"]

#: What the next hook may bring after all; anything else would fail each time, and cost each time.
TRIED_AGAIN = {"evaluation", "metrics", "best", "checkpoint"}


# --- which are on ---------------------------------------------------------------------------------------------------------


def test_the_order_is_that_of_a_row() -> None:
    assert [entry.name for entry in REGISTRY] == NAMES


@pytest.mark.parametrize("switch", [None, *SWITCHES])
def test_an_option_switches_its_feature_on(switch: str | None) -> None:
    callback = SimpleNamespace(**{name: name == switch for name in SWITCHES})
    on = {"metrics", "best"} | ({SWITCHES[switch]} if switch else set())
    assert [entry.name for entry in REGISTRY if entry.wanted(callback)] == [name for name in NAMES if name in on]


def kind_of(name: str) -> type[Feature]:
    return next(entry.feature() for entry in REGISTRY if entry.name == name)


@pytest.mark.parametrize("name", NAMES)
def test_a_feature_is_in_the_module_of_its_name(name: str) -> None:
    kind = kind_of(name)
    assert isinstance(getattr(Features, name), property)
    assert issubclass(kind, Feature) and kind.__module__.endswith(f".features.{name}")
    assert kind.lost and kind.retries is (name in TRIED_AGAIN)


# --- what fails ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_what_fails_is_told_once_and_tried_again_where_that_may_help(name: str) -> None:
    kind, tries = kind_of(name), []

    def fails(self: Any, *_: Any) -> None:
        tries.append(len(tries))
        raise OSError(f"failure {len(tries)}")

    hook = "on_epoch_end" if "on_epoch_end" in vars(kind) else "on_train_begin"
    with trained() as (callback, warnings, _), mock.patch.object(kind, hook, fails):
        callback._wanted = lambda: [name]
        for _ in range(3):
            getattr(callback._features, hook)(*([0, {}] if hook == "on_epoch_end" else []))
        assert len(tries) == (3 if name in TRIED_AGAIN else 1)
        assert warnings == [messages.feature_failed(kind.lost, OSError("failure 1"), again=name in TRIED_AGAIN)]
        tries.clear()
        callback._features.switch_on()  # the next training has another chance, and says no more
        getattr(callback._features, hook)(*([0, {}] if hook == "on_epoch_end" else []))
        assert tries and len(warnings) == 1


@pytest.mark.parametrize("retries", [False, True])
def test_an_attempt_that_fails_is_told_under_the_name_of_what_is_lost(retries: bool) -> None:
    kind = type("Fragile", (Feature,), {"retries": retries})
    spoken = Spoken()
    feature = kind(None, None, None, spoken.warn)
    assert feature.attempt("all of it", lambda value: value + 1, 1) == 2 and not spoken
    error = OSError("disk full")

    def fails(*_: Any) -> None:
        raise error

    assert feature.attempt("all of it", fails, 1) is None
    assert spoken == [(messages.feature_failed("all of it", error, again=retries), "all of it")]


def test_by_default_a_failure_is_final_and_the_random_stream_is_guarded() -> None:
    assert Feature.retries is False and Feature.runs_the_model is True


@pytest.mark.parametrize("name", NAMES)
def test_what_draws_random_numbers_leaves_those_of_the_training_alone(name: str) -> None:
    """Of the features that run the model, or the user's code in its place."""
    kind = kind_of(name)
    if name not in ("flops", "gradients", "examples", "evaluation", "checkpoint"):
        return
    hook = "on_epoch_end" if "on_epoch_end" in vars(kind) else "on_train_begin"
    with trained() as (callback, warnings, _), mock.patch.object(kind, hook, lambda *_: np.random.uniform(size=7)):
        callback._wanted = lambda: [name]
        np.random.seed(3)
        getattr(callback._features, hook)(*([0, {}] if hook == "on_epoch_end" else []))
        found = np.random.uniform()
    np.random.seed(3)
    assert found == np.random.uniform() and not warnings


# --- methods that legacy code overrides --------------------------------------------------------------------------------------


def test_small_callbacks_have_the_methods_that_legacy_code_overrides_too() -> None:
    class Named(WandbWeightsLogger):  # type: ignore[misc]
        def _log_weights(self) -> dict[str, Any]:
            return {f"mine/{key}": value for key, value in super()._log_weights().items()}

    logged: dict[str, Any] = {}
    with (
        trained(kind=Named) as (callback, warnings, _),
        mock.patch.object(RunWriter, "add", lambda _, row: logged.update(row)),
    ):
        callback.on_epoch_end(0, {})
    assert logged and all(key.startswith("mine/parameters/") for key in logged) and not warnings


# --- names of metrics ---------------------------------------------------------------------------------------------------------

LOGS = [{"loss": 0.5, "val_loss": 0.75}, {"loss": 0.25, "val_loss": 0.5, "acc": 1.0}]


def _two_fits(callback: Any, batches: Iterable[int]) -> None:
    for _ in range(2):
        callback.on_train_begin()
        for epoch, logs in enumerate(LOGS):
            callback.on_epoch_begin(epoch)
            for batch in batches:
                callback.on_train_batch_begin(batch)
                callback.on_train_batch_end(batch, {"loss": epoch + batch / 8})
            callback.on_epoch_end(epoch, logs)
        callback.on_train_end()


def _rows(make: Callable[[], Any], per_execution: int, passed: Iterable[int]) -> list[dict[str, Any]]:
    with Recorder() as recorder:
        recorder.start_run(name="names")
        callback = make()
        callback.set_params({"epochs": 2, "steps": 3})
        model = DENSE.model()
        model.compile("sgd", "mse", steps_per_execution=per_execution)
        callback.set_model(model)
        _two_fits(callback, passed)
        rows = only(recorder.store.runs).history
        return [{key: value for key, value in row.items() if not key.startswith("_")} for row in rows]


@pytest.mark.parametrize("keys", ["new", "both"])
@pytest.mark.parametrize("frequency", [None, 1, 2, 2.0])
@pytest.mark.parametrize(("per_execution", "passed"), [(1, (0, 1, 2)), (2, (1, 2)), (2, (0, 2))])
def test_newer_names_are_those_of_the_metrics_logger(
    keys: str, frequency: float | None, per_execution: int, passed: tuple[int, ...]
) -> None:
    """Whichever batch of an execution Keras passes."""
    quiet = {"save_model": False, "save_graph": False, "log_best_prefix": None}
    found = _rows(lambda: WandbCallback(log_batch_frequency=frequency, keys=keys, **quiet), per_execution, passed)
    # A logger for each fit, as the callback has it: what counts batches starts with the training.
    loggers: list[Any] = []

    class EachFit(WandbMetricsLogger):
        def on_train_begin(self, logs: Any = None) -> None:
            self.global_batch = 0
            super().on_train_begin(logs)
            loggers.append(self)

    assert found == _rows(
        lambda: EachFit(log_freq=int(frequency) if frequency else "epoch", keys=keys), per_execution, passed
    )
    assert len(loggers) == 2 and any("epoch/val_loss" in row for row in found)


# --- where a model is saved -----------------------------------------------------------------------------------------------------


class Saver:
    """Stands for a backend: writes, and then fails if it is told to."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.written: list[str] = []

    def save_model_h5(self, model: Any, path: str) -> None:
        self.written.append(path)
        Path(path).write_bytes(b"half of it")
        if self.error is not None:
            raise self.error

    def forgets_optimizer(self, model: Any) -> bool:
        return False


def _save(path: str, saver: Saver, **options: Any) -> tuple[list[str], list[Any]]:
    """What was published, and what was warned of."""
    spoken, published = Spoken(), []
    callback = SimpleNamespace(
        filepath=path,
        verbose=0,
        save_weights_only=False,
        model=None,
        best=1.0,
        current=0.5,
        monitor="loss",
    )
    feature = Checkpoint(callback, saver, SimpleNamespace(publish=published.append), spoken.warn)  # type: ignore[arg-type]
    feature.save_h5(3)
    return published, spoken


@contextmanager
def _in_a_folder() -> Iterator[Path]:
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield Path(folder)
        finally:
            os.chdir(before)


@pytest.mark.parametrize("path", ["best.h5", "a/new/folder/best.h5"])
def test_a_file_is_written_beside_its_place_and_then_put_there(path: str) -> None:
    with _in_a_folder() as folder:
        for _ in range(2):
            saver = Saver()
            assert _save(path, saver) == ([path], [])
            (written,) = map(Path, saver.written)
            target = Path(path).parent.resolve()  # what was written is absolute from Python 3.12 on
            assert (written.parents[1].resolve(), written.name) == (target, "best.h5")
            assert written.parent.resolve() != target
            assert [each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()] == [path]


@pytest.mark.parametrize(
    "error", [NotImplementedError("HDF5"), TypeError("HDF5"), ImportError("h5py"), AttributeError("h5")]
)
def test_what_hdf5_cannot_hold_leaves_the_last_good_file_and_nothing_else(error: Exception) -> None:
    with _in_a_folder() as folder:
        Path("best.h5").write_bytes(b"good")
        assert _save("best.h5", Saver(error)) == ([], [(messages.NO_H5, None)])
        assert [(each.name, each.read_bytes()) for each in folder.iterdir()] == [("best.h5", b"good")]


def test_a_failed_write_leaves_the_last_good_file_and_is_told_by_the_caller() -> None:
    with _in_a_folder() as folder:
        Path("best.h5").write_bytes(b"good")
        with pytest.raises(OSError, match="disk full"):
            _save("best.h5", Saver(OSError("disk full")))
        assert [(each.name, each.read_bytes()) for each in folder.iterdir()] == [("best.h5", b"good")]


def test_the_artifact_is_made_in_the_folder_of_the_run() -> None:
    """Which has room for a model and is cleaned with the run; the machine's temporary folder may be small."""
    seen: list[tuple[str, str]] = []

    class Stops(Exception):
        """Nothing need be saved."""

    def newer(self: Any, folder: str) -> Any:
        seen.append(os.path.split(folder))
        assert os.path.isdir(folder)
        raise Stops

    with _in_a_folder() as folder, mock.patch.object(Checkpoint, "_newer", newer):
        for path in (f"{folder}/best.h5", "best.h5"):
            with pytest.raises(Stops):
                Checkpoint(SimpleNamespace(filepath=path), None, None, None).log_artifact(0)  # type: ignore[arg-type]
        assert list(folder.iterdir()) == []
    (inside, name), (outside, other) = seen
    assert inside == str(folder) and outside == tempfile.gettempdir()
    assert name.startswith("model-best-") and other.startswith("model-best-")
