"""Globs of ``define_metric``, expanded to the keys that they match."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..model.runs import Metric


def expanded(metrics: Mapping[str, Metric], history: Sequence[Mapping[str, Any]]) -> dict[str, Metric]:
    """*metrics* with each glob replaced by one metric for each key that it matches, as SDKs up to 0.28 send them.

    What the user defined by name stays as it is, and of several globs the first counts, as there. Media have no
    curve: their members, which those SDKs expand too (``image.path``), are left out. So is the definition of a step
    metric that sets nothing: those SDKs send one for each step metric.
    """
    globs = [metric for metric in metrics.values() if metric.name.endswith("*")]
    leaves = {name: plain for row in history for name, plain in _leaves("", row)}
    media = tuple(f"{name}." for name, plain in leaves.items() if not plain)
    found = {name: metric for name, metric in metrics.items() if metric not in globs and not name.startswith(media)}
    for name, plain in leaves.items():
        glob = next((glob for glob in globs if name.startswith(glob.name[:-1])), None)
        if plain and glob is not None and name not in metrics:
            found[name] = dataclasses.replace(glob, name=name)
    steps = {metric.step_metric for metric in found.values()}
    return {
        name: metric
        for name, metric in found.items()
        if name not in steps or (metric != Metric(name) and metric.step_metric != name)
    }


def _leaves(above: str, values: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Dotted names of what a row holds, and whether it is plain; media are one leaf."""
    for key, value in values.items():
        if not above and key.startswith("_"):
            continue
        media = isinstance(value, dict) and "_type" in value
        if isinstance(value, dict) and not media:
            yield from _leaves(f"{above}{key}.", value)
        else:
            yield f"{above}{key}", not media
