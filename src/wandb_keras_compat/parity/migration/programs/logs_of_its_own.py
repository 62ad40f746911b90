# the program's own rows, before and after
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


class Rates(tf.keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        wandb.log({"rate": 0.1 / (epoch + 1), "epoch": epoch}, commit=False)


wandb.init(project="catalogue", config={"epochs": 2})
wandb.log({"start": 1})
build().fit(x, y, epochs=wandb.config.epochs, verbose=0, validation_data=(x_val, y_val), callbacks=[Rates(), WandbCallback(save_model=False)])
wandb.log({"loss": 0.5, "epoch": 99})
