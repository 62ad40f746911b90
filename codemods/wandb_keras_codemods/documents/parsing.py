"""Parsing with LibCST, and saying what is wrong in words that help."""

from __future__ import annotations

import ast
import re
import warnings

import libcst as cst

from ..records import SourceError
from ..engine.recursion import check_nesting


def parse(text: str) -> cst.Module:
    """Parse a module.

    Raises:
        SourceError: LibCST cannot parse the text, or does not give it back unchanged.
    """
    check_nesting(text)
    try:
        module = cst.parse_module(text)
        code = module.code
    except cst.ParserSyntaxError as error:
        raise _syntax_error(text, error) from None
    except (RecursionError, ValueError) as error:
        raise SourceError(f"does not parse: {error or type(error).__name__}") from None
    if code != text:
        raise SourceError("LibCST does not give this file back byte for byte, so it is not edited")
    return module


def _syntax_error(text: str, error: cst.ParserSyntaxError) -> SourceError:
    """In Python's own words where Python refuses the text too, else in LibCST's."""
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
