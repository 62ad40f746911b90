"""Counts what should get fewer, and keeps the numbers: ``python -m tests.counts [--write]``; ``counts.toml`` holds them."""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # comes with pytest there

ROOT = Path(__file__).parents[1]
KEPT = Path(__file__).with_suffix(".toml")
FOLDERS = {"src": ROOT / "src", "codemods": ROOT / "codemods", "compat_matrix": ROOT / "compat_matrix"}
LONG = 300
WHAT_TO_DO = {
    "any": "name the type, a Protocol or TypeVar where only a part of it is known",
    "type_ignore": "mend the type, or narrow it with isinstance or cast",
    "long_modules": f"split the module where a reader would; {LONG} lines are enough",
}


def uses_of_any(text: str) -> int:
    """How often ``Any`` is used as a type, in annotations, aliases, bases and casts; its import does not count."""
    found = 0
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name):
            found += node.id == "Any"
        elif isinstance(node, ast.Attribute):
            found += node.attr == "Any" and ast.unparse(node.value) in {"typing", "t"}
        else:
            found += sum(map(uses_of_any, _quoted_annotations(node)))
    return found


def _quoted_annotations(node: ast.AST) -> Iterator[str]:
    for field in ("annotation", "returns"):
        value = getattr(node, field, None)
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value


def type_ignores(text: str) -> int:
    comments = (
        token for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type == tokenize.COMMENT
    )
    return sum("type: ignore" in comment.string for comment in comments)


def counted() -> dict[str, dict[str, int]]:
    """Folder to what there is in it: ``any``, ``type_ignore``, ``long_modules``."""
    found = {}
    for name, folder in FOLDERS.items():
        texts = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py"))]
        found[name] = {
            "any": sum(map(uses_of_any, texts)),
            "type_ignore": sum(map(type_ignores, texts)),
            "long_modules": sum(text.count("\n") > LONG for text in texts),
        }
    return found


def kept() -> dict[str, dict[str, int]]:
    return tomllib.loads(KEPT.read_text(encoding="utf-8"))


def risen(now: dict[str, dict[str, int]], before: dict[str, dict[str, int]]) -> list[str]:
    """A sentence for each number that is above the kept one."""
    return [
        f"{folder}: {what} is {number} and was {before[folder][what]}; {WHAT_TO_DO[what]}. Where it cannot be helped, "
        f"python -m tests.counts --write keeps the new number, and the commit says why"
        for folder, numbers in now.items()
        for what, number in numbers.items()
        if number > before[folder][what]
    ]


def main() -> None:
    now = counted()
    lines = [
        "# Written by python -m tests.counts --write: what may not get more. tests/counts.py says what is counted."
    ]
    for folder, numbers in now.items():
        lines += ["", f"[{folder}]", *(f"{what} = {number}" for what, number in numbers.items())]
    text = "\n".join(lines) + "\n"
    if "--write" in sys.argv[1:]:
        KEPT.write_text(text, encoding="utf-8")
    print(text, end="")


if __name__ == "__main__":
    main()
