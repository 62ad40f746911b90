"""The ledger of known differences, applied to a diff.

A ledger is a YAML file, a list of entries; ``ledger.schema.json`` is its format. An entry accounts for exactly the
differences whose paths one of its patterns matches (see :mod:`.paths`; ``.**`` at the end means what lies below), in
runs of the names it is about (``run``), in comparisons whose new trace was made with the versions it names. Nothing
else is let through.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from .differences import Diff, Difference
from .paths import PathError, Patterns
from .validate import schema_error


class LedgerError(ValueError):
    """A ledger that cannot be used; the message names the place."""


@dataclass(frozen=True)
class Entry:
    """One known difference; the fields are those of the file."""

    id: str
    feature: str
    where: tuple[str, ...]
    when: tuple[Mapping[str, SpecifierSet], ...]
    """Alternatives: the versions of one of them must fit, all that it names; none are all versions."""
    kind: str
    old: str
    new: str
    why: str
    witness: str
    link: str | None = None
    run: tuple[str, ...] = ("*",)

    def is_about(self, name: str) -> bool:
        """Whether it is about a run of that name."""
        return any(fnmatchcase(name, pattern) for pattern in self.run)

    def holds(self, made_with: Mapping[str, str]) -> bool:
        """Whether it is about these versions. A distribution that is not there satisfies no specifier."""
        fit = (all(_fits(made_with.get(name), wanted) for name, wanted in each.items()) for each in self.when)
        return not self.when or any(fit)

    def versions(self) -> str:
        """What it is about, in words: ``jax >=0.4 or torch >=2``, ``keras <3, wandb >=0.19``, ``all``."""
        alternatives = [", ".join(f"{name} {wanted}" for name, wanted in each.items()) for each in self.when]
        return " or ".join(alternatives) or "all"


@dataclass(frozen=True)
class Account:
    """Differences sorted by whether an entry accounts for them; one can be accounted for by several."""

    unknown: tuple[Difference, ...]
    known: dict[str, tuple[Difference, ...]]
    unused: tuple[str, ...]


@dataclass(frozen=True)
class Ledger:
    """All known differences, in the order of the file."""

    entries: tuple[Entry, ...] = ()

    @classmethod
    def load(cls, path: Path | str) -> Ledger:
        """Reads a ledger.

        Raises:
            LedgerError: it is no YAML, does not match the schema, names an id twice, or has a pattern or specifier
                that cannot be read. The message names file and place.
        """
        from ruamel.yaml import YAML
        from ruamel.yaml.error import YAMLError

        try:
            entries = YAML(typ="safe", pure=True).load(Path(path).read_text("utf-8"))
            return cls.of(entries if entries is not None else [])
        except (OSError, UnicodeDecodeError, YAMLError, LedgerError) as error:
            raise LedgerError(f"{path}: {error}") from error

    @classmethod
    def of(cls, entries: Any) -> Ledger:
        """The same of what the file holds.

        Raises:
            LedgerError: as :meth:`load`.
        """
        entries = [_in_todays_words(entry) for entry in entries] if isinstance(entries, list) else entries
        wrong = schema_error(entries, "ledger.schema.json")
        if wrong is not None:
            raise LedgerError(wrong)
        made = [_entry(at, entry) for at, entry in enumerate(entries)]
        ids = [entry.id for entry in made]
        for at, name in enumerate(ids):
            if name in ids[:at]:
                raise LedgerError(f"[{at}].id: {name} is there twice")
        return cls(tuple(made))

    def beside(self, other: Ledger) -> Ledger:
        """The entries of both; of two with the same id that of *other*."""
        there = {entry.id for entry in other.entries}
        return Ledger((*(entry for entry in self.entries if entry.id not in there), *other.entries))

    def account_for(
        self, differences: Iterable[Difference], made_with: Mapping[str, str], runs: Sequence[str] = ()
    ) -> Account:
        """Takes out of *differences* what is known for these versions, the new trace's ``made_with``.

        Args:
            runs: the names of the new trace's runs; a difference in a run that is not there has the name "".
        """
        holding = [(entry, Patterns(entry.where)) for entry in self.entries if entry.holds(made_with)]
        known: dict[str, list[Difference]] = {}
        unknown: list[Difference] = []
        for difference in differences:
            run = _name_of(difference, runs)
            ids = [e.id for e, where in holding if e.is_about(run) and where.find(difference.parts) is not None]
            for name in ids:
                known.setdefault(name, []).append(difference)
            if not ids:
                unknown.append(difference)
        return Account(
            tuple(unknown),
            {name: tuple(found) for name, found in known.items()},
            tuple(entry.id for entry, _ in holding if entry.id not in known and any(map(entry.is_about, runs or [""]))),
        )

    def stale(self, diffs: Iterable[Diff]) -> list[Entry]:
        """The entries that account for nothing in any of *diffs*, which are those of a full run."""
        used = {name for diff in diffs for name in diff.known}
        return [entry for entry in self.entries if entry.id not in used]


#: What files of before called their fields, and the beginning of two kinds.
_BEFORE = {"legacy": "old", "shim": "new"}


def _in_todays_words(entry: object) -> object:
    """*entry* as it is written today; one that has both spellings stays as it is, and fails."""
    if not isinstance(entry, dict) or any(old in entry and new in entry for old, new in _BEFORE.items()):
        return entry
    found = {_BEFORE.get(name, name): value for name, value in entry.items()}
    kind = found.get("kind")
    if isinstance(kind, str) and kind.startswith("legacy-"):
        found["kind"] = "old-" + kind.removeprefix("legacy-")
    return found


def _entry(at: int, fields: Mapping[str, Any]) -> Entry:
    where = _listed(fields["where"])
    try:
        Patterns(where)
    except PathError as error:
        raise LedgerError(f"[{at}].where: {error}") from error
    when = tuple(_specifiers(at, each) for each in _listed_maps(fields.get("when", [])))
    return Entry(**{**fields, "where": where, "when": when, "run": _listed(fields.get("run", "*"))})


def _listed_maps(value: Mapping[str, str] | Iterable[Mapping[str, str]]) -> Iterable[Mapping[str, str]]:
    return [value] if isinstance(value, Mapping) else value


def _specifiers(at: int, wanted: Mapping[str, str]) -> dict[str, SpecifierSet]:
    found = {}
    for name, specifiers in wanted.items():
        try:
            found[name] = SpecifierSet(specifiers)
        except InvalidSpecifier as error:
            raise LedgerError(f"[{at}].when.{name}: {error}") from error
    return found


def _listed(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _name_of(difference: Difference, runs: Sequence[str]) -> str:
    at = difference.parts[1] if len(difference.parts) > 1 else None
    return runs[at] if isinstance(at, int) and at < len(runs) else ""


def _fits(version: str | None, specifiers: SpecifierSet) -> bool:
    """Of a candidate, which is neither below its release nor from it on, its release may fit as well."""
    try:
        found = None if version is None else Version(version)
    except InvalidVersion:
        return False
    return found is not None and any(
        specifiers.contains(each, prereleases=True) for each in (found, Version(found.base_version))
    )
