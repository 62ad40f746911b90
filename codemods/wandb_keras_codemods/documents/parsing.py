"""Parses Python with LibCST, and makes the message for text that does not parse."""

from __future__ import annotations

import ast
import re
import warnings

import libcst as cst

from ..records import SourceError
from .data_literals import without_long_literals
from .tree_reading import TreeReading, read_tree

MOST_CODE = 1_500_000
"""Characters of a module that are parsed at most; spaces and long literals of constants do not count.

LibCST takes 2 to 5 seconds and 0.3 to 0.6 gigabytes for a million, and a run up to three times as long.
"""
MOST_LINKS = 3_000
"""Calls, attributes and subscripts of one chain that are parsed at most: LibCST takes the square of their number."""
_LINK = r"\.\s*\w+|\([^()\[\]]{0,200}\)|\[[^()\[\]]{0,200}\]"
_CHAIN = re.compile(rf"(?=[.(\[])(?:\s*(?:{_LINK})){{{MOST_LINKS}}}")
_MAX_BRACKETS = 200
_BRACKETS = re.compile(r"[\[({\])}]")


def parse(text: str) -> tuple[cst.Module, TreeReading]:
    """Parse a module, and go over its tree once. In the tree, long literals of constants are short.

    Raises:
        SourceError: LibCST cannot parse the text, or does not give it back unchanged, or it is more than is parsed.
    """
    source = text
    text = without_long_literals(source)
    _check_size(text)
    _check_nesting(text)
    try:
        module = cst.parse_module(text)
        reading = read_tree(module)
    except cst.ParserSyntaxError as error:
        raise _syntax_error(source, error) from None
    except (RecursionError, ValueError) as error:
        raise SourceError(f"does not parse: {str(error) or type(error).__name__}") from None
    if reading.code != text:
        raise SourceError("LibCST does not give this file back byte for byte, so it is not edited")
    return module, reading


def parses(text: str) -> bool:
    """Whether the running Python can parse the text as a module."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True


def check_rewritten(before: str, after: str) -> None:
    """Check that an edited text still parses: with the running Python if it did before, else with LibCST.

    Raises:
        SourceError: it does not.
    """
    if parses(without_long_literals(before)):
        if not parses(without_long_literals(after)):
            raise SourceError("the rewritten text no longer parses; please report this")
        return
    try:
        parse(after)
    except SourceError as error:
        raise SourceError(f"the rewritten text {error.message}; please report this", error.line) from None


def _check_size(text: str) -> None:
    """Refuse what would take minutes or gigabytes."""
    if len(text) - text.count(" ") > MOST_CODE:
        raise SourceError(f"is too long to be parsed: {MOST_CODE:,} characters of code are the most")
    if len(text) > MOST_LINKS and (chain := _CHAIN.search(text)) is not None:
        raise SourceError(
            f"a chain of calls and attributes in it is too long to be parsed: {MOST_LINKS:,} are the most",
            text.count("\n", 0, chain.start()) + 1,
        )


def _check_nesting(text: str) -> None:
    """Refuse text whose brackets nest deeper than Python's own parser allows (200).

    Brackets in strings and comments are counted too; real code stays far below.
    """
    depth = deepest = 0
    for match in _BRACKETS.finditer(text):
        depth = depth + 1 if match.group() in "[({" else max(0, depth - 1)
        deepest = max(deepest, depth)
        if deepest > _MAX_BRACKETS:
            raise SourceError("its brackets nest too deeply to be parsed", text.count("\n", 0, match.start()) + 1)


def _syntax_error(text: str, error: cst.ParserSyntaxError) -> SourceError:
    """The message of a syntax error: Python's own where Python refuses the text too, else LibCST's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except SyntaxError as found:
            return SourceError(f"does not parse: {found.msg}", found.lineno or 1)
        except (ValueError, RecursionError, MemoryError) as found:
            return SourceError(f"does not parse: {found}")
    where = re.search(r"error at (\d+):", error.message)
    line = int(where[1]) if where else error.raw_line
    problem = error.message.partition(": expected one of")[0]
    return SourceError(f"Python parses it but LibCST does not ({problem}), so it is not edited", max(1, line))
