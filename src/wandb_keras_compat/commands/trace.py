"""``trace``: record what a program sends to W&B, look at it, and compare two such records."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from . import Handover
from .io import FILE, SETTINGS, Failure, fail_with_nearest, output, testing_extra

if TYPE_CHECKING:
    from ..testing.trace.ledger import Ledger
    from ..testing.trace.paths import Patterns
    from ..testing.views.report_model import Report


class _Tolerance(click.FloatRange):
    """A number from 0 on that is one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        found = float(super().convert(value, param, ctx))
        if math.isnan(found):
            self.fail("nan is no tolerance", param, ctx)
        return found


TOLERANCE = _Tolerance(min=0)

_PAGE = click.option("--html", "page", type=FILE, metavar="PAGE", help="Write a page, complete in one file.")


class _Traces(click.Group):
    """The group; it names the nearest command."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        fail_with_nearest(ctx, args[0], self.commands)
        return super().resolve_command(ctx, args)


@click.group(cls=_Traces, context_settings=SETTINGS)
def trace() -> None:
    """Record what a program sends to W&B, look at it, compare two records.

    \b
    wandb-keras-compat trace record -o a.json -- python train.py
    wandb-keras-compat trace record -o b.json -- wandb-keras-compat run train.py
    wandb-keras-compat trace diff a.json b.json --html page.html

    A trace is one JSON file: rows, summary, config, files, artifacts and telemetry of every run, images as their
    pixels, histograms as their bins, tables as their cells and models as their weights; nothing that changes from
    one run to the next by itself. No account and no network is needed: the backend is part of this package.

    Exit codes: each command states its own.
    """


@trace.command(context_settings={**SETTINGS, "allow_interspersed_args": False})
@click.option("-o", "--output", "target", type=FILE, required=True, metavar="T.json", help="Where the trace goes.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), metavar="N",
              help="Seed every generator of random numbers before COMMAND starts.")  # fmt: skip
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- COMMAND [ARGS]...")
def record(target: Path, seed: int | None, command: tuple[str, ...]) -> None:
    """Run COMMAND against an embedded W&B backend and keep what it sends.

    COMMAND is any program with any version of wandb, in any environment; it is told of the backend by its
    environment variables. wandb's folder is a temporary one unless WANDB_DIR is set. A program that decides for
    itself to be offline is read from its run logs. Ctrl-C and other signals reach the program, and what it had
    sent until then is still written.

    Most programs set no seed, and log other numbers each time they run. With --seed N, Python's random, NumPy,
    TensorFlow, PyTorch and Keras (keras.utils.set_random_seed) begin with N in each Python that is started, as do
    hashes; a seed that the program sets itself holds. A generator that it makes without a seed
    (numpy.random.default_rng()) stays as it is, and so does what depends on threads.

    The last line on standard error says where the trace is and what it holds. Everything the program asked of the
    backend that the backend does not know is listed above it.

    \b
    Exit codes: those of COMMAND, also when it ends by a signal;
      127  there is no such command
      126  it cannot be executed
      2    the trace cannot be written
    """
    from . import child_process, record_trace

    with output(target) as file:
        recording = record_trace.record(command, seed)
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
@click.option("--rtol", type=TOLERANCE, default=1e-5, show_default=True, metavar="X",
              help="How far apart numbers may be, relative to the larger one; of weights, to their norm.")  # fmt: skip
@click.option("--atol", type=TOLERANCE, default=1e-12, show_default=True, metavar="X",
              help="How far apart numbers near zero may be.")  # fmt: skip
@click.option("--ignore", multiple=True, metavar="PATTERN",
              help="Leave out these paths, and count them; repeatable.")  # fmt: skip
@click.option("--structure", is_flag=True,
              help="Compare keys, kinds, counts and names, and not the numbers a training came to.")  # fmt: skip
@click.option("--ledger", type=FILE, metavar="FILE",
              help="Known differences of your own (YAML), which are counted and left out.")  # fmt: skip
@click.option("--no-ledger", is_flag=True, help="Do not leave out what this package knows to differ.")
@click.option("--json", "as_json", is_flag=True, help="Print the differences as JSON.")
@click.option("--all", "every", is_flag=True, help="Print every path; otherwise ten of each thing if they are many.")
@_PAGE
def diff(
    old: Path,
    new: Path,
    rtol: float,
    atol: float,
    ignore: tuple[str, ...],
    structure: bool,
    ledger: Path | None,
    no_ledger: bool,
    as_json: bool,
    every: bool,
    page: Path | None,
) -> None:
    """Compare two traces and say by path what differs, with both values.

    Numbers are compared with a tolerance, images by pixel, tables by cell, models by weight. What one of the two
    could not see (an offline log has no used artifacts) is left out and counted, and so is what this package is
    known to do otherwise than the real legacy class (--no-ledger shows it).

    A program that sets no seed differs from itself in nearly every number. Record it with `trace record --seed 1`,
    or compare with --structure, which asks whether the same things were logged, whatever their numbers.

    \b
      wandb-keras-compat trace diff before.json after.json --rtol 1e-3
      wandb-keras-compat trace diff before.json after.json --structure
      wandb-keras-compat trace diff before.json after.json \\
          --ignore "runs[*].history[*].time" --ignore "runs[*].config.**"

    A PATTERN is a path as it is printed here; [*] is any index or key, * inside a name any text, and .** any number
    of these: runs[*].config.** is all that lies below config, runs[*].**.val_* every such name, wherever it is.
    Pixels, the counts of histograms, steps and names are exact whatever the tolerance.

    \b
    Exit codes:
      0  equal
      1  different
      2  an error: a file that is no trace or ledger, a PATTERN that is none
    """
    with testing_extra("trace diff"):
        from ..testing.trace.compare import diff as compare
        from ..testing.trace.structure import numbers_differ_everywhere, structure_of
        from ..testing.trace.tolerances import Tolerances
        from ..testing.views import comparison, terminal
    ignored = _patterns(ignore)
    traces = _load(old, "trace diff"), _load(new, "trace diff")
    with ExitStack() as stack:
        write = stack.enter_context(_page(page, "trace diff")) if page else None
        # Weights are compared by their norm with the same tolerance as numbers are.
        tolerances = Tolerances(relative=rtol, absolute=atol, weights=rtol)
        known = _ledger(ledger, known=not no_ledger)
        compared = compare(*traces, known, tolerances=tolerances, ignore=ignored)
        unseeded = not structure and numbers_differ_everywhere(compared, *traces)
        found = comparison.ComparisonView(structure_of(compared, *traces) if structure else compared)
        if write is not None:
            from ..testing.views.build_report import report_of_both

            write(report_of_both((old.name, new.name), traces, found.findings, found.notes))
    if unseeded:
        from .. import messages

        click.echo(messages.numbers_differ_everywhere(), err=as_json)
    for pattern in dict.fromkeys(ignore):
        if pattern not in compared.ignored:
            click.echo(f"trace diff: --ignore {pattern}: nothing that differs is there", err=True)
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


def _ledger(path: Path | None, *, known: bool) -> Ledger:
    """What the package knows to differ, if *known*, and the user's own."""
    with testing_extra("trace diff --ledger" if path else "trace diff"):
        from ..parity.ledger import ledger
        from ..testing.trace.ledger import Ledger, LedgerError

        found = ledger() if known else Ledger()
        if path is None:
            return found
        try:
            return found.beside(Ledger.load(path))
        except LedgerError as error:
            raise Failure(str(error)) from None


def _patterns(texts: tuple[str, ...]) -> Patterns:
    with testing_extra("trace diff"):
        from ..testing.trace.paths import PathError, Patterns
    try:
        return Patterns(texts)
    except PathError as error:
        raise Failure(f"--ignore: {error}") from None


@contextmanager
def _page(path: Path, command: str) -> Iterator[Callable[[Report], None]]:
    """Writes a report to *path*; a missing library or a path that cannot be written is found out first."""
    with testing_extra(f"{command} --html"):
        from ..testing.views.html_page import render
    with output(path) as file:
        yield lambda report: file.write(render(report))
