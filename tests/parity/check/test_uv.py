"""What uv is asked with, and what is kept of its answer."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from wandb_keras_compat.parity.check import uv
from wandb_keras_compat.parity.check.problems import NoInterpreter, NoSpace, NoUv, UvFailed


class Uv:
    """In the place of the program: what it prints, and what it was asked."""

    def __init__(self) -> None:
        self.says, self.code, self.out = "", 0, ""
        self.asked: list[tuple[list[str], dict[str, Any]]] = []

    def __call__(self, command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        self.asked.append((command, options))
        return subprocess.CompletedProcess(command, self.code, self.out, self.says)


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Iterator[Uv]:
    made = Uv()
    monkeypatch.setattr(uv, "program", lambda: "/the/uv")
    monkeypatch.setattr(uv.subprocess, "run", made)
    uv.interpreter.cache_clear()
    yield made
    uv.interpreter.cache_clear()


def test_it_is_asked_without_a_shell_and_answers_what_it_prints(program: Uv, tmp_path: pathlib.Path) -> None:
    program.out, program.says = "numpy==2\n", "warning: beside"
    assert uv.run("lock it", "pip", "compile", "-", given="numpy", cwd=tmp_path) == "numpy==2\n"
    ((command, options),) = program.asked
    assert command == ["/the/uv", "pip", "compile", "-"]
    assert options == {
        "input": "numpy", "capture_output": True, "text": True, "env": uv.environment(), "cwd": tmp_path, "check": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("says", "error", "message"),
    [
        ("error: No solution found\n", uv.Refused, "error: No solution found"),
        ("your requirements are UNSATISFIABLE", uv.Refused, "your requirements are UNSATISFIABLE"),
        ("x has no usable wheels", uv.Refused, "x has no usable wheels"),
        ("No matching distribution for x", uv.Refused, "No matching distribution for x"),
        ("Failed to build x", uv.Refused, "Failed to build x"),
        (
            "Failed to build x: error sending request",
            UvFailed,
            "uv could not try it:\nFailed to build x: error sending",
        ),
        ("no solution found: DNS error", UvFailed, "uv could not try it:"),
        ("no solution found: failed to fetch", UvFailed, "uv could not try it:"),
        ("no solution found: Connection refused", UvFailed, "uv could not try it:"),
        ("no solution found: the request timed out", UvFailed, "uv could not try it:"),
        ("no solution found: No space left on device", NoSpace, r"the disk of uv \(try it\)"),
        ("something else", UvFailed, "uv could not try it:\nsomething else"),
    ],
)
def test_a_no_is_told_from_other_ends(program: Uv, says: str, error: type[Exception], message: str) -> None:
    program.says, program.code = says, 1
    with pytest.raises(error, match=message) as raised:
        uv.run("try it", "pip")
    assert type(raised.value) is error


def test_of_a_no_nothing_is_kept_that_depends_on_the_machine(program: Uv) -> None:
    home = os.path.expanduser("~")
    program.says, program.code = (
        (
            "Resolved 3 packages\n"
            "warning: a cache\n"
            "  x No solution found:   \n"
            "  ╰─▶ because a and b\n"
            '      File "/some/where.py", line 1\n'
            "      ~~~^^^\n"
            "      ^^^\n"
            "      exec(code)\n"
            f"  in {home}/cache\n"
            "  hint: resolved later\n\n"
        ),
        1,
    )
    with pytest.raises(uv.Refused) as raised:
        uv.run("try it", "pip")
    assert str(raised.value) == "x No solution found:\n  ╰─▶ because a and b\n  hint: resolved later"


def test_an_interpreter_is_found_once_and_never_one_of_a_project(program: Uv) -> None:
    program.out = "/usr/bin/python3.12\n"
    assert uv.interpreter("3.12") == uv.interpreter("3.12") == "/usr/bin/python3.12"
    ((command, _),) = program.asked
    assert command == ["/the/uv", "python", "find", "--no-project", "--system", "3.12"]


@pytest.mark.parametrize("says", ["no matching distribution", "something else"])
def test_where_there_is_none_the_version_is_named(program: Uv, says: str) -> None:
    program.says, program.code = says, 2
    with pytest.raises(NoInterpreter, match=r"no Python 3\.12 on this machine"):
        uv.interpreter("3.12")


def test_a_full_disk_is_no_missing_interpreter(program: Uv) -> None:
    program.says, program.code = "no space left on device", 2
    with pytest.raises(NoSpace):
        uv.interpreter("3.12")


# --- the program and its environment ---------------------------------------------------------------------------------


@pytest.fixture
def anew() -> Iterator[None]:
    """What is looked up once is looked up here."""
    for cached in (uv.program, uv.environment):
        cached.cache_clear()
    yield
    for cached in (uv.program, uv.environment):
        cached.cache_clear()


class Package:
    """In the place of the package of that name."""

    def __init__(self, found: str | None) -> None:
        self._found = found

    def find_uv_bin(self) -> str:
        if self._found is None:
            raise FileNotFoundError
        return self._found


@pytest.mark.parametrize(
    ("package", "on_path", "found"),
    [
        (Package("/package/uv"), "/path/uv", "/package/uv"),
        (Package(None), "/path/uv", "/path/uv"),
        (None, "/path/uv", "/path/uv"),
        (None, None, None),
    ],
)
def test_the_packages_own_program_comes_before_that_on_the_path(
    anew: None, monkeypatch: pytest.MonkeyPatch, package: Any, on_path: str | None, found: str | None
) -> None:
    monkeypatch.setitem(sys.modules, "uv", package)
    monkeypatch.setattr(uv.shutil, "which", lambda name: on_path if name == "uv" else None)
    if found is not None:
        assert uv.program() == found
        return
    with pytest.raises(NoUv):
        uv.program()


def test_its_environment_is_ours_without_an_active_one_and_with_the_interpreters_of_pyenv(
    anew: None, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    for version in ("3.12.1", "3.10.4"):
        (tmp_path / "versions" / version / "bin").mkdir(parents=True)
    own = {"PATH": "/bin", "PYENV_ROOT": str(tmp_path), "MINE": "1"}
    monkeypatch.setattr(os, "environ", own | dict.fromkeys(("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME"), "x"))
    assert dict(uv.environment()) == {
        "PATH": os.pathsep.join(
            ["/bin", *(str(tmp_path / "versions" / each / "bin") for each in ("3.10.4", "3.12.1"))]
        ),
        "PYENV_ROOT": str(tmp_path),
        "MINE": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        "NO_COLOR": "1",
    }


def test_pyenv_is_looked_for_at_home_where_nobody_says_where_it_is(
    anew: None, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    (tmp_path / ".pyenv" / "versions" / "3.12.1" / "bin").mkdir(parents=True)
    monkeypatch.setattr(os, "environ", {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path)})
    assert uv.environment()["PATH"] == f"{os.pathsep}{tmp_path / '.pyenv' / 'versions' / '3.12.1' / 'bin'}"
