"""W&B's legacy Keras callback, kept running on current TensorFlow, Keras and wandb.

Importing this package imports neither TensorFlow nor wandb and changes nothing: each public name is
looked up the first time it is used, and only :func:`install` touches the import system.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .callback import WandbCallback, is_dataset, is_generator_like, patch_tf_keras
    from .hook import install, installed, uninstall
    from .newer_callbacks import WandbEvalCallback, WandbMetricsLogger, WandbModelCheckpoint
    from .small_callbacks import (
        WandbBestModel,
        WandbBestSummary,
        WandbExamplesLogger,
        WandbFlopsLogger,
        WandbGradientsLogger,
        WandbGraphLogger,
        WandbPredictionsLogger,
        WandbWeightsLogger,
    )

__version__ = "0.1.0"

__all__ = [
    "WandbBestModel",
    "WandbBestSummary",
    "WandbCallback",
    "WandbEvalCallback",
    "WandbExamplesLogger",
    "WandbFlopsLogger",
    "WandbGradientsLogger",
    "WandbGraphLogger",
    "WandbMetricsLogger",
    "WandbModelCheckpoint",
    "WandbPredictionsLogger",
    "WandbWeightsLogger",
    "__version__",
    "install",
    "installed",
    "is_dataset",
    "is_generator_like",
    "patch_tf_keras",
    "uninstall",
]

_HOME = {
    "WandbCallback": ".callback",
    "is_dataset": ".callback",
    "is_generator_like": ".callback",
    "patch_tf_keras": ".callback",
    "WandbMetricsLogger": ".newer_callbacks",
    "WandbModelCheckpoint": ".newer_callbacks",
    "WandbEvalCallback": ".newer_callbacks",
    "WandbBestModel": ".small_callbacks",
    "WandbBestSummary": ".small_callbacks",
    "WandbExamplesLogger": ".small_callbacks",
    "WandbFlopsLogger": ".small_callbacks",
    "WandbGradientsLogger": ".small_callbacks",
    "WandbGraphLogger": ".small_callbacks",
    "WandbPredictionsLogger": ".small_callbacks",
    "WandbWeightsLogger": ".small_callbacks",
    "install": ".hook",
    "installed": ".hook",
    "uninstall": ".hook",
    "load_ipython_extension": ".commands.program.notebook",
    "unload_ipython_extension": ".commands.program.notebook",
}

_OF_CALLBACKS = {".callback", ".newer_callbacks", ".small_callbacks"}


def __getattr__(name: str) -> Any:
    try:
        home = _HOME[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    if home in _OF_CALLBACKS:
        from .needed import check

        check()
    value = getattr(import_module(home, __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
