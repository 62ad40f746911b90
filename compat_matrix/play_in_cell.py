"""Plays a cell: what ``check --json`` finds in its environment, with this package and with the installed wandb alone.

Ours first, then what the installed wandb does alone, so that nothing the latter does can cost us a result. Ours has
plays drawn by hypothesis beside the scenarios.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from wandb_keras_compat.parity.check.capabilities import items_of
from wandb_keras_compat.parity.check.cell_environment import CellEnvironment
from wandb_keras_compat.parity.check.cells import Cell
from wandb_keras_compat.parity.check.judge import (
    ABSENT,
    DIFFERS,
    FAILS,
    MOST,
    NOT_RUN,
    WORKS,
    Verdict,
    last_line,
    record_of,
    shortened,
    without_places,
)
from wandb_keras_compat.parity.check.options import Options
from wandb_keras_compat.parity.check.report import Finding, Report, Row
from wandb_keras_compat.parity.check.run import check
from wandb_keras_compat.testing.trace.ledger import Ledger

from .axes import Matrix
from .property_tests import DrawnPlays, plays_of, verdicts
from .results import Record

#: Whose callback it is, to what ``check`` calls that.
WHO = {"ours": "shim", "native": "native"}


class DoesNotStart(Exception):
    """The cell was installed, and Keras or wandb cannot be imported there; the message is the traceback."""


def drawn_plays(matrix: Matrix, environment: CellEnvironment, who: str) -> DrawnPlays | None:
    """Those of the cell, with what they need installed: ours are played, with ``tf.data`` and ``tf.keras``."""
    with_them = who == "ours" and environment.cell.backend == "tensorflow"
    return DrawnPlays.of(matrix, environment) if with_them else None


def checked(
    environment: CellEnvironment,
    known: Ledger,
    which: str,
    who: str,
    progress: Callable[[str], None],
    drawn: DrawnPlays | None = None,
) -> Report:
    """What ``check`` finds in the cell.

    Args:
        which: ``all`` scenarios or the ``selection``.
        who: a key of :data:`WHO`.
        progress: is told what was played.
        drawn: is played in the process that plays the scenarios, behind them.

    Raises:
        DoesNotStart: nothing can be played.
        NoSpace, Stopped
    """
    limits = environment.limits
    names = items_of(every=which == "all")
    began = time.monotonic()
    report = check(
        names,
        known,
        Options(
            against=WHO[who],
            timeout=limits.silent,
            whole=limits.left,
            python=str(environment.python),
            variables=environment.variables(),
            package=environment.source / "src" / "wandb_keras_compat",
            afterwards=() if drawn is None else drawn.afterwards,
            progress=lambda done, name: progress(f"{who}: {done} of {len(names)}, {name}"),
            stop=limits.stop,
        ),
    )
    environment.charge(who, began, report.processor_seconds)
    if report.cannot_import or report.problems:
        raise DoesNotStart(report.cannot_import or report.problems[0])
    return report


def records(
    matrix: Matrix, environment: CellEnvironment, report: Report, who: str, drawn: DrawnPlays | None = None
) -> Iterator[Record]:
    """The records of a cell, from what ``check`` found there, and what came of the plays that were *drawn*."""
    of_drawn: dict[str, Verdict] = {}
    if drawn is not None:
        of_drawn = {verdict.what: verdict for verdict in verdicts(drawn, environment, report.printed)}
    applicable = {capability.name for capability in matrix.applicable(environment.cell)}
    for row in report.rows:
        if row.capability not in applicable:
            continue
        record = record_of_row(row, who, report)
        if drawn is not None and (own := matrix.drawn.properties.get(row.capability)):
            record = _with(record, of_drawn.get(plays_of(matrix, own)))
        yield record


def record_of_row(row: Row, who: str, report: Report) -> Record:
    """A row of ``check`` as a record: of whom, and how much of it worked."""
    record: Record = {"capability": row.capability, "who": who, "state": row.state, "of": row.of, "worked": 0,
                      "known": row.known, "failures": []}  # fmt: skip
    if who == "native" and report.no_legacy_class and row.kind == "scenario":
        return record | {"state": ABSENT, "note": last_line(report.no_legacy_class)}
    failed = {finding.scenario for finding in row.findings}
    record["worked"] = max(0, row.judged - len(failed))
    record["failures"] = [_failure(finding) for finding in row.findings]
    if notes := [*row.not_judged, *row.not_here]:
        record["note"] = "; ".join(map(without_places, notes))
    return record


def _failure(finding: Finding) -> Record:
    how = finding.how or f"{finding.count} differences, the first at {finding.differences[0]['path']}"
    return {
        "what": finding.scenario, "how": without_places(how), "traceback": shortened(finding.traceback),
        "differences": finding.differences[:MOST], "count": finding.count,
    }  # fmt: skip


def _with(record: Record, drawn: Verdict | None) -> Record:
    """*record* with the verdict on its drawn plays; None where time was up before: what worked says nothing of them."""
    found = record_of(record["capability"], record["who"], [] if drawn is None else [drawn], of=1)
    order = (FAILS, NOT_RUN, DIFFERS, WORKS)
    return record | {
        "state": min((record["state"], found["state"]), key=order.index),
        "of": record["of"] + 1,
        "worked": record["worked"] + found["worked"],
        "known": sorted({*record["known"], *found["known"]}),
        "failures": [*record["failures"], *found["failures"]],
    }


def missing_records(matrix: Matrix, cell: Cell, there: Iterable[Mapping[str, Any]], why: str) -> Iterator[Record]:
    """Records that say ``not run`` for everything of *cell* that has none."""
    named = {(item["capability"], item["who"]) for item in there}
    for capability in matrix.applicable(cell):
        for who in WHO:
            if (capability.name, who) not in named:
                yield record_of(capability.name, who, []) | {"state": NOT_RUN, "note": why}
