"""The names of wandb's Keras modules where Keras computes without TensorFlow, which these begin by importing."""

from __future__ import annotations

import subprocess
import sys

import pytest

from wandb_keras_compat.hook import names
from wandb_keras_compat.testing.child_environment import inherited_environment

PROGRAM = """
import sys
{before}
from wandb_keras_compat import hook

def loaded():
    # wandb's LazyLoader for its attribute `keras` enters itself, on plain wandb too.
    return {{
        name for name, module in sys.modules.items()
        if name.startswith(("wandb.keras", "wandb.integration.keras")) and type(module).__name__ != "LazyLoader"
    }}

hook.install()
{imports}
assert all("WandbMetricsLogger" in dir(module) for module in modules), [dir(module) for module in modules]
assert "WandbCallback" in dir(modules[0])
assert sys.modules.get("tensorflow") is None and "keras" not in sys.modules, "a framework was imported"
hook.uninstall()
assert not loaded(), loaded()
import wandb.integration
assert not hasattr(wandb.integration, "keras")
{natively}
print("done")
"""
NATIVELY = """
try:
    import wandb.integration.keras
except ImportError:
    pass
else:
    raise AssertionError("wandb's own module can be imported again, and is not")
"""
ORDERS = {
    "the old name": "import wandb.keras; import wandb.integration.keras as p; modules = [wandb.keras, p]",
    "an attribute": "import wandb; modules = [wandb.keras]",
    "callbacks first": "import wandb.integration.keras.callbacks as c; import wandb.integration.keras as p; modules = [p, c]",
}
NO_TENSORFLOW = 'sys.modules["tensorflow"] = None'
BY_VARIABLE = 'import os; os.environ["KERAS_BACKEND"] = "jax"'
BY_FILE = """
import os, pathlib, tempfile
os.environ["KERAS_HOME"] = tempfile.mkdtemp()
pathlib.Path(os.environ["KERAS_HOME"], "keras.json").write_text('{"backend": "torch"}')
"""


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("before", [NO_TENSORFLOW, BY_VARIABLE, BY_FILE], ids=["not installed", "not used", "by file"])
def test_the_names_are_there_and_no_framework_is_imported(order: str, before: str) -> None:
    natively = NATIVELY if before == NO_TENSORFLOW else ""
    program = PROGRAM.format(before=before, imports=ORDERS[order], natively=natively)
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env=inherited_environment()
    )
    assert ended.stdout == "done\n" and ended.returncode == 0, ended.stderr


def test_wandbs_own_callbacks_are_left_to_wandb_where_tensorflow_is_used() -> None:
    program = "import types, sys\nsys.modules['tensorflow'] = types.ModuleType('tensorflow')\n"
    program += "from wandb_keras_compat.hook import finder\n"
    program += f"print(finder.Finder(None).find_spec({names.CALLBACKS_OF_WANDB!r}))"
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env=inherited_environment()
    )
    assert ended.stdout == "None\n", ended.stderr
