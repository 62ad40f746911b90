"""What a cell's interpreter is told to run is there: a module that was moved would be found missing in a cell only."""

from __future__ import annotations

import json
import re
from importlib.util import find_spec

import pytest

from compat_matrix import play_in_cell
from compat_matrix.axes import HERE, Matrix

#: What came of the newer callbacks' uses.
RECORDED = HERE.parent / "tests" / "newer_callbacks" / "online" / "results.json"
#: The modules that the matrix names for ``python -m``.
MODULES = sorted(
    {name for path in HERE.glob("*.py") for name in re.findall(r'"-m",\s*"([a-z_0-9.]+)"', path.read_text("utf-8"))}
)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_that_is_run_in_a_cell_is_there(module: str) -> None:
    assert find_spec(module) is not None


def test_scenarios_uses_and_drawn_plays_are_among_the_modules() -> None:
    assert {f"wandb_keras_compat.parity.{name}" for name in ("play", "documented_uses", "state_machine")} <= set(
        MODULES
    )


def test_the_program_that_tells_the_versions_is_there() -> None:
    assert play_in_cell.CELL_INFO.is_file()


def test_programs_of_the_matrix_are_there(matrix: Matrix) -> None:
    for capability in matrix.capabilities:
        for name in capability.programs:
            assert play_in_cell.promised(HERE / "programs" / f"{name}.py")


def test_every_documented_use_is_found_in_the_source_and_belongs_to_a_capability(matrix: Matrix) -> None:
    names = play_in_cell.names_of_uses(play_in_cell.USES)
    recorded = RECORDED.read_text(encoding="utf-8")
    assert names and all(json.dumps(name) in recorded for name in names)
    prefixes = {capability.uses for capability in matrix.capabilities if capability.uses}
    assert {name.partition(":")[0] for name in names} == prefixes
