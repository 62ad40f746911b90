"""Hypothesis strategies for small traces that satisfy the schema, and one trace that holds everything it has."""

from __future__ import annotations

import base64
import io

import numpy as np
from hypothesis import strategies as st
from PIL import Image

from wandb_keras_compat.testing.trace.canonical import plain
from wandb_keras_compat.testing.trace.media import base64_png
from wandb_keras_compat.testing.trace.weights import weight

# Few keys, so that they meet; some that have to be quoted in a path.
KEYS = st.sampled_from(["loss", "val_loss", "epoch/*", 'a "b"', "ü.x", "[0]", "media/x.png", "caption", ""])
TEXTS = st.sampled_from(["", "a", "b", "1.0", "line\nline", "☃"])
# No two of these are within any tolerance of each other.
NUMBERS = st.sampled_from([0, 1, -3, 7, 10**20, 0.5, -2.25, 1e-7, 1e300])
NOT_FINITE = st.sampled_from(["NaN", "Infinity", "-Infinity"]).map(lambda name: {"_type": "number", "is": name})
ANY_NUMBER = st.one_of(NUMBERS, NOT_FINITE)
EDGES = st.one_of(st.sampled_from([-3, 0, 0.5, 1, 7]), NOT_FINITE)  # near is what is near by the span of all


def optional(members, **more):
    return st.fixed_dictionaries(members, optional=more)


@st.composite
def images(draw, with_extras=True):
    mode, channels = draw(st.sampled_from([("L", 1), ("RGB", 3), ("RGBA", 4), ("LA", 2), ("I;16", 2)]))
    width, height = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    pixels = draw(st.binary(min_size=width * height * channels, max_size=width * height * channels))
    image = picture(Image.frombytes(mode, (width, height), pixels))
    if with_extras:
        image |= draw(
            optional(
                {},
                caption=st.one_of(st.none(), TEXTS),
                grouping=NUMBERS,
                masks=st.dictionaries(KEYS, masks, max_size=1),
                boxes=st.just({"gt": {"box_data": [{"position": {"minX": 0.25}, "class_id": 1}]}}),
                classes=st.just([{"id": 0, "name": "cat"}]),
            )
        )
    return image


def picture(opened):
    return {
        "_type": "image",
        "width": opened.width,
        "height": opened.height,
        "mode": opened.mode,
        "png": base64_png(opened),
    }


masks = optional(
    {"image": images(with_extras=False)}, class_labels=st.one_of(st.none(), st.dictionaries(KEYS, TEXTS, max_size=2))
)


@st.composite
def histograms(draw):
    counts = draw(st.lists(NUMBERS, max_size=3))
    return {
        "_type": "histogram",
        "bins": draw(st.lists(EDGES, min_size=len(counts) + 1, max_size=len(counts) + 1)),
        "counts": counts,
    }


@st.composite
def tables(draw, cells):
    columns = draw(st.lists(st.one_of(KEYS, st.integers(0, 2)), max_size=2))
    row = st.lists(cells, min_size=len(columns), max_size=len(columns))
    return {"_type": "table", "columns": columns, "rows": draw(st.lists(row, max_size=3))}


@st.composite
def weights(draw):
    shape = draw(st.sampled_from([(), (2,), (2, 2), (65,)]))
    dtype = draw(st.sampled_from(["float32", "float16", "int64", "bool"]))
    size = int(np.prod(shape))
    values = draw(st.lists(st.sampled_from([0, 1, 2.5, -1.25]), min_size=size, max_size=size))
    return weight(np.array(values, dtype).reshape(shape))


models = optional(
    {
        "_type": st.just("weights"),
        "format": st.sampled_from(["h5", "keras", "weights.h5", "checkpoint"]),
        "weights": st.dictionaries(KEYS, weights(), max_size=2),
    }
)


def graphs(values):
    return optional(
        {
            "_type": st.just("graph"),
            "nodes": st.lists(st.dictionaries(KEYS, values, max_size=2), max_size=3),
            "edges": st.lists(st.tuples(KEYS, KEYS).map(list), max_size=2),
        }
    )


