"""The texts that an expression may be, where all of them stand in the module."""

from __future__ import annotations

import libcst as cst
import pytest
from wandb_keras_codemods.documents.module import ModuleView
from wandb_keras_codemods.to_callbacks.constant_texts import ConstantTexts

KNOWN = {
    "ask('a')": ["a"],
    "ask('a' \"b\")": ["ab"],
    "ask(['a', 'b'])": ["a", "b"],
    "ask(('a', ['b'], {'c'}))": ["a", "b", "c"],
    "ask([])": [],
    "ask('a' if x else 'b')": ["a", "b"],
    "ask(['a'] + ['b'])": ["a", "b"],
    "n = 'a'\nask(n)": ["a"],
    "n: str = 'a'\nask(n)": ["a"],
    "if n := 'a':\n    ask(n)": ["a"],
    "for n in ('a', 'b'):\n    ask(n)": ["a", "b"],
    "[ask(n) for n in ['a', 'b']]": ["a", "b"],
    "n = 'a'\nm = [n, 'b']\nask(m)": ["a", "b"],
    "n = 'a'\ndef f():\n    n = 'b'\n    ask(n)": ["b"],
    "n = 'a'\ndef f():\n    ask(n)": ["a"],
    "m = 'a'\nask([m, m])": ["a", "a"],
}
UNKNOWN = {
    "ask(1)",
    "ask(b'a')",
    "ask(f'a')",
    "ask('a' f'{b}')",
    "ask(f())",
    "ask(a.b)",
    "ask(['a', b])",
    "ask('a' if x else b)",
    "ask(a if x else 'b')",
    "ask(['a'] + b)",
    "ask([a] + ['b'])",
    "ask('a' + 'b')",
    "ask(nowhere)",
    "ask(id)",
    "def f(n):\n    ask(n)",
    "def f(n='a'):\n    ask(n)",
    "import n\nask(n)",
    "n = ['a']\nfor m in [n] + [m]:\n    ask(m)",
    "n = n\nask(n)",
    "n: str\nask(n)",
    "n, m = 'ab'\nask(n)",
    "with 'a' as n:\n    ask(n)",
    "n = 'a'\nn = f()\nask(n)",
}


def texts(code: str) -> list[str] | None:
    view = ModuleView(code + "\n")
    (call,) = (call for call in view.nodes(cst.Call) if view.code(call.func) == "ask")
    found = ConstantTexts(view)
    first = found.of(call.args[0].value)
    assert found.of(call.args[0].value) == first, "asked again it says the same"
    return first


@pytest.mark.parametrize(("code", "expected"), KNOWN.items(), ids=KNOWN)
def test_all_that_an_expression_may_be_is_known(code: str, expected: list[str]) -> None:
    assert texts(code) == expected


def test_a_name_may_be_what_any_of_its_places_gives_it() -> None:
    found = texts("n = 'a'\nif x:\n    n = 'b'\nask(n)")
    assert found is not None
    assert sorted(found) == ["a", "b"]


@pytest.mark.parametrize("code", sorted(UNKNOWN))
def test_what_only_the_running_program_knows_is_not(code: str) -> None:
    assert texts(code) is None


def test_nothing_is_no_text() -> None:
    assert ConstantTexts(ModuleView("x = 1\n")).of(None) is None
