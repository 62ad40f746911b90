# House prices from two kinds of columns, merged.
import random

import numpy as np
import tensorflow as tf
import wandb
from keras.layers import Dense, Flatten, Input
from keras.layers.embeddings import Embedding
from keras.layers.merge import add, concatenate
from keras.models import Model
from keras.optimizers import Nadam
from wandb.keras import WandbCallback

random.seed(15)
np.random.seed(15)
tf.random.set_seed(15)

hyperparameter_defaults = dict(lr=0.01, units=6, epochs=2, batch_size=16)
wandb.init(project="houses", config=hyperparameter_defaults)
config = wandb.config

n = 80
district = np.random.randint(0, 5, size=(n, 1))
numbers = np.random.rand(n, 3).astype("float32")
price = (numbers.sum(axis=1) + 0.3 * district[:, 0]).astype("float32")

district_in = Input(shape=(1,), name="district")
numbers_in = Input(shape=(3,), name="numbers")
e = Flatten()(Embedding(5, 2, name="district_vectors")(district_in))
x = concatenate([e, numbers_in])
x = Dense(config.units, activation="relu")(x)
shortcut = Dense(config.units)(numbers_in)
x = add([x, shortcut])
out = Dense(1)(x)
model = Model(inputs=[district_in, numbers_in], outputs=out)
model.compile(optimizer=Nadam(lr=config.lr), loss="mean_absolute_error")

model.fit([district[:60], numbers[:60]], price[:60], batch_size=config.batch_size, epochs=config.epochs,
          validation_data=([district[60:], numbers[60:]], price[60:]),
          callbacks=[WandbCallback()])
