"""Schema-less GraphQL answers as a direct reading of the data would, however the question is put."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("graphql", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.doors.server.arguments import takes
from wandb_keras_compat.testing.doors.server.graphql import MAX_FIELDS, answer, plan
from wandb_keras_compat.testing.doors.server.http_errors import NotDoneError, RefusedError

NAMES = ["a", "b", "c", "d"]
numbers = st.integers(-9, 9) | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | numbers | st.text('xyz"\\\n é', max_size=3)
arguments = st.dictionaries(st.sampled_from(NAMES), scalars | st.lists(scalars, max_size=2), max_size=2)


def objects(inner):
    return st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, inner))


data = st.recursive(
    objects(scalars), lambda inner: objects(scalars | inner | st.lists(inner, max_size=2)), max_leaves=8
)


@dataclass
class Question:
    """A query text being written, with what it needs beside its selections."""

    fragments: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    defaults: dict[str, Any] = field(default_factory=dict)

    def variable(self, draw, value) -> str:
        """*value* as a variable that is given, or not given and has it as default."""
        name = f"v{len(self.values) + len(self.defaults)}"
        (self.values if draw(st.booleans()) else self.defaults)[name] = value
        return f"${name}"

    def value(self, draw, value) -> str:
        return self.variable(draw, value) if draw(st.booleans()) else literal(value)

    def text(self, selections: str) -> str:
        declared = [f"${name}: Any" for name in self.values]
        declared += [f"${name}: Any = {literal(value)}" for name, value in self.defaults.items()]
        head = f"query Asked({', '.join(declared)})" if declared else "query Asked"
        return "\n".join([f"{head} {selections}", *self.fragments])


def literal(value) -> str:
    """*value* in GraphQL, whose objects have bare names; scalars are written as in JSON."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {literal(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    return json.dumps(value)


def shape(value):
    """The object below *value* that a selection is about, or None for a scalar."""
    if isinstance(value, list):
        objects = [item for item in value if isinstance(item, dict)]
        return (
            {key: v for item in objects for key, v in item.items()} if objects and len(objects) == len(value) else None
        )
    return value if isinstance(value, dict) else None


def project(value, wanted):
    """The expected answer: *wanted* is response key to (name, arguments, wanted below or None)."""
    if isinstance(value, list):
        return [project(item, wanted) for item in value]
    if value is None or wanted is None:
        return value
    if not isinstance(value, dict):  # somewhere else in the list it is an object
        return None
    return {key: project(value.get(name), below) for key, (name, below) in wanted.items()}


def ask(draw, question: Question, source: dict) -> tuple[str, dict]:
    """A selection set over *source* in some spelling, and what it should give."""
    parts, wanted = [], {}
    for name in draw(st.lists(st.sampled_from([*sorted(source), "nobody_knows"]), min_size=1, max_size=4, unique=True)):
        below_object = shape(source.get(name))
        below_text, below = ("", None) if not below_object else ask(draw, question, below_object)
        key = draw(st.sampled_from([name, f"as_{name}"]))
        part = f"{key}: {name} {below_text}" if key != name else f"{name} {below_text}"
        kept = draw(st.sampled_from([None, True, False]))
        if kept is not None:
            directive, truth = draw(st.sampled_from([("include", kept), ("skip", not kept)]))
            part = (
                part.replace(f"{name} ", f"{name} @{directive}(if: {question.value(draw, truth)}) ", 1)
                if key == name
                else (f"{key}: {name} @{directive}(if: {question.value(draw, truth)}) {below_text}")
            )
        wrapping = draw(st.sampled_from(["plain", "inline", "typed", "named"]))
        if wrapping == "named":
            fragment = f"F{len(question.fragments)}"
            question.fragments.append(f"fragment {fragment} on Anything {{ {part} }}")
            part = f"...{fragment}"
        elif wrapping != "plain":
            part = f"... {'on Anything ' if wrapping == 'typed' else ''}{{ {part} }}"
        parts.append(part)
        if kept is not False:
            wanted[key] = (name, below)
    return "{ " + " ".join(parts) + " }", wanted


@given(st.data(), data)
def test_the_answer_is_the_selected_part_of_the_data(draws, source):
    question = Question()
    selections, wanted = ask(draws.draw, question, source)
    unknown: list[str] = []
    text = question.text("{ root " + selections + " }")
    operation = plan(text, question.values, draws.draw(st.sampled_from([None, "", "Asked"])))
    assert answer(operation, {"query": {"root": source}}, unknown.append) == {"root": project(source, wanted)}, text
    assert bool(unknown) == missing(source, wanted), (text, unknown)


def missing(value, wanted) -> bool:
    """Whether *wanted* asks for something *value* does not have."""
    if isinstance(value, list):
        return any(missing(item, wanted) for item in value)
    if value is None or wanted is None:
        return False
    if not isinstance(value, dict):
        return True
    return any(name not in value or missing(value[name], below) for name, below in wanted.values())


