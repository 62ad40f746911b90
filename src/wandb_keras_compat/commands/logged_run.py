"""One table of what a run logged: history, summary, media, files and artifacts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.table import Column, Table

from ..testing.model.snapshot import ArtifactSnapshot, RunSnapshot
from ..testing.model.wandb_files import is_environment_file
from ..testing.number_texts import plural, size
from ..testing.section_table import section_table

# Name, number of rows or versions, last value or content.
Row = tuple[str, str, str]


def report_table(run: RunSnapshot, files: Path) -> Table:
    """The table of one run.

    Args:
        run: what it logged.
        files: the run's ``files`` folder, for the contents of the graph and the sizes of saved files.
    """
    sections = {
        "history": list(_history(run)),
        "media": list(_media(run)),
        "summary": list(_summary(run, files)),
        "files": list(_files(run, files)),
        "artifacts": list(_artifacts(run.artifacts())),
    }
    columns = [
        Column("name", no_wrap=True),
        Column("times", justify="right"),
        Column("last value or content", overflow="fold"),
    ]
    return section_table("What was logged", columns, sections.items())


def _history(run: RunSnapshot) -> Iterator[Row]:
    # Sorted, here and below: newer wandb keeps no order of the keys in a row.
    for key in sorted(run.history_keys()):
        values = run.column(key)
        if not _media_type(values[-1]):
            yield key, str(len(values)), _number(values[-1])


def _media(run: RunSnapshot) -> Iterator[Row]:
    for key in sorted(run.history_keys()):
        values = run.column(key)
        if _media_type(values[-1]):
            yield key, str(len(values)), _content(values[-1])


def _summary(run: RunSnapshot, files: Path) -> Iterator[Row]:
    """The summary without the values that only repeat the last value of a history key."""
    for key, value in sorted(run.summary().items()):
        if key not in run.history_keys():
            yield key, "", _content(value, files) if _media_type(value) else _number(value)


def _files(run: RunSnapshot, files: Path) -> Iterator[Row]:
    policies = run.policies()
    for path in sorted(path for path in files.rglob("*") if path.is_file()):
        name = path.relative_to(files).as_posix()
        if is_environment_file(name) or name.startswith("media/"):
            continue
        policy = f", upload policy {policies[name]}" if name in policies else ", local only"
        yield name, "", size(path.stat().st_size) + policy


def _artifacts(artifacts: list[ArtifactSnapshot]) -> Iterator[Row]:
    """One row for each artifact, its last version described."""
    for name, kind in dict.fromkeys((artifact.name, artifact.type) for artifact in artifacts):
        versions = [artifact for artifact in artifacts if (artifact.name, artifact.type) == (name, kind)]
        last = versions[-1]
        content = (
            f"type {kind}; {', '.join(sorted(last.asked_aliases))}; "
            f"{plural(len(last.entries), 'file')}, {size(sum(entry.size or 0 for _, entry in last.entries))}"
        )
        yield name, str(len(versions)), content


def _media_type(value: Any) -> str:
    return str(value.get("_type", "")) if isinstance(value, dict) else ""


def _content(value: dict[str, Any], files: Path | None = None) -> str:
    kind = _media_type(value)
    if kind == "histogram":
        return f"histogram, {plural(len(value.get('values', ())), 'bin')}" if "values" in value else "histogram"
    if kind.startswith("images"):
        extent = f" of {value['width']}x{value['height']}" if "width" in value else ""
        return f"{plural(value['count'], 'image')}{extent}"
    if kind == "table-file":
        return f"table, {plural(value['nrows'], 'row')}, {plural(value['ncols'], 'column')}"
    if kind == "graph-file" and files is not None and (files / value["path"]).is_file():
        graph = json.loads((files / value["path"]).read_text(encoding="utf-8"))
        return f"graph, {plural(len(graph['nodes']), 'node')}, {plural(len(graph['edges']), 'edge')}"
    return kind


def _number(value: Any) -> str:
    return f"{value:.5g}" if isinstance(value, float) else str(value)
