# a subclass whose base is an attribute
import numpy as np
import tensorflow as tf
import wandb

tf.keras.utils.set_random_seed(1)
x = np.random.rand(32, 4).astype("float32")
y = x.sum(axis=1, keepdims=True)
x_val, y_val = x[:8], y[:8]


def build():
    model = tf.keras.Sequential([tf.keras.Input((4,)), tf.keras.layers.Dense(3, activation="relu"), tf.keras.layers.Dense(1)])
    model.compile(tf.keras.optimizers.SGD(0.05), "mse", metrics=["mae"])
    return model


class OurCallback(wandb.keras.WandbCallback):
    def __init__(self, monitor="val_loss", verbose=0, mode="auto", save_weights_only=False, save_model=False):
        super().__init__(monitor=monitor, verbose=verbose, mode=mode, save_weights_only=save_weights_only, save_model=save_model)


wandb.init(project="catalogue")
build().fit(x, y, validation_data=(x_val, y_val), epochs=2, verbose=0, callbacks=[OurCallback()])
build().fit(x, y, validation_data=(x_val, y_val), epochs=1, verbose=0, callbacks=[wandb.keras.WandbCallback(save_model=False)])
