"""The command ``check``: the scenarios and a user's own program with the versions that the user names."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from wandb_keras_compat.hook.choices import KERAS_CHOICES

from . import axes
from .progress import ProgressDisplay
from .resolve import ResolverAnswers

console = Console(stderr=True, highlight=False)


@click.command()
@click.option("--python", help="By default the newest that has wheels for both.")
@click.option("--tensorflow", required=True)
@click.option("--keras", help="keras2, keras3, tf-keras, or a version of Keras 3; by default what TensorFlow takes.")
@click.option("--wandb", required=True)
@click.option("--scenarios", type=click.Choice(["all", "selection"]), default="selection", show_default=True)
@click.option("--limit", default=3600.0, show_default=True, help="Seconds that the environment's programs may take.")
@click.option("--with", "more", multiple=True, metavar="REQUIREMENT", help="What COMMAND needs; can be repeated.")
@click.option(
    "--run-keras",
    type=click.Choice(KERAS_CHOICES),
    help="The Keras that COMMAND was written for, as `run --keras` takes it; with --keras tf-keras.",
)
@click.option("--only-command", is_flag=True, help="Leave out the scenarios.")
@click.option(
    "--results",
    default=Path("compat-check"),
    show_default=True,
    type=click.Path(path_type=Path),
    help="Where files go.",
)
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def check(
    python: str | None,
    tensorflow: str,
    keras: str | None,
    wandb: str,
    scenarios: str,
    limit: float,
    more: tuple[str, ...],
    run_keras: str | None,
    only_command: bool,
    results: Path,
    command: tuple[str, ...],
) -> None:
    """Run the scenarios with your versions, and your own program before and after.

    COMMAND is a script or `-m module` with its arguments, after `--`. It is recorded as it is and again under
    `wandb-keras-compat run`, with the versions you name, against a backend on this machine; what differs is printed.
    Exit code 0: everything works, and the two are the same or the program runs with this package alone; 1: not;
    2: the environment cannot be made.
    """
    from wandb_keras_compat.parity.check.requirements import BadCell
    from wandb_keras_compat.parity.check.uv import Refused

    from . import check_environment as checking
    from .results import REFUSED
    from .run_cell import Options, run_cell

    matrix = axes.load()
    answers = ResolverAnswers(matrix)
    try:
        cell = checking.cell_of(matrix, python, tensorflow, keras, wandb)
    except BadCell as error:
        raise click.UsageError(str(error)) from None
    if run_keras and cell.keras != "tf-keras":
        raise click.UsageError("--run-keras needs an environment with tf-keras: --keras tf-keras")
    works = True
    if not only_command:
        options = Options(limit, results=results)
        with ProgressDisplay(console, 1) as display:
            result = run_cell(matrix, answers, cell, scenarios, options, display)
        works = checking.print_result(Console(highlight=False), matrix, result)
        if result.outcome == REFUSED:
            raise SystemExit(2)
    code = 0
    if command:
        try:
            code = checking.compare_program(matrix, answers, cell, command, more, results, limit, run_keras)
        except Refused as proof:
            console.print(f"{cell} cannot be installed together:\n{proof}", markup=False)
            raise SystemExit(2) from None
    raise SystemExit(code or (0 if works else 1))
