#!/usr/bin/env python
# coding=utf-8
"""argparse and config: the import where it is needed, a list of callbacks that a flag decides on, the class by its integration path."""
import argparse
import os

import numpy as np
import tensorflow as tf
import wandb
from tensorflow.keras import optimizers
from tensorflow.keras.callbacks import EarlyStopping, ReduceLROnPlateau
from tensorflow.keras.layers import Activation, BatchNormalization, Conv2D, Dense, Dropout, Flatten, MaxPool2D
from tensorflow.keras.models import Sequential
from tensorflow.keras.utils import to_categorical

CLASSES = ["cat", "dog", "rabbit"]


def make_pets(rng, number, size):
    """Each kind of pet has fur of its own: plain, striped, spotted."""
    y = np.arange(number) % len(CLASSES)
    x = rng.uniform(0.0, 0.3, size=(number, size, size, 3)).astype("float32")
    for picture, kind in zip(x, y):
        if kind == 0:
            picture += 0.4
        elif kind == 1:
            picture[::2] += 0.6
        else:
            picture[::3, ::3] += 0.7
    return x, y


def define_model(size, dropout):
    model = Sequential()
    model.add(Conv2D(4, (3, 3), padding="same", input_shape=(size, size, 3)))
    model.add(BatchNormalization())
    model.add(Activation("relu"))
    model.add(MaxPool2D(pool_size=(2, 2)))
    model.add(Dropout(dropout))
    model.add(Conv2D(8, (3, 3), padding="same"))
    model.add(BatchNormalization())
    model.add(Activation("relu"))
    model.add(MaxPool2D(pool_size=(2, 2)))
    model.add(Flatten())
    model.add(Dense(len(CLASSES), activation="softmax"))
    return model


def main():
    if not args.debug:
        from wandb.integration.keras import WandbCallback
        wandb.init(project="pets", name=args.exp_name, config=vars(args))

    rng = np.random.default_rng(args.seed)
    x_train, y_train = make_pets(rng, 48, args.size)
    x_val, y_val = make_pets(rng, 18, args.size)
    x_test, y_test = make_pets(rng, 18, args.size)

    # Transform labels to one hot encoding
    y_train, y_val, y_test = (to_categorical(y, len(CLASSES)) for y in (y_train, y_val, y_test))

    model = define_model(args.size, args.dropout)
    model.compile(loss="categorical_crossentropy",
                  optimizer=optimizers.RMSprop(learning_rate=args.lr),
                  metrics=["acc"])

    callbacks = [WandbCallback(monitor="val_acc", input_type="image", labels=CLASSES, predictions=6)] if not args.debug else []
    callbacks += [
        EarlyStopping(monitor="val_loss", patience=3),
        ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=1),
    ]
    history = model.fit(x_train, y_train,
                        batch_size=args.batch_size,
                        epochs=args.num_epochs,
                        callbacks=callbacks,
                        validation_data=(x_val, y_val),
                        verbose=2)

    scores = model.evaluate(x_test, y_test, verbose=0)
    print("epochs:", len(history.history["loss"]), "scores:", [round(float(score), 3) for score in scores])
    if not args.debug:
        wandb.log({"test_acc": scores[1]})


if __name__ == "__main__":
    arg_parse = argparse.ArgumentParser()
    arg_parse.add_argument("--exp_name", type=str, default="baseline")
    arg_parse.add_argument("--debug", action="store_true", help="train without logging")
    arg_parse.add_argument("--num_epochs", type=int, default=3)
    arg_parse.add_argument("--batch_size", type=int, default=16)
    arg_parse.add_argument("--size", type=int, default=12)
    arg_parse.add_argument("--dropout", type=float, default=0.1)
    arg_parse.add_argument("--lr", type=float, default=1e-3)
    arg_parse.add_argument("--seed", type=int, default=7)
    args = arg_parse.parse_args()

    os.environ["PYTHONHASHSEED"] = str(args.seed)
    tf.keras.utils.set_random_seed(args.seed)

    main()
