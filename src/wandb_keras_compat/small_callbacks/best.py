"""The best value of a metric, in the summary."""

from __future__ import annotations

from ..feature_callbacks.feature_callback import TracksBest


class WandbBestSummary(TracksBest):
    """Keeps ``best_<monitor>`` and ``best_epoch`` in the summary; a resumed run goes on from its own best.

    Goes after the metrics logger in the list of callbacks, as in the legacy callback: what it sets follows the row.

    Args:
        monitor: name of the metric in Keras' logs.
        mode: ``min``, ``max`` or ``auto``: higher is better if "acc" is in the name or it starts with
            "fmeasure", else lower is.
        prefix: what the two names start with.
        verbose: above 0, says when ``monitor`` improved.

    Raises:
        wandb.Error: there is no run yet.
        TypeError: ``monitor`` is no name.
    """

    capabilities = ("best",)
    #: Read by the feature: who saves the model says that it improved.
    save_model = False

    def __init__(self, monitor: str = "val_loss", mode: str = "auto", prefix: str = "best_", verbose: int = 0) -> None:
        super().__init__({"monitor": monitor, "mode": mode, "log_best_prefix": prefix, "verbose": verbose})