@given(st.data(), arguments)
def test_arguments_arrive_however_they_are_written(draws, given_arguments):
    """As literals, as variables, as an `input` of either: the function gets the same."""
    question = Question()
    how = draws.draw(st.sampled_from(["plain", "literal input", "variable input"]))
    pairs = ", ".join(f"{name}: {question.value(draws.draw, value)}" for name, value in given_arguments.items())
    if how == "variable input":
        pairs = f"input: {question.variable(draws.draw, given_arguments)}"
    elif how == "literal input":
        pairs = f"input: {{{pairs}}}"
    call = f"{{ seen({pairs}) }}" if pairs else "{ seen }"
    seen: list[dict] = []
    operation = plan(question.text(call), question.values)
    answer(operation, {"query": {"seen": takes(*NAMES)(lambda found: seen.append(found))}}, pytest.fail)
    assert seen == [given_arguments]


def test_a_variable_without_value_leaves_the_argument_out():
    operation = plan("query($x: Int, $y: Int) { f(x: $x, input: {y: $y, z: 1}) }", {})
    assert operation.fields[0].arguments == {"z": 1}


def test_a_fragment_of_another_type_says_nothing_of_an_object():
    things = [{"__typename": "Run", "name": "r"}, {"__typename": "ArtifactSequence", "size": 1}]
    operation = plan("{ things { __typename ... on Run { name } ... on ArtifactCollection { size } } }")
    unknown: list[str] = []
    interfaces = {"ArtifactSequence": frozenset({"ArtifactCollection"})}
    assert answer(operation, {"query": {"things": things}}, unknown.append, interfaces)["things"] == things
    assert unknown == []


def test_what_nobody_knows_is_null_and_reported_with_its_place():
    unknown: list[str] = []
    operation = plan("{ run { name gone { deeper } name2: name } }")
    found = answer(operation, {"query": {"run": {"name": "x"}}}, unknown.append)
    assert found == {"run": {"name": "x", "gone": None, "name2": "x"}}
    assert unknown == ["run.gone"]


def test_a_text_that_is_asked_for_its_fields_is_null_and_reported_with_its_place():
    unknown: list[str] = []
    roots = {"query": {"run": {"name": "x", "tags": ["y"]}}}
    assert answer(plan("{ run { name { first } } }"), roots, unknown.append) == {"run": {"name": None}}
    assert answer(plan("{ run { tags { name } } }"), roots, unknown.append) == {"run": {"tags": [None]}}
    assert unknown == ["run.name { ... }", "run.tags { ... }"]


REFUSED = {
    "query": "query { other }",
    "mutation": "mutation { note other }",
    "argument": "query { run(name: 1) { name } }",
    "argument below": "query { run { name(of: 1) } }",
    "argument of a function": "query { called(y: 1) }",
    "argument in the answer of a mutation": "mutation { note { name(of: 1) } }",
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_nobody_knows_as_a_whole_is_refused_before_anything_changes(case):
    noted: list[Any] = []
    query = {"run": {"name": "x"}, "called": takes("x")(lambda a: 1)}
    roots = {"query": query, "mutation": {"note": noted.append}}
    with pytest.raises(NotDoneError, match="is not known to this backend"):
        answer(plan(REFUSED[case]), roots, pytest.fail)
    assert not noted


def test_an_argument_without_a_value_asks_for_nothing():
    text = 'query { run(name: null, tags: [], text: "", of: {}) { name } }'
    assert answer(plan(text), {"query": {"run": {"name": "x"}}}, pytest.fail) == {"run": {"name": "x"}}


def doubling(depth: int) -> str:
    """Fragments that each spread the next one twice: 2**depth fields from a short text."""
    parts = [f"fragment F{i} on T {{ ...F{i + 1} ...F{i + 1} }}" for i in range(depth)]
    return "\n".join(["{ ...F0 }", *parts, f"fragment F{depth} on T {{ x }}"])


def chain(length: int) -> str:
    """Fragments that each spread the next one: few braces in a row, and as deep when they are put in place."""
    parts = [f"fragment F{i} on T {{ ...F{i + 1} }}" for i in range(length)]
    return "\n".join(["{ ...F0 }", *parts, f"fragment F{length} on T {{ x }}"])


BAD = {
    "no text": (None, None, None),
    "no GraphQL": ("{ unclosed", None, None),
    "empty": ("", None, None),
    "fragments only": ("fragment F on T { x }", None, None),
    "no such operation": ("query A { x }", None, "B"),
    "which operation": ("query A { x } query B { x }", None, None),
    "which of those without a name": ("query A { x } { x }", None, None),
    "no such fragment": ("{ ...F }", None, None),
    "fragment in itself": ("{ ...F } fragment F on T { x { ...F } }", None, None),
    "fragments in a ring": ("{ ...F } fragment F on T { ...G } fragment G on T { ...F }", None, None),
    "unknown directive": ("{ x @later }", None, None),
    "undecided directive": ("query($x: Boolean) { x @skip(if: $x) }", {}, None),
    "variables that are a list": ("{ x }", [], None),
    "deep": ("{ x " * 5000 + "}" * 5000, None, None),
    "deep by its fragments": (chain(5000), None, None),
    "wide": (doubling(60), None, None),
}


@pytest.mark.parametrize("case", BAD)
def test_a_malformed_request_is_refused_before_anything_runs(case):
    with pytest.raises(RefusedError) as refused:
        plan(*BAD[case])
    assert refused.value.status == 400
    assert len(refused.value.sentence.split()) > 3


def test_the_limit_of_fields_is_far_above_what_is_asked():
    assert len(plan("{ " + " ".join(f"f{i}" for i in range(MAX_FIELDS // 10)) + " }").fields) == MAX_FIELDS // 10
