"""What the commands share: their settings, the error that is exit code 2, the missing extra, files written whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

#: Of every command.
SETTINGS: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

#: An argument or option that names a file.
FILE = click.Path(path_type=Path)

# What the extra "testing" brings that the package itself does not need.
_OF_TESTING = {"starlette", "uvicorn", "graphql", "jsonschema", "ruamel", "jinja2", "markupsafe", "h5py", "pytest"}


class Failure(click.ClickException):
    """The command could not do its work; the message is one sentence."""

    exit_code = 2


@contextmanager
def testing_extra(command: str) -> Iterator[None]:
    """Around imports: a missing library becomes the sentence that says how to get it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _OF_TESTING:
            raise
        missing = f"{command} needs {error.name}, which is not installed"
        raise Failure(f"{missing}: pip install 'wandb-keras-compat[testing]'") from None


class Output:
    """A file that is there whole or not at all: written beside its place, then moved there.

    Whether it can be written is found out at construction, before anything expensive is done for it.

    Raises:
        Failure: it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.is_dir():
            raise Failure(f"cannot write {path}: it is a folder")
        try:
            descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        except OSError as error:
            raise Failure(f"cannot write {path}: {error.strerror}") from None
        os.close(descriptor)
        self._part = Path(name)

    def write(self, text: str) -> None:
        """Puts *text* in place of whatever was there."""
        try:
            self._part.write_text(text, encoding="utf-8", newline="\n")
            self._part.chmod(_mode(self.path))
            self._part.replace(self.path)
        except OSError as error:
            raise Failure(f"cannot write {self.path}: {error.strerror}") from None

    def discard(self) -> None:
        """Leaves nothing behind of what was not written."""
        self._part.unlink(missing_ok=True)


@contextmanager
def output(path: Path) -> Iterator[Output]:
    """An :class:`Output` that is discarded at the end unless it was written."""
    made = Output(path)
    try:
        yield made
    finally:
        made.discard()


def _mode(path: Path) -> int:
    """The permissions that the file has, or that a new one would get."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