def other_media(contents):
    return optional(
        {"_type": st.just("media"), "media": TEXTS, "content": st.one_of(st.none(), contents)},
        caption=st.one_of(st.none(), TEXTS),
    )


plain_values = st.recursive(
    st.one_of(st.none(), st.booleans(), TEXTS, ANY_NUMBER),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=2)),
    max_leaves=4,
)


def typed(kind, **members):
    return optional({"_type": st.just(kind), **members})


contents = st.one_of(
    images(),
    tables(plain_values),
    graphs(plain_values),
    models,
    typed("json", value=plain_values),
    typed("text", text=TEXTS),
    typed("bytes", size=st.integers(0, 2), sha256=TEXTS),
    typed("reference", uri=TEXTS),
)
values = st.one_of(
    plain_values,
    plain_values,
    images(),
    st.lists(images(), max_size=2),
    histograms(),
    tables(st.one_of(plain_values, images())),
    graphs(plain_values),
    other_media(contents),
)
mappings = st.dictionaries(KEYS, values, max_size=3)
artifacts = optional(
    {
        "name": TEXTS,
        "type": TEXTS,
        "aliases": st.lists(TEXTS, max_size=3),
        "metadata": mappings,
        "description": st.one_of(st.none(), TEXTS),
        "entries": st.dictionaries(KEYS, st.one_of(st.none(), contents), max_size=2),
    }
)
metrics = optional(
    {
        "step_metric": st.one_of(st.none(), KEYS),
        "summary": st.lists(TEXTS, max_size=2),
        "hidden": st.booleans(),
        "step_sync": st.booleans(),
        "goal": st.sampled_from(["minimize", "maximize", None]),
    }
)
files = optional({"policy": st.sampled_from(["now", "end", "live", None]), "content": st.one_of(st.none(), contents)})
rows = st.tuples(st.integers(0, 3), mappings).map(lambda row: {**row[1], "_step": row[0]})
runs = optional(
    {
        "name": TEXTS,
        "group": st.one_of(st.none(), TEXTS),
        "job_type": st.one_of(st.none(), TEXTS),
        "notes": st.one_of(st.none(), TEXTS),
        "tags": st.lists(TEXTS, max_size=2),
        "sweep": st.one_of(st.none(), TEXTS),
        "config": mappings,
        "metrics": st.dictionaries(KEYS, metrics, max_size=2),
        "history": st.lists(rows, max_size=4),
        "summary": mappings,
        "files": st.dictionaries(KEYS, files, max_size=2),
        "artifacts": optional({"logged": st.lists(artifacts, max_size=2), "used": st.lists(artifacts, max_size=1)}),
        "telemetry": st.lists(TEXTS, max_size=2, unique=True),
        "console": st.lists(TEXTS, max_size=3),
        "exit_code": st.sampled_from([None, 0, 1]),
    },
    terminal=st.lists(TEXTS, max_size=3),
)
traces = optional(
    {
        "schema": st.just("wandb-keras-compat/trace/1"),
        "door": st.sampled_from(["http", "log", "recorder"]),
        "blind": st.just([]),
        "made_with": st.sampled_from([{}, {"wandb": "0.16.6", "python": "3.11.7"}]),
        "runs": st.lists(runs, max_size=2),
    }
)
BLIND = st.lists(
    st.sampled_from(["runs[*].files[*].policy", "runs[*].history", "runs[*].summary.loss", "runs[*].config.**"]),
    max_size=2,
)


def png(array):
    """The pixels of an image of the trace."""
    return picture(Image.fromarray(np.asarray(array, np.uint8)))


def decoded(image):
    """What a person's viewer would show, read without any of our code."""
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(image["png"]))))


def rich():
    """One trace with at least one of everything that the schema knows."""
    ramp = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    image = {
        **png(ramp),
        "caption": "cat",
        "grouping": 2,
        "masks": {"predictions": {"image": png(ramp[..., 0]), "class_labels": {"0": "sky", "1": "road"}}},
        "boxes": {"gt": {"box_data": [{"position": {"minX": 0.25}, "class_id": 1}], "class_labels": {"1": "b"}}},
        "classes": [{"id": 0, "name": "sky"}],
    }
    histogram = {"_type": "histogram", "bins": [-1, 0.5, 2.5], "counts": [3, 4]}
    table = {
        "_type": "table",
        "columns": ["x", 1],
        "rows": [[1.5, png(ramp)], [{"_type": "number", "is": "NaN"}, None]],
    }
    graph = {
        "_type": "graph",
        "nodes": [{"name": "a", "output_shape": [None, 3]}, {"name": "b", "num_parameters": 4}],
        "edges": [["a", "b"]],
    }
    model = {
        "_type": "weights",
        "format": "h5",
        "weights": {
            "dense/kernel": weight(np.array([[1.0, -2.5]], np.float32)),
            "big/kernel": weight(np.linspace(-1, 1, 200, dtype=np.float32)),
            "lookup/table": weight(np.array([b"a", b"b"], object)),
        },
    }
    artifact = {
        "name": "model-<run name>",
        "type": "model",
        "aliases": ["epoch_0", "latest"],
        "metadata": {"val_loss": 0.5, "nested": {"list": [1, 2.5, "x"]}},
        "description": "best",
        "entries": {
            "a.keras": model,
            "gone.bin": None,
            "ref": {"_type": "reference", "uri": "s3://bucket/key"},
        },
    }
    row = {"_step": 1, "loss": 0.25, "epoch": 1, "ok": True, "text": "x", "nothing": None}
    run = {
        "name": "mine",
        "group": "group",
        "job_type": "train",
        "notes": "notes",
        "tags": ["a", "b"],
        "sweep": "s1",
        "config": {"lr": 0.001, "layers": [8, 16], "nested": {"deep": {"er": "x"}}},
        "metrics": {
            "epoch/*": {
                "step_metric": "epoch/epoch",
                "summary": ["max", "min"],
                "hidden": False,
                "step_sync": True,
                "goal": "minimize",
            }
        },
        "history": [
            {"_step": 0, "loss": 0.5, "epoch": 0, "nan": {"_type": "number", "is": "NaN"}},
            row,
            {"_step": 2, "examples": [image, png(ramp[::-1])], "one": png(ramp), "hist": histogram, "tab": table},
            {
                "_step": 3,
                "html": {
                    "_type": "media",
                    "media": "html-file",
                    "content": {"_type": "text", "text": "<b>"},
                    "caption": "c",
                },
            },
            {"_step": 4, "lost": {"_type": "media", "media": "image-file", "content": None}},
        ],
        "summary": {"best_loss": 0.25, "graph": graph, "examples": [png(ramp)]},
        "files": {
            "model-best.h5": {"policy": "live", "content": model},
            "notes.txt": {"policy": "end", "content": {"_type": "text", "text": "hello"}},
            "data.json": {"policy": "now", "content": {"_type": "json", "value": {"a": [1, 2.5, {"b": None}]}}},
            "raw.bin": {"policy": None, "content": {"_type": "bytes", "size": 3, "sha256": "ab"}},
        },
        "artifacts": {"logged": [artifact, {**artifact, "name": "second", "aliases": []}], "used": [artifact]},
        "telemetry": ["deprecated.keras_callback", "feature.keras"],
        "console": ["Epoch 1/2", "done"],
        "terminal": ["WARNING No data.", "WARNING No data.", "Epoch 00000: loss improved"],
        "exit_code": 0,
    }
    return {
        "schema": "wandb-keras-compat/trace/1",
        "door": "recorder",
        "blind": [],
        "made_with": {"wandb": "0.31.0", "python": "3.13.0", "tensorflow": "2.21.0", "keras": "3.15.1"},
        "runs": [plain(run), bare(plain(run))],
    }


def bare(run):
    """*run* as it is before anything is logged."""
    empty = {name: type(run[name])() for name in ("config", "metrics", "history", "summary", "files", "console")}
    return {**run, **empty, "artifacts": {"logged": [], "used": []}}
