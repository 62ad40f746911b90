"""Turns IPython cells into Python text of the same length.

Magics and shell lines are masked character for character, so that offsets in the masked text are offsets in
the cell. Only a cell that is not Python already is masked: ``% x`` at the start of a line is a magic in one cell
and the rest of a string formatting in another.
"""

from __future__ import annotations

import re

from .parsing import parses

PYTHON_CELL_MAGICS = frozenset(
    {
        "capture",
        "debug",
        "heat",
        "memit",
        "mprun",
        "prun",
        "px",
        "pyinstrument",
        "scalene",
        "snakeviz",
        "time",
        "timeit",
        "wandb",
    }
)
"""Cell magics whose body is Python that runs in the notebook's own namespace."""

_PYTHON_LINE_MAGIC = re.compile(r"(?P<indent>[ \t]*)(?P<magic>%(?:time|timeit|prun|memit)[ \t]+)")
_MAGIC_LINE = re.compile(r"[ \t]*(?:[%!]|\?{1,2}\w)")
_ASSIGNED = re.compile(r"[ \t]*[\w., ]+=[ \t]*(?P<rest>[%!])")
_HELP = re.compile(r"[ \t]*[\w.%*]+\?{1,2}[ \t]*(?:\r?\n)?\Z")
_PIP_INSTALL = r"^[ \t]*[!%][ \t]*pip3?\b[^\n]*\binstall\b[^\n]*\b{}\b(?![-\w])[^\n]*"
_CELL_MAGIC = re.compile(r"\s*%%(?P<name>\w+)(?P<rest>[^\n]*)")
_STRING_OR_BRACKET = re.compile(
    r"#[^\n]*|(?P<triple>'''|\"\"\")|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"|(?P<open>[\[({])|(?P<close>[\])}])"
)

MASKED_LINE_MAGIC = re.compile(r"[ \t]*(?:0; +|[\w., ]+=[ \t]*0 or +)")
"""What a line magic with Python in it (``%time f()``, ``x = %time f()``) begins with, masked; it ends with its line."""


def hidden_lines(text: str, masked: str) -> str:
    """The lines of a cell that :func:`mask` has changed, as they were: they may use names of the module."""
    lines = zip(text.split("\n"), masked.split("\n"), strict=True)  # what else ends a line for Python may be masked
    return "".join(f"{line}\n" for line, shown in lines if line != shown)


def cell_magic(text: str) -> tuple[str, str] | None:
    """Name and arguments of the cell magic a cell begins with, comments and blank lines before it allowed."""
    for line in text.splitlines():
        if match := _CELL_MAGIC.match(line):
            return match["name"], match["rest"].strip()
        if line.strip() and not line.lstrip().startswith("#"):
            return None
    return None


def pip_installs(text: str, package: str) -> list[tuple[int, str]]:
    """Offset and text of the lines of a cell that install a package (``!pip install wandb``, ``%pip …``)."""
    lines = re.finditer(_PIP_INSTALL.format(re.escape(package)), text, re.MULTILINE)
    return [(match.start(), match.group().strip()) for match in lines]


def mask(text: str) -> str | None:
    """The cell as Python of the same length, or None if it is not Python apart from its magics."""
    if parses(text):
        return text
    magic = cell_magic(text)
    if magic is not None and magic[0] not in PYTHON_CELL_MAGICS:
        return blank(text)
    masked = _mask_lines(text)
    if parses(masked):
        return masked
    return None


def blank(text: str) -> str:
    """The text with everything but line ends replaced by spaces."""
    return re.sub(r"[^\r\n]", " ", text)


def _mask_lines(text: str) -> str:
    lines = text.splitlines(keepends=True)
    done: list[str] = []
    logical_line = _LogicalLine()
    continued = False
    for line in lines:
        if continued or (logical_line.complete and _is_magic(line)):
            continued = line.rstrip("\r\n").endswith("\\")
            done.append(_masked(line, whole=done != [] and _continues(done[-1], lines[len(done) - 1])))
            continue
        if logical_line.complete and (assigned := _ASSIGNED.match(line)):
            cut = assigned.start("rest")
            continued = line.rstrip("\r\n").endswith("\\")
            done.append(line[:cut] + (_python_of(line[cut:], "0 or") or _comment(line[cut:])))
            continue
        logical_line.feed(line)
        done.append(line)
    return "".join(done)


def _is_magic(line: str) -> bool:
    return bool(_MAGIC_LINE.match(line) or (_HELP.match(line) and "?" in line))


def _continues(masked: str, line: str) -> bool:
    return masked != line and line.rstrip("\r\n").endswith("\\")


def _masked(line: str, *, whole: bool) -> str:
    """A magic line as an expression statement of the same length; ``%time f()`` keeps ``f()``."""
    if whole:
        return blank(line)
    kept = _python_of(line, "0;")
    if kept:
        return kept
    indent = len(line) - len(line.lstrip())
    return line[:indent] + _comment(line[indent:])


def _python_of(line: str, head: str) -> str:
    """A magic line with *head* and spaces for the magic and its options; empty if what follows is no Python.

    Which options take a value is not known here: the first place after them from which the line parses is it.
    """
    magic = _PYTHON_LINE_MAGIC.match(line)
    if magic is None:
        return ""
    starts = [magic.end()]
    if line.startswith("-", magic.end()):
        starts = [match.end() for match in re.finditer(r"[ \t]+", line) if match.end() > magic.end()]
    for start in starts:
        kept = magic["indent"] + head + " " * (start - len(magic["indent"]) - len(head)) + line[start:]
        if not line.startswith("-", start) and parses(kept.strip()):
            return kept
    return ""


def _comment(text: str) -> str:
    """The expression ``0`` and a comment, in the length of the text, line end kept."""
    body = text.rstrip("\r\n")
    return ("0" + "#" + "x" * (len(body) - 2))[: len(body)] + text[len(body) :]


class _LogicalLine:
    """Joins physical lines to a logical line, by following brackets, strings and backslashes."""

    def __init__(self) -> None:
        self._depth = 0
        self._quote = ""
        self._joined = False

    @property
    def complete(self) -> bool:
        """Whether the next line begins a new logical line."""
        return not self._depth and not self._quote and not self._joined

    def feed(self, line: str) -> None:
        position = 0
        self._joined = False
        comment = False
        while position < len(line):
            if self._quote:
                end = line.find(self._quote, position)
                if end < 0:
                    return
                position, self._quote = end + 3, ""
                continue
            match = _STRING_OR_BRACKET.search(line, position)
            if match is None:
                break
            position = match.end()
            comment = match.group().startswith("#")
            if match["triple"]:
                self._quote = match["triple"]
            elif match["open"]:
                self._depth += 1
            elif match["close"]:
                self._depth = max(0, self._depth - 1)
        self._joined = not comment and line.rstrip("\r\n").endswith("\\")
