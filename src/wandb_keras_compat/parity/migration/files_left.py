"""The files that a program leaves in its folder, by content: of models the weights."""

from __future__ import annotations

import pathlib
from typing import Any

from ...testing.trace import file_rules
from ...testing.trace.intermediate import Folder

#: Of the SDK and of Python.
_NOT_THE_PROGRAMS = ("wandb", "__pycache__")
_RULES: tuple[Any, ...] = (
    file_rules.saved_models, file_rules.checkpoints, file_rules.models, file_rules.other_files
)  # fmt: skip


def files_left(folder: pathlib.Path) -> dict[str, Any]:
    """Path to content, in the form of a trace."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    contents = {path.relative_to(folder).as_posix(): path for path in paths}
    left = Folder(
        {name: path.read_bytes() for name, path in contents.items() if name.split("/")[0] not in _NOT_THE_PROGRAMS}
    )
    for rule in _RULES:
        rule(left, None, None)
    return left.contents
