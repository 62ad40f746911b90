"""``python -m benchmarks``: measures and prints the table."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import click
from rich.console import Console

from .report import one_line, print_table, write_json
from .results import FULL, QUICK, Row

#: Module of each measurement, in the order of the report. Imported when it is its turn: they load TensorFlow.
NAMES = (
    "gradient_pass",
    "per_batch",
    "per_epoch",
    "best_epoch",
    "joining",
    "start_up",
    "plugin_start",
    "newer_callbacks",
    "backend",
    "silent_server",
)

#: What only ``--only`` measures: it wants 4 GB of memory and some minutes.
ON_REQUEST = ("at_size",)


@click.command(context_settings={"max_content_width": 100})
@click.option(
    "--only", type=click.Choice([*NAMES, *ON_REQUEST]), multiple=True, help="One measurement; may be repeated."
)
@click.option("--quick", is_flag=True, help="A quarter of the data, half the rounds, the smallest model per epoch.")
@click.option(
    "--cpu", is_flag=True, help="Processor time of this process instead of wall time: steadier on a busy machine."
)
@click.option("--json", "path", type=click.Path(path_type=Path, dir_okay=False), help="Also write the rows here.")
def main(only: tuple[str, ...], quick: bool, cpu: bool, path: Path | None) -> None:
    """Measure what the callback costs, as ratios of paired rounds in one process.

    Needs no account and no network. Ends with 0 whatever it measured: a limit missed on a busy machine is a
    reason to look, not an error.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("WANDB_SILENT", "true")
    os.environ.setdefault("WANDB_ERROR_REPORTING", "false")
    console = Console()
    wide = console if console.is_terminal else Console(width=170)
    effort = QUICK if quick else FULL
    if cpu:
        effort = replace(effort, clock=time.process_time)
    rows: list[Row] = []
    for name in only or NAMES:
        for row in import_module(f".{name}", __package__).measure(effort):
            rows.append(row)
            click.echo(one_line(row), err=True)
    print_table(rows, wide, cpu)
    if path is not None:
        write_json(rows, path, cpu)


if __name__ == "__main__":
    main()
