"""What a program did, under the names of after level 2: of the codemods' documentation, not of what they write.

======================== ==========================================================================================
before                   after, with ``--keys new``
======================== ==========================================================================================
``epoch``, ``val_loss``  ``epoch/epoch``, ``epoch/val_loss``; in rows of batches ``batch/loss``
\\-                       ``epoch/learning_rate``, ``batch/batch_step``, ``batch/learning_rate``
``best_...``             may be no more (summary), unless it is asked for or a model is saved by it
``graph``                may be no more (summary), unless it is asked for
``model-<run name>``     ``run_<run id>_model``: as many versions, with the same weights; an epoch that does not improve
                         may add an alias
``model-best.h5``        ``model-best.keras`` (``.weights.h5``) in the working directory, with the same weights; also
                         of a model that HDF5 cannot hold, of which there was the artifact only
======================== ==========================================================================================

With ``--keys both`` everything has its old name, and rows and summary have the newer keys beside. Each function takes
what was done before and after, and gives both in a form in which they have to be equal.
"""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Collection, Mapping
from typing import Any

from .saved_models import weights_of

Values = dict[str, Any]
Pair = tuple[Values, Values]

_PREFIXES = ("epoch/", "batch/")
_OF_THE_LOGGER = {"epoch/": {"epoch/learning_rate"}, "batch/": {"batch/batch_step", "batch/learning_rate"}}
_BEST = re.compile(r"best_.+")
_MODEL_FILE = re.compile(r"model-best(-.+)?(\.weights\.h5|\.keras)")
_MODEL_ARTIFACT = "run_<run id>_model"
_OF_CALLBACKS = ("feature.keras", "feature.metric", "feature.save", "feature.set_summary")
_CALLBACK = re.compile(r"\bWandb[A-Z]\w+")
_LATER_ALIAS = re.compile(r"epoch_\d+(_batch_\d+)?")


def bridged(before: Values, after: Values, setting: str, stays: Collection[str] = ()) -> Pair:
    """Both deeds (see ``plays.Deeds``), made comparable for that setting; the arguments stay as they are.

    Args:
        stays: what was asked for and so has to be there still: ``best``, ``graph``.
    """
    before, after = copy.deepcopy(before), copy.deepcopy(after)
    if setting == "compat":
        return before, after
    runs = list(zip(before["trace"]["runs"], after["trace"]["runs"]))
    saved = logged = None
    for old, new in runs:
        _telemetry(old, new)
        _metrics(old, new)
        if setting == "both":
            _rows_with_both(old, new)
            _sentences(old, new)
        else:
            _rows(old, new)
            _summary(old, new, stays)
            logged = _artifacts(old, new) or logged
            if "graph" not in stays:
                _drop_graphs(old, new)
            old["terminal"] = new["terminal"] = []  # other callbacks say other sentences
            if "model-best.h5" in old["files"] and "model-best.h5" not in new["files"]:
                saved = weights_of([old["files"].pop("model-best.h5")["content"]])
    if setting == "new":
        _model_file(saved, logged, before, after)
    return before, after


# --- rows ------------------------------------------------------------------------------------------------------------


def row(old: Mapping[str, Any], new: Mapping[str, Any]) -> Pair:
    """A row under ``--keys new``: each key moved or not, and nothing else lost or added."""
    prefix = "epoch/" if "epoch" in old and "epoch/epoch" in new else "batch/"
    expected: Values = {}
    observed = dict(new)
    moved = False
    for key, value in old.items():
        there = prefix + key
        if there in new and there not in old:
            moved = True
            if key in new:  # the program's own, in the same row
                expected[there] = value
        expected[there if there in new and key not in new else key] = value
    for key in _OF_THE_LOGGER[prefix] - expected.keys() if moved else ():
        observed.pop(key, None)
    return expected, observed


def row_with_both(old: Mapping[str, Any], new: Mapping[str, Any]) -> Pair:
    """A row under ``--keys both``: a newer key beside an old one has its value."""
    expected, observed = dict(old), dict(new)
    for key in new.keys() - old.keys():
        prefix, _, name = key.partition("/")
        if key in _OF_THE_LOGGER.get(f"{prefix}/", ()):
            del observed[key]
        elif f"{prefix}/" in _PREFIXES and name in old:
            expected[key] = old[name]
    return expected, observed


def _rows(old: Values, new: Values) -> None:
    _each_row(old, new, row)


def _rows_with_both(old: Values, new: Values) -> None:
    _each_row(old, new, row_with_both)
    last = _last(new["seen"])
    for key in new["summary"].keys() - old["summary"].keys():
        if key.startswith(_PREFIXES) and key in last:
            old["summary"][key] = last[key]


