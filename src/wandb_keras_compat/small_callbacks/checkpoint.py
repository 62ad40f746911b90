"""The model of the best epoch, under its legacy names."""

from __future__ import annotations

from ..feature_callbacks.feature_callback import TracksBest


class WandbBestModel(TracksBest):
    """Saves the model each time ``monitor`` improves, as the legacy callback did with ``save_model=True``.

    ``model-best.h5`` in the run folder is the whole model, or its weights with ``save_weights_only``; the artifact
    ``model-<run name>`` (type ``model``, aliases ``latest`` and ``epoch_<n>``) is always the whole model. For a
    checkpoint that no old code has to find, :class:`~wandb_keras_compat.WandbModelCheckpoint` with
    ``save_best_only=True`` is the newer way.

    Args:
        monitor: name of the metric in Keras' logs.
        mode: ``min``, ``max`` or ``auto``, as for :class:`~wandb_keras_compat.WandbBestSummary`.
        save_weights_only: ``model-best.h5`` holds the weights only.
        prefix: a resumed run goes on from ``<prefix><monitor>`` of its summary; None: from nothing.
        verbose: above 0, says when ``monitor`` improved.

    Raises:
        wandb.Error: there is no run yet.
        TypeError: ``monitor`` is no name.
    """

    capabilities = ("best", "checkpoint")
    writes_best = False  # WandbBestSummary does
    #: Read by the features.
    save_model = save_model_as_artifact = True

    def __init__(
        self,
        monitor: str = "val_loss",
        mode: str = "auto",
        save_weights_only: bool = False,
        prefix: str | None = "best_",
        verbose: int = 0,
    ) -> None:
        given = {
            "monitor": monitor,
            "mode": mode,
            "save_weights_only": save_weights_only,
            "log_best_prefix": prefix,
            "verbose": verbose,
        }
        super().__init__(given)
