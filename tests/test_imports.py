"""What importing the package costs a program that only imports it, or only installs the hook."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from wandb_keras_compat.testing.child_environment import inherited_environment

SOURCE = Path(__file__).parents[1] / "src"
HEAVY = ("tensorflow", "keras", "tf_keras", "numpy", "wandb", "click", "rich")


@pytest.mark.parametrize(
    "statement",
    [
        "import wandb_keras_compat",
        "import wandb_keras_compat; wandb_keras_compat.install()",
        "import wandb_keras_compat; wandb_keras_compat.installed(); wandb_keras_compat.uninstall()",
        "import wandb_keras_compat; wandb_keras_compat.load_ipython_extension(None)",
        "import wandb_keras_compat; dir(wandb_keras_compat)",
    ],
)
def test_nothing_heavy_is_imported(statement: str) -> None:
    assert _loaded(statement) & set(HEAVY) == set()


def test_the_command_line_needs_click_and_no_more() -> None:
    assert _loaded("import wandb_keras_compat.cli") & set(HEAVY) == {"click"}
    assert _loaded("import wandb_keras_compat.commands.run") & set(HEAVY) == {"click"}


def test_importing_the_package_installs_nothing() -> None:
    code = "import sys; before = list(sys.meta_path); import wandb_keras_compat, wandb_keras_compat.hook\n"
    subprocess.run([sys.executable, "-c", code + "assert sys.meta_path == before"], env=_environment(), check=True)


def test_the_hook_is_standard_library_only() -> None:
    code = (
        "import sys; before = set(sys.modules); import wandb_keras_compat.hook, wandb_keras_compat.commands.program.notebook\n"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(*(new - set(sys.stdlib_module_names)))"
    )
    done = subprocess.run([sys.executable, "-c", code], env=_environment(), check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["wandb_keras_compat"]


def _loaded(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint('modules', *{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], env=_environment(), check=True, capture_output=True, text=True)
    return set(done.stdout.splitlines()[-1].split())


def _environment() -> dict[str, str]:
    return inherited_environment(path=[SOURCE])
