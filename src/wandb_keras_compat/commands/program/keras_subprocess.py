"""What a failed child process of the program needed from Keras 2.

If the program captured the output of the child, the error in it tells. Otherwise the source of the child's program is
read: an unconditional import that Keras 3 refuses is enough.
"""

from __future__ import annotations

import ast
import os
import re
import shlex
import shutil
import sys
import tokenize
from collections.abc import Iterator, Sequence
from contextlib import suppress
from subprocess import CalledProcessError

_HEAD = "Traceback (most recent call last):"
_FRAMES = re.compile(r'^ *File "(.*)", line \d+', re.MULTILINE)
_LAST = re.compile(r"^(?:[\w.]+\.)?(?P<kind>\w+Error): (?P<text>.*)", re.MULTILINE | re.DOTALL)
_KINDS = {kind.__name__: kind for kind in (ModuleNotFoundError, ImportError, AttributeError, TypeError, ValueError)}
#: The exit code of a Python that ends in an error.
_ENDED_IN_ERROR = 1


def last_in_keras(trace: str) -> bool:
    """Whether the last frame of a traceback, given as text, is in Keras."""
    files = _FRAMES.findall(trace)
    return bool(files) and "/keras/src/" in files[-1].replace("\\", "/")


def error_of(error: CalledProcessError) -> tuple[Exception, bool] | None:
    """The error that stands at the end of what the process printed, and whether Keras raised it."""
    with suppress(ValueError):
        if not _arguments(error.cmd):
            return None
    for text in (_text(error.stderr), _text(error.stdout)):
        trace = text.rpartition(_HEAD)[2]
        match = _LAST.search(trace) if trace != text else None
        kind = _KINDS.get(match["kind"]) if match else None
        if match is not None and kind is not None:
            said = match["text"].partition("\nwandb_keras_compat: ")[0].strip()
            if kind is ModuleNotFoundError:
                missing = re.match(r"No module named '([\w.]+)'", said)
                return ModuleNotFoundError(said, name=missing[1] if missing else None), False
            return kind(said), last_in_keras(trace[: match.start()])
    return None


def imports_of(error: CalledProcessError) -> tuple[str, list[tuple[str, str]]]:
    """The program that the process ran, and its unconditional imports as pairs (module, name or "")."""
    if error.returncode != _ENDED_IN_ERROR or error.stderr is not None or _HEAD in _text(error.stdout):
        return "", []
    with suppress(OSError, SyntaxError, ValueError):
        name, text = _program(_arguments(error.cmd))
        return name, list(_imports(ast.parse(text)))
    return "", []


def _text(printed: str | bytes | None) -> str:
    return printed.decode(errors="replace") if isinstance(printed, bytes) else printed or ""


def _arguments(command: str | Sequence[str | os.PathLike[str]]) -> list[str]:
    """The arguments of the command, if it started the Python of this environment."""
    words = shlex.split(command) if isinstance(command, str) else [os.fspath(word) for word in command]
    return words[1:] if words and _is_this_python(words[0]) else []


def _program(rest: list[str]) -> tuple[str, str]:
    while rest and re.fullmatch(r"-[bBdEiIOPqsSuvx]+", rest[0]):
        rest = rest[1:]
    if len(rest) > 1 and rest[0] == "-c":
        return "the process that it started", rest[1]
    if not rest or rest[0].startswith("-") or not os.path.isfile(rest[0]):
        return "", ""
    with tokenize.open(rest[0]) as file:
        return os.path.basename(rest[0]), file.read()


def _is_this_python(word: str) -> bool:
    """Whether it is the Python of this environment: in another, Keras may be Keras 2."""
    found = shutil.which(word)
    if found is None or re.fullmatch(r"python[\d.]*(\.exe)?", os.path.basename(found)) is None:
        return False
    return os.path.abspath(os.path.dirname(found)) == os.path.abspath(os.path.dirname(sys.executable))


def _imports(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Imports at module level, and those in functions if no ``try`` in the module handles a failing import."""
    deep = not any(isinstance(each, (ast.Try, ast.With, ast.AsyncWith)) for each in ast.walk(module))
    waiting: list[ast.stmt] = list(reversed(module.body))
    while waiting:
        statement = waiting.pop()
        if isinstance(statement, ast.Import):
            yield from ((alias.name, "") for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom) and statement.level == 0:
            yield from ((statement.module or "", alias.name) for alias in statement.names)
        elif _always(statement) or (deep and isinstance(statement, (ast.FunctionDef, ast.ClassDef))):
            waiting += reversed(statement.body)  # type: ignore[attr-defined]


def _always(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If) and ast.unparse(statement.test) == "__name__ == '__main__'"
