"""Shared by the commands: click settings, the error with exit code 2, the missing-extra error, atomic output files."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click

from ..atomic_files import staged

#: Of every command. Help is written for 80 columns, however wide the terminal is.
SETTINGS: dict[str, Any] = {"help_option_names": ["-h", "--help"]}

#: An argument or option that names a file.
FILE = click.Path(path_type=Path)

# What the extra "testing" brings that the package itself does not need.
_OF_TESTING = {
    "starlette", "uvicorn", "graphql", "jsonschema", "ruamel", "jinja2", "markupsafe", "h5py", "pytest", "wandb",
    "numpy", "PIL", "google",
}  # fmt: skip


class Failure(click.ClickException):
    """The command could not do its work; the message is one sentence."""

    exit_code = 2


@contextmanager
def testing_extra(command: str) -> Iterator[None]:
    """Around imports of the extra ``testing``: where a library is missing, a :class:`Failure` says how to get it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _OF_TESTING:
            raise
        from .. import messages  # takes its time, and --help is to be quick

        raise Failure(messages.extra_is_missing(command, str(error.name), "testing")) from None


def fail_with_nearest(context: click.Context, name: str, commands: Iterable[str]) -> None:
    """Ends with a usage error that names the command that may be meant, where *name* is none and one is near.

    Not all versions of click do so themselves.
    """
    known = list(commands)
    near = difflib.get_close_matches(name, known, n=1)
    if near and name not in known:
        context.fail(f"No such command {name!r}. Did you mean {near[0]}?")


class Output:
    """A file to be written; it takes the place of what is at *path* when the ``with`` block of :func:`output` ends."""

    def __init__(self, path: Path, stage: Path) -> None:
        self.path = path
        self._written = stage / path.name

    def write(self, text: str) -> None:
        """Sets the content; the permissions of a file that is there already are kept."""
        try:
            self._written.write_text(text, encoding="utf-8", newline="\n")
            if self.path.exists():
                self._written.chmod(self.path.stat().st_mode & 0o777)
        except OSError as error:
            raise Failure(f"cannot write {self.path}: {error.strerror}") from None


@contextmanager
def output(path: Path) -> Iterator[Output]:
    """The file *path*, to be written whole or not at all.

    Whether it can be written is found out at the beginning, before anything expensive is done for it.

    Raises:
        Failure: it cannot be written.
    """
    if path.is_dir():
        raise Failure(f"cannot write {path}: it is a folder")
    with ExitStack() as stack:
        with _failure_for(path):
            stage = stack.enter_context(staged(str(path.parent)))
        yield Output(path, Path(stage))
        with _failure_for(path):
            stack.close()


@contextmanager
def _failure_for(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Failure(f"cannot write {path}: {error.strerror}") from None
