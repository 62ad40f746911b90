"""The commands that a page shows, what stands below each of them, and the files that the page shows.

In a block ``console`` a line that begins with ``$`` is a command, and the lines below it are what it prints; ``...`` in
them is any text, and a line of its own any lines. A comment ``# ends with 1`` behind a command is its exit code. A comment
``<!-- run: COMMAND -->`` between blocks stands for what a reader does by hand there. A block of another kind whose first
line is a comment with a file's name is that file.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import click
from wandb_keras_codemods.cli import migrate

from wandb_keras_compat.cli import main

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PIECE = re.compile(r"^```(\w+)\n(.*?)^```$|^<!-- run: (.*?) -->$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# (\S+\.\w+)\n(.*)", re.DOTALL)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
ENDS = re.compile(r"#.*\bends with (\d+)")
#: Kinds of blocks that would hold commands which nobody sees.
FOREIGN = ("bash", "sh", "shell", "zsh", "bat", "powershell")


@dataclass(frozen=True)
class Command:
    """One command line, and what it prints below it."""

    text: str
    printed: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        found = ENDS.search(self.text)
        return int(found[1]) if found else 0


def pages() -> dict[str, Path]:
    """Every page of the site that is written by hand, and the README, by its name from the root."""
    found = [ROOT / "README.md", ROOT / "codemods" / "README.md", *sorted(DOCS.rglob("*.md"))]
    return {path.relative_to(ROOT).as_posix(): path for path in found}


def pieces(text: str) -> tuple[list[Command], dict[str, str]]:
    """The commands of a page in their order, and its files by name."""
    commands: list[Command] = []
    files: dict[str, str] = {}
    for kind, block, by_hand in PIECE.findall(text):
        if by_hand:
            commands.append(Command(by_hand))
        elif kind == "console":
            commands += _commands(block)
        elif kind in FOREIGN:
            raise ValueError(f"a block of the kind {kind}: commands are shown in blocks of the kind console")
        elif named := FILE.fullmatch(block):
            files.setdefault(named[1], named[2])
    return commands, files


def _commands(block: str) -> list[Command]:
    found: list[tuple[str, list[str]]] = []
    continued = False
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif continued:
            found[-1] = (f"{found[-1][0]}\n{line}", found[-1][1])
        elif found:
            found[-1][1].append(line)
        else:
            raise ValueError(f"no command before the line {line!r}")
        continued = (line.startswith("$ ") or continued) and line.endswith("\\")
    return [Command(text, tuple(lines)) for text, lines in found]


def missing(printed: tuple[str, ...], output: str) -> str | None:
    """The first line of *printed* that is not in *output* behind the ones before it; None if all are there."""
    left = [line.strip() for line in COLOUR.sub("", output).splitlines()]
    for line in map(str.strip, printed):
        if line in {"", "..."}:
            continue
        pattern = re.compile(".*".join(map(re.escape, line.split("..."))))
        at = next((place for place, there in enumerate(left) if pattern.fullmatch(there)), None)
        if at is None:
            return line
        del left[: at + 1]
    return None


# --- what is ours in a command line ------------------------------------------------------------------------------

OURS = {"wandb-keras-compat": main, "wandb_keras_compat": main, "wandb_keras_codemods": migrate}


def calls(line: str) -> list[tuple[click.Command, list[str]]]:
    """Our command lines in *line*, each with its arguments: also behind ``&&``, and behind the ``--`` of another."""
    lexer = shlex.shlex(line.replace("\\\n", " "), posix=True, punctuation_chars="&|;()<>")
    lexer.whitespace_split = True
    found: list[tuple[click.Command, list[str]]] = []
    into: list[str] | None = None
    words = list(lexer)
    for place, word in enumerate(words):
        before = words[max(0, place - 1)]
        name = word if before == "-m" else word.rpartition("/")[2]
        if set(word) <= set("&|;()<>"):
            into = None
        elif name in OURS and (before == "-m" or name == "wandb-keras-compat"):
            into = []
            found.append((OURS[name], into))
        elif into is not None:
            into.append(word)
    return found


def refused(command: click.Command, arguments: list[str]) -> str | None:
    """Why the command line cannot be meant: no such command or option, a value that is no choice; else None."""
    context = click.Context(command, info_name=command.name, **command.context_settings)
    try:
        if isinstance(command, click.Group):
            if not arguments or arguments[0].startswith("-"):
                command.make_parser(context).parse_args(list(arguments))
                return None
            inner = command.get_command(context, arguments[0])
            return f"no command {arguments[0]!r}" if inner is None else refused(inner, arguments[1:])
        given, _, _ = command.make_parser(context).parse_args(list(arguments))
        for parameter in command.params:
            value = given.get(parameter.name)
            if isinstance(parameter.type, click.Choice) and isinstance(value, str):
                parameter.type.convert(value, parameter, context)
    except click.ClickException as error:
        return error.format_message()
    return None


SPAN = re.compile(
    r"(?<!`)`((?:[^`\s]*/)?(?:wandb-keras-compat|python -m wandb_keras_(?:compat|codemods))\s[^`]+)`(?!`)"
)


def in_sentences(text: str) -> list[str]:
    """Our command lines in the sentences and tables of a page, outside its blocks."""
    return [
        " ".join(found.split())
        for found in SPAN.findall(re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL))
    ]


LINE = re.compile(r"(?<![\w./-])(?:wandb-keras-compat|python -m wandb_keras_(?:compat|codemods)) .+")


def in_files(text: str) -> list[str]:
    """Our command lines in the files that a page shows: a script, a workflow of CI."""
    blocks = [block for kind, block, _ in PIECE.findall(text) if kind in {"text", "yaml"}]
    return [line for block in blocks for line in LINE.findall(block)]
