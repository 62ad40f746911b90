"""Every single change that can be made to a trace and leaves it one, with the paths that a diff has to name for it.

Which changes leave a trace a trace, the schema says: candidates that do not satisfy it are dropped.
"""

from __future__ import annotations

import copy
import functools
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
from jsonschema import Draft202012Validator
from PIL import Image

from wandb_keras_compat.testing.trace.media import base64_png
from wandb_keras_compat.testing.trace.paths import text_of

from .strategies import decoded

CHOICES = ["minimize", "maximize", "live", "end", "keras", "RGBA", "LA", "Infinity", "NaN", "PAUSED"]
OTHERS = [{"x": 1}, {"_type": "reference", "uri": "mutated"}, {"_type": "media", "media": "mutated", "content": None}]
MEMBERS = [
    None,
    "x",
    {"policy": None, "content": None},
    {"step_metric": None, "summary": [], "hidden": False, "step_sync": False, "goal": None},
    {"shape": [], "dtype": "int64", "sha256": "x", "values": [1]},
    {"image": {"_type": "media", "media": "mask", "content": None}},
]


@dataclass
class Mutation:
    what: str
    path: tuple[Any, ...]
    trace: Any
    expected: set[str]

    def __repr__(self) -> str:
        return f"{self.what} {text_of(self.path)}"


def mutations(trace: Any, part: str = "runs") -> Iterator[Mutation]:
    """All of them, below that *part* of it; the original is left as it is."""
    for path, node in places((part,), trace[part]):
        for what in ("changed", "removed", "added"):
            found = mutation(trace, path, node, what)
            if found is not None:
                yield found


def mutation(trace: Any, path: tuple[Any, ...], node: Any, what: str) -> Mutation | None:
    """One change of that kind at *path*, or None where none leaves a trace."""
    for change in candidates(path, node, what):
        mutated = copy.deepcopy(trace)
        holder: Any = mutated
        for part in path[:-1]:
            holder = holder[part]
        change(holder, path[-1])
        if is_valid(mutated, path):
            below = ("new key",) if what == "added" else ()
            return Mutation(what, path, mutated, {text_of(place) for place in named(trace, mutated, (*path, *below))})
    return None


def is_valid(trace, path):
    """Whether the trace is one after a change at *path*; looked at is what the schema says of the part around it."""
    place, part = innermost(trace, path[:-1])
    return validator(place).is_valid(part)


def innermost(trace, path):
    """The part of *trace* nearest to *path* that has a schema of its own below ``$defs``, and where; or all of it."""
    place, part, found = (), trace, ((), trace)
    for name in path:
        step = member_of(schema_at(place), name)
        if step is None:  # the schema leaves a choice
            break
        place, part = resolved((*place, *step)), part[name]
        if place[0] == "$defs":
            found = place, part
    return found


def member_of(schema, name):
    if isinstance(name, int):
        return ("items",) if "items" in schema else None
    if name in schema.get("properties", {}):
        return ("properties", name)
    return ("additionalProperties",) if isinstance(schema.get("additionalProperties"), dict) else None


def schema_at(place):
    return functools.reduce(lambda schema, name: schema[name], place, whole_schema())


def resolved(place):
    while "$ref" in schema_at(place):
        place = tuple(schema_at(place)["$ref"].split("/")[1:])
    return place


@functools.lru_cache
def whole_schema():
    return json.loads(resources.files("wandb_keras_compat.testing.trace").joinpath("trace.schema.json").read_text())


@functools.lru_cache
def validator(place):
    schema = whole_schema()
    return Draft202012Validator({"$ref": "/".join(["#", *place]), "$defs": schema["$defs"]} if place else schema)


def places(path, node):
    yield path, node
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, item in items:
        yield from places((*path, key), item)


def candidates(path, node, what):
    if what == "removed":
        return [] if len(path) == 1 else [lambda holder, key: holder.pop(key)]
    if what == "added":
        typed = not isinstance(node, dict) or "_type" in node
        return [] if typed else [put_inside(member) for member in MEMBERS]
    if path[-1] == "png" and len(path) > 4:
        return [one_pixel]
    if isinstance(node, dict) and "_type" in node:
        return [put(value) for value in OTHERS if value.get("_type") != node["_type"]]
    if isinstance(node, (dict, list)):
        return []
    if isinstance(node, str):
        return [put(value) for value in [f"{node}x", *CHOICES] if value != node]
    if node is None:
        return [put(value) for value in [0, "x", "live", "minimize", *OTHERS]]
    if isinstance(node, bool):
        return [put(not node)]
    return [put(node + 1 if isinstance(node, int) else node * 1.001 + 1)]


def named(old, new, path):
    """What a diff calls the change at *path*."""
    above = [old]
    for part in path[:-1]:
        above.append(above[-1][part])
    kinds = [node.get("_type") if isinstance(node, dict) else None for node in above]
    if kinds[-1] == "image" and path[-1] == "png":
        return {(*path[:-1], "pixels")}
    if kinds[-1] == "number" or path[-1] == "_type":
        return named(old, new, path[:-1])
    if len(path) > 1 and is_set(path[:-1]):
        now = new
        for part in path[:-1]:
            now = now[part]
        counts = Counter(above[-1]), Counter(now)
        return {(*path[:-1], item) for item in counts[0] | counts[1] if counts[0][item] != counts[1][item]}
    for at, kind in enumerate(kinds):
        # An array is one value; a list of bins of another length is too.
        if kind == "weights" and path[at] == "weights" and len(path) > at + 3 and path[at + 2] in {"values", "sketch"}:
            return {path[: at + 3]}
    if len(kinds) > 1 and kinds[-2] == "histogram" and lengths(old, path) != lengths(new, path):
        return {path[:-1]}
    return {path}


def is_set(path):
    return (
        (len(path) == 3 and path[2] in {"tags", "telemetry", "terminal"})
        or (len(path) == 5 and path[2] == "metrics" and path[4] == "summary")
        or (len(path) == 6 and path[2] == "artifacts" and path[5] == "aliases")
    )


def lengths(trace, path):
    for part in path[:-1]:
        trace = trace[part]
    return len(trace)


def put(value):
    def change(holder, key):
        holder[key] = value

    return change


def put_inside(member):
    def change(holder, key):
        holder[key]["new key"] = member

    return change


def one_pixel(holder, key):
    pixels = decoded(holder).astype("<u2" if holder["mode"] == "I;16" else np.uint8)
    pixels.reshape(-1)[-1] ^= 1
    opened = Image.frombytes(holder["mode"], (holder["width"], holder["height"]), pixels.tobytes())
    holder[key] = base64_png(opened)
