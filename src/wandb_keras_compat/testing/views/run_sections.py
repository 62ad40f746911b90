"""One run, or the same run of two traces, sorted into the sections of a report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from ..trace.align import paired
from ..trace.canonical import float_of
from ..trace.differences import ABSENT, Difference
from ..trace.paths import text_of
from .comparison_items import ComparisonItem, ItemBuilder, Pair, ShownValue
from .curves import Line, curve_chart
from .describe import kind_of, number, shortened
from .history_columns import Column, columns
from .report_model import ArtifactReport, Figure, RunReport
from .ridges import Ridge, ridge_chart
from .trace_size import only_in_summary

_PROPERTIES = ("name", "group", "job_type", "notes", "tags", "sweep", "exit_code")
_EMPTY_RUN: Mapping[str, Any] = {
    "config": {}, "metrics": {}, "history": [], "summary": {}, "files": {},
    "artifacts": {"logged": [], "used": []}, "telemetry": [], "console": [],
}  # fmt: skip


class RunBuilder:
    """Builds one :class:`RunReport`."""

    def __init__(
        self,
        builder: ItemBuilder,
        index: int,
        old: Any,
        new: Any,
    ) -> None:
        self._show = builder
        self._at = ("runs", index)
        self._sides = (old, new)
        self._old, self._new = (_EMPTY_RUN if run is ABSENT else run for run in self._sides)
        names = dict.fromkeys(run["name"] for run in self._sides if run is not ABSENT and run["name"])
        self._report = RunReport(" → ".join(names), builder.findings.touching(*self._at))

    def report(self) -> RunReport:
        report = self._report
        for column in columns(self._old["history"], self._new["history"]):
            self._add_column(column)
        self._add_summary()
        report.config = list(self._mapping("config"))
        report.metrics = list(self._mapping("metrics"))
        report.properties = [
            self._show.pair((*self._at, key), *(ABSENT if run is ABSENT else run[key] for run in self._sides))
            for key in _PROPERTIES
        ]
        report.files = [self._file(path) for path in _keys(self._old["files"], self._new["files"])]
        for relation in ("logged", "used"):
            lists = (run["artifacts"][relation] for run in (self._old, self._new))
            for index, old, new in paired(*lists):
                report.artifacts.append(self._artifact(relation, index, old, new))
        report.telemetry = list(self._members("telemetry"))
        report.console = list(self._sequence("console"))
        for things in (report.curves, report.ridges, report.items, report.files, report.artifacts):
            things.sort(key=lambda thing: not thing.differs)
        report.images.sort(key=lambda group: not any(item.differs for item in group[1]))
        for pairs in (report.values, report.summary, report.config, report.metrics):
            pairs.sort(key=lambda pair: not pair.differs)
        return report

    def _add_column(self, column: Column) -> None:
        report = self._report
        if column.kind == "number":
            report.curves.append(self._curve(column))
        elif column.kind == "histogram":
            report.ridges.append(self._ridges(column))
        elif column.kind == "images":
            report.images.append((column.title, list(self._items_of(column))))
        elif column.kind in {"table", "graph"}:
            report.items += self._items_of(column)
        else:
            report.values += self._pairs(column)

    def _curve(self, column: Column) -> Figure:
        lines, x_name = [], "step"
        for which, (style, run) in enumerate((("old", self._old), ("new", self._new))):
            x_name = _step_metric(run, column.title) or x_name
            points = [(_x(row, x_name), _float(value)) for row, value in column.side(which)]
            lines.append(Line(style, style, points))
        svg = curve_chart(column.title, lines, x_name=x_name, y_name=shortened(column.title, 30))
        pairs = list(self._pairs(column))
        return Figure(column.title, self._path(column), svg, _found(pairs), pairs)

    def _ridges(self, column: Column) -> Figure:
        pairs = list(self._pairs(column))
        ridges = [
            Ridge(number(cell.step), _histogram(cell.values[0]), _histogram(cell.values[1]), pair.differs)
            for cell, pair in zip(column.cells, pairs)
        ]
        return Figure(column.title, self._path(column), ridge_chart(column.title, ridges), _found(pairs), pairs)

    def _items_of(self, column: Column) -> Iterator[ComparisonItem]:
        for parts, step, old, new in self._cells(column):
            yield self._show.item(parts, old, new, title=column.title, step=step)

    def _pairs(self, column: Column) -> Iterator[Pair]:
        for parts, step, old, new in self._cells(column):
            yield self._show.pair(parts, old, new, title=column.title, step=step)

    def _cells(self, column: Column) -> Iterator[tuple[tuple[Any, ...], int, Any, Any]]:
        for cell in column.cells:
            yield (*self._at, "history", cell.index, *column.key), cell.step, *cell.values

    def _path(self, column: Column) -> str:
        return f"runs[{self._at[1]}].history[*].{column.title}"

    def _add_summary(self) -> None:
        """Everything as rows, and media that the history does not end with as items of their own."""
        own = {*only_in_summary(self._old), *only_in_summary(self._new)}
        for key in _keys(self._old["summary"], self._new["summary"]):
            old, new = (run["summary"].get(key, ABSENT) for run in (self._old, self._new))
            parts = (*self._at, "summary", key)
            self._report.summary.append(self._show.pair(parts, old, new))
            media = {kind_of(value) for value in (old, new)} & {"image", "images", "table", "graph"}
            if media and key in own:
                item = self._show.item(parts, old, new, title=f"{key} (summary)")
                if item.kind == "images":
                    self._report.images.append((item.title, [item]))
                else:
                    self._report.items.append(item)

    def _mapping(self, section: str) -> Iterator[Pair]:
        for key in _keys(self._old[section], self._new[section]):
            sides = (run[section].get(key, ABSENT) for run in (self._old, self._new))
            yield self._show.pair((*self._at, section, key), *sides)

    def _sequence(self, section: str) -> Iterator[Pair]:
        for index, old, new in paired(self._old[section], self._new[section]):
            yield self._show.pair((*self._at, section, index), old, new)

    def _members(self, section: str) -> Iterator[Pair]:
        """Of what has no order: each member is its own key."""
        old, new = (dict.fromkeys(run[section], "yes") for run in (self._old, self._new))
        for key in _keys(old, new):
            yield self._show.pair((*self._at, section, key), old.get(key, ABSENT), new.get(key, ABSENT))

    def _file(self, path: str) -> ComparisonItem:
        sides = [run["files"].get(path) for run in (self._old, self._new)]
        parts = (*self._at, "files", path)
        contents = [ABSENT if side is None else side["content"] for side in sides]
        item = self._show.item((*parts, "content"), *contents, title=path)
        policies = [side["policy"] for side in sides if side is not None and side["policy"]]
        title = f"{path} (policy {' → '.join(dict.fromkeys(policies))})" if policies else path
        return _of_content(item, title, self._show.findings.touching(*parts))

    def _artifact(self, relation: str, index: int, old: Any, new: Any) -> ArtifactReport:
        parts = (*self._at, "artifacts", relation, index)
        keys = ("name", "type", "aliases", "metadata", "description")
        properties = [
            self._show.pair((*parts, key), *(ABSENT if side is ABSENT else side[key] for side in (old, new)))
            for key in keys
        ]
        entries = [{} if side is ABSENT else side["entries"] for side in (old, new)]
        items = [
            self._show.item((*parts, "entries", path), *(side.get(path, ABSENT) for side in entries), title=path)
            for path in _keys(*entries)
        ]
        items = [_of_content(item, item.title, item.findings) for item in items]
        name = (new if old is ABSENT else old)["name"]
        found = self._show.findings.touching(*parts)
        return ArtifactReport(f"{name} ({relation})", text_of(parts), found, properties, items)


def _of_content(item: ComparisonItem, title: str, findings: Sequence[Difference]) -> ComparisonItem:
    """The item of a file; says where its content was not seen, which the trace has as null."""
    old, new = (
        ShownValue("content not seen") if shown is not None and shown.text == "null" else shown
        for shown in (item.description.old, item.description.new)
    )
    description = replace(item.description, old=old, new=new)
    return replace(item, title=title, findings=findings, description=description)


def _found(pairs: Sequence[Pair]) -> list[Difference]:
    return list({id(finding): finding for pair in pairs for finding in pair.findings}.values())


def _keys(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return sorted({*old, *new})


def _histogram(value: Any) -> Any:
    return value if kind_of(value) == "histogram" else None


def _float(value: Any) -> float:
    """Of a number as the trace has it: NaN and the infinities are objects, a missing value is None."""
    return float("nan") if value is None else float_of(value)


def _step_metric(run: Mapping[str, Any], key: str) -> str | None:
    """The metric that ``define_metric`` made the x axis of *key*."""
    for pattern, metric in run["metrics"].items():
        if metric["step_metric"] and (pattern == key or fnmatchcase(key, pattern)) and metric["step_metric"] != key:
            return str(metric["step_metric"])
    return None


def _x(row: Mapping[str, Any], name: str) -> float:
    value = row.get(name)
    return float(value) if isinstance(value, (int, float)) else float(row["_step"])
