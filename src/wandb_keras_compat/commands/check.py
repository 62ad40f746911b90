"""``check``: whether the callback does here what the real legacy class did, capability by capability."""

from __future__ import annotations

import difflib
import json
import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..hook.choices import KERAS_CHOICES
from .io import FILE, SETTINGS, Failure, output, testing_extra

if TYPE_CHECKING:
    from ..parity.check.report import Report
    from ..testing.trace.ledger import Ledger


@click.command(context_settings=SETTINGS)
@click.option("--all", "every", is_flag=True, help="Play every scenario, which takes some minutes.")
@click.option(
    "--only", multiple=True, metavar="NAME", help="A capability, scenario, use or program (* is any text); repeatable."
)
@click.option("--against", type=click.Choice(["shim", "native"]), default="shim", show_default=True,
              help="Whose callback is played: this package's, or the installed wandb's own, alone.")  # fmt: skip
@click.option("--ledger", "own_ledger", type=FILE, metavar="FILE",
              help="Known differences of your own (YAML), beside those of this package.")  # fmt: skip
@click.option("--json", "as_json", type=FILE, metavar="FILE", help="Write all that was found, every path included.")
@click.option("--explain", is_flag=True, help="Say below the table what each known difference is.")
@click.option("--timeout", default=300.0, show_default=True, metavar="SECONDS", type=click.FloatRange(min=0),
              help="A scenario, use or program that takes longer is ended.")  # fmt: skip
@click.option("--tensorflow", metavar="VERSION", help="Make an environment with this TensorFlow, and play there.")
@click.option("--wandb", metavar="VERSION", help="The wandb of that environment.")
@click.option("--python", metavar="VERSION", help="Its Python; by default the newest that has wheels for both.")
@click.option("--keras", metavar="VERSION", help="Its Keras: keras2, keras3, tf-keras or a version of Keras 3.")
@click.option("--with", "more", multiple=True, metavar="REQUIREMENT", help="What PROGRAM needs beside; repeatable.")
@click.option("--run-keras", type=click.Choice(KERAS_CHOICES), help="For PROGRAM, as `run --keras`.")
@click.option("--only-program", is_flag=True, help="Play PROGRAM alone.")
@click.option("--traces", type=FILE, default=Path("compat-check"), show_default=True, metavar="FOLDER",
              help="Where the traces of PROGRAM are put.")  # fmt: skip
