"""GraphQL without a schema: a parsed query is walked over plain mappings whose values may be functions.

The operation texts differ between wandb versions while fields and arguments keep their meaning, so answers are found
by field. Two phases: :func:`plan` reads the whole request and refuses what is malformed; :func:`answer` then runs it,
so a malformed request never runs in part. Unknown fields are null in the answer, and reported; unknown queries,
mutations and arguments are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import GraphQLError, parse
from graphql.language import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)

from .arguments import check_arguments
from .http_errors import NotDoneError, RefusedError
from .json_types import Arguments, Object

#: Fields of one request after its fragments are put in place. The largest of the SDK has about 300.
MAX_FIELDS = 20_000

#: Type to the interfaces and unions it belongs to, for ``... on ArtifactCollection``.
Interfaces = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Field:
    """One selected field.

    Attributes:
        key: its name in the answer.
        conditions: the types of the fragments around it in its own selection set.
        selections: None for a leaf; empty when nothing of its selection set is wanted.
    """

    key: str
    name: str
    arguments: Object
    conditions: tuple[str, ...] = ()
    selections: tuple[Field, ...] | None = None


@dataclass(frozen=True)
class Operation:
    """A request, ready to run."""

    kind: str
    name: str
    fields: tuple[Field, ...]


_MISSING = object()


def plan(text: object, variables: object = None, operation_name: object = None) -> Operation:
    """The operation a request asks for, its fragments, directives and variables resolved.

    An empty *operation_name* counts as none: wandb 0.31.0 sends one.

    Raises:
        RefusedError: 400, the text is no GraphQL, names something it does not define, or unfolds without bounds.
    """
    if not isinstance(text, str):
        raise RefusedError(400, "the request has no GraphQL text under `query`")
    if not isinstance(variables, (dict, type(None))):
        raise RefusedError(400, "`variables` must be a JSON object")
    try:
        document = _parsed(text)
        operation = _chosen(document, operation_name or None)
        fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        reader = _Reader(fragments, _with_defaults(operation, variables or {}))
        fields = reader.fields(operation.selection_set)
    except GraphQLError as error:
        raise RefusedError(400, f"the GraphQL text cannot be read: {error.message}") from None
    except RecursionError:
        raise RefusedError(400, "the GraphQL text is nested too deeply") from None
    name = operation.name.value if operation.name else ""
    return Operation(operation.operation.value, name, fields)


@lru_cache(maxsize=128)
def _parsed(text: str) -> DocumentNode:
    return parse(text, no_location=True)


def _chosen(document: DocumentNode, name: object) -> OperationDefinitionNode:
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    found = [o for o in operations if name is None or (o.name and o.name.value == name)]
    if len(found) != 1:
        there = ", ".join(o.name.value if o.name else "one without a name" for o in operations) or "none"
        wanted = "one operation" if name is None else f"one operation {name!r}"
        raise RefusedError(400, f"the request must have {wanted}; it has {there}")
    return found[0]


def _with_defaults(operation: OperationDefinitionNode, given: Object) -> Object:
    values = {}
    for definition in operation.variable_definitions or ():
        name = definition.variable.name.value
        if name in given:
            values[name] = given[name]
        elif definition.default_value is not None:
            values[name] = _value(definition.default_value, {})
    return values


def _value(node: ValueNode, variables: Arguments) -> Any:
    """A literal as plain data; ``_MISSING`` for a variable without a value, whose argument is then left out."""
    if isinstance(node, VariableNode):
        return variables.get(node.name.value, _MISSING)
    if isinstance(node, ListValueNode):
        items = [_value(item, variables) for item in node.values]
        return [None if item is _MISSING else item for item in items]
    if isinstance(node, ObjectValueNode):
        named = {part.name.value: _value(part.value, variables) for part in node.fields}
        return {name: value for name, value in named.items() if value is not _MISSING}
    value = getattr(node, "value", None)  # NullValueNode has none
    if node.kind in {"int_value", "float_value"}:
        return int(str(value)) if node.kind == "int_value" else float(str(value))
    return value


class _Reader:
    """Puts fragments in place and evaluates arguments and directives."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode], variables: Arguments) -> None:
        self._fragments = fragments
        self._variables = variables
        self._open: list[str] = []
        self._count = 0

    def fields(self, selection_set: SelectionSetNode, conditions: tuple[str, ...] = ()) -> tuple[Field, ...]:
        found: list[Field] = []
        for selection in selection_set.selections:
            self._count += 1
            if self._count > MAX_FIELDS:
                raise RefusedError(400, f"the GraphQL text selects more than {MAX_FIELDS} fields")
            if not self._wanted(selection.directives or ()):
                continue
            if isinstance(selection, FieldNode):
                found.append(self._field(selection, conditions))
            elif isinstance(selection, InlineFragmentNode):
                on = selection.type_condition
                inner = (*conditions, on.name.value) if on else conditions
                found.extend(self.fields(selection.selection_set, inner))
            elif isinstance(selection, FragmentSpreadNode):
                found.extend(self._spread(selection.name.value, conditions))
        return tuple(found)

    def _field(self, node: FieldNode, conditions: tuple[str, ...]) -> Field:
        name = node.name.value
        key = node.alias.value if node.alias else name
        values = {a.name.value: _value(a.value, self._variables) for a in node.arguments or ()}
        arguments = {k: v for k, v in values.items() if v is not _MISSING}
        whole = arguments.pop("input", None)  # one variable, or a literal of several: both are the arguments
        if isinstance(whole, dict):
            arguments.update(whole)
        inner = self.fields(node.selection_set) if node.selection_set else None
        return Field(key, name, arguments, conditions, inner)

    def _spread(self, name: str, conditions: tuple[str, ...]) -> tuple[Field, ...]:
        if name not in self._fragments:
            raise RefusedError(400, f"the fragment {name!r} is not defined")
        if name in self._open:
            raise RefusedError(400, f"the fragment {name!r} contains itself")
        fragment = self._fragments[name]
        self._open.append(name)
        found = self.fields(fragment.selection_set, (*conditions, fragment.type_condition.name.value))
        self._open.pop()
        return found

    def _wanted(self, directives: Sequence[DirectiveNode]) -> bool:
        for directive in directives:
            name = directive.name.value
            if name not in {"include", "skip"}:
                raise RefusedError(400, f"the directive @{name} is not known")
            condition = [_value(a.value, self._variables) for a in directive.arguments or () if a.name.value == "if"]
            if len(condition) != 1 or not isinstance(condition[0], bool):
                raise RefusedError(400, f"@{name} needs `if` to be true or false")
            if condition[0] is not (name == "include"):
                return False
        return True


