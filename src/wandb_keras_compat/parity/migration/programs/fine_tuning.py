# a frozen stage and a second one, which goes on counting
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


wandb.init(project="catalogue")
model = build()
model.layers[0].trainable = False
model.compile("sgd", "mse")
history = model.fit(x, y, epochs=2, verbose=0, validation_data=(x_val, y_val), callbacks=[WandbCallback()])
model.layers[0].trainable = True
model.compile(tf.keras.optimizers.SGD(2.0), "mse")
model.fit(x, y, initial_epoch=len(history.epoch), epochs=4, verbose=0, validation_data=(x_val, y_val), callbacks=[WandbCallback()])
