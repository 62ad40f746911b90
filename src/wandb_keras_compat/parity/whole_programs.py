"""Small programs of the shapes that public ones have: each makes its callback where ``fit`` is called, as they do.

A program is a function of the callback class. :data:`PROGRAMS` says what it logs with the shim on every Keras, and
which differences from the real class it shows.
"""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import tensorflow as tf
import wandb

from .whole_program_parts import (
    BINARY,
    CLASSES,
    IMAGES,
    NUMBERS,
    TARGETS,
    TRAIN,
    USUAL,
    VALID,
    Logged,
    Program,
    classifier,
    dataset,
    forever,
    numbered,
    perceptron,
)

keras: Any = tf.keras
L = keras.layers


def flows(callback: Any) -> None:
    """Augmenting flows train and validate, and are the callback's as well: no one reads what another was to read."""
    augmented = keras.preprocessing.image.ImageDataGenerator()
    train, valid = (augmented.flow(*data, batch_size=8, shuffle=False) for data in (TRAIN, VALID))
    classifier().fit(
        train, validation_data=valid, **USUAL, class_weight={0: 1.0, 1: 2.0, 2: 1.0},
        callbacks=[
            keras.callbacks.EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True),
            callback(training_data=train, validation_data=valid, input_type="image", labels=["a", "b", "c"], save_model=False),
        ],
    )  # fmt: skip


def gradients_of_one_batch(callback: Any) -> None:
    """A batch that was taken from the generator of validation data is the training data of gradients."""
    valid = forever(*VALID, batch=len(VALID[0]))
    batch = next(valid)
    classifier().fit(
        forever(*TRAIN), steps_per_epoch=3, validation_data=valid, validation_steps=2, **USUAL,
        callbacks=[callback(training_data=batch, log_weights=True, log_gradients=True, save_model=False)],
    )  # fmt: skip


def repeated_datasets(callback: Any) -> None:
    classifier().fit(
        x=dataset(*TRAIN).repeat(), validation_data=dataset(*VALID).repeat(), steps_per_epoch=3, validation_steps=2, **USUAL,
        callbacks=[
            callback(training_data=dataset(*TRAIN), log_weights=True, log_gradients=True, data_type="image", save_model=False)
        ],
    )  # fmt: skip


def split_and_own_data(callback: Any) -> None:
    perceptron().fit(
        NUMBERS[:48], BINARY[:48], validation_split=0.25, **USUAL,
        callbacks=[callback(validation_data=(NUMBERS[48:], BINARY[48:]), log_evaluation=True, save_model=False)],
    )  # fmt: skip


def images_and_tables_of_the_same(callback: Any) -> None:
    classifier().fit(
        *TRAIN, batch_size=16, validation_data=VALID, **USUAL,
        callbacks=[
            callback(
                validation_data=VALID, input_type="image", output_type="label", log_evaluation=True,
                labels=[str(at) for at in range(3)], save_model=False,
            )
        ],
    )  # fmt: skip


def tensors(callback: Any) -> None:
    """One batch of tensors; ``fit`` does not validate."""
    x, y = tf.constant(NUMBERS), tf.constant(BINARY)
    perceptron().fit(
        x[:48], y[:48], batch_size=1600, **USUAL,
        callbacks=[callback(monitor="loss", validation_data=(x[48:], y[48:]), save_model=False)],
    )  # fmt: skip


def labels_and_no_images(callback: Any) -> None:
    perceptron().fit(
        NUMBERS[:48], BINARY[:48], batch_size=16, steps_per_epoch=3, validation_data=(NUMBERS[48:], BINARY[48:]), **USUAL,
        callbacks=[callback(validation_data=(NUMBERS[48:], BINARY[48:]), labels=["no", "yes"], save_model=False)],
    )  # fmt: skip


def weighted_sequences(callback: Any) -> None:
    parts = [L.Conv1D(3, 3, padding="same", name="c"), L.MaxPooling1D(2, name="p"), L.LSTM(3, name="l")]
    model = numbered(
        keras.Sequential([L.InputLayer((5, 2), name="given"), *parts, L.Dense(1, activation="sigmoid", name="o")])
    )
    model.compile(keras.optimizers.SGD(0.05), "binary_crossentropy", weighted_metrics=["binary_accuracy"])
    x, y = NUMBERS.reshape(-1)[:160].reshape(16, 5, 2), BINARY[:16]
    model.fit(
        x[:12], y[:12], batch_size=4, validation_data=(x[12:], y[12:]), class_weight={0: 1.0, 1: 3.0}, **USUAL,
        callbacks=[
            keras.callbacks.EarlyStopping(monitor="val_loss", patience=3),
            callback(validation_data=(x[12:], y[12:]), save_model=False),
        ],
    )  # fmt: skip


