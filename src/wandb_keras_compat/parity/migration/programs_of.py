"""Every program that is migrated, by where it comes from."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Iterator

from . import documented
from .program import Program

_HERE = pathlib.Path(__file__).parent


def _of_the_catalogue() -> Iterator[Program]:
    yield from _files(_HERE / "programs", "catalogue")


def _whole() -> Iterator[Program]:
    yield from _files(_HERE / "whole", "whole")


def _files(folder: pathlib.Path, group: str) -> Iterator[Program]:
    for path in sorted([*folder.glob("*.py"), *folder.glob("*.ipynb")]):
        others = sorted(folder.glob(f"{path.stem}.*.yaml"))
        beside = [(other.name, other.read_text(encoding="utf-8")) for other in others]
        text = path.read_text(encoding="utf-8")
        yield Program(group, path.stem, text, path.suffix == ".ipynb", tuple(beside))


def _documented() -> Iterator[Program]:
    for name, text in documented.scripts():
        yield Program("documented", name, text)


def _of_scenarios() -> Iterator[Program]:
    """The scenarios of this suite, written as scripts; two of them need processes of their own."""
    from .. import scripts
    from ..scenarios import SCENARIOS

    for name, scenario in SCENARIOS.items():
        if not scenario.not_written:
            yield Program("scenarios", name, scripts.script(name, scenario))


def _of_uses() -> Iterator[Program]:
    """The programs that cross all forms of use."""
    from ..uses import compose, cover

    for number, row in enumerate(cover.rows()):
        yield Program("uses", f"{number:03}", "\n\n".join(compose.cells(number, row)) + "\n")


def _drawn() -> Iterator[Program]:
    from .drawn import NUMBER, drawn

    for number, text in enumerate(drawn(NUMBER)):
        yield Program("drawn", f"{number:03}", text)


GROUPS: dict[str, Callable[[], Iterator[Program]]] = {
    "catalogue": _of_the_catalogue,
    "documented": _documented,
    "whole": _whole,
    "drawn": _drawn,
    "uses": _of_uses,
    "scenarios": _of_scenarios,
}


def programs(*wanted: str) -> list[Program]:
    """Those wanted, by group or by ``group/name``, of which a star stands for any text; all where none is named."""
    patterns = [pattern if "/" in pattern else f"{pattern}/*" for pattern in wanted] or ["*"]
    groups = {name: make for name, make in GROUPS.items() if any(_may_match(pattern, name) for pattern in patterns)}
    found = [program for make in groups.values() for program in make()]
    return [program for program in found if any(pathlib.PurePath(str(program)).match(p) for p in patterns)]


def _may_match(pattern: str, group: str) -> bool:
    return pathlib.PurePath(group).match(pattern.partition("/")[0])
