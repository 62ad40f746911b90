"""The frame of the command line: overview, version, help, and commands found by name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import wandb_keras_compat
from wandb_keras_compat.cli import main
from wandb_keras_compat.testing.child_environment import inherited_environment

SOURCE = Path(__file__).parents[2] / "src"


def test_the_overview_names_every_command_and_the_exit_codes() -> None:
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    for word in ("run", "demo", "Exit codes", "%load_ext wandb_keras_compat"):
        assert word in result.output


def test_help_of_run_states_its_exit_codes() -> None:
    result = CliRunner().invoke(main, ["run", "--help"])
    assert result.exit_code == 0
    for word in ("Exit codes", "-m", "spawn", "PROGRAM [ARGS]..."):
        assert word in result.output


def test_version() -> None:
    result = CliRunner().invoke(main, ["--version"])
    assert (result.exit_code, wandb_keras_compat.__version__ in result.output) == (0, True)


@pytest.mark.parametrize("arguments", [["run"], ["run", "-m"], ["nothing"], ["run", "--nothing"]])
def test_a_wrong_command_line_exits_with_2(arguments: list[str]) -> None:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert "Usage" in result.output


def test_asking_for_help_imports_neither_tensorflow_nor_wandb() -> None:
    code = (
        "import sys; sys.argv = ['x', '--help']\n"
        "from wandb_keras_compat.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    print('loaded', *sys.modules)"
    )
    environment = inherited_environment(path=[SOURCE])
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    loaded = done.stdout.splitlines()[-1].split()
    assert loaded[0] == "loaded"
    assert {"tensorflow", "wandb", "numpy", "multiprocessing.spawn"}.isdisjoint(loaded)
