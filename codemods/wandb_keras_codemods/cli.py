"""The ``migrate`` command."""

from __future__ import annotations

import json
import sys

import click
from rich.console import Console

from .documents.kinds import kind_of
from .engine import display
from .engine.atomic_write import replace_or_create
from .engine.json_report import report as make_report
from .engine.json_report import schema
from .engine.migrate_file import Job, migrate_file
from .engine.runner import Options, Summary, run
from .names import NEWER_FROM, NewerFrom
from .rules import RULES, selected
from .to_callbacks.key_readers import facts_of
from .to_callbacks.project import KEYS, Keys, combine


def _ids(_: click.Context, __: click.Parameter, value: tuple[str, ...]) -> frozenset[str]:
    known = {name: rule.id for rule in RULES for name in (rule.id, rule.name)}
    chosen = {part.strip() for text in value for part in text.split(",") if part.strip()}
    for part in sorted(chosen - known.keys()):
        raise click.BadParameter(f"there is no rule {part!r}; --list-rules names them all")
    return frozenset(known[part] for part in chosen)


def _list_rules(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        for rule in sorted(RULES, key=lambda rule: rule.id):
            click.echo(f"{rule.id}  {rule.name:16} level {rule.level}  {rule.summary}")
        context.exit()


def _explain(context: click.Context, _: click.Parameter, value: str | None) -> None:
    for rule in RULES if value else ():
        if value in {rule.id, rule.name}:
            click.echo(f"{rule.id} {rule.name} (level {rule.level})\n\n{rule.doc.strip()}")
            context.exit()
    if value:
        raise click.BadParameter(f"there is no rule {value!r}; --list-rules names them all")


def _schema(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        click.echo(json.dumps(schema(), indent=2))
        context.exit()


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(allow_dash=True))
@click.option("--diff", "mode", flag_value="diff", help="Show what would change (the default).")
@click.option("--write", "mode", flag_value="write", help="Change the files.")
@click.option("--check", "mode", flag_value="check", help="Only name the files that would change (for CI).")
@click.option("--to", "target", type=click.Choice(["compat", "callbacks"]), default="compat", show_default=True,
              help="compat: only imports and names move, to the package. callbacks: also replace the legacy "
                   "callback by the newer ones, where that keeps its meaning.")  # fmt: skip
@click.option("--keys", type=click.Choice(KEYS), show_default="new",
              help="With --to callbacks, the names of metrics afterwards. new: epoch/val_loss, by the newer "
                   "callbacks. both: val_loss and epoch/val_loss in each row. legacy: val_loss. With both and "
                   "legacy nothing moves in W&B: small callbacks of this package keep all that there is.")  # fmt: skip
@click.option("--newer-from", type=click.Choice(NEWER_FROM),
              help="Where WandbMetricsLogger, WandbModelCheckpoint and WandbEvalCallback come from. wandb: from W&B's "
                   "own module, where every use in a file means the same there; the other uses are reported. "
                   "package: also those that came from W&B's own module, where current versions refuse a use. "
                   "Default: from the package, and what came from W&B's own module stays.")  # fmt: skip
@click.option("--report", "report_file", type=click.Path(dir_okay=False), metavar="FILE.json",
              help="Write one record per place, as JSON.")  # fmt: skip
@click.option(
    "--only", multiple=True, callback=_ids, metavar="RULE", help="Run only these rules (repeat, or separate by commas)."
)
@click.option("--skip", multiple=True, callback=_ids, metavar="RULE", help="Do not run these rules.")
@click.option("--jobs", type=click.IntRange(0), default=0, show_default="as many as pay", help="Processes to use.")
@click.option(
    "--stdin-filename",
    default="stdin.py",
    show_default=True,
    help="What standard input is called, and by its ending, is.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if something changed or would (errors still give 2).")
@click.option("--color/--no-color", default=None, help="Colours: by default on a terminal, if NO_COLOR is not set.")
@click.option(
    "--list-rules",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_rules,
    help="List the rules and exit.",
)
@click.option(
    "--explain",
    is_eager=True,
    expose_value=False,
    callback=_explain,
    metavar="RULE",
    help="Print a rule's documentation and exit.",
)
@click.option(
    "--report-schema",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_schema,
    help="Print the JSON Schema of the report and exit.",
)
@click.pass_context
def migrate(
    context: click.Context,
    paths: tuple[str, ...],
    mode: str | None,
    target: str,
    keys: Keys | None,
    newer_from: NewerFrom | None,
    report_file: str | None,
    only: frozenset[str],
    skip: frozenset[str],
    jobs: int,
    stdin_filename: str,
    exit_zero: bool,
    color: bool | None,
) -> None:
    """Move code off W&B's legacy Keras callback.

    PATHs are files and directories: Python files, notebooks, YAML. In directories, what .gitignore names and
    virtual environments are skipped. "-" reads standard input and writes the result to standard output.

    The default shows a diff and changes nothing. A line that ends in "# wandb-keras-compat: ignore" is left
    alone, and so is a file with "# wandb-keras-compat: ignore-file" in it.

    \b
    Exit codes:
      0  nothing to change
      1  something to change, or changed
      2  a file could not be handled (all others still were)
    """
    out, err = display.console(sys.stdout, color=color), display.console(sys.stderr, color=color)
    level = 2 if target == "callbacks" else 1
    if keys is not None and level == 1:
        raise click.UsageError("--keys says what --to callbacks writes; --to compat changes no key")
    keys = keys or "new"
    options = Options(
        selected(level, only, skip), write=mode == "write", level=level, jobs=jobs, keys=keys, newer_from=newer_from
    )
    if "-" in paths:
        if paths != ("-",):
            raise click.UsageError("standard input (-) cannot be combined with other paths")
        summary = _standard_input(out, options, mode, stdin_filename)
    else:
        summary = _files(err, paths, options)
        _show(out, summary, mode or "diff")
    display.print_records(err, summary.records)
    display.print_moved(err, summary.records)
    display.print_summary(err, summary, write=options.write)
    if report_file is not None:
        data = make_report(summary, target=target, keys=keys if level > 1 else None, written=options.write)
        try:
            replace_or_create(report_file, (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode())
        except OSError as error:
            sentence = f"{report_file}: the report cannot be written: {error.strerror or error}"
            err.print(sentence, soft_wrap=True, markup=False)
            context.exit(2)
    code = summary.exit_code
    context.exit(0 if exit_zero and code == 1 else code)


def _files(err: Console, paths: tuple[str, ...], options: Options) -> Summary:
    with display.ProgressBar(err) as bar:
        try:
            return run(paths, options, bar)
        except KeyboardInterrupt:
            bar.__exit__()
            err.print("interrupted: every file is either as it was or completely migrated")
            raise click.exceptions.Exit(130) from None


def _show(out: Console, summary: Summary, mode: str) -> None:
    for outcome in summary.changed:
        assert outcome.after is not None
        if mode == "diff":
            display.print_diff(out, outcome.file, summary.before[outcome.file], outcome.after)
        else:
            verb = "rewrote" if mode == "write" else "would rewrite"
            out.print(f"{verb} {outcome.file}", soft_wrap=True, markup=False)


def _standard_input(out: Console, options: Options, mode: str | None, name: str) -> Summary:
    data = sys.stdin.buffer.read()
    kind = kind_of(name) or "python"
    project = combine([facts_of(name, kind, data)], options.keys) if options.level > 1 else None
    outcome = migrate_file(Job(name, kind, data, options.rules, project, options.newer_from))
    summary = Summary(seen=1, outcomes=[outcome], before={name: data})
    if mode == "diff" and outcome.after is not None:
        display.print_diff(out, name, data, outcome.after)
    elif mode in {None, "write"}:
        sys.stdout.buffer.write(data if outcome.after is None else outcome.after)
        sys.stdout.buffer.flush()
    return summary
