"""Tries the backend with real SDKs, and keeps what was seen: ``python -m tests.testing.doors.server.record_sdks``.

``record PYTHON...`` runs three programs with each interpreter (any Python that has wandb, NumPy and Pillow) and writes

* ``sdk_answers.json``, what the public API was told, question by question,
* ``src/wandb_keras_compat/testing/doors/server/sdk_calls.json``, what each wandb asked the backend for.

Others that were recorded before stay. Then ``render`` writes ``docs/backend-checks.md`` and ``docs/backend-calls.md``;
``nox -s sdk_tables`` makes the interpreters and does both.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from wandb_keras_compat.testing.child_environment import inherited_environment, wandb_folders
from wandb_keras_compat.testing.doors.server import Backend, graphql, supported

from . import function_sweep, reading_back, scenario
from .expected_answers import release
from .render_checks import PAGE, page
from .sdk_results import ANSWERS, program_digest, wrong
from .sdk_results import answers as seen_answers

ROOT = Path(__file__).parents[4]
CALLS_PAGE = ROOT / "docs" / "backend-calls.md"
PROGRAMS = ((reading_back, ()), (scenario, ()), (function_sweep, ("grid",)))
Asked = dict[str, set[str]]


@contextmanager
def watched() -> Iterator[Asked]:
    """Type to the fields of it that are asked for while this is open; the roots are ``query`` and ``mutation``."""
    found: Asked = defaultdict(set)
    mutations = set(supported.calls()["mutation"])
    answer = graphql._Executor.of_object

    def noted(self: Any, source: Any, fields: Any, path: str) -> Any:
        for field in fields:
            root = "mutation" if field.name in mutations else "query"
            kind = source.get("__typename") if path else root
            if kind and field.name in source and self._applies(field.conditions, source.get("__typename")):
                found[kind].add(field.name)
        return answer(self, source, fields, path)

    with mock.patch.object(graphql._Executor, "of_object", noted):
        yield found


def tried(python: str) -> tuple[dict[str, Any], Asked]:
    """The answers that the wandb of *python* was given, and what it asked for."""
    said: dict[str, Any] = {}
    with watched() as asked:
        for program, arguments in PROGRAMS:
            with tempfile.TemporaryDirectory() as folder, Backend() as backend:
                own = {**wandb_folders(Path(folder)), "HOME": folder, "WANDB_SILENT": "true"}
                environment = inherited_environment(own, backend.environment(), drop=["WANDB_"], path=[ROOT / "src"])
                done = subprocess.run(
                    [python, str(program.__file__), *arguments],
                    env=environment | {"SCENARIO_ENTITY": "local"},
                    cwd=folder,
                    text=True,
                    capture_output=True,
                    timeout=280,
                    check=False,
                )
            if done.returncode:
                raise SystemExit(f"{python} {program.__file__}: {done.stdout[-2000:]}{done.stderr[-4000:]}")
            if program is reading_back:
                said = seen_answers(done.stdout, backend.snapshot())
    return said, {kind: set(names) for kind, names in asked.items()}


def record(pythons: list[str]) -> int:
    answers = _read(ANSWERS)
    calls = _read(supported.CALLS)
    failed = 0
    for python in pythons:
        said, asked = tried(python)
        version = said.pop("version")
        answers[version] = {"program": program_digest(), "answers": said}
        calls[version] = {kind: sorted(names) for kind, names in sorted(asked.items())}
        bad = wrong(version, said)
        failed += bool(bad)
        print(f"wandb {version}: {len(said)} questions, {f'wrong: {bad}' if bad else 'all right'}", flush=True)
        _write(ANSWERS, answers)
        _write(supported.CALLS, calls)
    return int(failed > 0)


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def _write(path: Path, results: Mapping[str, Any]) -> None:
    """By version; one line for each short list."""
    by_version = {version: results[version] for version in sorted(results, key=release)}
    lines = []
    for version, one in by_version.items():
        parts = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in one.items()]
        lines.append(f" {json.dumps(version)}: {{\n" + ",\n".join(parts) + "\n }")
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Exit code 1 where an answer was wrong, or a page is another one."""
    if arguments[:1] == ["record"]:
        return record(arguments[1:])
    if arguments[:1] == ["render"]:
        PAGE.write_text(page(), encoding="utf-8")
        CALLS_PAGE.write_text(supported.page(), encoding="utf-8")
        return 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
