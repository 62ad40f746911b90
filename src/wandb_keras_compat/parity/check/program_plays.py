"""Whole programs: started as users start them, and judged by what the server on this machine got from them."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ...testing.doors.server import Backend
from ...testing.model.snapshot import RunSnapshot
from ...testing.trace.ledger import Ledger
from ...testing.trace.normalize import trace_of
from ..keras2 import play as keras2
from ..keras2.judge import against_golden
from . import process
from .interpreter import Interpreter
from .judge import Verdict, last_line, verdict_on
from .parsing import parsed
from .programs import HOOK_PROGRAMS, RUN, STARTED
from .retry import each, failure_of


def played_hook(names: Sequence[str], interpreter: Interpreter, package: Path, *, ours: bool) -> Iterator[Verdict]:
    """The verdicts on programs of the hook: each ran to its end, and the server got what it promises.

    Args:
        package: the folder of this package, whose programs are started.
        ours: under ``run``, and else plainly.
    """
    said: dict[str, str] = {}
    runs: list[RunSnapshot] = []

    def path_of(name: str) -> Path:
        return package / HOOK_PROGRAMS / f"{name}.py"

    def attempt(left: Sequence[str]) -> process.ProcessResult:
        with Backend() as backend:
            ended = interpreter.run(
                *(RUN if ours else ()), str(package / STARTED), *(str(path_of(name)) for name in left),
                more=backend.environment(),
            )  # fmt: skip
            runs.extend(backend.snapshot().runs)
        for found in map(_parsed, ended.out.splitlines()):
            if "program" in found:
                said[Path(found["program"]).stem] = found["ended"]
        return ended

    def verdict(name: str) -> Verdict | None:
        if name not in said:
            return None
        if said[name]:
            return Verdict(name, how=last_line(said[name]), traceback=said[name])
        missing = unkept(path_of(name), [run for run in runs if run.project == name])
        return Verdict(name, how=f"no {', '.join(missing)} in its run" if missing else "")

    yield from each(names, attempt, verdict, interpreter.limits)


def unkept(script: Path, runs: Sequence[RunSnapshot]) -> list[str]:
    """What *script* promises and none of *runs* has.

    Its docstring has the keys of rows and the summary after ``Logs:``, names of artifacts after ``Artifacts:``.
    """
    said = ast.get_docstring(parsed(script.read_text(encoding="utf-8"))) or ""
    logs, _, artifacts = said.partition("Logs:")[2].partition("Artifacts:")
    keys = {key for run in runs for key in [*run.history_keys(), *run.summary()]}
    there = {(artifact.name, run.id) for run in runs for artifact in run.artifacts()}
    names = {name.replace(run_id, "<run>") for name, run_id in there}
    return sorted({*logs.split()} - keys) + sorted({*artifacts.split()} - names)


def played_in_keras_2_spelling(
    names: Sequence[str],
    interpreter: Interpreter,
    package: Path,
    versions: Mapping[str, str],
    known: Ledger,
    *,
    ours: bool,
) -> Iterator[Verdict]:
    """The verdicts on these programs, each in a process: it ran to its end, and logged what the real class did."""
    for name in names:
        if interpreter.limits.over:
            return
        script = package / keras2.PROGRAMS.relative_to(keras2.SOURCES / "wandb_keras_compat") / f"{name}.py"
        with Backend() as backend:
            own = {**keras2.SAME, **backend.environment()}
            options = (*RUN, "--keras", "tf_keras") if ours else ()
            ended = interpreter.run(*options, str(script), more=own)
            trace = trace_of(backend.snapshot(), "http", blind=keras2.BLIND)
        if ended.hung:
            yield failure_of(name, ended)
        elif ended.code:
            yield Verdict(name, how=last_line(ended.err), traceback=ended.err)
        else:
            yield verdict_on(name, against_golden(name, keras2.silenced(trace, dict(versions)), known))


def _parsed(line: str) -> dict[str, str]:
    try:
        found = json.loads(line)
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
