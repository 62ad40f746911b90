"""
Utility module of an experiment: the callback is subclassed
===========================================================

A class of its own declares the arguments anew, sets attributes of the parent and overrides ``on_epoch_end``.
"""
import os
from os.path import join

import numpy as np
import tensorflow as tf
import wandb
import wandb.keras
from sklearn.metrics import confusion_matrix
from tensorflow.keras.callbacks import EarlyStopping, ModelCheckpoint

__all__ = ["setup_experiment", "setup_callbacks", "ConfusionCallback"]

CONFIG = {
    "experiment": {"name": "galaxies", "notes": "three shapes", "tags": ["subclass"]},
    "model": {"hyperparameters": {"filters": 4, "dropout": 0.1}},
    "training": {
        "epochs": 3,
        "batch_size": 8,
        "callbacks": {
            "enable_wandb": True,
            "earlystop": {"monitor": "val_loss", "patience": 15},
            "checkpoints": {"format": "weights.{epoch:03d}.weights.h5", "save_weights_only": True, "monitor": "val_loss"},
        },
    },
}
LABELS = ["spiral", "elliptic", "irregular"]


def setup_experiment(experiment_config):
    wandb.init(
        project="galaxies",
        name=experiment_config["experiment"]["name"],
        notes=experiment_config["experiment"]["notes"],
        tags=experiment_config["experiment"]["tags"],
        job_type="training",
        config=experiment_config,
    )
    return wandb.run.dir


def setup_callbacks(validation_data, validation_steps, model_name, enable_wandb, labels=None,
                    earlystop=None, checkpoints=None, run_dir="."):
    """
    Callbacks configuration:
        # Early stop, use null to disable.
        earlystop:
            patience: 15
            monitor: val_loss
        # Save checkpoints
        checkpoints:
            format: "weights.{epoch:03d}.weights.h5"
            save_weights_only: true
    """
    callbacks = []
    if enable_wandb:
        callbacks.append(
            ConfusionCallback(
                generator=validation_data,
                validation_steps=validation_steps,
                model_name=model_name,
                labels=labels,
            )
        )
    if checkpoints is not None:
        checkpoints = dict(checkpoints)
        os.makedirs(join(run_dir, "checkpoints"), exist_ok=True)
        filepath = join(run_dir, "checkpoints", checkpoints.pop("format"))
        callbacks.append(ModelCheckpoint(filepath, **checkpoints))
    if earlystop is not None:
        callbacks.append(EarlyStopping(**earlystop))
    return callbacks


class ConfusionCallback(wandb.keras.WandbCallback):
    """
    WandbCallback extension for extra plots and summaries.
    """

    def __init__(self, generator, validation_steps, model_name,
                 monitor="val_loss", verbose=0, mode="auto",
                 save_weights_only=True, log_weights=True, log_gradients=False,
                 save_model=True, training_data=None, validation_data=None,
                 labels=None, data_type=None, predictions=12, input_type="image",
                 output_type="label", log_evaluation=False, class_colors=None,
                 log_batch_frequency=None, log_best_prefix="best_",
                 log_confusion_matrix=True):
        super().__init__(monitor=monitor,
                         verbose=verbose,
                         mode=mode,
                         save_weights_only=save_weights_only,
                         log_weights=log_weights,
                         log_gradients=log_gradients,
                         save_model=save_model,
                         training_data=training_data,
                         validation_data=validation_data,
                         labels=labels,
                         data_type=data_type,
                         predictions=predictions,
                         input_type=input_type,
                         output_type=output_type,
                         log_evaluation=log_evaluation,
                         validation_steps=validation_steps,
                         class_colors=class_colors,
                         log_batch_frequency=log_batch_frequency,
                         log_best_prefix=log_best_prefix)
        self.model_name = model_name
        self.validation_data = self.setup_validation_data(generator, validation_steps)

        # flags
        self.log_confusion_matrix = log_confusion_matrix

    def setup_validation_data(self, generator, validation_steps):
        batches = [(np.array(x), np.array(y)) for x, y in generator.take(validation_steps)]
        return tuple(np.concatenate(part) for part in zip(*batches))

    def on_epoch_end(self, epoch, logs={}):
        if self.log_confusion_matrix:
            x_true, y_true = self.validation_data
            y_pred = self.model.predict(x_true, verbose=0)
            wandb.log(self._log_confusion(np.argmax(y_true, axis=1), y_pred.argmax(axis=1)), commit=False)
            wandb.log({self.model_name + "/mean_confidence": float(y_pred.max(axis=1).mean())}, commit=False)
        super().on_epoch_end(epoch, logs)

    def _log_confusion(self, y_true, y_pred):
        matrix = confusion_matrix(y_true, y_pred, labels=range(len(LABELS)))
        rows = [[actual, predicted, int(matrix[i, j])]
                for i, actual in enumerate(LABELS) for j, predicted in enumerate(LABELS)]
        return {
            "Confusion Matrix": wandb.Table(columns=["actual", "predicted", "count"], data=rows),
            "balanced_accuracy": float(np.mean(np.diag(matrix) / np.maximum(matrix.sum(axis=1), 1))),
        }


def galaxies(number, seed, batch_size):
    rng = np.random.default_rng(seed)
    kinds = np.arange(number) % len(LABELS)
    x = rng.uniform(0, 0.3, size=(number, 10, 10, 1)).astype("float32")
    x[kinds == 0, 4:6] += 0.6
    x[kinds == 1, 3:7, 3:7] += 0.6
    y = np.eye(len(LABELS), dtype="float32")[kinds]
    return tf.data.Dataset.from_tensor_slices((x, y)).batch(batch_size)


def build(filters, dropout):
    model = tf.keras.Sequential([
        tf.keras.layers.Conv2D(filters, 3, activation="relu", input_shape=(10, 10, 1)),
        tf.keras.layers.GlobalMaxPooling2D(),
        tf.keras.layers.Dropout(dropout),
        tf.keras.layers.Dense(len(LABELS), activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


if __name__ == "__main__":
    tf.keras.utils.set_random_seed(1234)
    run_dir = setup_experiment(CONFIG)
    training = CONFIG["training"]
    train_ds = galaxies(48, 0, training["batch_size"])
    val_ds = galaxies(24, 1, training["batch_size"])
    model = build(**CONFIG["model"]["hyperparameters"])
    model.fit(
        train_ds,
        validation_data=val_ds,
        epochs=training["epochs"],
        verbose=0,
        callbacks=setup_callbacks(val_ds, 3, "cnn", labels=LABELS, run_dir=".", **training["callbacks"]),
    )
    print("saved beside the run:", sorted(os.listdir("checkpoints")))
