"""``GFLOPs`` in the summary."""

from __future__ import annotations

from ..feature_callbacks.feature_callback import FeatureCallback


class WandbFlopsLogger(FeatureCallback):
    """Puts ``GFLOPs`` in the summary when training begins: half the float operations of one inference, in 1e9.

    The halving is the legacy callback's (it makes the number multiply-accumulates). :meth:`get_flops` gives the
    number once a model is set. A model without symbolic inputs has none: one warning says so.

    Raises:
        wandb.Error: there is no run yet.
    """

    capabilities = ("flops",)

    def __init__(self) -> None:
        super().__init__({})
