"""One trace, or what differs between two, for a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console, Group
from rich.table import Column, Table
from rich.text import Text

from ..number_texts import plural
from ..safe_text import plain
from ..section_table import section_table
from ..trace.canonical import float_of
from ..trace.sweeps import TracedSweep
from .describe import describe, kind_of, number, shortened
from .findings import Findings, Topic, texts_of
from .history_columns import Column as HistoryColumn
from .history_columns import columns as history_columns
from .svg import spread
from .sweep_table import Runs, rows_of, title_of
from .trace_size import holdings, only_in_summary

_BLOCKS, _ASCII_BLOCKS = "▁▂▃▄▅▆▇█", "_.-=+*%#"
_WIDE = 24
_FEW = 3
_MOST, _OF_EACH = 200, 10

# Name, times, curve, and what there is to say.
Row = tuple[str, str, str, str]


def show(console: Console, name: str, trace: Mapping[str, Any]) -> None:
    """Prints one trace: a table for each run."""
    versions = ", ".join(f"{what} {version}" for what, version in sorted(trace["made_with"].items()))
    console.print(Text(f"{plain(name)}: {holdings(trace)}", style="bold"), soft_wrap=True)
    seen = f"seen through the {trace['door']} door"
    console.print(Text(plain(f"{seen}; {versions}" if versions else seen), style="dim"), soft_wrap=True)
    for index, run in enumerate(trace["runs"]):
        console.print(run_table(index, run, ascii_only=not console.encoding.startswith("utf")))
    for sweep in trace.get("sweeps", []):
        console.print(sweep_table(sweep, trace["runs"]))


def sweep_table(sweep: TracedSweep, runs: Runs) -> Table:
    """The table of one sweep: its parameters, and each run that was given out."""
    columns = [Column("run"), Column("agent"), Column("values", overflow="fold"), Column("", overflow="fold")]
    parameters = sweep["config"].get("parameters")
    names = sorted(parameters.items()) if isinstance(parameters, Mapping) else []
    sections = [
        ("parameters", [(name, "", describe(value), "") for name, value in names]),
        ("runs", list(rows_of(sweep, runs))),
    ]
    return section_table(Text(plain(title_of(sweep)), style="bold"), columns, sections)


def run_table(index: int, run: Mapping[str, Any], *, ascii_only: bool = False) -> Table:
    """The table of one run."""
    blocks = _ASCII_BLOCKS if ascii_only else _BLOCKS
    about = [f"exit code {run['exit_code']}" if run["exit_code"] is not None else "did not end"]
    about += [f"{what} {run[what]}" for what in ("group", "job_type", "sweep") if run[what]]
    about += [f"tags {', '.join(run['tags'])}"] if run["tags"] else []
    name = f": {run['name']}" if run["name"] else ""
    title = Text(plain(f"Run {index}{name} ({'; '.join(about)})"), style="bold")
    columns = [
        Column("name", overflow="fold", max_width=44),
        Column("times", justify="right"),
        Column("", no_wrap=True),
        Column("first → last, or content", overflow="fold"),
    ]
    return section_table(title, columns, _sections(run, blocks))


def differences(
    console: Console, findings: Findings, topics: Sequence[Topic], notes: Sequence[str], *, every: bool = False
) -> None:
    """Prints what differs: first a summary by topic, then the paths with both values, then what was not counted.

    Args:
        every: print all paths even if there are more than 200; otherwise then only the first ten of each topic.
    """
    if not findings.all:
        console.print(Text("No difference.", style="bold green"))
    else:
        differ = "differs" if len(findings) == 1 else "differ"
        title = f"{plural(len(findings), 'path')} {differ}, in {plural(len(topics), 'thing')}"
        console.print(Text(title, style="bold"))
        console.print(Group(_topics(topics), Text("")))
        for topic in topics:
            shown = topic.findings if every or len(findings) <= _MOST else topic.findings[:_OF_EACH]
            for finding in shown:
                old, new = texts_of(finding)
                line = Text.assemble((plain(finding.path), "bold"), ": ", (old, "cyan"), " → ", (new, "yellow"))
                console.print(line, soft_wrap=True)
            if more := len(topic.findings) - len(shown):
                text = f"{plural(more, 'more path')} of {topic.title}; --all prints them"
                console.print(Text(plain(text), style="dim"), soft_wrap=True)
    for note in notes:
        console.print(Text(plain(note), style="dim"), soft_wrap=True)


def _topics(topics: Sequence[Topic]) -> Table:
    several = len({topic.run for topic in topics}) > 1
    table = Table(box=box.ROUNDED)
    for heading in (*(["run"] if several else []), "where", "what"):
        table.add_column(heading, overflow="fold")
    table.add_column("paths", justify="right")
    table.add_column("old → new", overflow="fold")
    for topic in topics:
        run = [] if not several else ["" if topic.run is None else str(topic.run)]
        cells = (*run, topic.section, topic.name, f"{len(topic.findings):,}", topic.gist())
        table.add_row(*(Text(plain(text)) for text in cells))
    return table


def _sections(run: Mapping[str, Any], blocks: str) -> Iterator[tuple[str, list[Row]]]:
    row_of = {"number": _metric, "histogram": _histogram, "images": _images}
    sorted_out: dict[str, list[Row]] = {"metrics": [], "histograms": [], "images": [], "other media": [], "values": []}
    names = {"number": "metrics", "histogram": "histograms", "images": "images", "other": "values"}
    for column in history_columns(run["history"]):
        make_row = row_of.get(column.kind, _content)
        sorted_out[names.get(column.kind, "other media")].append(make_row(column, blocks))
    yield from sorted_out.items()
    yield "summary", list(_summary(run))
    yield "config", [(key, "", "", describe(value)) for key, value in sorted(run["config"].items())]
    yield "files", [(path, "", "", _file(file)) for path, file in sorted(run["files"].items())]
    for relation in ("logged", "used"):
        rows = [_artifact(artifact) for artifact in run["artifacts"][relation]]
        yield "artifacts" if relation == "logged" else "used", rows
    if run["telemetry"]:
        yield "telemetry", [(plural(len(run["telemetry"]), "flag"), "", "", ", ".join(run["telemetry"]))]
    if run["console"]:
        lines = run["console"]
        yield "console", [(plural(len(lines), "line"), "", "", shortened(lines[-1].strip()))]


def _metric(column: HistoryColumn, blocks: str) -> Row:
    values = _values(column)
    ends = list(dict.fromkeys(number(value) for value in (values[0], values[-1])))
    return column.title, str(len(values)), sparkline([_real(value) for value in values], blocks), " → ".join(ends)


def _histogram(column: HistoryColumn, blocks: str) -> Row:
    last = _values(column)[-1]
    shape = sparkline(last["counts"], blocks, pool=True) if last else ""
    return column.title, str(len(column.cells)), shape, describe(last)


def _images(column: HistoryColumn, blocks: str) -> Row:
    shown = [image for value in _values(column) for image in _listed(value)]
    captions = [f"“{image['caption']}”" for image in _listed(_values(column)[-1]) if image.get("caption")]
    more = " …" if len(captions) > _FEW else ""
    sizes = " or ".join(dict.fromkeys(f"{image['width']}x{image['height']}" for image in shown))
    listed = f", captions {', '.join(captions[:_FEW])}{more}" if captions else ""
    return column.title, str(len(column.cells)), "", f"{plural(len(shown), 'image')} of {sizes}{listed}"


def _content(column: HistoryColumn, blocks: str) -> Row:
    return column.title, str(len(column.cells)), "", describe(_values(column)[-1])


def _summary(run: Mapping[str, Any]) -> Iterator[Row]:
    """What it has beyond the last value of every history key."""
    own = only_in_summary(run)
    yield from ((key, "", "", describe(value)) for key, value in sorted(own.items()))
    if same := len(run["summary"]) - len(own):
        yield f"({plural(same, 'more key')})", "", "", "as the history has them last"


def _file(file: Mapping[str, Any]) -> str:
    content = "content not seen" if file["content"] is None else describe(file["content"])
    return f"{content}; policy {file['policy']}" if file["policy"] else content


def _artifact(artifact: Mapping[str, Any]) -> Row:
    entries = sorted(artifact["entries"])
    names = f": {', '.join(entries)}" if entries else ""
    text = f"{artifact['type']}; {', '.join(artifact['aliases'])}; {plural(len(entries), 'file')}{names}"
    return artifact["name"], "", "", shortened(text)


def _values(column: HistoryColumn) -> list[Any]:
    return [value for _, value in column.side(0)]


def _listed(value: Any) -> list[Any]:
    return [image for image in (value if isinstance(value, list) else [value]) if kind_of(image) == "image"]


def sparkline(values: Sequence[float], blocks: str = _BLOCKS, *, pool: bool = False) -> str:
    """The course of *values* in at most 24 characters; what is not finite is a gap.

    Args:
        pool: add neighbours up (for counts) where there are too many values, rather than leave some out.
    """
    if pool and len(values) > _WIDE:
        every = math.ceil(len(values) / _WIDE)
        values = [sum(values[start : start + every]) for start in range(0, len(values), every)]
    values = [values[index] for index in spread(len(values), _WIDE)]
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return ""
    low, high = min(finite), max(finite)
    if low == high:
        return "".join(blocks[0] if math.isfinite(value) else " " for value in values)
    steps = len(blocks) - 1
    return "".join(
        blocks[round((value / 2 - low / 2) / (high / 2 - low / 2) * steps)] if math.isfinite(value) else " "
        for value in values
    )


def _real(value: Any) -> float:
    return math.nan if value is None else float_of(value)
