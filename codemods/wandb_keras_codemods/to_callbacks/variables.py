"""Variables that hold a legacy callback: one new callback afterwards, or a list that is unpacked at each use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import libcst as cst

from ..documents.edits import Edit
from ..documents.module import ModuleView
from .arguments import Refusal, source_span
from .fit_calls import is_append, is_fit


def list_or_callback(
    view: ModuleView, statement: cst.Assign | cst.AnnAssign, number: int, beside: Mapping[int, int]
) -> list[Edit] | None:
    """The edits of the uses where the variable of *statement* becomes a list, None where it holds one callback.

    Args:
        number: how many callbacks stand in place of this statement's value.
        beside: how many in place of each legacy call of the module, by ``id``; 0 for one that stays. Where a variable
            is bound more than once (in both branches of an ``if``), either each binding becomes a list or none.

    Raises:
        Refusal: it would hold a list, and some other code needs it to be a callback.
    """
    uses = _uses_in_lists(view, statement)
    others = list(_other_values(view, statement))
    together = all(isinstance(value, cst.Call) and beside.get(id(value)) for value in others)
    if number == 1 and not (together and any(beside[id(value)] > 1 for value in others)):
        return None
    if isinstance(statement, cst.AnnAssign):
        raise Refusal(f"it is bound to a variable with a type, and {number} callbacks would stand in its place")
    if not uses or not together:
        raise Refusal(f"the uses of its variable cannot all be seen, and {number} callbacks would take its place")
    return [_unpacking_edit(view, use) for use in uses if not isinstance(view.parent(use), cst.AssignTarget)]


def _other_values(view: ModuleView, statement: cst.Assign | cst.AnnAssign) -> Iterator[cst.BaseExpression | None]:
    """What else the variable is bound to: the value of ``x = value``, None for a binding of any other kind."""
    target = statement.targets[0].target if isinstance(statement, cst.Assign) else statement.target
    scope = view.scope(target)
    assert isinstance(target, cst.Name)
    for binding in scope[target.value] if scope is not None else ():
        node = getattr(binding, "node", None)
        if node is target:
            continue
        found = view.enclosing(node, cst.Assign) if isinstance(node, cst.Name) else None
        simple = found is not None and len(found.targets) == 1 and found.targets[0].target is node
        yield found.value if found is not None and simple else None


def _unpacking_edit(view: ModuleView, use: cst.Name) -> Edit:
    """What a use of the variable becomes when it holds a list."""
    parent = view.parent(use)
    owner = view.parent(parent) if parent is not None else None
    start, _ = source_span(view, use)
    if isinstance(parent, cst.Element) and isinstance(owner, (cst.List, cst.Tuple)):
        return Edit(start, start, "*")
    if is_append(owner):
        assert isinstance(owner, cst.Call)
        assert isinstance(owner.func, cst.Attribute)
        return Edit(*view.span(owner.func.attr), "extend")
    if is_fit(owner):
        return Edit(start, start, "")  # fit takes a list as well
    raise Refusal("it is bound to a variable that stands where several callbacks have no room")


def _uses_in_lists(view: ModuleView, statement: cst.Assign | cst.AnnAssign) -> list[cst.Name]:
    """The uses of a variable; refuses unless it is only ever put into lists of callbacks."""
    targets = (
        [target.target for target in statement.targets] if isinstance(statement, cst.Assign) else [statement.target]
    )
    if len(targets) != 1 or not isinstance(targets[0], cst.Name):
        raise Refusal("it is stored in an attribute or unpacked, so its uses cannot be seen")
    target = targets[0]
    scope = view.scope(target)
    uses: list[cst.Name] = []
    for load in view.loads(target.value):
        load_scope = view.scope(load)
        if (
            load is target
            or scope is None
            or load_scope is None
            or not (load_scope[target.value] & scope[target.value])
        ):
            continue
        parent = view.parent(load)
        if isinstance(parent, cst.Attribute):
            raise Refusal(f"its attribute .{parent.attr.value} is used, which the newer callbacks do not have")
        owner = view.parent(parent) if isinstance(parent, cst.Arg) else None
        appended = (
            isinstance(owner, cst.Call) and isinstance(owner.func, cst.Attribute) and owner.func.attr.value == "append"
        )
        named = (
            isinstance(parent, cst.Arg)
            and parent.keyword is not None
            and parent.keyword.value == "callbacks"
            and is_fit(owner)
        )
        if not (isinstance(parent, (cst.Element, cst.AssignTarget)) or appended or named):
            raise Refusal("the instance is handed on to code that cannot be seen here")
        uses.append(load)
    return uses
