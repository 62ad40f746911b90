"""What the three classes say, in the words of wandb's own: programs and tests look for them."""

from __future__ import annotations

INIT_BEFORE_METRICS_LOGGER = "You must call `wandb.init()` before WandbMetricsLogger()"
INIT_BEFORE_MODEL_CHECKPOINT = "You must call `wandb.init()` before `WandbModelCheckpoint()`"
INIT_BEFORE_EVAL_CALLBACK = "You must call `wandb.init()` first before using this callback."


def no_learning_rate(error: BaseException) -> str:
    return f"Unable to log learning rate: {error}"


NO_PLACEHOLDERS = (
    "When using `save_best_only`, ensure that the `filepath` argument contains formatting placeholders like "
    "`{epoch:02d}` or `{batch:02d}`. This ensures correct interpretation of the logged artifacts."
)


def nothing_saved(path: str) -> str:
    return f"No such file or directory {path}"