def _each_row(old: Values, new: Values, of_rows: Any) -> None:
    original = copy.deepcopy(new["history"])
    for number, (one, other) in enumerate(zip(old["history"], new["history"])):
        old["history"][number], new["history"][number] = of_rows(one, other)
    new["seen"] = original  # what the summary is held to
    old["seen"] = original


# --- the rest of a run -----------------------------------------------------------------------------------------------


def _summary(old: Values, new: Values, stays: Collection[str]) -> None:
    expected: Values = {}
    observed = dict(new["summary"])
    for key, value in old["summary"].items():
        there = next((prefix + key for prefix in _PREFIXES if prefix + key in observed), None)
        may_go = "graph" if key == "graph" else "best" if _BEST.fullmatch(key) else ""
        if may_go and may_go not in stays and key not in observed and there is None:
            continue
        expected[key if there is None or key in observed else there] = value
    last = _last(new["seen"])
    for key in observed.keys() - expected.keys():
        if key.startswith(_PREFIXES) and key in last:
            expected[key] = last[key]
    old["summary"], new["summary"] = expected, observed


def _last(history: list[Values]) -> Values:
    """Each key with its last value."""
    found: Values = {}
    for each in history:
        found.update(each)
    return found


def _metrics(old: Values, new: Values) -> None:
    for key in new["metrics"].keys() - old["metrics"].keys():
        step = {"epoch/": "epoch/epoch", "batch/": "batch/batch_step"}.get(key[:6])
        if step and new["metrics"][key]["step_metric"] in (step, None):
            del new["metrics"][key]


def _telemetry(old: Values, new: Values) -> None:
    """Which functions of the SDK were called: other callbacks call others."""
    for run in (old, new):
        run["telemetry"] = [name for name in run["telemetry"] if not name.startswith(_OF_CALLBACKS)]


def _drop_graphs(old: Values, new: Values) -> None:
    """Of a graph that is no more, the files of earlier ones go, too."""
    for path in [path for path in old["files"] if path.startswith("media/graph/") and path not in new["files"]]:
        del old["files"][path]


def _sentences(old: Values, new: Values) -> None:
    """What is said is said by other callbacks, and by each that it concerns; an argument that is now spelled well is
    not complained of.
    """
    for run in (old, new):
        kept = [line for line in run["terminal"] if not line.startswith("WARNING WandbCallback: ")]
        run["terminal"] = sorted({_CALLBACK.sub("<callback>", line) for line in kept})


# --- models ----------------------------------------------------------------------------------------------------------


def _artifacts(old: Values, new: Values) -> Values | None:
    """The models of the legacy callback, and those of the checkpoint, by version; gives the weights of the last."""
    models = [
        each for each in old["artifacts"]["logged"] if each["type"] == "model" and each["name"].startswith("model-")
    ]
    stayed = [
        each for each in new["artifacts"]["logged"] if each["type"] == "model" and each["name"].startswith("model-")
    ]
    if not models or stayed:
        return None
    checkpoints = [each for each in new["artifacts"]["logged"] if each["name"] == _MODEL_ARTIFACT]
    # Two legacy callbacks in one fit log the same model twice, and so do two checkpoints.
    surplus = max(len(checkpoints) - len(models), 0)
    again = [two for one, two in itertools.pairwise(checkpoints) if two["entries"] == one["entries"]][:surplus]
    checkpoints = [each for each in checkpoints if all(each is not other for other in again)]
    new["artifacts"]["logged"] = [
        each for each in new["artifacts"]["logged"] if all(each is not other for other in again)
    ]
    for model, checkpoint in zip(models, checkpoints):
        later = set(checkpoint["aliases"]) - set(model["aliases"])
        if all(map(_LATER_ALIAS.fullmatch, later)):
            checkpoint["aliases"] = sorted(set(checkpoint["aliases"]) - later)
    for each in (*models, *checkpoints):
        each.update(name=_MODEL_ARTIFACT, metadata={}, description=None)
        each["entries"] = {"model": weights_of(each["entries"].values())}
    last: Values | None = models[-1]["entries"]["model"]
    for run in (old, new):
        run["artifacts"]["logged"].sort(key=lambda each: each["name"])
    return last


def _model_file(saved: Values | None, logged: Values | None, before: Values, after: Values) -> None:
    """The file of the best model: in the run's folder or only in an artifact before, in the working directory after."""
    written = [name for name in after["files"] if _MODEL_FILE.fullmatch(name) and name not in before["files"]]
    if saved is None and written:
        saved = logged
    if saved is not None:
        before["files"]["the best model"] = saved
    if written and saved is not None:  # of several runs, each of which has its own, the last
        contents = [after["files"].pop(name) for name in sorted(written)]
        after["files"]["the best model"] = weights_of([contents[-1]])
