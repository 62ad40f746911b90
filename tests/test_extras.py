"""What each extra brings, and the sentence that names it where something is missing."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from wandb_keras_compat.testing.child_environment import inherited_environment

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # comes with pytest there

ROOT = Path(__file__).parents[1]
MACHINE = "wandb_keras_compat.parity.state_machine"


def of_the_extra(name: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {Requirement(text).name for text in project["optional-dependencies"][name]}


@pytest.mark.parametrize("library", ["hypothesis", "jsonschema", "ruamel.yaml"])
def test_without_the_extra_parity_the_error_says_what_to_do(library: str) -> None:
    assert library in of_the_extra("parity")
    code = f"import sys; sys.modules[{library!r}] = None; import {MACHINE}.drawing"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=inherited_environment(path=[ROOT / "src"]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"ModuleNotFoundError: {MACHINE} needs {library}, which is not installed: "
        "pip install 'wandb-keras-compat[parity]'"
    )


def test_hypothesis_is_imported_in_one_place() -> None:
    """Which says what is missing; elsewhere the error would name a library and no extra."""
    importing = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            if any(module.partition(".")[0] == "hypothesis" for module in modules):
                importing.add(path.relative_to(ROOT / "src").as_posix())
    assert importing == {f"{MACHINE.replace('.', '/')}/drawing.py"}


def test_the_matrix_brings_to_its_cells_what_the_extra_has() -> None:
    matrix = tomllib.loads((ROOT / "compat_matrix" / "matrix.toml").read_text(encoding="utf-8"))
    assert set(matrix["drawn"]["requirements"]) == of_the_extra("parity")