def iterator_of_a_dataset(callback: Any) -> None:
    classifier().fit(
        dataset(*TRAIN), **USUAL,
        callbacks=[
            callback(
                monitor="loss", generator=iter(dataset(*VALID)), log_evaluation=True, validation_steps=2,
                log_evaluation_frequency=1, save_model=False,
            )
        ],
    )  # fmt: skip


def gradients_and_split(callback: Any) -> None:
    """And a value of the user's own after the training."""
    perceptron(out=None, loss="mse").fit(
        NUMBERS[:32], TARGETS[:32], batch_size=128, validation_split=0.25, **USUAL,
        callbacks=[callback(log_gradients=True, training_data=(NUMBERS[:32], TARGETS[:32]), save_model=True)],
    )  # fmt: skip
    wandb.log({"rmse": 0.5})


def list_of_arrays(callback: Any) -> None:
    """Both parts in a list, over two batches that are normalized."""
    train = [NUMBERS[:40], BINARY[:40]]
    perceptron(L.BatchNormalization(name="b")).fit(
        train[0], train[1], batch_size=16, validation_data=(NUMBERS[40:], BINARY[40:]), **USUAL,
        callbacks=[callback(log_gradients=True, training_data=train, save_model=False)],
    )  # fmt: skip


def generator_and_data_of_fit(callback: Any) -> None:
    """Pictures of a generator; no one says how much of it is a table, which is of the data of ``fit`` then."""
    classifier().fit(
        *TRAIN, batch_size=8, validation_data=VALID, **USUAL,
        callbacks=[
            callback(
                monitor="val_accuracy", mode="max", log_weights=True, data_type="image", verbose=1, labels=["a", "b", "c"],
                generator=forever(*VALID), predictions=50, log_evaluation=True, log_batch_frequency=1, save_model=False,
            )
        ],
    )  # fmt: skip


def generator_that_fit_reads_too(callback: Any) -> None:
    """One generator for the callback's pictures and for what ``fit`` validates on."""
    feed = forever(*VALID)
    classifier().fit(
        *TRAIN, batch_size=8, validation_data=feed, validation_steps=2, **USUAL,
        callbacks=[callback(generator=feed, input_type="image", save_model=False)],
    )  # fmt: skip


def some_of_what_fit_validates_on(callback: Any) -> None:
    """And an argument that never was one."""
    classifier().fit(
        *TRAIN, batch_size=16, validation_data=VALID, **USUAL,
        callbacks=[
            callback(
                log_weights=True, log_gradients=True, training_data=(IMAGES[:10], CLASSES[:10]), log_evaluation=True,
                validation_data=(IMAGES[24:28], CLASSES[24:28]), compute_importance=True, save_model=False,
            )
        ],
    )  # fmt: skip


def subclass_that_looks_at_the_data(callback: Any) -> None:
    class Confusion(callback):
        def __init__(self, labels: Any = (), predictions: int = 1, **more: Any) -> None:
            super().__init__(
                labels=labels, data_type=None, predictions=predictions, log_evaluation=True, save_model=False, **more
            )

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            x, y = self.validation_data[0], self.validation_data[1]
            right = self.model.predict(x, verbose=0).argmax(axis=1) == y.argmax(axis=1)
            wandb.log({"right": int(right.sum())}, commit=False)
            super().on_epoch_end(epoch, logs)

    classifier().fit(*TRAIN, validation_data=VALID, **USUAL, callbacks=[Confusion(labels=["a", "b", "c"])])


def autoencoder(callback: Any) -> None:
    """The decoder is a model of its own, with a layer of the one that is trained."""
    given, code = keras.Input((4,), name="given"), keras.Input((2,), name="code")
    decode = L.Dense(4, name="decode")
    model = numbered(keras.Model(given, decode(L.Dense(2, name="encode")(given))))
    decoder = keras.Model(code, decode(code))
    model.compile(keras.optimizers.SGD(0.05), "mse")
    model.fit(NUMBERS, NUMBERS, validation_data=(NUMBERS, NUMBERS), **USUAL, callbacks=[callback(save_model=False)])
    assert decoder.predict(np.zeros((1, 2)), verbose=0).shape == (1, 4)


def few_pictures_of_many(callback: Any) -> None:
    model = numbered(
        keras.Sequential([L.InputLayer((6, 6, 1), name="given"), L.Conv2D(1, 3, padding="same", name="o")])
    )
    model.compile(keras.optimizers.SGD(0.05), "mse")
    model.fit(
        IMAGES[:24], IMAGES[:24], validation_data=(IMAGES[24:], IMAGES[24:]), **USUAL,
        callbacks=[callback(input_type="image", output_type="image", predictions=8, save_model=False)],
    )  # fmt: skip


