"""Forecast the level of a river. The first half is what its author copies from project to project, to use W&B or not."""

import os

import numpy as np
import tensorflow as tf
import wandb
from wandb.keras import WandbCallback

_run = None


def init(config, project=None, **kwargs):
    """
    Start a run if the configuration wants one. Returns the configuration to use.
    """
    global _run
    if config.pop("use_wandb", True):
        _run = wandb.init(project=project, config=config, **kwargs)
        return dict(wandb.config)
    return config


def is_using_wandb():
    return _run is not None


def run_safely(fn, *args, **kwargs):
    """
    Run a function with keyboard interrupt protection.
    """
    try:
        return fn(*args, **kwargs)
    except KeyboardInterrupt:
        return None


def save_model(model, path="model.keras"):
    """
    Save a model. If using W&B, the model is saved in the current run directory.
    """
    if is_using_wandb():
        path = os.path.join(wandb.run.dir, path)
    return model.save(path)


def callbacks(wandb_callback_args={}):
    """
    Create the common callbacks list. If using W&B, WandbCallback is included.
    """
    callbacks = []
    if is_using_wandb():
        callbacks.append(WandbCallback(**wandb_callback_args))
    return callbacks


# ---------------------------------------------------------------------------------------------------------------

def windows(levels, steps):
    x = np.stack([levels[i:i + steps] for i in range(len(levels) - steps)])[..., None]
    return x.astype("float32"), levels[steps:].astype("float32")


def build(config):
    i = tf.keras.Input(shape=(config["steps"], 1))
    m = i
    for dilation in config["dilations"]:
        m = tf.keras.layers.Conv1D(config["filters"], 2, padding="causal", dilation_rate=dilation, activation="relu")(m)
    m = tf.keras.layers.Flatten()(m)
    m = tf.keras.layers.Dense(1, activation="linear")(m)
    model = tf.keras.Model(inputs=[i], outputs=[m])
    model.compile(loss=config["loss_function"], optimizer=tf.keras.optimizers.Adam(learning_rate=config["learning_rate"]), metrics=["mae"])
    return model


def train(config):
    tf.keras.utils.set_random_seed(8)
    levels = np.sin(np.arange(80) / 6) + np.random.rand(80) / 10
    x, y = windows(levels, config["steps"])
    test_x, test_y = x[60:], y[60:]
    model = build(config)

    early_stop = tf.keras.callbacks.EarlyStopping(
        monitor="val_loss",
        patience=15,
        mode="min",
        restore_best_weights=True,
    )
    history = model.fit(x[:60], y[:60],
                        epochs=config["epochs"],
                        batch_size=config["batch_size"],
                        validation_split=config["validation_split"],
                        verbose=2,
                        shuffle=False,
                        callbacks=[early_stop] + callbacks({"monitor": "val_mae", "save_model": False}))
    save_model(model)

    result = model.evaluate(test_x, test_y, verbose=0)
    if is_using_wandb():
        wandb.run.log(dict(zip(["test_loss", "test_mae"], result)))
        wandb.finish()
    return history


if __name__ == "__main__":
    config = init({"steps": 12, "filters": 3, "dilations": [1, 2, 4], "loss_function": "mse", "learning_rate": 0.01,
                   "epochs": 3, "batch_size": 10, "validation_split": 0.2}, project="river-levels")
    history = run_safely(train, config)
    print(sorted(history.history))
