"""The ledger of known differences, applied to a diff.

A ledger is a YAML file, a list of entries; ``ledger.schema.json`` is its format. An entry accounts for exactly the
differences whose paths one of its patterns matches (see :mod:`.paths`; ``.**`` at the end means what lies below), in
comparisons whose new trace was made with the versions it names. Nothing else is let through.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from .differences import Difference
from .paths import PathError, Patterns
from .validate import schema_error

if TYPE_CHECKING:
    from .compare import Diff


class LedgerError(ValueError):
    """A ledger that cannot be used; the message names the place."""


@dataclass(frozen=True)
class Entry:
    """One known difference; the fields are those of the file."""

    id: str
    feature: str
    where: tuple[str, ...]
    when: Mapping[str, SpecifierSet]
    kind: str
    legacy: str
    shim: str
    why: str
    witness: str
    link: str | None = None

    def holds(self, made_with: Mapping[str, str]) -> bool:
        """Whether it is about these versions. A distribution that is not there satisfies no specifier."""
        return all(_fits(made_with.get(name), specifiers) for name, specifiers in self.when.items())


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
        wrong = schema_error(entries, "ledger.schema.json")
        if wrong is not None:
            raise LedgerError(wrong)
        made = [_entry(at, entry) for at, entry in enumerate(entries)]
        ids = [entry.id for entry in made]
        for at, name in enumerate(ids):
            if name in ids[:at]:
                raise LedgerError(f"[{at}].id: {name} is there twice")
        return cls(tuple(made))

    def account_for(self, differences: Iterable[Difference], made_with: Mapping[str, str]) -> Account:
        """Takes out of *differences* what is known for these versions, the new trace's ``made_with``."""
        holding = [(entry.id, Patterns(entry.where)) for entry in self.entries if entry.holds(made_with)]
        known: dict[str, list[Difference]] = {}
        unknown: list[Difference] = []
        for difference in differences:
            ids = [name for name, patterns in holding if patterns.find(difference.parts) is not None]
            for name in ids:
                known.setdefault(name, []).append(difference)
            if not ids:
                unknown.append(difference)
        return Account(
            tuple(unknown),
            {name: tuple(found) for name, found in known.items()},
            tuple(name for name, _ in holding if name not in known),
        )

    def stale(self, diffs: Iterable[Diff]) -> list[Entry]:
        """The entries that account for nothing in any of *diffs*, which are those of a full run."""
        used = {name for diff in diffs for name in diff.known}
        return [entry for entry in self.entries if entry.id not in used]


def _entry(at: int, fields: Mapping[str, Any]) -> Entry:
    where = (fields["where"],) if isinstance(fields["where"], str) else tuple(fields["where"])
    try:
        Patterns(where)
    except PathError as error:
        raise LedgerError(f"[{at}].where: {error}") from error
    when = {}
    for name, specifiers in fields.get("when", {}).items():
        try:
            when[name] = SpecifierSet(specifiers)
        except InvalidSpecifier as error:
            raise LedgerError(f"[{at}].when.{name}: {error}") from error
    return Entry(**{**fields, "where": where, "when": when})


def _fits(version: str | None, specifiers: SpecifierSet) -> bool:
    try:
        return version is not None and specifiers.contains(Version(version), prereleases=True)
    except InvalidVersion:
        return False
