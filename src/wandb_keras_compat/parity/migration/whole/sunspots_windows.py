"""Forecasting with a recurrent network: windows of a series in tf.data, the run as a context manager, a summary value of one's own."""
import csv
import io
from pathlib import Path

import numpy as np
import tensorflow as tf
import tensorflow.keras as keras
import wandb
from wandb.integration.keras import WandbCallback

MODEL_NAME = "sunspots_forecaster"
SAVE_MODEL_DIR = Path.cwd().joinpath("models")


def write_csv(length):
    """A table as one downloads it: month, date, mean number."""
    rng = np.random.default_rng(1749)
    months = np.arange(length)
    spots = 60 + 50 * np.sin(2 * np.pi * months / 33) + rng.normal(scale=4, size=length)
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["", "Date", "Monthly Mean Total Sunspot Number"])
    for month, number in zip(months, spots):
        writer.writerow([month, "%d-%02d" % (1749 + month // 12, month % 12 + 1), round(float(number), 1)])
    return file.getvalue()


def process_csv_data(text):
    reader = csv.reader(io.StringIO(text))
    header = next(reader)
    return list(reader), header


def batch_csv_dataset(series, window_size, batch_size, shuffle_buffer_size, cache=False):
    series = tf.expand_dims(tf.constant(series, dtype=tf.float32), axis=-1)
    ds = tf.data.Dataset.from_tensor_slices(series)
    ds = ds.window(window_size + 1, shift=1, drop_remainder=True)
    ds = ds.flat_map(lambda window: window.batch(window_size + 1))
    ds = ds.map(lambda window: (window[:-1], window[1:]))
    if cache:
        ds = ds.cache()
    ds = ds.shuffle(shuffle_buffer_size, seed=5)
    return ds.batch(batch_size).prefetch(1)


def model_forecast(model, series, window_size):
    ds = tf.data.Dataset.from_tensor_slices(series.astype("float32"))
    ds = ds.window(window_size, shift=1, drop_remainder=True)
    ds = ds.flat_map(lambda window: window.batch(window_size))
    return model.predict(ds.batch(16), verbose=0)


if __name__ == "__main__":
    tf.keras.utils.set_random_seed(51)
    csv_data, header = process_csv_data(write_csv(150))
    sunspots, time_steps = zip(*[(float(row[2]), int(row[0])) for row in csv_data])
    series, time = np.array(sunspots), np.array(time_steps)

    split_time = 110
    time_train = time[:split_time]
    x_train = series[:split_time]
    time_valid = time[split_time:]
    x_valid = series[split_time:]

    defaults = dict(window_size=12, batch_size=16, filters_1=6, filters_2=4, learning_rate=1e-3, epochs=2)
    with wandb.init(project="sunspots_forecaster", name="lr-rnn", config=defaults) as run:
        config = run.config
        run.define_metric("mean_absolute_error", summary="min")

        train_dataset = batch_csv_dataset(
            x_train,
            window_size=config.window_size,
            batch_size=config.batch_size,
            shuffle_buffer_size=1000,
            cache=True,
        )
        valid_dataset = batch_csv_dataset(
            x_valid,
            window_size=config.window_size,
            batch_size=config.batch_size,
            shuffle_buffer_size=1000,
            cache=True,
        )

        model = keras.models.Sequential(
            [
                keras.layers.Conv1D(
                    filters=6, kernel_size=5, strides=1, padding="causal", activation="relu", input_shape=[None, 1]
                ),
                keras.layers.LSTM(config.filters_1, return_sequences=True),
                keras.layers.Dense(config.filters_2, activation="relu"),
                keras.layers.Dense(1),
            ]
        )

        optimizer = keras.optimizers.SGD(learning_rate=config.learning_rate, momentum=0.9)
        model.compile(loss=keras.losses.Huber(), optimizer=optimizer, metrics=["mae"])
        history = model.fit(
            train_dataset,
            epochs=config.epochs,
            validation_data=valid_dataset,
            verbose=0,
            callbacks=[WandbCallback(save_weights_only=True)],
        )

        rnn_forecast = model_forecast(model, series[..., np.newaxis], config.window_size)
        rnn_forecast = rnn_forecast[split_time - config.window_size:-1, -1, 0]
        forecast_error = float(np.abs(x_valid - rnn_forecast).mean())
        print("MAE %.2f after %d epochs" % (forecast_error, len(history.history["loss"])))

        run.summary["mean_absolute_error"] = forecast_error

        # save trained weights as artifact
        trained_model_artifact = wandb.Artifact(
            MODEL_NAME,
            type="weights",
            description="forecaster for sunspots",
            metadata={"window_size": config.window_size},
        )
        SAVE_MODEL_DIR.mkdir(exist_ok=True)
        model.save_weights(str(SAVE_MODEL_DIR / "sunspots.weights.h5"))
        trained_model_artifact.add_file(str(SAVE_MODEL_DIR / "sunspots.weights.h5"))
        run.log_artifact(trained_model_artifact)
