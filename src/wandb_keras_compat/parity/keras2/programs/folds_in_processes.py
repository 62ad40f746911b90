"""Cross validation: each fold in a process of its own, so that its memory is given back."""
import argparse
import os
import random
import subprocess
import sys

import numpy as np

FOLDS = 2


def run_fold(fold):
    import tensorflow as tf
    import wandb
    from keras.layers.core import Dense
    from keras.models import Sequential
    from keras.utils import np_utils
    from wandb.keras import WandbCallback

    random.seed(32)
    np.random.seed(32)
    tf.random.set_seed(32)
    wandb.init(project="folds", group="cross-validation", name="fold-%d" % fold, config={"fold": fold})

    x = np.random.rand(60, 4)
    y = np_utils.to_categorical((x[:, 0] > x[:, 1]).astype(int))
    held_out = np.arange(60) % FOLDS == fold

    model = Sequential()
    model.add(Dense(6, activation="relu", input_dim=4))
    model.add(Dense(2, activation="softmax"))
    model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    model.fit(x[~held_out], y[~held_out], epochs=2, verbose=2, validation_data=(x[held_out], y[held_out]), callbacks=[WandbCallback()])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--fold", type=int, default=None)
    args = parser.parse_args()
    if args.fold is not None:
        run_fold(args.fold)
    else:
        for fold in range(FOLDS):
            subprocess.check_call([sys.executable, os.path.abspath(__file__), "--fold", str(fold)])
