"""Describes any value of a trace in a few words that are safe to print."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..number_texts import plural, size
from ..safe_text import plain
from ..trace.canonical import object_type
from ..trace.differences import ABSENT

_LIMIT = 200


def number(value: Any) -> str:
    """Six digits, and the names of what is no number."""
    if isinstance(value, Mapping):
        return str(value.get("is", "?"))
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:.6g}"
    return json.dumps(value) if isinstance(value, bool) else str(value)


def both(old: Any, new: Any) -> tuple[str, str]:
    """Two values in as many digits as it takes to tell them apart."""
    texts = describe(old), describe(new)
    return texts if texts[0] != texts[1] or old == new else (describe(old, exact=True), describe(new, exact=True))


def shortened(text: str, limit: int = _LIMIT) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def kind_of(value: Any) -> str:
    """``number``, ``image``, ``histogram`` and so on as the schema calls them; ``images`` for a list of images.

    Plain values are ``number`` (booleans too), ``text``, ``null``, ``list`` or ``object``.
    """
    if value is ABSENT:
        return "absent"
    if value is None:
        return "null"
    if isinstance(value, (bool, int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    if isinstance(value, list):
        return "images" if value and all(kind_of(item) == "image" for item in value) else "list"
    return object_type(value) or "object"


def describe(value: Any, *, exact: bool = False, limit: int = _LIMIT) -> str:
    """One line about *value*. *exact* gives plain values in full, digits and text alike."""
    kind = kind_of(value)
    if kind in {"absent", "null"}:
        return "absent" if kind == "absent" else "null"
    if kind == "number":
        return repr(value) if exact and isinstance(value, float) else number(value)
    if kind == "string":
        text = plain(value)
        return f"“{text if exact else shortened(text, limit)}”"
    describer = _DESCRIBERS.get(kind) if kind != "object" else _describer_of_a_part(value)
    if describer is not None:
        return plain(shortened(describer(value), limit if not exact else 10**9))
    text = plain(json.dumps(value, ensure_ascii=False, sort_keys=True))
    return text if exact else shortened(text, limit)


def tally(counts: Iterable[tuple[int, str]]) -> str:
    """``2 runs, 15 rows, ...`` without what there is none of; ``nothing`` if there is nothing."""
    return ", ".join(plural(count, noun) for count, noun in counts if count) or "nothing"


def _image(value: Mapping[str, Any]) -> str:
    caption = value.get("caption")
    extra = [what for what in ("masks", "boxes", "classes") if value.get(what)]
    text = f"image {value['width']}x{value['height']} {value['mode']}"
    return text + (f" with {' and '.join(extra)}" if extra else "") + (f" “{caption}”" if caption else "")


def _histogram(value: Mapping[str, Any]) -> str:
    edges, counts = value["bins"], value["counts"]
    span = f", {number(edges[0])} to {number(edges[-1])}" if edges else ""
    return f"histogram, {plural(len(counts), 'bin')}{span}, total {number(sum(counts))}"


def _table(value: Mapping[str, Any]) -> str:
    columns = ", ".join(map(str, value["columns"]))
    return f"table, {plural(len(value['rows']), 'row')} of {plural(len(value['columns']), 'column')}: {columns}"


def _graph(value: Mapping[str, Any]) -> str:
    return f"graph, {plural(len(value['nodes']), 'node')}, {plural(len(value['edges']), 'edge')}"


def _weights(value: Mapping[str, Any]) -> str:
    total = sum(math.prod(weight["shape"]) for weight in value["weights"].values())
    return f"weights ({value['format']}), {plural(len(value['weights']), 'tensor')}, {plural(total, 'value')}"


def _text(value: Mapping[str, Any]) -> str:
    lines = value["text"].splitlines()
    return f"text, {plural(len(lines), 'line')}: “{lines[0] if lines else ''}”"


def _describer_of_a_part(value: Mapping[str, Any]) -> Callable[[Any], str] | None:
    """The describer of an object without ``_type``, whose place tells what it is: weight, file, artifact, run."""
    return next((describe_part for keys, describe_part in _PARTS if keys <= value.keys()), None)


def _weight(value: Mapping[str, Any]) -> str:
    return f"{value['dtype']} of shape {tuple(value['shape'])}"


def _file(value: Mapping[str, Any]) -> str:
    return "file, content not seen" if value["content"] is None else f"file, {describe(value['content'])}"


def _artifact(value: Mapping[str, Any]) -> str:
    aliases = f" ({', '.join(value['aliases'])})" if value["aliases"] else ""
    return f"artifact {value['name']}{aliases} of type {value['type']}, {plural(len(value['entries']), 'file')}"


def _run(value: Mapping[str, Any]) -> str:
    named = f"run {value['name']}" if value["name"] else "run without a name"
    return f"{named}, {plural(len(value['history']), 'row')}"


def _row(value: Mapping[str, Any]) -> str:
    keys = ", ".join(sorted(value.keys() - {"_step"}))
    return f"row of step {value['_step']}: {keys}"


def _other(value: Mapping[str, Any]) -> str:
    caption = f" “{value['caption']}”" if value.get("caption") else ""
    return f"{value['media']}: {describe(value['content'])}{caption}"


_DESCRIBERS = {
    "image": _image,
    "images": lambda value: f"{plural(len(value), 'image')}, the first an {_image(value[0])}",
    "histogram": _histogram,
    "table": _table,
    "graph": _graph,
    "weights": _weights,
    "json": lambda value: f"JSON: {json.dumps(value['value'], ensure_ascii=False, sort_keys=True)}",
    "text": _text,
    "bytes": lambda value: f"{size(value['size'])}, SHA-256 {value['sha256'][:12]}",
    "reference": lambda value: f"reference to {value['uri']}",
    "media": _other,
}

_PARTS = (
    ({"shape", "dtype", "sha256"}, _weight),
    ({"policy", "content"}, _file),
    ({"aliases", "entries"}, _artifact),
    ({"history", "telemetry"}, _run),
    ({"_step"}, _row),
)
