"""Properties over generated modules: import shapes, shadowing, scopes, odd formatting, encodings; and any Python."""

from __future__ import annotations

import ast
import codecs
import warnings

import hypothesmith
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from wandb_keras_codemods.names import LEGACY, LEGACY_2017, MODERN, NEW_HOME, SHIM
from wandb_keras_codemods.rules.rule import mentions_callbacks
from wandb_keras_codemods.to_callbacks.project import KEYS, Keys

from .tools import EXAMPLES, PROPERTY, migrate

IMPORTS = [
    "from wandb.keras import WandbCallback",
    "from wandb.keras import WandbCallback as WC",
    "from wandb.keras import WandbMetricsLogger, WandbCallback",
    "from wandb.keras import (WandbMetricsLogger,  # é\n    WandbCallback as WC,\n  )",
    "from wandb.keras import WandbCallback, \\\n    WandbEvalCallback as E",
    "from wandb.integration.keras import WandbCallback, WandbModelCheckpoint",
    "from wandb.keras import patch_tf_keras, WandbCallback",
    "from wandb.wandb_keras import WandbKerasCallback",
    "import wandb",
    "import wandb as w",
    "import os, wandb.keras, wandb",
    "import wandb.keras",
    "import wandb.keras as k",
    "import wandb.integration.keras as k",
    "from wandb import keras",
    "from wandb import config, keras as k",
    "from transformers.integrations import WandbCallback",
]
USES = [
    "WandbCallback()",
    "f(WC, 'wandb.keras')",
    "wandb.keras.WandbCallback(save_model=False)",
    "fit(callbacks=[x, wandb.keras.WandbCallback(save_model=False, log_weights=True, labels='é')])",
    "z = [y if x else WandbCallback(log_evaluation=True, labels=f('é'), input_type='image')]",
    "w.keras.WandbCallback",
    "(wandb\n    .keras . WandbMetricsLogger)",
    "k.WandbCallback(k.WandbEvalCallback)",
    "keras.WandbCallback()",
    "keras.models.load_model('wandb.keras')",
    "wandb.wandb_keras.WandbKerasCallback()",
    "wandb.init(project='é')  # wandb.keras.WandbCallback",
    "isinstance(x, wandb.keras.WandbCallback)",
    "[wandb.keras.WandbCallback() for wandb in y]",
    "(lambda wandb: wandb.keras.WandbCallback)",
    "__import__('wandb.keras')",
    "f'{wandb.keras.WandbCallback}'",
    "print(1); wandb.keras.WandbCallback()",
]
BINDINGS = [
    "wandb = None",
    "WandbCallback = wandb.keras.WandbCallback()",
    "class WandbCallback(wandb.keras.WandbCallback): pass",
    "def WandbMetricsLogger(): pass",
    "x: 'wandb.keras.WandbCallback' = 1",
    "del wandb",
    "with open('wandb.keras') as k: pass",
    "x = 1  # wandb-keras-compat: ignore",
    "wandb_keras_compat = 2",
]
LINES = st.sampled_from(IMPORTS + USES + BINDINGS)
ONE_LINERS = [line for line in IMPORTS + USES if "\n" not in line and "#" not in line]


def indented(text: str, indent: str) -> str:
    return "\n".join(indent + line for line in text.split("\n"))


def blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    body = st.lists(inner, min_size=1, max_size=3).map("\n".join)
    indent = st.sampled_from(["    ", "\t", "  "])
    heads = [
        "if x:",
        "def f(a):",
        "def f(wandb, *, WandbCallback=1):",
        "class C:",
        "for wandb in y:",
        "with a as b:",
        "async def g():",
    ]
    simple = st.tuples(st.sampled_from(heads), body, indent).map(lambda t: f"{t[0]}\n{indented(t[1], t[2])}")
    tried = st.tuples(body, body, indent).map(
        lambda t: f"try:\n{indented(t[0], t[2])}\nexcept ImportError:\n{indented(t[1], t[2])}"
    )
    one_line = st.lists(st.sampled_from(ONE_LINERS), min_size=1, max_size=3).map(
        lambda found: "if x: " + "; ".join(found)
    )
    return simple | tried | one_line


NESTED = LINES | blocks(LINES | blocks(LINES))
MODULES = st.lists(NESTED, min_size=1, max_size=6).map("\n".join)


