"""The one pass over a syntax tree, and the scopes, say what LibCST's own providers say, which cost a multiple."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import libcst as cst
import pytest
from libcst.metadata import BaseAssignment, ByteSpanPositionProvider, MetadataWrapper, Scope, ScopeProvider
from wandb_keras_codemods.documents.module import ModuleView
from wandb_keras_codemods.documents.scopes import Scopes
from wandb_keras_codemods.documents.tree_reading import read_tree
from wandb_keras_codemods.engine.migrate_file import Job, migrate_file
from wandb_keras_codemods.rules import selected

# Modules with many kinds of scopes each, and short enough to be read by LibCST's providers.
STANDARD_LIBRARY = ("functools", "contextlib", "typing", "dataclasses", "ast", "enum", "shlex", "types")
EVERY_KIND = '''\
import a.b.c, d as e
from f import g as h, i
from . import *
top = other = (lambda top, *rest, other=top, **named: [top, other, rest, named])
(x, [y, *z]), w.v, u[0] = 1, 2, 3
t: int
s: "int" = 1
s += 1
@decorated(top)
def function(p: q = r, /, n=top, *, k: "later" = (m := 1), **o) -> top:
    """Text."""
    global top
    top = n
    def inner():
        nonlocal n
        n = [n for n in p if (walrus := n) for p in n]
        return n, {n: o for n, o in n}, {o for o in n}, (x for x in x)
    class Local(top, metaclass=n):
        top = n
        def method(self): return top, Local
        values = [top for _ in range(3)]
    def other():
        global k
        k = n
        return k
    del n, o[0]
    return inner, other
class Outer:
    top: int
    def __init__(self): self.top = Outer.top
    class Inner(Outer): x = top
for i, (j, k) in enumerate(h): pass
else: j = 1
while (line := read(keyword=line)): break
try: import wandb
except (ImportError, h) as error: wandb = None
with open(x) as file, other() as (left, right): print(file, f"{left!r:{right}}")
match x:
    case {"a": first, **rest} if first: pass
    case [Point(x=0), *others] as whole: pass
async def later():
    async with x as y: await y
    async for y in x: yield y
    return
if x: from z import y; y()
'''  # fmt: skip
TYPE_PARAMETERS = """\
type Alias[T: int] = list[T]
def generic[T: (int, str), *Ts, **P](x: T = T, *args: *Ts) -> T:
    return T, x
class Generic[T](Base[T], keyword=T):
    def method[U](self, x: U) -> T: return T, U
"""


def sources() -> list[tuple[str, str]]:
    found = [
        ("every kind", EVERY_KIND),
        ("type parameters", TYPE_PARAMETERS),
        ("empty", ""),
        ("no newline", "x = 1  # é"),
    ]
    for name in STANDARD_LIBRARY:
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        found.append((name, Path(spec.origin).read_text(encoding="utf-8")[:40_000].rpartition("\n\n\n")[0] + "\n"))
    return found


@pytest.mark.parametrize(("name", "text"), sources())
def test_scopes_and_places_are_those_of_libcst(name: str, text: str) -> None:
    module = cst.parse_module(text)
    data = MetadataWrapper(module, unsafe_skip_copy=True).resolve_many([ScopeProvider, ByteSpanPositionProvider])
    reading = read_tree(module)
    assert reading.code == text
    theirs = data[ByteSpanPositionProvider]
    assert set(reading.spans) == set(theirs)
    assert reading.spans[module] == (0, len(text))
    encoded = text.encode()
    for node, (start, end) in reading.spans.items():
        if isinstance(
            node, cst.BaseExpression | cst.BaseStatement | cst.BaseSmallStatement | cst.Comment | cst.IndentedBlock
        ):
            span = theirs[node]
            assert text[start:end].encode() == encoded[span.start : span.start + span.length]
            assert len(text[:start].encode()) == span.start
    scopes = Scopes(module, reading.by_kind, reading.parents)
    for kind in (
        cst.Name,
        cst.Attribute,
        cst.Call,
        cst.FunctionDef,
        cst.ClassDef,
        cst.Import,
        cst.ImportFrom,
        cst.Assign,
    ):
        for node in reading.by_kind.get(kind, ()):
            ours, expected = scopes.of(node), data[ScopeProvider].get(node)
            assert described(ours) == described(expected), module.code_for_node(node)
            if isinstance(node, cst.Name) and ours is not None and expected is not None:
                assert bindings(ours[node.value]) == bindings(expected[node.value]), node.value


def described(scope: Scope | None) -> object:
    return None if scope is None else (type(scope), getattr(scope, "node", None))


def bindings(found: set[BaseAssignment]) -> set[object]:
    return {(type(one), getattr(one, "node", None), described(one.scope)) for one in found}


def test_every_node_has_the_parent_whose_field_it_is() -> None:
    module = cst.parse_module(EVERY_KIND)
    parents = read_tree(module).parents
    pending: list[cst.CSTNode] = [module]
    seen = 0
    while pending:
        node = pending.pop()
        seen += 1
        for child in node.children:
            assert parents[child] is node
            pending.append(child)
    assert seen == len(parents) + 1


LEVEL_1 = """\
import wandb
from wandb.keras import WandbCallback, WandbMetricsLogger
model.fit(x, callbacks=[WandbCallback(), wandb.keras.WandbCallback()])
"""


@pytest.mark.parametrize(
    ("text", "newer_from", "parses"),
    [(LEVEL_1, None, 1), (LEVEL_1, "wandb", 2), ("from wandb_keras_compat import WandbCallback\n", None, 1)],
    ids=["a hit", "a hit whose newer callbacks move once more", "no hit"],
)
def test_a_file_is_parsed_once_for_each_text_that_rules_read(
    monkeypatch: pytest.MonkeyPatch, text: str, newer_from: str | None, parses: int
) -> None:
    """Parsing costs most, so what a file costs is bounded by how often that is done, and no provider goes over it."""
    parsed: list[str] = []
    parse = cst.parse_module
    monkeypatch.setattr(cst, "parse_module", lambda source, *rest: parsed.append(source) or parse(source, *rest))
    for method in ("resolve", "resolve_many"):
        monkeypatch.setattr(MetadataWrapper, method, lambda *_: pytest.fail("a provider of LibCST goes over the tree"))
    outcome = migrate_file(Job("train.py", "python", text.encode(), selected(1), newer_from=newer_from))  # type: ignore[arg-type]
    assert not outcome.failed
    assert (outcome.after is not None) == (parses > 1 or text is LEVEL_1)
    assert len(parsed) == parses


def test_places_of_a_text_with_long_characters() -> None:
    text = "é = '🤖'\nwandb.log(é)  # ß\n"
    view = ModuleView(text)
    (call,) = view.nodes(cst.Call)
    assert (view.code(call), list(view.lines(call))) == ("wandb.log(é)", [2])
