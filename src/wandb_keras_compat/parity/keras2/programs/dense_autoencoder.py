import random

import numpy as np
import tensorflow as tf
import wandb
from keras.layers import Dense, Flatten, Input, Reshape
from keras.models import Model, Sequential
from wandb.keras import WandbCallback

random.seed(1)
np.random.seed(1)
tf.random.set_seed(1)

wandb.init(project="autoencoder")
wandb.config.encoding_dim = 6
wandb.config.epochs = 2

base = np.random.rand(4, 10, 10)
x_train = np.clip(base[np.random.randint(0, 4, 48)] + 0.1 * np.random.rand(48, 10, 10), 0, 1)
x_test = np.clip(base[np.random.randint(0, 4, 16)] + 0.1 * np.random.rand(16, 10, 10), 0, 1)

encoder = Sequential()
encoder.add(Flatten(input_shape=(10, 10)))
encoder.add(Dense(wandb.config.encoding_dim, activation="relu"))

decoder = Sequential()
decoder.add(Dense(100, activation="sigmoid", input_shape=(wandb.config.encoding_dim,)))
decoder.add(Reshape((10, 10)))

model = Sequential()
model.add(encoder)
model.add(decoder)
model.compile(optimizer="adam", loss="mse")

model.fit(x_train, x_train, epochs=wandb.config.epochs, validation_data=(x_test, x_test), callbacks=[WandbCallback(data_type="image")])

model.save("auto-dense.h5")
