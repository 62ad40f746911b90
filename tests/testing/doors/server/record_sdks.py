"""Tries the backend with real SDKs, and keeps what was seen: ``python -m tests.testing.doors.server.record_sdks``.

``record PYTHON...`` runs four programs with each interpreter (any Python that has wandb, NumPy and Pillow), ``large``
one that logs a file of two gibibytes, ``legacy`` sweeps of a legacy program (they need TensorFlow). All add to

* ``sdk_answers.json``, what the public API was told, question by question,
* ``src/wandb_keras_compat/testing/doors/server/sdk_calls.json``, what each wandb asked the backend for.

Then ``render`` writes ``docs/backend-checks.md`` and ``docs/backend-calls.md``. ``nox -s sdk -- record`` makes the
interpreters, records and renders.
"""

from __future__ import annotations

import base64
import hashlib
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

from . import function_sweep, large_file, legacy_sweeps, reading_back, same_content, scenario
from .expected_answers import release
from .render_checks import PAGE, page
from .sdk_results import ANSWERS, check_function_sweep, program_digest, wrong
from .sdk_results import answers as seen_answers

ROOT = Path(__file__).parents[4]
CALLS_PAGE = ROOT / "docs" / "backend-calls.md"
PROGRAMS = ((reading_back, ()), (scenario, ()), (function_sweep, ("grid",)), (same_content, ("one", "two")))
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
                output = _output(python, Path(folder), backend, str(program.__file__), *arguments)
                if program is reading_back:
                    said = seen_answers(output, backend.snapshot())
                elif program is function_sweep:
                    check_function_sweep(output, backend.snapshot())
    return said, {kind: set(names) for kind, names in asked.items()}


def large(python: str) -> tuple[str, Asked]:
    """``yes`` where a file of two gibibytes came as it was, in parts; and what was asked for."""
    with watched() as asked, tempfile.TemporaryDirectory() as folder, Backend() as backend:
        output = _output(python, Path(folder), backend, str(large_file.__file__))
        (artifact,) = backend.snapshot().runs[0].artifacts()
        content = artifact.content("large.bin")
        assert content is not None
        digest = base64.b64encode(hashlib.md5(content).digest()).decode()
        same = len(content) == large_file.SIZE and digest == output.split("SAID ")[1].strip()
        backend.store.clear()
    parts = "completeMultipartUploadArtifact" in asked["mutation"]
    return "yes" if same and parts else f"{same=} {parts=}", dict(asked)


def legacy(python: str) -> dict[str, str]:
    """``yes`` for each way to sweep a legacy program, by an interpreter that has TensorFlow."""
    found = {}
    for name in ("legacy function", "legacy command"):
        with tempfile.TemporaryDirectory() as folder, Backend() as backend:
            place = legacy_sweeps.prepared(Path(folder))
            around = environment(place, backend)
            if name == "legacy function":
                best = legacy_sweeps.by_function(python, around, place)
            else:
                best = legacy_sweeps.by_command(python, around, place, backend)
            legacy_sweeps.check(backend.snapshot(), best)
        found[name] = "yes"
    return found


def environment(folder: Path, backend: Backend) -> dict[str, str]:
    own = {**wandb_folders(folder), "HOME": str(folder), "WANDB_SILENT": "true", "SCENARIO_ENTITY": "local"}
    return inherited_environment(own, backend.environment(), drop=["WANDB_"], path=[ROOT / "src"])


def _output(python: str, folder: Path, backend: Backend, *arguments: str) -> str:
    done = subprocess.run(
        [python, *arguments],
        env=environment(folder, backend),
        cwd=folder,
        text=True,
        capture_output=True,
        timeout=580,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{python} {arguments}: {done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done.stdout


def record(pythons: list[str], what: str) -> int:
    """Adds what was seen with each interpreter to the files; 1 where something was not as it is to be."""
    failed = False
    for python in pythons:
        command = [python, "-c", "import wandb; print(wandb.__version__)"]
        version = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1]
        new: dict[str, Any] = {}
        further: dict[str, str] = {}
        asked: Asked = {}
        if what == "record":
            said, asked = tried(python)
            said.pop("version")
            new = {"program": program_digest(), "answers": said}
            further = {"sweep": "yes"}
            bad = wrong(version, said)
            failed |= bool(bad)
            print(f"wandb {version}: {len(said)} questions, {f'wrong: {bad}' if bad else 'all right'}", flush=True)
        elif what == "large":
            further["large file"], asked = large(python)
            failed |= further["large file"] != "yes"
        else:
            further = legacy(python)
        print(f"wandb {version}: {further}", flush=True)
        answers, calls = _read(ANSWERS), _read(supported.CALLS)
        there = answers.get(version, {"program": "", "answers": {}})
        answers[version] = {**there, **new, "further": {**there.get("further", {}), **further}}
        known = calls.setdefault(version, {})
        for kind, names in sorted(asked.items()):
            known[kind] = sorted({*names, *known.get(kind, [])})
        _write(ANSWERS, answers)
        _write(supported.CALLS, calls)
    return int(failed)


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
    """Exit code 1 where an answer was wrong."""
    if arguments[:1] in (["record"], ["large"], ["legacy"]):
        return record(arguments[1:], arguments[0])
    if arguments[:1] == ["render"]:
        PAGE.write_text(page(), encoding="utf-8")
        CALLS_PAGE.write_text(supported.page(), encoding="utf-8")
        return 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
