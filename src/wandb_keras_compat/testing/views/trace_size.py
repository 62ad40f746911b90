"""How much a trace holds, in one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from .describe import kind_of, tally

_MEDIA = {"image", "histogram", "table", "graph", "media"}


def holdings(trace: Mapping[str, Any]) -> str:
    """``1 run, 5 rows, 24 images, 1 table, 2 files, 1 artifact``; media are those of the history and the summary."""
    runs = trace["runs"]
    media = Counter(kind for run in runs for kind in (*_media(run["history"]), *_media(only_in_summary(run))))
    counts = [(len(trace.get("sweeps", [])), "sweep")] if "sweeps" in trace else []
    counts += [(len(runs), "run"), (sum(len(run["history"]) for run in runs), "row")]
    counts += [(media[kind], kind) for kind in sorted(media) if kind != "media"]
    counts.append((media["media"], "other media object"))
    counts.append((sum(len(run["files"]) for run in runs), "file"))
    counts.append((sum(len(run["artifacts"]["logged"]) for run in runs), "artifact"))
    counts.append((sum(len(run["artifacts"]["used"]) for run in runs), "used artifact"))
    return tally(counts)


def only_in_summary(run: Mapping[str, Any]) -> dict[str, Any]:
    """The summary without what only repeats the last value of the history."""
    last = {key: value for row in run["history"] for key, value in row.items()}
    return {key: value for key, value in run["summary"].items() if key not in last or last[key] != value}


def _media(value: Any) -> Iterator[str]:
    kind = kind_of(value)
    if kind in _MEDIA:
        yield kind
    elif isinstance(value, list):
        for item in value:
            yield from _media(item)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _media(item)
