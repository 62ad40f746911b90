"""What the backend answers, read off its resolvers: ``python -m wandb_keras_compat.testing.doors.server.supported``.

Prints the page ``docs/backend-calls.md``; ``--write PATH`` writes it and ``--check PATH`` compares.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...model.artifacts import Entry, RunKey
from ...model.store import RunStore
from ...model.sweeps import Agent, Sweep
from .auth import Signer
from .json_types import Arguments, Object
from .resolvers import Resolvers
from .server_state import ServerState
from .storage_urls import StorageUrls

_HEAD = """<!-- Made by python -m wandb_keras_compat.testing.doors.server.supported --write docs/backend-calls.md -->
# What the local backend answers

Every query, mutation and field that the backend knows, read off its code. All else is answered loudly: a query, a
mutation or an argument that is not known is refused, with an error to the client, and kept in the snapshot's `unknown`;
a field that is not known is null and kept there as well, since each release of wandb asks for a few more. The fixture
`wandb_backend` fails a test that leaves anything there.

Arguments in brackets are accepted and change nothing; the reasons are at the end. The versions behind a call are those
of the real wandb that were seen to make it, with programs that log, resume, read back, link, sweep and delete; what
else they ask for is not in there. {versions}
"""

#: Version of wandb to what it was seen to ask for: type to fields. Made by the project's tests with real SDKs.
CALLS = Path(__file__).with_name("sdk_calls.json")

#: Field to the arguments that make it give something.
_SAMPLES: dict[str, Object] = {
    "entity": {"name": "local"},
    "model": {"name": "p"},
    "project": {"name": "p"},
    "bucket": {"name": "r"},
    "run": {"name": "r"},
    "sweep": {"sweepName": "s"},
    "artifactType": {"name": "t"},
    "artifactMembership": {"aliasName": "v0"},
    "parquetHistory": {"liveKeys": ["_step"]},
    "clientIDMapping": {"clientID": "c"},
}
_COLLECTIONS = {"artifactCollection", "artifactSequence", "artifactCollectionMembership"}
_VERSION = "a:v0"


@dataclass
class Call:
    """A query, a mutation or a field.

    Attributes:
        takes: the arguments that it reads.
        no_effect: further ones that are accepted and change nothing, with the reason why that is right.
    """

    takes: tuple[str, ...] = ()
    no_effect: dict[str, str] = field(default_factory=dict)


def calls() -> dict[str, dict[str, Call]]:
    """Type to field to what it takes; ``query`` and ``mutation`` are the types of the roots."""
    found: dict[str, dict[str, Call]] = {}
    roots = _example().roots
    found["mutation"] = {name: _call(resolver) for name, resolver in roots["mutation"].items()}
    waiting: list[tuple[str, Arguments]] = [("query", roots["query"])]
    while waiting:
        kind, source = waiting.pop(0)
        if kind in found:
            continue
        found[kind] = {name: _call(value) for name, value in source.items() if name != "__typename"}
        for name, value in source.items():
            waiting += _below(name, value)
    return found


def _call(value: object) -> Call:
    return Call(tuple(sorted(getattr(value, "takes", ()))), dict(sorted(getattr(value, "no_effect", {}).items())))


def _below(name: str, value: Any) -> Iterator[tuple[str, Arguments]]:
    """The objects that a field gives, with the names of their types."""
    if callable(value):
        collection = {"name": "a"} if name in _COLLECTIONS else {"name": _VERSION}
        arguments = _SAMPLES.get(name, collection if "name" in getattr(value, "takes", ()) else {})
        value = value(arguments)
    items = value["edges"] if isinstance(value, dict) and "edges" in value else value
    for item in items if isinstance(items, list) else [items]:
        found = item.get("node", item) if isinstance(item, dict) else None
        if isinstance(found, dict) and "__typename" in found:
            yield str(found["__typename"]), found


def _example() -> Resolvers:
    """Over a store that has one of everything."""
    store = RunStore()
    state = ServerState(store)
    run = store.run(RunKey("local", "p", "r"))
    record = state.make_artifact(store.collection("local", "p", "a", "t"))
    record.manifest = b"{}"
    record.version.state = "COMMITTED"
    record.version.logged_by = run.key
    record.version.entries["x.txt"] = Entry(size=1, digest="d", content=b"x")
    sweep = Sweep("local", "p", "s", {"method": "random", "parameters": {"x": {"value": 1}}})
    sweep.agents["g"] = Agent("g", "host")
    store.sweeps["local", "p", "s"] = sweep
    store.portfolio("local", "p", "linked", "t").link(record.version, [])
    run.files["x.txt"] = [b"x"]
    run.logged.append(record.version)
    run.use(record.version)
    return Resolvers(state, StorageUrls(lambda: "http://127.0.0.1", Signer("k")))


def page() -> str:
    """The page, in Markdown."""
    reasons: dict[str, str] = {}
    found, seen = calls(), json.loads(CALLS.read_text(encoding="utf-8"))
    lines = [_HEAD.replace("{versions}", f"Tried were wandb {', '.join(seen)}.")]
    for kind in ("query", "mutation", *sorted(found.keys() - {"query", "mutation"})):
        title = {"query": "Queries", "mutation": "Mutations"}.get(kind, f"Fields of `{kind}`")
        lines.append(f"## {title}\n")
        by_versions: dict[str, list[str]] = {}
        for name, call in found[kind].items():
            reasons |= call.no_effect
            asking = _versions(kind, name, seen)
            if kind not in {"query", "mutation"} and not call.takes and not call.no_effect:
                by_versions.setdefault(asking, []).append(f"`{name}`")
                continue
            arguments = [f"`{argument}`" for argument in call.takes] + [f"[`{a}`]" for a in call.no_effect]
            lines.append(f"* `{name}`: {', '.join(arguments) or 'no argument'}. *{asking}*")
        if by_versions and lines[-1].startswith("*"):
            lines.append("")
        lines += [f"Without arguments: {', '.join(names)}. *{asking}*\n" for asking, names in by_versions.items()]
        if lines[-1].startswith("*"):
            lines.append("")
    lines.append("## Why some arguments change nothing\n")
    lines += [f"* `{name}`: {reason}" for name, reason in sorted(reasons.items())]
    return "\n".join(lines) + "\n"


def _versions(kind: str, name: str, seen: Mapping[str, Mapping[str, list[str]]]) -> str:
    """Which of those that were tried ask for it, in ranges."""
    ranges: list[list[str]] = []
    before = False
    for version, asked in seen.items():
        asks = name in asked.get(kind, ())
        if asks and before:
            ranges[-1][1:] = [version]
        elif asks:
            ranges.append([version])
        before = asks
    if len(ranges) == 1 and ranges[0][0] == next(iter(seen)) and ranges[0][-1] == list(seen)[-1]:
        return "all"
    return ", ".join(" to ".join(found) for found in ranges) or "none of them"


def main(arguments: list[str]) -> int:
    """Exit code 1 where the page at PATH is another one."""
    if arguments[:1] == ["--write"]:
        Path(arguments[1]).write_text(page(), encoding="utf-8")
    elif arguments[:1] == ["--check"]:
        return int(Path(arguments[1]).read_text(encoding="utf-8") != page())
    else:
        sys.stdout.write(page())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
