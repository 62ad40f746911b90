"""A SavedModel written with the graph of the last one is the one that tracing anew gives."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from wandb_keras_compat.backends import backend_for
from wandb_keras_compat.backends.tensorflow import saved_models  # which is TensorFlow's own format

pytestmark = pytest.mark.slow

layers = tf.keras.layers
X = np.random.default_rng(0).random((8, 6, 6, 1)).astype("float32")
Y = np.eye(3, dtype="float32")[np.arange(8) % 3]


def sequential() -> Any:
    inner = tf.keras.Sequential([layers.Input((5,)), layers.Dense(4, "relu"), layers.Dropout(0.5)])
    convolved = [layers.Input((6, 6, 1)), layers.Conv2D(2, 3), layers.BatchNormalization(), layers.Flatten()]
    return tf.keras.Sequential([*convolved, layers.Dense(5), inner, layers.Dense(3, "softmax")])


def functional() -> Any:
    given = layers.Input((6, 6, 1), name="given")
    flat = layers.Flatten()(given)
    shared = layers.Dense(3)
    joined = layers.Concatenate()([shared(flat), layers.Dense(2)(flat)])
    return tf.keras.Model(given, layers.Dense(3, "softmax")(joined))


def recurrent() -> Any:
    rows = [layers.Input((6, 6, 1)), layers.Reshape((6, 6)), layers.Bidirectional(layers.LSTM(2)), layers.Dense(3)]
    return tf.keras.Sequential(rows)


def trained(model: Any, optimizer: Any = "adam") -> Any:
    model.compile(optimizer, "mse", metrics=["mae"])
    model.fit(X, Y, epochs=1, verbose=0)
    return model


@pytest.fixture
def traced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folders of the SavedModels that were really traced."""
    folders: list[str] = []
    original = saved_models.save

    def save(model: Any, folder: str, trace: Callable[[Any, str], None], *compiled: Any) -> None:
        def counted(model: Any, folder: str) -> None:
            folders.append(folder)
            trace(model, folder)

        original(model, folder, counted, *compiled)

    monkeypatch.setattr(saved_models, "save", save)
    return folders


def saved(model: Any, folder: Path) -> Path:
    folder.mkdir()
    backend_for(model).save_inference_model(model, str(folder))
    return folder


def predictions(folder: Path) -> Any:
    serve = tf.saved_model.load(str(folder)).signatures["serving_default"]
    (name,) = serve.structured_input_signature[1]
    (output,) = serve(**{name: tf.constant(X)}).values()
    return output.numpy()


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def variables(folder: Path) -> dict[str, Any]:
    checkpoint = tf.train.load_checkpoint(str(folder / "variables" / "variables"))
    return {key: checkpoint.get_tensor(key) for key in checkpoint.get_variable_to_shape_map() if key[0] != "_"}


whole = pytest.mark.whole


@pytest.mark.parametrize(
    ("make", "optimizer"),
    [(sequential, "adam"), *(pytest.param(make, "sgd", marks=whole) for make in (sequential, functional, recurrent))],
)
def test_the_tenth_is_not_traced_and_has_todays_variables(
    make: Callable[[], Any], optimizer: str, tmp_path: Path, traced: list[str]
) -> None:
    model = trained(make(), optimizer)
    first = saved(model, tmp_path / "first")
    for number in range(2, 10):
        saved(model, tmp_path / str(number))
        model.fit(X, Y, epochs=1, verbose=0)
    again = saved(model, tmp_path / "again")
    assert traced == [str(first)]
    np.testing.assert_allclose(predictions(again), model.predict(X, verbose=0), rtol=1e-6, atol=1e-6)
    assert not np.allclose(predictions(again), predictions(first))
    saved_models._traced.clear()
    anew = saved(model, tmp_path / "anew")
    assert traced == [str(first), str(anew)]
    assert files(again) == files(anew)
    ours, theirs = variables(again), variables(anew)
    assert ours.keys() == theirs.keys()
    for key in ours:
        np.testing.assert_array_equal(ours[key], theirs[key], err_msg=key)


def frozen(model: Any) -> None:
    model.layers[0].trainable = False


def other_activation(model: Any) -> None:
    model.layers[-1].activation = tf.keras.activations.linear


def replaced_method(model: Any) -> None:
    layer = model.layers[-1]
    layer.call = lambda inputs, training=None: type(layer).call(layer, inputs) + 1


def other_optimizer(model: Any) -> None:
    model.compile("sgd", "mse")
    model.fit(X, Y, epochs=1, verbose=0)


