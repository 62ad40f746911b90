"""Checks whether a document is a valid trace, and names the place where it is not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from . import media
from .canonical import object_type
from .paths import Path as TracePath
from .paths import PathError, Patterns, text_of


class TraceError(ValueError):
    """A document that is no trace. *path* is the place that is wrong; it is empty when it is the whole."""

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.path = path


def load(path: Path | str) -> dict[str, Any]:
    """Reads a trace from a file.

    Raises:
        TraceError: it cannot be read, is no JSON, or is no trace; the message names the place.
    """
    try:
        text = Path(path).read_bytes().decode("utf-8")
        trace = json.loads(text, parse_constant=_no_constant)
    except (OSError, ValueError, RecursionError) as error:
        raise TraceError(f"{path} is no trace: {error}") from error
    check(trace)
    return dict(trace)


def check(trace: Any) -> None:
    """Holds *trace* against the schema, and against what a schema cannot say.

    Raises:
        TraceError: it is no trace; the message names the place.
    """
    found = _first_error(trace, "trace.schema.json")
    if found is not None:
        raise TraceError(found[1], text_of(found[0]))
    for at, pattern in enumerate(trace["blind"]):
        try:
            Patterns([pattern])
        except PathError as error:
            raise TraceError(str(error), f"blind[{at}]") from error
    for where, value in _objects((), trace["runs"]):
        if (wrong := _inconsistency(value)) is not None:
            raise TraceError(wrong[1], text_of(("runs", *where, wrong[0])))
    for number, sweep in enumerate(trace.get("sweeps", [])):
        for place, given in enumerate(sweep["given"]):
            for name, there in (("run", len(trace["runs"])), ("agent", sweep["agents"])):
                if given[name] is not None and given[name] >= there:
                    raise TraceError(f"there are {there} of them", text_of(("sweeps", number, "given", place, name)))


def schema_error(document: Any, schema: str) -> str | None:
    """The first place at which *document* does not match the JSON Schema of that file name here, and why."""
    found = _first_error(document, schema)
    if found is None:
        return None
    path, message = found
    return f"{text_of(path)}: {message}" if path else message


@lru_cache(maxsize=2)
def _validator(schema: str) -> Any:
    from jsonschema import Draft202012Validator

    text = resources.files(__package__).joinpath(schema).read_text("utf-8")
    return Draft202012Validator(json.loads(text))


def _first_error(document: Any, schema: str) -> tuple[TracePath, str] | None:
    error = next(iter(_validator(schema).iter_errors(document)), None)
    if error is None:
        return None
    error = _deepest(error)
    path = tuple(error.absolute_path)
    message = error.message
    if len(message) > 200:
        message = f"{message[:90]} … {message[-90:]}"
    return path, message


def _deepest(error: Any) -> Any:
    """For the error that no alternative of the schema matches: the error of the alternative that was meant."""
    while error.context:
        place = list(error.absolute_path)
        alternatives: dict[Any, list[Any]] = {}
        for inner in error.context:
            alternatives.setdefault(inner.schema_path[0], []).append(inner)
        meant = [errors for errors in alternatives.values() if not _of_another_type(errors, place)]
        if not meant:
            break
        error = min(meant, key=len)[0]
    return error


def _of_another_type(errors: list[Any], place: list[Any]) -> bool:
    """Whether the value at *place* is not what an alternative with these errors is for."""
    for error in errors:
        path = list(error.absolute_path)
        if path == [*place, "_type"] or (path == place and error.validator in {"type", "not"}):
            return True
    return False


def _objects(path: TracePath, value: Any) -> Iterator[tuple[TracePath, Mapping[str, Any]]]:
    if isinstance(value, dict):
        if "_type" in value:
            yield path, value
        for key, item in value.items():
            yield from _objects((*path, key), item)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _objects((*path, index), item)


def _inconsistency(value: Mapping[str, Any]) -> tuple[str, str] | None:
    """A member that contradicts another, and why; the schema cannot express this."""
    kind = object_type(value)
    if kind == "histogram" and len(value["bins"]) != len(value["counts"]) + 1:
        return "bins", f"{len(value['bins'])} edges cannot bound {len(value['counts'])} bins"
    if kind == "table":
        for index, row in enumerate(value["rows"]):
            if len(row) != len(value["columns"]):
                return "rows", f"row {index} has {len(row)} cells for {len(value['columns'])} columns"
    if kind == "image":
        try:
            height, width = media.pixels(value).shape[:2]
        except ValueError as error:
            return "png", str(error)
        if (height, width) != (value["height"], value["width"]):
            return "png", f"it holds {width} x {height} pixels"
    return None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