@dataclass(frozen=True)
class _Executor:
    report: Callable[[str], None]
    interfaces: Interfaces

    def of_object(self, source: Arguments, fields: Sequence[Field], path: str) -> Object:
        kind = source.get("__typename")
        merged: dict[str, tuple[Field, list[Field]]] = {}
        for selected in fields:
            if self._applies(selected.conditions, kind):
                merged.setdefault(selected.key, (selected, []))[1].extend(selected.selections or ())
        found: Object = {}
        for key, (selected, inner) in merged.items():
            place = f"{path}.{selected.name}" if path else selected.name
            if selected.name not in source:
                self.report(place)
                found[key] = None
                continue
            value = source[selected.name]
            check_arguments(value, selected.arguments, place)
            if callable(value):
                value = value(selected.arguments)
            found[key] = self._of_value(value, None if selected.selections is None else inner, place)
        return found

    def _of_value(self, value: Any, fields: Sequence[Field] | None, path: str) -> Any:
        if isinstance(value, (list, tuple)):
            return [self._of_value(item, fields, path) for item in value]
        if value is None or fields is None:
            return value
        if not isinstance(value, Mapping):
            self.report(path + " { ... }")
            return None
        return self.of_object(value, fields, path)

    def _applies(self, conditions: tuple[str, ...], kind: str | None) -> bool:
        if kind is None:  # an object that does not say what it is takes every fragment
            return True
        return all(on == kind or on in self.interfaces.get(kind, ()) for on in conditions)


def _check_plain(fields: Sequence[Field], path: str) -> None:
    """What a mutation gives back is looked at only after it, so no argument in there may turn out to be unknown.

    Raises:
        NotDoneError: a field below a mutation has an argument with a value.
    """
    for selected in fields:
        check_arguments(None, selected.arguments, f"{path}.{selected.name}")
        _check_plain(selected.selections or (), f"{path}.{selected.name}")


def answer(
    operation: Operation,
    roots: Mapping[str, Arguments],
    report: Callable[[str], None],
    interfaces: Interfaces | None = None,
) -> Object:
    """Runs *operation* over the object of its kind in *roots* (``query``, ``mutation``).

    A value that is callable is called with the field's arguments. A mapping asked for without a selection is given
    whole, as a JSON scalar. Each field that an object does not have is null and given to *report* as a dotted path: the
    SDK asks for more with each release. A query or mutation that is not known as a whole has no answer.

    Raises:
        NotDoneError: there is no such query or mutation, or it has an argument that is not known; nothing was run.
    """
    source = roots.get(operation.kind, {})
    for selected in operation.fields:
        if selected.name not in source:
            raise NotDoneError(f"the {operation.kind} `{selected.name}` is not known to this backend")
        check_arguments(source[selected.name], selected.arguments, selected.name)
        if operation.kind == "mutation":
            _check_plain(selected.selections or (), selected.name)
    return _Executor(report, interfaces or {}).of_object(source, operation.fields, "")
