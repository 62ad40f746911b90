"""What is mutated, and how: mutmut's operators on the features and what they rest on, one change at a time.

mutmut itself leaves out what is decorated and what stands outside of functions, which here is most of ``options.py``
and the registry of features, because its copies of functions cannot hold that; a mutant here is a whole module.

Left out, and counted: what no run of the code can show. Annotations and what is only for the type checker, imports,
decorators, documentation (mutmut has no mutants of these), and the wording of sentences: the string literals of
``WORDING``, most of which tests of the sentences hold. Also the arguments of ``len`` and ``isinstance``, as mutmut
does: every mutant of them is an exception. And None in the place of False, which every condition takes alike. Of the
three mutants of a string (``XXaXX``, ``A``, ``a``) the first is taken.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import itertools
import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import libcst as cst
import libcst.matchers as m
from libcst.metadata import ByteSpanPositionProvider, CodeRange, MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

from .sources import module_name

#: Strings here are words for people: attributes and the calls whose arguments end in a warning.
WORDING = {"lost"}, {"attempt", "refuse", "infinite_data", "empty_data", "generator_ran_dry", "TypeVar"}


@dataclass(frozen=True)
class Mutant:
    """One changed module.

    Attributes:
        function: dotted name in the module, empty outside of functions and classes.
        line: where the changed node starts.
        was, now: the lines that differ.
    """

    id: str
    module: str
    function: str
    line: int
    operator: str
    was: str
    now: str
    source: str


def mutants_of(path: Path) -> tuple[list[Mutant], Counter[str]]:
    """The mutants of a module in the order of its text, and how many were left out for which reason."""
    text = path.read_text(encoding="utf-8")
    wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
    spans, places = wrapper.resolve(ByteSpanPositionProvider), wrapper.resolve(PositionProvider)
    visitor = _Visitor()
    wrapper.module.visit(visitor)
    name, encoded = module_name(path), text.encode()
    found: dict[str, Mutant] = {}
    at: Counter[cst.CSTNode] = Counter()
    for change in visitor.changes:
        span = spans[change.node]
        end = span.start + span.length
        new = wrapper.module.code_for_node(change.changed).strip().encode()
        source = (encoded[: span.start] + new + encoded[end:]).decode()
        was, now = _changed_lines(text, source, places[change.node])
        # Unchanged as long as the function is, comments and docstrings aside: results are kept by it.
        whole = _code(wrapper.module.code_for_node(change.scope))
        at[change.scope] += 1
        key = hashlib.sha256(f"{name} {change.function} {whole} {at[change.scope]} {now}".encode()).hexdigest()[:12]
        line = places[change.node].start.line
        found[source] = Mutant(key, name, change.function, line, change.operator, was, now, source)
    return list(found.values()), visitor.left_out


@functools.cache
def _code(text: str) -> str:
    """Python code without comments and docstrings."""
    tree = ast.parse(textwrap.dedent(text))
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)


def _changed_lines(old: str, new: str, place: CodeRange) -> tuple[str, str]:
    """The whole lines that differ, of which the last are as far from the end in both."""
    before, after = old.splitlines(), new.splitlines()
    start, behind = place.start.line - 1, len(before) - place.end.line
    return tuple(" ".join(map(str.strip, lines[start : len(lines) - behind])) for lines in (before, after))  # type: ignore[return-value]


class Change(NamedTuple):
    node: cst.CSTNode
    changed: cst.CSTNode
    operator: str
    function: str
    scope: cst.CSTNode


class _Visitor(cst.CSTVisitor):
    """Collects changes."""

    def __init__(self) -> None:
        super().__init__()
        self.changes: list[Change] = []
        self.left_out: Counter[str] = Counter()
        self._names: list[str] = []
        self._scopes: list[cst.CSTNode] = []
        self._wording = 0

    def on_visit(self, node: cst.CSTNode) -> bool:
        reason = _reason_to_leave_out(node)
        if reason is not None:
            self.left_out[reason] += sum(1 for _ in _changes_below(node))
            return False
        if isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.Module)):
            self._scopes.append(node)
        if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
            self._names.append(node.name.value)
        self._wording += _is_wording(node)
        for operator, changed in _changes(node):
            if self._wording and (isinstance(node, cst.BaseString) or operator == "assignment"):
                self.left_out["wording of a sentence"] += 1
            elif operator == "assignment" and m.matches(node, m.Assign(value=m.Name("False"))):
                self.left_out["None for False"] += 1
            else:
                self.changes.append(Change(node, changed, operator, ".".join(self._names), self._scopes[-1]))
        return True

    def on_leave(self, node: cst.CSTNode) -> None:
        if _reason_to_leave_out(node) is not None:
            return
        if isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.Module)):
            self._scopes.pop()
        if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
            self._names.pop()
        self._wording -= _is_wording(node)


def _changes(node: cst.CSTNode) -> Iterator[tuple[str, cst.CSTNode]]:
    for kind, operator in mutation_operators:
        if isinstance(node, kind):
            found = operator(node)
            for changed in itertools.islice(found, 1) if kind is cst.BaseString else found:
                yield operator.__name__.removeprefix("operator_"), changed


def _changes_below(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    yield from (changed for _, changed in _changes(node))
    for child in node.children:
        yield from _changes_below(child)


def _reason_to_leave_out(node: cst.CSTNode) -> str | None:
    if isinstance(node, cst.Annotation):
        return "annotation"
    if isinstance(node, cst.Decorator):
        return "decorator"
    if isinstance(node, (cst.Import, cst.ImportFrom)) or m.matches(node, m.If(test=m.Name("TYPE_CHECKING"))):
        return "import"
    if m.matches(node, m.Call(func=m.Name("len") | m.Name("isinstance"))):
        return "argument of len or isinstance"
    if m.matches(node, m.Assign(value=m.Call(func=m.Name("TypeVar")) | m.Subscript(value=m.Name("Callable")))):
        return "type"
    return None


def _is_wording(node: cst.CSTNode) -> bool:
    attributes, calls = WORDING
    if isinstance(node, cst.Assign):
        return any(m.matches(target.target, m.Name()) and target.target.value in attributes for target in node.targets)
    if isinstance(node, cst.Call):
        name = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
        return isinstance(name, cst.Name) and name.value in calls
    return False
