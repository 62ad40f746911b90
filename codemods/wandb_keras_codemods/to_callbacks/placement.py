"""Putting the new callbacks in place of the old one: in a list, ``append``, fit call, conditional or variable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import libcst as cst

from ..documents.edits import Edit
from ..documents.magics import MASKED_LINE_MAGIC
from ..documents.module import ModuleView
from ..names import LEGACY_CLASS
from . import variables
from .arguments import Refusal, source_span
from .fit_calls import is_append, is_fit, outermost_list

_WIDTH = 120
"""A longer line is split into one line for each argument, or each callback."""
_PAIR_WIDTH = 180
"""A list of two (logger and checkpoint, what most calls become) may be this long before it is split."""


@dataclass(frozen=True)
class NewCall:
    """The source of a new callback."""

    name: str
    arguments: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    """To stand before the arguments."""

    def __str__(self) -> str:
        return f"{self.name}({', '.join(self.arguments)})"

    def inline(self, view: ModuleView, start: int) -> str:
        """The source somewhere on a line: only comments need lines of their own."""
        _, before = _line_before(view, start)
        return self.written(view, before[: len(before) - len(before.lstrip())]) if self.comments else str(self)

    def written(self, view: ModuleView, indent: str) -> str:
        """The source at the beginning of a line: with a line for each argument if it is too long."""
        line = str(self)
        if len(indent) + len(line) < _WIDTH and not self.comments:
            return line
        newline, unit = _newline(view), _unit(indent)
        return (
            f"{self.name}({newline}"
            + "".join(f"{indent}{unit}{comment}{newline}" for comment in self.comments)
            + "".join(f"{indent}{unit}{argument},{newline}" for argument in self.arguments)
            + f"{indent})"
        )


@dataclass(frozen=True)
class Placement:
    """Edits that put new callbacks where the old one stood."""

    edits: tuple[Edit, ...]
    text: str
    """What stands in place of the call."""


def place_calls(
    view: ModuleView, call: cst.Call, calls: Sequence[NewCall], beside: Mapping[int, int] = MappingProxyType({})
) -> Placement:
    """Put new calls in place of the old one.

    Args:
        beside: how many callbacks each legacy call of the module (by ``id``) becomes, 0 for one that stays: several
            that are bound to one variable become lists together.

    Raises:
        Refusal: the instance is used in ways that one, or several, newer callbacks do not allow.
    """
    start, end = view.span(call)
    parent = view.parent(call)
    if any(new.comments for new in calls) and _has_to_stay_on_its_line(view, start):
        raise Refusal("a comment inside the call would be lost")
    if len(calls) > 1 and (variable := _list_variable(view, call)) is not None and _is_counted(view, variable):
        raise Refusal(
            f"the number, or the places, of the callbacks in {variable.value} matter here, and there would be more"
        )
    if len(calls) > 1 and call.lpar and isinstance(parent, (cst.Element, cst.Arg)):
        start, end = source_span(view, call)
    owner = view.parent(parent) if parent is not None else None
    if isinstance(parent, cst.Element) and isinstance(owner, (cst.List, cst.Tuple)):
        return _one_edit(start, end, _elements_text(view, start, end, calls))
    if isinstance(parent, cst.Arg) and isinstance(owner, cst.Call) and isinstance(owner.func, cst.Attribute):
        if is_append(owner) and parent.keyword is None:
            return _in_append(view, owner.func.attr, start, end, calls)
        if is_fit(owner) and parent.keyword is not None and parent.keyword.value == "callbacks":
            return _one_edit(start, end, _value_text(view, start, calls))
    if (
        isinstance(parent, cst.IfExp)
        and parent.test is not call
        and isinstance(outermost_list(view, call)[0], cst.BaseExpression)
    ):
        return _in_conditional(view, call, parent, calls)
    if isinstance(parent, (cst.Assign, cst.AnnAssign)):
        return _in_assignment(view, call, parent, calls, beside)
    raise Refusal("the instance is handed on to code that cannot be seen here (returned, passed, stored)")


def _list_variable(view: ModuleView, call: cst.Call) -> cst.Name | None:
    """The variable whose list a callback is put into, if there is one."""
    whole, parent = outermost_list(view, call)
    target: cst.BaseExpression | None = None
    if isinstance(parent, cst.Arg) and isinstance(append := view.parent(parent), cst.Call) and is_append(append):
        assert isinstance(append.func, cst.Attribute)
        target = append.func.value
    elif isinstance(parent, cst.Assign) and len(parent.targets) == 1 and whole is not call:
        target = parent.targets[0].target
    elif isinstance(parent, cst.AugAssign):
        target = parent.target
    return target if isinstance(target, cst.Name) else None


def _is_counted(view: ModuleView, variable: cst.Name) -> bool:
    """Whether the length of a list, or an element by its place, is asked for under this name."""
    for load in view.loads(variable.value):
        parent = view.parent(load)
        if isinstance(parent, cst.Subscript) and parent.value is load:
            return True
        call = view.parent(parent) if isinstance(parent, cst.Arg) else None
        if isinstance(call, cst.Call) and isinstance(call.func, cst.Name) and call.func.value in {"len", "enumerate"}:
            return True
    return False


def _one_edit(start: int, end: int, text: str) -> Placement:
    return Placement((Edit(start, end, text),), text)


def _in_append(view: ModuleView, append: cst.Name, start: int, end: int, calls: Sequence[NewCall]) -> Placement:
    if len(calls) == 1:
        return _one_edit(start, end, calls[0].inline(view, start))
    text = _list_text(view, start, calls)
    return Placement((Edit(*view.span(append), "extend"), Edit(start, end, text)), f"extend({text}")


def _in_conditional(view: ModuleView, call: cst.Call, choice: cst.IfExp, calls: Sequence[NewCall]) -> Placement:
    """``X() if c else y``: in a list it becomes ``*([A(), B()] if c else [y])``."""
    start, end = view.span(call)
    whole: cst.CSTNode = choice
    while isinstance(above := view.parent(whole), cst.IfExp):
        whole = above
    if _count_legacy_names(view, whole) > 1:
        raise Refusal("it stands in a conditional expression with another one")
    inside = view.parent(choice)
    outside = view.parent(inside) if inside is not None else None
    in_list = isinstance(inside, cst.Element) and isinstance(outside, (cst.List, cst.Tuple))
    in_fit = isinstance(inside, cst.Arg) and is_fit(outside)
    if len(calls) == 1 and (in_list or in_fit or isinstance(inside, cst.IfExp)):
        return _one_edit(start, end, calls[0].inline(view, start))
    if in_fit:
        return _one_edit(start, end, _list_text(view, start, calls))
    other = choice.orelse if choice.body is call else choice.body
    if not in_list:
        raise Refusal(f"it stands in a conditional expression, where {len(calls)} callbacks have no room")
    text = _list_text(view, start, calls)
    first, last = source_span(view, choice)
    opening, closing = ("*", "") if choice.lpar else ("*(", ")")
    other_start, other_end = source_span(view, other)
    start, end = source_span(view, call)
    edits = [
        Edit(first, first, opening),
        Edit(start, end, text),
        Edit(other_start, other_start, "["),
        Edit(other_end, other_end, "]"),
        Edit(last, last, closing),
    ]
    return Placement(tuple(edits), text)


def _count_legacy_names(view: ModuleView, node: cst.CSTNode) -> int:
    """How often an expression names the legacy class."""
    if isinstance(node, (cst.Name, cst.Attribute)):
        found = view.resolve(node)
        if found is not None and found.names & LEGACY_CLASS:
            return 1
    return sum(_count_legacy_names(view, child) for child in node.children)


def _in_assignment(
    view: ModuleView,
    call: cst.Call,
    statement: cst.Assign | cst.AnnAssign,
    calls: Sequence[NewCall],
    beside: Mapping[int, int],
) -> Placement:
    """``x = X()``: the variable holds the one new callback, or a list that is unpacked where ``x`` is used."""
    start, end = view.span(call)
    becomes = variables.list_or_callback(view, statement, len(calls), beside)
    if becomes is None:
        return _one_edit(start, end, calls[0].inline(view, start))
    text = _list_text(view, start, calls)
    return Placement((Edit(start, end, text), *becomes), text)


# The source of the new calls


def _value_text(view: ModuleView, start: int, calls: Sequence[NewCall]) -> str:
    return calls[0].inline(view, start) if len(calls) == 1 else _list_text(view, start, calls)


def _elements_text(view: ModuleView, start: int, end: int, calls: Sequence[NewCall]) -> str:
    """The new calls as elements of an existing list: on lines of their own if the old call had one."""
    indent, before = _line_before(view, start)
    if not before.strip() and indent is not None:
        return f",{_newline(view)}{indent}".join(call.written(view, indent) for call in calls)
    alone = view.text[:start].rstrip(" \t").endswith("[") and view.text[end:].lstrip(" \t").startswith("]")
    return _list_text(view, start, calls)[1:-1] if alone else ", ".join(call.inline(view, start) for call in calls)


def _list_text(view: ModuleView, start: int, calls: Sequence[NewCall]) -> str:
    """A list of calls: on one line if that is short enough, else with a line each."""
    line = f"[{', '.join(map(str, calls))}]"
    _, before = _line_before(view, start)
    fits = len(before) + len(line) < _WIDTH or (len(calls) <= 2 and len(line) < _PAIR_WIDTH)
    if (fits and not any(call.comments for call in calls)) or _has_to_stay_on_its_line(view, start):
        return line
    outer = before[: len(before) - len(before.lstrip())]
    indent, newline = outer + _unit(outer), _newline(view)
    return f"[{newline}" + "".join(f"{indent}{call.written(view, indent)},{newline}" for call in calls) + f"{outer}]"


def _has_to_stay_on_its_line(view: ModuleView, start: int) -> bool:
    """Whether a place is inside a formatted string, or on the line of a magic."""
    if MASKED_LINE_MAGIC.match(_line_before(view, start)[1]):
        return True
    spans = (view.span(node) for node in view.nodes(cst.FormattedString))
    return any(first < start < last for first, last in spans)


def _line_before(view: ModuleView, start: int) -> tuple[str | None, str]:
    """The indentation of what begins a line here (None on the first line), and all before it on the line."""
    first = max(view.text.rfind("\n", 0, start), view.text.rfind("\r", 0, start)) + 1
    before = view.text[first:start]
    return (before if first else None), before


def _unit(indent: str) -> str:
    return "\t" if indent.startswith("\t") else "    "


def _newline(view: ModuleView) -> str:
    return "\r\n" if "\r\n" in view.text else "\n" if "\n" in view.text else "\r" if "\r" in view.text else "\n"
