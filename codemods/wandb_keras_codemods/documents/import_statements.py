"""Where in the text a further import statement can go, and how an import statement is split in two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from .edits import Edit
from .module import ModuleView

ImportStatement = cst.Import | cst.ImportFrom

_WIDTH = 120
_LINE_END = re.compile(r"\r\n|\n|\r|\Z")


def stands_alone(view: ModuleView, node: cst.BaseSmallStatement) -> bool:
    """Whether the statement has its line for itself (``;`` and ``if x: import y`` say no)."""
    line = view.parent(node)
    return isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1


def after(view: ModuleView, node: cst.BaseSmallStatement, statements: Sequence[str]) -> Edit:
    """An edit that runs further statements right after this one, in its block and with its indentation."""
    start, end = view.span(node)
    if not stands_alone(view, node):
        return Edit(end, end, "".join(f"; {statement}" for statement in statements))
    line_end = _LINE_END.search(view.text, end)
    assert line_end is not None
    newline = line_end.group() or view.module.default_newline
    indent = view.text[_line_start(view.text, start) : start]
    return Edit(
        line_end.start(), line_end.start(), "".join(f"{newline}{indent}{statement}" for statement in statements)
    )


def import_text(view: ModuleView, beside: cst.BaseSmallStatement, head: str, names: Sequence[str]) -> str:
    """An import statement; a long one that has lines for itself gets one for each name."""
    line = f"{head} {', '.join(names)}"
    start, _ = view.span(beside)
    indent = view.text[_line_start(view.text, start) : start]
    if len(indent) + len(line) <= _WIDTH or not head.startswith("from ") or not stands_alone(view, beside):
        return line
    unit = "\t" if indent.startswith("\t") else "    "
    newline = _LINE_END.search(view.text, view.span(beside)[1])
    end = (newline.group() if newline is not None else "") or view.module.default_newline
    return f"{head} ({end}" + "".join(f"{indent}{unit}{name},{end}" for name in names) + f"{indent})"


def _line_start(text: str, offset: int) -> int:
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


@dataclass(frozen=True)
class Group:
    """The names of an import statement that go to one place."""

    head: str
    """What stands before the first name, as ``from wandb.integration.keras import ``."""
    members: tuple[int, ...]
    """Which names of the statement, by position."""
    spelled: dict[int, str]
    """New text for a name that changes (``WandbCallback as WandbKerasCallback``)."""


def regroup(
    view: ModuleView, node: ImportStatement, groups: Sequence[Group], further: Sequence[str] = ()
) -> list[Edit]:
    """Edits that turn an import statement into one statement per group, in this order, and ``further`` ones.

    Parentheses, line breaks and the comments beside each name go with the name; a comment at the end of the
    statement stays with the first.
    """
    texts = [_group_text(view, node, group, first=index == 0) for index, group in enumerate(groups)] + [*further]
    start, end = view.span(node)
    if len(texts) == 1:
        return [Edit(start, end, texts[0])]
    rest = after(view, node, texts[1:])
    if rest.start == end:
        return [Edit(start, end, texts[0] + rest.text)]
    return [Edit(start, end, texts[0]), rest]


def _group_text(view: ModuleView, node: ImportStatement, group: Group, *, first: bool) -> str:
    assert not isinstance(node.names, cst.ImportStar)
    aliases = list(node.names)
    _, end = view.span(node)
    spans = [view.span(alias) for alias in aliases]
    closing = view.span(node.rpar)[0] if isinstance(node, cst.ImportFrom) and node.rpar is not None else end
    opening = ""
    if isinstance(node, cst.ImportFrom) and node.lpar is not None:
        opening = view.text[view.span(node.lpar)[0] : spans[0][0]]
        if not first:
            opening = re.sub(r"[ \t]*#[^\r\n]*", "", opening)
    pieces: list[str] = []
    for index in group.members:
        name_start, name_end = spans[index][0], view.span(aliases[index].asname or aliases[index].name)[1]
        follows = spans[index + 1][0] if index + 1 < len(aliases) else closing
        name = group.spelled.get(index, view.text[name_start:name_end])
        pieces += (name, view.text[name_end:follows])
    tail = view.text[closing:end]
    if group.members[-1] != len(aliases) - 1:
        last_end = view.span(aliases[-1].asname or aliases[-1].name)[1]
        pieces[-1] = _closed(pieces[-1], view.text[last_end:closing])
    return group.head + opening + "".join(pieces) + tail


def _closed(gap: str, last_gap: str) -> str:
    """The text after a name that has become the last one, given the text after the old last one."""
    if "#" in gap:
        kept = gap.rstrip()
        closing = re.search(r"(\r\n|\n|\r)[ \t]*\Z", last_gap) or re.search(r"\r\n|\n|\r", gap[len(kept) :])
        return kept + (closing.group() if closing else "\n")
    return re.sub(r"[ \t]*#[^\r\n]*", "", last_gap)
