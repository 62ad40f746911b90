"""The commands."""

from __future__ import annotations

import signal
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click
from rich.console import Console

from wandb_keras_compat.parity.check.cells import Cell, cell_named
from wandb_keras_compat.parity.check.problems import Problem

from . import axes, select_cells
from .check_command import check
from .progress import ProgressDisplay
from .resolve import ResolverAnswers, unused_locks
from .resolve import resolve as resolve_all
from .results import RESULTS, BadResult

if TYPE_CHECKING:
    from .run_cell import Options

console = Console(stderr=True, highlight=False)


@click.group()
def main() -> None:
    """The compatibility matrix: which versions the package was run with, and what came of it."""


@main.command()
@click.option(
    "--again", is_flag=True, help="Ask about everything once more; locks are made anew where that changes them."
)
@click.option("--jobs", default=2, show_default=True, help="Questions at once.")
def resolve(again: bool, jobs: int) -> None:
    """Choose the cells from the axes, and lock each, or keep the resolver's proof that it cannot exist."""
    matrix = axes.load()
    _resolved(matrix, ResolverAnswers(matrix, again=again), jobs)


def _resolved(matrix: axes.Matrix, answers: ResolverAnswers, jobs: int = 2) -> list[select_cells.SelectedCell]:
    """Answers and locks as they should be; says how many."""
    chosen = resolve_all(matrix, answers, jobs, console.print)
    for path in unused_locks(chosen):
        path.unlink()
    counts = {tier: sum(item.tier == tier for item in chosen) for tier in select_cells.TIERS}
    console.print(
        f"{answers.asked} questions; {len(chosen)} cells ({', '.join(f'{n} {tier}' for tier, n in counts.items())}), "
        f"{len(answers.refused())} that cannot be installed",
        soft_wrap=True,
    )
    return chosen


def _chosen(matrix: axes.Matrix, answers: ResolverAnswers) -> list[select_cells.SelectedCell]:
    chosen = select_cells.choose(matrix, answers.can)
    if answers.asked:
        answers.save()
    return chosen


@main.command()
@click.argument("cells", nargs=-1, metavar="[CELL]...")
@click.option(
    "--tier", type=click.Choice(select_cells.TIERS), default="corner", show_default=True, help="Without CELL: which."
)
@click.option("--jobs", default=1, show_default=True, help="Cells at once; TensorFlow itself uses every core.")
@click.option("--limit", default=3600.0, show_default=True, help="Seconds that one cell may take.")
@click.option("--silent", default=300.0, show_default=True, help="Seconds that a program of a cell may say nothing.")
@click.option(
    "--scenarios", type=click.Choice(["all", "selection"]), help="By default what matrix.toml says of the tier."
)
@click.option(
    "--scratch", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Where environments are made."
)
@click.option(
    "--results", type=click.Path(path_type=Path), help="Where the results go instead of the repository's own."
)
@click.option("--keep", is_flag=True, help="Environments stay.")
@click.option("--again", is_flag=True, help="Also what has a result of this code, and what wandb does alone.")
@click.option("--limit-cells", type=int, help="No more than so many; the next call goes on.")
def run(
    cells: tuple[str, ...],
    tier: str,
    jobs: int,
    limit: float,
    silent: float,
    scenarios: str | None,
    scratch: Path | None,
    results: Path | None,
    keep: bool,
    again: bool,
    limit_cells: int | None,
) -> None:
    """Run cells: by name (CELL as `list` prints it, or a corner's own name), or those of a tier.

    Cells whose result is of this code are left out, so an interrupted call is simply called again. Exit code 1: a
    record of ours fails; 2: a cell could not be run here, or the call was wrong.
    """
    from .run_cell import Options

    matrix = axes.load()
    answers = ResolverAnswers(matrix)
    wanted = _named(matrix, answers, cells) if cells else select_cells.to_run(_chosen(matrix, answers), tier)
    plan = [(item.cell, scenarios or matrix.scenarios[item.tier]) for item in wanted]
    options = Options(limit, silent, scratch, keep, results or RESULTS)
    raise SystemExit(_run(matrix, answers, plan[:limit_cells], options, jobs, again=again))


def _run(
    matrix: axes.Matrix,
    answers: ResolverAnswers,
    plan: list[tuple[Cell, str]],
    options: Options,
    jobs: int,
    *,
    again: bool,
) -> int:
    """Runs a plan and says what fails; the exit code."""
    from wandb_keras_compat.parity.check.judge import ABSENT, DIFFERS, WORKS, today

    from . import run_cells as running
    from .summary import summarize

    def stop(number: int, frame: FrameType | None) -> None:
        options.stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    with ProgressDisplay(console, len(plan)) as display:
        done, failed = running.run(matrix, answers, plan, options, jobs, display, again=again)
    bad = 0
    for row in summarize(matrix, [], done, {}, today(), "").rows:
        for (capability, who), mark in row.marks.items():
            if who == "ours" and mark.state not in {WORKS, DIFFERS, ABSENT}:
                bad += 1
                how = mark.failures[0]["how"] if mark.failures else mark.note
                console.print(f"{row.cell.name}: {capability} {mark.state}: {how}", markup=False, soft_wrap=True)
    return 2 if failed else 1 if bad else 0


