"""One Python module: what its names resolve to, where they are used, and which lines are left alone."""

from __future__ import annotations

import libcst as cst
import pytest
from wandb_keras_codemods.documents.module import (
    ModuleView,
    bound_name,
    dotted,
    dotted_text,
    first_name,
    module_name,
    sorted_assignments,
)


def asked(view: ModuleView) -> cst.BaseExpression:
    """What is given to ``ask()``."""
    (call,) = (call for call in view.nodes(cst.Call) if view.code(call.func) == "ask")
    return call.args[0].value


RESOLVED: dict[str, tuple[set[str], bool]] = {
    "import a\nask(a)": ({"a"}, True),
    "import a\nask(a.b.c)": ({"a.b.c"}, True),
    "import a.b\nask(a.b.c)": ({"a.b.c"}, True),
    "import a.b as x\nask(x.c)": ({"a.b.c"}, True),
    "from a import b\nask(b.c)": ({"a.b.c"}, True),
    "from a.b import c as x, d\nask(x)": ({"a.b.c"}, True),
    "from . import b\nask(b)": ({"..b"}, True),
    "from ..a import b\nask(b)": ({"..a.b"}, True),
    "import a, a.c\nask(a.b)": ({"a.b"}, True),
    "try:\n    from a import x\nexcept ImportError:\n    from b import x\nask(x)": ({"a.x", "b.x"}, True),
    "try:\n    import a\nexcept ImportError:\n    a = f()\nask(a)": ({"a"}, True),
    "try:\n    import a\nexcept ImportError:\n    a = None\nask(a)": ({"a"}, True),
    "a = None\nif x:\n    import a\nask(a)": ({"a"}, True),
    "a: T = False\nif x:\n    import a\nask(a)": ({"a"}, True),
    "a = True\nif x:\n    import a\nask(a)": ({"a"}, False),
    "import a\na = f(None)\nask(a)": ({"a"}, False),
    "import a\nfor a in None: pass\nask(a)": ({"a"}, False),
    "import a\ndef a(): pass\nask(a)": ({"a"}, False),
    "def f():\n    import a\n    ask(a)": ({"a"}, True),
    "import a\ndef f():\n    ask(a)": ({"a"}, True),
}
NOT_RESOLVED = {
    "ask(a)",
    "a = 1\nask(a)",
    "import b\nask(a.b)",
    "import a\nask(f(a))",
    "import a\nask(f().a)",
    "import a\nask('a')",
    "import a\ndef f(a):\n    ask(a)",
    "def f():\n    import a\nask(a)",
    "def f():\n    from a import print\nask(print)",
    "from a import *\nask(a)",
}


@pytest.mark.parametrize(
    ("code", "names", "certain"), [(code, *found) for code, found in RESOLVED.items()], ids=RESOLVED
)
def test_a_chain_of_names_is_what_imports_bind_its_first_part_to(code: str, names: set[str], certain: bool) -> None:
    """Certainly where nothing else binds it, but for what stands in where an import has failed."""
    view = ModuleView(code + "\n")
    found = view.resolve(asked(view))
    assert found is not None
    assert (found.names, found.certain) == (names, certain)
    starts = [view.start(each.node) for each in found.imports]
    assert starts == sorted(starts) and starts


@pytest.mark.parametrize("code", sorted(NOT_RESOLVED))
def test_what_no_import_binds_is_not_resolved(code: str) -> None:
    view = ModuleView(code + "\n")
    assert view.resolve(asked(view)) is None


def test_what_binds_a_name_is_in_the_order_of_the_text() -> None:
    """Python's own names come last."""
    view = ModuleView("x = 1\nx = print\nimport x\nfor x in y: pass\n")
    scope = view.scope(view.module.body[0])
    assert scope is not None
    found = [getattr(each, "node", None) for each in sorted_assignments(view, {*scope["x"], *scope["print"]})]
    assert found[-1] is None
    starts = [view.start(node) for node in found[:-1] if node is not None]
    assert starts == sorted(starts) and len(starts) == 4


