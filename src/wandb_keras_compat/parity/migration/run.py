"""Programs before and after the codemods, many at once: migrated, played in processes of their own, judged."""

from __future__ import annotations

import pathlib
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .judge import Verdict, outcome
from .migrated import SETTINGS, Migrated, migrate
from .plays import Deeds, Play, play
from .program import FORMS, Program


@dataclass(frozen=True)
class Case:
    """One program in one form at one setting."""

    program: Program
    form: str
    setting: str


def cases(programs: Iterable[Program], settings: Iterable[str] = SETTINGS, forms: Iterable[str] = FORMS) -> list[Case]:
    """All that there is of these."""
    wanted = list(forms)
    return [
        Case(program, form, setting)
        for program in programs
        for form in program.forms
        if form in wanted
        for setting in settings
    ]


def judged(
    wanted: Sequence[Case],
    folder: pathlib.Path,
    *,
    python: str = sys.executable,
    told: Callable[[str], None] = lambda _: None,
    mend: Callable[[Case, Migrated], None] = lambda case, migrated: None,
) -> list[Verdict]:
    """What came of each.

    Args:
        folder: an empty one for all that is written; it must lie in no repository, which the codemods would read.
        python: the interpreter that plays them.
        told: is told what is being done.
        mend: is given each migrated program before it is played, to change it: for tests of this judge.
    """
    before = _befores(wanted, folder)
    after: dict[Case, Migrated] = {}
    for number, case in enumerate(wanted):
        after[case] = migrate(case.program, case.form, case.setting, folder / f"{number:04}" / case.setting)
        mend(case, after[case])
        told(f"migrated {case.program} ({case.form}, {case.setting})")
    alike = _alike(after)
    plays = [*before.values(), *(Play(alike[case], hooked=False) for case in wanted)]
    deeds = play(plays, folder, python, told)
    again = [
        Play(alike[case], hooked=True)
        for case in wanted
        if after[case].left and deeds[Play(alike[case], hooked=False)]["ended"] != deeds[before[case]]["ended"]
    ]
    deeds.update(play(again, folder, python, told))
    return [_verdict(case, after[case], deeds[before[case]], _after(deeds, alike[case])) for case in wanted]


def _befores(wanted: Sequence[Case], folder: pathlib.Path) -> dict[Case, Play]:
    written: dict[tuple[object, ...], Play] = {}
    found: dict[Case, Play] = {}
    for case in wanted:
        key = case.program.text, case.program.beside, case.form
        if key not in written:
            written[key] = Play(case.program.write(folder / f"before {len(written):04}", case.form), hooked=True)
        found[case] = written[key]
    return found


def _alike(after: dict[Case, Migrated]) -> dict[Case, pathlib.Path]:
    """The path to play for each: what came out the same at two settings is played once."""
    first: dict[tuple[object, ...], pathlib.Path] = {}
    return {case: first.setdefault(_content(case, migrated), migrated.path) for case, migrated in after.items()}


def _content(case: Case, migrated: Migrated) -> tuple[object, ...]:
    files = tuple(sorted((path.name, path.read_bytes()) for path in migrated.path.parent.iterdir() if path.is_file()))
    return case.program.text, case.form, files


def _after(deeds: dict[Play, Deeds], path: pathlib.Path) -> Deeds:
    """Without the hook; what was left may need it, and then with it."""
    return deeds.get(Play(path, hooked=True), deeds[Play(path, hooked=False)])


def _verdict(case: Case, migrated: Migrated, before: Deeds, after: Deeds) -> Verdict:
    came, said = outcome(before, after, case.setting, migrated)
    made_with = before["trace"].get("made_with", {})
    environment = ", ".join(
        f"{name} {made_with[name]}" for name in ("tensorflow", "jax", "torch", "keras", "wandb") if name in made_with
    )
    return Verdict(str(case.program), case.setting, case.form, came, said, environment)
