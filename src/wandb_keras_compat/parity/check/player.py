"""The process in which ``check`` plays scenarios and uses: says what is installed, then plays one after the other.

    python -m wandb_keras_compat.parity.check.player shim|legacy FOLDER NAME... [--afterwards PLACE MODULE WORD...]

``FOLDER/environment.json`` is what :class:`Environment` holds, ``FOLDER/NAME.json`` a trace, as :mod:`..play` writes
them, and ``FOLDER/use-NN.json`` what came of a use of a newer callback, see :mod:`.uses`. Afterwards it is another
program, with what is imported by then: ``main`` of MODULE's ``__main__``, for which modules are found in PLACE, too.
"""

from __future__ import annotations

import json
import pathlib
import sys
import traceback
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib import import_module, metadata

from ... import versions
from ...atomic_files import written_whole
from ...backends.families import chosen_framework
from . import uses

FILE = "environment.json"
AFTERWARDS = "--afterwards"
#: As :data:`..frameworks.NAMES`, which cannot be imported before it is known that Keras can.
FRAMEWORKS = ("tensorflow", "jax", "torch")


@dataclass(frozen=True)
class Environment:
    """What a process found before it played anything.

    Attributes:
        cannot_import: the module that cannot be imported; empty if all can.
        error: the traceback of that import.
        versions: as in a trace's ``made_with``.
        distributions: everything that is installed, name to version.
        backend: what Keras computes with.
        not_played: of the scenarios and uses asked for, those that there are not with that, and why.
        legacy_class: empty where the installed wandb has the class, else why it cannot be imported.
    """

    cannot_import: str = ""
    error: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    distributions: dict[str, str] = field(default_factory=dict)
    backend: str = "tensorflow"
    legacy_class: str = ""
    not_played: dict[str, str] = field(default_factory=dict)

    @property
    def may_play(self) -> bool:
        return not self.cannot_import and self.backend in FRAMEWORKS

    @classmethod
    def read(cls, folder: pathlib.Path) -> Environment | None:
        """What a process left in *folder*; None where it ended before."""
        try:
            return cls(**json.loads((folder / FILE).read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None


def found(which: str, names: Sequence[str] = ()) -> Environment:
    """What is installed here, for the class *which* and the scenarios *names*."""
    backend = chosen_framework()
    if backend not in FRAMEWORKS:
        return Environment(versions=_installed(), distributions=_distributions(), backend=backend)
    keras = "tensorflow.keras" if backend == "tensorflow" else "keras"
    for module in ("wandb", backend, keras):
        try:
            imported = import_module(module.partition(".")[0])
            if module == keras:  # tensorflow.keras is found when it is asked for something
                (imported if module == "keras" else imported.keras).backend.backend()
        except BaseException:
            return Environment(module, traceback.format_exc(), distributions=_distributions(), backend=backend)
    from .. import recording
    from ..frameworks import framework

    legacy_class = ""
    if which == "legacy":
        try:
            import_module("wandb.integration.keras.keras").WandbCallback  # noqa: B018
        except Exception:
            legacy_class = traceback.format_exc()
    missing = dict(framework.NOT_PLAYED)
    if backend != "tensorflow" and any(name in uses.names() for name in names):
        from ..documented_uses import OF_TENSORFLOW

        missing |= OF_TENSORFLOW
    not_played = {name: why for name, why in missing.items() if name in names}
    return Environment(
        versions=recording.made_with(),
        distributions=_distributions(),
        backend=backend,
        legacy_class=legacy_class,
        not_played=not_played,
    )


def _installed() -> dict[str, str]:
    asked = {name: versions.installed(name) for name in ("python", "keras", "wandb")}
    return {name: str(version) for name, version in asked.items() if version is not None}


def _distributions() -> dict[str, str]:
    return {str(each.metadata["Name"]): each.version for each in metadata.distributions()}


def main(which: str, folder: str, *given: str) -> int:
    place = pathlib.Path(folder)
    at = given.index(AFTERWARDS) if AFTERWARDS in given else len(given)
    names, afterwards = given[:at], given[at + 1 :]
    environment = found(which, names)
    with written_whole(str(place / FILE)) as partial:
        pathlib.Path(partial).write_text(json.dumps(asdict(environment)), encoding="utf-8")
    if not environment.may_play:
        return 0
    print("ready", flush=True)
    played = [name for name in names if name not in environment.not_played]
    of_newer = [name for name in played if name in uses.names()]
    scenarios = [name for name in played if name not in of_newer]
    if scenarios and not environment.legacy_class:
        from .. import play

        play.main(which, folder, *scenarios)
    if of_newer:
        _play_uses(which, place, of_newer)
    if afterwards:
        also_from, module, *words = afterwards
        sys.path.append(also_from)  # last, so that nothing that is installed here is hidden
        import_module(f"{module}.__main__").main(words)
    return 0


def _play_uses(which: str, folder: pathlib.Path, names: Sequence[str]) -> None:
    from .. import documented_uses

    programs = pathlib.Path.cwd() / "uses"
    for name, result in documented_uses.played("native" if which == "legacy" else "ours", programs, names):
        with written_whole(str(folder / uses.file_of(name))) as partial:
            pathlib.Path(partial).write_text(json.dumps({"use": name, "result": result}), encoding="utf-8")
        print(f"{name}: played", flush=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
