"""A class that trains: its settings in a dataclass, a learning rate schedule, callbacks appended one by one in a method that returns them."""
from __future__ import annotations

import json
import math
import os
from dataclasses import asdict, dataclass
from typing import List, Optional, Tuple

import numpy as np
import tensorflow as tf
from tensorflow.keras import layers
from tensorflow.keras.callbacks import Callback, EarlyStopping, LearningRateScheduler
from tensorflow.keras.optimizers import Adam

import wandb
from wandb.keras import WandbCallback, WandbModelCheckpoint


@dataclass
class TrainConfig:
    image_size: int = 8
    num_classes: int = 3
    epochs: int = 3
    batch_size: int = 10
    lr: float = 0.01
    decay: Tuple[str, float] = ("step", 0.5)
    frozen_layers: Optional[Tuple[int, int]] = None
    loss: str = "categorical_crossentropy"
    save: str = "plants"


class Training(object):
    """ Training Class for Models """

    def __init__(self, config: TrainConfig, log_wandb: bool = True):
        self.config = config
        self.log_wandb = log_wandb
        self.model = self.build()
        self.history = None

    ###
    # Model
    ###

    def build(self) -> tf.keras.Model:
        size = self.config.image_size
        inputs = tf.keras.Input((size, size, 3), name="leaf")
        x = layers.Conv2D(4, 3, padding="same", use_bias=False, name="stem_conv")(inputs)
        x = layers.BatchNormalization(name="stem_bn")(x)
        x = layers.ReLU(name="stem_relu")(x)
        shortcut = x
        x = layers.DepthwiseConv2D(3, padding="same", name="block_depthwise")(x)
        x = layers.Add(name="block_add")([x, shortcut])
        x = layers.GlobalAveragePooling2D(name="pool")(x)
        outputs = layers.Dense(self.config.num_classes, activation="softmax", name="probs")(x)
        return tf.keras.Model(inputs, outputs, name="plants")

    def freeze(self, frozen_layers: Tuple[int, int]):
        first, last = frozen_layers
        for layer in self.model.layers[first:last]:
            layer.trainable = False

    ###
    # Training
    ###

    def training_scheduler(self, epoch: int, lr: float) -> float:
        """ Learning Rate scheduler for full-training
            epoch : epoch number
            lr    : current learning rate
        """
        # First epoch (not started) - do nothing
        if epoch == 0:
            return float(lr)
        kind, rate = self.config.decay
        if kind == "step":
            return self.config.lr * rate ** epoch
        if kind == "exp":
            return self.config.lr * math.exp(-rate * epoch)
        return float(lr)

    def get_callbacks(self, lr_schedule: bool = True) -> List[Callback]:
        callbacks: List[Callback] = []
        if lr_schedule:
            callbacks.append(LearningRateScheduler(self.training_scheduler, verbose=0))
        callbacks.append(EarlyStopping(monitor="val_loss",
                                       patience=5,
                                       verbose=1,
                                       restore_best_weights=True))

        if self.log_wandb:
            callbacks.append(WandbCallback(save_model=False,
                                           monitor="val_loss"))
            # weights of each epoch, to go on from later
            callbacks.append(WandbModelCheckpoint(os.path.join(self.config.save, "weights-{epoch:02d}"), save_weights_only=True))

        return callbacks

    def get_metrics(self) -> list:
        return ["acc", tf.keras.metrics.Recall(name="recall"), tf.keras.metrics.Precision(name="precision")]

    def training(self, x_train, y_train, validation_data=None):
        """ Full Training of the Model """
        print("\n*** Full Training")
        os.makedirs(self.config.save, exist_ok=True)
        if self.config.frozen_layers is not None:
            self.freeze(self.config.frozen_layers)

        self.model.compile(optimizer=Adam(learning_rate=self.config.lr), loss=self.config.loss, metrics=self.get_metrics())

        if wandb.run:
            wandb.run.config.update(dict(decay=str(self.config.decay), parameters=self.model.count_params()),
                                    allow_val_change=True)

        result = self.model.fit(x_train,
                                y_train,
                                epochs=self.config.epochs,
                                validation_data=validation_data,
                                batch_size=self.config.batch_size,
                                verbose=0,
                                callbacks=self.get_callbacks())
        self.history = {name: [float(value) for value in values] for name, values in result.history.items()}
        with open(os.path.join(self.config.save, "train.json"), "w") as f:
            json.dump({"epochs": self.config.epochs, "val_loss": self.history["val_loss"]}, f)
        return self.history

    def evaluate(self, x_test, y_test):
        print("\n*** Evaluation")
        return self.model.evaluate(x_test, y_test, verbose=0, return_dict=True)


def leaves(number: int, config: TrainConfig, seed: int):
    rng = np.random.default_rng(seed)
    kinds = np.arange(number) % config.num_classes
    x = rng.random((number, config.image_size, config.image_size, 3)).astype("float32") * 0.4
    x[np.arange(number), :, :, kinds] += 0.5
    return x, tf.keras.utils.to_categorical(kinds, config.num_classes)


def main():
    tf.keras.utils.set_random_seed(2)
    config = TrainConfig()
    wandb.init(project="plants", group="resnet", job_type="full", config=asdict(config))
    trainer = Training(config)
    trainer.training(*leaves(60, config, 0), validation_data=leaves(24, config, 1))
    for name, value in sorted(trainer.evaluate(*leaves(24, config, 2)).items()):
        wandb.run.summary["test_" + name] = round(float(value), 4)
    wandb.finish()


if __name__ == "__main__":
    main()
