"""What ``check`` found: a row for each capability, as a table for the terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from ...testing.number_texts import plural
from ...testing.safe_text import plain
from ...testing.trace.ledger import Ledger
from ...testing.trace.paths import Path, parse
from .capabilities import CAPABILITIES
from .judge import ABSENT, DIFFERS, FAILS, NOT_RUN, WORKS

SCHEMA = 1

#: Findings of a capability that the table shows.
_SHOWN = 3
#: Keys that it names beside the first.
_KEYS = 4
_STATES = {WORKS: "works", DIFFERS: "works with known differences", NOT_RUN: "NOT JUDGED", ABSENT: "not here"}


@dataclass
class Finding:
    """Why a capability fails, in one scenario, use or program.

    Attributes:
        scenario: the name of any of them.
        how: one line; empty where the differences say it.
        traceback: what ended the training.
        differences: ``path``, ``kind`` and both values, as text; all have path and kind, the first ones values.
        count: how many there are.
    """

    scenario: str
    how: str = ""
    traceback: str = ""
    differences: list[dict[str, str]] = field(default_factory=list)
    count: int = 0


@dataclass
class Row:
    """A capability.

    Attributes:
        kind: what is played for it: ``scenario``, ``use`` or ``program``.
        of: how many of its scenarios, uses or programs were to be played.
        judged: how many were.
        known: ids of the ledger's entries that account for a difference.
        not_judged: sentences on what was not judged.
        not_here: sentences on what there is not with what is installed here; *of* is without it.
    """

    capability: str
    kind: str = "scenario"
    of: int = 0
    judged: int = 0
    known: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    not_judged: list[str] = field(default_factory=list)
    not_here: list[str] = field(default_factory=list)

    @property
    def state(self) -> str:
        if self.findings:
            return FAILS
        if self.not_judged or self.judged < self.of:
            return NOT_RUN
        if self.not_here and not self.of:
            return ABSENT
        return DIFFERS if self.known else WORKS


@dataclass
class Report:
    """All of it.

    Attributes:
        versions: what is installed, as in a trace.
        legacy_versions: what the goldens were made with.
        against: ``shim`` or ``native``, whose callback was played.
        problems: sentences on what went wrong beside a capability's own failing.
        seconds: how long it took; ``processor_seconds`` is what its processes computed in that time.
        distributions: everything that is installed, name to version.
        cannot_import: the traceback of what Keras or wandb could not be imported for; empty if they could.
        no_legacy_class: the traceback of the import of the installed wandb's own class, where that was to be played and
            there is none.
        time_is_up: whether what was left was not played for that.
        printed: what the processes printed that played scenarios and uses, and what they were to do afterwards.
    """

    versions: Mapping[str, str]
    legacy_versions: Mapping[str, str]
    against: str
    rows: list[Row]
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0
    processor_seconds: float = 0.0
    distributions: Mapping[str, str] = field(default_factory=dict)
    cannot_import: str = ""
    no_legacy_class: str = ""
    time_is_up: bool = False
    printed: str = ""

    @property
    def exit_code(self) -> int:
        """0 everything works, 1 something does not, 2 something could not be judged."""
        states = {row.state for row in self.rows}
        if self.problems or NOT_RUN in states or any(row.not_judged for row in self.rows) or states == {ABSENT}:
            return 2
        return 1 if FAILS in states else 0

    def as_json(self) -> dict[str, object]:
        return {
            "schema": SCHEMA,
            "versions": dict(self.versions),
            "legacy_versions": dict(self.legacy_versions),
            "against": self.against,
            "exit_code": self.exit_code,
            "seconds": round(self.seconds, 1),
            "processor_seconds": round(self.processor_seconds, 1),
            "problems": self.problems,
            "distributions": dict(self.distributions),
            "cannot_import": self.cannot_import,
            "no_legacy_class": self.no_legacy_class,
            "capabilities": [{**asdict(row), "state": row.state} for row in self.rows],
        }

    def lines(self) -> Iterator[str]:
        """The table."""
        whose = (
            "the callback of this package" if self.against == "shim" else "the callback of the installed wandb alone"
        )
        yield f"{in_words(self.versions)}: {whose}"
        if self.legacy_versions:
            yield f"held against the real legacy class, recorded with {in_words(self.legacy_versions)}"
        yield ""
        wide = max([len(row.capability) for row in self.rows], default=0)
        for row in self.rows:
            yield f"{row.capability:<{wide}}  {_state(row)}"
            for line in _reasons(row):
                yield " " * (wide + 2) + line


def _state(row: Row) -> str:
    ids = f" ({', '.join(row.known)})" if row.known else ""
    if row.state == FAILS:
        failed = plural(len({finding.scenario for finding in row.findings}), row.kind)
        return f"FAILS in {failed}{f'; beside known differences{ids}' if ids else ''}"
    return f"{_STATES[row.state]}{ids}, {row.judged} of {plural(row.of, row.kind)}"


def _reasons(row: Row) -> Iterator[str]:
    alike: dict[str, list[str]] = {}
    for finding in row.findings:
        if finding.how:
            alike.setdefault(finding.how, []).append(finding.scenario)
    for how, scenarios in list(alike.items())[:_SHOWN]:
        yield f"{', '.join(scenarios)}: {plain(how)}"
    differ = [finding for finding in row.findings if not finding.how]
    for finding in differ[:_SHOWN]:
        for item in finding.differences[:1]:
            yield f"{finding.scenario}: {plain(item['path'])} ({item['kind']}){_more(finding)}"
            if "note" in item:
                yield f"    {plain(item['note'])}"
            else:
                yield f"    the real class  {plain(item.get('old', ''))}"
                yield f"    here            {plain(item.get('new', ''))}"
    if rest := [
        *differ[_SHOWN:],
        *(found for how in list(alike)[_SHOWN:] for found in row.findings if found.how == how),
    ]:
        yield f"and in {', '.join(finding.scenario for finding in rest)}"
    yield from map(plain, [*row.not_judged, *row.not_here])


def _more(finding: Finding) -> str:
    """How many differences there are beside the first, and of which keys, files or parts of the run."""
    if finding.count <= 1:
        return ""
    keys = dict.fromkeys(_key(parse(item["path"])) for item in finding.differences)
    names = f" ({', '.join([*map(plain, list(keys)[:_KEYS]), *(['...'] if len(keys) > _KEYS else [])])})"
    return f", and {finding.count - 1} more{names if len(keys) > 1 else ''}"


def _key(path: Path) -> str:
    """Of ``runs[0].history[1].loss.x`` it is ``loss``."""
    place = 4 if path[2:3] == ("history",) else 3
    return str(path[place]) if len(path) > place else str(path[-1])


def in_words(versions: Mapping[str, str]) -> str:
    others = [(label, name) for label, name in (("JAX", "jax"), ("PyTorch", "torch")) if name in versions]
    tensorflow = [("TensorFlow", "tensorflow")] if "tensorflow" in versions or not others else []
    named = (*tensorflow, *others, ("Keras", "keras"), ("wandb", "wandb"), ("Python", "python"))
    return ", ".join(f"{name} {versions.get(key, 'not installed')}" for name, key in named)


def explained(rows: Iterable[Row], known: Ledger) -> Iterator[str]:
    """The ledger's entries that rows name, in words."""
    ids = {name for row in rows for name in row.known}
    for entry in known.entries:
        if entry.id in ids:
            yield f"{entry.id}  {entry.kind}, {entry.feature}"
            yield f"    the real class  {plain(entry.old)}"
            yield f"    this package    {plain(entry.new)}"
            yield f"    why             {plain(entry.why)}"


def rows_for(groups: Mapping[str, Sequence[str]]) -> dict[str, Row]:
    """Empty rows for what is to be played: capability to the names of its scenarios, uses or programs."""
    return {name: Row(name, CAPABILITIES[name].kind, len(items)) for name, items in groups.items()}
