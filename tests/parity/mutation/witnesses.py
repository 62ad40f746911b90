"""What can tell a mutant: every scenario, every other test of this folder, and behind them the tests of ``BESIDE``.

Those are run in children of one process that has TensorFlow warm: forking costs a hundredth of an import. A child
gives TensorFlow a new context, whose threads the fork has left behind, and imports the package anew.
"""

from __future__ import annotations

import gc
import importlib
import inspect
import itertools
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tensorflow as tf
from tensorflow.python.eager import context

from tests.parity.conftest import golden
from wandb_keras_compat.parity import ledger as comparison
from wandb_keras_compat.parity import play
from wandb_keras_compat.parity.composed import SELECTION
from wandb_keras_compat.parity.scenarios import SCENARIOS
from wandb_keras_compat.parity.state_machine import properties

from . import forked
from .mutants import Mutant
from .sources import ROOT, SOURCES, module_name
from .swap import OPTIONS_OF_PYTEST, forget, put_in

FOLDER = Path(__file__).parents[1]

#: Those play every scenario in a process of their own, which here are witnesses one by one.
_NOT_HERE = {"test_scenarios.py", "test_ledger.py", "test_mutants.py"}

#: Tests that say of single features what parity says of whole trainings.
BESIDE = (
    "test_arguments.py",
    "features/*",
    "callback/*",
    "faults/*",
    "small_callbacks/*",
    "host/*",
    "host/validation_data/*",
    "sdk/*",
    "newer_callbacks/test_keys.py",
)

#: A test that takes longer, in seconds, is no witness.
LONG = 8.0

#: How many plays each property of the machine draws, always the same ones.
EXAMPLES = 15

_ledger = comparison.ledger()
_goldens = {name: golden(name) for name, scenario in SCENARIOS.items() if scenario.program != "two_workers"}
_first_context: list[Any] = []


def every() -> list[str]:
    """The names of all: ``scenario NAME``, ``small NAME`` with the small callbacks, ``plays NAME`` of the machine, or
    ``tests PATH`` for all tests of a file, which are witnesses under the names pytest gives their functions.
    """
    alone = (name for name, scenario in SCENARIOS.items() if scenario.program != "two_workers")  # that is two processes
    return [
        *(f"tests {path.relative_to(ROOT).as_posix()}" for path in test_files()),
        *(f"scenario {name}" for name in alone),
        *(f"small {name}" for name in SELECTION),
        *(f"plays {name}" for name in properties.NAMES),
    ]


def test_files() -> list[Path]:
    here = [path for path in sorted(FOLDER.glob("test_*.py")) if path.name not in _NOT_HERE]
    beside = (path for pattern in BESIDE for path in sorted(FOLDER.parent.glob(pattern)))
    return here + [path for path in beside if path.match("test_*.py")]


def is_of_parity(witness: str) -> bool:
    return not witness.startswith("tests/") or witness.startswith("tests/parity/")


def is_test(witness: str) -> bool:
    return "::" in witness


def warm_up() -> None:
    _settings()
    for name in ("defaults", "everything"):
        comparison.compare(_goldens[name], play.play(name, "shim")[0], _ledger)
    # Kept: taking it down would wait for threads that no child has.
    _first_context.append(context._context)
    gc.collect()
    gc.freeze()


def _settings() -> None:
    # Operation by operation these small models train in a third of the time.
    tf.config.run_functions_eagerly(True)
    tf.config.experimental.enable_op_determinism()


def failure(witness: str) -> str | None:
    """What the witness says against the code at hand, in a line; None for nothing."""
    kind, _, name = witness.partition(" ")
    if kind in ("scenario", "small"):
        from wandb_keras_compat.parity import play
        from wandb_keras_compat.parity.ledger import compare

        trace, ended = play.play(name, "shim" if kind == "scenario" else "composed")
        if ended is not None:
            return ended.strip().splitlines()[-1]
        found = [item.path for item in compare(_goldens[name], trace, _ledger)]
        if kind == "small":  # which announce themselves, and speak, under another name
            found = [path for path in found if ".telemetry[" not in path and ".terminal[" not in path]
        return f"{found[0]} and {len(found) - 1} more" if found else None
    if kind == "plays":
        from wandb_keras_compat.parity.state_machine.properties import check

        try:
            check(name, examples=EXAMPLES, seed_of=1, shrink=False)
        except Exception as error:
            return f"{type(error).__name__}: {error}".partition("\n")[0][:200]
        return None
    test = _plain_test(witness)
    assert test is not None, witness
    try:
        test()
    except Exception as error:
        return f"{type(error).__name__}: {error}".partition("\n")[0][:200]
    return None


def first_failure(tests: list[str]) -> tuple[str, str] | None:
    """The first of *tests* that fails, all run by pytest in one session, and what it says; None where all pass."""
    watch = _FirstFailure()
    _run_pytest(["-x", *(f"{ROOT / test}" for test in tests)], watch)
    return watch.found


