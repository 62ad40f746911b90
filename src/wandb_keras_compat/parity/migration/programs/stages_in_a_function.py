# a function that trains a stage, called three times
import numpy as np
import tensorflow as tf
import wandb
from wandb.keras import WandbCallback

tf.keras.utils.set_random_seed(1)
x = np.random.rand(32, 4).astype("float32")
y = x.sum(axis=1, keepdims=True)
x_val, y_val = x[:8], y[:8]


def build():
    model = tf.keras.Sequential([tf.keras.Input((4,)), tf.keras.layers.Dense(3, activation="relu"), tf.keras.layers.Dense(1)])
    model.compile(tf.keras.optimizers.SGD(0.05), "mse", metrics=["mae"])
    return model


def stage(model, rate, epochs):
    model.optimizer.learning_rate = rate
    callbacks = [WandbCallback(), tf.keras.callbacks.EarlyStopping(patience=5)]
    return model.fit(x, y, epochs=epochs, verbose=0, validation_data=(x_val, y_val), callbacks=callbacks)


wandb.init(project="catalogue")
model = build()
for rate in (0.01, 0.1, 3.0):
    stage(model, rate, 2)
