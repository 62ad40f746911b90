"""How a place in a trace is written, and patterns over such places.

A path is a tuple of keys and indices; its text is as in ``runs[0].history[3].examples[1].pixels``, with a key that
is no identifier quoted as JSON: ``runs[0].files["media/x.png"]``. An item of what has no order (tags, aliases,
telemetry, terminal) is named by itself: ``runs[0].telemetry["feature.keras"]``.

In a pattern ``[*]`` is any index or any key, ``*`` inside a name is any text, and ``\\*`` in a quoted name is a star.
``.**`` is any number of parts: between others also none, at the end at least one, which is anything below.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import EllipsisType
from typing import TypeAlias

Path: TypeAlias = "tuple[str | int, ...]"
_Wanted: TypeAlias = "str | int | re.Pattern[str] | EllipsisType | None"
"""A part of a pattern: this one; a name like it; any number of parts; or any one."""

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TOKEN = re.compile(
    r"""(?:^|\.)(?P<name>[A-Za-z_*][A-Za-z0-9_*]*)
      | \[(?: (?P<any>\*) | (?P<index>\d+) | (?P<quoted>"(?:[^"\\]|\\.)*") )\]""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(.)")
_STAR = "\ue000"  # stands for an escaped star, which JSON does not know


class PathError(ValueError):
    """A text that is no path, or no pattern."""


def text_of(path: Path) -> str:
    """The path as text."""
    parts: list[str] = []
    for part in path:
        if isinstance(part, int):
            parts.append(f"[{part}]")
        elif _IDENTIFIER.fullmatch(part):
            parts.append(f".{part}" if parts else part)
        else:
            parts.append(f"[{json.dumps(part, ensure_ascii=False)}]")
    return "".join(parts)


def parse(text: str) -> Path:
    """The path that *text* is.

    Raises:
        PathError: it is none; it says from where on.
    """
    return tuple(_part(token) for token in _tokens(text))


def literal(path: Path) -> str:
    """A pattern that matches *path* and nothing else."""
    return text_of(path).replace("*", r"\*")  # a star is in quotes: it is no identifier


@dataclass(frozen=True)
class Pattern:
    """One pattern.

    Raises:
        PathError: *text* is no pattern.
    """

    text: str
    parts: tuple[_Wanted, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(map(_matcher, _tokens(self.text))))

    def matches(self, path: Path) -> bool:
        """Whether *path* as a whole is meant."""
        return _match(self.parts, path)


class Patterns:
    """Several patterns, asked at once."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._exact: defaultdict[int, list[Pattern]] = defaultdict(list)
        self._of_any_length: list[Pattern] = []
        for text in dict.fromkeys(texts):
            pattern = Pattern(text)
            (self._of_any_length if ... in pattern.parts else self._exact[len(pattern.parts)]).append(pattern)

    def find(self, path: Path) -> Pattern | None:
        """The first pattern that matches *path*: of those without ``**``, if one does."""
        for pattern in self._exact.get(len(path), ()):
            if pattern.matches(path):
                return pattern
        return next((pattern for pattern in self._of_any_length if pattern.matches(path)), None)


def _tokens(text: str) -> list[re.Match[str]]:
    found: list[re.Match[str]] = []
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None or (at == 0 and text[0] == "."):
            raise PathError(f"{text!r} is no path: it cannot be read from {text[at:]!r} on")
        found.append(token)
        at = token.end()
    if not found:
        raise PathError("an empty text is no path")
    return found


def _part(token: re.Match[str]) -> str | int:
    if token["index"] is not None:
        return int(token["index"])
    if token["quoted"] is not None:
        return _unquoted(token["quoted"])
    name = token["name"]
    if name is None or "*" in name:
        raise PathError(f"{token[0]!r} belongs into a pattern, not into a path")
    return str(name)


def _matcher(token: re.Match[str]) -> _Wanted:
    if token["name"] == "**":
        return ...
    if token["any"] is not None:
        return None
    if token["index"] is not None:
        return int(token["index"])
    text = token["name"] or _unquoted(_ESCAPE.sub(_marked, token["quoted"]))
    if "*" not in text:
        return str(text.replace(_STAR, "*"))
    return re.compile(".*".join(re.escape(piece.replace(_STAR, "*")) for piece in text.split("*")), re.DOTALL)


def _marked(escape: re.Match[str]) -> str:
    return _STAR if escape[1] == "*" else escape[0]


def _match(wanted: tuple[_Wanted, ...], path: Path) -> bool:
    for at, each in enumerate(wanted):
        if each is ...:
            rest = wanted[at + 1 :]
            if not rest:
                return len(path) > at
            return any(_match(rest, path[behind:]) for behind in range(at, len(path)))
        if at == len(path) or not _fits(each, path[at]):
            return False
    return len(wanted) == len(path)


def _fits(wanted: _Wanted, part: str | int) -> bool:
    if wanted is None:
        return True
    if isinstance(wanted, re.Pattern):
        return isinstance(part, str) and wanted.fullmatch(part) is not None
    return wanted == part


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(text))
    except ValueError as error:
        raise PathError(f"{text} is no JSON string: {error}") from None
