"""Train a small classifier of lesions. A class of its own sets everything up, W&B only where the configuration says so."""

import argparse
import logging
import os
from datetime import datetime

import numpy as np
import tensorflow as tf
from tensorflow import keras
import wandb

logging.basicConfig(level=logging.WARNING)
logger = logging.getLogger(__name__)

DEFAULTS = {
    "name": "lesions",
    "image_size": 8,
    "batch_size": 8,
    "epochs": 3,
    "learning_rate": 0.05,
    "use_wandb": True,
    "seed": 42,
}


class SensitivityAt95Specificity(keras.callbacks.Callback):
    """Sensitivity where 95 % of the healthy are called healthy."""

    def __init__(self, validation_data):
        super().__init__()
        self.x_val, self.y_val = validation_data

    def on_epoch_end(self, epoch, logs=None):
        scores = self.model.predict(self.x_val, verbose=0).ravel()
        healthy, ill = scores[self.y_val == 0], scores[self.y_val == 1]
        threshold = np.quantile(healthy, 0.95)
        sensitivity = float(np.mean(ill > threshold))
        logger.info("epoch %d: sensitivity %.3f", epoch, sensitivity)
        if wandb.run is not None:
            wandb.log({"sensitivity_at_95": sensitivity}, commit=False)


class LesionTrainer:
    def __init__(self, config):
        self.config = config
        self.model = None
        self.history = None
        self.data = {}
        self.output_dir = "experiments"
        os.makedirs(self.output_dir, exist_ok=True)
        tf.keras.utils.set_random_seed(config["seed"])

        if self.config['use_wandb']:
            wandb.init(
                project="lesions",
                name=f"{config['name']}",
                config=config,
                tags=["baseline"],
            )

    def load_data(self):
        rng = np.random.default_rng(self.config["seed"])
        size = self.config["image_size"]
        x = rng.random((48, size, size, 1)).astype("float32")
        y = (x.mean(axis=(1, 2, 3)) > 0.5).astype("float32")
        self.data = {"X_train": x[:32], "y_train": y[:32], "X_val": x[32:], "y_val": y[32:]}

    def build_model(self):
        size = self.config["image_size"]
        self.model = keras.Sequential([
            keras.layers.Input(shape=(size, size, 1)),
            keras.layers.Conv2D(2, 3, activation="relu"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(1, activation="sigmoid"),
        ])
        self.model.compile(
            optimizer=keras.optimizers.SGD(learning_rate=self.config["learning_rate"]),
            loss="binary_crossentropy",
            metrics=["accuracy", keras.metrics.AUC(name="auc")],
        )

    def setup_callbacks(self):
        """Setup training callbacks"""
        callbacks = []

        # Model checkpointing
        checkpoint = keras.callbacks.ModelCheckpoint(
            filepath=os.path.join(self.output_dir, 'best.weights.h5'),
            monitor='val_auc',
            save_best_only=True,
            save_weights_only=True,
            mode='max',
            verbose=0
        )
        callbacks.append(checkpoint)

        # Learning rate reduction
        lr_scheduler = keras.callbacks.ReduceLROnPlateau(
            monitor='val_loss',
            factor=0.5,
            patience=5,
            min_lr=1e-7,
            verbose=0
        )
        callbacks.append(lr_scheduler)

        # Custom sensitivity callback
        sensitivity_callback = SensitivityAt95Specificity(
            validation_data=(self.data['X_val'], self.data['y_val'])
        )
        callbacks.append(sensitivity_callback)

        # Weights & Biases callback
        if self.config['use_wandb']:
            wandb_callback = wandb.keras.WandbCallback(
                save_model=False,
                monitor='val_auc'
            )
            callbacks.append(wandb_callback)

        return callbacks

    def train(self):
        """Train the model"""
        logger.info("Starting training at %s", datetime.now())

        callbacks = self.setup_callbacks()

        self.history = self.model.fit(
            self.data['X_train'],
            self.data['y_train'],
            batch_size=self.config['batch_size'],
            epochs=self.config['epochs'],
            validation_data=(self.data['X_val'], self.data['y_val']),
            callbacks=callbacks,
            shuffle=False,
            verbose=2
        )

        logger.info("Training completed")

    def evaluate(self):
        self.model.load_weights(os.path.join(self.output_dir, 'best.weights.h5'))
        names = ["loss", "accuracy", "auc"]
        results = dict(zip(names, self.model.evaluate(self.data["X_val"], self.data["y_val"], verbose=0)))
        for name, value in results.items():
            print(f"{name}: {value:.4f}")
        if self.config['use_wandb']:
            wandb.log({f"final_{name}": value for name, value in results.items()})
            wandb.finish()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=DEFAULTS["epochs"])
    parser.add_argument("--no-wandb", action="store_true")
    args = parser.parse_args()

    config = {**DEFAULTS, "epochs": args.epochs, "use_wandb": not args.no_wandb}
    trainer = LesionTrainer(config)
    trainer.load_data()
    trainer.build_model()
    trainer.train()
    trainer.evaluate()


if __name__ == "__main__":
    main()
