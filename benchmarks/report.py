"""The report as a table and as JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from .models import SUBJECTS
from .results import Row

_STATE = {"kept": "[green]kept[/green]", "within noise": "within noise", "MISSED": "[red]MISSED[/red]", None: ""}


def print_table(rows: Sequence[Row], console: Console, cpu: bool) -> None:
    """Prints *rows*, a section per measurement, and the models they name."""
    table = Table(title=f"{_clock(cpu)}, medians of paired rounds")
    for heading in ("measurement", "on", "what"):
        table.add_column(heading, no_wrap=True)
    for heading in ("median", "lowest to highest", "limit"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    before = None
    for row in rows:
        if before not in (None, row.measurement):
            table.add_section()
        title = row.measurement if row.measurement != before else ""
        before = row.measurement
        if row.value is None:
            table.add_row(title, row.subject, row.compared, "-", "", "", f"not measured: {row.note}")
            continue
        low, high = _number(row.value.low, row.unit), _number(row.value.high, row.unit)
        limit = "" if row.limit is None else f"≤ {_number(row.limit, row.unit)}"
        state = " ".join(part for part in (_STATE[row.verdict], row.note) if part)
        table.add_row(
            title, row.subject, row.compared, _number(row.value.median, row.unit), f"{low} to {high}", limit, state
        )
    console.print(table)
    for subject in SUBJECTS:
        console.print(f"{subject.name}: {subject.shape} images, {subject.architecture}", highlight=False)
    console.print(describe_machine(), highlight=False)


def one_line(row: Row) -> str:
    """*row* as plain text, for following a long measurement."""
    if row.value is None:
        return f"{row.measurement}: {row.subject}: {row.compared}: not measured: {row.note}"
    median, low, high = (_number(value, row.unit) for value in (row.value.median, row.value.low, row.value.high))
    return f"{row.measurement}: {row.subject}: {row.compared}: {median} ({low} to {high})"


def write_json(rows: Sequence[Row], path: Path, cpu: bool) -> None:
    """Writes *rows* and where they were measured."""
    document: dict[str, Any] = {
        "clock": _clock(cpu),
        "where": describe_machine(),
        "models": {subject.name: subject.architecture for subject in SUBJECTS},
        "rows": [row.as_json() for row in rows],
    }
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def describe_machine() -> str:
    """Versions and cores, in one line."""
    names = ("tensorflow", "tensorflow-cpu", "keras", "tf-keras", "wandb")
    versions = [f"{name} {version}" for name in names if (version := _version(name))]
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"Python {platform.python_version()}, {', '.join(versions)}; {os.cpu_count()} cores{load}"


def _clock(cpu: bool) -> str:
    return "processor time" if cpu else "wall time"


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _number(value: float, unit: str) -> str:
    return f"{value:.2f}x" if unit == "x" else f"{value:.3g} ms"
