"""Converts the SDK's JSON of media to the objects of the trace, for the value rules in :mod:`.rules`."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from . import media
from .canonical import Content, from_json, is_number, number, plain
from .intermediate import Context, IntermediateArtifact

_ADDRESS = frozenset({"path", "sha256", "size", "digest", "artifact_path", "_latest_artifact_path"})


def histogram(value: Mapping[str, Any]) -> Content | None:
    """Bins and counts, of ``bins`` and ``values`` or of ``packedBins`` (least edge, width, number)."""
    counts, edges = value.get("values"), value.get("bins")
    packed = value.get("packedBins")
    if isinstance(packed, dict):
        try:
            edges = [packed["min"] + packed["size"] * index for index in range(int(packed["count"]) + 1)]
        except (KeyError, TypeError, ValueError):
            return None
    if not isinstance(counts, list) or not isinstance(edges, list) or len(edges) != len(counts) + 1:
        return None
    content = Content(_type="histogram", bins=plain(edges), counts=plain(counts))
    counted = all(is_number(count) and not isinstance(count, dict) for count in content["counts"])
    return content if counted and all(map(is_number, content["bins"])) else None


def image(value: Mapping[str, Any], context: Context) -> Content:
    """An ``image-file`` with its masks and boxes; its own fields where the pixels are not known."""
    content = media.image(context.folder.show(value.get("path")))
    if content is None:
        return other(value, context)
    extras = {name: value.get(name) for name in ("caption", "grouping", "masks", "boxes", "classes")}
    extras = {name: item for name, item in extras.items() if item is not None}
    for name, item in extras.items():
        content[name] = caption_of(item) if name == "caption" else context.convert(item)
    return content


def caption_of(caption: Any) -> str:
    """A caption as text; a number (a predicted class, a score) as JSON has it."""
    return caption if isinstance(caption, str) else json.dumps(plain(caption), sort_keys=True)


def images(value: Mapping[str, Any], context: Context) -> list[Any] | None:
    """The images of an ``images/separated``, each with its own caption, masks and boxes."""
    names = value.get("filenames")
    if not isinstance(names, list):
        return None
    parts = {"caption": "captions", "masks": "all_masks", "boxes": "all_boxes", "classes": "all_classes"}
    lists = {name: found for name, key in parts.items() if isinstance(found := value.get(key), list)}
    found = []
    for index, path in enumerate(names):
        own = {name: items[index] for name, items in lists.items() if index < len(items)}
        own = {name: item for name, item in own.items() if item not in ({}, None, "")}
        if value.get("grouping") is not None:
            own["grouping"] = value["grouping"]
        found.append(image({"_type": "image-file", "path": path, **own}, context))
    return found


def mask(value: Mapping[str, Any], context: Context) -> Content:
    """A mask: an image of class numbers, and their names where the SDK sends them with it."""
    content = media.image(context.folder.show(value.get("path"))) or other(value, context)
    labels = value.get("class_labels")
    return Content(image=content, **({"class_labels": labels_of(labels)} if isinstance(labels, dict) else {}))


def labels_of(labels: Mapping[Any, Any]) -> dict[str, str]:
    return {str(key): str(name) for key, name in labels.items()}


def boxes(value: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """The boxes of one layer, which runs keep in a file and artifacts in place."""
    stored = from_json(context.folder.show(value.get("path")))
    both = {**value, **(stored if isinstance(stored, dict) else {})}
    return {key: plain(item) for key, item in both.items() if key not in _ADDRESS and key != "_type"}


def classes(value: Mapping[str, Any], context: Context) -> Any:
    """The class set of an image in a table: a list of numbers and names, by number."""
    stored = from_json(context.folder.show(value.get("path")))
    listed = stored.get("class_set") if isinstance(stored, dict) else value.get("class_set")
    if not isinstance(listed, list):
        return other({**value, "_type": "classes-file"}, context)
    return sorted((plain(item) for item in listed), key=lambda item: str(item.get("id")).zfill(12))


def table_file(value: Mapping[str, Any], context: Context) -> Content | None:
    """The table behind a ``table-file``.

    The file of the run has names in place of media (``"Image"``), so the artifact beside it is read where there is
    one. That has null where the run's file has NaN, and all rows where the run's file has the first ten thousand.
    """
    rough = from_json(context.folder.show(value.get("path")))
    artifact = context.tables.get(str(value.get("path")))
    full = None if artifact is None else _of_artifact(artifact, context)
    if full is None:
        return None if not isinstance(rough, dict) else table(rough, context)
    for row, plain_row in zip(full["rows"], rough.get("data", []) if isinstance(rough, dict) else []):
        for at, (cell, plain_cell) in enumerate(zip(row, plain_row)):
            if cell is None and isinstance(plain_cell, float) and math.isnan(plain_cell):
                row[at] = number(plain_cell)
    return full


def _of_artifact(artifact: IntermediateArtifact, context: Context) -> Content | None:
    # Below media/ are tables that this one refers to.
    for path, _ in artifact.origin.entries:
        if path.endswith(".table.json") and not path.startswith("media/"):
            content = from_json(artifact.folder.show(path))
            return table(content, context.inside(artifact.folder)) if isinstance(content, dict) else None
    return None


def table(content: Mapping[str, Any], context: Context) -> Content | None:
    """The JSON of a table: its columns and, in ``data``, its rows."""
    columns, rows = content.get("columns"), content.get("data")
    if not isinstance(columns, list) or not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        return None
    names = [name if isinstance(name, int) and not isinstance(name, bool) else str(name) for name in columns]
    return Content(_type="table", columns=names, rows=[[context.convert(cell) for cell in row] for row in rows])


def graph(content: Any) -> Content | None:
    """The JSON of a graph; which program it came from (``format``) is always keras."""
    if not isinstance(content, dict):
        return None
    nodes, edges = content.get("nodes"), content.get("edges")
    if not isinstance(nodes, list) or not isinstance(edges, list) or not all(isinstance(node, dict) for node in nodes):
        return None
    return Content(_type="graph", nodes=plain(nodes), edges=plain(edges))


def other(value: Mapping[str, Any], context: Context) -> Content:
    """Media of any other type: the content of its file, or what it says of itself when it has none."""
    from .file_contents import content_of

    path, caption = value.get("path"), value.get("caption")
    data = context.folder.show(path)
    if data is not None:
        content: Any = content_of(str(path), data)
    else:
        own = {key: item for key, item in value.items() if key not in _ADDRESS | {"_type", "caption", "log_mode"}}
        content = Content(_type="json", value=plain(own)) if own and path is None else None
    found = Content(_type="media", media=str(value.get("_type")), content=content)
    if caption is not None:
        found["caption"] = caption_of(caption)
    return found