@click.argument("program", nargs=-1, type=click.UNPROCESSED, metavar="[-- PROGRAM [ARGS]...]")
def check(
    every: bool,
    only: tuple[str, ...],
    against: str,
    own_ledger: Path | None,
    as_json: Path | None,
    explain: bool,
    timeout: float,
    tensorflow: str | None,
    wandb: str | None,
    python: str | None,
    keras: str | None,
    more: tuple[str, ...],
    run_keras: str | None,
    only_program: bool,
    traces: Path,
    program: tuple[str, ...],
) -> None:
    """Check that the callback logs here what the real legacy class logged.

    Small trainings (scenarios) are played with the Python, Keras and wandb of this environment, on TensorFlow, JAX or
    PyTorch (KERAS_BACKEND), without an account or network, and held against traces of the real class that are part of
    this package; then the documented uses of the newer three callbacks, and whole programs under `run`. Prints for each
    capability (metrics, best, checkpoint, gradients, weights, flops, graph, evaluation, examples, all together;
    metrics_logger, model_checkpoint, eval_callback; hook, keras_2_spelling) that it works, works with known differences
    (by id, see --explain), or fails: where, and both values.

    \b
      wandb-keras-compat check
      wandb-keras-compat check --only gradients --only "table_*"
      wandb-keras-compat check --all --json check.json

    A selection of the scenarios, and all else, is played by default: about a minute and a half.

    With --tensorflow and --wandb an environment of these versions is made (by uv, from PyPI), and removed after it.
    PROGRAM, a script or `-m module` with its arguments, is then recorded there as it is and under
    `wandb-keras-compat run`, with the same seed; what differs is printed.

    \b
      wandb-keras-compat check --tensorflow 2.18.1 --wandb 0.28.2
      wandb-keras-compat check --tensorflow 2.19.1 --keras tf-keras \\
          --wandb 0.31.0 --with pandas -- train.py --epochs 3

    \b
    Exit codes:
      0  everything works, and PROGRAM logs with this package what it logs
         without it, or does not run without it
      1  something fails, or PROGRAM does
      2  an environment that cannot be made, or something that could not be
         played or judged: a sentence says what, and the rest is printed
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # TensorFlow reads checkpoints of traces here, and would say so
    with testing_extra("check"):
        import jsonschema  # noqa: F401 - the ledger is read with both, and is not read before something was played
        import ruamel.yaml  # noqa: F401

        from ..parity.check import messages
        from ..parity.check.capabilities import BESIDE_SCENARIOS, CAPABILITIES, NoSuchName, items_of
        from ..parity.scenarios import SCENARIOS

    try:
        names = items_of(only, every=every)
    except NoSuchName as error:
        near = difflib.get_close_matches(str(error), [*CAPABILITIES, *SCENARIOS, *BESIDE_SCENARIOS], 3)
        raise click.UsageError(messages.no_such_name(str(error), near, CAPABILITIES)) from None
    items = _Items(names, own_ledger, against, timeout, as_json, explain)
    if tensorflow is None or wandb is None:
        asked = {"--tensorflow": tensorflow, "--wandb": wandb, "--python": python, "--keras": keras, "--with": more,
                 "--run-keras": run_keras, "--only-program": only_program, "PROGRAM": program}  # fmt: skip
        if given := [name for name, value in asked.items() if value]:
            raise click.UsageError(messages.only_with_an_environment(given))
        click.get_current_context().exit(items.played())
    from ..parity.check import make_environment
    from ..parity.check.problems import Problem
    from ..parity.check.program import compare_program
    from ..parity.check.requirements import BadCell
    from ..parity.check.uv import Refused

    codes = []
    try:
        cell = make_environment.cell_of(python, tensorflow, keras, wandb)
        click.echo(f"check: making an environment with {cell}", err=True)
        with make_environment.made(cell, more) as environment:
            if not only_program:
                codes.append(items.played(str(environment.python), environment.variables()))
            if program:
                codes.append(compare_program(environment.python, environment.variables, program, traces, run_keras))
    except BadCell as error:
        raise click.UsageError(str(error)) from None
    except Refused as proof:
        raise Failure(messages.cannot_be_installed(cell, proof)) from None
    except Problem as error:
        raise Failure(str(error)) from None
    click.get_current_context().exit(max(codes, default=0))


@dataclass(frozen=True)
class _Items:
    """What is played, and how it is played and shown."""

    names: list[str]
    own_ledger: Path | None
    against: str
    timeout: float
    as_json: Path | None
    explain: bool

    def played(self, python: str = sys.executable, variables: Mapping[str, str] | None = None) -> int:
        """Plays them with the interpreter *python*, prints the table, and returns the exit code."""
        with ExitStack() as stack:
            file = stack.enter_context(output(self.as_json)) if self.as_json else None
            report, known = _checked(self, python, variables)
            if file is not None:
                file.write(json.dumps(report.as_json(), indent=1, ensure_ascii=False) + "\n")
        for line in report.lines():
            click.echo(line)
        if self.explain:
            from ..parity.check.report import explained

            click.echo("".join(f"\n{line}" for line in explained(report.rows, known)))
        for problem in report.problems:
            click.echo(f"check: {problem}", err=True)
        return report.exit_code


def _checked(wanted: _Items, python: str, variables: Mapping[str, str] | None) -> tuple[Report, Ledger]:
    from ..parity.check import messages
    from ..parity.check.options import Options
    from ..parity.check.run import check
    from ..parity.ledger import ledger
    from ..testing.trace.ledger import Ledger, LedgerError

    known, problems = ledger(), []
    if wanted.own_ledger is not None:
        try:
            known = known.beside(Ledger.load(wanted.own_ledger))
        except LedgerError as error:
            problems.append(messages.bad_ledger(error))
    shown = _Progress(len(wanted.names))
    options = Options(
        against=wanted.against,
        timeout=wanted.timeout,
        python=python,
        variables=variables,
        problems=problems,
        progress=shown.show,
    )
    try:
        report = check(wanted.names, known, options)
    finally:
        shown.end()
    return report, known


class _Progress:
    """One line at a terminal, which is written over; elsewhere a line from time to time."""

    def __init__(self, of: int) -> None:
        self._of = of
        self._shown = -1
        self._terminal = sys.stderr.isatty()
        self.show(0, "starting Keras")

    def show(self, done: int, name: str) -> None:
        step = 1 if self._terminal else 10
        if done // step <= self._shown:
            return
        self._shown = done // step
        text = f"check: {done} of {self._of} played, {name}"
        click.echo(f"\r\033[K{text}" if self._terminal else text, err=True, nl=not self._terminal)

    def end(self) -> None:
        if self._terminal:
            click.echo("\r\033[K", err=True, nl=False)
