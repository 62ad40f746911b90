"""`WandbModelCheckpoint`: Keras' ModelCheckpoint, whose every save becomes an artifact version."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from numbers import Real
from typing import Any, Literal

import wandb

from .. import versions
from ..backends import checkpoint_formats, model_checkpoint
from ..host.best_value import previous_best
from ..host.copies import Copies
from ..host.hooks_in_turn import HooksInTurn
from ..sdk.callback_versions import LOGS_ANY_CHECKPOINT_FILE
from ..sdk.installed_callbacks import installed_callbacks
from ..sdk.server_questions import without_waiting
from ..sdk.telemetry import take_telemetry
from ..sdk.terminal import warn
from . import messages

_InstalledModelCheckpoint: Any = installed_callbacks().WandbModelCheckpoint
_keras: Any = model_checkpoint()
_TakesOptions: Any = _keras.TakesOptions
formats: Any = checkpoint_formats()


class WandbModelCheckpoint(HooksInTurn, Copies, _InstalledModelCheckpoint, _TakesOptions):
    """Saves the model or its weights, and logs each save as a version of the artifact ``run_<id>_model``.

    The artifact is of type ``model``, with the aliases ``latest`` and ``epoch_<n>`` (0-based), or
    ``epoch_<n>_batch_<m>`` where ``save_freq`` counts batches. When a save happens is Keras' decision; only
    what was really saved is logged. An epoch that does not improve, a monitored value that is not reported,
    a threshold never reached, a placeholder without a value: nothing is saved, nothing is logged, training
    goes on.

    Which file is written is told in the table of :mod:`wandb_keras_compat.backends.checkpoints.checkpoint_formats`: on
    Keras 3, which has no SavedModel and no TensorFlow checkpoint, ``models`` becomes ``models.keras`` and the
    weights ``w`` become ``w.weights.h5``; a warning says so once, and ``self.filepath`` is the path in use.

    Args:
        filepath: where to save, ``str`` or path; may hold placeholders such as ``{epoch:02d}`` (1-based, as in
            Keras) and ``{val_loss:.2f}``.
        monitor: the reported value that ``save_best_only`` compares.
        verbose: 1 prints a line for each save.
        save_best_only: save only when ``monitor`` improves.
        save_weights_only: save the weights instead of the model.
        mode: ``"min"``, ``"max"`` or ``"auto"``.
        save_freq: ``"epoch"``, or a number of batches, counted across epochs.
        options: ``tf.saved_model.SaveOptions`` for models, ``tf.train.CheckpointOptions`` for weights; without
            effect, with one warning, where the format is not TensorFlow's own. (wandb 0.17.8 dropped the
            argument; a number given by position here is taken for the next argument, as there.)
        initial_value_threshold: the value that the first save has to improve upon.
        save_format: ``"tf"``, ``"h5"`` or ``"keras"``, for a ``filepath`` without an extension of these.
        best_of_run: with ``save_best_only``, compare with the best value of the whole run, as ``WandbCallback`` does:
            another ``fit``, another instance or a resumed run goes on from the summary's ``best_<monitor>``, which
            each improvement sets, with ``best_epoch`` (0-based). A text is what the two names start with instead of
            ``best_``. Without it, as in Keras, an instance knows its own best alone. In another run it begins anew.
        **kwargs: passed to Keras' ``ModelCheckpoint``.

    Raises:
        wandb.Error: when ``wandb.init()`` has not been called.
        ValueError: for an unknown ``save_format``, for ``best_of_run`` without ``save_best_only``, and for what Keras
            refuses.
        TypeError: for ``options`` of the wrong kind.
    """

    #: Wandb 0.13.6 asks this of ``tf.keras.__version__``, which TensorFlow 2.13 does not have.
    is_old_tf_keras_version = False  # "old" is before TensorFlow 2.6

    _of_training = (*Copies._of_training, "_saving", "_saved_path")

    # What a subclass has that leaves out this constructor.
    _asked_format: Any = None
    _saving = False
    _saved_path: str | None = None
    _guessed_mode: str | None = None
    best_of_run: bool | str = False
    #: The id of the run whose best is :attr:`best`.
    _best_is_of: str | None = None

    def __init__(
        self,
        filepath: str | os.PathLike[str],
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: Literal["auto", "min", "max"] = "auto",
        save_freq: Literal["epoch"] | int = "epoch",
        options: Any = None,
        initial_value_threshold: float | None = None,
        *,
        save_format: str | None = None,
        best_of_run: bool | str = False,
        **kwargs: Any,
    ) -> None:
        if isinstance(options, Real) and initial_value_threshold is None:
            options, initial_value_threshold = None, float(options)
        if save_format is not None and save_format not in formats.SAVE_FORMATS:
            raise ValueError(messages.bad_save_format(save_format, sorted(formats.SAVE_FORMATS)))
        if best_of_run and not save_best_only:
            raise ValueError(messages.BEST_OF_RUN_SAVES_ALL)
        formats.check_options(options, save_weights_only)
        self._asked_format = formats.checkpoint_format(os.fsdecode(filepath), save_weights_only, save_format)
        if _keras.WRITES_TENSORFLOW_FORMATS:
            kwargs["options"] = options
        take_telemetry(wandb.run)
        super().__init__(
            filepath=self._format.accepted_path,
            monitor=monitor,
            verbose=verbose,
            save_best_only=save_best_only,
            save_weights_only=save_weights_only,
            mode=mode,
            save_freq=save_freq,
            initial_value_threshold=initial_value_threshold,
            **kwargs,
        )
        self.filepath = self._format.filepath
        self._warn_of_differences(options)
        self._threshold = initial_value_threshold
        self.best_of_run = best_of_run
        self._start_from_best_of(wandb.run)

    def _warn_of_differences(self, options: Any) -> None:
        requested, written = self._format.requested, self._format.filepath
        if written != requested:
            message = messages.other_format(requested, written, self._format.weights_only, versions.describe())
            warn(message, repeat=False)
        if options is not None and not _keras.WRITES_TENSORFLOW_FORMATS:
            warn(messages.options_ignored(written, versions.describe()), repeat=False)

    @property
    def _format(self) -> Any:
        if self._asked_format is None:  # a subclass called Keras' constructor, which took the path as it is
            return formats.checkpoint_format(self.filepath, self.save_weights_only, None)
        return self._asked_format

    # Keras decides whether a save is due, and fills in the path.

    def _save_model(self, epoch: int, batch: int | None = None, logs: dict[str, Any] | None = None) -> None:
        self._saved_path = None
        logs = logs or {}
        if not self._can_save(epoch, batch, logs):
            return
        before = self.best
        with self._recording_saves():
            super()._save_model(epoch=epoch, batch=batch, logs=logs)
        if self.best_of_run and self.save_best_only and self.best != before and wandb.run is not None:
            wandb.run.summary[f"{self._best_prefix}{self.monitor}"] = self.best
            wandb.run.summary[f"{self._best_prefix}epoch"] = epoch

    @property
    def _best_prefix(self) -> str:
        return self.best_of_run if isinstance(self.best_of_run, str) else "best_"

    def on_train_begin(self, logs: Any = None) -> None:
        self._start_from_best_of(wandb.run)
        super().on_train_begin(logs)

    def _start_from_best_of(self, run: Any) -> None:
        """Takes over the best value of *run*, unless it is that of this run already."""
        if not self.best_of_run or run is None or run.id == self._best_is_of:
            return
        self._best_is_of = run.id
        best = previous_best(run, self._best_prefix, self.monitor)
        self.best = self._threshold if best is None else best
        if self.monitor_op is not None:  # Keras 3 sets it when the first save is due
            self._fill_in_the_worst()

    def _fill_in_the_worst(self) -> None:
        """Where there is no best value yet: Keras 3 takes the first value for one, though it is not a number."""
        if self.best_of_run and self.best is None:
            self.best = -math.inf if self.monitor_op(1, 0) else math.inf

    def _can_save(self, epoch: int, batch: int | None, logs: dict[str, Any]) -> bool:
        if self.save_best_only and self.monitor not in logs:
            # Some versions of Keras skip this save, some make it, and some end the training.
            warn(messages.monitor_missing(self.monitor, sorted(logs), versions.describe()), repeat=False)
            return False
        try:
            super()._get_file_path(epoch, batch, logs)
        except (KeyError, IndexError, ValueError) as error:
            warn(messages.path_not_filled(self.filepath, error, sorted(logs), versions.describe()), repeat=False)
            return False
        if self.save_best_only and _keras.RESOLVES_MODE_LATE and self.monitor_op is None:
            self._set_monitor_op()  # Keras asks for it at the end of the epoch; a save by batches is earlier
        if self.save_best_only:
            self._fill_in_the_worst()
        if self.save_best_only and self._guessed_mode:
            warn(messages.mode_guessed(self.monitor, self._guessed_mode, versions.describe()), repeat=False)
        return True

    def _set_monitor_op(self) -> None:
        try:
            super()._set_monitor_op()
        except ValueError:  # not a compiled metric, or one without a direction
            highest = "acc" in self.monitor or self.monitor.startswith("fmeasure")
            self.mode = self._guessed_mode = "max" if highest else "min"
            super()._set_monitor_op()

    def _get_file_path(self, *args: Any, **kwargs: Any) -> str:
        if self._saving:
            return str(super()._get_file_path(*args, **kwargs))
        # The installed callback asks again after the save, and would fail over an epoch that saved nothing.
        return self._saved_path or ""

    # Keras' calls to model.save and model.save_weights are taken over, to know of them and to choose the format.

    @contextmanager
    def _recording_saves(self) -> Iterator[None]:
        model = getattr(self, _keras.MODEL_SLOT)
        self._saving = True
        setattr(self, _keras.MODEL_SLOT, _SavesThrough(model, self._write))
        try:
            yield
        finally:
            setattr(self, _keras.MODEL_SLOT, model)
            self._saving = False

    def _write(self, model: Any, path: str, **arguments: Any) -> None:
        self._format.write(model, path, **arguments)
        self._saved_path = path
        if formats.forgets_optimizer(model, path, self._format.weights_only):
            warn(messages.optimizer_left_out(path, versions.describe()), repeat=False)

    # What was saved becomes an artifact.

    def _log_ckpt_as_artifact(self, filepath: str, aliases: list[str] | None = None) -> None:
        saved, self._saved_path = self._saved_path, None
        # A worker that is not the chief writes to a folder that Keras has removed again by now.
        if saved is None or formats.was_removed(saved):
            return
        try:
            with without_waiting(wandb.run):
                if LOGS_ANY_CHECKPOINT_FILE and not formats.is_tensorflow_checkpoint(saved):
                    super()._log_ckpt_as_artifact(saved, aliases=aliases)
                else:
                    _log_as_artifact(saved, aliases or [])
        except Exception as error:
            warn(messages.checkpoint_not_logged(saved, error, versions.describe()), repeat=False)


class _SavesThrough:
    """Stands in for the model while Keras' checkpoint callback saves: both kinds of save go to ``write``."""

    def __init__(self, model: Any, write: Callable[..., None]) -> None:
        self._wrapped = model
        self._write_wrapped = write

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wrapped, name)

    def save(self, filepath: Any, **arguments: Any) -> None:
        self._write_wrapped(self._wrapped, os.fspath(filepath), **arguments)

    save_weights = save  # Keras 3.3 saves the model where a monitored array was to save the weights


def _log_as_artifact(path: str, aliases: list[str]) -> None:
    """The same artifact the installed class makes, for what it does not recognise as a checkpoint."""
    run = wandb.run
    if run is None:
        raise wandb.Error("the run has been finished")
    artifact = wandb.Artifact(f"run_{run.id}_model", type="model")
    if os.path.isdir(path):
        artifact.add_dir(path)
    else:
        for file in formats.tensorflow_checkpoint_files(path) if formats.is_tensorflow_checkpoint(path) else [path]:
            artifact.add_file(file)
    wandb.log_artifact(artifact, aliases=aliases)
