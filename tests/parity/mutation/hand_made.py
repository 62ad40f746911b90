"""Bugs that people put in by hand and that no test noticed once, each with the test that tells it now.

    python -m tests.parity.mutation.hand_made [ID...]

The list is ``hand_made.yaml``; ``tests/parity/test_hand_made.py`` holds it together. Run as a program this puts each bug into a
copy of the tree and demands that the test of its line passes without it and fails with it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .tree_copy import TreeCopy, tree_copy

LIST = Path(__file__).with_suffix(".yaml")


@dataclass(frozen=True)
class Bug:
    """One line of the list.

    Attributes:
        id: its name since it was first put in.
        file: today's place, from the root.
        was, now: the text of the file, which is there once, and what takes its place.
        told_by: the test that tells it, as pytest names it, without the cases of one.
        none: why there is no such bug any more, instead of the four before.
    """

    id: str
    file: str = ""
    was: str = ""
    now: str = ""
    told_by: str = ""
    none: str = ""


def bugs() -> list[Bug]:
    from ruamel.yaml import YAML

    return [Bug(**entry) for entry in YAML(typ="safe").load(LIST.read_text(encoding="utf-8"))]


def verdicts(wanted: Iterable[Bug], copy: TreeCopy) -> Iterable[tuple[Bug, str | None]]:
    """Each bug with what is wrong with its line; None where its test passes without it and fails with it."""
    for bug in wanted:
        yield bug, None if bug.none else _verdict(bug, copy)


def _verdict(bug: Bug, copy: TreeCopy) -> str | None:
    without = copy.run([bug.told_by])
    last = (without.stdout.splitlines() or [without.stderr])[-1]
    if without.returncode != 0 or " passed" not in last:
        return f"{bug.told_by} does not pass without the bug: {last}"
    with copy.changed(bug.file, bug.was, bug.now):
        found = copy.run([bug.told_by], seconds=120)
    if found.returncode != 1:
        return f"{bug.told_by} does not tell it: exit code {found.returncode}"
    return None


def main(ids: Sequence[str]) -> int:
    wanted = [bug for bug in bugs() if not ids or bug.id in ids]
    wrong = 0
    with tree_copy() as copy:
        for bug, said in verdicts(wanted, copy):
            wrong += said is not None
            print(f"{bug.id} {'none any more' if bug.none else said or f'told by {bug.told_by}'}", flush=True)
    print(f"{len(wanted)} bugs, {wrong} of them not told")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
