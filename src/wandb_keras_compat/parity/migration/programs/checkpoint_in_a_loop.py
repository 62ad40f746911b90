# a newer checkpoint in a loop of fits
import numpy as np
import tensorflow as tf
import wandb
from wandb.keras import WandbMetricsLogger, WandbModelCheckpoint

tf.keras.utils.set_random_seed(1)
x = np.random.rand(32, 4).astype("float32")
y = x.sum(axis=1, keepdims=True)
x_val, y_val = x[:8], y[:8]


def build():
    model = tf.keras.Sequential([tf.keras.Input((4,)), tf.keras.layers.Dense(3, activation="relu"), tf.keras.layers.Dense(1)])
    model.compile(tf.keras.optimizers.SGD(0.05), "mse", metrics=["mae"])
    return model


wandb.init(project="catalogue")
model = build()
for round_ in range(3):
    model.fit(x, y, epochs=1, verbose=0, validation_data=(x_val, y_val), callbacks=[WandbModelCheckpoint("round-{epoch}", save_best_only=True), WandbMetricsLogger()])
