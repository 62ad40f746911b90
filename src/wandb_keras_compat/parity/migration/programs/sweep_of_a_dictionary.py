# a sweep over its metric
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


configuration = {
    "method": "grid", "metric": {"name": "val_loss", "goal": "minimize"},
    "parameters": {"rate": {"values": [0.01, 0.1]}, "epochs": {"value": 2}},
}


def train():
    wandb.init(project="catalogue")
    model = build()
    model.optimizer.learning_rate = wandb.config.rate
    model.fit(x, y, epochs=wandb.config.epochs, verbose=0, validation_data=(x_val, y_val), callbacks=[WandbCallback()])


wandb.agent(wandb.sweep(configuration, project="catalogue"), function=train, count=2)
