"""``trace``: record what a program sends to W&B, look at it, and compare two such records."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from . import Handover
from .io import FILE, SETTINGS, Failure, output, testing_extra

if TYPE_CHECKING:
    from ..testing.trace.ledger import Ledger
    from ..testing.views.report_model import Report

_PAGE = click.option("--html", "page", type=FILE, metavar="PAGE", help="Write a page, complete in one file.")


@click.group(context_settings=SETTINGS)
def trace() -> None:
    """Record what a program sends to W&B, look at it, compare two records.

    \b
      wandb-keras-compat trace record -o before.json -- python train.py
      wandb-keras-compat trace record -o after.json -- python -m wandb_keras_compat run train.py
      wandb-keras-compat trace diff before.json after.json --html page.html

    A trace is one JSON file: rows, summary, config, files, artifacts and telemetry of every run, images as their
    pixels, histograms as their bins, tables as their cells and models as their weights; nothing that changes from
    one run to the next by itself. No account and no network is needed: the backend is part of this package.
    """


@trace.command(context_settings={**SETTINGS, "allow_interspersed_args": False})
@click.option("-o", "--output", "target", type=FILE, required=True, metavar="T.json", help="Where the trace goes.")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- COMMAND [ARGS]...")
def record(target: Path, command: tuple[str, ...]) -> None:
    """Run COMMAND against an embedded W&B backend and keep what it sends.

    COMMAND is any program with any version of wandb, in any environment; it is told of the backend by its
    environment variables. wandb's folder is a temporary one unless WANDB_DIR is set. A program that decides for
    itself to be offline is read from its run logs. Ctrl-C and other signals reach the program, and what it had
    sent until then is still written.

    The last line on standard error says where the trace is and what it holds. Everything the program asked of the
    backend that the backend does not know is listed above it.

    \b
    Exit codes: those of COMMAND, also when it ends by a signal; 127 when there is no such command, 126 when
    it cannot be executed, 2 when the trace cannot be written.
    """
    from . import child_process, record_trace

    with output(target) as file:
        recording = record_trace.record(command)
        with testing_extra("trace record"):
            from ..testing.trace.normalize import dumps
            from ..testing.views.trace_size import holdings
        file.write(dumps(recording.trace))
    for remark in recording.remarks:
        click.echo(f"trace record: {remark}", err=True)
    click.echo(f"trace record: {target} holds {holdings(recording.trace)}", err=True)
    raise Handover(partial(child_process.end_as, recording.code))


@trace.command(context_settings=SETTINGS)
@click.argument("file", type=FILE, metavar="T.json")
@_PAGE
def show(file: Path, page: Path | None) -> None:
    """Show what a trace holds: curves, histograms, images, tables, summary, files, artifacts.

    \b
    Exit codes: 0; 2 when the file cannot be read or is no trace (the path that is wrong is named).
    """
    with testing_extra("trace show"):
        from ..testing.views import terminal
    loaded = _load(file, "trace show")
    if page is None:
        terminal.show(Console(), str(file), loaded)
        return
    with _page(page, "trace show") as write:
        from ..testing.views.build_report import report_of

        write(report_of(file.name, loaded))
    click.echo(f"trace show: the page is {page}")


@trace.command(context_settings=SETTINGS)
@click.argument("old", type=FILE, metavar="OLD.json")
@click.argument("new", type=FILE, metavar="NEW.json")
@click.option("--ledger", type=FILE, metavar="FILE", help="Known differences (YAML), which are counted and left out.")
@click.option("--json", "as_json", is_flag=True, help="Print the differences as JSON.")
@click.option("--all", "every", is_flag=True, help="Print every path; otherwise ten of each thing if they are many.")
@_PAGE
def diff(old: Path, new: Path, ledger: Path | None, as_json: bool, every: bool, page: Path | None) -> None:
    """Compare two traces and say by path what differs, with both values.

    Numbers are compared with a tolerance, images by pixel, tables by cell, models by weight. What one of the two
    could not see (an offline log has no used artifacts) is left out and counted.

    \b
    Exit codes: 0 equal, 1 different, 2 an error (a file that cannot be read, or is no trace or ledger).
    """
    with testing_extra("trace diff"):
        from ..testing.trace.compare import diff as compare
        from ..testing.views import comparison, terminal
    traces = _load(old, "trace diff"), _load(new, "trace diff")
    with ExitStack() as stack:
        write = stack.enter_context(_page(page, "trace diff")) if page else None
        found = comparison.ComparisonView(compare(*traces, _ledger(ledger)))
        if write is not None:
            from ..testing.views.build_report import report_of_both

            write(report_of_both((old.name, new.name), traces, found.findings, found.notes))
    if as_json:
        click.echo(json.dumps(found.as_json(), indent=1, ensure_ascii=False))
    else:
        terminal.differences(Console(), found.findings, found.topics(traces), found.notes, every=every)
    if page is not None:
        click.echo(f"trace diff: the page is {page}", err=as_json)
    click.get_current_context().exit(1 if found.findings.all else 0)


def _load(path: Path, command: str) -> dict[str, Any]:
    with testing_extra(command):
        from ..testing.trace import validate

        try:
            return validate.load(path)
        except validate.TraceError as error:
            text = str(error)
            raise Failure(text if str(path) in text else f"{path} is no trace: {text}") from None


def _ledger(path: Path | None) -> Ledger | None:
    if path is None:
        return None
    with testing_extra("trace diff --ledger"):
        from ..testing.trace.ledger import Ledger, LedgerError

        try:
            return Ledger.load(path)
        except LedgerError as error:
            raise Failure(str(error)) from None


@contextmanager
def _page(path: Path, command: str) -> Iterator[Callable[[Report], None]]:
    """Writes a report to *path*; a missing library or a path that cannot be written is found out first."""
    with testing_extra(f"{command} --html"):
        from ..testing.views.html_page import render
    with output(path) as file:
        yield lambda report: file.write(render(report))
