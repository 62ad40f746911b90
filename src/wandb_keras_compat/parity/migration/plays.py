"""Plays programs in processes of their own, so many in each, and gives what each did."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ...testing.child_environment import inherited_environment

_ROOT = pathlib.Path(__file__).parents[3]
#: In one process: what they leave behind in it grows.
AT_ONCE = 40
_LONGEST = 1800  # seconds, for all of a process

Deeds = dict[str, Any]
"""What a program did: ``trace``, ``printed`` (lines), ``ended`` (the exception that ended it, or None), ``files`` (left
in its folder), ``sweeps`` (what each run of an agent reached)."""
_NOTHING: Deeds = {"trace": {"runs": [], "blind": []}, "printed": [], "ended": None, "files": {}, "sweeps": []}


@dataclass(frozen=True)
class Play:
    """A program to play: at *path*, and whether under the hook."""

    path: pathlib.Path
    hooked: bool


def play(
    wanted: Sequence[Play],
    folder: pathlib.Path,
    python: str = sys.executable,
    told: Callable[[str], None] = lambda _: None,
) -> dict[Play, Deeds]:
    """What each did; those that are started alike share processes."""
    found: dict[Play, Deeds] = {}
    for hooked in (True, False):
        alike = [each for each in dict.fromkeys(wanted) if each.hooked == hooked]
        for start in range(0, len(alike), AT_ONCE):
            found.update(_played(alike[start : start + AT_ONCE], folder, python, told))
    return found


def _played(
    plays: list[Play], folder: pathlib.Path, python: str, told: Callable[[str], None]
) -> Iterator[tuple[Play, Deeds]]:
    while plays:
        place = pathlib.Path(tempfile.mkdtemp(dir=folder))
        results = [place / f"{number}.json" for number in range(len(plays))]
        said = _start(plays, place, results, python, told)
        done = sum(result.exists() for result in results)
        for each, result in zip(plays[:done], results):
            yield each, json.loads(result.read_text(encoding="utf-8"))
        if done < len(plays):  # it ended the process: the others go on in another
            yield plays[done], {**_NOTHING, "ended": f"the process ended: {said}"}
        plays = plays[done + 1 :]


def _start(
    plays: Sequence[Play],
    place: pathlib.Path,
    results: Sequence[pathlib.Path],
    python: str,
    told: Callable[[str], None],
) -> str:
    manifest = place / "plays.json"
    manifest.write_text(
        json.dumps(
            [
                {"path": str(each.path), "folder": str(place / f"in-{number}"), "result": str(result)}
                for number, (each, result) in enumerate(zip(plays, results))
            ]
        ),
        encoding="utf-8",
    )
    hook = ["wandb_keras_compat", "run", "-m"] if plays[0].hooked else []
    environment = inherited_environment({"OMP_NUM_THREADS": "2"}, drop=["WANDB_", "PYTEST_"], path=[_ROOT])
    with (place / "said.txt").open("w+", encoding="utf-8") as said:
        with subprocess.Popen(
            [python, "-m", *hook, f"{__package__}.play", str(manifest)],
            env=environment, cwd=place,
            stdout=subprocess.PIPE, stderr=said, text=True,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            too_long = threading.Timer(_LONGEST, process.kill)
            too_long.start()
            for line in process.stdout:
                if line.startswith(str(place)):
                    number = int(pathlib.Path(line.split(": ")[0]).stem)
                    told(f"{plays[number].path}: {line.split(': ', 1)[1].strip()}")
            process.wait()
            too_long.cancel()
        said.seek(0)
        return f"{process.returncode} {said.read()[-2000:]}"
