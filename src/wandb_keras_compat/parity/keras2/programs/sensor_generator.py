import random

import numpy as np
import tensorflow as tf
import wandb
from keras.layers import Dense, Flatten, Input
from keras.layers.recurrent import GRU
from keras.models import Model
from keras.preprocessing.sequence import TimeseriesGenerator
from wandb.keras import WandbCallback

random.seed(9)
np.random.seed(9)
tf.random.set_seed(9)

wandb.init(project="sensors", config=dict(length=6, batch_size=12, epochs=2))
config = wandb.config

t = np.arange(120)
readings = np.stack([np.sin(t / 5.0), np.cos(t / 7.0), 0.1 * np.random.randn(120)], axis=1).astype("float32")
target = np.roll(readings[:, 0] * readings[:, 1], 1).astype("float32")

train_gen = TimeseriesGenerator(readings, target, length=config.length, batch_size=config.batch_size, end_index=79)
val_gen = TimeseriesGenerator(readings, target, length=config.length, batch_size=config.batch_size, start_index=80)
print("batches:", len(train_gen), len(val_gen))

inputs = Input(shape=(config.length, readings.shape[1]))
x = GRU(6)(inputs)
outputs = Dense(1)(x)
model = Model(inputs=inputs, outputs=outputs)
model.compile(optimizer="adam", loss="mse", metrics=["mae"])

model.fit_generator(train_gen, epochs=config.epochs, validation_data=val_gen, shuffle=False, verbose=2, callbacks=[WandbCallback(monitor="val_mae")])

predictions = model.predict_generator(val_gen)
wandb.run.summary["prediction_mean"] = float(np.mean(predictions))
