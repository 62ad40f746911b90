"""The JSON report: one record per site, and the schema it follows."""

from __future__ import annotations

import json
from importlib.resources import files

from .runner import Summary

SCHEMA_VERSION = 1


def schema() -> dict[str, object]:
    """The JSON Schema of the report, as shipped with the package."""
    text = files(__package__).joinpath("report.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, object] = json.loads(text)
    return loaded


def report(summary: Summary, *, target: str, keys: str | None, written: bool) -> dict[str, object]:
    """The report of a run in the shape of ``report.schema.json``."""
    counts: dict[str, int] = {}
    for record in summary.records:
        counts[record.action] = counts.get(record.action, 0) + 1
    return {
        "schema_version": SCHEMA_VERSION,
        "to": target,
        "keys": keys,
        "written": written,
        "files": {
            "seen": summary.seen,
            "changed": sorted(outcome.file for outcome in summary.changed),
            "failed": sorted(outcome.file for outcome in summary.outcomes if outcome.failed),
        },
        "counts": counts,
        "exit_code": summary.exit_code,
        "records": [record.as_json() for record in summary.records],
    }
