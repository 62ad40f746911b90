"""One pass over a syntax tree: the text it stands for, and each node's parent and place in it.

LibCST's providers go over the tree once each, by calls of Python for every node and every token. Generating the code
meets all of both in the order of the text; here that pass leaves a list of what it met, and one loop reads the list.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import final

import libcst as cst
from libcst._nodes.internal import CodegenState

Span = tuple[int, int]
"""Start and end of a node, as offsets in characters; the white space around it left out."""


@final
class _Syntactic:
    """The part of a node that white space and comments around it are no part of: met when it begins, and when it ends.

    Where ``start_node`` or ``end_node`` is given, it begins or ends with that node.
    """

    __slots__ = ("_met", "begun", "end_node", "node", "start", "start_node")

    def __init__(
        self,
        met: list[_Met],
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> None:
        self._met = met
        self.node, self.start_node, self.end_node = node, start_node, end_node
        self.begun = False
        self.start = 0

    def __enter__(self) -> None:
        self._met.append(self)

    def __exit__(self, *_: object) -> None:
        self._met.append(self)


_Met = str | cst.CSTNode | _Syntactic


class _Recorder(CodegenState):
    """Has LibCST generate the code of a module, and leaves what was met in one list: tokens, and each node twice."""

    def __init__(self, module: cst.Module) -> None:
        super().__init__(module.default_indent, module.default_newline)
        self.met: list[_Met] = []
        for hook in ("add_token", "before_codegen", "after_codegen"):
            setattr(self, hook, self.met.append)  # one call, in C, for each token and node
        setattr(self, self.record_syntactic_position.__name__, partial(_Syntactic, self.met))
        setattr(self, "tokens", self.met)  # noqa: B010  # LibCST only asks whether there are any

    def add_indent_tokens(self) -> None:
        self.met.extend(self.indent_tokens)

    def pop_trailing_newline(self) -> None:
        for index in range(len(self.met) - 1, -1, -1):
            if isinstance(self.met[index], str):
                del self.met[index]
                return


@dataclass(frozen=True)
class TreeReading:
    """What the pass has found."""

    code: str
    """The text that the module stands for."""
    by_kind: dict[type[cst.CSTNode], list[cst.CSTNode]]
    """All nodes by their exact type, parents before their children."""
    parents: dict[cst.CSTNode, cst.CSTNode]
    spans: dict[cst.CSTNode, Span]


def read_tree(module: cst.Module) -> TreeReading:
    """Go over a module once."""
    recorder = _Recorder(module)
    module._codegen_impl(recorder)
    by_kind: dict[type[cst.CSTNode], list[cst.CSTNode]] = defaultdict(list, {type(module): [module]})
    parents: dict[cst.CSTNode, cst.CSTNode] = {}
    spans: dict[cst.CSTNode, Span] = {}
    position = 0
    tokens: list[str] = []
    around: list[cst.CSTNode] = [module]
    starts: list[int] = []
    for met in recorder.met:
        if isinstance(met, str):
            position += len(met)
            tokens.append(met)
        elif type(met) is _Syntactic:
            if not met.begun:
                met.begun, met.start = True, position
                continue
            start = met.start if met.start_node is None else spans[met.start_node][0]
            spans[met.node] = (start, position if met.end_node is None else spans[met.end_node][1])
        elif met is around[-1]:
            around.pop()
            start = starts.pop()
            if met not in spans:
                spans[met] = (start, position)
        else:
            parents[met] = around[-1]
            by_kind[type(met)].append(met)
            around.append(met)
            starts.append(position)
    spans[module] = (0, position)
    return TreeReading("".join(tokens), by_kind, parents, spans)
