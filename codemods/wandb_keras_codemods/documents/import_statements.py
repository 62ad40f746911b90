"""Edits of import statements: inserting another one, and splitting one in two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from .edits import Edit
from .module import ModuleView
from .positions import line_start

ImportStatement = cst.Import | cst.ImportFrom

_WIDTH = 120
_LINE_END = re.compile(r"\r\n|\n|\r|\Z")


def is_alone_on_line(view: ModuleView, node: cst.BaseSmallStatement) -> bool:
    """Whether the statement is alone on its line; not so with ``;`` or in ``if x: import y``."""
    line = view.parent(node)
    return isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1


def insert_after(view: ModuleView, node: cst.BaseSmallStatement, statements: Sequence[str]) -> Edit:
    """An edit that runs further statements right after this one, in its block and with its indentation."""
    start, end = view.span(node)
    if not is_alone_on_line(view, node):
        return Edit(end, end, "".join(f"; {statement}" for statement in statements))
    line_end = _line_end(view, end)
    newline = line_end.group() or view.module.default_newline
    indent = view.text[line_start(view.text, start) : start]
    return Edit(
        line_end.start(), line_end.start(), "".join(f"{newline}{indent}{statement}" for statement in statements)
    )


def import_statement(view: ModuleView, beside: cst.BaseSmallStatement, head: str, names: Sequence[str]) -> str:
    """The text of an import statement; a long one is spread over several lines, if it is alone on its line."""
    line = f"{head} {', '.join(names)}"
    start, _ = view.span(beside)
    indent = view.text[line_start(view.text, start) : start]
    if len(indent) + len(line) <= _WIDTH or not head.startswith("from ") or not is_alone_on_line(view, beside):
        return line
    unit = "\t" if indent.startswith("\t") else "    "
    end = _line_end(view, view.span(beside)[1]).group() or view.module.default_newline
    return f"{head} ({end}" + "".join(f"{indent}{unit}{name},{end}" for name in names) + f"{indent})"


def _line_end(view: ModuleView, position: int) -> re.Match[str]:
    """The next line end, or the end of the text."""
    found = _LINE_END.search(view.text, position)
    assert found is not None
    return found


@dataclass(frozen=True)
class ImportGroup:
    """The names of an import statement that go to one place."""

    head: str
    """What stands before the first name, as ``from wandb.integration.keras import ``."""
    members: tuple[int, ...]
    """Which names of the statement, by position."""
    new_texts: dict[int, str]
    """New text for a name that changes (``WandbCallback as WandbKerasCallback``)."""


def split_import(
    view: ModuleView, node: ImportStatement, groups: Sequence[ImportGroup], further: Sequence[str] = ()
) -> list[Edit]:
    """Edits that turn an import statement into one statement per group, in this order, and ``further`` ones.

    Parentheses, line breaks and the comments beside each name are kept with the name; a comment at the end of the
    statement is kept with the first.
    """
    texts = [_statement_text(view, node, group, first=index == 0) for index, group in enumerate(groups)] + [*further]
    start, end = view.span(node)
    if len(texts) == 1:
        return [Edit(start, end, texts[0])]
    rest = insert_after(view, node, texts[1:])
    if rest.start == end:
        return [Edit(start, end, texts[0] + rest.text)]
    return [Edit(start, end, texts[0]), rest]


def move_names(
    view: ModuleView, node: cst.ImportFrom, homes: Sequence[str], new_texts: dict[int, str]
) -> tuple[list[Edit], str]:
    """Edits that import each name of a statement from its module in ``homes``, and the text that they make.

    Names that go to one module stay in one statement; if all do, only the module's name is edited.
    """
    order = list(dict.fromkeys(homes))
    if len(order) == 1 and not new_texts:
        assert node.module is not None
        start, end = view.span(node)
        module_start, module_end = view.span(node.module)
        after = view.text[start:module_start] + order[0] + view.text[module_end:end]
        return [Edit(module_start, module_end, order[0])], after
    groups = [
        ImportGroup(
            f"from {home} import ", tuple(index for index, found in enumerate(homes) if found == home), new_texts
        )
        for home in order
    ]
    edits = split_import(view, node, groups)
    return edits, "".join(edit.text for edit in edits)


def _statement_text(view: ModuleView, node: ImportStatement, group: ImportGroup, *, first: bool) -> str:
    assert not isinstance(node.names, cst.ImportStar)
    aliases = list(node.names)
    _, end = view.span(node)
    spans = [view.span(alias) for alias in aliases]
    # The bracket itself: white space before it is the comma's if there is one, and the bracket's otherwise.
    closing = view.span(node.rpar)[1] - 1 if isinstance(node, cst.ImportFrom) and node.rpar is not None else end
    opening = ""
    if isinstance(node, cst.ImportFrom) and node.lpar is not None:
        opening = view.text[view.span(node.lpar)[0] : spans[0][0]]
        if not first:
            opening = re.sub(r"[ \t]*#[^\r\n]*", "", opening)
    pieces: list[str] = []
    for index in group.members:
        name_start, name_end = spans[index][0], view.span(aliases[index].asname or aliases[index].name)[1]
        follows = spans[index + 1][0] if index + 1 < len(aliases) else closing
        name = group.new_texts.get(index, view.text[name_start:name_end])
        pieces += (name, view.text[name_end:follows])
    tail = view.text[closing:end]
    if group.members[-1] != len(aliases) - 1:
        last_end = view.span(aliases[-1].asname or aliases[-1].name)[1]
        pieces[-1] = _gap_before_end(pieces[-1], view.text[last_end:closing])
    return group.head + opening + "".join(pieces) + tail


def _gap_before_end(gap: str, last_gap: str) -> str:
    """The text between a name that is now the last one and the end, given the text after the former last name."""
    if "#" in gap:
        kept = gap.rstrip()
        closing = re.search(r"(\r\n|\n|\r)[ \t]*\Z", last_gap) or re.search(r"\r\n|\n|\r", gap[len(kept) :])
        return kept + (closing.group() if closing else "\n")
    return re.sub(r"[ \t]*#[^\r\n]*", "", last_gap)
