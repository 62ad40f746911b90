"""``save_model``: ``model-best.h5`` and the model artifact, over the installed wandb's ``WandbModelCheckpoint``."""

from __future__ import annotations

import os
import tempfile
from typing import Any

import wandb

from .. import messages
from ..atomic_files import staged, written_whole
from ..backends import Unavailable, model_checkpoint
from ..host.best_value import as_number
from ..host.feature import Feature
from ..sdk.files import artifact_name
from ..sdk.proxy import WandbProxy, through_proxy


class Checkpoint(Feature):
    """Saves the model each time the monitored metric improves.

    ``model-best.h5`` in the run folder is the whole model, or its weights with ``save_weights_only``.
    The artifact ``model-<run name>`` (offline ``model-<run id>``; type ``model``, aliases ``latest`` and
    ``epoch_<n>``) is always the whole model: a SavedModel, where the backend can write one, and, where ``load_model``
    cannot read that (Keras 3), ``model.keras``.
    """

    lost = "the model"
    retries = True

    def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:
        callback = self.callback
        if not callback._improved or self.run.state == "disabled":
            return
        self.attempt(os.path.basename(callback.filepath), self.callback._save_model, epoch)
        if callback.save_model_as_artifact:
            self.attempt("the model artifact", self.callback._save_model_as_artifact, epoch)

    def save_h5(self, epoch: int) -> None:
        """Writes ``callback.filepath`` and has it uploaded. A failed write leaves the last good file."""
        callback = self.callback
        path = callback.filepath
        if callback.verbose > 0:
            best, current = callback.best, as_number(callback.current)
            wandb.termlog(messages.improved(epoch, callback.monitor, best, current or 0.0, path))
        try:
            with written_whole(path) as partial:
                if callback.save_weights_only:
                    self.backend.save_weights_h5(self.model, partial)
                else:
                    self.backend.save_model_h5(self.model, partial)
        except (ImportError, NotImplementedError, TypeError, AttributeError):
            # What HDF5 cannot hold (subclassed models on Keras 2, for one) the artifact still can.
            self.warn(messages.NO_H5)
            return
        if not callback.save_weights_only and self.backend.forgets_optimizer(self.model):
            self.warn(messages.optimizer_left_out(os.path.basename(path)), "the optimizer's state")
        self.run.publish(path)

    def log_artifact(self, epoch: int) -> None:
        """Logs the whole model as a new version of the artifact."""
        parent = os.path.dirname(self.callback.filepath)
        with tempfile.TemporaryDirectory(prefix="model-best-", dir=parent or None) as folder:
            self._newer(folder).on_epoch_end(epoch, {})

    def _save_parts(self, folder: str) -> None:
        """Writes to *folder* each file of the artifact that can be written; a file that fails leaves nothing.

        Raises:
            Exception: the error of the first file, if all fail.
        """
        parts = (("the SavedModel", self.backend.save_inference_model), ("model.keras", self.backend.save_loadable))
        failed: dict[str, Exception] = {}
        for part, save in parts:
            try:
                with staged(folder) as stage:
                    save(self.model, stage)
            except Unavailable as error:
                self.warn(str(error), part)
            except Exception as error:
                failed[f"{part} in the model artifact"] = error
        for lost, why in failed.items():
            if not os.listdir(folder):
                raise why
            self.warn(messages.feature_failed(lost, why, again=True), lost)

    def _newer(self, folder: str) -> Any:
        """The newer checkpoint callback of wandb, set up to save the content of the legacy artifact to *folder*."""
        save = self._save_parts
        original = through_proxy("WandbModelCheckpoint", _LegacyArtifact(self))

        class BestModel(original, model_checkpoint().TakesOptions):  # type: ignore[misc, valid-type]
            is_old_tf_keras_version = False  # as in callbacks.WandbModelCheckpoint

            def _save_model(self, *_: Any, **__: Any) -> None:
                save(folder)

            def _get_file_path(self, *_: Any, **__: Any) -> str:
                return folder

        # Keras 3 checks the ending of a path that is never written to.
        newer = BestModel(os.path.join(folder, "model.keras"), save_freq="epoch")
        newer.set_model(self.model)
        return newer


class _LegacyArtifact(WandbProxy):
    """Gives the artifact its legacy name, and logs it through the run writer."""

    def __init__(self, feature: Feature) -> None:
        self._run = feature.run

    def Artifact(self, name: str, type: str) -> Any:  # noqa: N802 - wandb's name
        run = self._run.run
        # An offline run has no name, and all of a project would share `model-None` once they are synced.
        return wandb.Artifact(artifact_name(f"model-{run.name or run.id}"), type=type)

    def log_artifact(self, artifact: Any, aliases: list[str]) -> None:
        self._run.log_artifact(artifact, aliases)
