"""W&B's legacy Keras callback, kept running on current TensorFlow, Keras and wandb.

Importing this package imports neither TensorFlow nor wandb and changes nothing: each public name is
looked up the first time it is used, and only :func:`install` touches the import system.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .callback import WandbCallback
    from .callbacks import WandbEvalCallback, WandbMetricsLogger, WandbModelCheckpoint
    from .capabilities import (
        WandbBestModel,
        WandbBestSummary,
        WandbExamplesLogger,
        WandbFlopsLogger,
        WandbGradientsLogger,
        WandbGraphLogger,
        WandbPredictionsLogger,
        WandbWeightsLogger,
    )
    from .hook import install, installed, uninstall

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
    "uninstall",
]

_HOME = {
    "WandbCallback": ".callback",
    "WandbMetricsLogger": ".callbacks",
    "WandbModelCheckpoint": ".callbacks",
    "WandbEvalCallback": ".callbacks",
    "WandbBestModel": ".capabilities",
    "WandbBestSummary": ".capabilities",
    "WandbExamplesLogger": ".capabilities",
    "WandbFlopsLogger": ".capabilities",
    "WandbGradientsLogger": ".capabilities",
    "WandbGraphLogger": ".capabilities",
    "WandbPredictionsLogger": ".capabilities",
    "WandbWeightsLogger": ".capabilities",
    "install": ".hook",
    "installed": ".hook",
    "uninstall": ".hook",
    "load_ipython_extension": ".hook.notebook",
    "unload_ipython_extension": ".hook.notebook",
}


def __getattr__(name: str) -> Any:
    try:
        home = _HOME[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    value = getattr(import_module(home, __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
