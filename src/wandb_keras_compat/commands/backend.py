"""``backend``: the fake W&B backend in the foreground."""

from __future__ import annotations

import shlex
import signal
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.live import Live
from rich.text import Text

from .io import FILE, SETTINGS, Failure, Output, output, testing_extra

if TYPE_CHECKING:
    from ..testing.model.store import RunStore

_REFRESH = 0.5


@click.command(context_settings=SETTINGS)
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default="a free one", help="Port to listen on.")
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address; no other is accepted.")
@click.option("--api-key", help="The key that clients must have (default: a fixed one, printed).")
@click.option("--trace", "target", type=FILE, metavar="T.json", help="Write the trace of all runs at the end.")
def backend(port: int, host: str, api_key: str | None, target: Path | None) -> None:
    """Run a W&B backend on this machine, for programs started in other terminals.

    Prints the environment variables that lead a program to it, ready to paste, and then on one line what has
    arrived. Everything is kept in memory. Ctrl-C stops it and, with --trace, writes what was received.

    Exit codes: 0 stopped by Ctrl-C or SIGTERM; 2 the address is not loopback or in use, or the trace
    cannot be written.
    """
    with testing_extra("backend"):
        from ..testing.doors.server import KEY, Backend
    stop = threading.Event()
    with ExitStack() as stack:
        file = stack.enter_context(output(target)) if target else None
        try:
            server = stack.enter_context(Backend(host=host, port=port, api_key=api_key or KEY))
        except ValueError as error:  # the address is not loopback
            raise Failure(str(error)) from None
        except OSError as error:
            raise Failure(f"cannot listen on port {port} of {host}: {error.strerror}") from None
        for number in (signal.SIGINT, signal.SIGTERM):
            stack.callback(signal.signal, number, signal.signal(number, lambda *_: stop.set()))
        click.echo(f"W&B backend at {server.url}. Ctrl-C stops it. In the terminal of your program:\n")
        for name, value in server.environment().items():
            click.echo(f"export {name}={shlex.quote(value)}")
        click.echo()
        _watch(server.store, stop)
        if file is not None:
            _write(file, server.store)


def _watch(store: RunStore, stop: threading.Event) -> None:
    """Keeps one line up to date in a terminal; elsewhere prints it whenever it changes."""
    console = Console()
    if console.is_terminal:
        with Live(Text(status(store)), console=console, refresh_per_second=4, transient=False) as live:
            while not stop.wait(_REFRESH):
                live.update(Text(status(store)))
            live.update(Text(status(store)))
        return
    shown = ""
    while not stop.is_set():
        if (line := status(store)) != shown:
            click.echo(line)
            shown = line
        stop.wait(_REFRESH)


def status(store: RunStore) -> str:
    """One line about what the backend holds now."""
    from ..testing.views.describe import tally

    with store.lock:
        runs = list(store.runs.values())
        going = sum(run.exit_code is None for run in runs)
        counts = [
            (len(runs), "run"),
            (sum(len(run.history) for run in runs), "row"),
            (sum(len(run.files) for run in runs), "file"),
            (sum(len(run.logged) for run in runs), "artifact"),
        ]
        unknown = len(store.unknown)
    text = tally(counts) if runs else "no run yet"
    text += f"; {going} going on" if going else ""
    return text + (f"; {unknown} unknown requests, the last: {store.unknown[-1]}" if unknown else "")


def _write(file: Output, store: RunStore) -> None:
    with testing_extra("backend --trace"):
        from ..testing.trace.normalize import dumps, trace_of
        from ..testing.views.trace_size import holdings
    snapshot = store.snapshot()
    made = trace_of(snapshot, "http")
    file.write(dumps(made))
    for line in dict.fromkeys(snapshot.unknown):
        click.echo(f"backend: was asked what it does not know: {line}", err=True)
    click.echo(f"backend: {file.path} holds {holdings(made)}", err=True)
