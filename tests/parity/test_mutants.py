"""``MUTANTS.md`` says what ``mutation/results.json`` holds, that is enough, and what is explained is in today's source.

Whether the results are of today's code it says itself: how many mutants are new since. Only
``python -m tests.parity.mutation --check``, which wants mutmut, asks for none; so an edit of a feature fails nothing here,
unless ``mutants.yaml`` is about the line that was edited.
"""

from __future__ import annotations

import ast
import json
from functools import cache
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from .mutation.sources import PACKAGE, SOURCES

HERE = Path(__file__).parent
EXPLAINED = YAML(typ="safe").load((HERE / "mutation" / "mutants.yaml").read_text(encoding="utf-8"))
LINES = [(line["module"], line["function"], line["was"]) for entry in EXPLAINED for line in entry["mutants"]]


@cache
def functions(text: str) -> dict[str, list[str]]:
    """Dotted name of each function and class to its lines, without indentation."""
    lines, found = list(map(str.strip, text.splitlines())), {}

    def visit(node: ast.AST, names: tuple[str, ...]) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.FunctionDef, ast.ClassDef)):
                inner = (*names, child.name)
                found[".".join(inner)] = lines[child.lineno - 1 : child.end_lineno]
                visit(child, inner)
            else:
                visit(child, names)

    visit(ast.parse(text), ())
    return found


def occurrences(text: str, function: str, was: str) -> int:
    """How often *was* stands in the function, as whole lines joined by a space; -1 where there is no such function."""
    if function not in functions(text):
        return -1
    lines = functions(text)[function]
    runs = (lines[start:end] for start in range(len(lines)) for end in range(start + 1, len(lines) + 1))
    return sum(" ".join(run) == was for run in runs)


@pytest.mark.parametrize(("module", "function", "was"), LINES, ids=["-".join(line) for line in LINES])
def test_what_an_explained_mutant_changes_is_there_once(module: str, function: str, was: str) -> None:
    path = PACKAGE.joinpath(*module.split(".")).with_suffix(".py")
    assert path in SOURCES, "no such module is mutated"
    assert occurrences(path.read_text(encoding="utf-8"), function, was) == 1


def test_explained_mutants_are_named_once_and_change_something() -> None:
    named = [(*line.values(), now) for entry in EXPLAINED for line in entry["mutants"] for now in line["now"]]
    places = [tuple(map(str, place)) for place in named]
    assert len(set(places)) == len(places) > 50
    assert all(line["was"] != now for entry in EXPLAINED for line in entry["mutants"] for now in line["now"])


@pytest.mark.parametrize(
    ("function", "was", "expected"),
    [
        ("C.f", "x = 1", 1),
        ("C.f", "g( x, )", 1),
        ("C.f", "x", 0),
        ("C.g", "y = 2", 2),
        ("f", "x = 1", -1),
    ],
)
def test_a_line_that_is_gone_or_there_twice_is_seen(function: str, was: str, expected: int) -> None:
    text = "class C:\n    def f(self):\n        x = 1\n        g(\n            x,\n        )\n    def g(self):\n        y = 2\n        y = 2\n"
    assert occurrences(text, function, was) == expected


def test_what_is_mutated_is_there() -> None:
    assert [path for path in SOURCES if not path.is_file()] == [] and len(SOURCES) > 10


def test_the_report_counts_what_the_results_hold() -> None:
    results = json.loads((HERE / "mutation" / "results.json").read_text(encoding="utf-8"))["mutants"]
    text = (HERE / "MUTANTS.md").read_text(encoding="utf-8")
    (row,) = [line for line in text.splitlines() if line.startswith("| **all** |")]
    _, run, parity, beside, survived, never, *_ = map(int, row.split("|")[2:-3])
    outcomes = [outcome[0] for outcome in results.values()]
    assert run == len(results)
    assert parity + beside == outcomes.count("killed") + outcomes.count("timed out")
    assert (survived, never) == (outcomes.count("survived"), outcomes.count("not reached"))
    assert parity >= 0.9 * run


def test_every_survivor_is_explained() -> None:
    assert "### gap" not in (HERE / "MUTANTS.md").read_text(encoding="utf-8")