def test_a_name_is_loaded_where_it_is_read_or_assigned() -> None:
    """Not where it names an attribute, an argument, a parameter, a definition or an import."""
    code = (
        "import x\nfrom a import b as x, x\nx\nx.y\ny.x\nf(x=1)\nf(y=x)\nx = 2\ndef g(x, z=x): pass\n"
        "def x(): pass\nclass x(x): pass\nglobal x\n[x for x in x]\nwith a as x: pass\n"
    )
    view = ModuleView(code)
    lines = [view.lines(node)[0] for node in view.loads("x")]
    assert lines == [3, 4, 7, 8, 9, 11, 13, 13, 13]
    assert view.loads("nowhere") == []


@pytest.mark.parametrize(
    ("code", "unbound"),
    [
        ("x()", True), ("x = 1\nx()", False), ("def f():\n    x = 1\nx()", True), ("y.x()", False),
        ("from a import x\nx()", False), ("print()", False), ("y()", False),
    ],
)  # fmt: skip
def test_a_name_that_nothing_binds_may_come_by_a_star(code: str, unbound: bool) -> None:
    view = ModuleView(code + "\n")
    assert view.is_used_unbound("x") == unbound


def test_nodes_are_in_the_order_of_the_text_and_know_their_place() -> None:
    view = ModuleView("a = f(b,  # c\n      g(d))\n\nh(1)\n")
    calls = view.nodes(cst.Call)
    assert [view.code(call) for call in calls] == ["f(b,  # c\n      g(d))", "g(d)", "h(1)"]
    assert [[*view.lines(call)] for call in calls] == [[1, 2], [2], [4]]
    assert [view.span(call) for call in calls[1:]] == [(20, 24), (27, 31)]
    assert view.enclosing(calls[1], cst.Call) is calls[0]
    assert view.enclosing(calls[0], (cst.Call, cst.FunctionDef)) is None
    assert view.ancestors(calls[2])[-1] is view.module


@pytest.mark.parametrize(
    ("code", "ignored"),
    [
        ("f()  # wandb-keras-compat: ignore", [True]),
        ("f(\n    1,  # wandb-keras-compat: ignore\n)\nf()", [True, False]),
        ("# wandb-keras-compat: ignore\nf()", [False]),
        ("f()  # ignore", [False]),
        ("f('# wandb-keras-compat: ignore')", [False]),
    ],
)
def test_an_ignore_comment_is_for_what_has_a_part_on_its_line(code: str, ignored: list[bool]) -> None:
    view = ModuleView(code + "\n")
    assert [view.ignored(call) for call in view.nodes(cst.Call)] == ignored
    assert not view.ignores_file


def test_a_comment_for_the_file_is_for_no_line() -> None:
    view = ModuleView("x = 1\nf()  # wandb-keras-compat: ignore-file\n")
    assert view.ignores_file
    assert not view.ignored(view.nodes(cst.Call)[0])


@pytest.mark.parametrize(
    ("code", "first", "parts"),
    [("a", "a", "a"), ("a.b.c", "a", "a.b.c"), ("f().b", None, ""), ("a[0].b", None, ""), ("'a'", None, "")],
)
def test_parts_of_a_chain(code: str, first: str | None, parts: str) -> None:
    """None of what does not begin with a name."""
    node = cst.parse_expression(code)
    found = first_name(node)
    assert (None if found is None else found.value) == first
    assert dotted(node) == (parts.split(".") if parts else None)
    assert dotted_text(node) == parts


@pytest.mark.parametrize(
    ("code", "module", "names"),
    [
        ("import a.b, c as d", "", ["a", "d"]),
        ("from a.b import c, d as e", "a.b", ["c", "e"]),
        ("from . import a", ".", ["a"]),
        ("from ..a import b", "..a", ["b"]),
    ],
)
def test_what_an_import_statement_names(code: str, module: str, names: list[str]) -> None:
    view = ModuleView(code + "\n")
    (node,) = [*view.nodes(cst.Import), *view.nodes(cst.ImportFrom)]
    assert module_name(node) == module
    assert not isinstance(node.names, cst.ImportStar)
    assert [bound_name(alias) for alias in node.names] == names
