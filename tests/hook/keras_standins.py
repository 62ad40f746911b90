"""Light stand-ins for TensorFlow, Keras 3 and tf_keras: what the option ``keras="tf_keras"`` sees of them, and no more.

The real ones take four seconds a process. test_keras_names.py holds the same against the real ones, where they are.
"""

from __future__ import annotations

from pathlib import Path

_TENSORFLOW = """
import importlib, os
__version__ = {version!r}
_tf_uses_legacy_keras = os.environ.get("TF_USE_LEGACY_KERAS") in ("1", "true", "True")
def __getattr__(name):
    if name == "keras":
        return importlib.import_module("tf_keras.api._v2.keras" if _tf_uses_legacy_keras else "keras")
    raise AttributeError(name)
"""
_PUBLIC = ("layers", "models", "optimizers", "losses", "metrics", "utils", "backend", "applications", "preprocessing")
_FILES = {
    "keras/__init__.py": "from keras import layers, utils, ops, optimizers\n__version__ = '3.9.0'\n",
    "keras/layers/__init__.py": "class Dense: pass\n",
    "keras/ops.py": "",
    "keras/optimizers.py": "class Adam:\n    def __init__(self, **given):\n        raise ValueError(f'Argument(s) not recognized: {given}')\n",
    "keras/utils/__init__.py": "def to_categorical(y): return 'Keras 3'\n",
    "tf_keras/__init__.py": (
        f"from tf_keras import {', '.join(_PUBLIC)}\nfrom tf_keras.src.engine.sequential import Sequential\n"
        "from tf_keras.src.engine.training import Model\n__version__ = '2.19.0'\n"
    ),
    "tf_keras/layers/__init__.py": (
        "from tf_keras.src.layers.core.dense import Dense\nfrom tf_keras.src.layers.core.dropout import Dropout\n"
        "from tf_keras.src.layers.core.dense import LSTM, GRU\n"
    ),
    "tf_keras/models/__init__.py": (
        "from tf_keras.src.engine.sequential import Sequential\nfrom tf_keras.src.engine.training import Model\n"
    ),
    "tf_keras/optimizers/__init__.py": (
        "from tf_keras.optimizers import legacy\nfrom tf_keras.src.optimizers import get\n"
        "from tf_keras.src.optimizers.adam import Adam\n"
    ),
    "tf_keras/optimizers/legacy/__init__.py": "".join(
        f"class {name}: edition = 2010\n"
        for name in ("Adadelta", "Adagrad", "Adam", "Adamax", "Ftrl", "Nadam", "Optimizer", "RMSprop", "SGD")
    ),
    "tf_keras/losses/__init__.py": "def cosine_similarity(): pass\n",
    "tf_keras/metrics/__init__.py": "",
    "tf_keras/utils/__init__.py": (
        "from tf_keras.src.utils.np_utils import to_categorical\n_objects = {}\ndef get_custom_objects(): return _objects\n"
    ),
    "tf_keras/backend/__init__.py": "",
    "tf_keras/applications/__init__.py": "",
    "tf_keras/preprocessing/__init__.py": "",
    "tf_keras/api/__init__.py": "",
    "tf_keras/api/_v2/__init__.py": "",
    "tf_keras/api/_v2/keras/__init__.py": "raise RuntimeError('a second copy of the modules')\n",
    "tf_keras/src/__init__.py": "",
    "tf_keras/src/backend.py": "def set_session(session): return session\n",
    "tf_keras/src/engine/__init__.py": "",
    "tf_keras/src/engine/data_adapter.py": "def _check_positive(name, value):\n    return value\n",
    "tf_keras/src/engine/training.py": "class Model: pass\n",
    "tf_keras/src/engine/sequential.py": "from .training import Model\nclass Sequential(Model): pass\n",
    "tf_keras/src/layers/__init__.py": "",
    "tf_keras/src/layers/core/__init__.py": "from .dense import Dense\n",
    "tf_keras/src/layers/core/dense.py": "class Dense: pass\nclass LSTM: pass\nclass GRU: pass\n",
    "tf_keras/src/layers/core/dropout.py": "class Dropout: pass\n",
    "tf_keras/src/losses.py": "",
    "tf_keras/src/metrics/__init__.py": "",
    "tf_keras/src/optimizers/__init__.py": "def get(identifier, **kwargs): return identifier, kwargs\n",
    "tf_keras/src/optimizers/adam.py": "class Adam: edition = 2011\n",
    "tf_keras/src/utils/__init__.py": "",
    "tf_keras/src/utils/np_utils.py": "def to_categorical(y): return 'Keras 2'\n",
}


def plant(folder: Path, tensorflow: str = "2.19.1", tf_keras: str | None = "2.19.0") -> Path:
    """Writes the stand-ins below *folder*, for PYTHONPATH; None leaves tf_keras out (one that is installed stays)."""
    files = {"tensorflow/__init__.py": _TENSORFLOW.format(version=tensorflow), **_FILES}
    versions = {"tensorflow": tensorflow, "keras": "3.9.0", "tf_keras": tf_keras}
    for name, version in versions.items():
        if version is None:
            files = {path: text for path, text in files.items() if not path.startswith("tf_keras/")}
            continue
        text = f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: {version}\n"
        files[f"{name}-{version}.dist-info/METADATA"] = text
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder
