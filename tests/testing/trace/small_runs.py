"""A store with one run in it, filled with what real SDKs sent."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from wandb_keras_compat.testing.model.artifacts import Entry, RunKey
from wandb_keras_compat.testing.model.runs import Metric
from wandb_keras_compat.testing.model.store import RunStore
from wandb_keras_compat.testing.trace.normalize import trace_of
from wandb_keras_compat.testing.trace.validate import check

ID = "k8ebstal"


def png_bytes(array, **options) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.asarray(array, np.uint8)).save(buffer, "PNG", **options)
    return buffer.getvalue()


def store_of(*, run_id=ID, logged=(), used=(), **fields) -> RunStore:
    """*fields* are attributes of the run; artifacts are mappings of name, type, aliases, metadata, entries."""
    store = RunStore()
    run = store.run(RunKey("entity", "project", run_id))
    for name, value in fields.items():
        setattr(run, name, value)
    for artifacts, target in ((logged, run.logged), (used, run.used)):
        for artifact in artifacts:
            collection = store.collection("entity", "project", artifact["name"], artifact.get("type", "model"))
            version = collection.add(f"id{len(target)}")
            version.asked_aliases = list(artifact.get("aliases", ["latest"]))
            version.metadata = artifact.get("metadata", {})
            for path, content in artifact.get("entries", {}).items():
                version.entries[path] = content if isinstance(content, Entry) else Entry(content=content)
            target.append(version)
    return store


def run_of(door="http", **fields):
    """The trace's only run of such a store; the trace satisfies the schema."""
    trace = trace_of(store_of(**fields).snapshot(), door)
    check(trace)
    return trace["runs"][0]


def metric(name, **fields):
    return {name: Metric(name, **fields)}
