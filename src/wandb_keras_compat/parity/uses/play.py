"""Plays the programs of rows, and records them with the real class.

    python -m wandb_keras_compat.parity.uses.play [--check] legacy|shim FOLDER [NUMBER...]

``legacy`` starts them with plain python, where the installed wandb has the class; ``shim`` as each row says.
``FOLDER/NUMBER.json`` is the trace, ``FOLDER/NUMBER.ended.txt`` the last line of the traceback where the program ended
in one. Goldens are those of ``legacy`` in the oracle environment, in ``src/wandb_keras_compat/parity/goldens/uses``;
``--check`` demands that FOLDER has what was played.
"""

from __future__ import annotations

import pathlib
import sys
import tempfile
from collections.abc import Iterable

from .. import play_scripts
from ..record_goldens import differences
from . import compose, cover

GOLDENS = pathlib.Path(__file__).parents[1] / "goldens" / "uses"


def write(folder: pathlib.Path, started: str, number: int) -> pathlib.Path:
    """Writes the program of a row, for that way of starting it."""
    return play_scripts.write(folder / f"{number:03}", started, compose.cells(number, cover.rows()[number]))


def play(which: str, folder: pathlib.Path, numbers: Iterable[int]) -> None:
    """Plays rows, all that are started alike in one process."""
    rows = cover.rows()
    alike: dict[str, list[pathlib.Path]] = {}
    with tempfile.TemporaryDirectory() as place:
        for number in numbers:
            started = "python" if which == "legacy" else rows[number]["start"]
            alike.setdefault(started, []).append(write(pathlib.Path(place), started, number))
        folder.mkdir(parents=True, exist_ok=True)
        for started, paths in alike.items():
            play_scripts.start(started, folder, paths, first="wandb.keras" if which == "legacy" else "")
    for path in folder.glob("*.ended.txt"):
        path.write_text(path.read_text(encoding="utf-8").strip().splitlines()[-1] + "\n", encoding="utf-8")


def main(*arguments: str) -> int:
    which, folder, *numbers = (argument for argument in arguments if argument != "--check")
    wanted = [int(number) for number in numbers] or range(len(cover.rows()))
    if "--check" not in arguments:
        play(which, pathlib.Path(folder), wanted)
        return 0
    with tempfile.TemporaryDirectory() as fresh:
        play(which, pathlib.Path(fresh), wanted)
        found = sorted(pathlib.Path(fresh).iterdir())
        wrong = [line for path in found for line in differences(path, pathlib.Path(folder, path.name))]
    print("\n".join(wrong) or f"{len(wanted)} programs log what was recorded")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