@main.command()
@click.argument("release", metavar="PACKAGE==VERSION")
@click.option("--jobs", default=1, show_default=True, help="Cells at once.")
@click.pass_context
def update(context: click.Context, release: str, jobs: int) -> None:
    """Take in a release that was put into its axis: resolve, run the cells it is in, render everything.

    PACKAGE is tensorflow, wandb or python. Exit codes as those of `run`.
    """
    from . import github_workflow as rendering
    from . import render as reporting
    from .run_cell import Options

    package, _, version = release.partition("==")
    matrix = axes.load()
    if package not in {"tensorflow", "wandb", "python"} or version not in getattr(matrix, package).versions:
        raise click.UsageError(f"{release}: put the version into axes.{package}.versions of matrix.toml first")
    answers = ResolverAnswers(matrix)
    chosen = [item for item in _resolved(matrix, answers) if getattr(item.cell, package) == version]
    plan = [(item.cell, matrix.scenarios[item.tier]) for item in chosen]
    code = _run(matrix, answers, plan, Options(), jobs, again=False)
    for line in reporting.render(matrix, answers):
        console.print(line, markup=False, soft_wrap=True)
    rendering.write(matrix, answers)
    context.exit(code)


def _named(matrix: axes.Matrix, answers: ResolverAnswers, names: tuple[str, ...]) -> list[select_cells.SelectedCell]:
    corners = {corner.name: corner.cell for corner in matrix.corners}
    cells = [corners.get(name) or _cell(name) for name in names]
    tiers = {item.cell: item.tier for item in _chosen(matrix, answers)}
    return [select_cells.SelectedCell(cell, tiers.get(cell, "full")) for cell in cells]


def _cell(name: str) -> Cell:
    try:
        return cell_named(name)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@main.command(name="list")
@click.option("--tier", type=click.Choice(select_cells.TIERS), default="full", show_default=True)
def list_cells(tier: str) -> None:
    """Print the cells of a tier, each with why it is run."""
    matrix = axes.load()
    for item in select_cells.of_tier(_chosen(matrix, ResolverAnswers(matrix)), tier):
        click.echo(f"{item.cell.name}  {item.tier}: {'; '.join(item.why)}")


@main.command()
@click.option(
    "--check", is_flag=True, help="Change nothing; exit code 1 where a rendered file is not what the results say."
)
@click.option("--strict", is_flag=True, help="With --check: ages by today's code, too.")
@click.option("--failing", is_flag=True, help="Print what fails instead, with tracebacks.")
def report(check: bool, strict: bool, failing: bool) -> None:
    """Render the results: RESULTS.md, results.html and the table of docs/reference/versions.md."""
    from . import render as reporting
    from .code_snapshot import digest

    matrix = axes.load()
    answers = ResolverAnswers(matrix)
    if failing:
        found = reporting.current(matrix, answers, digest()).failures()
        for row, capability, failure in found:
            click.echo(f"{row.cell}, {capability}, {failure['what']}: {failure['how']}\n{failure['traceback']}")
            for item in failure["differences"][:8]:
                click.echo(f"  {item['path']} ({item['kind']}): {item.get('old', '')} | {item.get('new', '')}")
        raise SystemExit(1 if found else 0)
    printed = reporting.render(matrix, answers, check=check, strict=strict)
    for line in printed:
        console.print(line, markup=False)
    raise SystemExit(1 if printed and check else 0)


@main.command()
@click.option("--check", is_flag=True, help="Change nothing; exit code 1 where the file is not what the matrix says.")
def workflow(check: bool) -> None:
    """Render .github/workflows/matrix.yml from the matrix."""
    from . import github_workflow as rendering

    matrix = axes.load()
    if not rendering.write(matrix, ResolverAnswers(matrix), check=check):
        console.print(f"{rendering.WORKFLOW.name} is not what the matrix says; run python -m compat_matrix workflow")
        raise SystemExit(1)


main.add_command(check)


def run_main() -> None:
    """The group, with the sentences of problems."""
    try:
        main(standalone_mode=False)
    except (Problem, BadResult, axes.MatrixError) as problem:
        raise SystemExit(f"compat_matrix: {problem}") from None
    except click.ClickException as error:
        error.show()
        raise SystemExit(error.exit_code) from None
    except click.exceptions.Abort:
        raise SystemExit(130) from None
