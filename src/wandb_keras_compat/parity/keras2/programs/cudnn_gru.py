import random

import numpy as np
import tensorflow as tf
import wandb
from keras.layers import CuDNNGRU, Dense, SpatialDropout1D
from keras.models import Sequential
from wandb.keras import WandbCallback

random.seed(29)
np.random.seed(29)
tf.random.set_seed(29)

wandb.init(project="gpu-rnn", config={"units": 6, "epochs": 2})

x = np.random.normal(size=(60, 9, 3)).astype("float32")
y = (x.cumsum(axis=1)[:, -1, 0] > 0).astype("float32")

model = Sequential()
model.add(CuDNNGRU(wandb.config.units, input_shape=(9, 3)))
model.add(Dense(1, activation="sigmoid"))
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
model.fit(x[:40], y[:40], epochs=wandb.config.epochs, batch_size=10, validation_data=(x[40:], y[40:]), callbacks=[WandbCallback()])
