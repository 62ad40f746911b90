"""Classify handwritten digits with a small convolutional net, everything tracked by one WandbCallback.

The data are the 1797 real 8x8 images that come with scikit-learn.
"""

import argparse

import keras
import numpy as np
import wandb
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from wandb.keras import WandbCallback

CLASS_NAMES = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--epochs", type=int, default=5)
parser.add_argument("--batch-size", type=int, default=32)
parser.add_argument("--learning-rate", type=float, default=2e-3)
parser.add_argument("--dropout", type=float, default=0.3)
args = parser.parse_args()


def load_data():
    digits = load_digits()
    images = (digits.images[..., np.newaxis] / 16.0).astype("float32")
    labels = keras.utils.to_categorical(digits.target, len(CLASS_NAMES))
    return train_test_split(
        images, labels, test_size=0.2, random_state=42, stratify=digits.target
    )


def build_model(config):
    model = keras.Sequential(
        [
            keras.layers.Conv2D(16, 3, padding="same", input_shape=(8, 8, 1), name="conv_1"),
            keras.layers.BatchNormalization(name="norm_1"),
            keras.layers.Activation("relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(32, 3, padding="same", activation="relu", name="conv_2"),
            keras.layers.Flatten(),
            keras.layers.Dropout(config.dropout),
            keras.layers.Dense(len(CLASS_NAMES), activation="softmax", name="scores"),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=config.learning_rate),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


wandb.init(project="digits", config=vars(args))
config = wandb.config

x_train, x_test, y_train, y_test = load_data()
model = build_model(config)
model.summary()

model.fit(
    x_train,
    y_train,
    batch_size=config.batch_size,
    epochs=config.epochs,
    validation_data=(x_test, y_test),
    callbacks=[
        WandbCallback(
            monitor="val_accuracy",
            training_data=(x_train, y_train),
            validation_data=(x_test, y_test),
            input_type="image",
            output_type="label",
            labels=CLASS_NAMES,
            predictions=24,
            log_weights=True,
            log_gradients=True,
            log_evaluation=True,
            log_evaluation_frequency=2,
            compute_flops=True,
            save_model=True,
        )
    ],
)

loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"test loss {loss:.3f}, test accuracy {accuracy:.3f}")
