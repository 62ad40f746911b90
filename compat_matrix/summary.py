"""The whole picture as data, a function of result files, the resolver's answers, the ledger and the code's digest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from packaging.version import Version

from wandb_keras_compat.parity.check.capabilities import Capability
from wandb_keras_compat.parity.check.cells import LABELS, Cell
from wandb_keras_compat.parity.check.judge import ABSENT, DIFFERS, FAILS, NOT_RUN, WORKS, judge_again
from wandb_keras_compat.parity.check.uses import OURS_ONLY
from wandb_keras_compat.testing.trace.ledger import Entry, Ledger

from .axes import Matrix
from .results import DOES_NOT_START, RAN, REFUSED, TIME_IS_UP, Result
from .select_cells import SelectedCell, pair

#: Beside those of records.
REFUSED_STATE = "cannot be installed"

#: State to its sign and what it says; the signs differ in form, colour only repeats them.
STATES = {
    WORKS: ("✓", "works as the legacy class did where it works"),
    DIFFERS: ("≈", "works, with known differences that these versions force"),
    FAILS: ("✗", "fails"),
    ABSENT: ("-", "there is no such thing: the installed wandb has none, or it is about other Keras"),
    DOES_NOT_START: ("!", "can be installed, and TensorFlow or wandb cannot be imported"),
    REFUSED_STATE: ("⊘", "cannot be installed together"),
    NOT_RUN: ("·", "not run"),
}

#: What the ledger asks about, as far as it is installed.
VERSIONS = ("python", "tensorflow", "jax", "torch", "keras", "wandb", "numpy")

#: Kinds of ledger entries that versions force; the others are improvements on the legacy class, made everywhere.
FORCED = {"upstream", "unsupported"}


@dataclass(frozen=True)
class Mark:
    """One capability in one cell, ours or native."""

    state: str
    known: tuple[str, ...] = ()
    failures: tuple[Mapping[str, Any], ...] = ()
    note: str = ""
    worked: int = 0
    of: int = 0

    @property
    def sign(self) -> str:
        return STATES[self.state][0]

    @property
    def text(self) -> str:
        """The sign; where a part of what fails works, how much of it."""
        return f"{self.sign} {self.worked}/{self.of}" if self.state == FAILS and self.worked else self.sign

    @property
    def works(self) -> bool:
        return self.state in {WORKS, DIFFERS}


@dataclass(frozen=True)
class Row:
    """One cell.

    Attributes:
        older: its result is of earlier code.
        marks: (capability, who) to the mark.
    """

    cell: Cell
    tier: str
    why: tuple[str, ...]
    result: Result | None
    older: bool
    marks: Mapping[tuple[str, str], Mark]
    of: int
    """How many capabilities apply to it."""

    @property
    def state(self) -> str:
        """Of the whole cell: as bad as the worst of ours."""
        states = {mark.state for (_, who), mark in self.marks.items() if who == "ours"}
        from_worst = (FAILS, DOES_NOT_START, REFUSED_STATE, NOT_RUN, DIFFERS, WORKS, ABSENT)
        return next(state for state in from_worst if state in states)

    @property
    def ran(self) -> bool:
        """Whether something was played there."""
        return self.result is not None and self.result.outcome in {RAN, TIME_IS_UP}

    def working(self, who: str) -> int:
        return sum(mark.works for (_, whose), mark in self.marks.items() if whose == who)

    def unknown(self, who: str) -> int:
        """How many of a cell that was run were not: capabilities that are newer than its result, or time was up."""
        return sum(mark.state == NOT_RUN for (_, whose), mark in self.marks.items() if whose == who)

    @property
    def versions(self) -> str:
        """What was installed, in words."""
        found = self.result.header.get("installed") if self.result else None
        if not found:
            return str(self.cell)
        keras = "tf-keras" if self.cell.flavour == "tf-keras" else "Keras"
        names = {"TensorFlow": "tensorflow", "JAX": "jax", "PyTorch": "torch", keras: "keras", "wandb": "wandb",
                 "Python": "python"}  # fmt: skip
        return ", ".join(f"{word} {found[name]}" for word, name in names.items() if name in found)


@dataclass(frozen=True)
class MatrixSummary:
    """Everything that is rendered.

    Attributes:
        refused: name of each cell that cannot be installed to the proof.
        proofs: the same by build and wandb, with the newest interpreter that has wheels for both.
        code: digest of the code that results are compared with; those of another are older.
    """

    capabilities: tuple[Capability, ...]
    rows: tuple[Row, ...]
    builds: tuple[tuple[str, str], ...]
    wandbs: tuple[str, ...]
    refused: Mapping[str, str]
    proofs: Mapping[tuple[tuple[str, str], str], str]
    ledger: Mapping[str, Entry]
    code: str
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def ran(self) -> list[Row]:
        return [row for row in self.rows if row.ran]

    def newest_first(self) -> list[Row]:
        """The rows by their wandb, then by their TensorFlow."""

        def newness(row: Row) -> tuple[Version, Version, str]:
            return Version(row.cell.wandb), Version(row.cell.tensorflow or "0"), row.cell.name

        return sorted(self.rows, key=newness, reverse=True)

    def by_keras(self) -> list[tuple[str, dict[str, Row]]]:
        """Of the cells without TensorFlow: each Keras, newest first, and backend to its newest row."""
        found: dict[str, dict[str, Row]] = {}
        for row in sorted(self.rows, key=lambda row: Version(row.cell.framework or "0"), reverse=True):
            if row.cell.backend in LABELS:
                found.setdefault(row.cell.keras, {}).setdefault(row.cell.backend, row)
        return sorted(found.items(), key=lambda item: Version(item[0]), reverse=True)

    @property
    def dated(self) -> str:
        """From the first result to the last, in days."""
        days = sorted({str(row.result.footer["ended"])[:10] for row in self.rows if row.result})
        return days[-1] if len(days) == 1 else f"{days[0]} to {days[-1]}" if days else "no day yet"

    @property
    def commits(self) -> list[str]:
        return sorted({str(row.result.header["code"]["commit"])[:9] for row in self.rows if row.result})

    @property
    def numbers(self) -> dict[str, int]:
        """Flavour of Keras to how many capabilities apply there."""
        return {
            flavour: sum(capability.applies(flavour) for capability in self.capabilities)
            for flavour in sorted({flavour for _, flavour in self.builds})
        }

    @property
    def number(self) -> str:
        """How many capabilities apply, in words: where most cells are, and where there are more."""
        (most, *_), more = sorted(self.numbers.values()), []
        for flavour, number in self.numbers.items():
            if number > most:
                more.append(f"{number} with {flavour}")
        return f"{most} ({', '.join(more)})" if more else str(most)

    def failures(self) -> list[tuple[Row, str, Mapping[str, Any]]]:
        """What fails of ours: row, capability, and what the record says."""
        return [
            (row, capability, failure)
            for row in self.rows
            for (capability, who), mark in row.marks.items()
            if who == "ours"
            for failure in mark.failures
        ]

    def used(self) -> list[Entry]:
        """The known differences that some mark names, in the order of the ledger."""
        named = {name for row in self.rows for mark in row.marks.values() for name in mark.known}
        return [entry for name, entry in self.ledger.items() if name in named]

    def unused(self) -> list[Entry]:
        """Those that none does; where every cell was run with every scenario, they are stale."""
        used = {entry.id for entry in self.used()}
        return [entry for entry in self.ledger.values() if entry.id not in used]

    def forced(self, mark: Mark) -> list[str]:
        """The ids of *mark* that its versions force."""
        return [name for name in mark.known if name in self.ledger and self.ledger[name].kind in FORCED]

    def at(self, build: tuple[str, str], wandb: str) -> list[Row]:
        """The cells of a TensorFlow, a Keras and a wandb that were chosen, over Pythons."""
        return [row for row in self.rows if (row.cell.tensorflow, row.cell.flavour, row.cell.wandb) == (*build, wandb)]


def summarize(
    matrix: Matrix,
    chosen: Sequence[SelectedCell],
    results: Mapping[str, Result],
    refused: Mapping[str, str],
    known: Ledger,
    code: str,
) -> MatrixSummary:
    """Puts everything together.

    Args:
        results: by the names of cells; those of cells that are not chosen are rows at the end.
        refused: as :meth:`.resolve.ResolverAnswers.refused`.
        code: the digest that results are older than.
    """
    names = {item.cell.name for item in chosen}
    more = [SelectedCell(result.cell, "full", ["asked for"]) for name, result in results.items() if name not in names]
    rows = tuple(_row(matrix, item, results.get(item.cell.name), known, code) for item in [*chosen, *more])
    wandbs = sorted({*matrix.wandb.versions, *(row.cell.wandb for row in rows)}, key=Version)
    pairs = {(build, wandb): pair(matrix, *build, wandb) for build in matrix.builds() for wandb in wandbs}
    return MatrixSummary(
        matrix.capabilities,
        rows,
        tuple(matrix.builds()),
        tuple(wandbs),
        refused,
        {at: refused[cell.name] for at, cell in pairs.items() if cell is not None and cell.name in refused},
        {entry.id: entry for entry in known.entries},
        code,
        Counter(_outcome(row) for row in rows),
    )


def _row(matrix: Matrix, item: SelectedCell, result: Result | None, known: Ledger, code: str) -> Row:
    older = result is not None and result.header["code"]["digest"] != code
    marks = {
        (capability.name, who): _mark(result, capability, who, known)
        for capability in matrix.capabilities
        for who in ("ours", "native")
    }
    return Row(item.cell, item.tier, tuple(item.why), result, older, marks, len(matrix.applicable(item.cell)))


def _mark(result: Result | None, capability: Capability, who: str, known: Ledger) -> Mark:
    if result is None:
        return Mark(NOT_RUN)
    if result.outcome == REFUSED:
        return Mark(REFUSED_STATE, note=str(result.footer["proof"]))
    if result.outcome == DOES_NOT_START:
        return Mark(DOES_NOT_START, note=str(result.footer["proof"]))
    if not capability.applies(result.cell.flavour):
        return Mark(ABSENT, note=capability.why)
    record = result.record(capability.name, who)
    if record is None:
        return Mark(NOT_RUN)
    if who == "native":
        record = _without(record, OURS_ONLY)
    installed = result.header["installed"]
    made_with = {name: str(installed[name]) for name in VERSIONS if name in installed}
    state, ids, failures = judge_again(record, made_with, known)
    kinds = {entry.id: entry.kind for entry in known.entries}
    if state == DIFFERS and not any(kinds.get(name) in FORCED for name in ids):
        state = WORKS
    worked = record["worked"] + len(record["failures"]) - len(failures)
    return Mark(state, tuple(ids), tuple(failures), str(record.get("note", "")), worked, record["of"])


def _without(record: Mapping[str, Any], uses: Sequence[str]) -> dict[str, Any]:
    """*record* as if those of *uses* that failed had not been tried."""
    failures = [failure for failure in record["failures"] if failure["what"] not in uses]
    return {**record, "failures": failures, "of": record["of"] - len(record["failures"]) + len(failures)}


def _outcome(row: Row) -> str:
    return NOT_RUN if row.result is None else row.result.outcome
