"""A library's model class with optional tracking: names set to None where the import fails, arguments of the callback handed through as a dict."""
import os
import random
from collections import OrderedDict

import numpy as np
import pandas as pd
import tensorflow as tf

try:
    from wandb.keras import WandbCallback
    import wandb
except ModuleNotFoundError:
    WandbCallback = None
    wandb = None

keras = tf.keras

LOSSES = {"mse": "mse", "mae": "mae", "huber": keras.losses.Huber()}
OPTIMIZERS = {"Adam": keras.optimizers.Adam, "RMSprop": keras.optimizers.RMSprop}


def make_catchment(length=140, seed=313):
    """Rain, temperature, and the flow of a river that remembers the rain of some days."""
    rng = np.random.default_rng(seed)
    days = np.arange(length)
    rain = rng.gamma(0.6, 2.0, size=length)
    temperature = 12 + 9 * np.sin(2 * np.pi * days / 60) + rng.normal(size=length)
    flow = np.convolve(rain, np.exp(-np.arange(8) / 3.0))[:length] - 0.05 * temperature
    index = pd.date_range("2001-01-01", periods=length, freq="D")
    return pd.DataFrame({"rain": rain, "temp": temperature, "flow": flow}, index=index)


class BaseModel(object):
    """ Builds, trains and evaluates a model of tabular time series. """

    def __init__(self, model, input_features, output_features, lookback=6, lr=0.01, optimizer="Adam", loss="mse",
                 epochs=2, patience=100, batch_size=16, train_fraction=0.7, val_fraction=0.3, seed=313,
                 wandb_config=None, verbosity=0, prefix="results"):
        self.layers = OrderedDict(model["layers"])
        self.input_features = input_features
        self.output_features = output_features
        self.lookback = lookback
        self.config = {
            "lr": lr, "optimizer": optimizer, "loss": loss, "epochs": epochs, "patience": patience,
            "batch_size": batch_size, "lookback": lookback,
        }
        self.train_fraction = train_fraction
        self.val_fraction = val_fraction
        self.wandb_config = wandb_config
        self.verbosity = verbosity
        self.path = os.path.join(os.getcwd(), prefix)
        self.seed_everything(seed)
        self._model = self.build()

    @property
    def use_wandb(self):
        return self.wandb_config is not None and wandb is not None

    @staticmethod
    def seed_everything(seed):
        random.seed(seed)
        np.random.seed(seed)
        keras.utils.set_random_seed(seed)

    def build(self):
        inputs = keras.Input((self.lookback, len(self.input_features)), name="Inputs")
        x = inputs
        for name, config in self.layers.items():
            x = getattr(keras.layers, name.split("_")[0])(name=name, **config)(x)
        model = keras.Model(inputs, x)
        model.compile(
            loss=LOSSES[self.config["loss"]],
            optimizer=OPTIMIZERS[self.config["optimizer"]](learning_rate=self.config["lr"]),
            metrics=["mae"],
        )
        return model

    def make_examples(self, data):
        values, target = data[self.input_features].values, data[self.output_features].values
        values = (values - values.mean(axis=0)) / values.std(axis=0)
        rows = range(self.lookback, len(data))
        x = np.stack([values[row - self.lookback:row] for row in rows]).astype("float32")
        y = target[self.lookback:].astype("float32")
        split = int(len(x) * self.train_fraction)
        return (x[:split], y[:split]), (x[split:], y[split:])

    def get_callbacks(self, val_data, callbacks=None):
        """ The usual ones by name, and what the user gave. """
        _callbacks = {
            "EarlyStopping": keras.callbacks.EarlyStopping(monitor="val_loss", min_delta=0.0001, patience=self.config["patience"]),
        }
        if callbacks is not None:
            _callbacks.update(callbacks)
        found = list(_callbacks.values())

        if self.use_wandb:
            self.wandb_config.setdefault("monitor", "val_loss")
            wandb_config = self.wandb_config.copy()
            for taken in ("probabilistic", "project", "entity"):
                wandb_config.pop(taken, None)

            validation_data = wandb_config.pop("validation_data", None)
            if validation_data == "use":
                wandb_config["validation_data"] = val_data
            found.append(WandbCallback(**wandb_config))
        return found

    def fit(self, data, callbacks=None):
        (x, y), _ = self.make_examples(data)
        split = int(len(x) * (1 - self.val_fraction))
        val_data = (x[split:], y[split:])
        self._wandb_init()
        history = self._model.fit(
            x[:split], y[:split],
            epochs=self.config["epochs"],
            batch_size=self.config["batch_size"],
            validation_data=val_data,
            callbacks=self.get_callbacks(val_data, callbacks),
            shuffle=True,
            verbose=self.verbosity,
        )
        os.makedirs(self.path, exist_ok=True)
        pd.DataFrame(history.history).to_csv(os.path.join(self.path, "losses.csv"))
        return history

    def evaluate(self, data):
        _, (x, y) = self.make_examples(data)
        predicted = self._model.predict(x, verbose=0)
        scores = {"r2": float(np.corrcoef(y[:, 0], predicted[:, 0])[0, 1] ** 2), "bias": float((predicted - y).mean())}
        if self.use_wandb:
            wandb.run.summary.update({"test": scores})
            wandb.finish()
        return scores

    def _wandb_init(self):
        if self.use_wandb:
            assert WandbCallback is not None
            wandb.init(
                name="flow_%d" % self.lookback,
                project=self.wandb_config.get("project", "water"),
                notes="{} days lookback".format(self.lookback),
                tags=["library", "tf"],
                config=dict(self.config),
            )


if __name__ == "__main__":
    frame = make_catchment()
    for lookback in (4, 6):
        model = BaseModel(
            model={"layers": {"LSTM_0": {"units": 5, "return_sequences": True}, "LSTM_1": {"units": 4}, "Dense": {"units": 1}}},
            input_features=["rain", "temp"],
            output_features=["flow"],
            lookback=lookback,
            wandb_config={"project": "water", "validation_data": "use", "log_weights": True, "save_model": False},
        )
        model.fit(frame)
        print(lookback, {name: round(value, 3) for name, value in model.evaluate(frame).items()})
