"""What the installed wandb does alone, as the run before found it in the same cell.

It depends on what is installed and on what is asked of it, and on no module that this package logs with. So where the
lock and the plays are what they were, a change of the package does not play it again.
"""

from __future__ import annotations

import hashlib
import platform
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from wandb_keras_compat.parity.check.capabilities import items_of
from wandb_keras_compat.parity.check.judge import NOT_RUN

from .axes import Matrix
from .code_snapshot import PACKAGE
from .results import Record, Result

#: What says what is asked, and what the answer is held to; below the package's ``parity``.
_PLAYS = (
    "documented_uses.py", "families.py", "frameworks", "goldens/scenarios", "hook_programs", "keras2/goldens",
    "keras2/play.py", "keras2/programs", "loaded_models.py", "models.py", "play.py", "programs.py", "recording.py",
    "scenarios.py", "seeds.py", "training.py", "used_model.py",
)  # fmt: skip


@cache
def digest_of_plays(which: str, parity: Path = PACKAGE / "parity") -> str:
    """Digest of what is played in a cell, ``all`` or the ``selection``: names, and what is run and compared."""
    found = hashlib.sha256("\n".join(items_of(every=which == "all")).encode())
    for path in sorted(path for name in _PLAYS for path in _files(parity / name)):
        found.update(b"\0" + path.relative_to(parity).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


def _files(place: Path) -> list[Path]:
    if not place.is_dir():
        return [place]
    return [path for path in place.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def here() -> str:
    """What a result calls the platform that it is of."""
    return f"{sys.platform} {platform.machine()}"


@dataclass(frozen=True)
class NativeRecords:
    """What the installed wandb does alone in a cell.

    Attributes:
        played: when the run began that played it.
    """

    records: tuple[Record, ...]
    played: str


def kept(matrix: Matrix, earlier: Result | None, lock: str, which: str) -> NativeRecords | None:
    """Those of *earlier*, where a run would play the same in the same environment; else None.

    Args:
        earlier: the result that the cell has.
        lock: digest of its lock.
        which: ``all`` or ``selection``.
    """
    if earlier is None or earlier.header["lock"] != lock:
        return None
    native = earlier.header.get("native")  # there is none where nothing was played
    if native is None or native["plays"] != digest_of_plays(which) or earlier.header["installed"]["platform"] != here():
        return None
    records = tuple(record for record in earlier.records if record["who"] == "native")
    played = {record["capability"] for record in records if record["state"] != NOT_RUN}
    if not played >= {item.name for item in matrix.applicable(earlier.cell)}:
        return None
    return NativeRecords(records, native["played"])
