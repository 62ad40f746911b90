"""A sweep: its configuration, a train() that is called once a run, an agent where there is a server and a loop where there is none."""
import itertools
import os

import numpy as np
import tensorflow as tf
from tensorflow.keras import callbacks, layers, losses, metrics, models, optimizers

import wandb
from wandb.keras import WandbCallback

sweep_config = {
    "name": "tissue-grid",
    "method": "grid",
    "metric": {
        "name": "val_loss",
        "goal": "minimize",
    },
    "parameters": {
        "learning_rate": {"values": [0.001, 0.05]},
        "optimizer": {"values": ["adam", "adagrad"]},
        "dropout_fc": {"value": 0.1},
        "hidden": {"value": 12},
        "epochs": {"value": 2},
        "batch_size": {"value": 12},
    },
}

CLASS_NAMES = ["benign", "in situ", "invasive"]


def load_dataset(batch_size, seed=42):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, len(CLASS_NAMES), size=72)
    cells = rng.normal(size=(72, 6)).astype("float32") + labels[:, None]
    one_hot = np.eye(len(CLASS_NAMES), dtype="float32")[labels]
    whole = tf.data.Dataset.from_tensor_slices((cells, one_hot))
    train_dataset = whole.take(48).cache().batch(batch_size)
    valid_dataset = whole.skip(48).batch(batch_size)
    return train_dataset, valid_dataset


def get_mean_var(dataset):
    """Of each feature, over all batches."""
    total, squares, batches = 0, 0, 0
    for data, _ in dataset:
        total += tf.reduce_mean(data, axis=0)
        squares += tf.reduce_mean(data ** 2, axis=0)
        batches += 1
    mean = total / batches
    return mean.numpy(), (squares / batches - mean ** 2).numpy()


def build_optimizer(name, learning_rate):
    if name == "adagrad":
        return optimizers.Adagrad(learning_rate=learning_rate)
    return optimizers.Adam(learning_rate=learning_rate)


def build_model(config, mean, variance):
    inputs = tf.keras.Input(shape=(6,))
    x = layers.Normalization(mean=mean, variance=variance)(inputs)
    x = layers.Dense(config.hidden, activation="relu", kernel_initializer="he_uniform")(x)
    x = layers.Dropout(config.dropout_fc)(x)
    outputs = layers.Dense(len(CLASS_NAMES), activation="softmax")(x)
    return models.Model(inputs, outputs)


def every_combination(parameters):
    """What an agent of a grid is given, one run after the other."""
    values = [choice.get("values", [choice.get("value")]) for choice in parameters.values()]
    for combination in itertools.product(*values):
        yield dict(zip(parameters, combination))


def train(config=None):
    with wandb.init(project="tissue", job_type="sweep", config=config):
        config = wandb.config
        tf.keras.backend.clear_session()
        tf.keras.utils.set_random_seed(11)

        train_dataset, valid_dataset = load_dataset(config.batch_size)
        mean, variance = get_mean_var(train_dataset)

        model = build_model(config, mean, variance)
        model.compile(
            optimizer=build_optimizer(config.optimizer, config.learning_rate),
            loss=losses.CategoricalCrossentropy(from_logits=False),
            metrics=[metrics.CategoricalAccuracy()],
        )

        early_stopping_fn = callbacks.EarlyStopping(monitor="val_loss", patience=7)

        model.fit(
            train_dataset,
            epochs=config.epochs,
            validation_data=valid_dataset,
            verbose=2,  # single line per epoch
            callbacks=[
                WandbCallback(monitor="val_loss", save_model=False, save_graph=False),
                early_stopping_fn,
            ],
        )


def main():
    if os.environ.get("TISSUE_AGENT"):
        sweep_id = wandb.sweep(sweep_config, project="tissue")
        wandb.agent(sweep_id, train, count=4)
        return
    for number, config in enumerate(every_combination(sweep_config["parameters"])):
        print("run", number, config)
        train(config)


if __name__ == "__main__":
    main()