def _run_pytest(arguments: list[str], plugin: object) -> None:
    """Raises:
    RuntimeError: pytest did not get to the tests.
    """
    code = pytest.main([*OPTIONS_OF_PYTEST, *arguments], plugins=[plugin])
    # A file that cannot be collected is a finding about a mutant, told by the plugin; one that is skipped has nothing.
    got_there = {"OK", "TESTS_FAILED", "INTERRUPTED", "NO_TESTS_COLLECTED"}
    if pytest.ExitCode(code).name not in got_there:
        raise RuntimeError(f"pytest ended with {code!r} for {arguments}")


class _FirstFailure:
    def __init__(self) -> None:
        self.found: tuple[str, str] | None = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and self.found is None:
            crash = getattr(report.longrepr, "reprcrash", None)
            said = crash.message if crash is not None else str(report.longrepr)
            self.found = report.nodeid, said.partition("\n")[0][:200]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and self.found is None:
            self.found = report.nodeid, "not collected"


def is_plain(witness: str) -> bool:
    return _plain_test(witness) is not None


def _plain_test(witness: str) -> Callable[[], None] | None:
    """All cases of a test that needs no fixture, one after the other: without pytest, which takes longer than they."""
    path, name = witness.split("::")
    function = getattr(importlib.import_module(path.removesuffix(".py").replace("/", ".")), name)
    marks = [mark for mark in getattr(function, "pytestmark", []) if mark.name == "parametrize"]
    names = [_names(mark.args[0]) for mark in marks]
    if set(inspect.signature(function).parameters) != set(itertools.chain(*names)) or path.split("/")[1] != "parity":
        return None

    def run() -> None:
        for cases in itertools.product(*(mark.args[1] for mark in marks)):
            arguments: dict[str, Any] = {}
            for given, case in zip(names, cases):
                arguments.update(zip(given, case if len(given) > 1 else [case]))
            function(**arguments)

    return run


def _names(given: Any) -> list[str]:
    return re.split(r"\s*,\s*", given) if isinstance(given, str) else list(given)


def in_a_child(task: Callable[[], Any], seconds: float) -> Any:
    """What *task* returns in a child with fresh modules; None if that takes longer or the child dies."""

    def fresh() -> Any:
        context._reset_context()
        _settings()
        forget("wandb_keras_compat", "tests", but="wandb_keras_compat.testing")
        return task()

    return forked.in_a_child(fresh, seconds, failed=lambda error: error.__class__.__name__, died=None)


def lines_of(witness: str) -> Any:
    """``(failure, seconds, {module: executed lines})`` of the code as it is, where it fails only for the first time."""
    import coverage

    files = {str(path): module_name(path) for path in SOURCES}
    watch = coverage.Coverage(data_file=None, include=list(files))
    began = time.monotonic()
    with watch.collect():
        failed = failure(witness)
    seconds = time.monotonic() - began
    data = watch.get_data()
    return failed, seconds, {files[file]: sorted(data.lines(file) or []) for file in files if data.lines(file)}


def lines_of_tests(path: str) -> dict[str, Any]:
    """The same for each test function of a file, by its name for pytest."""
    import coverage

    files = {str(source): module_name(source) for source in SOURCES}
    watch = coverage.Coverage(data_file=None, include=list(files))
    log = _Log(watch)
    with watch.collect():
        _run_pytest([f"{ROOT / path}"], log)
    data = watch.get_data()
    found = {}
    for name, seconds in log.seconds.items():
        data.set_query_contexts([f"^{re.escape(name)}$"])
        lines = {files[file]: sorted(data.lines(file) or []) for file in files if data.lines(file)}
        found[name] = [log.failed.get(name), seconds, lines]
    return found


class _Log:
    """How long each function took, all of its cases, and which failed."""

    def __init__(self, watch: Any) -> None:
        self._watch = watch
        self.seconds: dict[str, float] = {}
        self.failed: dict[str, str] = {}

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        self._watch.switch_context(_function(item.nodeid))
        yield
        self._watch.switch_context("")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = _function(report.nodeid)
        if report.when == "call":
            self.seconds[name] = self.seconds.get(name, 0.0) + report.duration
        if report.failed:
            self.failed[name] = "failed"


def _function(nodeid: str) -> str:
    return nodeid.partition("[")[0]


def judge(mutant: Mutant, witnesses: list[str]) -> tuple[str, str] | None:
    """The first witness against *mutant* and what it says; None where there is none.

    The tests that want pytest are run last, in one session of it.
    """
    sys.dont_write_bytecode = True
    put_in(mutant.module, mutant.source)
    for witness in witnesses:
        if is_test(witness) and not is_plain(witness):
            continue
        said = failure(witness)
        if said is not None:
            return witness, said
    tests = [witness for witness in witnesses if is_test(witness) and not is_plain(witness)]
    return first_failure(tests) if tests else None
