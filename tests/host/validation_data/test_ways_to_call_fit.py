"""However ``fit`` is called, what it validates on reaches the callback: the way a program is written changes nothing."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from wandb_keras_compat import WandbExamplesLogger, WandbPredictionsLogger

from ...builders import callback, classifier, generator_of, images, keras
from ...conftest import Observed

X, Y = images()


def pictures() -> Any:
    return callback(input_type="image", output_type="label", labels=["a", "b", "c"])


class OwnFit(keras.Model):
    """A model class with a ``fit`` of its own around Keras'."""

    def __init__(self) -> None:
        super().__init__()
        self.net = classifier()

    def call(self, x: Any) -> Any:
        return self.net(x)

    def fit(self, *args: Any, **kwargs: Any) -> Any:
        return super().fit(*args, **kwargs)


def own_fit() -> Any:
    model = OwnFit()
    model.compile("sgd", "categorical_crossentropy", run_eagerly=True)
    return model


def _looked_up_before(**given: Any) -> None:
    fit = classifier().fit
    fit(X, Y, callbacks=[pictures()], **given)


def _partial(**given: Any) -> None:
    train = functools.partial(classifier().fit, X, Y, **given)
    train(callbacks=[pictures()])


def _of_a_list(**given: Any) -> None:
    def callbacks() -> list[Any]:
        return [pictures(), keras.callbacks.TerminateOnNaN()]

    classifier().fit(X, Y, callbacks=callbacks(), **given)


def _in_a_subclass(**given: Any) -> None:
    class Mine(type(callback())):  # type: ignore[misc]
        def on_train_begin(self, logs: Any = None) -> None:
            assert self.validation_data is not None  # before the class' own hook, as it always was there
            super().on_train_begin(logs)

    classifier().fit(
        X, Y, callbacks=[callback(Mine, input_type="image", output_type="label", labels=["a", "b", "c"])], **given
    )


def _copied_inside(**given: Any) -> None:
    class Tuner:
        def search(self, *args: Any, callbacks: list[Any], **kwargs: Any) -> None:
            classifier().fit(*args, callbacks=copy.deepcopy(callbacks), **kwargs)

    Tuner().search(X, Y, callbacks=[pictures()], **given)


def _nested(**given: Any) -> None:
    """A training inside another one's hook: each has its own data."""

    class Trains(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            classifier().fit(X, Y, callbacks=[pictures()], **given)

    classifier().fit(X[:2], Y[:2], verbose=0, validation_data=(X[:1], Y[:1]), callbacks=[Trains()])


def _several_models(**given: Any) -> None:
    first, second = classifier(), classifier()
    first.fit(X, Y, verbose=0, validation_data=(X[:1], Y[:1]))
    second.fit(X, Y, callbacks=[pictures()], **given)


WAYS: dict[str, Callable[..., Any]] = {
    "inline": lambda **given: classifier().fit(X, Y, callbacks=[pictures()], **given),
    "inline, one callback": lambda **given: classifier().fit(X, Y, callbacks=pictures(), **given),
    "a model with a fit of its own": lambda **given: own_fit().fit(X, Y, callbacks=[pictures()], **given),
    "fit looked up before": _looked_up_before,
    "functools.partial": _partial,
    "in a list made by a function": _of_a_list,
    "a subclass": _in_a_subclass,
    "copied inside by a tuner": _copied_inside,
    "in a training of a training": _nested,
    "several models": _several_models,
}
if hasattr(keras.Model, "fit_generator"):
    WAYS["fit_generator"] = lambda **given: classifier().fit_generator(
        generator_of(X, Y, 2, forever=True), steps_per_epoch=3, callbacks=[pictures()], **given
    )


@pytest.mark.parametrize("way", WAYS)
def test_images_and_captions_are_logged(observed: Observed, way: str) -> None:
    WAYS[way](verbose=0, validation_data=(X[:5], Y[:5]))
    ((*drawn,),) = observed.column("examples")
    assert len(drawn) == 5
    assert {image._caption for image in drawn} <= {"a", "b", "c"}
    assert observed.warnings == []


@pytest.mark.parametrize("kind", [WandbExamplesLogger, WandbPredictionsLogger])
def test_the_small_callbacks_find_it_as_well(observed: Observed, kind: Any) -> None:
    given = {"input_type": "image"} if kind is WandbExamplesLogger else {}
    classifier().fit(X, Y, verbose=0, validation_data=(X, Y), callbacks=[kind(**given)])
    logged = {key for call in observed.log_calls for key in call["data"]}
    assert logged == {"examples" if kind is WandbExamplesLogger else "validation_predictions"}
    assert observed.warnings == []


def test_without_a_fit_it_is_said_once_and_training_goes_on(observed: Observed) -> None:
    """A training loop of one's own, which calls the hooks itself."""
    model = classifier()
    hooks = keras.callbacks.CallbackList([callback(input_type="image", log_evaluation=True)], model=model)
    hooks.on_train_begin()
    for epoch in range(2):
        hooks.on_epoch_end(epoch, {"loss": 1.0, "val_loss": 1.0})
    hooks.on_train_end()
    (said,) = observed.warnings
    assert "no running fit" in said and "WandbCallback(validation_data=(x, y))" in said
    assert len(observed.rows) == 2


def test_without_frames_it_is_said_once_and_training_goes_on(
    observed: Observed, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wandb_keras_compat.backends import running_fit

    class NoFrames:
        version_info = (3, 12)

    monkeypatch.setattr(running_fit, "sys", NoFrames)
    history = classifier().fit(X, Y, verbose=0, validation_data=(X, Y), callbacks=[callback(input_type="image")])
    (said,) = observed.warnings
    assert "WandbCallback(validation_data=(x, y))" in said
    assert len(history.history["val_loss"]) == 1


def test_a_variable_that_cannot_be_set_is_said_once(observed: Observed, monkeypatch: pytest.MonkeyPatch) -> None:
    from wandb_keras_compat.backends import running_fit

    monkeypatch.setattr(running_fit, "_set_local", lambda *_: False)
    given = generator_of(X, Y, 2, forever=True)
    classifier().fit(
        X, Y, verbose=0, validation_data=given, validation_steps=2, callbacks=[callback(input_type="image")]
    )
    (said,) = observed.warnings
    assert "does not let the variables" in said and "WandbCallback(validation_data=(x, y))" in said
    assert observed.column("examples") == []


def test_a_user_function_called_fit_is_not_taken_for_keras(observed: Observed) -> None:
    def fit(self: Any, validation_data: Any) -> None:
        self.fit(X, Y, verbose=0, callbacks=[callback(input_type="image")])

    fit(classifier(), validation_data=(X, Y))
    assert observed.column("examples") == []
    assert np.any(["neither fit nor the callback" in said for said in observed.warnings])
