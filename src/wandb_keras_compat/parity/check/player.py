"""The process in which ``check`` plays scenarios: says what is installed, then plays one after the other.

    python -m wandb_keras_compat.parity.check.player shim|legacy FOLDER NAME...

``FOLDER/environment.json`` is what :class:`Environment` holds, and ``FOLDER/NAME.json`` a trace, as
:mod:`..play` writes them.
"""

from __future__ import annotations

import json
import pathlib
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from importlib import import_module
from types import ModuleType

from ...atomic_files import written_whole

FILE = "environment.json"


@dataclass(frozen=True)
class Environment:
    """What a process found before it played anything.

    Attributes:
        cannot_import: the module that cannot be imported; empty if all can.
        error: the traceback of that import.
        versions: as in a trace's ``made_with``.
        backend: what Keras computes with.
        legacy_class: empty where the installed wandb has the class, else why it cannot be imported.
    """

    cannot_import: str = ""
    error: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    backend: str = "tensorflow"
    legacy_class: str = ""

    @property
    def may_play(self) -> bool:
        return not self.cannot_import and self.backend == "tensorflow"

    @classmethod
    def read(cls, folder: pathlib.Path) -> Environment | None:
        """What a process left in *folder*; None where it ended before."""
        try:
            return cls(**json.loads((folder / FILE).read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None


def found(which: str) -> Environment:
    """What is installed here, for the class *which*."""
    asked: list[tuple[str, Callable[[ModuleType], str]]] = [
        ("wandb", str),
        ("tensorflow", str),
        ("tensorflow.keras", _backend_of),
    ]
    backend = ""
    for module, ask in asked:
        try:
            backend = ask(import_module(module.partition(".")[0]))
        except BaseException:
            return Environment(module, traceback.format_exc())
    from .. import recording

    legacy_class = ""
    if which == "legacy":
        try:
            import_module("wandb.integration.keras.keras").WandbCallback  # noqa: B018
        except Exception:
            legacy_class = traceback.format_exc()
    return Environment(versions=recording.made_with(), backend=backend, legacy_class=legacy_class)


def _backend_of(tensorflow: ModuleType) -> str:
    return str(tensorflow.keras.backend.backend())


def main(which: str, folder: str, *names: str) -> int:
    place = pathlib.Path(folder)
    environment = found(which)
    with written_whole(str(place / FILE)) as partial:
        pathlib.Path(partial).write_text(json.dumps(asdict(environment)), encoding="utf-8")
    if not environment.may_play or environment.legacy_class:
        return 0
    print("ready", flush=True)
    from .. import play

    play.main(which, folder, *names)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
