"""No test waits for time to pass and none asserts seconds: both are wrong on a busy machine, and right for no reason.

What another process does is waited for by :func:`tests.waiting.until`; that something is fast is said by counting calls.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CLOCKS = {"monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time", "time", "time_ns"}
SLEEPS, ASSERTS = "sleeps", "asserts seconds"
#: File to what it does and why it has to.
EXPLAINED: dict[str, tuple[dict[str, int], str]] = {
    "waiting.py": ({SLEEPS: 1}, "the one place that looks again and again"),
    "compat_matrix/test_process.py": ({SLEEPS: 1}, "a program that never ends, to be ended"),
    "testing/doors/server/logger.py": ({SLEEPS: 1}, "rows at a rate are what the program is for"),
    "test_waiting.py": ({SLEEPS: 5}, "the texts that the scan is tried with"),
}


def findings(text: str) -> Iterator[tuple[int, str]]:
    """Line and kind of what in the text of a module waits for time or asserts how much of it has passed."""
    tree = ast.parse(text)
    timed = _timed_names(tree)
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _sleeps(node):
            yield node.lineno, SLEEPS
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            # A program for another process.
            yield from ((node.lineno, SLEEPS) for _ in range(node.value.count("sleep(")))
        elif isinstance(node, ast.Assert) and _asks_a_clock(node.test, timed):
            yield node.lineno, ASSERTS


def _sleeps(call: ast.Call) -> bool:
    name = _name(call.func)
    if name == "wait" and isinstance(call.func, ast.Attribute):  # of an event that nobody else knows
        return isinstance(call.func.value, ast.Call) and _name(call.func.value.func) == "Event"
    return name == "sleep"


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _asks_a_clock(expression: ast.AST, timed: set[str]) -> bool:
    return any(isinstance(node, ast.expr) and _is_a_time(node, timed) for node in ast.walk(expression))


def _is_a_time(value: ast.expr, timed: set[str]) -> bool:
    """Whether it is a time, or a difference of times; *timed* are the variables that hold one."""
    if isinstance(value, ast.BinOp):
        return _is_a_time(value.left, timed) or _is_a_time(value.right, timed)
    if isinstance(value, ast.Call):
        return _name(value.func) in CLOCKS and not (value.args or value.keywords)
    return isinstance(value, ast.Name) and value.id in timed


def _timed_names(tree: ast.AST) -> set[str]:
    given = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    timed: set[str] = set()
    for _ in given:  # one more step from name to name each time
        found = {
            target.id
            for node in given
            for target in node.targets
            if isinstance(target, ast.Name) and _is_a_time(node.value, timed)
        }
        if found <= timed:
            break
        timed |= found
    return timed


def in_the_tests() -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for path in sorted(HERE.rglob("*.py")):
        kinds = Counter(kind for _, kind in findings(path.read_text(encoding="utf-8")))
        if kinds:
            found[path.relative_to(HERE).as_posix()] = kinds
    return found


def test_no_test_waits_for_time_or_asserts_it() -> None:
    found = in_the_tests()
    assert found == {path: Counter(kinds) for path, (kinds, _) in EXPLAINED.items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import time\ntime.sleep(1)", [(2, SLEEPS)]),
        ("from time import sleep\nsleep(0.1)", [(2, SLEEPS)]),
        ("await asyncio.sleep(1)", [(1, SLEEPS)]),
        ("PROGRAM = 'import time; time.sleep(9)'", [(1, SLEEPS)]),
        ("threading.Event().wait(0.1)", [(1, SLEEPS)]),
        ("event.wait(60)", []),
        ("began = time.perf_counter()\nassert time.perf_counter() - began < 3", [(2, ASSERTS)]),
        ("a = perf_counter()\nb = perf_counter()\ntook = b - a\nassert took < 3", [(4, ASSERTS)]),
        ("assert began.time() < 3", [(1, ASSERTS)]),
        ("now = time.time()\nassert age(now) == 3", [(2, ASSERTS)]),
        ("now = time.time()\nrow = make(now)\nassert row", []),
        ("assert strategy.time(3)", []),
    ],
)
def test_the_scan_sees(text: str, expected: list[tuple[int, str]]) -> None:
    assert list(findings(text)) == expected
