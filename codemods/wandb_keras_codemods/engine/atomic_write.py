"""Atomic writes: a file has at every moment either its old or its new content."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile

from ..records import SourceError


def replace(path: str, old: bytes, new: bytes) -> None:
    """Put ``new`` in place of ``old``, keeping mode bits and owner.

    The new bytes go to a temporary file in the same directory, which is then renamed over the old one.

    Raises:
        SourceError: the file is read-only, a link, no longer holds ``old``, or cannot be written.
    """
    temporary: str | None = None
    try:
        status = os.lstat(path)
        if not stat.S_ISREG(status.st_mode):
            raise SourceError("is not a regular file (any more); not written")
        if not status.st_mode & 0o222 or not os.access(path, os.W_OK):
            raise SourceError("is read-only; not written")
        directory, name = os.path.split(os.path.abspath(path))
        descriptor, temporary = tempfile.mkstemp(dir=directory, prefix=f".{name}.", suffix=".tmp")
        with os.fdopen(descriptor, "wb") as file:
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, stat.S_IMODE(status.st_mode))
        if hasattr(os, "chown"):
            with contextlib.suppress(PermissionError):
                os.chown(temporary, status.st_uid, status.st_gid)
                os.chmod(temporary, stat.S_IMODE(status.st_mode))
        with open(path, "rb") as file:
            if file.read() != old:
                raise SourceError("changed while it was being migrated; not written")
        os.replace(temporary, path)
        temporary = None
    except OSError as error:
        raise SourceError(f"cannot be written: {error.strerror or error}") from None
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def replace_or_create(path: str, data: bytes) -> None:
    """Write a file (the report) atomically, whether it exists or not."""
    directory, name = os.path.split(os.path.abspath(path))
    descriptor, temporary = tempfile.mkstemp(dir=directory, prefix=f".{name}.", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
