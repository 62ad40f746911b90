"""What this package asks of wandb's own modules is there in every wandb; ``WANDB_KERAS_COMPAT_SDKS`` lists interpreters."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.sdks import INTERPRETERS
from wandb_keras_compat.testing.child_environment import inherited_environment

SOURCE = Path(__file__).parents[2] / "src"

#: Imports each module that stands on wandb; a Keras need not be there.
IMPORTS = """
import importlib, pkgutil
from wandb_keras_compat import sdk
lacks = {}
for module in pkgutil.walk_packages(sdk.__path__, sdk.__name__ + "."):
    try:
        importlib.import_module(module.name)
    except ImportError as error:
        if (error.name or "").partition(".")[0] == "wandb" or "Keras" not in str(error):
            lacks[module.name] = str(error)
print(lacks)
"""


@pytest.mark.slow
@pytest.mark.parametrize("python", INTERPRETERS)
def test_what_is_imported_of_wandb_is_there(python: str, tmp_path: Path) -> None:
    own = inherited_environment({"HOME": str(tmp_path)}, drop=["WANDB_"], path=[SOURCE])
    done = subprocess.run([python, "-c", IMPORTS], env=own, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, "{}"), done.stderr