def rebuilt(model: Any) -> None:
    model.pop()
    model.add(layers.Dense(3, "softmax"))
    trained(model)


@pytest.mark.parametrize(
    "change",
    [
        frozen,
        rebuilt,
        replaced_method,
        other_activation,
        pytest.param(other_optimizer, marks=whole),
    ],
)
def test_a_model_that_changed_is_traced_anew(change: Callable[[Any], None], tmp_path: Path, traced: list[str]) -> None:
    model = trained(sequential())
    saved(model, tmp_path / "first")
    change(model)
    saved(model, tmp_path / "second")
    assert [Path(folder).name for folder in traced] == ["first", "second"]


def test_a_rate_that_changed_is_traced_anew_where_it_is_written(tmp_path: Path, traced: list[str]) -> None:
    """Keras 2 writes the configuration of the optimizer beside the graph; Keras 3 has the rate in a variable."""
    model = trained(sequential(), tf.keras.optimizers.SGD(0.5))
    saved(model, tmp_path / "first")
    rate = model.optimizer.learning_rate
    rate.assign(0.25)
    second = saved(model, tmp_path / "second")
    if (second / "keras_metadata.pb").exists():
        assert "0.25" in (second / "keras_metadata.pb").read_bytes().decode("utf-8", "replace")
        assert len(traced) == 2
    else:
        assert 0.25 in [value for key, value in variables(second).items() if "learning_rate" in key]


def with_a_function() -> Any:
    return tf.keras.Sequential(
        [layers.Input((6, 6, 1)), layers.Lambda(lambda x: x + 1), layers.Flatten(), layers.Dense(3)]
    )


def with_adapted() -> Any:
    normalization = layers.Normalization()
    normalization.adapt(X)
    return tf.keras.Sequential([layers.Input((6, 6, 1)), normalization, layers.Flatten(), layers.Dense(3)])


class Doubled(layers.Layer):  # type: ignore[misc, name-defined]
    factor = 2.0

    def call(self, inputs: Any) -> Any:
        return inputs * self.factor


def with_a_class() -> Any:
    return tf.keras.Sequential([layers.Input((6, 6, 1)), Doubled(), layers.Flatten(), layers.Dense(3)])


@pytest.mark.parametrize(
    "make", [with_a_class, *(pytest.param(m, marks=whole) for m in (with_a_function, with_adapted))]
)
def test_what_its_configuration_does_not_tell_is_always_traced(
    make: Callable[[], Any], tmp_path: Path, traced: list[str]
) -> None:
    model = trained(make())
    saved(model, tmp_path / "first")
    saved(model, tmp_path / "second")
    assert len(traced) == 2


def test_a_model_that_is_gone_leaves_nothing(tmp_path: Path) -> None:
    model = trained(functional())
    saved(model, tmp_path / "first")
    (known,) = [known for of, known in saved_models._traced.items() if of is model]
    folder, gone = Path(known.folder.name), weakref.ref(model)
    assert folder.exists()
    del model, known
    tf.keras.backend.clear_session()
    gc.collect()
    assert gone() is None and not folder.exists()


class OfItsOwnClass(tf.keras.Model):
    """Each SavedModel of it is traced."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = layers.Dense(3)

    def call(self, inputs: Any) -> Any:
        return self.inner(tf.reshape(inputs, (-1, 36)))


@pytest.mark.parametrize("make", [sequential, OfItsOwnClass])
def test_nothing_is_said_of_assets_and_all_else_is(
    make: Callable[[], Any], tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a notebook TensorFlow's logger is at INFO, and would say it twice at each best epoch."""
    logger = tf.get_logger()
    monkeypatch.setattr(logger, "propagate", True)
    model = trained(make())
    original = tf.saved_model.save

    def warns(*given: Any, **named: Any) -> None:
        logger.warning("Assets written to: nowhere")
        logger.info("something else")
        original(*given, **named)

    with caplog.at_level("INFO", "tensorflow"):
        for number in range(3):
            saved(model, tmp_path / f"of-a-training-{number}")
        assert "Assets written" not in caplog.text
        elsewhere = tmp_path / "of-the-user"
        saved_models.save(OfItsOwnClass(), str(tmp_path / "b"), lambda *_: warns(trained(make()), str(elsewhere)))
    told = [record.getMessage() for record in caplog.records if record.name == "tensorflow"]
    assert "Assets written to: nowhere" in told and "something else" in told
    assert any(text.startswith(f"Assets written to: {elsewhere}") for text in told)
    assert not logger.filters
