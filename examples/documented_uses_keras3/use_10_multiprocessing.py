"""Keras multiprocessing: the Sequence joins the run's group before it reads wandb.config."""

import keras
import numpy as np
import wandb
from sklearn.datasets import load_digits
from wandb.keras import WandbCallback

GROUP = "digits-multiprocessing"
WORKERS = {"workers": 2, "use_multiprocessing": True}

# Keras 2 takes the workers in fit(); Keras 3, where a Sequence is a PyDataset, in its constructor.
FIT_TAKES_WORKERS = not hasattr(keras.utils, "PyDataset")


class DigitsSequence(keras.utils.Sequence):
    def __init__(self, x, y, **kwargs):
        super().__init__(**kwargs)
        wandb.init(project="digits", group=GROUP)
        self.batch_size = wandb.config.batch_size
        self.x, self.y = x, y

    def __len__(self):
        return int(np.ceil(len(self.x) / self.batch_size))

    def __getitem__(self, index):
        batch = slice(index * self.batch_size, (index + 1) * self.batch_size)
        return self.x[batch], self.y[batch]


if __name__ == "__main__":
    wandb.init(project="digits", group=GROUP, config={"batch_size": 64, "epochs": 2})

    x, y = load_digits(return_X_y=True)
    x = x / 16.0
    sequence_options = {} if FIT_TAKES_WORKERS else WORKERS
    fit_options = WORKERS if FIT_TAKES_WORKERS else {}
    train = DigitsSequence(x[:1400], y[:1400], **sequence_options)
    valid = DigitsSequence(x[1400:], y[1400:], **sequence_options)

    model = keras.Sequential(
        [
            keras.layers.Dense(32, activation="relu", input_shape=(64,)),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(
        train,
        validation_data=valid,
        epochs=wandb.config.epochs,
        callbacks=[WandbCallback()],
        **fit_options,
    )
