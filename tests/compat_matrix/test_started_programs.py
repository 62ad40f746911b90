"""What a cell's interpreter is told to run is there: a module that was moved would be found missing in a cell only."""

from __future__ import annotations

import re
from importlib.util import find_spec

import pytest

from compat_matrix.axes import HERE

#: The modules that the matrix names for ``python -m``.
MODULES = sorted(
    {name for path in HERE.glob("*.py") for name in re.findall(r'"-m",\s*"([a-z_0-9.]+)"', path.read_text("utf-8"))}
)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_that_is_run_in_a_cell_is_there(module: str) -> None:
    assert find_spec(module) is not None


def test_drawn_plays_are_among_the_modules() -> None:
    assert "wandb_keras_compat.parity.state_machine" in MODULES
