"""Which of its witnesses fails first when a module has other text: in a child of this process, or in a copy of the tree."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from .forked import in_a_child
from .module_witnesses import OF_PROGRAMS
from .sources import ROOT, module_name
from .swap import OPTIONS_OF_PYTEST, forget, put_in
from .tree_copy import TreeCopy, tree_copy

#: The test that failed, None in its place where all pass; None for the whole where that took too long.
Verdict: TypeAlias = "list[str | None] | None"
#: Of the path of a module, its text, tests, and how many seconds these may take.
Judge: TypeAlias = Callable[[Path, str, "list[str]", float], Verdict]


@contextmanager
def judge_of(module: str) -> Iterator[Judge]:
    if module not in OF_PROGRAMS:
        yield _forked
        return
    with tree_copy() as copy:
        yield lambda path, source, tests, seconds: _in_copy(copy, path, source, tests, seconds)


def _in_copy(copy: TreeCopy, path: Path, source: str, tests: list[str], seconds: float) -> Verdict:
    with copy.replaced(path.relative_to(ROOT).as_posix(), source):
        done = copy.run(tests, seconds=seconds)
    if done.returncode == 0:
        return [None]
    failed = re.search(r"^(?:FAILED|ERROR) ([^\s\[]+)", done.stdout, re.MULTILINE)
    return [failed[1]] if failed else None


def _forked(path: Path, source: str, tests: list[str], seconds: float) -> Verdict:
    return in_a_child(
        lambda: _first_failure(module_name(path), source, tests),
        seconds,
        failed=lambda error: [f"{type(error).__name__} at import"],
        died=["the process died"],
    )


#: What takes long to import and is not mutated.
_SLOW = (
    "wandb", "numpy", "hypothesis.extra.numpy", "h5py", "PIL.Image", "jsonschema", "httpx", "rich.console",
    "starlette.applications", "uvicorn", "graphql", "wandb.proto.wandb_internal_pb2", "ruamel.yaml", "libcst.metadata",
)  # fmt: skip
#: What takes longest, and is for witnesses alone that need it: others look at what is loaded.
_SLOWEST = ("tensorflow", "keras", "pandas", "scipy.sparse", "wandb.integration.keras.callbacks")


def warm_up(*, tensorflow: bool) -> None:
    """Imports once, for all children, what they need. TensorFlow is not asked for anything: its threads would stay here."""
    for name in (*_SLOW, *(_SLOWEST if tensorflow else ())):
        try:
            __import__(name)
        except ImportError:
            continue


def _first_failure(module: str, source: str, tests: list[str]) -> list[str | None]:
    """The first of *tests* that fails with *module* as *source* has it."""
    import pytest

    sys.dont_write_bytecode = True
    forget("wandb_keras_compat", "wandb_keras_codemods", "tests", but="tests.parity")
    put_in(module, source)
    if (tensorflow := sys.modules.get("tensorflow")) is not None:
        tensorflow.config.run_functions_eagerly(True)  # small models train in a third of the time
    watch = _FirstFailure()
    options = ["-x", *OPTIONS_OF_PYTEST, "--hypothesis-seed=0"]
    code = pytest.main([*options, *(str(ROOT / test) for test in tests)], plugins=[watch])
    if watch.found is None and code != pytest.ExitCode.OK:  # a conftest that cannot be imported is no test's report
        watch.found = f"pytest ended with {int(code)}"
    return [watch.found]


class _FirstFailure:
    def __init__(self) -> None:
        self.found: str | None = None

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed and self.found is None:
            self.found = report.nodeid.partition("[")[0]

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed and self.found is None:
            self.found = f"{report.nodeid} (not collected)"
