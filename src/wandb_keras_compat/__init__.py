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
    from .hook import install, installed, uninstall

__version__ = "0.1.0"

__all__ = [
    "WandbCallback",
    "WandbEvalCallback",
    "WandbMetricsLogger",
    "WandbModelCheckpoint",
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
