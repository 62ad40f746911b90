"""Result files: one for each cell, JSON lines, a header first and a footer last.

A file without a footer is no result: whatever wrote it was cut off. Files are written beside their place and moved
there when they are whole, so that an interrupted run leaves the earlier result as it was.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from wandb_keras_compat.atomic_files import staged
from wandb_keras_compat.parity.check.cells import Cell
from wandb_keras_compat.parity.check.problems import NoSpace, means_full_disk

from .axes import HERE

if TYPE_CHECKING:
    from typing_extensions import Self

#: Outcomes, as the footers have them.
RAN, REFUSED, DOES_NOT_START, TIME_IS_UP = "ran", "cannot be installed", "does not start", "time is up"

Record = dict[str, Any]
RESULTS = HERE / "results"
SCHEMA = 1


class BadResult(ValueError):
    """A file that is no result; the message says which and why."""


@dataclass(frozen=True)
class Result:
    """What came of a cell.

    Attributes:
        header: the cell, the exact versions, the code.
        records: one for each capability, ours and native.
        footer: the ``outcome``: :data:`RAN`, :data:`REFUSED`, :data:`DOES_NOT_START` or :data:`TIME_IS_UP`.
    """

    header: dict[str, Any]
    records: tuple[dict[str, Any], ...]
    footer: dict[str, Any]

    @property
    def cell(self) -> Cell:
        return Cell(**self.header["cell"])

    @property
    def outcome(self) -> str:
        return str(self.footer["outcome"])

    def record(self, capability: str, who: str) -> dict[str, Any] | None:
        return next((r for r in self.records if (r["capability"], r["who"]) == (capability, who)), None)


class Writer:
    """Writes a result as it comes; :meth:`end` makes it one.

    Raises:
        NoSpace: from any method, if the disk is full.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._stage = ExitStack()
        stage = self._stage.enter_context(staged(str(folder)))
        self._file = path_of(name, Path(stage)).open("w", encoding="utf-8")

    def header(self, **fields: Any) -> None:
        self._line({"kind": "header", "schema": SCHEMA, **fields})

    def record(self, **fields: Any) -> None:
        self._line({"kind": "record", **fields})

    def end(self, **fields: Any) -> None:
        self._line({"kind": "footer", **fields})
        self._file.close()
        self._stage.close()

    def _line(self, item: dict[str, Any]) -> None:
        try:
            self._file.write(json.dumps(item, ensure_ascii=False) + "\n")
            self._file.flush()
        except OSError as error:
            raise (NoSpace(self._folder) if means_full_disk(error) else error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):  # what could not be written is no result anyway
            self._file.close()
        unfinished = error or RuntimeError(
            "the result has no end"
        )  # discards what is there; after end() there is nothing
        self._stage.__exit__(type(unfinished), unfinished, where)


def path_of(name: str, folder: Path = RESULTS) -> Path:
    return folder / f"{name}.jsonl"


def read(path: Path) -> Result:
    """Raises:
    BadResult: it is empty, cut off, of another schema, holds a record twice, or is no JSON.
    """
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        kinds = [line["kind"] for line in lines]
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, TypeError, KeyError) as error:
        raise BadResult(f"{path.name}: {error}; it is no result") from None
    if kinds[:1] != ["header"]:
        raise BadResult(f"{path.name}: no header; it is no result")
    if kinds[-1] != "footer":
        raise BadResult(f"{path.name}: no footer, so whatever wrote it was cut off; run the cell again")
    if set(kinds[1:-1]) - {"record"}:
        raise BadResult(f"{path.name}: something else than records between header and footer")
    if lines[0]["schema"] != SCHEMA:
        raise BadResult(f"{path.name}: schema {lines[0]['schema']}, this reads {SCHEMA}")
    named = [(line["capability"], line["who"]) for line in lines[1:-1]]
    if len(set(named)) != len(named):
        raise BadResult(f"{path.name}: a record is there twice")
    return Result(lines[0], tuple(lines[1:-1]), lines[-1])


def read_all(names: Iterable[str], folder: Path = RESULTS) -> dict[str, Result]:
    """The results of those cells that have one.

    Raises:
        BadResult: a file is none.
    """
    return {name: read(path) for name in names if (path := path_of(name, folder)).exists()}
