import random

import keras
import numpy as np
import tensorflow as tf
import wandb
from keras.models import Sequential
from keras.utils.vis_utils import plot_model
from tensorflow.keras.callbacks import EarlyStopping
from tensorflow.keras.layers import Dense, Dropout
from tensorflow.keras.optimizers import Adam
from wandb.keras import WandbCallback

random.seed(30)
np.random.seed(30)
tf.random.set_seed(30)

config = {"learning_rate": 0.01, "epochs": 3, "batch_size": 16}
wandb.init(project="tabular", config=config)

X = np.random.rand(100, 7)
y = (X @ np.arange(7) > 10).astype("float32")

model = Sequential()
model.add(Dense(9, activation="relu", input_shape=(7,)))
model.add(keras.layers.Dense(5, activation="relu"))
model.add(Dense(1, activation="sigmoid"))
model.compile(optimizer=Adam(learning_rate=config["learning_rate"]), loss=tf.keras.losses.BinaryCrossentropy(), metrics=["accuracy", tf.keras.metrics.AUC(name="auc")])
try:
    plot_model(model, to_file="model.png", show_shapes=True)
except ImportError:
    print("no graphviz here")

model.fit(X, y, validation_split=0.25, epochs=config["epochs"], batch_size=config["batch_size"], callbacks=[EarlyStopping(patience=4), WandbCallback()])