def images_of_a_split(callback: Any) -> None:
    classifier().fit(
        *TRAIN, validation_split=0.25, **USUAL,
        callbacks=[callback(input_type="image", log_evaluation=True, save_model=False)],
    )  # fmt: skip


def images_of_tensors(callback: Any) -> None:
    valid = tf.constant(VALID[0]), tf.constant(VALID[1])
    classifier().fit(*TRAIN, validation_data=valid, **USUAL, callbacks=[callback(input_type="image", save_model=False)])


def images_of_two_outputs(callback: Any) -> None:
    given = keras.Input((6, 6, 1), name="given")
    flat = L.Flatten(name="f")(given)
    model = numbered(keras.Model(given, [L.Dense(3, name="o1")(flat), L.Dense(1, name="o2")(flat)]))
    model.compile(keras.optimizers.SGD(0.05), ["mse", "mse"])
    y = [CLASSES[:24], TARGETS[:24]]
    model.fit(
        IMAGES[:24],
        y,
        validation_data=(IMAGES[:24], y),
        **USUAL,
        callbacks=[callback(input_type="image", save_model=False)],
    )


def looked_up_before_the_import(callback: Any) -> None:
    """``model.fit(callbacks=[wandb.keras.WandbCallback()])``, where that is what imports ``wandb.keras``."""
    model = classifier()
    fit = type(model).fit
    while "old_v2" in (around := inspect.getclosurevars(fit).nonlocals):  # which wandb's patch of fit calls
        fit = around["old_v2"]
    fit(model, *TRAIN, validation_data=VALID, **USUAL, callbacks=[callback(input_type="image", save_model=False)])


def names_that_hdf5_refuses(callback: Any) -> None:
    """Two weights of one name, as models that are put together by hand have."""
    model = perceptron()
    for weight in model.layers[-1].weights:
        weight._handle_name = "w:0"  # what HDF5 names it after on Keras 2
    model.fit(NUMBERS, BINARY, **USUAL, callbacks=[callback(monitor="loss")])


PROGRAMS = {
    "flows": Program(flows, Logged(images=(24, 24)), ("KD-094",)),
    "gradients_of_one_batch": Program(gradients_of_one_batch, Logged(parameters=4, gradients=4)),
    "repeated_datasets": Program(repeated_datasets, Logged(images=(36, 36), parameters=4, gradients=4), ("KD-094",)),
    "split_and_own_data": Program(split_and_own_data, Logged(3, tables=(16,))),
    "images_and_tables_of_the_same": Program(images_and_tables_of_the_same, Logged(3, (24, 24), (24,))),
    "tensors": Program(tensors, Logged()),
    "labels_and_no_images": Program(labels_and_no_images, Logged()),
    "weighted_sequences": Program(weighted_sequences, Logged()),
    "iterator_of_a_dataset": Program(iterator_of_a_dataset, Logged(2, tables=(16, 16))),
    "gradients_and_split": Program(gradients_and_split, Logged(3, gradients=4, models=1)),
    "list_of_arrays": Program(list_of_arrays, Logged(gradients=6), ("KD-091",)),
    "generator_and_data_of_fit": Program(generator_and_data_of_fit, Logged(9, (8, 8), (24,), parameters=4)),
    "generator_that_fit_reads_too": Program(generator_that_fit_reads_too, Logged(images=(16, 16)), ("KD-100",)),
    "some_of_what_fit_validates_on": Program(
        some_of_what_fit_validates_on, Logged(3, tables=(4,), parameters=4, gradients=4), ("KD-090",)
    ),
    "subclass_that_looks_at_the_data": Program(subclass_that_looks_at_the_data, Logged(3, tables=(24,))),
    "autoencoder": Program(autoencoder, Logged(), ("KD-092",)),
    "few_pictures_of_many": Program(few_pictures_of_many, Logged(images=(24, 24)), ("KD-098",)),
    "images_of_a_split": Program(images_of_a_split, Logged(3, (6, 6), (6,)), ("KD-096",)),
    "looked_up_before_the_import": Program(looked_up_before_the_import, Logged(images=(24, 24)), ("KD-096",)),
    "images_of_tensors": Program(images_of_tensors, Logged(images=(24, 24)), ("KD-095",), dies="AttributeError"),
    "images_of_two_outputs": Program(images_of_two_outputs, Logged(images=(24, 24)), ("KD-097",), dies="IndexError"),
    "names_that_hdf5_refuses": Program(names_that_hdf5_refuses, Logged(models=2), ("KD-093",), dies="ValueError"),
}  # fmt: skip
