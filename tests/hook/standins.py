"""Light stand-ins for TensorFlow and wandb, laid out as each family of wandb versions is.

Importing the real ones takes six seconds per process; the import-order machine needs tens of thousands of
processes. Only what the import system sees is reproduced: which modules there are, what they bind from where, the
LazyLoader's way of loading, and the patch of ``fit`` the legacy module makes while it is imported.
test_real_wandb.py does the same against the real packages, a handful of times.
"""

from __future__ import annotations

from compileall import compile_dir
from pathlib import Path

# old: up to 0.16.6, wandb.keras is a module. mid: 0.17.0 to 0.27.0, it is an attribute only, and the class is still
# there. new: from 0.27.1 on, the class is gone.
FAMILIES = ("old", "mid", "new")

_LAZY = """
import importlib, sys, types

class LazyLoader(types.ModuleType):
    def __init__(self, local, parent, target):
        self._local, self._parent = local, parent
        super().__init__(target)

    def _load(self):
        loaded = importlib.import_module(self.__name__)
        self._parent[self._local] = sys.modules[self._local] = loaded
        self.__dict__.update(loaded.__dict__)
        return loaded

    def __getattr__(self, name):
        return getattr(self._load(), name)

    def __dir__(self):
        return dir(self._load())
"""
_WANDB = """
from wandb.lazyloader import LazyLoader
keras = LazyLoader("wandb.keras", globals(), "wandb.integration.keras")
sklearn = LazyLoader("wandb.sklearn", globals(), "wandb.integration.sklearn")
class Artifact: pass
"""
_CALLBACKS = """
import tensorflow
from wandb.integration.keras.keras import patch_tf_keras
patch_tf_keras()
class WandbMetricsLogger(tensorflow.Callback): pass
class WandbModelCheckpoint(tensorflow.Callback): pass
class WandbEvalCallback(tensorflow.Callback): pass
"""
_NEWER = '"WandbMetricsLogger", "WandbModelCheckpoint", "WandbEvalCallback"'
_IMPORT_NEWER = "from .callbacks import WandbEvalCallback, WandbMetricsLogger, WandbModelCheckpoint"
_LEGACY = """
import tensorflow

def is_dataset(data): return "wandb's own"
def is_generator_like(data): return "wandb's own"

def patch_tf_keras():
    tensorflow.patches.append(WandbCallback)

def is_told(callback): return isinstance(callback, WandbCallback)  # what the patched fit asks, whenever it is called

class WandbCallback(tensorflow.Callback):
    def asks(self): return is_dataset(None)

patch_tf_keras()
"""
_WITHOUT_CLASS = """
def patch_tf_keras():
    return None
"""

_SHIM_CALLBACK = """
import tensorflow
from wandb_keras_compat.sdk.installed_callbacks import installed_callbacks
class WandbCallback(tensorflow.Callback):
    real = installed_callbacks().WandbMetricsLogger
"""
_SHIM_CALLBACKS = """
from wandb_keras_compat.sdk.installed_callbacks import installed_callbacks
real = installed_callbacks()
class WandbMetricsLogger(real.WandbMetricsLogger): pass
class WandbModelCheckpoint(real.WandbModelCheckpoint): pass
class WandbEvalCallback(real.WandbEvalCallback): pass
"""


def plant(folder: Path, family: str) -> Path:
    """Write the stand-ins for ``family`` below ``folder``; put ``folder`` on PYTHONPATH to use them.

    ``folder/shim`` holds stand-ins for our own two modules that need the real Keras.
    """
    has_class = family != "new"
    files = {
        "tensorflow/__init__.py": "patches = []\nclass Callback: pass\nclass keras: pass  # Keras 2, by what it lacks\n",
        "wandb/__init__.py": _WANDB,
        "wandb/lazyloader.py": _LAZY,
        "wandb/integration/__init__.py": "",
        "wandb/integration/sklearn/__init__.py": "",
        "wandb/integration/keras/__init__.py": "\n".join(
            [
                f"__all__ = ({_NEWER})" if not has_class else f'__all__ = ("WandbCallback", {_NEWER})',
                _IMPORT_NEWER,
                "from .keras import WandbCallback" if has_class else "",
            ]
        ),
        "wandb/integration/keras/callbacks/__init__.py": _CALLBACKS,
        "wandb/integration/keras/keras.py": _LEGACY if has_class else _WITHOUT_CLASS,
        "shim/callback.py": _SHIM_CALLBACK,
        "shim/newer_callbacks.py": _SHIM_CALLBACKS,
    }
    if family == "old":
        exported = f'"WandbCallback", {_NEWER}'
        files["wandb/keras/__init__.py"] = (
            f"__all__ = ({exported})\nfrom wandb.integration.keras import ({exported.replace(chr(34), '')})\n"
        )
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    compile_dir(folder, quiet=1)
    return folder
