"""uv: asked for locks, interpreters and environments. It never downloads an interpreter."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ...testing.child_environment import without
from .cells import Cell
from .problems import NoInterpreter, NoSpace, NoUv, UvFailed, mentions_full_disk

#: How uv says that the answer is no, and not that it could not ask.
_NO = (
    "no solution found",
    "requirements are unsatisfiable",
    "failed to build",
    "has no usable wheels",
    "no matching distribution",
)
_COULD_NOT_ASK = ("error sending request", "dns error", "failed to fetch", "connection", "timed out")


class Refused(Exception):
    """The versions do not go together; the message is the resolver's proof."""


# Cells are run by threads: of two that ask first, Python 3.11 would give one half of the variables.
sysconfig.get_config_vars()


@cache
def program() -> str:
    """Raises:
    NoUv: there is none.
    """
    try:
        import uv

        return str(uv.find_uv_bin())
    except (ImportError, FileNotFoundError):
        found = shutil.which("uv")
        if found is None:
            raise NoUv from None
        return found


@cache
def environment() -> Mapping[str, str]:
    """Ours, with the interpreters that only pyenv knows on PATH, and without an active environment."""
    own = without(os.environ, "VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME")
    places = [own.get("PATH", "")]
    root = own.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    places += map(str, sorted(Path(root).glob("versions/*/bin")))
    return {**own, "PATH": os.pathsep.join(places), "UV_PYTHON_DOWNLOADS": "never", "NO_COLOR": "1"}


def run(what: str, *arguments: str, given: str | None = None, cwd: Path | None = None) -> str:
    """What uv prints.

    Args:
        what: to do, in words, for the message of an error.
        given: on standard input.

    Raises:
        Refused, NoSpace, UvFailed
    """
    done = subprocess.run(
        [program(), *arguments], input=given, capture_output=True, text=True, env=environment(), cwd=cwd, check=False
    )
    if done.returncode == 0:
        return done.stdout
    printed = done.stderr
    lowered = printed.lower()
    if mentions_full_disk(printed):
        raise NoSpace(f"uv ({what})")
    if any(phrase in lowered for phrase in _NO) and not any(phrase in lowered for phrase in _COULD_NOT_ASK):
        raise Refused(_without_machine_details(printed))
    raise UvFailed(what, printed)


def indexes(cell: Cell) -> list[str]:
    """Where else packages of *cell* are looked for: PyTorch's builds for the CPU, which the index of Python has not.

    Where the environment says where wheels are, to uv (``UV_FIND_LINKS``) or to pip (``PIP_FIND_LINKS``), that is all:
    such a machine may well reach nothing else.
    """
    if cell.backend != "torch" or "UV_FIND_LINKS" in os.environ:
        return []
    if told := os.environ.get("PIP_FIND_LINKS", "").split():
        return [f"--find-links={place}" for place in told]
    return ["--extra-index-url", "https://download.pytorch.org/whl/cpu", "--index-strategy", "unsafe-best-match"]


@cache
def interpreter(python: str) -> str:
    """The path of an interpreter of that minor version.

    Raises:
        NoInterpreter: this machine has none.
    """
    try:
        return run(f"find Python {python}", "python", "find", "--no-project", "--system", python).strip()
    except (Refused, UvFailed):
        raise NoInterpreter(python) from None


def _without_machine_details(printed: str) -> str:
    """The proof without what depends on the machine: warnings, and the frames of a build that failed."""
    beside = ("warning:", "resolved ", 'file "', "~", "^", "exec(")
    lines = [line.rstrip() for line in printed.splitlines() if not line.lstrip().lower().startswith(beside)]
    return "\n".join(line for line in lines if _HERE not in line).strip()


_HERE = os.path.expanduser("~")
