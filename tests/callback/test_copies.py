"""A copy of any public callback, however it is made and whenever, logs what the original does and leaves it alone."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cloudpickle
import pytest
import wandb

import wandb_keras_compat as package
from wandb_keras_compat import WandbCallback
from wandb_keras_compat.testing.child_environment import inherited_environment, wandb_folders

from ..builders import callback, classifier, fit, generator_of, images
from ..conftest import Observed
from .every_callback import Mine, everything, logged

X, Y = images()
ROOT = Path(__file__).parents[2]

WAYS: dict[str, Callable[[Any], Any]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda original: pickle.loads(pickle.dumps(original)),
    "an old pickle": lambda original: pickle.loads(pickle.dumps(original, protocol=0)),
    "cloudpickle": lambda original: cloudpickle.loads(cloudpickle.dumps(original)),
}
#: The others go the same way, all but for a few lines.
SOME_WAYS = [pytest.param(way, marks=() if way in ("copy", "pickle") else pytest.mark.whole) for way in WAYS]


def assert_same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    assert len(found["rows"]) == len(expected["rows"])
    for one, other in zip(found["rows"], expected["rows"]):
        assert one == other
    assert found == expected


def test_every_public_callback_is_in_the_list(observed: Observed) -> None:
    kinds = {base for made in everything() for base in type(made).__mro__}
    public = [getattr(package, name) for name in package.__all__ if name.startswith("Wandb")]
    assert set(public) <= kinds


@pytest.mark.slow
def test_copies_log_as_their_originals_in_this_process_and_in_another(
    start_run: Callable[..., Observed], tmp_path: Path
) -> None:
    start_run()
    originals = everything()
    fresh = {name: list(map(WAYS[name], originals)) for name in ("pickle",)}
    observed = start_run()
    expected = logged(observed, originals)
    assert len(expected["rows"]) > 4 and expected["warnings"] == []
    used = {name: list(map(WAYS[name], originals)) for name in ("deepcopy",)}
    sent = tmp_path / "callbacks.pickle"
    sent.write_bytes(pickle.dumps(everything()))
    before = [dict(vars(original)) for original in originals]

    observed = start_run()  # where every copy starts from nothing, as a callback does that outlives its run
    for twins in (*fresh.values(), *used.values()):
        twins[0].calls, twins[7].global_batch = [], 0  # which count on, in copies as in the originals
        assert_same(logged(observed, twins), expected)
    assert [dict(vars(original)) for original in originals] == before

    done = subprocess.run(
        [sys.executable, "-m", f"{__package__}.every_callback", sent, tmp_path],
        env=inherited_environment(wandb_folders(tmp_path), path=[ROOT, *filter(None, sys.path)]),
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert_same(json.loads(done.stdout.splitlines()[-1]), json.loads(json.dumps(expected)))


@pytest.mark.slow
@pytest.mark.parametrize("way", SOME_WAYS)
def test_a_copy_made_in_a_run_goes_on_in_it(observed: Observed, way: str) -> None:
    original = Mine(monitor="loss", log_best_prefix=None)
    model = classifier()
    fit(model, original, data=(X, Y))
    best, saved = original.best, len(observed.artifacts)
    twin = WAYS[way](original)
    assert (twin.best, twin.calls, twin.filepath) == (best, [0], original.filepath)
    assert getattr(twin, "model", None) is None
    fit(classifier(), twin, data=(X, Y))  # the same training: no better
    assert (twin.best, len(observed.artifacts)) == (best, saved)
    again = classifier()
    fit(again, twin, data=(X, Y), epochs=3)
    assert twin.best < best and twin.model is again
    assert original.best == best and original.model is model
    assert len(observed.artifacts) > saved


@pytest.mark.parametrize("way", SOME_WAYS)
def test_a_copy_takes_the_validation_data_of_its_own_fit(observed: Observed, way: str) -> None:
    original = callback(input_type="image")
    model = classifier()
    model.fit(X, Y, validation_data=(X[:2], Y[:2]), verbose=0, callbacks=[original])
    twin = WAYS[way](original)
    model.fit(X, Y, validation_data=(X[:5], Y[:5]), verbose=0, callbacks=[twin])
    assert [len(drawn) for drawn in observed.column("examples")] == [2, 5]
    assert observed.warnings == []


def test_a_copy_attribute_by_attribute_acts_on_itself(observed: Observed) -> None:
    class Own(WandbCallback):
        def __getstate__(self) -> Any:
            return dict(vars(self))

        def __setstate__(self, state: Any) -> None:
            self.__dict__.update(state)

    original = callback(Own, monitor="loss", log_weights=True)
    model = classifier()
    fit(model, original, data=(X, Y))
    best = original.best
    twin = copy.copy(original)
    twin.best = float("inf")
    fit(classifier(), twin, data=(X, Y), epochs=2)
    assert twin.best < best == original.best
    assert original.model is model
    assert len(observed.column("parameters/d.weights")) == 3


def test_callbacks_that_know_each_other_are_pickled_together(observed: Observed) -> None:
    one, other = callback(monitor="loss"), callback()
    one.other, other.other, one.method = other, one, one.on_epoch_end
    twin = pickle.loads(pickle.dumps(one))
    assert twin.other.other is twin and twin.other is not other
    assert twin.method.__self__ is twin


@pytest.mark.parametrize("argument", ["generator", "validation_data", "training_data"])
def test_a_generator_is_named_by_pickle_and_shared_by_copies(observed: Observed, argument: str) -> None:
    stream = generator_of(X, Y, 2, forever=True)
    original = callback(input_type="image", **{argument: stream})
    for dumps in (pickle.dumps, cloudpickle.dumps):
        with pytest.raises(TypeError, match=rf"WandbCallback cannot be pickled: its .*{argument}.* is a generator"):
            dumps(original)
    kept = "training_data" if argument == "training_data" else "generator"
    for way in ("copy", "deepcopy"):
        assert getattr(WAYS[way](original), kept) is stream


def test_what_a_subclass_keeps_is_named_too(observed: Observed) -> None:
    original = Mine()
    original._lock = threading.Lock()  # type: ignore[attr-defined]
    with pytest.raises(TypeError, match="Mine cannot be pickled: its lock is a lock"):
        pickle.dumps(original)
    assert copy.deepcopy(original)._lock is original._lock  # type: ignore[attr-defined]


def test_functions_are_the_picklers_own_affair(observed: Observed) -> None:
    original = callback(log_evaluation=True, prediction_row_processor=lambda index, row: {"index": index})
    twin = cloudpickle.loads(cloudpickle.dumps(original))
    assert twin._prediction_row_processor(3, {}) == {"index": 3}
    with pytest.raises((pickle.PicklingError, AttributeError), match="lambda"):
        pickle.dumps(original)


def test_data_is_shared_and_not_pickled_twice_over(observed: Observed) -> None:
    original = callback(training_data=(X, Y), validation_data=(X, Y), labels=["a", "b", "c"])
    twin = copy.deepcopy(original)
    assert twin.training_data is original.training_data and twin.validation_data is original.validation_data
    assert twin.labels == original.labels and twin.labels is not original.labels


def test_unpickled_before_there_is_a_run(start_run: Callable[..., Observed]) -> None:
    start_run()
    pickled = pickle.dumps(callback(monitor="loss"))
    wandb.finish()
    twin = pickle.loads(pickled)
    observed = start_run()
    fit(classifier(), twin, data=(X, Y))
    assert len(observed.rows) == 1 and "best_loss" in observed.summary.keys()


def test_sklearn_clones_are_copies(observed: Observed) -> None:
    clone = pytest.importorskip("sklearn.base").clone
    original = callback(monitor="loss", log_weights=True)
    (twin,) = clone([original], safe=False)
    fit(classifier(), twin, data=(X, Y))
    assert twin is not original and original.best == float("inf") > twin.best
