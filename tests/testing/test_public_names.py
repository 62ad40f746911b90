"""The names that ``wandb_keras_compat.testing`` offers, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from wandb_keras_compat import testing
from wandb_keras_compat.testing.child_environment import inherited_environment

SOURCE = Path(__file__).parents[2] / "src"


@pytest.mark.parametrize("name", testing.__all__)
def test_every_name_is_there(name: str) -> None:
    assert getattr(testing, name).__name__ == name
    assert name in dir(testing)


def test_another_name_is_not() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        testing.no_such_name  # noqa: B018


def test_importing_it_imports_neither_wandb_nor_the_extra() -> None:
    code = "import sys, wandb_keras_compat.testing; print(*sys.modules)"
    environment = inherited_environment(path=[SOURCE])
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert {"wandb", "starlette", "jsonschema", "numpy", "tensorflow"}.isdisjoint(done.stdout.split())
