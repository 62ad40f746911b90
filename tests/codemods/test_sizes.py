"""A file that is too long or too deep is one error line, at once; a long list is none."""

from __future__ import annotations

import ast

import libcst as cst
import pytest
from hypothesis import given
from hypothesis import strategies as st
from wandb_keras_codemods.documents import parsing, yaml
from wandb_keras_codemods.documents.data_literals import without_long_literals
from wandb_keras_codemods.documents.document import Kind

from .tools import PROPERTY, migrate, reasons

OLD = "from wandb.keras import WandbCallback\n"
NEW = "from wandb_keras_compat import WandbCallback\n"
TARGET = "_target_: wandb.keras.WandbCallback\n"
STAIRS = "".join(" " * level + "a:\n" for level in range(1, 400))


@pytest.mark.parametrize(
    ("kind", "text", "reason", "line"),
    [
        ("python", OLD + "f(a)\n" * (parsing.MOST_CODE // 5), "is too long to be parsed", 1),
        ("python", OLD + "x = a" + ".b(1)" * (parsing.MOST_LINKS // 2 + 1), "a chain of calls", 2),
        ("python", OLD + "x = " + "[" * 300 + "]" * 300, "its brackets nest too deeply", 2),
        ("yaml", TARGET + "a: b\n" * (yaml.MOST_TEXT // 5), "is too long to be parsed", 1),
        ("yaml", TARGET + "x: " + "[" * 20_000 + "]" * 20_000, "is nested too deeply", 2),
        ("yaml", TARGET + "x: " + "{a: " * 20_000 + "}" * 20_000, "is nested too deeply", 2),
        ("yaml", TARGET + "x:\n  " + "- " * 20_000 + "1", "is nested too deeply", 3),
        ("yaml", TARGET + "x:\n" + STAIRS, "is nested too deeply", 202),
    ],
    ids=["code", "chain", "brackets", "yaml", "lists", "mappings", "sequences", "indents"],
)
def test_what_is_refused_is_not_parsed(
    kind: Kind, text: str, reason: str, line: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cst, "parse_module", lambda *_: pytest.fail("parsed"))
    monkeypatch.setattr("ruamel.yaml.YAML", lambda **_: pytest.fail("parsed"))
    outcome = migrate(text, kind=kind)
    assert outcome.after is None
    (record,) = outcome.records
    assert (record.action, record.location.line) == ("error", line)
    assert reason in record.reason


@pytest.mark.parametrize("levels", [20, yaml.MOST_LEVELS - 5])
def test_yaml_that_is_deep_and_not_too_deep_is_migrated(levels: int) -> None:
    text = TARGET + "x:\n  " + "- " * levels + "1\ny: " + "[" * levels + "]" * levels + "\n"
    assert migrate(text, kind="yaml").after == text.replace("wandb.keras", "wandb_keras_compat").encode()


@pytest.mark.parametrize(
    "element", ["{0}, -{0}.5e-3,", "'word {0}', \"{0}\", None,", "({0}, [True]),\n", "{{'a': {0}}},\n    "]
)
def test_a_long_list_of_constants_costs_no_nodes(element: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of a million characters: neither parser sees more than its brackets, and it keeps its bytes."""
    seen: list[str] = []
    for module, name in ((cst, "parse_module"), (ast, "parse")):
        parse = getattr(module, name)
        monkeypatch.setattr(module, name, lambda text, *rest, parse=parse: seen.append(text) or parse(text, *rest))
    data = "DATA = [" + "".join(map(element.format, range(1_000_000 // len(element)))) + "]\n"
    text = OLD + data + "model.fit(x, callbacks=[WandbCallback()])\nuser.log(DATA)  # é\n"
    outcome = migrate(text)
    assert outcome.after == text.replace(OLD, NEW).encode(), reasons(outcome, "error")
    assert seen
    assert all(len(text.split()) < 40 for text in seen)


def test_what_rules_read_in_a_long_list_is_kept() -> None:
    """Import paths and keys in strings are seen in a list of any length."""
    for value in ("'wandb.keras'", "'val_loss'", "'loss'"):
        text = "DATA = [" + "1, " * 20_000 + value + "]\n"
        assert without_long_literals(text) == text


ONES = "1, " * 6_667
"""Of which a list has 20,003 characters."""


def blank(length: int) -> str:
    """What a literal of a length becomes, between its brackets."""
    return "0" + " " * (length - 1)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"x = [{'1,' * 9_999}]\n", f"x = [{blank(19_998)}]\n"),
        (f"x = [{'1,' * 9_998}1]\n", f"x = [{'1,' * 9_998}1]\n"),
        (f"x = [{ONES}]\ny = 2\n", f"x = [{blank(20_001)}]\ny = 2\n"),
        (f"x = ({ONES})\ny = 2", f"x = ({blank(20_001)})\ny = 2"),
        (f"x = {{{ONES}}}\n", f"x = {{{blank(20_001)}}}\n"),
        (f"f(a, [{ONES}], b[0])\n", f"f(a, [{blank(20_001)}], b[0])\n"),
        (f"x = [{ONES}]\ny = z\nw = [[{ONES}]]\n", f"x = [{blank(20_001)}]\ny = z\nw = [{blank(20_003)}]\n"),
        (f"x = [[{ONES}], a]\n", f"x = [[{blank(20_001)}], a]\n"),
        *(
            (text, text)
            for text in (f"x = [{ONES[4:]}]\n#{ONES}", f"x = [{ONES}a]\n", f"x = [{ONES}", f"x = [{ONES}f'a']\n")
        ),
    ],
    ids=[
        "20000",
        "19999",
        "list",
        "tuple",
        "set",
        "argument",
        "two",
        "in a list",
        "short",
        "a name",
        "open",
        "a text that is computed",
    ],
)
def test_a_literal_of_20000_characters_is_long(before: str, after: str) -> None:
    """It becomes a short one in its place, and all around it stays."""
    assert without_long_literals(before) == after


CONSTANTS = st.recursive(
    st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
    | st.none()
    | st.text("ab #()[]{}:,"),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.integers(), inner, max_size=3) | st.tuples(inner),
    max_leaves=20,
)
AROUND = st.sampled_from(
    ["x = {}\n", "f({}, y)[0]\n", '"""\n{}\n"""\n', "# {}\nx = (\n1)\n", "x = [{}, *y, {}]\n", "def f(a={}): pass\n"]
)


@PROPERTY
@given(st.lists(st.tuples(AROUND, CONSTANTS), min_size=1, max_size=6))
def test_blanking_keeps_the_length_and_all_names(parts: list[tuple[str, object]]) -> None:
    """Whatever stands around a literal: the text parses as before, with the same statements, calls and names."""
    text = "".join(around.replace("{}", repr(value)) for around, value in parts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wandb_keras_codemods.documents.data_literals._FROM", 4)
        short = without_long_literals(text)
    assert len(short) == len(text)
    assert names(ast.parse(short)) == names(ast.parse(text))


def names(node: ast.AST) -> list[tuple[str, str]]:
    told = isinstance(node, (ast.Name, ast.stmt, ast.Call))
    found = [(type(node).__name__, getattr(node, "id", ""))] if told else []
    return [*found, *(item for child in ast.iter_child_nodes(node) for item in names(child))]


def test_a_comment_that_opens_a_bracket_begins_no_literal() -> None:
    """Lines below it that look like one are code, and no line end of a comment may go."""
    text = OLD + "# values [\n" + "1, 2,\n" * 4_000 + "# ]\n"
    assert migrate(text).after == text.replace(OLD, NEW).encode()
