"""The same promises against the installed wandb and TensorFlow; few roads, because each costs seconds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.slow

Run = Callable[..., str]

ROADS = {
    "from module": "from wandb.keras import WandbCallback as got",
    "attribute": "import wandb\nwandb.keras.WandbMetricsLogger\ngot = wandb.keras.WandbCallback",
    "legacy module": "from wandb.integration.keras.keras import WandbCallback as got",
    "name of 2017": "from wandb.wandb_keras import WandbKerasCallback as got",
    "our own first": "import wandb_keras_compat\ngot = wandb_keras_compat.WandbCallback\nimport wandb.keras",
}


@pytest.mark.parametrize("road", ROADS)
def test_our_class_by_every_road(python: Run, road: str) -> None:
    python(f"""
import wandb_keras_compat as ours
ours.install()
{ROADS[road]}
assert got is ours.WandbCallback, got
import wandb.keras
for name in ["WandbMetricsLogger", "WandbModelCheckpoint", "WandbEvalCallback"]:
    from wandb.integration.keras import callbacks
    assert getattr(wandb.keras, name) is getattr(ours, name)
    assert issubclass(getattr(ours, name), getattr(callbacks, name))
""")


def test_install_and_uninstall_around_a_loaded_wandb(python: Run) -> None:
    python("""
import sys, wandb
import wandb.integration.keras as package
def namespaces():
    modules = {name: module for name, module in sys.modules.items() if name.startswith("wandb")}
    return {name: dict(vars(module)) for name, module in modules.items() if not name.startswith("wandb_keras_compat")}
before = namespaces()

import wandb_keras_compat as ours
ours.install()
import wandb.keras
from wandb.keras import WandbMetricsLogger, is_dataset, is_generator_like, patch_tf_keras
assert WandbMetricsLogger is ours.WandbMetricsLogger
import tensorflow as tf
assert is_dataset(tf.data.Dataset.range(3)) and not is_generator_like(tf.data.Dataset.range(3))
assert is_generator_like(iter(tf.data.Dataset.range(3)))
class Batches(tf.keras.utils.Sequence):
    def __len__(self): return 1
    def __getitem__(self, index): return index
assert is_generator_like(Batches()) and not is_dataset(Batches())
ours.uninstall()

after = namespaces()
for name in before:
    changed = [key for key in {*before[name], *after[name]} if before[name].get(key) is not after[name].get(key)]
    assert not changed, (name, changed)
""")


def test_fit_is_not_patched_while_the_hook_is_installed(python: Run) -> None:
    python("""
import tensorflow as tf
before = tf.keras.Model.fit
import wandb, wandb_keras_compat as ours
ours.install()
import wandb.keras
wandb.keras.WandbMetricsLogger
assert tf.keras.Model.fit is before
assert not wandb.patched["keras"]
""")


@pytest.mark.parametrize("mine", ["WandbMetricsLogger", "WandbBestModel"])
def test_our_classes_leave_fit_alone_and_wandbs_own_class_gets_its_patch(python: Run, mine: str) -> None:
    """Where the installed wandb has the class: asked for later by the program itself, it works as if we were not there."""
    python(f"""
import tensorflow as tf
before = tf.keras.Model.fit
import wandb, wandb_keras_compat as ours
ours.{mine}
from wandb_keras_compat.features import checkpoint
checkpoint.through_proxy("WandbModelCheckpoint", checkpoint.WandbProxy())
assert tf.keras.Model.fit is before
assert not wandb.patched["keras"]

import sys, wandb.integration.keras as package
legacy = sys.modules.get("wandb.integration.keras.keras")
if hasattr(package, "WandbCallback"):
    assert package.WandbCallback is wandb.keras.WandbCallback is legacy.WandbCallback
    assert wandb.patched["keras"]
    assert (tf.keras.Model.fit is before) == (tuple(map(int, tf.__version__.split(".")[:2])) >= (2, 13))
for module in (package, legacy):
    members = vars(module or package).items()
    assert not [key for key, value in members if str(getattr(value, "__module__", "")).startswith("wandb_keras_compat")]
""")


def test_a_training_with_the_hook_installed_after_wandb_patched_fit(python: Run) -> None:
    """wandb 0.27.0 and older replace ``Model.fit``; the wrapper goes on finding wandb's own class."""
    python("""
import numpy as np, tensorflow as tf, wandb
import wandb.integration.keras as package
own = getattr(package, "WandbCallback", None)
import wandb_keras_compat as ours
ours.install()
from wandb.keras import WandbCallback
x, y = np.ones((4, 2), "float32"), np.ones(4, "float32")
model = tf.keras.Sequential([tf.keras.Input((2,)), tf.keras.layers.Dense(1)])
model.compile("sgd", "mse")
wandb.init()
model.fit(x, y, validation_data=(x, y), callbacks=[WandbCallback(save_model=False)], verbose=0)
assert wandb.run.summary["epoch"] == 0
keras_2 = not hasattr(tf.keras, "version")
if own is not None and keras_2:
    wrapped = own(save_model=False)
    model.fit(x, y, validation_data=(x, y), callbacks=[wrapped], verbose=0)
    assert wrapped.validation_data is not None
""")
