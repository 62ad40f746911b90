"""The frame of the command line: overview, version, help, and commands found by name."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import wandb_keras_compat
from wandb_keras_compat.cli import main
from wandb_keras_compat.testing.child_environment import inherited_environment

SOURCE = Path(__file__).parents[2] / "src"


def every_command(command: click.Command = main, *words: str) -> Iterator[tuple[str, ...]]:
    """The words of each command and group, from the group of all on."""
    yield words
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            below = command.get_command(click.Context(command), name)
            assert below is not None
            yield from every_command(below, *words, name)


def test_every_command_is_found() -> None:
    assert {(), ("run",), ("migrate",), ("trace", "diff"), ("doctor",)} <= set(every_command())
    assert len(set(every_command())) == 11


@pytest.mark.parametrize("words", list(every_command()), ids=" ".join)
def test_help_is_within_80_columns_and_states_the_exit_codes(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in a wide terminal: what is read there is pasted into narrower places."""
    if words == ("migrate",):
        pytest.importorskip("libcst", reason="without the extra codemods the command says so instead")
    monkeypatch.setenv("COLUMNS", "200")
    result = CliRunner().invoke(main, [*words, "--help"], prog_name="wandb-keras-compat")
    assert result.exit_code == 0
    assert [line for line in result.output.splitlines() if len(line) > 80] == []
    assert "Exit code" in result.output


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        (["migrat", "x"], "migrate"),
        (["doctr"], "doctor"),
        (["trace", "recrod"], "record"),
        (["trace", "dif"], "diff"),
        (["demo", "--epoch", "3"], "--epochs"),
    ],
)
def test_the_nearest_name_is_said(arguments: list[str], near: str) -> None:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert result.output.splitlines()[-1].startswith("Error: No such ")
    assert near in result.output.splitlines()[-1]


@pytest.mark.parametrize("arguments", [["xyz"], ["trace", "xyz"]])
def test_where_no_name_is_near_none_is_said(arguments: list[str]) -> None:
    result = CliRunner().invoke(main, arguments)
    assert (result.exit_code, result.output.splitlines()[-1]) == (2, "Error: No such command 'xyz'.")


@pytest.mark.parametrize(
    ("words", "expected"),
    [("mig", ["migrate"]), ("trace re", ["record"]), ("doctor --", ["--json", "--devices", "--help"]), ("x", [])],
)
def test_the_shell_completes(words: str, expected: list[str]) -> None:
    """As its script asks, which the overview and the README tell how to load."""
    asked = {
        "_WANDB_KERAS_COMPAT_COMPLETE": "bash_complete",
        "COMP_WORDS": f"wandb-keras-compat {words}",
        "COMP_CWORD": str(len(words.split())),
    }
    result = CliRunner().invoke(main, [], prog_name="wandb-keras-compat", env=asked)
    assert [line.partition(",")[2] for line in result.output.splitlines() if line] == expected
    assert "_WANDB_KERAS_COMPAT_COMPLETE=bash_source" in CliRunner().invoke(main, ["--help"]).output
    assert "_WANDB_KERAS_COMPAT_COMPLETE=bash_source" in (SOURCE.parent / "README.md").read_text(encoding="utf-8")


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
