"""Migrates programs, plays them before and after, and says whether each does what it did.

    python -m wandb_keras_compat.parity.migration [--only NAME]... [--setting SETTING]... [--form FORM]... [--json FILE]

NAME is a group, or ``group/name`` with stars; all without. ``--python`` is another environment's interpreter, to play
them there; ``--beside`` a FILE of an earlier run, whose verdicts the table counts too. ``--keras`` writes ``keras`` for
``tf.keras`` first, for where there is no TensorFlow, and leaves out what needs TensorFlow itself. Exit codes:
0 every program that runs there does what it did, 1 one does not, 2 there is no such program.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import pathlib
import sys
import tempfile

from .judge import Verdict
from .migrated import SETTINGS
from .program import FORMS
from .programs_of import GROUPS, programs
from .run import cases, judged
from .table import table


def main(*arguments: str) -> int:
    parser = argparse.ArgumentParser(prog="python -m wandb_keras_compat.parity.migration")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help=f"of {', '.join(GROUPS)}")
    parser.add_argument("--setting", action="append", choices=SETTINGS)
    parser.add_argument("--form", action="append", choices=FORMS)
    parser.add_argument("--keras", action="store_true", help="with keras in the place of tf.keras")
    parser.add_argument("--python", default=sys.executable, metavar="PATH", help="the interpreter that plays them")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write every verdict")
    parser.add_argument("--beside", action="append", default=[], type=pathlib.Path, metavar="FILE")
    parser.add_argument("--keep", type=pathlib.Path, metavar="FOLDER", help="leave everything that is written there")
    given = parser.parse_args(arguments)
    found = programs(*given.only)
    if given.keras:
        found = [spelled for program in found if (spelled := program.with_keras()) is not None]
    wanted = cases(found, given.setting or SETTINGS, given.form or FORMS)
    if not wanted:
        print(f"there is no program {' '.join(given.only)}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="migration-") as temporary:
        folder = given.keep or pathlib.Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        verdicts = judged(wanted, folder.resolve(), python=given.python, told=_progress)
    for verdict in verdicts:
        if not verdict.good:
            print(f"{verdict.program} ({verdict.setting}, {verdict.form}) {verdict.outcome}")
            print("".join(f"    {line}\n" for line in verdict.said), end="")
    earlier = [Verdict(**each) for path in given.beside for each in json.loads(path.read_text(encoding="utf-8"))]
    print(table([*earlier, *verdicts]))
    if given.json:
        given.json.write_text(json.dumps([dataclasses.asdict(verdict) for verdict in verdicts], indent=1) + "\n")
    return 0 if all(verdict.good for verdict in verdicts) else 1


def _progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
