"""A scenario as the script that a user would have written: its program, with data and arguments put in."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from . import programs
from .scenarios import Of, Scenario

#: The form of data as an expression, where ``x`` and ``y`` are what ``families.data`` gives.
FORMED = {
    "arrays": "(x, y)",
    "list": "[x, y]",
    "weights": "WEIGHTS",
    "weighted": "(x, y, WEIGHTS)",
    "named": "(dict(zip('ab', x)), y)",
    "dataset": "tf.data.Dataset.from_tensor_slices((x, y)).batch(BATCH)",
    "sequence": "Batches(x, y)",
    "generator": "batches(x, y)",
}

_IMPORTS = """\
import tensorflow as tf
import wandb
from wandb.keras import WandbCallback

from wandb_keras_compat.parity.families import BATCH, FAMILIES, WEIGHTS, Batches, batches, compiled, data

keras = tf.keras"""


def cells(name: str, scenario: Scenario) -> list[str]:
    """The script in pieces, as a notebook has it; a plain script is all of them in a row."""
    body = _body(scenario.program)
    written = _Written(name, scenario)
    statements = [piece for statement in body for piece in written.of(statement)]
    own = [*written.functions(), *_named_in(statements)]
    return [
        _IMPORTS,
        *(ast.unparse(_plain(ast.parse(inspect.getsource(each)))) for each in dict.fromkeys(own)),
        f"family = FAMILIES[{scenario.model!r}]\nx, y = data(family)",
        f"run = wandb.init(name={name!r})\nmodel = {written.model}",
        "\n".join(ast.unparse(_plain(statement)) for statement in statements),
        "wandb.finish()",
    ]


def script(name: str, scenario: Scenario) -> str:
    return "\n\n".join([f'"""{name}"""', *cells(name, scenario)]) + "\n"


def _body(program: str) -> list[ast.stmt]:
    """The statements of a function of :mod:`.programs`, its docstring aside."""
    (function,) = ast.parse(inspect.getsource(programs.PROGRAMS[program])).body
    assert isinstance(function, ast.FunctionDef)
    first = function.body[0]
    return function.body[isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) :]


def _named_in(statements: list[ast.stmt]) -> Iterator[Any]:
    """The functions and classes of :mod:`.programs` that they need."""
    for node in (inner for statement in statements for inner in ast.walk(statement)):
        found = getattr(programs, node.id, None) if isinstance(node, ast.Name) else None
        if getattr(found, "__module__", None) == programs.__name__:
            yield found


class _Written(ast.NodeTransformer):
    """Writes what a program does with its ``training`` as what a script does with Keras and wandb."""

    def __init__(self, name: str, scenario: Scenario) -> None:
        self._name = name
        self._scenario = scenario
        self.model = f"compiled({', '.join(['family', *_named(scenario.compile)])})"

    def of(self, statement: ast.stmt) -> Iterator[ast.stmt]:
        if ast.unparse(statement) == "one_fit(training)":
            for inner in _body("one_fit"):
                yield from self.of(inner)
        else:
            yield ast.fix_missing_locations(self.visit(statement))

    def functions(self) -> list[Any]:
        """The functions among the arguments."""
        return [value for value in self._scenario.arguments.values() if inspect.isfunction(value)]

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        said = ast.unparse(node)
        if said == "training.make_model()":
            return ast.parse(f"model = {self.model}").body[0]
        if said.startswith("training.fit("):  # a notebook shows a value that nobody keeps
            return ast.Assign([ast.Name("history")], self.visit(node.value))
        self.generic_visit(node)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        return _expression("WandbCallback") if ast.unparse(node) == "training.base" else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        called = ast.unparse(node.func)
        if called.startswith("training.callback("):
            return ast.List([self.visit(node.func)])
        self.generic_visit(node)
        if called == "training.callback":
            return self._callback(node)
        if called == "training.fit":
            return self._fit(ast.List(node.args))
        if called == "training.start_run":
            named = node.keywords if any(keyword.arg == "name" for keyword in node.keywords) else None
            first = [] if named else [ast.keyword("name", ast.Constant(self._name))]
            goes_on = any(keyword.arg == "resume_summary" for keyword in node.keywords)
            asked = [ast.keyword("resume", ast.Constant("allow"))] if goes_on else []
            return ast.Call(_expression("wandb.init"), [], [*first, *asked, *node.keywords])
        return _expression("data(family)") if called == "training.arrays" else node

    def _callback(self, node: ast.Call) -> ast.expr:
        more = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg is not None}
        kind = more.pop("base", None) or _expression("WandbCallback")
        given = {name: _expression(_said(value)) for name, value in self._scenario.arguments.items()}
        return ast.Call(kind, [], [ast.keyword(name, value) for name, value in {**given, **more}.items()])

    def _fit(self, callbacks: ast.expr) -> ast.expr:
        scenario = self._scenario
        named = {name: _said(value) for name, value in scenario.fit.items()}
        first = {"arrays": ["x", "y"], "named": ["dict(zip('ab', x))", "y"]}.get(scenario.data, [FORMED[scenario.data]])
        size = [named.pop("batch_size", "BATCH")] if len(first) == 2 else []
        if scenario.validation is not None:
            named["validation_data"] = FORMED[scenario.validation]
        if scenario.by_position:
            first = [*first, *size, str(scenario.epochs), "1", "CALLBACKS", "0.0", named.pop("validation_data")]
            named = {"shuffle": "False", **named}
        else:
            sizes = {"batch_size": size[0]} if size else {}
            named = {**sizes, "epochs": str(scenario.epochs), "verbose": "1", "shuffle": "False", **named}
        positions = [callbacks if said == "CALLBACKS" else _expression(said) for said in first]
        keywords = [ast.keyword(name, _expression(said)) for name, said in named.items()]
        last = [] if scenario.by_position else [ast.keyword("callbacks", callbacks)]
        return ast.Call(_expression("model.fit"), positions, [*keywords, *last])


def _plain(tree: Any) -> Any:
    """*tree* without annotations, which scripts seldom have."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
    return tree


def _named(given: Mapping[str, Any]) -> list[str]:
    return [f"{name}={_said(value)}" for name, value in given.items()]


def _said(value: Any) -> str:
    if isinstance(value, Of):
        return FORMED[value.form]
    return value.__name__ if inspect.isfunction(value) else repr(value)


def _expression(said: str) -> ast.expr:
    return ast.parse(said, mode="eval").body