@st.composite
def sources(draw: st.DrawFn) -> bytes:
    """A module in one of many encodings, with one of three line ends, with and without a final one."""
    text = draw(MODULES) + draw(st.sampled_from(["", "\n", "\n\n", "\n# end", "\n\t"]))
    encoding, cookie, mark = draw(
        st.sampled_from([("utf-8", "", b""), ("utf-8", "", codecs.BOM_UTF8), ("utf-8", "# coding: utf-8\n", b""),
                         ("latin-1", "# -*- coding: latin-1 -*-\n", b""), ("cp1252", "#!python\n# vim: set fileencoding=cp1252 :\n", b"")])
    )  # fmt: skip
    text = (cookie + text).replace("\n", draw(st.sampled_from(["\n", "\r\n", "\r"])))
    return mark + text.encode(encoding)


def parsed(data: bytes) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(data)
        except (SyntaxError, ValueError):
            return None


class _Rest(ast.NodeTransformer):
    """What is left of a module without its imports, with every spelling of a moved name made one."""

    NAMES = frozenset({LEGACY, LEGACY_2017, *MODERN})

    def visit_Import(self, node: ast.Import) -> None:
        return None

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        return None

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        if node.attr in self.NAMES and isinstance(node.value, (ast.Name, ast.Attribute)):
            return ast.Name("·moved·" + node.attr, node.ctx)
        return node

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name("·moved·" + node.id, node.ctx) if node.id in self.NAMES else node

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        return ast.Constant("·path·") if node.value in {"wandb.keras", SHIM} else node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for name in ("body", "orelse", "handlers"):
            if isinstance(getattr(node, name, None), list) and name == "body" and not getattr(node, name):
                node.body = [ast.Pass()]  # type: ignore[attr-defined]
        return node


def rest(tree: ast.Module) -> str:
    return ast.dump(_Rest().visit(tree)).replace(LEGACY_2017, LEGACY)


@pytest.mark.slow
@given(sources())
@settings(PROPERTY, max_examples=2 * EXAMPLES)
def test_generated_modules(data: bytes) -> None:
    """Output parses; all but imports and uses of moved names is equal; twice is once; no hit, no change."""
    before = parsed(data)
    outcome = migrate(data)
    assert not any("please report" in record.reason for record in outcome.records), outcome.records
    if before is None:
        assert outcome.after is None
        return
    if outcome.failed:
        assert all("LibCST" in record.reason for record in outcome.records if record.action == "error"), outcome.records
        return
    if outcome.after is None:
        assert not any(record.action == "changed" for record in outcome.records)
        return
    after = parsed(outcome.after)
    assert after is not None
    assert rest(after) == rest(before)
    again = migrate(outcome.after)
    assert again.after is None
    assert not again.failed


@pytest.mark.slow
@given(sources(), st.sampled_from(KEYS))
@PROPERTY
def test_generated_modules_at_level_two(data: bytes, keys: Keys) -> None:
    """The same promises but for the calls, which level 2 replaces."""
    outcome = migrate(data, level=2, keys=keys)
    assert not any("please report" in record.reason for record in outcome.records), outcome.records
    if outcome.after is not None:
        assert parsed(outcome.after) is not None
        assert migrate(outcome.after, level=2, keys=keys).after is None


@given(sources())
@PROPERTY
def test_untouched_lines_keep_their_bytes(data: bytes) -> None:
    """A line without any of our names is in the output as it was."""
    outcome = migrate(data)
    if outcome.after is None:
        return
    after = outcome.after.splitlines(keepends=True)
    for line in data.splitlines(keepends=True):
        if (
            not mentions_callbacks(b"wandb.keras " + line)
            and b"andb" not in line
            and b"keras" not in line
            and line.endswith((b"\n", b"\r"))
        ):
            assert line in after


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@given(hypothesmith.from_node(), st.booleans())
@settings(PROPERTY, suppress_health_check=list(HealthCheck))
def test_any_python(source: str, hit: bool) -> None:
    """Random valid modules: bytes kept without a hit; with one, only the hit changes; never a crash."""
    try:
        data = source.encode()
    except UnicodeEncodeError:
        assume(False)
    assume(b"\0" not in data and b"coding" not in data)
    if not hit:
        assert migrate(data).after is None
        return
    line = b"from wandb.keras import WandbCallback\n"
    outcome = migrate(line + data)
    if outcome.failed:
        assert any(word in outcome.records[0].reason for word in ("LibCST", "does not parse")), outcome.records
        return
    assert outcome.after == f"from {SHIM} import {LEGACY}\n".encode() + data


def test_the_moved_names_live_where_the_table_says() -> None:
    """The two homes are the only ones that rewritten code imports from."""
    assert {SHIM, NEW_HOME} == {"wandb_keras_compat", "wandb.integration.keras"}
