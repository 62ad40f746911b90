"""Checkpoint after every second epoch: `save_freq` counts batches, so N epochs are N times the loader's length."""

import keras
import numpy as np
import wandb
from sklearn.datasets import load_digits
from wandb.keras import WandbMetricsLogger, WandbModelCheckpoint

EVERY_N_EPOCHS = 2

wandb.init(project="digits", config=dict(batch_size=64, epochs=4))
config = wandb.config


class Loader(keras.utils.PyDataset):
    def __init__(self, x, y, shuffle=False, **kwargs):
        super().__init__(**kwargs)
        self.x, self.y, self.shuffle = x, y, shuffle
        self.order = np.arange(len(x))
        self.on_epoch_end()

    def __len__(self):
        return int(np.ceil(len(self.x) / config.batch_size))

    def __getitem__(self, index):
        batch = self.order[index * config.batch_size : (index + 1) * config.batch_size]
        return self.x[batch], self.y[batch]

    def on_epoch_end(self):
        if self.shuffle:
            np.random.shuffle(self.order)


x, y = load_digits(return_X_y=True)
x = (x / 16.0).astype("float32")
trainloader = Loader(x[:1280], y[:1280], shuffle=True)
validloader = Loader(x[1280:], y[1280:])

inputs = keras.Input(shape=(64,))
hidden = keras.layers.Dense(32, activation="relu")(inputs)
outputs = keras.layers.Dense(10, activation="softmax")(hidden)
model = keras.Model(inputs, outputs)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])

model.fit(
    trainloader,
    epochs=config.epochs,
    validation_data=validloader,
    callbacks=[
        WandbMetricsLogger(),
        WandbModelCheckpoint(
            filepath="models/",
            save_freq=len(trainloader) * EVERY_N_EPOCHS,
        ),
    ],
)
