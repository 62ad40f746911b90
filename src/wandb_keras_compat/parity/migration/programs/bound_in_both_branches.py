# a callback with or without a model, by a switch; the module imported twice
import numpy as np
import tensorflow as tf
import wandb
import wandb.keras

tf.keras.utils.set_random_seed(1)
x = np.random.rand(32, 4).astype("float32")
y = x.sum(axis=1, keepdims=True)
x_val, y_val = x[:8], y[:8]


def train(small):
    wandb.init(project="catalogue")
    if small:
        callback = wandb.keras.WandbCallback(save_model=False)
    else:
        callback = wandb.keras.WandbCallback(monitor="val_mae", mode="min")
    model = tf.keras.Sequential([tf.keras.Input((4,)), tf.keras.layers.Dense(3, activation="relu"), tf.keras.layers.Dense(1)])
    model.compile(tf.keras.optimizers.SGD(0.05), "mse", metrics=["mae"])
    model.fit(x, y, validation_data=(x_val, y_val), epochs=2, verbose=0, callbacks=[callback])
    wandb.finish()


train(True)
train(False)
