"""``check``: whether the callback does here what the real legacy class did, capability by capability."""

from __future__ import annotations

import difflib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .io import FILE, SETTINGS, output, testing_extra

if TYPE_CHECKING:
    from ..parity.check.report import Report
    from ..testing.trace.ledger import Ledger


@click.command(context_settings=SETTINGS)
@click.option("--all", "every", is_flag=True, help="Play every scenario, which takes some minutes.")
@click.option("--only", multiple=True, metavar="NAME", help="A capability or a scenario (* is any text); repeatable.")
@click.option("--against", type=click.Choice(["shim", "native"]), default="shim", show_default=True,
              help="Whose callback is played: this package's, or the installed wandb's own, alone.")  # fmt: skip
@click.option("--ledger", "own_ledger", type=FILE, metavar="FILE",
              help="Known differences of your own (YAML), beside those of this package.")  # fmt: skip
@click.option("--json", "as_json", type=FILE, metavar="FILE", help="Write all that was found, every path included.")
@click.option("--explain", is_flag=True, help="Say below the table what each known difference is.")
@click.option("--timeout", default=300.0, show_default=True, metavar="SECONDS", type=click.FloatRange(min=0),
              help="A scenario that takes longer is ended.")  # fmt: skip
def check(
    every: bool,
    only: tuple[str, ...],
    against: str,
    own_ledger: Path | None,
    as_json: Path | None,
    explain: bool,
    timeout: float,
) -> None:
    """Check that the callback logs here what the real legacy class logged.

    Small trainings (scenarios) are played with the Python, TensorFlow, Keras and wandb of this environment, without
    an account or network, and held against traces of the real class that are part of this package. Prints for each
    capability (metrics, best, checkpoint, gradients, weights, flops, graph, evaluation, examples, and all together)
    that it works, works with known differences (by id, see --explain), or fails: where, and both values.

    \b
      wandb-keras-compat check
      wandb-keras-compat check --only gradients --only "table_*"
      wandb-keras-compat check --all --json check.json

    A selection that takes about a minute is played by default.

    \b
    Exit codes:
      0  everything works
      1  something fails
      2  something could not be played or judged: a sentence says what, and
         the rest of the table is printed all the same
    """
    from ..parity.check import messages
    from ..parity.check.capabilities import CAPABILITIES, NoSuchName, scenarios_of
    from ..parity.scenarios import SCENARIOS

    try:
        names = scenarios_of(only, every=every)
    except NoSuchName as error:
        near = difflib.get_close_matches(str(error), [*CAPABILITIES, *SCENARIOS], 3)
        raise click.UsageError(messages.no_such_name(str(error), near, CAPABILITIES)) from None
    if as_json is None:
        report, known = _checked(names, own_ledger, against, timeout)
    else:
        with output(as_json) as file:
            report, known = _checked(names, own_ledger, against, timeout)
            file.write(json.dumps(report.as_json(), indent=1, ensure_ascii=False) + "\n")
    for line in report.lines():
        click.echo(line)
    if explain:
        from ..parity.check.report import explained

        click.echo("".join(f"\n{line}" for line in explained(report.rows, known)))
    for problem in report.problems:
        click.echo(f"check: {problem}", err=True)
    click.get_current_context().exit(report.exit_code)


def _checked(names: list[str], own_ledger: Path | None, against: str, timeout: float) -> tuple[Report, Ledger]:
    with testing_extra("check"):
        import jsonschema  # noqa: F401 - the ledger is read with both, and is not read before something was played
        import ruamel.yaml  # noqa: F401

        from ..parity.check import messages
        from ..parity.check.run import Options, check
        from ..parity.ledger import ledger
        from ..testing.trace.ledger import Ledger, LedgerError
    known, problems = ledger(), []
    if own_ledger is not None:
        try:
            known = known.beside(Ledger.load(own_ledger))
        except LedgerError as error:
            problems.append(messages.bad_ledger(error))
    shown = _Progress(len(names))
    try:
        report = check(names, known, Options(against=against, timeout=timeout, problems=problems, progress=shown.show))
    finally:
        shown.end()
    return report, known


class _Progress:
    """One line at a terminal, which is written over; elsewhere a line from time to time."""

    def __init__(self, of: int) -> None:
        self._of = of
        self._shown = -1
        self._terminal = sys.stderr.isatty()
        self.show(0, "starting TensorFlow")

    def show(self, done: int, name: str) -> None:
        step = 1 if self._terminal else 10
        if done // step <= self._shown:
            return
        self._shown = done // step
        text = f"check: {done} of {self._of} scenarios, {name}"
        click.echo(f"\r\033[K{text}" if self._terminal else text, err=True, nl=not self._terminal)

    def end(self) -> None:
        if self._terminal:
            click.echo("\r\033[K", err=True, nl=False)
