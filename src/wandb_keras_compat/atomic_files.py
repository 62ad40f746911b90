"""Atomic writes: a file, or a group of files, appears complete or not at all; a failed write leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def written_whole(path: str) -> Iterator[str]:
    """A path to write to instead of *path*: a file, a folder, or a prefix of several files.

    At the end of the ``with`` block what was written is moved to where it belongs, over what was there before; until
    then *path* can be read, and after an exception what was written is removed and *path* is as it was. The folder of
    *path* is made, and removed again if nothing came of it.

    Where the user may change the files in the folder but add none, what was written is copied over them at the end.
    Only for a path in the cloud, which has no folders, is *path* itself what is written to.
    """
    folder, name = os.path.split(path.rstrip("/" + os.sep))
    if "://" in folder:
        yield path
    elif os.path.isdir(folder or os.curdir) and not os.access(folder or os.curdir, os.W_OK):
        with tempfile.TemporaryDirectory() as stage:
            yield os.path.join(stage, name)
            _move_content(stage, folder, copied=True)
    else:
        with _made(folder), staged(folder) as stage:
            yield os.path.join(stage, name)


@contextmanager
def staged(folder: str) -> Iterator[str]:
    """An empty folder; its content is moved to *folder* at the end of the ``with`` block, or deleted after an error."""
    # Inside *folder*: on the same disk, so that moving is a rename.
    with tempfile.TemporaryDirectory(prefix=".partial-", dir=folder or os.curdir) as stage:
        yield stage
        _move_content(stage, folder)


def _move_content(source: str, target: str, *, copied: bool = False) -> None:
    """Moves every file below *source* to the same place below *target*; *copied* writes over the file that is there."""
    for name in sorted(os.listdir(source)):
        one, other = os.path.join(source, name), os.path.join(target, name)
        if os.path.isdir(one):
            os.makedirs(other, exist_ok=True)
            _move_content(one, other, copied=copied)
        elif copied or os.path.islink(other):  # through a link, to where the user wants it
            shutil.copyfile(one, other)
        else:
            os.replace(one, other)


@contextmanager
def _made(folder: str) -> Iterator[None]:
    """Makes *folder*, and removes what it made if the ``with`` block fails."""
    missing = []
    above = os.path.abspath(folder)
    while not os.path.exists(above):
        missing.append(above)
        above = os.path.dirname(above)
    os.makedirs(folder or os.curdir, exist_ok=True)
    try:
        yield
    except BaseException:
        for empty in missing:
            if not os.listdir(empty):
                os.rmdir(empty)
        raise
