"""Terminal output: coloured diffs on standard output, everything else on standard error."""

from __future__ import annotations

import difflib
import os
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn
from rich.text import Text

from ..records import Record
from ..rules import wk010_not_followed
from .discover import NO_SUCH_FILE
from .runner import Summary

if TYPE_CHECKING:
    from typing_extensions import Self

_NOT_FOLLOWED = wk010_not_followed.RULE.id
_STYLES = {"+": "green", "-": "red", "@": "cyan"}
_ACTION_STYLES = {"error": "bold red", "left": "yellow", "note": "cyan", "ignored": "dim", "changed": "green"}


def console(file: TextIO, *, color: bool | None) -> Console:
    """A console; *color* None: as the terminal and the environment (``NO_COLOR``, ``FORCE_COLOR``) have it.

    Without colours there is no escape sequence at all: rich alone would go on writing bold.
    """
    plain = color is False or (color is None and bool(os.environ.get("NO_COLOR")))
    system: Literal["auto"] | None = None if plain else "auto"
    return Console(file=file, force_terminal=color, color_system=system, no_color=plain, highlight=False)


def diff_lines(file: str, before: bytes, after: bytes) -> Iterator[str]:
    """A unified diff, line ends kept; bytes that are not UTF-8 are shown escaped."""
    old, new = (data.decode(errors="backslashreplace").splitlines(keepends=True) for data in (before, after))
    for line in difflib.unified_diff(old, new, f"a/{file}", f"b/{file}"):
        yield line if line.endswith(("\n", "\r")) else line + "\n\\ No newline at end of file\n"


def print_diff(console: Console, file: str, before: bytes, after: bytes) -> None:
    for line in diff_lines(file, before, after):
        bold = line.startswith(("+++", "---"))
        style = "bold" if bold else _STYLES.get(line[:1], "")
        console.print(Text(line, style=style), end="", soft_wrap=True, highlight=False)


def print_records(console: Console, records: list[Record]) -> None:
    """Prints one line for each record, except for places that were changed."""
    for record in records:
        if record.action == "changed":
            continue
        there = not record.reason.startswith(NO_SUCH_FILE)
        line = Text(f"{record.file}:{record.location}: " if there else f"{record.file}: ")
        line.append(record.action, style=_ACTION_STYLES[record.action])
        line.append(f": {f'{record.rule} ' if record.rule else ''}{' '.join(record.reason.split())}")
        console.print(line, soft_wrap=True, highlight=False)


def print_moved(console: Console, records: list[Record]) -> None:
    """Prints the keys, files and artifacts that have another name after a level 2 rewrite, once each."""
    moved = dict.fromkeys(moved for record in records if record.action == "changed" for moved in record.moved)
    if moved:
        console.print("moved in W&B:")
        for item in moved:
            console.print(Text(f"  {item.old} -> {item.new or 'no longer logged'}"), soft_wrap=True, highlight=False)


def print_summary(console: Console, summary: Summary, *, write: bool) -> None:
    """One line with all counts. That nothing is left is only said where that is known."""
    records = [record for record in summary.records if record.action == "left"]
    left = [record for record in records if record.rule != _NOT_FOLLOWED]
    unknown = len(records) - len(left)
    failed = [outcome for outcome in summary.outcomes if outcome.failed]
    verb = "changed" if write else "would change"
    parts = [_count(summary.seen, "file") + " seen", f"{len(summary.changed)} {verb}"]
    if left or not (unknown or failed):
        files = len({record.file for record in left})
        parts.append(f"{_count(len(left), 'place')} in {_count(files, 'file')} left for you")
    if unknown:
        parts.append(f"{_count(unknown, 'place')} could not be followed")
    if failed:
        parts.append(f"{len(failed)} not handled, so what is left there is unknown")
    console.print(", ".join(parts), highlight=False, soft_wrap=True)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


_REFRESH = 0.1
"""Seconds between two pictures of the progress bar."""


class ProgressBar:
    """A progress bar on a terminal that takes colours, nothing elsewhere.

    It has no thread of its own, so that workers can be forked.
    """

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            console=console, transient=True, auto_refresh=False,
            disable=not console.is_terminal or console.no_color,
        )  # fmt: skip
        self._shown = 0.0
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def __call__(self, phase: str, done: int, total: int) -> None:
        if phase not in self._tasks:
            self._tasks[phase] = self._progress.add_task(phase, total=total or None)
        self._progress.update(self._tasks[phase], completed=done)
        if time.monotonic() - self._shown > _REFRESH:
            self._shown = time.monotonic()
            self._progress.refresh()
